import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("The record")
struct AuditTests {
  private func auditor(in town: Town) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"Dee","email":"dee@example.org","auditor":true}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    return try #require(Token(issued.text("token")))
  }

  @Test func `is for auditors and administrators`() async throws {
    let town = try await Town()
    _ = await town.declare()
    let dee = try await auditor(in: town)
    let whole = await town.ask(.get, "/v1/audit")
    let hers = await town.ask(.get, "/v1/audit", token: dee)
    #expect(whole.status == 200 && hers.status == 200)
    #expect(whole.text == hers.text)
    let person = await town.ask(.post, "/v1/people", #"{"name":"Eve","email":"eve@example.org"}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    let eve = try #require(Token(issued.text("token")))
    let refused = await town.ask(.get, "/v1/audit", token: eve)
    #expect(refused.status == 403)
    #expect(refused.has("This is for auditors and administrators."))
  }

  @Test func `seals what its reader may not know of`() async throws {
    let town = try await Town()
    let plain = await town.declare()
    let secret = await town.declare(#"{"title":"A laptop was lost","priority":"P3"}"#)
    let before = await town.ask(.get, "/v1/audit")
    _ = await town.ask(.post, "/v1/incidents/\(secret)/flags", #"{"flag":"data"}"#)
    let dee = try await auditor(in: town)
    let hers = await town.ask(.get, "/v1/audit?limit=200", token: dee)
    #expect(before.has(secret) && hers.has(plain))
    #expect(!hers.has(secret) && hers.has(#""sealed":true"#))
    // Whoever declared it has acted on it.
    #expect(await town.ask(.get, "/v1/audit?limit=200").has(secret))
  }

  @Test func `comes in pages that say where to go on`() async throws {
    let town = try await Town()
    _ = await town.declare()
    let first = await town.ask(.get, "/v1/audit?limit=2")
    #expect(first.text("next") == "2")
    let rest = await town.ask(.get, "/v1/audit?limit=200&after=2")
    #expect(rest.has(#""next":null"#))
    #expect(await town.ask(.get, "/v1/audit?after=x").status == 400)
  }
}
