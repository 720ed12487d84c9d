/// Where a person wanted to go when they were asked to sign in: a path of ours and nothing else.
///
/// Whatever leads to another host is refused, or a link to our own sign-in could send people
/// anywhere (RFC 9700, section 4.11).
package struct ReturnPath: Hashable, Sendable {
  /// Bytes of a path with its query; it travels in an address.
  package static let longest = 512

  /// Path and query, beginning with "/".
  package let text: String

  /// The path that `text` is, or `nil` if it is none of ours.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.longest, text.hasPrefix("/"), !text.hasPrefix("//"),
      text.utf8.allSatisfy(Self.mayStand)
    else { return nil }
    self.text = text
  }

  /// Letters, digits and the marks of RFC 3986, but "#"; a backslash above all is none of them,
  /// because browsers take it for a slash.
  private static func mayStand(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
      || "-._~:/?[]@!$&'()*+,;=%".utf8.contains(byte)
  }
}
