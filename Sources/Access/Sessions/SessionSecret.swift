internal import Crypto

/// What a browser carries while its person is signed in: 32 random bytes, kept only as a hash.
///
/// It is 43 characters of base64url without a prefix: the name of its cookie says what it is.
package struct SessionSecret: Hashable, Sendable {
  /// How many random bytes it has.
  package static let size = 32
  /// How many characters it is spelt with.
  package static let length = 43

  private let secret: [UInt8]

  /// What is kept in its place and looked up by: 32 bytes.
  package let hash: [UInt8]

  /// A new one that nobody can foretell: one for each signing in, never one that came with a request.
  package static func make() -> SessionSecret { SessionSecret(secret: secureRandom(size)) }

  private init(secret: [UInt8]) {
    self.secret = secret
    hash = SHA256.hash(secret)
  }

  /// The secret that these characters spell, or `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.length, let secret = Base64URL.decode(text),
      secret.count == Self.size
    else { return nil }
    self.init(secret: secret)
  }

  /// The value of its cookie.
  package var spelling: String { Base64URL.encode(secret) }
}

extension SessionSecret: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
