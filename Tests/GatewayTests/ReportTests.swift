import Access
import Bytes
import Crypto
import EventLoop
import Gateway
import HTTP
import Incidents
import Store
import Testing

@ClientLoop @Suite("Reports")
struct ReportTests {
  private let town: Town

  init() async throws { town = try await Town(isRaised: true) }

  /// A P1 with a finished review.
  private func reviewed() async -> String {
    let id = await town.declare()
    let path = "/v1/incidents/\(id)"
    for (step, body) in [
      ("acknowledgement", ""), ("priority", #"{"priority":"P1","confirm":true}"#),
      ("notes", #"{"type":"finding","text":"Xanthippe holds the key hunter2."}"#),
      ("resolution", #"{"fix":"Renewed it.","takeLead":true}"#), ("review", Plot.review),
    ] {
      await town.done(.post, "\(path)/\(step)", body)
    }
    return path
  }

  /// Keeps what is due, as whoever leads does.
  private func keep() async throws -> Int {
    var kept = 0
    while let action = try town.cluster.makeReader().read({ reader throws(StoreError) in
      try ReportKeeping.due(from: reader)
    }) {
      let command = Command(
        actor: .system, receivedAt: Clock.now(), salt: secureRandom(Bound.salt), action: action)
      _ = await town.cluster.submit(command.encoded())
      kept += 1
      if kept > 9 { break }
    }
    return kept
  }

  @Test func `are a page, a text or a document`() async throws {
    let path = await reviewed() + "/report"
    let page = await town.ask(.get, path + "?format=html")
    #expect(page["Content-Type"] == "text/html; charset=utf-8")
    let policy = try #require(page["Content-Security-Policy"])
    #expect(
      policy.hasPrefix("default-src 'none'; style-src 'sha256-") && policy.contains("sandbox"))
    let style = try #require(
      page.text.split(separator: "<style>").last?.split(separator: "</").first)
    let hash = Base64.encode(SHA256.hash(Array(style.utf8)))
    #expect(policy.contains("'sha256-\(hash)='"))
    #expect(await town.ask(.get, path, accept: "text/html").text.hasPrefix("<!DOCTYPE html>"))
    #expect(await town.ask(.get, path + "?format=markdown").text.hasPrefix("# INC-"))
    let document = await town.ask(.get, path)
    #expect(document.has(#""section":"glance","title":"At a glance""#))
    #expect(document["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
    #expect(await town.ask(.get, path + "?format=pdf").status == 400)
  }

  @Test func `tell an incident as it was`() async throws {
    let path = await reviewed()
    let timeline = await town.ask(.get, path + "/timeline")
    let first = try #require(
      UInt64(
        timeline.text.split(separator: #""position":"#)[1].prefix {
          $0.isNumber
        }))
    let past = await town.ask(.get, "\(path)?asOf=\(first)")
    #expect(past.text("status") == "open" && past["ETag"] == nil)
    #expect(past.has(#""asOf":{"position":\#(first),"#) && past.has(#""names":"current"}"#))
    #expect(await town.ask(.get, path).text("status") == "in-review")
    let then = await town.ask(.get, "\(path)/timeline?asOf=\(first)")
    #expect(then.text.split(separator: #""kind":"#).count == 2)
    let report = await town.ask(.get, "\(path)/report?asOf=\(first)&format=markdown")
    #expect(report.has("ledger position \(first)") && !report.has("hunter2"))
    let now = Timestamp.format(Clock.now())
    #expect(await town.ask(.get, "\(path)?asOf=\(now)").text("status") == "in-review")
    #expect(await town.ask(.get, "\(path)?asOf=\(first - 1)").status == 404)
    #expect(await town.ask(.get, "\(path)?asOf=1999-01-01T00:00:00Z").status == 404)
    for never in ["999999", "2999-01-01T00:00:00Z", "soon"] {
      #expect(await town.ask(.get, "\(path)?asOf=\(never)").status == 400, "\(never)")
    }
  }

