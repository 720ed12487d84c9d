package import Bytes

/// What people call an incident: "INC-" and ten characters of Crockford's base 32.
///
/// Fifty random bits of the id, so it says nothing about how many incidents there are, and has no
/// letters that are taken for digits over the phone.
package struct Reference: Hashable, Sendable {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let prefix = "INC"
  private static let length = 10

  private let bits: UInt64

  /// The reference of an incident: the last fifty bits of its id.
  package init(_ id: ID) { bits = id.low & (1 << 50 - 1) }

  /// The reference that a person typed, or `nil` for what is not one.
  ///
  /// Either case; "INC" and hyphens may be missing; I and L are read as 1 and O as 0.
  package init?(_ text: String) {
    var units = text.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
    if units.count == Self.prefix.utf8.count + Self.length {
      let head = String(decoding: units.prefix(Self.prefix.utf8.count), as: UTF8.self)
      guard head.uppercased() == Self.prefix else { return nil }
      units.removeFirst(Self.prefix.utf8.count)
    }
    guard units.count == Self.length else { return nil }
    var bits: UInt64 = 0
    for unit in units {
      guard let digit = Self.digit(unit) else { return nil }
      bits = bits << 5 | digit
    }
    self.bits = bits
  }

  /// The ten characters, without "INC" and hyphens; what the store indexes.
  package var digits: String { String(decoding: characters, as: UTF8.self) }

  /// "INC-XXXXX-XXXXX".
  package var text: String {
    var text = Array("INC-".utf8)
    text.append(contentsOf: characters.prefix(5))
    text.append(UInt8(ascii: "-"))
    text.append(contentsOf: characters.suffix(5))
    return String(decoding: text, as: UTF8.self)
  }

  private var characters: [UInt8] {
    stride(from: 45, through: 0, by: -5).map { Self.alphabet[Int(bits >> UInt64($0) & 31)] }
  }

  private static func digit(_ unit: UInt8) -> UInt64? {
    let upper = unit >= UInt8(ascii: "a") && unit <= UInt8(ascii: "z") ? unit - 32 : unit
    switch upper {
    case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
    case UInt8(ascii: "O"): return 0
    default: return alphabet.firstIndex(of: upper).map(UInt64.init)
    }
  }
}

extension Incident {
  /// What people call it.
  package var reference: Reference { Reference(id) }
}
