/// The alphabets of RFC 9110 and RFC 3986, as bits of two words rather than tables in memory.
extension UInt8 {
  /// Whether it may stand in a method or a field name (RFC 9110, section 5.6.2).
  var isToken: Bool { isIn(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

  /// Whether it may stand in a field's value: printable, space, tab, or beyond ASCII.
  var isFieldText: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }

  /// Whether it may stand in a path as it is, "/" and the "%" of an escape included.
  var isPath: Bool { isIn(low: 0x2FFF_FFF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF) }

  /// Whether it may stand in a query as it is.
  ///
  /// Brackets, braces, "|", "^" and "`" should be escaped there, and browsers do not do it.
  var isQuery: Bool { isIn(low: 0xAFFF_FFF2_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }

  /// Whether it may stand in the name of a host, brackets and the colon before a port included.
  var isHost: Bool { isIn(low: 0x2FFF_7FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE) }

  /// Whether it is a space or a tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  /// Whether it is one of "0" to "9".
  var isDigit: Bool { self &- 0x30 < 10 }

  /// The small letter of a capital one; all else as it is.
  var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// What it counts for as a hexadecimal digit in either case.
  var hexadecimal: UInt8? {
    if isDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }

  private func isIn(low: UInt64, high: UInt64) -> Bool {
    self < 64 ? low >> UInt64(self) & 1 == 1 : self < 128 && high >> UInt64(self - 64) & 1 == 1
  }
}

extension Span<UInt8> {
  /// Whether these are the bytes of `text`, exactly.
  func spells(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    // The text is a literal and is read within its own count.
    let letters = unsafe text.utf8Start
    for index in 0..<count where unsafe self[index] != letters[index] { return false }
    return true
  }

  /// Whether these are the bytes of `text`, which is in small letters, in either case.
  func spellsInAnyCase(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    // The text is a literal and is read within its own count.
    let letters = unsafe text.utf8Start
    for index in 0..<count where unsafe self[index].lowercased != letters[index] { return false }
    return true
  }
}