  @Test func `are kept byte for byte once a review is finished`() async throws {
    let path = await reviewed()
    let versions = path + "/report/versions"
    #expect(await town.ask(.get, versions).has(#""items":[],"pending":true"#))
    let early = await town.ask(.get, versions + "/1")
    #expect(early.status == 404 && early.has("is being written: ask again in a second"))
    #expect(early["Retry-After"] == "1")
    #expect(!(await town.ask(.get, versions + "/2")).has("being written"))
    #expect(try await keep() == 1)
    let kept = await town.ask(.get, versions + "/1")
    #expect(kept.status == 200 && kept["Content-Type"] == "application/json")
    #expect(kept.has(#"{"version":"1","incident":"#) && kept.has("Nobody renewed it."))
    let list = await town.ask(.get, versions)
    #expect(list.text("sha256") == Hex.encode(SHA256.hash(kept.response.body)))
    #expect(list.has(#""by":{"id":"#) && list.text("name") == "Ana")
    #expect(list.has(#""pending":false"#))

    // What is said later, and a template that is changed later, change nothing of it.
    await town.done(.post, path + "/notes", #"{"text":"Later."}"#)
    await town.done(
      .post, "/v1/settings", #"{"reportTemplate":{"sections":[{"section":"cause"}]}}"#)
    #expect(await town.ask(.get, versions + "/1").response.body == kept.response.body)
    await town.done(.post, path + "/review", Plot.review)
    #expect(try await keep() == 1)
    #expect(await town.ask(.get, versions + "/1").response.body == kept.response.body)
    let second = await town.ask(.get, versions + "/2")
    #expect(second.has(#""section":"cause""#) && !second.has(#""section":"glance""#))
    for absent in ["0", "3", "r1", "01", "x"] {
      #expect(await town.ask(.get, "\(versions)/\(absent)").status == 404, "\(absent)")
    }
  }

  @Test func `can be kept without something`() async throws {
    let path = await reviewed()
    let target = path + "/report/redactions"
    for format in ["html", "markdown", "json"] {
      let made = await town.ask(
        .post, target,
        #"{"format":"\#(format)","redactions":[{"pattern":"XANTHIPPE","reason":"Personal."},"#
          + #"{"words":"hunter2","reason":"A secret."}]}"#)
      #expect(made.status == 200, "\(made.text)")
      let version = made.text("redaction")
      let kept = await town.ask(.get, "\(path)/report/versions/\(version)")
      #expect(kept.text("sha256") == "" && kept.has("Personal.") && kept.has("A secret."))
      #expect(!kept.text.lowercased().contains("xanthippe") && !kept.has("hunter2"))
      #expect(Hex.encode(SHA256.hash(kept.response.body)) == made.text("sha256"))
    }
    let list = await town.ask(.get, path + "/report/versions")
    #expect(list.text.split(separator: #""version":"r"#).count == 4)
    #expect(list.has(#"{"withheld":"pattern","place":null,"reason":"Personal."}"#))
    #expect(!list.text.lowercased().contains("xanthippe"))
    // Nor is it in what the ledger says of it.
    let told = await town.ask(.get, path + "/timeline")
    #expect(told.has("made redacted version r3 of the report: 2 things are withheld."))

    for (body, member) in [
      (#"{"redactions":[]}"#, "/redactions"),
      (#"{"redactions":[{"pattern":"Xanthippe","reason":"It is xanthippe."}]}"#, "/redactions/0"),
      (#"{"redactions":[{"entry":1,"reason":"r"}]}"#, "/redactions/0"),
      (#"{"redactions":[{"field":"nothing","reason":"r"}]}"#, "/redactions/0"),
      (#"{"redactions":[{"person":"no@example.org","reason":"r"}]}"#, "/redactions/0/person"),
      (#"{"redactions":[{"reason":"r"}]}"#, "/redactions/0"),
    ] {
      let refused = await town.ask(.post, target, body)
      #expect(refused.status == 422, "\(body): \(refused.text)")
      #expect(refused.text("member") == member, "\(body): \(refused.text)")
    }
  }

  @Test func `need no review that was waived`() async throws {
    let id = await town.declare()
    let path = "/v1/incidents/\(id)"
    await town.done(.post, path + "/priority", #"{"priority":"P1","confirm":true}"#)
    await town.done(.post, path + "/resolution", #"{"fix":"x","takeLead":true}"#)
    for body in [
      #"{"reason":"bored"}"#, #"{"reason":"covered"}"#, #"{"reason":"never-major"}"#,
      #"{"reason":"false-alarm","by":"\#(id)"}"#, #"{"reason":"covered","by":"\#(id)"}"#,
    ] {
      let refused = await town.ask(.post, path + "/review/waiver", body)
      #expect(refused.status == 422, "\(refused.text)")
    }
    await town.done(.post, path + "/review/waiver", #"{"reason":"false-alarm"}"#)
    let shown = await town.ask(.get, path)
    #expect(shown.has(#""waived":{"reason":"false-alarm","#))
    await town.done(.post, path + "/closure")
    let again = await town.ask(.post, path + "/review/waiver", #"{"reason":"false-alarm"}"#)
    #expect(again.text("type") == "/rule/already-over")
  }

  @Test func `are made of the department's sections`() async throws {
    let standard = await town.ask(.get, "/v1/settings")
    #expect(standard.has(#""reportTemplate":{"sections":[{"section":"assessment","#))
    for (body, status) in [
      (#"{"reportTemplate":{"sections":[]}}"#, 422),
      (#"{"reportTemplate":{"sections":[{"section":"weather"}]}}"#, 422),
      (#"{"reportTemplate":{"sections":[{"section":"fix"},{"section":"fix"}]}}"#, 422),
      (#"{"reportTemplate":{"sections":[{"section":"fix","title":"Mend","help":"How?"}]}}"#, 200),
    ] {
      let reply = await town.ask(.post, "/v1/settings", body)
      #expect(reply.status == status, "\(body): \(reply.text)")
    }
    let id = await town.declare()
    let report = await town.ask(.get, "/v1/incidents/\(id)/report?format=markdown")
    #expect(report.has("## Mend\n\n*Nothing yet. How?*") && !report.has("At a glance"))
  }
}
