/// A UUID (RFC 9562): sixteen bytes that name one thing for ever.
///
/// Ids are made at the edge, where there is a clock and randomness, and travel in commands.
package struct ID: Hashable, Comparable, Sendable {
  /// The first eight bytes, most significant first.
  package let high: UInt64
  /// The last eight bytes.
  package let low: UInt64

  /// An id of these sixteen bytes.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A version 7 UUID (RFC 9562, section 5.7): ordered by time, then random.
  ///
  /// - Parameters:
  ///   - milliseconds: Since 1970-01-01T00:00:00Z; the low 48 bits are used.
  ///   - random: Ten random bytes' worth; 74 bits of them are used.
  package init(version7At milliseconds: Int64, random: (UInt64, UInt64)) {
    let time = UInt64(truncatingIfNeeded: milliseconds) & 0xFFFF_FFFF_FFFF
    high = time << 16 | 0x7000 | random.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
  }

  /// The id that `text` spells as 8-4-4-4-12 hexadecimal digits, in either case.
  package init?(_ text: some StringProtocol) {
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    var place = 0
    for unit in text.utf8 {
      defer { place += 1 }
      if place == 8 || place == 13 || place == 18 || place == 23 {
        guard unit == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt64
      switch unit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(unit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(unit - UInt8(ascii: "a")) + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt64(unit - UInt8(ascii: "A")) + 10
      default: return nil
      }
      if digits < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
      digits += 1
    }
    guard digits == 32, place == 36 else { return nil }
    self.init(high: halves.0, low: halves.1)
  }

  /// The sixteen bytes, most significant first.
  package var bytes: [UInt8] {
    var writer = ByteWriter(reserving: 16)
    writer.put(self)
    return writer.bytes
  }

  /// The id of sixteen bytes, or `nil` for any other number of them.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    var reader = ByteReader(bytes)
    guard let id = try? reader.id() else { return nil }  // Sixteen bytes are always an id.
    self = id
  }

  package static func < (left: ID, right: ID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension ID: CustomStringConvertible {
  /// The 8-4-4-4-12 form in lower case.
  package var description: String {
    // Each of the 36 places is written once, so the buffer is whole when its count is returned.
    unsafe String(unsafeUninitializedCapacity: 36) { buffer in
      var place = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          unsafe buffer[place] = UInt8(ascii: "-")
          place += 1
        }
        let half = digit < 16 ? high : low
        let value = UInt8(truncatingIfNeeded: half >> UInt64((15 - digit % 16) * 4)) & 0xF
        unsafe buffer[place] =
          value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        place += 1
      }
      return place
    }
  }
}
