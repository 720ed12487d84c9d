import Access
import Bytes
import EventLoop
import Gateway
import HTTP
import Incidents
import Replication
import Store
import TLS
import Testing

/// Signing in by the interface, against the store.
@Suite("Signing in") @ClientLoop
struct SignInTests {
  private static let password = "four words that do not rhyme"
  private static let address = SocketAddress(host: "192.0.2.7", port: 40_000)

  private func town() async throws -> Town {
    let town = try await Town(isRaised: true)
    // A debug build works a password out in about a second.
    town.api.patience = .seconds(20)
    return town
  }

  /// A town whose administrator has chosen a password.
  private func townWithPassword() async throws -> Town {
    let town = try await town()
    let set = await town.ask(.post, "/v1/me/password", #"{"password":"\#(Self.password)"}"#)
    #expect(set.status == 200, "\(set.text)")
    return town
  }

  private func signIn(
    _ town: Town, _ account: String = "ana@example.org", password: String = password,
    cookie: String = "", from remote: SocketAddress? = address
  ) async -> Reply {
    await town.ask(
      .post, "/v1/sign-in", #"{"account":"\#(account)","password":"\#(password)"}"#,
      cookie: cookie, from: remote)
  }

  @Test func `with a password begins a session that its cookie carries`() async throws {
    let town = try await townWithPassword()
    let reply = await signIn(town)
    #expect(reply.status == 201, "\(reply.text)")
    let me = await town.ask(.get, "/v1/me", cookie: reply.cookies)
    #expect(me.status == 200)
    #expect(me.has("ana@example.org"))
    let declared = await town.ask(
      .post, "/v1/incidents", #"{"title":"Sign-in is down"}"#, cookie: reply.cookies)
    #expect(declared.status == 201)
    let shown = await town.ask(.get, "/v1/me/sign-in", cookie: reply.cookies)
    #expect(shown.has(#""password":true"#))
    #expect(shown.has(#""label":"a password from 192.0.2.7""#))
    #expect(shown.has(#""current":true"#))

    let out = await town.ask(.post, "/v1/sign-out", "{}", cookie: reply.cookies)
    #expect(out.status == 200)
    #expect(out["Set-Cookie"]?.hasSuffix("Max-Age=0") == true)
    #expect(await town.ask(.get, "/v1/me", cookie: reply.cookies).status == 401)
  }

  @Test func `says the same of a wrong password and of nobody's account`() async throws {
    let town = try await townWithPassword()
    let wrong = await signIn(town, password: "another sentence of four")
    let nobody = await signIn(town, "zoe@example.org")
    #expect(wrong.status == 401)
    #expect(nobody.text == wrong.text)
    #expect(nobody.response.fields == wrong.response.fields)
    #expect(wrong["Set-Cookie"] == nil)
  }

  @Test func `tells a guesser to come later, in no log, and keeps nobody else out`() async throws {
    let town = try await townWithPassword()
    let address = try #require(SocketAddress(host: "203.0.113.9", port: 1))
    // Paid back, this browser is known from here on.
    let known = await signIn(town)
    let origin = try #require(SignInOrigin(address: address.bytes))
    let keys = ThrottleKeys(
      account: "ana@example.org", origin: origin,
      secret: [UInt8](repeating: 7, count: Bound.secret))
    let attempt = SignInAttempt(account: keys.account, origin: keys.origin, pair: keys.pair)
    // Four are free; then 1 s, 2, 4 and 8 are waited for, one after the other. 16 are not.
    for _ in 0..<8 {
      let command = Command(
        actor: .system, receivedAt: 0, salt: [UInt8](repeating: 0, count: Bound.salt),
        action: .attemptSignIn(attempt))
      guard case .outcome(let entry) = await town.cluster.submit(command.encoded()) else {
        Issue.record("An attempt was not taken.")
        return
      }
      #expect(entry.isApplied, "\(entry)")
    }
    let commands = town.cluster.commandsSubmitted
    let guess = await signIn(town, password: "guess", from: address)
    #expect(guess.status == 429)
    #expect(guess["Retry-After"].flatMap { Int($0) }.map { (29...31).contains($0) } == true)
    #expect(town.cluster.commandsSubmitted == commands)
    #expect(await signIn(town, cookie: known.cookies, from: address).status == 201)
  }

  @Test func `with a printed code works once`() async throws {
    let town = try await town()
    let made = await town.ask(.post, "/v1/me/codes", "{}")
    #expect(made.status == 200, "\(made.text)")
    let codes = made.text.split(separator: Character("\"")).map(String.init).filter {
      $0.count == 19 && $0.split(separator: Character("-")).count == 4
    }
    #expect(codes.count == 10)
    let body = #"{"account":"ANA@example.org","code":"\#(codes[3].lowercased())"}"#
    let wrongCase = await town.ask(.post, "/v1/sign-in", body, cookie: "")
    #expect(wrongCase.status == 401, "An account is compared byte by byte.")
    let right = #"{"account":"ana@example.org","code":"\#(codes[3].lowercased())"}"#
    let first = await town.ask(.post, "/v1/sign-in", right, cookie: "")
    #expect(first.status == 201, "\(first.text)")
    #expect(await town.ask(.post, "/v1/sign-in", right, cookie: "").status == 401)
    #expect(await town.ask(.get, "/v1/me/sign-in").has(#""codesLeft":9"#))
  }

  @Test func `asks for the password that there is before another takes its place`() async throws {
    let town = try await townWithPassword()
    let session = await signIn(town)
    let body = #""password":"quite another sentence""#
    let without = await town.ask(.post, "/v1/me/password", "{\(body)}")
    #expect(without.status == 422)
    let wrong = await town.ask(.post, "/v1/me/password", #"{"current":"guess",\#(body)}"#)
    #expect(wrong.status == 422)
    let right = await town.ask(
      .post, "/v1/me/password", #"{"current":"\#(Self.password)",\#(body)}"#)
    #expect(right.status == 200, "\(right.text)")
    // Whoever had the old one is out.
    #expect(await town.ask(.get, "/v1/me", cookie: session.cookies).status == 401)
    #expect(await signIn(town).status == 401)
    #expect(await signIn(town, password: "quite another sentence").status == 201)
  }

  @Test(arguments: [
    ("short", "at least 12"), ("password1234!", "tried first"),
    ("my name is Ana, really", "your name"),
  ])
  func `refuses a password that would not do`(chosen: String, why: String) async throws {
    let town = try await town()
    let reply = await town.ask(.post, "/v1/me/password", #"{"password":"\#(chosen)"}"#)
    #expect(reply.status == 422)
    #expect(reply.has(why), "\(reply.text)")
  }

  @Test func `ends for somebody whose means an administrator takes`() async throws {
    let town = try await townWithPassword()
    let session = await signIn(town)
    let cleared = await town.ask(.post, "/v1/people/me/sign-in/removal", "{}")
    #expect(cleared.status == 200)
    #expect(await town.ask(.get, "/v1/me", cookie: session.cookies).status == 401)
    #expect(await signIn(town).status == 401)
  }

  @Test func `takes no cookie from another site's page, and none in a token's place`() async throws
  {
    let town = try await townWithPassword()
    let cookies = await signIn(town).cookies
    let request = Request(
      .get, "/v1/me", fields: ["Host": "a", "Cookie": cookies, "Sec-Fetch-Site": "cross-site"])
    #expect(await town.api.respond(to: request).status == .forbidden)
    let secret = cookies.split(separator: ";")[0].split(separator: "=")[1]
    let asToken = Request(
      .get, "/v1/me", fields: ["Host": "a", "Authorization": "Bearer mst_\(secret)"])
    #expect(await town.api.respond(to: asToken).status == .unauthorized)
  }

  @Test func `is not ready before every node knows it`() async throws {
    let town = try await Town()
    let reply = await signIn(town)
    #expect(reply.status == 503)
    #expect(reply.has("sign-in-not-ready"))
    let codes = await town.ask(.post, "/v1/me/codes", "{}")
    #expect(codes.status == 409)
    #expect(codes.has("level-unknown"))
  }

  @Test func `is noted when credentials are used, now and then`() async throws {
    let town = try await town()
    _ = await town.ask(.get, "/v1/me")
    await town.api.noteUses()
    let before = town.cluster.commandsSubmitted
    #expect(await town.ask(.get, "/v1/people/me/tokens").has("lastUsedAt"))
    await town.api.noteUses()
    #expect(town.cluster.commandsSubmitted == before, "Once an hour is enough.")
  }
}

extension AppliedEntry {
  fileprivate var isApplied: Bool {
    if case .applied(_, repeated: false) = result { true } else { false }
  }
}
