import Crypto
import HTTP
import JSON
import OpenID
import Testing

@Suite("Beginning a sign-in")
struct BeginningTests {
  /// RFC 7636, appendix B.
  @Test func `makes the challenge of RFC 7636`() {
    #expect(
      CodeChallenge.of(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  }

  @Test func `sends the browser to the provider with all that it needs to know`() throws {
    let begun = try Begun(returningTo: "/incidents/7")
    let names = begun.address.drop { $0 != "?" }.dropFirst().split(separator: "&")
      .map { String($0.prefix { $0 != "=" }) }
    #expect(begun.address.hasPrefix("https://id.example/authorize?response_type=code&"))
    #expect(
      names == [
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
      ])
    #expect(begun.sent("client_id") == "muster")
    #expect(begun.sent("redirect_uri") == "https%3A%2F%2Fmuster.example%2Fsign-in%2Fcallback")
    #expect(begun.sent("scope") == "openid%20profile%20email")
    #expect(begun.sent("code_challenge_method") == "S256")
    #expect(begun.sent("nonce")?.count == 43)
    #expect(begun.sent("code_challenge")?.count == 43)
  }

  @Test func `goes on with a query that the provider's address has already`() throws {
    let provider = try Department.provider(
      .init("authorization_endpoint", "https://id.example/authorize?tenant=1"))
    let begun = try Begun(provider: provider)
    #expect(begun.address.hasPrefix("https://id.example/authorize?tenant=1&response_type=code&"))
  }

  @Test func `is the same on every node, and another for every browser, secret and attempt`() throws
  {
    func state(
      secret: UInt8 = 7, browser: UInt8 = 1, random: UInt8 = 2, at now: Int64 = Department.now
    ) throws -> String {
      RelyingParty(
        configuration: try Department.configuration(),
        secret: [UInt8](repeating: secret, count: 32)
      ).begin(
        at: try Department.provider(),
        browser: BrowserMark(random: [UInt8](repeating: browser, count: 32)),
        random: [UInt8](repeating: random, count: 16), returningTo: nil, at: now)
    }
    #expect(try state() == state())
    let all = [
      try state(), try state(secret: 8), try state(browser: 2), try state(random: 3),
      try state(at: Department.now + 1),
    ]
    #expect(Set(all).count == all.count)
  }

  /// Made by another program, from the layout of an attempt. Nodes of two versions finish
  /// each other's attempts, so that whoever changes these has to change the version in them.
  @Test func `is written as it always was`() throws {
    let begun = try Begun(returningTo: "/incidents/7")
    #expect(
      begun.sent("state")
        == "AQICAgICAgICAgICAgICAgLAA68HogEAAAEMAAAAL2luY2lkZW50cy83zJRTInWb4n"
        + "Zoca1d95oKxgBf4nTcZq8ff_OuFtQvfaY")
    #expect(begun.sent("nonce") == "g2NwN3_9svPYIbfP2uTCv8emYJl0MTdJVMrhX4r_gpw")
    #expect(begun.sent("code_challenge") == "U9_PsWKJ-NN0fk32X9wG3OnUxRtQ3ZBBPBVAAKORAEI")
  }

  @Test func `has a path to return to that is one of ours`() {
    #expect(ReturnPath("/")?.text == "/")
    #expect(ReturnPath("/incidents?status=open&page=2")?.text == "/incidents?status=open&page=2")
    let wrong = [
      "", "incidents", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/a\n",
      "/a#b", "/\u{E9}", "/" + String(repeating: "a", count: ReturnPath.longest),
    ]
    for text in wrong { #expect(ReturnPath(text) == nil, "\(text)") }
  }
}

@Suite("A relying party")
struct RelyingPartyTests {
  @Test func `has no secret that could be guessed`() async {
    await #expect(processExitsWith: .failure) {
      _ = RelyingParty(
        configuration: try Department.configuration(), secret: [UInt8](repeating: 7, count: 31))
    }
  }

  @Test func `is never printed with its secret`() throws {
    let party = try Department.party()
    #expect("\(party)" == "The client muster of https://id.example/realms/staff")
    #expect(Mirror(reflecting: party).children.isEmpty)
    #expect("\(Department.browser)" == "…")
    #expect(BrowserMark(Department.browser.spelling) == Department.browser)
    #expect(BrowserMark(Department.browser.spelling.dropLast()) == nil)
  }
}

@Suite("A callback")
struct CallbackTests {
  private static func receive(
    _ query: Query, _ begun: Begun, browser: BrowserMark? = Department.browser,
    after milliseconds: Int64 = 5_000
  ) throws -> AuthorisationCode {
    try begun.party.receive(
      query, browser: browser, from: begun.provider, at: Department.now + milliseconds)
  }

