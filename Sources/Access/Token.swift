import Crypto
import Incidents

/// A person's own secret for the interface: 32 random bytes, shown once and kept only as a hash.
///
/// It is spelt `mst_` and 43 characters of base64url. The prefix lets a scanner of repositories
/// and logs find one that leaked. With 256 random bits a plain SHA-256 is enough: there is nothing
/// to guess, so a slow hash would only make each request slow.
package struct Token: Hashable, Sendable {
  /// What every token begins with.
  package static let prefix = "mst_"
  /// How many random bytes a token has.
  package static let size = 32
  /// How many characters a token is spelt with.
  package static let length = 47

  private let secret: [UInt8]

  /// What is kept in its place and looked up by: 32 bytes.
  ///
  /// A lookup by hash leaks nothing worth having through its time: who does not know the token
  /// cannot choose what its hash begins with.
  package let hash: [UInt8]

  /// A new token that nobody can foretell.
  package static func make() -> Token { Token(secret: secureRandom(size)) }

  private init(secret: [UInt8]) {
    self.secret = secret
    hash = SHA256.hash(secret)
  }

  /// The token that these characters spell, or `nil` for anything else. A token has one spelling.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.length, text.hasPrefix(Self.prefix),
      let secret = Base64URL.decode(text.dropFirst(Self.prefix.utf8.count)),
      secret.count == Self.size
    else { return nil }
    self.init(secret: secret)
  }

  /// The token in the value of an Authorization field, or `nil` if it is no bearer token of ours.
  ///
  /// The scheme may be in any case and have any number of spaces after it (RFC 9110, section 11.4).
  package init?(authorization field: ArraySlice<UInt8>) {
    guard field.count > 6 else { return nil }
    let word = field.prefix(6)
    guard word.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
    let rest = field.dropFirst(6)
    let spelt = rest.drop { $0 == UInt8(ascii: " ") }
    guard spelt.startIndex > rest.startIndex else { return nil }
    self.init(String(decoding: spelt, as: UTF8.self))
  }

  /// The characters to be shown to its person, this once.
  package var spelling: String { Self.prefix + Base64URL.encode(secret) }

  /// The characters that it is known by in lists: ``prefix`` and the next four of 43, which leave 232
  /// bits to guess.
  package var shown: String { String(spelling.prefix(TokenTerms.shown)) }
}

extension Token: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String { "mst_…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
