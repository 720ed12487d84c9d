import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("A node that is cut off")
struct CutOffTests {
  private let nobody = "00000000-0000-7000-8000-000000000000"

  /// Status and type of an answer.
  private func told(_ reply: Reply) -> [String] { ["\(reply.status)", reply.text("type")] }

  @Test func `takes what it does not know for news that it has not heard`() async throws {
    let town = try await Town()
    town.cluster.become(.leaderless)
    let unheard = ["503", "/problem/not-accepted"]
    #expect(told(await town.ask(.post, "/v1/incidents/\(nobody)/acknowledgement")) == unheard)
    let service = #"{"title":"x","service":"new"}"#
    #expect(told(await town.ask(.post, "/v1/incidents", service)) == unheard)
    #expect(told(await town.ask(.post, "/v1/incidents", "{}", token: .make())) == unheard)
    let alerts = await town.ask(
      .post, "/v1/alerts/alertmanager", try fixture("firing"), token: .make())
    #expect(told(alerts) == unheard)
    let read = await town.ask(.get, "/v1/me", token: .make())
    #expect(told(read) == ["503", "/problem/not-readable"])
  }

  @Test func `refuses nothing that it cannot confirm, and sends it nowhere`() async throws {
    let town = try await Town()
    let id = await town.declare()
    let before = town.cluster.commandsSubmitted
    town.cluster.become(.deposed)
    let reply = await town.ask(.post, "/v1/incidents/\(id)/closure")
    #expect(told(reply) == ["503", "/problem/not-accepted"])
    #expect(town.cluster.commandsSubmitted == before)
  }

  @Test func `does not take an index for a confirmation`() async throws {
    let town = try await Town()
    town.cluster.become(.leaderless)
    let both = await town.ask(.get, "/v1/me?consistency=linearizable&minIndex=1")
    #expect(told(both) == ["503", "/problem/not-readable"])
    let index = await town.ask(.get, "/v1/me?minIndex=1")
    #expect(index.status == 200)
    #expect(index["Muster-Stale-Milliseconds"] == "42")
    #expect(await town.ask(.get, "/v1/me?consistency=stale&minIndex=99").status == 504)
  }

  @Test(arguments: ["/v1/cluster", "/metrics", "/v1/stream"])
  func `takes no word about how old what it tells may be, where that is no choice`(
    path: String
  ) async throws {
    let town = try await Town(isRaised: true)
    let names = path == "/v1/stream" ? ["consistency=stale"] : ["consistency=stale", "minIndex=1"]
    for query in names {
      let reply = await town.ask(.get, "\(path)?\(query)")
      #expect(told(reply) == ["400", "/problem/malformed"], "\(query)")
    }
    #expect(await town.ask(.get, path).status == 200)
  }

  @Test func `looks few unknown tokens up, and never one that was revoked`() async throws {
    let town = try await Town()
    let start = Clock.monotonic()
    town.api.quotaClock = { start }
    let asked = town.cluster.barriersAsked
    var statuses: [Int] = []
    for _ in 0..<40 { statuses.append(await town.ask(.get, "/v1/me", token: .make()).status) }
    let (unknown, many) = (Array(repeating: 401, count: 20), Array(repeating: 429, count: 20))
    #expect(statuses == unknown + many)
    #expect(town.cluster.barriersAsked == asked + 20)
    #expect(await town.ask(.get, "/v1/me", token: .make())["Retry-After"] == "1")
    #expect(await town.ask(.get, "/v1/me").status == 200)
    town.api.quotaClock = { start + 200_000_000 }
    #expect(await town.ask(.get, "/v1/me", token: .make()).status == 401)
    #expect(await town.ask(.get, "/v1/me", token: .make()).status == 429)

    let issued = await town.ask(.post, "/v1/people/me/tokens", #"{"label":"laptop"}"#)
    let token = try #require(Token(issued.text("token")))
    _ = await town.ask(.post, "/v1/tokens/\(issued.text("id"))/revocation")
    let before = town.cluster.barriersAsked
    #expect(await town.ask(.get, "/v1/me", token: token).status == 401)
    #expect(town.cluster.barriersAsked == before)
  }

  @Test func `asks for a key with every decision but an alert`() async throws {
    let town = try await Town()
    let reply = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#, key: "")
    #expect(told(reply) == ["400", "/problem/key-missing"])
    #expect(reply.has("Idempotency-Key"))
    let alerts = await town.ask(
      .post, "/v1/alerts/alertmanager", try fixture("firing"), key: "")
    #expect(alerts.status == 200)
  }
}
