import Glibc
import HTTP
import OpenID
import TestProvider
import Testing

/// The whole flow with a provider that others wrote, over HTTP on this machine.
@Suite(
  "A sign-in with a provider that others wrote",
  .enabled(
    if: RunningProvider.isInstalled,
    "Its packages are not installed: pip install -r Tests/TestProvider/requirements.txt"))
struct WholeFlowTests {
  private static let secret = ClientSecret(file: Array("s3cr&t: +%/~".utf8))
  private static let browser = BrowserMark(random: [UInt8](repeating: 3, count: 32))
  private static let rules = [
    RoleRule(group: "admins", grant: .administrator),
    RoleRule(group: "ops", grant: .member(.init(team: "T-17", role: .member))),
  ]

  private let running: RunningProvider

  init() throws { running = try #require(RunningProvider()) }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private func party(_ client: String) throws -> RelyingParty {
    let secret = try #require(Self.secret)
    let authentication: ClientAuthentication =
      client.hasSuffix("basic") ? .basic(secret) : client.hasSuffix("post") ? .post(secret) : .none
    return RelyingParty(
      configuration: ProviderConfiguration(
        issuer: try address("http://127.0.0.1:\(running.port)"), clientID: client,
        authentication: authentication,
        redirectURI: try address("http://127.0.0.1:8441/sign-in/callback"), rules: Self.rules,
        allowsHTTPOnLoopback: true),
      secret: Department.secret)
  }

  private func address(_ text: String) throws -> WebAddress {
    try #require(WebAddress(text, allowingHTTPOnLoopback: true))
  }

  private func body(_ request: ClientRequest) throws -> [UInt8] {
    let response = try #require(running.send(request))
    #expect(response.status == .ok)
    return response.body
  }

  private func provider(_ party: RelyingParty) throws -> ProviderMetadata {
    let address = ProviderMetadata.address(of: party.configuration)
    return try ProviderMetadata(
      parsing: try body(address.request()), for: party.configuration)
  }

  private func keys(_ provider: ProviderMetadata) throws -> KeySet {
    try KeySet(parsing: try body(provider.keySetAddress.request()))
  }

  /// Goes to an address as a browser does, and brings back what it is sent to us with.
  private func browse(_ text: String) throws -> Query {
    let response = try #require(running.send(try address(text).request()))
    #expect(response.status == Status(302))
    let back = try address(try #require(response.fields["Location"]))
    #expect(back.authority == "127.0.0.1:8441")
    var parser = RequestParser()
    parser.receive(Array("GET \(back.target) HTTP/1.1\r\nHost: \(back.authority)\r\n\r\n".utf8))
    guard case .request(let request)? = try parser.next() else { return Query() }
    #expect(request.path == "/sign-in/callback")
    return request.query
  }

  private func begin(
    _ party: RelyingParty, _ provider: ProviderMetadata, random: UInt8 = 5
  ) -> String {
    party.begin(
      at: provider, browser: Self.browser, random: [UInt8](repeating: random, count: 16),
      returningTo: ReturnPath("/incidents/7?tab=notes"), at: Self.now())
  }

  private func exchange(
    _ code: AuthorisationCode, _ party: RelyingParty, _ provider: ProviderMetadata
  ) throws -> TokenAnswer {
    let response = try #require(running.send(party.tokenRequest(for: code, at: provider)))
    return try TokenAnswer(status: response.status.code, body: response.body)
  }

  private func receive(
    _ query: Query, _ party: RelyingParty, _ provider: ProviderMetadata
  ) throws -> AuthorisationCode {
    try party.receive(query, browser: Self.browser, from: provider, at: Self.now())
  }

  @Test(arguments: ["rs256", "es256"], ["none", "basic", "post"])
  func `says who it is`(algorithm: String, way: String) throws {
    let party = try party("muster-\(algorithm)-\(way)")
    let provider = try provider(party)
    #expect(provider.namesIssuerInCallback)
    let code = try receive(try browse(begin(party, provider)), party, provider)
    #expect(code.returnPath?.text == "/incidents/7?tab=notes")
    let answer = try exchange(code, party, provider)
    let identity = try party.identity(
      of: answer, for: code, signedBy: try keys(provider), at: Self.now())
    #expect(
      identity
        == Identity(
          issuer: party.configuration.issuer.text, subject: "248289761001",
          groups: ["all-staff", "ops"]))

    let request = try #require(party.userInfoRequest(with: answer, at: provider))
    let whole = try party.completing(identity, status: 200, body: try body(request))
    #expect(
      whole
        == Identity(
          issuer: party.configuration.issuer.text, subject: "248289761001",
          email: "ana@dept.example", isEmailVerified: true, name: "Ana Müller",
          groups: ["all-staff", "ops"]))
    #expect(
      Appointment(of: whole.groups, by: party.configuration.rules)
        == Appointment(memberships: [.init(team: "T-17", role: .member)]))
  }

  @Test func `uses a code once`() throws {
    let party = try party("muster-es256-basic")
    let provider = try provider(party)
    let code = try receive(try browse(begin(party, provider)), party, provider)
    _ = try exchange(code, party, provider)
    let error = try #require(throws: ProviderError.self) { try exchange(code, party, provider) }
    guard case .refused(.tokens, error: "invalid_grant", _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `does not use a code that was put into another attempt`() throws {
    let party = try party("muster-es256-none")
    let provider = try provider(party)
    let one = try browse(begin(party, provider))
    var other = try browse(begin(party, provider, random: 6))
    let place = try #require(other.parameters.firstIndex { $0.name == "code" })
    other.parameters[place].value = try #require(one["code"])
    let code = try receive(other, party, provider)
    let error = try #require(throws: ProviderError.self) { try exchange(code, party, provider) }
    guard case .refused(.tokens, error: "invalid_grant", _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test(arguments: ["basic", "post"])
  func `is refused to a client with another secret`(way: String) throws {
    let right = try party("muster-es256-\(way)")
    let wrong = try #require(ClientSecret(file: Array("other".utf8)))
    let party = RelyingParty(
      configuration: ProviderConfiguration(
        issuer: right.configuration.issuer, clientID: right.configuration.clientID,
        authentication: way == "basic" ? .basic(wrong) : .post(wrong),
        redirectURI: right.configuration.redirectURI, allowsHTTPOnLoopback: true),
      secret: Department.secret)
    let provider = try provider(party)
    let code = try receive(try browse(begin(party, provider)), party, provider)
    let error = try #require(throws: ProviderError.self) { try exchange(code, party, provider) }
    guard case .refused(.tokens, error: "invalid_client", _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test(arguments: ["rs256", "es256"])
  func `goes on when the provider has changed its keys`(algorithm: String) throws {
    let party = try party("muster-\(algorithm)-none")
    let provider = try provider(party)
    let old = try keys(provider)
    _ = try body(try address("http://127.0.0.1:\(running.port)/rotate").request())
    let code = try receive(try browse(begin(party, provider)), party, provider)
    let answer = try exchange(code, party, provider)
    let refusal = try #require(throws: TokenRefusal.self) {
      try party.identity(of: answer, for: code, signedBy: old, at: Self.now())
    }
    #expect(refusal.asksForFreshKeys)
    let identity = try party.identity(
      of: answer, for: code, signedBy: try keys(provider), at: Self.now())
    #expect(identity.subject == "248289761001")
  }

  @Test func `ends when the provider says no`() throws {
    let party = try party("muster-es256-none")
    let provider = try provider(party)
    let query = try browse(begin(party, provider) + "&refuse=1")
    #expect(throws: SignInRefusal.denied) { try receive(query, party, provider) }
  }
}
