import Access
import EventLoop
import Gateway
import HTTP
import Incidents
import Raft
import Replication
import Testing

@ClientLoop @Suite("Members of the cluster, through the interface")
struct MembersTests {
  private let body =
    #"{"node":4,"peer":"n4.example:8451","client":"https://n4.example:8441","replaces":1}"#

  @Test func `are added once, however often it is said`() async throws {
    let town = try await Town()
    for _ in 1...2 {
      let reply = await town.ask(.post, "/v1/cluster/members", body)
      #expect(reply.status == 200, "\(reply.text)")
    }
  }

  @Test func `without a state yet say so, and not that a token is wrong`() async throws {
    let town = try await Town(isFounded: false)
    for target in ["/v1/cluster", "/metrics", "/v1/me"] {
      let reply = await town.ask(.get, target)
      #expect(reply.status == 503, "\(target): \(reply.text)")
      #expect(reply.text("type") == "/problem/no-state-yet")
      #expect(reply["Retry-After"] == "1")
    }
  }

  @Test func `are removed, and the refusal says why not`() async throws {
    let town = try await Town()
    let last = await town.ask(.post, "/v1/cluster/members/1/removal")
    #expect(last.status == 409)
    #expect(last.text("type") == "/problem/membership")
    #expect(last.has("The last voter cannot be removed."))
    #expect(await town.ask(.post, "/v1/cluster/members", body).status == 200)
    #expect(await town.ask(.post, "/v1/cluster/members/4/removal").status == 200)
    #expect(await town.ask(.post, "/v1/cluster/members/9/removal").status == 409)
  }

  @Test func `are changed by administrators only, and by the leader only`() async throws {
    let town = try await Town()
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"Ben","email":"ben@example.org"}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    let token = try #require(Token(issued.text("token")))
    let refused = await town.ask(.post, "/v1/cluster/members", body, token: token)
    #expect(refused.status == 403)
    #expect(await town.ask(.post, "/v1/cluster/members", body, token: .make()).status == 401)

