import Crypto
import HTTP
import JSON
import OpenID
import Testing

@Suite("Who has signed in")
struct IdentityTests {
  private static func identity(
    _ changes: JSONValue.Member..., at now: Int64 = Department.now + 5_000
  ) throws -> Identity {
    let begun = try Begun()
    let claims = try begun.claims().with(changes)
    return try begun.identity(
      TestKey.ec.token(header: ["alg": "ES256", "kid": "e1"], claims: claims), at: now)
  }

  private static let ana = Identity(
    issuer: Department.issuer, subject: "248289761001", email: "ana@dept.example",
    isEmailVerified: true, name: "Ana", groups: ["ops", "all-staff"])

  @Test func `is what the token says`() throws {
    #expect(try Self.identity() == Self.ana)
    let begun = try Begun()
    let token = TestKey.rsa.token(
      header: ["alg": "RS256", "kid": "r1"], claims: try begun.claims())
    #expect(try begun.identity(token) == Self.ana)
  }

  @Test func `may be a subject alone`() throws {
    let identity = try Self.identity(
      .init("email", nil), .init("email_verified", nil), .init("name", nil),
      .init("groups", nil))
    #expect(identity == Identity(issuer: Department.issuer, subject: "248289761001"))
  }

  @Test func `has a verified address where the provider says so, in either spelling`() throws {
    #expect(try Self.identity(.init("email_verified", "true")).isEmailVerified)
    #expect(try !Self.identity(.init("email_verified", "false")).isEmailVerified)
    #expect(try !Self.identity(.init("email_verified", false)).isEmailVerified)
    #expect(throws: TokenRefusal.claim("email_verified")) {
      try Self.identity(.init("email_verified", 1))
    }
  }

  @Test func `has one group where the claim is a text`() throws {
    #expect(try Self.identity(.init("groups", "ops")).groups == ["ops"])
    #expect(throws: TokenRefusal.claim("groups")) {
      try Self.identity(.init("groups", ["ops", 7]))
    }
  }

  @Test func `has groups by the name that is configured`() throws {
    let begun = try Begun(try Department.configuration(groupsClaim: "https://dept.example/roles"))
    let claims = try begun.claims().with(.init("https://dept.example/roles", ["a"]))
    let token = TestKey.ec.token(header: ["alg": "ES256", "kid": "e1"], claims: claims)
    #expect(try begun.identity(token).groups == ["a"])
  }

  @Test func `is not told when the groups did not fit the token`() throws {
    let names: JSONValue = ["groups": "src1"]
    #expect(throws: TokenRefusal.groupsElsewhere(claim: "groups")) {
      try Self.identity(.init("groups", nil), .init("_claim_names", names))
    }
  }

  @Test(arguments: ["iss", "sub", "aud", "exp", "iat", "nonce"])
  func `is not told without what a token must say`(claim: String) {
    #expect(throws: TokenRefusal.claim(claim)) { try Self.identity(.init(claim, nil)) }
    #expect(throws: TokenRefusal.claim(claim)) { try Self.identity(.init(claim, true)) }
    #expect(throws: TokenRefusal.claim(claim)) { try Self.identity(.init(claim, [7])) }
  }

  @Test(arguments: [
    "", String(repeating: "a", count: 256), "ana\n", "an\u{E9}",
  ])
  func `has a subject that can be one`(subject: String) {
    #expect(throws: TokenRefusal.claim("sub")) {
      try Self.identity(.init("sub", JSONValue(.string(subject))))
    }
  }

  @Test func `is of the issuer and for us`() throws {
    #expect(throws: TokenRefusal.issuer("https://id.example/realms/staff/")) {
      try Self.identity(.init("iss", "https://id.example/realms/staff/"))
    }
    #expect(try Self.identity(.init("aud", ["muster"])) == Self.ana)
    #expect(throws: TokenRefusal.audience(["other"])) { try Self.identity(.init("aud", "other")) }
    #expect(throws: TokenRefusal.audience(["Muster", "other"])) {
      try Self.identity(.init("aud", ["Muster", "other"]))
    }
    #expect(throws: TokenRefusal.audience([])) { try Self.identity(.init("aud", [])) }
  }

  @Test func `is for others too only where the token was handed to us`() throws {
    let both: JSONValue = ["other", "muster"]
    #expect(throws: TokenRefusal.claim("azp")) { try Self.identity(.init("aud", both)) }
    #expect(try Self.identity(.init("aud", both), .init("azp", "muster")) == Self.ana)
    #expect(throws: TokenRefusal.authorizedParty("other")) {
      try Self.identity(.init("aud", both), .init("azp", "other"))
    }
    #expect(throws: TokenRefusal.authorizedParty("other")) {
      try Self.identity(.init("azp", "other"))
    }
  }

  @Test func `is told until a minute after the token's end`() throws {
    // The token ends 300 seconds after the beginning.
    #expect(try Self.identity(at: Department.now + 359_999) == Self.ana)
    #expect(throws: TokenRefusal.expired(at: Department.now + 300_000)) {
      try Self.identity(at: Department.now + 360_000)
    }
    #expect(throws: TokenRefusal.expired(at: 0)) { try Self.identity(.init("exp", 0)) }
  }

  @Test func `is told by a clock that is a minute ahead, and no more`() throws {
    let now = Department.now / 1000
    let ahead = JSONValue(.number("\(now + 65)"))
    let far = JSONValue(.number("\(now + 66)"))
    #expect(try Self.identity(.init("iat", ahead)) == Self.ana)
    #expect(throws: TokenRefusal.notYet(at: Department.now + 66_000)) {
      try Self.identity(.init("iat", far))
    }
    #expect(try Self.identity(.init("nbf", ahead)) == Self.ana)
    #expect(throws: TokenRefusal.notYet(at: Department.now + 66_000)) {
      try Self.identity(.init("nbf", far))
    }
  }

  @Test func `is not told by a token from before the sign-in`() throws {
    let now = Department.now / 1000
    #expect(try Self.identity(.init("iat", JSONValue(.number("\(now - 60)")))) == Self.ana)
    #expect(throws: TokenRefusal.older(at: Department.now - 61_000)) {
      try Self.identity(.init("iat", JSONValue(.number("\(now - 61)"))))
    }
  }

  @Test(arguments: ["-1", "1e9", "253402300800", "99999999999999999999", "1.5e3"])
  func `has instants that are some`(spelling: String) {
    #expect(throws: TokenRefusal.claim("exp")) {
      try Self.identity(.init("exp", JSONValue(.number(spelling))))
    }
  }

  @Test func `has instants with fractions of a second`() throws {
    #expect(try Self.identity(.init("exp", JSONValue(.number("1795424940.75")))) == Self.ana)
  }

  @Test func `is of this sign-in and no other`() throws {
    #expect(throws: TokenRefusal.nonce) { try Self.identity(.init("nonce", "other")) }
    #expect(throws: TokenRefusal.nonce) { try Self.identity(.init("nonce", "")) }
  }

  @Test func `goes with the access token that came with it`() throws {
    let hash = Base64URL.encode(Array(SHA256.hash(Array("at".utf8)).prefix(16)))
    #expect(try Self.identity(.init("at_hash", JSONValue(.string(hash)))) == Self.ana)
    #expect(throws: TokenRefusal.accessToken) {
      try Self.identity(.init("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))
    }
  }

  @Test func `is refused in sentences that say what to do`() {
    #expect(
      "\(TokenRefusal.unknownKey("k"))"
        == "The provider's token names the key \"k\", which is not in its key set. "
        + "Fetch the key set again.")
    #expect(
      "\(TokenRefusal.unfitKey("k", .numbers))"
        == "The provider's token names the key \"k\", which is of no use here: "
        + "it is no RSA key of 2048 to 8192 bits and no point on P-256. "
        + "Have the provider sign with RS256 or ES256, with a key that the token names.")
  }
}

