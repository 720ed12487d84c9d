package import Bytes
internal import Crypto

/// What a browser keeps once its person has signed in, so that guesses of others do not count
/// against it: an id and a code that only the cluster can make.
///
/// It signs nobody in. A stolen one gives a thief no more guesses than a new address would.
package struct DeviceMark: Hashable, Sendable {
  /// The browser.
  package let device: ID

  private static let purpose: UInt8 = 4

  /// The mark of a browser in which a person has just signed in for the first time.
  package init(device: ID) { self.device = device }

  /// The mark that `text` spells, or `nil` if it was not made with `secret` for this account.
  package init?(_ text: some StringProtocol, account typed: String, secret: [UInt8]) {
    guard text.utf8.count <= 64, let bytes = Base64URL.decode(text), bytes.count == 48,
      let device = ID(bytes: Array(bytes.prefix(16))),
      HMACSHA256.isValid(
        Array(bytes.suffix(32)), of: Self.message(device, typed), key: secret)
    else { return nil }
    self.device = device
  }

  /// Its 64 characters, for a cookie.
  package func spelling(account typed: String, secret: [UInt8]) -> String {
    let code = HMACSHA256.code(of: Self.message(device, typed), key: secret)
    return Base64URL.encode(device.bytes + code)
  }

  private static func message(_ device: ID, _ typed: String) -> [UInt8] {
    [purpose] + device.bytes + ThrottleKeys.name(typed)
  }
}