    #expect(await town.ask(.post, "/v1/cluster/transfer").status == 200)
    #expect(await town.ask(.post, "/v1/cluster/members", body).status == 503)
    #expect(await town.ask(.post, "/v1/cluster/transfer").status == 503)
  }

  @Test func `are changed by no token that only reads, and not without a key`() async throws {
    let town = try await Town(isRaised: true)
    let issued = await town.ask(
      .post, "/v1/people/me/tokens", #"{"label":"dashboard","readOnly":true}"#)
    let reading = try #require(Token(issued.text("token")))
    town.cluster.stop(before: 7)
    for (path, body) in [
      ("members", body), ("members/4/removal", ""), ("skips", #"{"index":7}"#), ("transfer", "{}"),
    ] {
      let refused = await town.ask(.post, "/v1/cluster/\(path)", body, token: reading)
      #expect(refused.status == 403)
      #expect(refused.text("type") == "/problem/only-reads", "\(path): \(refused.text)")
      let keyless = await town.ask(.post, "/v1/cluster/\(path)", body, key: "")
      #expect(keyless.text("type") == "/problem/key-missing", "\(path): \(keyless.text)")
    }
    #expect(town.cluster.status.role == .leader)
    #expect(town.cluster.status.configuration.members.count == 1)
  }

  @Test func `are invited with a token that is used once, and known by its hash`() async throws {
    let town = try await Town()
    let hash = String(repeating: "a1", count: 32)
    let body = #"{"hash":"\#(hash)","label":"n4","expiresAt":"2099-01-01T00:00:00Z"}"#
    let far = await town.ask(.post, "/v1/cluster/join-tokens", body)
    #expect(far.status == 422, "It would hold for more than seven days: \(far.text)")

    let soon = Timestamp.format(Clock.now() + 3_600_000)
    let good = #"{"hash":"\#(hash)","label":"n4","expiresAt":"\#(soon)"}"#
    let issued = await town.ask(.post, "/v1/cluster/join-tokens", good)
    #expect(issued.status == 201, "\(issued.text)")
    let list = await town.ask(.get, "/v1/cluster/join-tokens")
    #expect(list.text("label") == "n4")
    #expect(list.text("expiresAt") == soon)
    #expect(!list.has(hash))
    #expect(!(await town.ask(.get, "/v1/people/me/tokens")).has(#""label":"n4""#))

    let use = "/v1/cluster/join-tokens/\(issued.text("id"))/use"
    #expect(await town.ask(.post, use).status == 200)
    let again = await town.ask(.post, use)
    #expect(again.status == 409)
    #expect(again.text("type") == "/rule/join-token-spent")
    let revoked = await town.ask(
      .post, "/v1/cluster/join-tokens", good.replacing("a1a1", with: "b2b2"))
    #expect(await town.ask(.post, "/v1/tokens/\(revoked.text("id"))/revocation").status == 200)
    #expect(
      await town.ask(.post, "/v1/cluster/join-tokens/\(revoked.text("id"))/use").text("type")
        == "/rule/join-token-spent")
  }

  @Test func `are invited by administrators, who alone see the tokens`() async throws {
    let town = try await Town()
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"Ben","email":"ben@example.org"}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    let token = try #require(Token(issued.text("token")))
    let soon = Timestamp.format(Clock.now() + 3_600_000)
    let body =
      #"{"hash":"\#(String(repeating: "a1", count: 32))","label":"n4","expiresAt":"\#(soon)"}"#
    #expect(await town.ask(.post, "/v1/cluster/join-tokens", body, token: token).status == 403)
    #expect(await town.ask(.get, "/v1/cluster/join-tokens", token: token).status == 403)
    #expect(await town.ask(.post, "/v1/cluster/join-tokens", "{}").status == 422)
  }

  @Test(arguments: [
    (#"{"node":0,"peer":"a:1","client":"https://a"}"#, 422),
    (#"{"node":4,"peer":"nowhere","client":"https://a"}"#, 422),
    (#"{"node":4,"peer":"a:1","client":"http://a"}"#, 422),
    (#"{"node":4,"peer":"a:1"}"#, 422), (#"{"nodes":4}"#, 400), ("[]", 400),
  ])
  func `are told what is wrong with how they are named`(body: String, status: Int) async throws {
    let town = try await Town()
    #expect(await town.ask(.post, "/v1/cluster/members", body).status == status)
  }

  @Test func `stop before an entry, say why, and skip it for administrators`() async throws {
    let town = try await Town()
    town.cluster.stop(before: 7)
    let unready = await town.ask(.get, "/readyz")
    #expect(unready.status == 503)
    #expect(unready.has("applying the entry at index 7 ended it twice"))
    #expect(await town.ask(.get, "/v1/services?consistency=stale").status == 503)
    #expect(await town.ask(.get, "/v1/cluster").has(#""stopsBefore":7"#))
    #expect(await town.ask(.get, "/metrics").has("muster_state_stopped 1"))

    #expect(await town.ask(.post, "/v1/cluster/skips", "{}").status == 422)
    #expect(await town.ask(.post, "/v1/cluster/skips", #"{"index":7}"#).status == 200)
    let again = await town.ask(.post, "/v1/cluster/skips", #"{"index":7}"#)
    #expect(again.text("type") == "/problem/membership")
    let stranger = await town.ask(.post, "/v1/cluster/skips", #"{"index":8}"#, token: .make())
    #expect(stranger.status == 401)
  }

  @Test func `and the node are told to Prometheus, each series in one piece`() async throws {
    let town = try await Town()
    let reply = await town.ask(.get, "/metrics")
    #expect(reply["Content-Type"] == "text/plain; version=0.0.4")
    let lines = reply.text.split(separator: "\n")
    #expect(lines.contains("muster_raft_is_leader 1"))
    #expect(lines.contains("muster_raft_voters 1"))
    #expect(lines.contains("# TYPE process_cpu_seconds_total counter"))
    for name in ["process_resident_memory_bytes", "process_open_fds", "process_max_fds"] {
      let value = lines.first { $0.hasPrefix("\(name) ") }?.split(separator: " ").last
      #expect(value.flatMap { Int($0) } ?? 0 > 0, "\(name)")
    }
    let names = lines.filter { $0.hasPrefix("# TYPE") }
    #expect(Set(names).count == names.count)
    #expect(await town.ask(.get, "/metrics", token: .make()).status == 401)
  }
}
