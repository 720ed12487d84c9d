import Access
import Bytes
import Crypto
import EventLoop
import Gateway
import HTTP
import Testing

/// A town with two who did not declare anything: one in the owning team as a member, one as its lead.
@ClientLoop private struct Street {
  let town: Town
  let stranger: Token
  let lead: Token

  init() async throws {
    town = try await Town()
    let team = await town.ask(.get, "/v1/teams").text("id")
    stranger = try await Street.person("ben", "member", of: team, in: town)
    lead = try await Street.person("cat", "team-lead", of: team, in: town)
  }

  private static func person(
    _ name: String, _ role: String, of team: String, in town: Town
  ) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"\#(name)","email":"\#(name)@example.org"}"#)
    let member = await town.ask(
      .post, "/v1/teams/\(team)/members",
      #"{"person":"\#(name)@example.org","role":"\#(role)"}"#)
    #expect(member.status == 200, "\(member.text)")
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    return try #require(Token(issued.text("token")))
  }

  /// An incident of the administrator's with the data flag, and one without.
  func declare() async -> (secret: String, plain: String) {
    let plain = await town.declare()
    let secret = await town.declare(#"{"title":"A laptop was lost","priority":"P3"}"#)
    let flag = await town.ask(.post, "/v1/incidents/\(secret)/flags", #"{"flag":"data"}"#)
    #expect(flag.status == 200, "\(flag.text)")
    return (secret, plain)
  }
}

@ClientLoop @Suite("A restricted incident")
struct SightTests {
  private let nobody = "00000000-0000-7000-8000-000000000000"

  @Test func `is as absent as one that never was`() async throws {
    let street = try await Street()
    let town = street.town
    let secret = await street.declare().secret
    for (method, rest, body) in [
      (.get, "", ""), (.get, "/timeline", ""), (.get, "/report", ""),
      (.get, "/report?format=markdown", ""), (.post, "/notes", #"{"text":"x"}"#),
      (.get, "?asOf=1", ""), (.get, "/timeline?asOf=1", ""), (.get, "/report?asOf=1", ""),
      (.get, "/process", ""), (.get, "/report/versions", ""), (.get, "/report/versions/1", ""),
      (.post, "/report/redactions", #"{"redactions":[{"pattern":"x","reason":"y"}]}"#),
      (.post, "/review/waiver", #"{"reason":"false-alarm"}"#),
      (.post, "/closure", ""), (.post, "/acknowledgement", ""),
    ] as [(HTTP.Method, String, String)] {
      let hidden = await town.ask(
        method, "/v1/incidents/\(secret)\(rest)", body, token: street.stranger)
      let absent = await town.ask(
        method, "/v1/incidents/\(nobody)\(rest)", body, token: street.stranger)
      #expect(hidden.status == 404)
      #expect(hidden.response.body == absent.response.body)
      #expect(hidden.response.fields == absent.response.fields, "\(rest)")
    }
  }

  @Test func `stands in no row, version or answer about something else`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let major = await town.declare(#"{"title":"A laptop was lost","priority":"P1"}"#)
    let plain = await town.declare(#"{"title":"Mail is slow","priority":"P3"}"#)
    let path = "/v1/incidents/\(plain)"
    await town.done(.post, path + "/parent", #"{"parent":"\#(major)"}"#)
    let reference = await town.ask(.get, "/v1/incidents/\(major)").text("reference")
    await town.done(.post, "/v1/incidents/\(major)/flags", #"{"flag":"data"}"#)

    // The record shows an auditor no row of the other that names it, not even in the bytes of its body.
    let record = await town.ask(.get, "/v1/audit?limit=200", token: cast[.auditor])
    let bytes = try #require(ID(major)).bytes
    let bodies = record.text.split(separator: #""body":""#).dropFirst()
      .compactMap { Base64URL.decode(String($0.prefix { $0 != "\"" })) }
    #expect(bodies.count > 10)
    #expect(!bodies.contains { $0.firstRange(of: bytes) != nil } && !record.has(major))

    // Whoever makes a version may see it, and whoever reads the version may not.
    let made = await town.ask(
      .post, path + "/report/redactions",
      #"{"format":"markdown","redactions":[{"pattern":"zzz","reason":"r"}]}"#)
    #expect(made.status == 200, "\(made.text)")
    #expect(await town.ask(.get, path + "/report?format=markdown").has(reference))
    let kept = await town.ask(
      .get, "\(path)/report/versions/\(made.text("redaction"))", token: cast[.outsider])
    #expect(kept.status == 200 && !kept.has(reference) && kept.has("Mail is slow"))
    #expect(
      !(await town.ask(.get, path + "/report", token: cast[.outsider])).has("Belongs to"))

    // Whoever posts its alerts is told that they were taken, and no more.
    let alert =
      #"{"version":"4","groupKey":"k","alerts":[{"status":"firing","labels":{"a":"b"}}]}"#
    let fired = await town.ask(.post, "/v1/alerts/alertmanager", alert)
    await town.done(.post, "/v1/incidents/\(fired.text("id"))/flags", #"{"flag":"data"}"#)
    let again = await town.ask(.post, "/v1/alerts/alertmanager", alert)
    #expect(again.status == 200 && !again.has(fired.text("id")) && !again.has("INC-"))
  }

  @Test func `cannot be named by another either`() async throws {
    let street = try await Street()
    let (secret, plain) = await street.declare()
    for (rest, body) in [
      ("/duplication", { #"{"of":"\#($0)"}"# }),
      ("/review/waiver", { #"{"reason":"covered","by":"\#($0)"}"# }),
    ] as [(String, (String) -> String)] {
      let path = "/v1/incidents/\(plain)\(rest)"
      let hidden = await street.town.ask(.post, path, body(secret), token: street.stranger)
      let absent = await street.town.ask(.post, path, body(nobody), token: street.stranger)
      #expect(hidden.status == 404)
      #expect(hidden.response.body == absent.response.body)
    }
  }

  @Test func `leaves no gap in a list`() async throws {
    let street = try await Street()
    let town = street.town
    let first = await town.declare()
    let (secret, second) = await street.declare()
    let page = await town.ask(.get, "/v1/incidents?limit=2", token: street.stranger)
    #expect(page.has(first))
    #expect(page.has(second))
    #expect(!page.has(secret))
    #expect(page.has(#""next":null"#))
    let own = await town.ask(.get, "/v1/incidents?limit=2")
    #expect(own.has(secret))
    #expect(own.has(second))
    let rest = await town.ask(.get, "/v1/incidents?limit=2&after=\(own.text("next"))")
    #expect(rest.has(first))
    #expect(rest.has(#""next":null"#))
  }

  @Test func `is seen by who acted on it and by the leads of its team, never in a stale read`()
    async throws
  {
    let street = try await Street()
    let town = street.town
    let secret = await street.declare().secret
    let path = "/v1/incidents/\(secret)"
    #expect(await town.ask(.get, path).status == 200)
    #expect(await town.ask(.get, path, token: street.lead).status == 200)
    for how in ["consistency=stale", "minIndex=1"] {
      #expect(await town.ask(.get, "\(path)?\(how)").status == 404)
      #expect(await !town.ask(.get, "/v1/incidents?\(how)").has(secret))
    }
    let cleared = await town.ask(
      .post, "\(path)/flag-clearances", #"{"flag":"data","reason":"It was found."}"#)
    // Only its lead may clear it; nobody has that role yet.
    #expect(cleared.status == 403)
  }
}
