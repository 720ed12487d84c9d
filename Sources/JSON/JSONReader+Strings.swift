extension JSONReader {
  /// Reads a string.
  package mutating func string() throws(JSONError) -> String {
    let found = try stringRange()
    guard !found.hasEscapes else { return try unescaped(found.range) }
    guard let text = String(validating: bytes[found.range], as: UTF8.self) else {
      throw error(.notText, at: found.range.lowerBound)
    }
    return text
  }

  /// Reads a string, checks it and drops it.
  mutating func skipString() throws(JSONError) {
    let found = try stringRange()
    if found.hasEscapes {
      _ = try unescaped(found.range)
    } else if !found.isASCII, String(validating: bytes[found.range], as: UTF8.self) == nil {
      throw error(.notText, at: found.range.lowerBound)
    }
  }

  /// Reads to the end of a string.
  ///
  /// - Returns: Where it stands between its quotes, and whether it can be copied as it is.
  private mutating func stringRange() throws(JSONError) -> (
    range: Range<Int>, hasEscapes: Bool, isASCII: Bool
  ) {
    guard try next("a string") == UInt8(ascii: "\"") else { throw error(.expected("a string")) }
    let start = position + 1
    let end = min(bytes.count, start + longestString + 1)
    var index = start
    var hasEscapes = false
    var all: UInt8 = 0
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        position = index + 1
        return (start..<index, hasEscapes, all < 0x80)
      }
      guard byte >= 0x20 else { throw error(.controlCharacter, at: index) }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        // Whatever follows belongs to the escape, a quote above all.
        index += 1
      }
      all |= byte
      index += 1
    }
    guard end == bytes.count else { throw error(.stringTooLong(limit: longestString), at: start) }
    throw error(.endsEarly, at: bytes.count)
  }

  /// The text of a string with escapes in it.
  private func unescaped(_ range: Range<Int>) throws(JSONError) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        index += 1
        continue
      }
      if bytes[index + 1] == UInt8(ascii: "u") {
        text.append(contentsOf: String(try scalar(at: &index, range.upperBound)).utf8)
      } else {
        guard let plain = Self.escape(bytes[index + 1]) else {
          throw error(.malformedEscape, at: index)
        }
        text.append(plain)
        index += 2
      }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw error(.notText, at: range.lowerBound)
    }
    return string
  }

  /// What a letter after a backslash stands for.
  private static func escape(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The scalar of one `\u` escape, or of the two of a pair, which `index` is moved behind.
  private func scalar(at index: inout Int, _ end: Int) throws(JSONError) -> Unicode.Scalar {
    let start = index
    let first = try unit(at: &index, end)
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Only surrogates are no scalars. A high one needs a low one behind it.
    guard
      first < 0xDC00, index + 1 < end,
      bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
    else { throw error(.loneSurrogate, at: start) }
    let second = try unit(at: &index, end)
    guard
      (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + UInt32(first - 0xD800) << 10 + UInt32(second - 0xDC00))
    else { throw error(.loneSurrogate, at: start) }
    return scalar
  }

  /// The four digits of a `\u` escape, which `index` is moved behind.
  private func unit(at index: inout Int, _ end: Int) throws(JSONError) -> UInt16 {
    guard index + 6 <= end else { throw error(.malformedEscape, at: index) }
    var unit: UInt16 = 0
    for digit in bytes[index + 2..<index + 6] {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
      default: throw error(.malformedEscape, at: index)
      }
      unit = unit << 4 | UInt16(value)
    }
    index += 6
    return unit
  }
}
