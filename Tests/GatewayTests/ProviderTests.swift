import EventLoop
import Gateway
import HTTP
import Incidents
import OpenID
import TestProvider
import Testing

/// Signing in at a provider that others wrote, from the first page to the session.
@Suite(
  "Signing in at an identity provider", .serialized,
  .enabled(
    if: RunningProvider.isInstalled,
    "Its packages are not installed: pip install -r Tests/TestProvider/requirements.txt"))
@ClientLoop struct ProviderTests {
  private static let back = "http://127.0.0.1:8441/sign-in/callback"
  private let running: RunningProvider

  init() throws { running = try #require(RunningProvider()) }

  /// The way to it, over plain HTTP on this machine; the product's own only takes HTTPS.
  private struct LoopbackDoor: ProviderDoor {
    let running: RunningProvider

    func send(
      _ request: ClientRequest, to address: WebAddress, atMost limit: Int
    ) async -> (status: Int, body: [UInt8])? {
      let running = running
      let answer = await withCheckedContinuation { waiter in
        Threads.start(named: "provider") { waiter.resume(returning: running.send(request)) }
      }
      return answer.map { ($0.status.code, $0.body) }
    }
  }

  private func address(_ text: String) throws -> WebAddress {
    try #require(WebAddress(text, allowingHTTPOnLoopback: true))
  }

  /// A town that knows Ana, who is in the provider's groups "all-staff" and "ops".
  private func town(
    client: String = "muster-es256-none", rules: [RoleRule] = [], isKnown: Bool = true
  ) async throws -> Town {
    let configuration = ProviderConfiguration(
      issuer: try address("http://127.0.0.1:\(running.port)"), clientID: client,
      authentication: .none, redirectURI: try address(Self.back), rules: rules,
      allowsHTTPOnLoopback: true)
    let town = try await Town(
      isRaised: true,
      provider: IdentityProvider(configuration, door: LoopbackDoor(running: running)))
    guard isKnown else { return town }
    let added = await town.ask(
      .post, "/v1/people", #"{"name":"Ana Müller","email":"ana@dept.example"}"#)
    #expect(added.status == 201, "\(added.text)")
    return town
  }

  /// Goes where our answer sends a browser, and comes back as the provider sends it.
  private func browse(_ town: Town, spoiling spoil: (String) -> String = { $0 }) async throws
    -> Reply
  {
    let begun = await town.ask(.get, "/v1/sign-in/provider?to=/incidents", cookie: "")
    #expect(begun.status == 303, "\(begun.text)")
    let away = try address(try #require(begun["Location"]))
    let answer = try #require(running.send(away.request()))
    let target = try address(try #require(answer.fields["Location"])).target
    let path = "/v1/sign-in/provider/callback" + target.drop { $0 != "?" }
    return await get(town, spoil(String(path)), cookie: begun.cookies)
  }

  private func get(_ town: Town, _ target: String, cookie: String) async -> Reply {
    var parser = RequestParser()
    let lines = "GET \(target) HTTP/1.1\r\nHost: a\r\nCookie: \(cookie)\r\n\r\n"
    parser.receive(Array(lines.utf8))
    guard case .request(let request)? = try? parser.next() else {
      Issue.record("The provider sent the browser to no address: \(target)")
      return Reply(response: Response(.badRequest))
    }
    return Reply(response: await town.api.respond(to: request))
  }

  private func session(_ reply: Reply) -> String {
    reply.cookies.split(separator: Character(";")).map { String($0.drop { $0 == " " }) }
      .first { $0.hasPrefix("__Host-muster=") } ?? ""
  }

  @Test(arguments: ["muster-es256-none", "muster-rs256-none"])
  func `begins a session for the person with the verified address`(client: String) async throws {
    let town = try await town(client: client)
    let reply = try await browse(town)
    #expect(reply.status == 200, "\(reply.text)")
    #expect(reply.has("url=/incidents"))
    let me = await town.ask(.get, "/v1/me", cookie: session(reply))
    #expect(me.has("ana@dept.example"))
    let shown = await town.ask(.get, "/v1/me/sign-in", cookie: session(reply))
    #expect(shown.has(#""label":"the identity provider""#))
    // The mark of the way there is of no more use.
    #expect(
      reply.cookies.contains("__Host-muster-provider=;") || reply.cookies.hasSuffix("provider="))
  }

  @Test func `makes of somebody what their groups say, and no more`() async throws {
    let rules = [
      RoleRule(group: "ops", grant: .member(.init(team: "Service Delivery", role: .teamLead))),
      RoleRule(group: "admins", grant: .administrator),
      RoleRule(group: "nobody", grant: .member(.init(team: "No such team", role: .member))),
    ]
    let town = try await town(rules: rules)
    let cookie = session(try await browse(town))
    let me = await town.ask(.get, "/v1/me", cookie: cookie)
    #expect(me.has(#""role":"team-lead""#), "\(me.text)")
    #expect(me.has(#""administrator":false"#))
    // A second time there is nothing to change.
    _ = try await browse(town)
    let record = await town.ask(.get, "/v1/teams/Service%20Delivery")
    #expect(record.status == 200 || record.status == 404)
  }

  @Test func `signs nobody in who is not known, or who comes back in another browser`() async throws
  {
    let stranger = try await town(isKnown: false)
    let reply = try await browse(stranger)
    #expect(reply.status == 403)
    #expect(reply.has("not-provided"))
    #expect(session(reply) == "")

    let town = try await town()
    let begun = await town.ask(.get, "/v1/sign-in/provider", cookie: "")
    let other = await town.ask(.get, "/v1/sign-in/provider", cookie: "")
    let away = try address(try #require(begun["Location"]))
    let answer = try #require(running.send(away.request()))
    let target = try address(try #require(answer.fields["Location"])).target
    let path = String("/v1/sign-in/provider/callback" + target.drop { $0 != "?" })
    #expect(await get(town, path, cookie: other.cookies).status == 403)
    #expect(await get(town, path, cookie: begun.cookies).status == 200)
    // The code was spent by then.
    #expect(await get(town, path, cookie: begun.cookies).status == 502)
  }

  @Test func `takes no state that was changed on the way`() async throws {
    let town = try await town()
    let reply = try await browse(town) { $0.replacing("state=A", with: "state=B") }
    #expect(reply.status == 403)
  }

  @Test func `is said not to be there where there is none, and where it does not answer`()
    async throws
  {
    let town = try await Town(isRaised: true)
    #expect(await town.ask(.get, "/v1/sign-in/provider", cookie: "").status == 404)
    let silent = ProviderConfiguration(
      issuer: try address("http://127.0.0.1:9"), clientID: "x", authentication: .none,
      redirectURI: try address(Self.back), rules: [], allowsHTTPOnLoopback: true)
    let door = try WebDoor(authority: nil)
    let alone = try await Town(isRaised: true, provider: IdentityProvider(silent, door: door))
    let reply = await alone.ask(.get, "/v1/sign-in/provider", cookie: "")
    #expect(reply.status == 502)
    #expect(reply.has("a password or a printed code signs you in"))
  }
}
