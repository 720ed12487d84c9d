import Crypto
import HTTP
import JSON
import OpenID
import Testing

@Suite("What a provider says of itself")
struct ProviderMetadataTests {
  private static func read(
    _ changes: JSONValue.Member..., with configuration: ProviderConfiguration? = nil
  ) throws -> ProviderMetadata {
    try ProviderMetadata(
      parsing: Department.document.with(changes).serialised(),
      for: try configuration ?? Department.configuration())
  }

  @Test func `is where its issuer says`() throws {
    let configuration = try Department.configuration()
    let address = ProviderMetadata.address(of: configuration)
    #expect(address.text == "https://id.example/realms/staff/.well-known/openid-configuration")
    #expect(address.target == "/realms/staff/.well-known/openid-configuration")
    let slash = ProviderConfiguration(
      issuer: try #require(WebAddress("https://id.example/")), clientID: "muster",
      authentication: .none, redirectURI: configuration.redirectURI)
    #expect(
      ProviderMetadata.address(of: slash).text
        == "https://id.example/.well-known/openid-configuration")
  }

  @Test func `tells where to sign in and where to ask`() throws {
    let provider = try Self.read()
    #expect(provider.issuer.text == Department.issuer)
    #expect(provider.authorizationEndpoint.text == "https://id.example/authorize")
    #expect(provider.tokenEndpoint.authority == "id.example:8443")
    #expect(provider.tokenEndpoint.target == "/token?tenant=1")
    #expect(provider.keySetAddress.text == "https://id.example/keys")
    #expect(provider.userInfoEndpoint?.text == "https://id.example/me")
    #expect(!provider.namesIssuerInCallback)
    let other = try Self.read(
      .init("userinfo_endpoint", nil),
      .init("authorization_response_iss_parameter_supported", true))
    #expect(other.userInfoEndpoint == nil)
    #expect(other.namesIssuerInCallback)
  }

  @Test(arguments: [
    "https://id.example/realms/staff/", "https://id.example/realms/other",
    "https://ID.example/realms/staff", "http://id.example/realms/staff", "",
    // A kelvin sign is no K, whatever Unicode says.
    "https://id.example/realms/staf\u{0066}\u{0300}",
  ])
  func `is another's when the issuer is not spelt exactly alike`(issuer: String) {
    #expect(throws: ProviderError.otherIssuer(found: issuer, configured: Department.issuer)) {
      try Self.read(.init("issuer", JSONValue(.string(issuer))))
    }
  }

  @Test func `is compared by its bytes and not as Unicode compares`() throws {
    let kelvin = "https://id.example/\u{212A}"
    #expect(kelvin == "https://id.example/K")
    let configuration = ProviderConfiguration(
      issuer: try #require(WebAddress("https://id.example/K")), clientID: "muster",
      authentication: .none, redirectURI: try Department.configuration().redirectURI)
    #expect(
      throws: ProviderError.otherIssuer(found: kelvin, configured: "https://id.example/K")
    ) {
      try Self.read(.init("issuer", JSONValue(.string(kelvin))), with: configuration)
    }
  }

  @Test(arguments: ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
  func `has no address that is not https`(member: String) {
    for address in ["http://id.example/x", "http://127.0.0.1/x", "ftp://id.example", "/x", ""] {
      #expect(throws: ProviderError.insecureAddress(member: member, address: address)) {
        try Self.read(.init(member, JSONValue(.string(address))))
      }
    }
    #expect(throws: ProviderError.member(.metadata, name: member)) {
      try Self.read(.init(member, 7))
    }
  }

  @Test(arguments: ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
  func `is refused when what is needed is missing`(member: String) {
    #expect(throws: ProviderError.member(.metadata, name: member)) {
      try Self.read(.init(member, nil))
    }
  }

  @Test func `may be plain HTTP on this machine, where that is allowed`() throws {
    let configuration = ProviderConfiguration(
      issuer: try #require(WebAddress("http://127.0.0.1:9400", allowingHTTPOnLoopback: true)),
      clientID: "muster", authentication: .none,
      redirectURI: try Department.configuration().redirectURI, allowsHTTPOnLoopback: true)
    let provider = try Self.read(
      .init("issuer", "http://127.0.0.1:9400"),
      .init("authorization_endpoint", "http://localhost:9400/authorize"),
      .init("token_endpoint", "http://[::1]:9400/token"),
      with: configuration)
    #expect(provider.tokenEndpoint.host == "::1")
    #expect(provider.tokenEndpoint.authority == "[::1]:9400")
    #expect(
      throws: ProviderError.insecureAddress(member: "jwks_uri", address: "http://id.example/k")
    ) {
      try Self.read(
        .init("issuer", "http://127.0.0.1:9400"), .init("jwks_uri", "http://id.example/k"),
        with: configuration)
    }
  }

  @Test(arguments: [
    ("response_types_supported", "\"code\"", "id_token"),
    ("response_modes_supported", "\"query\"", "form_post"),
    ("grant_types_supported", "\"authorization_code\"", "implicit"),
    ("code_challenge_methods_supported", "\"S256\"", "plain"),
    ("id_token_signing_alg_values_supported", "\"RS256\" or \"ES256\"", "PS256"),
    ("token_endpoint_auth_methods_supported", "\"none\"", "private_key_jwt"),
  ])
  func `is refused when it lists what it can do, and not what is needed`(
    member: String, needed: String, other: String
  ) throws {
    #expect(throws: ProviderError.unsupported(member: member, needed: needed)) {
      try Self.read(.init(member, JSONValue(.array([.init(.string(other))]))))
    }
    #expect(throws: ProviderError.unsupported(member: member, needed: needed)) {
      try Self.read(.init(member, []))
    }
    let names = needed.split(separator: "\"").filter { $0 != " or " }.map(String.init)
    for name in names {
      _ = try Self.read(
        .init(member, JSONValue(.array([.init(.string(other)), .init(.string(name))]))))
    }
  }

  @Test func `is refused when it is no object, or huge`() throws {
    let configuration = try Department.configuration()
    #expect(
      throws: ProviderError.malformed(.metadata, detail: "a value was expected")
    ) {
      try ProviderMetadata(parsing: Array("<html>".utf8), for: configuration)
    }
    #expect(
      throws: ProviderError.malformed(.metadata, detail: "it is of another kind")
    ) {
      try ProviderMetadata(parsing: Array("[]".utf8), for: configuration)
    }
    let huge = [UInt8](repeating: 0x20, count: ProviderMetadata.largest + 1)
    #expect(throws: ProviderError.tooLarge(.metadata, limit: ProviderMetadata.largest)) {
      try ProviderMetadata(parsing: huge, for: configuration)
    }
  }

  @Test func `is refused in sentences that say what to do`() {
    #expect(
      "\(ProviderError.otherIssuer(found: "a\u{1B}[2J", configured: "b"))"
        == "The provider calls itself \"a\u{FFFD}[2J\", and the configuration \"b\". "
        + "Write \"issuer\" exactly as the provider spells it, if it is the right one.")
    #expect(
      "\(ProviderError.refused(.tokens, error: "invalid_client", detail: ""))"
        == "The provider refused its answer to a code with \"invalid_client\". "
        + "Check \"clientID\", the secret, and \"clientAuthentication\" against the provider.")
  }
}