@Suite("What a provider adds about a person")
struct UserInfoTests {
  private static let bare = Identity(issuer: Department.issuer, subject: "1")

  private static func completing(
    _ identity: Identity, _ body: JSONValue, status: Int = 200
  ) throws -> Identity {
    try Department.party().completing(identity, status: status, body: body.serialised())
  }

  @Test func `is asked with the access token, where there is somebody to ask`() throws {
    let begun = try Begun()
    let body: JSONValue = ["access_token": "at", "token_type": "Bearer", "id_token": "a.b.c"]
    let answer = try TokenAnswer(status: 200, body: body.serialised())
    let request = try #require(begun.party.userInfoRequest(with: answer, at: begun.provider))
    #expect(request.target == "/me")
    #expect(request.host == "id.example")
    #expect(request.fields["Authorization"] == "Bearer at")
    let provider = try Department.provider(.init("userinfo_endpoint", nil))
    #expect(begun.party.userInfoRequest(with: answer, at: provider) == nil)
  }

  @Test func `completes what the token does not say`() throws {
    let body: JSONValue = [
      "sub": "1", "email": "ana@dept.example", "email_verified": true, "name": "Ana",
      "groups": ["ops"],
    ]
    #expect(
      try Self.completing(Self.bare, body)
        == Identity(
          issuer: Department.issuer, subject: "1", email: "ana@dept.example",
          isEmailVerified: true, name: "Ana", groups: ["ops"]))
  }

  @Test func `leaves what the token says`() throws {
    let ana = Identity(
      issuer: Department.issuer, subject: "1", email: "ana@dept.example", name: "Ana",
      groups: ["ops"])
    let body: JSONValue = [
      "sub": "1", "email": "eve@dept.example", "email_verified": true, "name": "Eve",
      "groups": ["admins"],
    ]
    #expect(try Self.completing(ana, body) == ana)
  }

  @Test func `is refused when it is about another person, or nothing that can be read`() {
    #expect(throws: ProviderError.otherPerson) { try Self.completing(Self.bare, ["sub": "2"]) }
    #expect(throws: ProviderError.member(.userInfo, name: "sub")) {
      try Self.completing(Self.bare, ["name": "Ana"])
    }
    #expect(throws: ProviderError.status(.userInfo, code: 401)) {
      try Self.completing(Self.bare, ["sub": "1"], status: 401)
    }
    #expect(throws: ProviderError.malformed(.userInfo, detail: "it is of another kind")) {
      try Self.completing(Self.bare, [])
    }
  }
}
