/// A code that the provider has given out for a sign-in of ours, and what it is exchanged with.
///
/// It is good for one exchange (RFC 6749, section 4.1.2); who tries it again is refused there.
package struct AuthorisationCode: Hashable, Sendable {
  /// Bytes of a code: those of the large providers have up to two thousand.
  package static let longest = 4_096

  /// Where the person wanted to go.
  package let returnPath: ReturnPath?
  let code: String
  let verifier: String
  let nonce: String
  let begunAt: Int64
}

extension AuthorisationCode: CustomStringConvertible, CustomReflectable {
  /// Never the code, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