@Suite("A key set")
struct KeySetTests {
  private static func read(_ keys: JSONValue...) throws -> KeySet {
    try KeySet(
      parsing: JSONValue(.object([.init("keys", .init(.array(keys)))])).serialised())
  }

  @Test func `has the keys that sign with RS256 and ES256`() throws {
    let keys = try Self.read(
      TestKey.rsa.published(as: "r1", [.init("use", "sig"), .init("alg", "RS256")]),
      TestKey.ec.published(as: "e1", [.init("key_ops", ["verify"])]),
      TestKey.otherEC.published(as: nil))
    #expect(keys.keys.map(\.id) == ["r1", "e1", nil])
    #expect(keys.keys.map(\.algorithm) == [.rs256, .es256, .es256])
    #expect(keys.ignored.isEmpty)
  }

  @Test func `passes over what is of no use, and says why`() throws {
    let good = TestKey.ec.published(as: "e1")
    let unfit: [(JSONValue, SigningKey.Unfitness)] = [
      (["kid": "k", "kty": "oct", "k": "c2VjcmV0"], .kind("oct")),
      (["kid": "k", "kty": "OKP", "crv": "Ed25519", "x": "AA"], .kind("OKP")),
      (good.with(.init("kid", "k"), .init("crv", "P-384")), .kind("P-384")),
      (good.with(.init("kid", "k"), .init("crv", nil)), .member("crv")),
      (good.with(.init("kid", "k"), .init("use", "enc")), .use("enc")),
      (good.with(.init("kid", "k"), .init("key_ops", ["deriveKey"])), .use("deriveKey")),
      (good.with(.init("kid", "k"), .init("alg", "ECDH-ES")), .algorithm("ECDH-ES")),
      (TestKey.rsa.published(as: "k", [.init("alg", "PS256")]), .algorithm("PS256")),
      (good.with(.init("kid", "k"), .init("d", "AAAA")), .isNotPrivate),
      (good.with(.init("kid", "k"), .init("x", "AAAA")), .numbers),
      (good.with(.init("kid", "k"), .init("x", "A+/=")), .member("x")),
      (good.with(.init("kid", "k"), .init("x", nil)), .member("x")),
      (TestKey.weakRSA.published(as: "k"), .numbers),
      (TestKey.rsa.published(as: "k").with(.init("e", "AQ")), .numbers),
      (good.with(.init("kid", "k"), .init("kty", nil)), .member("kty")),
    ]
    for (key, reason) in unfit {
      let keys = try Self.read(key, good)
      #expect(keys.keys.map(\.id) == ["e1"])
      #expect(keys.ignored == [KeySet.Ignored(id: "k", reason: reason)])
      // A token that names it is told so, and does not ask for keys that are here already.
      let token = TestKey.ec.token(header: ["alg": "ES256", "kid": "k"], claims: [:])
      #expect(throws: TokenRefusal.unfitKey("k", reason)) {
        try SignedToken(token).payload(signedBy: keys)
      }
    }
  }

  @Test func `takes the first of two keys with one name and use`() throws {
    let keys = try Self.read(
      TestKey.ec.published(as: "k"), TestKey.otherEC.published(as: "k"),
      TestKey.rsa.published(as: "k"))
    #expect(keys.keys.map(\.algorithm) == [.es256, .rs256])
    #expect(keys.ignored == [KeySet.Ignored(id: "k", reason: .isSecond)])
  }

  @Test func `is refused when no key is of use, or there are too many`() throws {
    #expect(throws: ProviderError.noUsableKey) { try Self.read() }
    #expect(throws: ProviderError.noUsableKey) {
      try Self.read(TestKey.weakRSA.published(as: "r1"), 7, [])
    }
    #expect(throws: ProviderError.member(.keySet, name: "keys")) {
      try KeySet(parsing: Array("{}".utf8))
    }
    let many = JSONValue(
      .object([
        .init(
          "keys",
          .init(
            .array(
              [JSONValue](repeating: TestKey.ec.published(as: "k"), count: KeySet.most + 1))))
      ]))
    #expect(throws: ProviderError.member(.keySet, name: "keys")) {
      try KeySet(parsing: many.serialised())
    }
    #expect(throws: ProviderError.tooLarge(.keySet, limit: KeySet.largest)) {
      try KeySet(parsing: [UInt8](repeating: 0x20, count: KeySet.largest + 1))
    }
  }
}

