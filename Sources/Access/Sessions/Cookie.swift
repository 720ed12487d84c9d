import Crypto

/// The cookies that we set, with all that keeps them to this one host and to requests of its own
/// pages (RFC 6265bis, section 4.1).
package enum Cookie: String, CaseIterable, Sendable {
  /// Carries a ``SessionSecret``. The prefix makes browsers refuse one that was set without Secure,
  /// for another path, or by a neighbour in the same domain.
  case session = "__Host-muster"
  /// Carries a ``DeviceMark``.
  case device = "__Host-muster-device"
  /// Says which browser began to sign in at the identity provider, and comes back from there: it is
  /// the only one that another site's page may cause to be sent.
  case provider = "__Host-muster-provider"

  /// The most cookies that are looked at in one request.
  package static let most = 64

  /// The value of a Set-Cookie field.
  ///
  /// - Parameters:
  ///   - value: Of letters, digits, "-" and "_".
  ///   - seconds: For how long the browser keeps it.
  package func setting(_ value: String, seconds: Int64) -> String {
    precondition(value.utf8.allSatisfy(Base64URL.has), "A cookie of other characters.")
    precondition(seconds >= 0, "A cookie for \(seconds) seconds.")
    let site = self == .provider ? "Lax" : "Strict"
    return "\(rawValue)=\(value); Path=/; Secure; HttpOnly; SameSite=\(site); Max-Age=\(seconds)"
  }

  /// The value of a Set-Cookie field that takes it away.
  package var clearing: String { setting("", seconds: 0) }

  /// Its value in a Cookie field, or `nil` if it is not there, is there twice, or has characters that
  /// we never write.
  ///
  /// Twice is one too many: which of them a browser sends first is up to whoever planted the other.
  /// Cookies of other names are passed over, whatever they look like, since they are none of ours.
  package func value(in field: ArraySlice<UInt8>) -> String? {
    let pairs = field.split(
      separator: UInt8(ascii: ";"), maxSplits: Self.most, omittingEmptySubsequences: false)
    guard pairs.count <= Self.most else { return nil }
    let values = pairs.compactMap { pair -> ArraySlice<UInt8>? in
      let trimmed = pair.first == UInt8(ascii: " ") ? pair.dropFirst() : pair
      guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")),
        trimmed[..<equals].elementsEqual(rawValue.utf8)
      else { return nil }
      return trimmed[(equals + 1)...]
    }
    guard let value = values.first, values.count == 1, !value.isEmpty,
      value.allSatisfy(Base64URL.has)
    else { return nil }
    return String(decoding: value, as: UTF8.self)
  }
}
