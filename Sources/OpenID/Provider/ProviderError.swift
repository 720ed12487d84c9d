/// Why what a provider publishes or answers cannot be used. All of it is for whoever runs the two:
/// nobody who signs in has done anything wrong.
package enum ProviderError: Error, Hashable, Sendable {
  /// What was asked for.
  package enum Document: String, Hashable, Sendable {
    /// What it says of itself (OpenID Connect Discovery 1.0, section 4).
    case metadata = "its configuration document"
    /// The keys that it signs with (RFC 7517, section 5).
    case keySet = "its key set"
    /// Its answer to a code (RFC 6749, section 5).
    case tokens = "its answer to a code"
    /// What it says of a person (OpenID Connect Core 1.0, section 5.3).
    case userInfo = "its answer about the person"
  }

  /// It is larger than a document of its kind may be, in bytes.
  case tooLarge(Document, limit: Int)
  /// It is no JSON object.
  case malformed(Document, detail: String)
  /// A member has to be there and is not, or is of another kind.
  case member(Document, name: String)
  /// It was answered with an HTTP status that tells nothing more.
  case status(Document, code: Int)
  /// The provider said no, and why in its own words (RFC 6749, section 5.2).
  case refused(Document, error: String, detail: String)
  /// It is the document of another issuer than the configured one.
  case otherIssuer(found: String, configured: String)
  /// An address is not `https`.
  case insecureAddress(member: String, address: String)
  /// It says that it can do some things, and what is needed is not among them.
  case unsupported(member: String, needed: String)
  /// There is no key in the set that signatures could be checked with.
  case noUsableKey
  /// The answer is about somebody else than the token was.
  case otherPerson
}

extension ProviderError: CustomStringConvertible {
  /// A sentence that says what is wrong, and one that says what to do.
  package var description: String {
    switch self {
    case .tooLarge(let document, let limit):
      "The provider sent \(document.rawValue) with more than \(limit) bytes. "
        + "Check that the issuer's address leads to an OpenID provider."
    case .malformed(let document, let detail):
      "The provider sent \(document.rawValue) as no JSON object: \(detail). "
        + "Check that the issuer's address leads to an OpenID provider."
    case .member(let document, let name):
      "In what the provider sent, \(document.rawValue), \"\(name)\" is missing or of another kind. "
        + "Ask whoever runs the provider."
    case .status(let document, let code):
      "The provider answered with status \(code) where \(document.rawValue) was expected. "
        + "Try again, and if it stays so ask whoever runs the provider."
    case .refused(let document, let error, let detail):
      "The provider refused \(document.rawValue) with \"\(error.shortened)\""
        + (detail.isEmpty ? ". " : " (\(detail.shortened)). ") + Self.advice(error)
    case .otherIssuer(let found, let configured):
      "The provider calls itself \"\(found.shortened)\", and the configuration \"\(configured)\". "
        + "Write \"issuer\" exactly as the provider spells it, if it is the right one."
    case .insecureAddress(let member, let address):
      "The provider's \"\(member)\" is \"\(address.shortened)\", which is not https. "
        + "Have the provider configured with its https addresses."
    case .unsupported(let member, let needed):
      "The provider's \"\(member)\" does not have \(needed), which is needed. "
        + "Have it allowed at the provider."
    case .noUsableKey:
      "The provider's key set has no RSA key of 2048 bits or more and no key on P-256 to sign with. "
        + "Have the provider sign with RS256 or ES256."
    case .otherPerson:
      "The provider answered about another person than the one who signed in. "
        + "Ask whoever runs the provider: this must not happen."
    }
  }

  /// What to do about an error of RFC 6749, section 5.2.
  private static func advice(_ error: String) -> String {
    switch error {
    case "invalid_client":
      "Check \"clientID\", the secret, and \"clientAuthentication\" against the provider."
    case "invalid_grant":
      "Sign in again; if it stays so, check \"redirectURI\" against the provider."
    case "unauthorized_client":
      "Have the authorisation code flow allowed for this client at the provider."
    default: "Ask whoever runs the provider."
    }
  }
}
