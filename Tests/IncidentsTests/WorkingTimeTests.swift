import Bytes
import Incidents
import Testing

/// Working time counted slowly: every minute of fourteen months is looked at.
private struct MinuteByMinute {
  /// 1 December 2025, 00:00 UTC.
  static let begins: Int64 = 1_764_547_200_000
  static let minutes = 425 * 24 * 60

  /// For each minute, how many before it are minutes of work.
  private var before: [Int32] = [0]
  /// The minutes of work, by their place.
  private var working: [Int32] = []

  init(_ definition: CalendarDefinition, offset: (Int64) -> Int64) {
    let holidays = Set(definition.holidays.map { Int64($0.day) })
    for minute in 0..<Self.minutes {
      let stamp = Self.begins + Int64(minute) * Span.minute
      let local = stamp / 1_000 + offset(stamp)
      let (day, time) = (local / 86_400, local % 86_400 / 60)
      let isOpen = Int64(definition.opens) <= time && time < Int64(definition.closes)
      let weekday = UInt8((day + 4) % 7)
      let isWork =
        isOpen && definition.workingDays.rawValue & 1 << weekday != 0 && !holidays.contains(day)
      if isWork { working.append(Int32(minute)) }
      before.append(before[minute] + (isWork ? 1 : 0))
    }
  }

  /// The end of the `count`-th minute of work from `minute` on; of none, the next opening.
  func adding(_ count: Int, to minute: Int) -> Int64? {
    let place = Int(before[minute]) + max(count - 1, 0)
    guard place < working.count else { return nil }
    return Self.begins + (Int64(working[place]) + (count == 0 ? 0 : 1)) * Span.minute
  }

  func worked(from: Int, to: Int) -> Int64 { Int64(before[to] - before[from]) * Span.minute }
}

/// The clocks of London in these months, without a rule: summer from 29 March to 25 October 2026.
private func london(_ stamp: Int64) -> Int64 {
  (1_774_746_000_000..<1_792_890_000_000 as Range<Int64>).contains(stamp) ? 3_600 : 0
}

@Suite("Working time")
struct WorkingTimeTests {
  private static func check(
    _ calendar: WorkCalendar, seed: UInt64, offset: (Int64) -> Int64
  ) {
    let slow = MinuteByMinute(calendar.definition, offset: offset)
    var random = SplitMix(state: seed)
    for round in 0..<20_000 {
      // Every fifth begins about a change of the clocks.
      let near = [MinuteByMinute.minutes / 2, 118 * 1_440 + 60, 328 * 1_440 + 60][round % 3]
      let start =
        round % 5 == 0
        ? near + Int.random(in: -3_000...3_000, using: &random)
        : Int.random(in: 0..<MinuteByMinute.minutes, using: &random)
      let stamp = MinuteByMinute.begins + Int64(start) * Span.minute
      let count = Int.random(in: 0...(round % 2 == 0 ? 600 : 12_000), using: &random)
      if let end = slow.adding(count, to: start) {
        let found = calendar.adding(Int64(count) * Span.minute, to: stamp)
        #expect(found == end, "seed \(seed): \(count) minutes from \(stamp)")
        if found != end { return }
        // Within a minute it is as exact.
        let odd = stamp + Int64.random(in: 0..<Span.minute, using: &random)
        #expect(calendar.worked(from: odd, to: calendar.adding(97_531, to: odd)) == 97_531)
      }
      let last = Int.random(in: start...MinuteByMinute.minutes, using: &random)
      let worked = slow.worked(from: start, to: last)
      let to = MinuteByMinute.begins + Int64(last) * Span.minute
      #expect(calendar.worked(from: stamp, to: to) == worked, "seed \(seed): \(stamp) to \(to)")
      #expect(calendar.worked(from: to, to: stamp) == 0)
    }
  }

  @Test(arguments: WorkCalendar.shipped, [1, 2] as [UInt64])
  func `is what counting each minute comes to, in every nation`(
    calendar: WorkCalendar, seed: UInt64
  ) {
    Self.check(calendar, seed: seed, offset: london)
  }

  @Test(arguments: [
    // Open while the clocks change.
    CalendarDefinition(
      key: "all-hours", name: "All hours", workingDays: .all, opens: 0, closes: 24 * 60,
      holidays: WorkCalendar.scotland.definition.holidays),
    CalendarDefinition(
      key: "sundays", name: "Sundays", workingDays: Weekdays(rawValue: 1), opens: 60, closes: 121),
    CalendarDefinition(
      key: "late", name: "Late", workingDays: Weekdays(rawValue: 0b1000001), opens: 22 * 60,
      closes: 24 * 60),
  ])
  func `is so for other hours too`(definition: CalendarDefinition) throws {
    Self.check(
      try #require(WorkCalendar(definition, version: 1)), seed: 3, offset: london)
  }

  @Test(arguments: ["AEST-10AEDT,M10.1.0,M4.1.0/3", "EST5EDT,M3.2.0,M11.1.0", "IST-5:30"])
  func `is so in other zones`(rule: String) throws {
    let definition = CalendarDefinition(
      key: "abroad", name: "Abroad", zone: rule, holidays: WorkCalendar.scotland.definition.holidays
    )
    let zone = try #require(ZoneRule(rule))
    Self.check(try #require(WorkCalendar(definition, version: 1)), seed: 4) {
      zone.offset(at: $0).seconds
    }
  }

  /// A local time of London as RFC 3339 has it.
  private static func at(_ text: String) -> Int64 { Timestamp.parse(text)! }

  @Test(arguments: [
    // Policy section 2: Good Friday and Easter Monday are between.
    ("2026-04-02T16:00:00+01:00", 1, "2026-04-07T16:00:00+01:00"),
    // Before hours, after hours and at a weekend, it counts from the next opening.
    ("2026-11-23T07:30:00Z", 1, "2026-11-23T17:00:00Z"),
    ("2026-11-23T17:00:00Z", 1, "2026-11-24T17:00:00Z"),
    ("2026-11-27T23:59:59Z", 2, "2026-12-01T17:00:00Z"),
    // Over both changes of the clocks the hour on the wall stays.
    ("2026-03-27T15:30:00Z", 1, "2026-03-30T15:30:00+01:00"),
    ("2026-10-23T15:30:00+01:00", 1, "2026-10-26T15:30:00Z"),
    // Christmas: Boxing Day has its substitute on Monday.
    ("2026-12-24T12:00:00Z", 3, "2026-12-31T12:00:00Z"),
    ("2026-12-24T12:00:00Z", 10, "2027-01-12T12:00:00Z"),
  ])
  func `in business days ends when policy says`(start: String, days: Int64, end: String) {
    let calendar = WorkCalendar.englandAndWales
    #expect(calendar.adding(businessDays: days, to: Self.at(start)) == Self.at(end))
  }

  @Test func `differs between the nations as their bank holidays do`() {
    let monday = Self.at("2026-08-02T12:00:00+01:00")
    let opens = WorkCalendar.shipped.map {
      "\($0.key) \(Timestamp.format($0.adding(0, to: monday)))"
    }
    #expect(
      opens == [
        "england-and-wales 2026-08-03T08:00:00.000Z", "northern-ireland 2026-08-03T08:00:00.000Z",
        "scotland 2026-08-04T08:00:00.000Z",
      ])
  }

  @Test func `is bounded by the years that there are`() {
    let calendar = WorkCalendar.englandAndWales
    let last = Bound.time.upperBound
    #expect(calendar.adding(calendar.businessDay * 9, to: last) == last)
    #expect(calendar.worked(from: 0, to: last) > 0)
  }
}
