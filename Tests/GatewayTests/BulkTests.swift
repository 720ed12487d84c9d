import Access
import Bytes
import EventLoop
import Gateway
import HTTP
import JSON
import Testing

/// Several incidents in one request.
@ClientLoop @Suite("Several at once", .serialized)
struct BulkTests {
  private static let absent = "00000000-0000-7000-8000-000000000000"

  private func declare(_ cast: Cast, _ priority: String) async -> String {
    await cast.town.declare(
      #"{"title":"Nobody can pay","service":"payments","priority":"\#(priority)"}"#)
  }

  private func body(_ incidents: [String], _ more: String = "") -> String {
    let list = incidents.map { "\"\($0)\"" }.joined(separator: ",")
    return "{\"incidents\":[\(list)]\(more)}"
  }

  /// What came of each, in order.
  private func outcomes(_ reply: Reply) throws -> [String] {
    let answer = try JSONValue(parsing: reply.response.body)
    guard case .array(let items)? = answer.member("result")?.member("items")?.kind else {
      return []
    }
    return items.map { item in
      guard case .string(let word)? = item.member("outcome")?.kind else { return "?" }
      return word
    }
  }

  @Test func `are acknowledged, but no P1 or P2`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let calm = [await declare(cast, "P3"), await declare(cast, "P5")]
    let urgent = [await declare(cast, "P1"), await declare(cast, "P2")]
    let reply = await town.ask(
      .post, "/v1/acknowledgements", body([calm[0], urgent[0], calm[1], urgent[1], Self.absent]),
      key: "all", token: cast[.second])
    #expect(reply.status == 200, "\(reply.text)")
    #expect(try outcomes(reply) == ["done", "skipped", "done", "skipped", "refused"])
    #expect(reply.has("/problem/one-by-one") && reply.has("is a P1. Whoever"))
    #expect(reply.has("/problem/not-found"))
    for id in calm {
      #expect(await town.ask(.get, "/v1/incidents/\(id)/timeline").has(#""kind":"acknowledged""#))
    }
    for id in urgent {
      let told = await town.ask(.get, "/v1/incidents/\(id)/timeline")
      #expect(!told.has(#""kind":"acknowledged""#))
    }

    // The same request again is the same, whatever happened meanwhile.
    await town.done(
      .post, "/v1/incidents/\(calm[0])/priority", #"{"priority":"P1","confirm":true}"#,
      by: cast[.delivery])
    let sent = town.cluster.commandsSubmitted
    let again = await town.ask(
      .post, "/v1/acknowledgements", body([calm[0], urgent[0], calm[1], urgent[1], Self.absent]),
      key: "all", token: cast[.second])
    #expect(try outcomes(again) == outcomes(reply))
    #expect(again.has(#""repeated":true"#))
    #expect(town.cluster.commandsSubmitted == sent)
    // And another request has another key.
    let other = await town.ask(
      .post, "/v1/acknowledgements", body(calm), key: "all", token: cast[.second])
    #expect(other.status == 422 && other.text("type") == "/problem/key-reused", "\(other.text)")
  }

