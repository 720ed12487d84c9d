/// A time zone by the rule of POSIX: names, offsets, and when summer time begins and ends.
///
/// `GMT0BST,M3.5.0/1,M10.5.0` is the United Kingdom's. Only the `Mm.w.d` form of dates is read, as
/// every zone that has a rule uses it.
package struct ZoneRule: Hashable, Sendable {
  private let standard: Name
  private let summer: Summer?

  /// What a zone is called, and how far it is ahead of UTC.
  private struct Name: Hashable {
    var text: String
    /// Seconds.
    var offset: Int64
  }

  private struct Summer: Hashable {
    var name: Name
    var begins: Change
    var ends: Change
  }

  /// A change in a year: a weekday of a month (week 5 is the last) and a local time.
  private struct Change: Hashable {
    var month: Int64
    var week: Int64
    var weekday: Int64
    /// Seconds after midnight, by the clock before the change.
    var time: Int64

    /// Seconds since 1970, by the clock before the change.
    func localSeconds(in year: Int64) -> Int64 {
      let first = CivilDate(year: year, month: month, day: 1)
      let toWeekday = (weekday - first.weekday + 7) % 7
      var day = 1 + toWeekday + (week - 1) * 7
      if day > CivilDate.days(in: month, of: year) { day -= 7 }
      return CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400 + time
    }
  }

  /// The zone of the United Kingdom.
  package static let london: ZoneRule = {
    guard let rule = ZoneRule("GMT0BST,M3.5.0/1,M10.5.0") else {
      preconditionFailure("The rule of London can be read.")
    }
    return rule
  }()

  /// The zone that `rule` describes; `nil` for what is not such a rule.
  package init?(_ rule: String) {
    var text = Substring(rule)
    guard let standard = Self.name(&text), let west = Self.time(&text) else { return nil }
    self.standard = Name(text: standard, offset: -west)
    guard !text.isEmpty else {
      summer = nil
      return
    }
    guard let name = Self.name(&text) else { return nil }
    var offset = self.standard.offset + 3_600
    if let first = text.first, first != "," {
      guard let west = Self.time(&text) else { return nil }
      offset = -west
    }
    guard let begins = Self.change(&text), let ends = Self.change(&text), text.isEmpty else {
      return nil
    }
    summer = Summer(name: Name(text: name, offset: offset), begins: begins, ends: ends)
  }

  /// The seconds ahead of UTC, and the zone's name, at `stamp` in milliseconds since 1970.
  package func offset(at stamp: Int64) -> (seconds: Int64, name: String) {
    guard let summer else { return (standard.offset, standard.text) }
    let seconds = stamp / Span.second
    let year = CivilDate(daysSince1970: (seconds + standard.offset) / 86_400).year
    let begins = summer.begins.localSeconds(in: year) - standard.offset
    let ends = summer.ends.localSeconds(in: year) - summer.name.offset
    let isSummer =
      begins < ends
      ? begins <= seconds && seconds < ends : !(ends <= seconds && seconds < begins)
    let name = isSummer ? summer.name : standard
    return (name.offset, name.text)
  }

  /// When its clocks first show a local time, in milliseconds since 1970. A time that is left out in
  /// spring counts by the clock before the change.
  ///
  /// - Parameters:
  ///   - second: Seconds after the midnight with which the day begins.
  ///   - day: The local day, as days since 1970.
  func moment(second: Int64, of day: Int64) -> Int64 {
    let local = day * 86_400 + second
    guard let summer else { return (local - standard.offset) * Span.second }
    let early = (local - max(standard.offset, summer.name.offset)) * Span.second
    let late = (local - min(standard.offset, summer.name.offset)) * Span.second
    return early + offset(at: early).seconds * Span.second == local * Span.second ? early : late
  }

  /// The local times of a day, in seconds, that its changes leave out or repeat. Empty without summer
  /// time; `nil` where a change is not within its day.
  var changingTimes: [Range<Int64>]? {
    guard let summer else { return [] }
    let shift = abs(summer.name.offset - standard.offset)
    let isAhead = summer.name.offset > standard.offset
    let times = [(summer.begins.time, isAhead), (summer.ends.time, !isAhead)].map {
      time, isLeftOut in isLeftOut ? time..<time + shift : time - shift..<time
    }
    return times.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= 86_400 } ? times : nil
  }

  private static func name(_ text: inout Substring) -> String? {
    let name = text.prefix { $0.isLetter && $0.isASCII }
    guard (3...6).contains(name.count) else { return nil }
    text.removeFirst(name.count)
    return String(name)
  }

  private static func number(_ text: inout Substring, in range: ClosedRange<Int64>) -> Int64? {
    let digits = text.prefix { $0.isNumber && $0.isASCII }
    guard (1...3).contains(digits.count), let number = Int64(digits), range.contains(number) else {
      return nil
    }
    text.removeFirst(digits.count)
    return number
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ text: inout Substring) -> Int64? {
    var sign: Int64 = 1
    if text.first == "-" || text.first == "+" {
      sign = text.removeFirst() == "-" ? -1 : 1
    }
    guard var seconds = number(&text, in: 0...167).map({ $0 * 3_600 }) else { return nil }
    for unit: Int64 in [60, 1] where text.first == ":" {
      text.removeFirst()
      guard let part = number(&text, in: 0...59) else { return nil }
      seconds += part * unit
    }
    return sign * seconds
  }

  /// `,Mm.w.d[/time]`; without a time it is two in the morning.
  private static func change(_ text: inout Substring) -> Change? {
    guard text.hasPrefix(",M") else { return nil }
    text.removeFirst(2)
    guard let month = number(&text, in: 1...12), text.popFirst() == ".",
      let week = number(&text, in: 1...5), text.popFirst() == ".",
      let weekday = number(&text, in: 0...6)
    else { return nil }
    var time: Int64 = 2 * 3_600
    if text.first == "/" {
      text.removeFirst()
      guard let found = Self.time(&text) else { return nil }
      time = found
    }
    return Change(month: month, week: week, weekday: weekday, time: time)
  }
}
