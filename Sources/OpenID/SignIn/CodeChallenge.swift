internal import Crypto

/// What the provider is shown of a secret before it gives out a code, so that only who has the secret
/// can use the code (RFC 7636).
package enum CodeChallenge {
  /// By which method it is made; the other one, "plain", protects from nobody who reads along.
  package static let method = "S256"

  /// The challenge of a verifier (RFC 7636, section 4.2).
  package static func of(verifier: String) -> String {
    Base64URL.encode(SHA256.hash(Array(verifier.utf8)))
  }
}
