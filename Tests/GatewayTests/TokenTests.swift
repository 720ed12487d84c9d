import Access
import EventLoop
import Gateway
import HTTP
import Incidents
import Testing

@ClientLoop @Suite("A token that is bounded")
struct TokenTests {
  private func issue(_ body: String, in town: Town) async throws -> Token {
    let issued = await town.ask(.post, "/v1/people/me/tokens", body)
    #expect(issued.status == 201, "\(issued.text)")
    return try #require(Token(issued.text("token")))
  }

  @Test func `reads, and changes nothing`() async throws {
    let town = try await Town()
    let token = try await issue(#"{"label":"dashboard","readOnly":true}"#, in: town)
    #expect(await town.ask(.get, "/v1/incidents", token: token).status == 200)
    let refused = await town.ask(.post, "/v1/incidents", #"{"title":"Slow"}"#, token: token)
    #expect(refused.status == 403)
    #expect(refused.has("This token only reads"))
  }

  @Test func `works no more once it has run out`() async throws {
    let town = try await Town()
    let end = Clock.now() + 3_000
    let token = try await issue(
      #"{"label":"short","expiresAt":"\#(Timestamp.format(end))"}"#, in: town)
    while Clock.now() <= end { try await Task.sleep(for: .milliseconds(50)) }
    #expect(await town.ask(.get, "/v1/me", token: token).status == 401)
    let refused = await town.ask(.post, "/v1/incidents", #"{"title":"Slow"}"#, token: token)
    #expect(refused.status == 401)
  }

  @Test func `is listed by how it begins`() async throws {
    let town = try await Town()
    let token = try await issue(#"{"label":"dashboard","readOnly":true}"#, in: town)
    let list = await town.ask(.get, "/v1/people/me/tokens")
    #expect(list.has(#""prefix":"\#(token.spelling.prefix(8))","readOnly":true"#))
    #expect(!list.has(token.spelling))
  }

  @Test func `must end at a time to come`() async throws {
    let town = try await Town()
    let refused = await town.ask(
      .post, "/v1/people/me/tokens", #"{"expiresAt":"2020-01-01T00:00:00Z"}"#)
    #expect(refused.status == 422 || refused.status == 400, "\(refused.text)")
    #expect(refused.has("That is over already"))
  }
}
