internal import Crypto

/// What a browser carries from the beginning of a sign-in to its end: 32 random bytes in a cookie.
///
/// A callback is taken only from the browser that began (RFC 6749, section 10.12; RFC 9700, section
/// 4.7): otherwise somebody could have another person's browser signed in as themselves. The provider
/// sends the browser back from its own pages, so its cookie is SameSite=Lax: a strict one would stay
/// behind.
package struct BrowserMark: Hashable, Sendable {
  /// How many random bytes it has.
  package static let size = 32
  /// How many characters it is spelt with.
  package static let length = 43

  private let bytes: [UInt8]

  /// The mark of these bytes, which nobody must be able to foretell.
  package init(random bytes: [UInt8]) {
    precondition(bytes.count == Self.size, "A mark of \(bytes.count) bytes.")
    self.bytes = bytes
  }

  /// The mark that these characters spell, or `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.length, let bytes = Base64URL.decode(text),
      bytes.count == Self.size
    else { return nil }
    self.bytes = bytes
  }

  /// The value of its cookie.
  package var spelling: String { Base64URL.encode(bytes) }

  /// What stands for it in a code: a sign-in never shows the mark itself.
  var hash: [UInt8] { SHA256.hash(bytes) }
}

extension BrowserMark: CustomStringConvertible, CustomReflectable {
  /// Never the mark, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
