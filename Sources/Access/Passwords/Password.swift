/// What a person signs in with: text in the one spelling that is hashed.
///
/// It cannot be compared, only be checked against a ``PasswordVerifier``, and is never printed.
package struct Password: Sendable {
  /// The most bytes of one, as it is sent. A sentence fits; what is longer costs time for nothing.
  package static let longest = 1024

  /// In the form that is hashed.
  let text: String

  /// The password that somebody typed or pasted, or `nil` if it is longer than ``longest``.
  ///
  /// Anything else is taken: whether it is good enough matters only when it is chosen.
  package init?(_ typed: String) {
    guard typed.utf8.count <= Self.longest else { return nil }
    text = typed.preparedAsPassword
  }

  /// The bytes that are hashed.
  var bytes: [UInt8] { Array(text.utf8) }
}

extension Password: CustomStringConvertible, CustomReflectable {
  /// Never the password, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