  @Test func `brings a code, and leads back to where the person wanted to go`() throws {
    let begun = try Begun(returningTo: "/incidents/7")
    let code = try Self.receive(try begun.answer(), begun)
    #expect(code.returnPath?.text == "/incidents/7")
    #expect("\(code)" == "…")
    #expect(try Self.receive(try Begun().answer(), try Begun()).returnPath == nil)
  }

  @Test func `fits its bound with the longest path`() throws {
    let path = "/" + String(repeating: "a", count: ReturnPath.longest - 1)
    let begun = try Begun(returningTo: path)
    #expect(try Self.receive(try begun.answer(), begun).returnPath?.text == path)
  }

  @Test func `is taken by another node, from the browser that began and from no other`() throws {
    let begun = try Begun()
    let other = try Begun()
    #expect(
      try Self.receive(try begun.answer(), other) == Self.receive(try begun.answer(), begun))
    #expect(throws: SignInRefusal.browserUnknown) {
      try Self.receive(try begun.answer(), begun, browser: nil)
    }
    #expect(throws: SignInRefusal.stateUnknown) {
      try Self.receive(
        try begun.answer(), begun,
        browser: BrowserMark(random: [UInt8](repeating: 9, count: 32)))
    }
  }

  @Test func `is not taken for another provider or client`() throws {
    let begun = try Begun()
    let address = begun.party.configuration.redirectURI
    let others = [
      ProviderConfiguration(
        issuer: try #require(WebAddress("https://id.example/realms/other")), clientID: "muster",
        authentication: .none, redirectURI: address),
      ProviderConfiguration(
        issuer: begun.party.configuration.issuer, clientID: "other", authentication: .none,
        redirectURI: address),
    ]
    for other in others {
      #expect(throws: SignInRefusal.stateUnknown) {
        try Department.party(other).receive(
          try begun.answer(), browser: Department.browser, from: begun.provider,
          at: Department.now)
      }
    }
  }

  @Test func `is refused with any one bit of its state turned over`() throws {
    let begun = try Begun(returningTo: "/a")
    let state = Array(try #require(begun.sent("state")).utf8)
    for place in state.indices {
      for bit in 0..<7 {
        var forged = state
        forged[place] ^= 1 << UInt8(bit)
        let query = try begun.answer(("state", String(decoding: forged, as: UTF8.self)))
        #expect(throws: SignInRefusal.stateUnknown) { try Self.receive(query, begun) }
      }
    }
    for text in ["", "A", String(repeating: "A", count: 76)] {
      #expect(throws: SignInRefusal.stateUnknown) {
        try Self.receive(try begun.answer(("state", text)), begun)
      }
    }
    #expect(throws: SignInRefusal.parameter("state")) {
      try Self.receive(try begun.answer(("state", String(repeating: "A", count: 9_000))), begun)
    }
    #expect(throws: SignInRefusal.parameter("state")) {
      try Self.receive(try begun.answer(("state", nil)), begun)
    }
  }

  @Test func `is too late after ten minutes`() throws {
    let begun = try Begun()
    _ = try Self.receive(try begun.answer(), begun, after: 599_999)
    #expect(throws: SignInRefusal.tooLate) {
      try Self.receive(try begun.answer(), begun, after: 600_000)
    }
  }

  @Test(arguments: ["code", "state", "iss", "error"])
  func `has no parameter twice`(name: String) throws {
    let begun = try Begun()
    var query = try begun.answer((name, name == "state" ? begun.sent("state") : "a"))
    query.parameters.append(.init(name: name, value: "b"))
    #expect(throws: SignInRefusal.parameter(name)) { try Self.receive(query, begun) }
  }

  @Test func `must bring a code`() throws {
    let begun = try Begun()
    for code in [nil, "", String(repeating: "c", count: 4_097)] {
      #expect(throws: SignInRefusal.parameter("code")) {
        try Self.receive(try begun.answer(("code", code)), begun)
      }
    }
  }

  @Test func `is believed about an error only for a sign-in of this browser`() throws {
    let begun = try Begun()
    #expect(throws: SignInRefusal.denied) {
      try Self.receive(try begun.answer(("code", nil), ("error", "access_denied")), begun)
    }
    #expect(throws: SignInRefusal.refused(error: "server_error", detail: "down\u{FFFD}now")) {
      try Self.receive(
        try begun.answer(
          ("code", nil), ("error", "server_error"), ("error_description", "down\nnow")), begun)
    }
    #expect(throws: SignInRefusal.stateUnknown) {
      try Self.receive(try begun.answer(("state", "AAAA"), ("error", "access_denied")), begun)
    }
  }

  @Test func `is refused from another issuer, and where it should name its own`() throws {
    let begun = try Begun()
    _ = try Self.receive(try begun.answer(("iss", Department.issuer)), begun)
    #expect(throws: SignInRefusal.otherIssuer("https://evil.example")) {
      try Self.receive(try begun.answer(("iss", "https://evil.example")), begun)
    }
    let naming = try Begun(
      provider: try Department.provider(
        .init("authorization_response_iss_parameter_supported", true)))
    _ = try Self.receive(try naming.answer(("iss", Department.issuer)), naming)
    #expect(throws: SignInRefusal.parameter("iss")) {
      try Self.receive(try naming.answer(), naming)
    }
  }
}

