import Crypto
import HTTP
import JSON
import OpenID
import Testing

/// A department, its provider, and a person who signs in: what most tests begin with.
enum Department {
  /// 2026-11-23T09:04:00Z.
  static let now: Int64 = 1_795_424_640_000
  static let issuer = "https://id.example/realms/staff"
  static let secret = [UInt8](repeating: 7, count: 32)
  static let browser = BrowserMark(random: [UInt8](repeating: 1, count: 32))
  static let random = [UInt8](repeating: 2, count: 16)

  static func configuration(
    _ authentication: ClientAuthentication = .none, groupsClaim: String = "groups"
  ) throws -> ProviderConfiguration {
    ProviderConfiguration(
      issuer: try #require(WebAddress(issuer)), clientID: "muster",
      authentication: authentication,
      redirectURI: try #require(WebAddress("https://muster.example/sign-in/callback")),
      groupsClaim: groupsClaim)
  }

  static let document: JSONValue = [
    "issuer": "https://id.example/realms/staff",
    "authorization_endpoint": "https://id.example/authorize",
    "token_endpoint": "https://id.example:8443/token?tenant=1",
    "jwks_uri": "https://id.example/keys",
    "userinfo_endpoint": "https://id.example/me",
  ]

  static func provider(_ changes: JSONValue.Member...) throws -> ProviderMetadata {
    try ProviderMetadata(
      parsing: document.with(changes).serialised(), for: try configuration())
  }

  static func party(_ configuration: ProviderConfiguration? = nil) throws -> RelyingParty {
    RelyingParty(configuration: try configuration ?? Self.configuration(), secret: secret)
  }

  static func keys() throws -> KeySet {
    try KeySet(
      parsing: keySet(TestKey.rsa.published(as: "r1"), TestKey.ec.published(as: "e1")))
  }

  static func keySet(_ keys: JSONValue...) -> [UInt8] {
    JSONValue(.object([.init("keys", .init(.array(keys)))])).serialised()
  }
}

extension JSONValue {
  /// The object with these members added or replaced; `null` stands for none.
  func with(_ changes: [Member]) -> JSONValue {
    guard case .object(var members) = kind else { return self }
    for change in changes {
      members.removeAll { $0.name == change.name }
      members.append(change)
    }
    return JSONValue(.object(members))
  }

  /// The object with these members added or replaced.
  func with(_ changes: Member...) -> JSONValue { with(changes) }
}

/// A sign-in that a person has begun, and what the provider was sent.
struct Begun {
  let party: RelyingParty
  let provider: ProviderMetadata
  let address: String

  init(
    _ configuration: ProviderConfiguration? = nil, returningTo path: String? = nil,
    provider: ProviderMetadata? = nil
  ) throws {
    party = try Department.party(configuration)
    self.provider = try provider ?? Department.provider()
    address = party.begin(
      at: self.provider, browser: Department.browser, random: Department.random,
      returningTo: path.flatMap { ReturnPath($0) }, at: Department.now)
  }

  /// What an address says, by name.
  func sent(_ name: String) -> String? {
    let pairs = address.drop { $0 != "?" }.dropFirst().split(separator: "&")
    return pairs.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// What the browser brings back, with other values for some.
  func answer(_ changes: (String, String?)...) throws -> Query {
    var values = [("code", "c0de"), ("state", try #require(sent("state")))]
    for (name, value) in changes {
      values.removeAll { $0.0 == name }
      if let value { values.append((name, value)) }
    }
    return Query(values.map { Query.Parameter(name: $0.0, value: $0.1) })
  }

  func code() throws -> AuthorisationCode {
    try party.receive(
      try answer(), browser: Department.browser, from: provider, at: Department.now + 5_000)
  }

  /// The claims of a good ID token for this sign-in.
  func claims() throws -> JSONValue {
    [
      "iss": "https://id.example/realms/staff", "sub": "248289761001", "aud": "muster",
      "exp": 1_795_424_940, "iat": 1_795_424_642,
      "nonce": JSONValue(.string(try #require(sent("nonce")))),
      "email": "ana@dept.example", "email_verified": true, "name": "Ana",
      "groups": ["ops", "all-staff"],
    ]
  }

  /// Who a token says it is.
  func identity(
    _ token: String, keys: KeySet? = nil, at now: Int64 = Department.now + 5_000
  ) throws -> Identity {
    let body: JSONValue = [
      "access_token": "at", "token_type": "Bearer", "id_token": JSONValue(.string(token)),
    ]
    return try party.identity(
      of: try TokenAnswer(status: 200, body: body.serialised()), for: try code(),
      signedBy: try keys ?? Department.keys(), at: now)
  }
}