  @Test func `are given to a person or a line, each by its own rules`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let ids = [await declare(cast, "P3"), await declare(cast, "P4")]
    for id in ids {
      await town.done(.post, "/v1/incidents/\(id)/acknowledgement", by: cast[.second])
    }
    let closed = await declare(cast, "P4")
    await town.done(
      .post, "/v1/incidents/\(closed)/cancellation", #"{"reason":"It was a test."}"#,
      by: cast[.delivery])
    let given = await town.ask(
      .post, "/v1/assignments",
      body(ids + [closed], #","person":"third@example.org","role":"technical-support""#),
      token: cast[.delivery])
    #expect(try outcomes(given) == ["done", "done", "refused"], "\(given.text)")
    // What one alone is told.
    let alone = await town.ask(
      .post, "/v1/incidents/\(closed)/roles",
      #"{"role":"technical-support","action":"give","person":"third@example.org"}"#,
      token: cast[.delivery])
    #expect(given.has(alone.text), "\(alone.text)")
    for id in ids {
      #expect(await town.ask(.get, "/v1/incidents/\(id)").has("third"))
    }
    let handed = await town.ask(
      .post, "/v1/assignments", body(ids, #","line":"third","reason":"It needs a developer.""#),
      token: cast[.second])
    #expect(try outcomes(handed) == ["done", "done"], "\(handed.text)")
    let unable = await town.ask(
      .post, "/v1/assignments", body(ids, #","person":"third@example.org""#),
      token: cast[.outsider])
    #expect(try outcomes(unable) == ["refused", "refused"])
    #expect(unable.has("/rule/right-missing"))
  }

  @Test func `say nothing of what is hidden from whoever asks`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let hidden = await declare(cast, "P3")
    await town.done(
      .post, "/v1/incidents/\(hidden)/flags", #"{"flag":"data"}"#, by: cast[.second])
    for (address, more) in [
      ("acknowledgements", ""), ("assignments", #","person":"second@example.org""#),
    ] {
      let one = await town.ask(
        .post, "/v1/\(address)", body([hidden], more), token: cast[.guest])
      let none = await town.ask(
        .post, "/v1/\(address)", body([Self.absent], more), token: cast[.guest])
      #expect(one.status == 200 && one.text("outcome") == "refused", "\(one.text)")
      #expect(one.text.replacing(hidden, with: Self.absent) == none.text)
    }
    // The record has it as it has one that is asked for alone.
    await town.api.noteAttempts()
    var record = await town.ask(.get, "/v1/audit?limit=200")
    var tried = 0
    while true {
      tried += record.text.split(separator: "\"kind\":31,").count - 1
      guard !record.text("next").isEmpty else { break }
      record = await town.ask(.get, "/v1/audit?limit=200&after=\(record.text("next"))")
    }
    #expect(tried == 2, "\(record.text)")
  }

  @Test func `are done as far as the time goes, and the rest with the same key`() async throws {
    let cast = try await Cast()
    let town = cast.town
    var ids: [String] = []
    for _ in 0..<4 { ids.append(await declare(cast, "P4")) }
    town.cluster.become(.tiring(after: 2))
    let half = await town.ask(
      .post, "/v1/acknowledgements", body(ids), key: "half", token: cast[.second])
    #expect(half.status == 200, "\(half.text)")
    #expect(try outcomes(half) == ["done", "done", "not-accepted", "not-accepted"])
    town.cluster.become(.willing)
    let whole = await town.ask(
      .post, "/v1/acknowledgements", body(ids), key: "half", token: cast[.second])
    #expect(try outcomes(whole) == ["done", "done", "done", "done"])
    town.cluster.become(.forgetful)
    let lost = await town.ask(
      .post, "/v1/acknowledgements", body([await declareWilling(cast)]), token: cast[.third])
    #expect(try outcomes(lost) == ["unknown"], "\(lost.text)")
    // Where nothing at all was begun, all of it is safe to be sent again.
    town.cluster.become(.leaderless)
    let none = await town.ask(.post, "/v1/acknowledgements", body(ids), token: cast[.third])
    #expect(none.status == 503)
  }

  private func declareWilling(_ cast: Cast) async -> String {
    cast.town.cluster.become(.willing)
    defer { cast.town.cluster.become(.forgetful) }
    return await declare(cast, "P4")
  }

  @Test(arguments: [
    ("{}", "/incidents"), (#"{"incidents":[]}"#, "/incidents"),
    (#"{"incidents":["☃"]}"#, "/incidents/0"), (#"{"incidents":[1]}"#, "/incidents/0"),
    (#"{"incidents":["INC-7K3QX-9M2TD","inc-7k3qx-9m2td"],"line":"third"}"#, "/incidents/1"),
    (#"{"incidents":["INC-7K3QX-9M2TD"],"line":"third","person":"second@example.org"}"#, "/person"),
    (#"{"incidents":["INC-7K3QX-9M2TD"],"line":"third","role":"lead"}"#, "/role"),
    (#"{"incidents":["INC-7K3QX-9M2TD"],"person":"second@example.org","reason":"x"}"#, "/reason"),
  ])
  func `are refused with the place of what is wrong`(body: String, member: String) async throws {
    let cast = try await Cast()
    let reply = await cast.town.ask(.post, "/v1/assignments", body)
    #expect([400, 422].contains(reply.status), "\(reply.text)")
    #expect(reply.text("member") == member || body == "{}", "\(reply.text)")
  }

  /// So many names of nothing.
  private func absent(_ count: UInt64) -> [String] {
    (1...count).map { "\(ID(high: 0xAB5E, low: $0))" }
  }

  @Test func `are at most a hundred`() async throws {
    let town = try await Town(isRaised: true)
    let most = await town.ask(
      .post, "/v1/acknowledgements", body(absent(100)))
    #expect(most.status == 200)
    let more = await town.ask(
      .post, "/v1/acknowledgements", body(absent(101)))
    #expect(more.status == 422 && more.text("member") == "/incidents", "\(more.text)")
  }

  /// Between the look and the command it becomes a P1: then it is passed over after all.
  @Test func `take no P1 that was none a moment ago`() async throws {
    let cast = try await Cast()
    let id = await declare(cast, "P3")
    let command = await cast.town.ask(
      .post, "/v1/incidents/\(id)/acknowledgement", token: cast[.second], ifMatch: "\"9\"")
    #expect(command.status == 412)
  }
}