@Suite("Exchanging a code")
struct ExchangeTests {
  private static func request(_ authentication: ClientAuthentication) throws -> ClientRequest {
    let begun = try Begun(try Department.configuration(authentication))
    return begun.party.tokenRequest(for: try begun.code(), at: begun.provider)
  }

  private static func form(_ request: ClientRequest) -> [String: String] {
    let pairs = String(decoding: request.body, as: UTF8.self).split(separator: "&").map { pair in
      pair.split(separator: "=", maxSplits: 1).map(String.init)
    }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
  }

  private static let secret = ClientSecret(file: Array("s3cr&t: ~é".utf8.filter { $0 < 128 }))

  @Test func `shows the verifier of the challenge`() throws {
    let begun = try Begun()
    let request = begun.party.tokenRequest(for: try begun.code(), at: begun.provider)
    let form = Self.form(request)
    #expect(request.method == .post)
    #expect(request.target == "/token?tenant=1")
    #expect(request.host == "id.example:8443")
    #expect(request.fields["Content-Type"] == "application/x-www-form-urlencoded")
    #expect(
      CodeChallenge.of(verifier: try #require(form["code_verifier"]))
        == begun.sent("code_challenge")
    )
    #expect(form["code_verifier"] != begun.sent("nonce"))
    #expect(
      form.filter { $0.key != "code_verifier" } == [
        "grant_type": "authorization_code", "code": "c0de",
        "redirect_uri": "https%3A%2F%2Fmuster.example%2Fsign-in%2Fcallback",
        "client_id": "muster",
      ])
    #expect(request.fields["Authorization"] == nil)
  }

  @Test func `shows the secret in a field, with its padding`() throws {
    let request = try Self.request(.basic(try #require(Self.secret)))
    // muster:s3cr%26t%3A%20~
    #expect(
      request.fields["Authorization"] == "Basic bXVzdGVyOnMzY3IlMjZ0JTNBJTIwfg==")
    #expect(Self.form(request)["client_id"] == nil)
    #expect(Self.form(request)["client_secret"] == nil)
  }

  @Test func `shows the secret in the body`() throws {
    let request = try Self.request(.post(try #require(Self.secret)))
    #expect(request.fields["Authorization"] == nil)
    #expect(Self.form(request)["client_id"] == "muster")
    #expect(Self.form(request)["client_secret"] == "s3cr%26t%3A%20~")
  }

  @Test func `has a secret of one line that is never printed`() throws {
    let secret = try #require(ClientSecret(file: Array("abc\r\n".utf8)))
    #expect(secret == ClientSecret(file: Array("abc".utf8)))
    #expect("\(secret)" == "…")
    #expect(!"\(ClientAuthentication.basic(secret))".contains("abc"))
    for wrong in ["", "\n", "a\nb", "a\tb", "\u{E9}", String(repeating: "a", count: 1_025)] {
      #expect(ClientSecret(file: Array(wrong.utf8)) == nil)
    }
  }

  @Test func `gives tokens, or says why not`() throws {
    let good: JSONValue = ["access_token": "at", "token_type": "bearer", "id_token": "a.b.c"]
    let answer = try TokenAnswer(status: 200, body: good.serialised())
    #expect("\(answer)" == "…")
    for (name, value) in [
      ("access_token", nil), ("access_token", 7), ("access_token", "a b"),
      ("access_token", "a\r\nb"), ("token_type", nil), ("token_type", "mac"), ("id_token", nil),
    ] as [(String, JSONValue)] {
      #expect(throws: ProviderError.member(.tokens, name: name)) {
        try TokenAnswer(status: 200, body: good.with(.init(name, value)).serialised())
      }
    }
    let no: JSONValue = ["error": "invalid_grant", "error_description": "used\u{7}"]
    #expect(
      throws: ProviderError.refused(.tokens, error: "invalid_grant", detail: "used\u{FFFD}")
    ) {
      try TokenAnswer(status: 400, body: no.serialised())
    }
    #expect(throws: ProviderError.status(.tokens, code: 502)) {
      try TokenAnswer(status: 502, body: Array("<html>".utf8))
    }
    #expect(throws: ProviderError.status(.tokens, code: 302)) {
      try TokenAnswer(status: 302, body: [])
    }
    #expect(throws: ProviderError.tooLarge(.tokens, limit: TokenAnswer.largest)) {
      try TokenAnswer(
        status: 200, body: [UInt8](repeating: 0x20, count: TokenAnswer.largest + 1))
    }
  }
}
