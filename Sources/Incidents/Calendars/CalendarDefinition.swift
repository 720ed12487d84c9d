internal import Bytes

/// When a calendar's people work, as somebody settles it (policy section 2).
package struct CalendarDefinition: Hashable, Sendable {
  /// What it is known by: lower-case letters, digits and hyphens.
  package var key: String
  /// What people call it.
  package var name: String
  /// Its zone, by the rule of POSIX; see ``ZoneRule``.
  package var zone: String
  /// The days of the week on which work is done.
  package var workingDays: Weekdays
  /// When work begins, in minutes after midnight of the zone's clocks.
  package var opens: UInt16
  /// When it ends, at most 24 hours after midnight.
  package var closes: UInt16
  /// Days without work, each once and in ascending order; at most ``Bound/holidays``.
  package var holidays: [Holiday]

  /// A day without work.
  package struct Holiday: Hashable, Sendable {
    /// The local day, as days since 1970.
    package var day: Int32
    /// What it is called.
    package var name: String

    /// A holiday.
    package init(day: Int32, name: String) {
      self.day = day
      self.name = name
    }
  }

  /// A calendar of these; Monday to Friday, nine to five by the clocks of London, unless they say
  /// otherwise.
  package init(
    key: String, name: String, zone: String = "GMT0BST,M3.5.0/1,M10.5.0",
    workingDays: Weekdays = .mondayToFriday, opens: UInt16 = 9 * 60, closes: UInt16 = 17 * 60,
    holidays: [Holiday] = []
  ) {
    self.key = key
    self.name = name
    self.zone = zone
    self.workingDays = workingDays
    self.opens = opens
    self.closes = closes
    self.holidays = holidays
  }
}

/// Days of the week.
package struct Weekdays: OptionSet, Hashable, Sendable {
  /// Sunday is the lowest bit.
  package let rawValue: UInt8

  /// These days.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// What an office is usually open on.
  package static let mondayToFriday = Weekdays(rawValue: 0b0111110)
  /// Every one.
  package static let all = Weekdays(rawValue: 0b1111111)

  /// What each is called, Sunday first.
  package static let names = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  /// The names of these, Monday first.
  package var names: [String] {
    (1...7).compactMap { place in
      rawValue & 1 << UInt8(place % 7) == 0 ? nil : Self.names[place % 7]
    }
  }

  /// Whether it has a day, 0 for Sunday to 6 for Saturday.
  func has(_ weekday: Int64) -> Bool { rawValue >> UInt8(truncatingIfNeeded: weekday) & 1 == 1 }
}

extension CalendarDefinition {
  /// That it can be worked by; the refusal names the member that is wrong.
  func check() throws(Refusal) {
    try Check.key(key)
    try Check.name(name, "name")
    try Check.length(zone, "zone", max: Bound.zone)
    guard let rule = ZoneRule(zone) else {
      throw .invalid(
        "zone", "\"\(zone)\" is no rule of a zone, such as GMT0BST,M3.5.0/1,M10.5.0.")
    }
    guard !workingDays.isEmpty, workingDays.isSubset(of: .all) else {
      throw .invalid("workingDays", "Work is done on one day of the week at least.")
    }
    guard opens < closes, closes <= 24 * 60 else {
      throw .invalid("closes", "Work begins before it ends, and ends by 24:00 of the same day.")
    }
    for (time, field) in [(opens, "opens"), (closes, "closes")] {
      let second = Int64(time) * 60
      let changing = rule.changingTimes ?? []
      guard !changing.contains(where: { $0.lowerBound < second && second < $0.upperBound }) else {
        throw .invalid(
          field, "At that time the clocks of this zone change. Name one before or after it.")
      }
    }
    try Check.count(holidays.count, "holidays", max: Bound.holidays)
    for (place, holiday) in holidays.enumerated() {
      try Check.name(holiday.name, "holidays", max: Bound.label)
      guard Holiday.days.contains(holiday.day) else {
        throw .invalid("holidays", "A holiday lies between the years 1970 and 9999.")
      }
      guard place == 0 || holidays[place - 1].day < holiday.day else {
        throw .invalid(
          "holidays", "\(DisplayTime.day(Int64(holiday.day))) is listed twice, or out of order.")
      }
    }
  }
}

extension CalendarDefinition.Holiday {
  /// The day that `text` writes as 2026-11-23, as days since 1970; `nil` for what is none.
  package static func day(_ text: String) -> Int32? {
    guard let days = CivilDate(text)?.daysSince1970, let day = Int32(exactly: days),
      Self.days.contains(day)
    else { return nil }
    return day
  }

  /// Days since 1970 as 2026-11-23.
  package static func text(_ day: Int64) -> String { CivilDate(daysSince1970: day).text }

  /// The days that can be one.
  static let days: ClosedRange<Int32> = 0...2_932_896
}
