extension JSONReader {
  /// Reads a number as it is spelt, such as "-1.5e3". No precision is lost, and none is checked.
  package mutating func number() throws(JSONError) -> String {
    String(decoding: bytes[try numberRange()], as: UTF8.self)
  }

  /// Reads a whole number. A fraction or an exponent is out of range, even if it comes to one.
  package mutating func int64() throws(JSONError) -> Int64 {
    let range = try numberRange()
    var digits = range
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    // Counted downwards, because there is one more negative number than positive ones.
    var value: Int64 = 0
    for index in digits {
      let digit = Int64(bytes[index]) - Int64(UInt8(ascii: "0"))
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let (next, isFarOver) = tens.subtractingReportingOverflow(digit)
      guard (0...9).contains(digit), !isOver, !isFarOver else {
        throw error(.numberOutOfRange, at: range.lowerBound)
      }
      value = next
    }
    if isNegative { return value }
    guard value != .min else { throw error(.numberOutOfRange, at: range.lowerBound) }
    return -value
  }

  /// Reads a number as the nearest Double. What is larger than any is out of range.
  package mutating func double() throws(JSONError) -> Double {
    let range = try numberRange()
    let number = Double(String(decoding: bytes[range], as: UTF8.self))
    guard let number, number.isFinite else {
      throw error(.numberOutOfRange, at: range.lowerBound)
    }
    return number
  }

  /// Reads to the end of a number (RFC 8259, section 6), and returns where it stands.
  mutating func numberRange() throws(JSONError) -> Range<Int> {
    let first = try next("a number")
    let start = position
    guard first == UInt8(ascii: "-") || Self.isDigit(first) else {
      throw error(.expected("a number"))
    }
    if first == UInt8(ascii: "-") { position += 1 }
    // A leading zero stands alone.
    if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try readDigits()
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try readDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try readDigits()
    }
    if position < bytes.count, Self.isDigit(bytes[position]) { throw error(.malformedNumber) }
    guard position - start <= Self.longestNumber else {
      throw error(.numberTooLong(limit: Self.longestNumber), at: start)
    }
    return start..<position
  }

  private mutating func readDigits() throws(JSONError) {
    let start = position
    while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    guard position > start else {
      throw error(position == bytes.count ? .endsEarly : .malformedNumber)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