@Suite("An address")
struct WebAddressTests {
  @Test func `is taken apart`() throws {
    let address = try #require(WebAddress("https://id.example:8443/a/b?c=d"))
    #expect(address.host == "id.example")
    #expect(address.port == 8443)
    #expect(address.authority == "id.example:8443")
    #expect(address.target == "/a/b?c=d")
    #expect(address.isSecure)
    let short = try #require(WebAddress("https://id.example?x=1"))
    #expect(short.port == 443)
    #expect(short.target == "/?x=1")
    #expect(try #require(WebAddress("https://id.example")).target == "/")
  }

  @Test(arguments: [
    "", "id.example", "//id.example", "https:/id.example", "https://", "https:///a",
    "HTTPS://id.example", "https://user@id.example", "https://id.example#a",
    "https://id.example/a b", "https://id.example/\u{E9}", "https://id.example\\@evil.example",
    "https://id.example:0", "https://id.example:65536", "https://id.example:", "https://:443",
    "https://id.example:443x", "https://[::1", "https://[id.example]", "https://[::1]x",
    "https://id.example/a\r\nHost: evil", "javascript:alert(1)",
    "https://id.example/" + String(repeating: "a", count: WebAddress.longest),
  ])
  func `is none when it is spelt in any other way`(text: String) {
    #expect(WebAddress(text) == nil)
    #expect(WebAddress(text, allowingHTTPOnLoopback: true) == nil)
  }

  @Test func `is plain HTTP on this machine only`() {
    for host in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "localhost:9400"] {
      #expect(WebAddress("http://\(host)/a") == nil)
      #expect(WebAddress("http://\(host)/a", allowingHTTPOnLoopback: true) != nil)
    }
    for host in [
      "id.example", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
      "128.0.0.1", "127.0.0.256", "127.0.0", "127.0.0.0x1", "[::2]", "10.0.0.1", "0.0.0.0",
    ] {
      #expect(WebAddress("http://\(host)/a", allowingHTTPOnLoopback: true) == nil)
    }
  }
}
