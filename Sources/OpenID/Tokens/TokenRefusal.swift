/// Why a token is not believed.
package enum TokenRefusal: Error, Hashable, Sendable {
  // MARK: Its form

  /// It is larger than a token may be, in bytes.
  case tooLarge(limit: Int)
  /// It is not three parts in base64url of which the first two are JSON objects.
  case malformed
  /// It says that it is signed in a way other than RS256 and ES256, or not at all.
  case algorithm(String)
  /// Its header has a member that would bring a key along, or that has to be understood.
  case header(String)
  /// It says that it is a token of another kind.
  case kind(String)

  // MARK: Its signature

  /// No key of the set has the name that it gives, or none is for its algorithm.
  case unknownKey(String?)
  /// It names no key, and there are several that it could be.
  case keyNotNamed
  /// The key that it names is passed over.
  case unfitKey(String, SigningKey.Unfitness)
  /// The holder of the key did not sign this.
  case signature

  // MARK: What it says

  /// A claim has to be there and is not, or is of another kind.
  case claim(String)
  /// It is of another issuer.
  case issuer(String)
  /// It is for others.
  case audience([String])
  /// It was handed to another party.
  case authorizedParty(String)
  /// It ended at this instant, in milliseconds since 1970.
  case expired(at: Int64)
  /// It begins at this instant, which is still to come.
  case notYet(at: Int64)
  /// It was issued at this instant, before the sign-in that it should belong to.
  case older(at: Int64)
  /// It belongs to another sign-in.
  case nonce
  /// It belongs to another access token.
  case accessToken
  /// The groups are too many for the token, and stand elsewhere.
  case groupsElsewhere(claim: String)

  /// Whether the same token may be believed once the key set was fetched again.
  package var asksForFreshKeys: Bool {
    if case .unknownKey = self { true } else { false }
  }
}

extension TokenRefusal: CustomStringConvertible {
  /// A sentence that says what is wrong, and one that says what to do.
  package var description: String { "The provider's token \(fault). \(advice)" }

  private var fault: String {
    switch self {
    case .tooLarge(let limit): "has more than \(limit) bytes"
    case .malformed: "is no signed token"
    case .algorithm(let name): "is signed with \"\(name.shortened)\", not with RS256 or ES256"
    case .header(let name): "has \"\(name.shortened)\" in its header, which is not taken"
    case .kind(let kind): "is a \"\(kind.shortened)\" and no ID token"
    case .unknownKey(let name?): "names the key \"\(name.shortened)\", which is not in its key set"
    case .unknownKey(nil): "is signed with a kind of key that is not in its key set"
    case .keyNotNamed: "does not say with which of several keys it is signed"
    case .unfitKey(let name, let reason):
      "names the key \"\(name.shortened)\", which is of no use here: \(reason)"
    case .signature: "was not signed by the provider"
    case .claim(let name): "has no \"\(name)\" that can be read"
    case .issuer(let issuer): "is of the issuer \"\(issuer.shortened)\""
    case .audience(let audience):
      "is for \(audience.prefix(3).map { "\"\($0.shortened)\"" }.joined(separator: ", "))"
    case .authorizedParty(let party): "was handed to \"\(party.shortened)\""
    case .expired(let instant): "ended at \(instant / 1000) (seconds since 1970)"
    case .notYet(let instant): "begins at \(instant / 1000) (seconds since 1970)"
    case .older(let instant):
      "was issued at \(instant / 1000) (seconds since 1970), before the sign-in began"
    case .nonce: "belongs to another sign-in"
    case .accessToken: "belongs to another access token"
    case .groupsElsewhere(let claim): "has too many groups to name them in \"\(claim)\""
    }
  }

  private var advice: String {
    switch self {
    case .unknownKey: "Fetch the key set again."
    case .algorithm, .keyNotNamed, .unfitKey:
      "Have the provider sign with RS256 or ES256, with a key that the token names."
    case .expired, .notYet, .older: "Check that the clocks are right here and at the provider."
    case .audience, .authorizedParty:
      "Check \"clientID\" against the provider."
    case .groupsElsewhere:
      "Have the provider send only the groups that are assigned to this client."
    case .claim: "Ask whoever runs the provider to add it to the ID token."
    case .tooLarge, .malformed, .header, .kind, .signature, .issuer, .nonce, .accessToken:
      "Sign in again, and if it stays so ask whoever runs the provider."
    }
  }
}

extension SigningKey.Unfitness: CustomStringConvertible {
  /// Words that can stand in a sentence.
  package var description: String {
    switch self {
    case .kind(let kind): "it is of the kind \"\(kind.shortened)\""
    case .use(let use): "it is for \"\(use.shortened)\""
    case .algorithm(let name): "it is for \"\(name.shortened)\""
    case .member(let name): "its \"\(name)\" cannot be read"
    case .numbers: "it is no RSA key of 2048 to 8192 bits and no point on P-256"
    case .isNotPrivate: "its private part is published with it"
    case .isSecond: "another key has the same name"
    }
  }
}
