/// Points in time as RFC 3339 writes them, in whole milliseconds of ``Bound/time``.
package enum Timestamp {
  /// Milliseconds since 1970 of a point such as "2026-11-23T09:04:00.5+01:00".
  ///
  /// Smaller fractions are cut off; a leap second counts as the last second of its minute. `nil` for
  /// anything else, for days that do not exist, and for points outside ``Bound/time``, such as the
  /// "0001-01-01T00:00:00Z" by which Go programs say "none".
  package static func parse(_ text: String) -> Int64? {
    var scanner = Scanner(text)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.skip("-"),
      let day = scanner.number(digits: 2), day >= 1, day <= CivilDate.days(in: month, of: year),
      scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
      let hour = scanner.number(digits: 2), hour <= 23, scanner.skip(":"),
      let minute = scanner.number(digits: 2), minute <= 59, scanner.skip(":"),
      let second = scanner.number(digits: 2), second <= 60
    else { return nil }
    var milliseconds: Int64 = 0
    if scanner.skip(".") {
      guard let fraction = scanner.milliseconds() else { return nil }
      milliseconds = fraction
    }
    guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    let stamp =
      days * Span.day + hour * Span.hour + (minute - offset) * Span.minute
      + min(second, 59) * Span.second + milliseconds
    return Bound.time.contains(stamp) ? stamp : nil
  }

  /// "2026-11-23T09:04:00.500Z", in UTC.
  ///
  /// - Precondition: `stamp` is within ``Bound/time``; everything that was decoded is.
  package static func format(_ stamp: Int64) -> String {
    precondition(Bound.time.contains(stamp), "\(stamp) is no point in time.")
    let date = CivilDate(daysSince1970: stamp / Span.day)
    let rest = stamp % Span.day
    var text: [UInt8] = []
    text.reserveCapacity(24)
    text.append(number: date.year, digits: 4)
    text.append(UInt8(ascii: "-"))
    text.append(number: date.month, digits: 2)
    text.append(UInt8(ascii: "-"))
    text.append(number: date.day, digits: 2)
    text.append(UInt8(ascii: "T"))
    text.append(number: rest / Span.hour, digits: 2)
    text.append(UInt8(ascii: ":"))
    text.append(number: rest / Span.minute % 60, digits: 2)
    text.append(UInt8(ascii: ":"))
    text.append(number: rest / Span.second % 60, digits: 2)
    text.append(UInt8(ascii: "."))
    text.append(number: rest % Span.second, digits: 3)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends `number` with at least `digits` digits.
  mutating func append(number: Int64, digits: Int) {
    var unit: Int64 = 1
    for _ in 1..<digits { unit *= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") + UInt8(number / unit % 10))
      unit /= 10
    }
  }
}

/// Reads the parts of a point in time.
private struct Scanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func digit() -> Int64? {
    guard let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
      return nil
    }
    rest.removeFirst()
    return Int64(byte - UInt8(ascii: "0"))
  }

  mutating func number(digits: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// The digits after the point, of which three count.
  mutating func milliseconds() -> Int64? {
    guard var milliseconds = digit() else { return nil }
    milliseconds *= 100
    var unit: Int64 = 10
    while let digit = digit() {
      milliseconds += digit * unit
      unit /= 10
    }
    return milliseconds
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if skip("Z") || skip("z") { return 0 }
    let isEast = skip("+")
    guard isEast || skip("-"), let hours = number(digits: 2), hours <= 23, skip(":"),
      let minutes = number(digits: 2), minutes <= 59
    else { return nil }
    let offset = hours * 60 + minutes
    return isEast ? offset : -offset
  }
}
