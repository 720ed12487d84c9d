import EventLoop
import Gateway
import HTTP
import JSON
import Testing

@ClientLoop @Suite("The settings, through the interface")
struct SettingsExchangeTests {
  private static let shorter = #"{"retention":{"ordinaryDays":30,"seriousDays":2555}}"#
  private static let difference =
    #""changes":[{"field":"retention.ordinaryDays","before":730,"after":30}]"#

  @Test func `are looked at before they change, and stay as they are`() async throws {
    let town = try await Town(isRaised: true)
    let before = await town.ask(.get, "/v1/settings")
    let rehearsed = await town.ask(.post, "/v1/settings?dryRun=true", Self.shorter)
    #expect(rehearsed.status == 200, "\(rehearsed.text)")
    #expect(rehearsed.has(#""dryRun":true"#) && rehearsed.has(Self.difference))
    #expect(await town.ask(.get, "/v1/settings").text == before.text)
    let same = await town.ask(
      .post, "/v1/settings?dryRun=true", #"{"retention":{"ordinaryDays":730,"seriousDays":2555}}"#)
    #expect(same.has(#""changes":[]"#), "\(same.text)")
  }

  @Test func `are refused as a whole, in a rehearsal as in earnest`() async throws {
    let town = try await Town(isRaised: true)
    let wrong = #"{"retention":{"ordinaryDays":900,"seriousDays":3}}"#
    for path in ["/v1/settings?dryRun=true", "/v1/settings"] {
      let refused = await town.ask(.post, path, wrong)
      #expect(refused.status == 422 && refused.has("invalid-field"), "\(refused.text)")
    }
    #expect(await town.ask(.get, "/v1/settings/versions").has(#""items":[]"#))
  }

  @Test func `list a severity once`() async throws {
    let town = try await Town(isRaised: true)
    let refused = await town.ask(
      .post, "/v1/settings",
      #"{"severities":[{"severity":"page","priority":"P1"},{"severity":"page","priority":"P2"}]}"#)
    #expect(refused.status == 422 && refused.has("page is listed twice"), "\(refused.text)")
  }

  @Test func `have every version that they ever had`() async throws {
    let town = try await Town(isRaised: true)
    _ = await town.ask(.post, "/v1/settings", Self.shorter)
    _ = await town.ask(
      .post, "/v1/settings", #"{"severities":[{"severity":"page","priority":"P1"}]}"#)
    let versions = await town.ask(.get, "/v1/settings/versions?limit=1")
    #expect(versions.status == 200 && versions.has(#""field":"severities""#), "\(versions.text)")
    #expect(!versions.has("retention"))
    let all = await town.ask(.get, "/v1/settings/versions")
    #expect(all.has(Self.difference), "\(all.text)")
  }

  @Test func `differ by field, and an array as a whole`() throws {
    let (before, after) = (
      try JSONValue(parsing: Array(#"{"a":1,"b":{"c":[1],"d":2},"e":3}"#.utf8)),
      try JSONValue(parsing: Array(#"{"a":1,"b":{"c":[1,2],"d":2},"f":null}"#.utf8))
    )
    let number = { (digits: String) in JSONValue(.number(digits)) }
    #expect(
      JSONDifference.between(before, after) == [
        JSONDifference(
          field: "b.c", before: JSONValue(.array([number("1")])),
          after: JSONValue(.array([number("1"), number("2")]))),
        JSONDifference(field: "f", before: nil, after: JSONValue(.null)),
        JSONDifference(field: "e", before: number("3"), after: nil),
      ])
  }

  @Test func `are not changed by a dry run that is misspelt, nor by one said twice`() async throws {
    let town = try await Town(isRaised: true)
    for query in ["dryrun=true", "dryRun=true&dryRun=true", "dryRun=true&x=1"] {
      let reply = await town.ask(.post, "/v1/settings?\(query)", #"{"calendar":"scotland"}"#)
      #expect(reply.status == 400 && reply.text("type") == "/problem/malformed", "\(reply.text)")
    }
    #expect(!(await town.ask(.get, "/v1/settings").has("scotland")))
    for address in [
      "/v1/incidents?priorty=P1", "/v1/people?limit=1&limit=2", "/v1/stream?bogus=1",
      "/v1/settings?x=%00",
    ] {
      let reply = await town.ask(.get, address)
      #expect(reply.status == 400, "\(address): \(reply.text)")
    }
    #expect(await town.ask(.get, "/v1/incidents?priority=P1&priority=P2").status == 200)
    #expect(await town.ask(.get, "/livez?probe=1", cookie: "").status == 200)
  }
}
