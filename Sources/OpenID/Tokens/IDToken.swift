import Crypto
import JSON

/// How an ID token is checked (OpenID Connect Core 1.0, section 3.1.3.7), after its signature was.
struct IDToken {
  /// By how much clocks may differ, in milliseconds.
  static let skew: Int64 = 60_000

  private let members: Members<TokenRefusal>

  /// What a payload says. It must have been taken from a ``SignedToken``.
  init(_ payload: [UInt8]) throws(TokenRefusal) {
    members = try Members(signed: payload) { .claim($0) }
  }

  /// Refuses a token of another issuer, or for somebody else (steps 2 to 5).
  ///
  /// A token may be for others too when it says that it was handed to this client.
  func check(issuer: String, client: String) throws(TokenRefusal) {
    let found = try members.text("iss")
    guard found.isExactly(issuer) else { throw .issuer(found) }
    guard let audience = try members.texts("aud") else { throw .claim("aud") }
    guard audience.contains(where: { $0.isExactly(client) }) else { throw .audience(audience) }
    if let party = try members.optionalText("azp") {
      guard party.isExactly(client) else { throw .authorizedParty(party) }
    } else if audience.count > 1 {
      throw .claim("azp")
    }
  }

  /// Refuses a token that has ended, that has not begun, or that is older than the sign-in (steps 9
  /// and 10; RFC 7519, section 4.1.5).
  func check(at now: Int64, begunAt: Int64) throws(TokenRefusal) {
    guard let end = try members.instant("exp") else { throw .claim("exp") }
    guard now < end + Self.skew else { throw .expired(at: end) }
    guard let issued = try members.instant("iat") else { throw .claim("iat") }
    guard issued <= now + Self.skew else { throw .notYet(at: issued) }
    guard issued >= begunAt - Self.skew else { throw .older(at: issued) }
    if let start = try members.instant("nbf"), start > now + Self.skew {
      throw .notYet(at: start)
    }
  }

  /// Refuses a token of another sign-in (step 11).
  func check(nonce: String) throws(TokenRefusal) {
    let found = try members.text("nonce")
    guard constantTimeEqual(Array(found.utf8), Array(nonce.utf8)) else { throw .nonce }
  }

  /// Refuses a token that names another access token than the one that came with it (section
  /// 3.1.3.8). One that names none is taken.
  func check(accessToken: String) throws(TokenRefusal) {
    guard let found = try members.optionalText("at_hash") else { return }
    let hash = SHA256.hash(Array(accessToken.utf8)).prefix(SHA256.size / 2)
    guard found.isExactly(Base64URL.encode(Array(hash))) else { throw .accessToken }
  }

  /// Who has signed in.
  func identity(issuer: String, groupsClaim: String) throws(TokenRefusal) -> Identity {
    // Distributed claims (section 5.6.2): the token says where the groups are, and names none.
    if members[groupsClaim] == nil, case .object(let names)? = members["_claim_names"]?.kind,
      names.contains(where: { $0.name.isExactly(groupsClaim) })
    {
      throw .groupsElsewhere(claim: groupsClaim)
    }
    return try Identity(issuer: issuer, members: members, groupsClaim: groupsClaim) { .claim($0) }
  }
}
