/// Bytes as hexadecimal digits (RFC 4648, section 8), written in lower case.
package enum Hex {
  /// Two digits for each byte.
  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that `text` spells in either case, or `nil` if it is anything else.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var first: UInt8?
    for unit in text.utf8 {
      guard let value = value(of: unit) else { return nil }
      if let high = first {
        bytes.append(high << 4 | value)
        first = nil
      } else {
        first = value
      }
    }
    return first == nil ? bytes : nil
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func value(of unit: UInt8) -> UInt8? {
    switch unit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): unit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): unit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Bytes as text that is safe in addresses and headers (RFC 4648, section 5), without padding.
package enum Base64URL {
  /// Four characters for three bytes, fewer for a last one or two.
  package static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes) }

  /// The bytes that `text` spells, or `nil` if it is not what ``encode(_:)`` writes.
  ///
  /// Padding, other characters and stray bits at the end are refused, so that a secret has one
  /// spelling only.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    alphabet.decode(Array(text.utf8))
  }

  /// Whether a byte is a character of it.
  package static func has(_ byte: UInt8) -> Bool { alphabet.value(of: byte) != nil }

  private static let alphabet = Base64Alphabet(plus: UInt8(ascii: "-"), slash: UInt8(ascii: "_"))
}

/// Bytes as text in the alphabet of RFC 4648, section 4, without padding: the form of PHC strings.
package enum Base64 {
  /// Four characters for three bytes, fewer for a last one or two.
  package static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes) }

  /// The bytes that `text` spells, or `nil` if it is not what ``encode(_:)`` writes.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    alphabet.decode(Array(text.utf8))
  }

  private static let alphabet = Base64Alphabet(plus: UInt8(ascii: "+"), slash: UInt8(ascii: "/"))
}

/// Letters and digits, and the two characters in which the forms of RFC 4648 differ.
private struct Base64Alphabet: Sendable {
  /// The character that stands for 62.
  let plus: UInt8
  /// The character that stands for 63.
  let slash: UInt8

  func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var bits: UInt32 = 0
    var held = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 6 {
        held -= 6
        text.append(character(UInt8(truncatingIfNeeded: bits >> UInt32(held) & 63)))
      }
    }
    if held > 0 {
      text.append(character(UInt8(truncatingIfNeeded: bits << UInt32(6 - held) & 63)))
    }
    return String(decoding: text, as: UTF8.self)
  }

  func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var held = 0
    for unit in text {
      guard let value = value(of: unit) else { return nil }
      bits = (bits << 6 | value) & 0xFFFF
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    let stray = bits & (1 << UInt32(held) - 1)
    return held < 6 && stray == 0 ? bytes : nil
  }

  private func character(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: plus
    default: slash
    }
  }

  func value(of unit: UInt8) -> UInt32? {
    switch unit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(unit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(unit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(unit - UInt8(ascii: "0")) + 52
    case plus: 62
    case slash: 63
    default: nil
    }
  }
}
