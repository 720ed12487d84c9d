internal import Bytes

/// Bank holidays of years to come, and corrections (policy section 2).
extension CalendarDefinition {
  /// This calendar with the holidays of a document. The years that the document lists are as it has them;
  /// the others stay.
  package func taking(_ listed: [Holiday]) -> CalendarDefinition {
    func year(_ holiday: Holiday) -> Int64 { CivilDate(daysSince1970: Int64(holiday.day)).year }
    var years: [Int64] = []
    for holiday in listed where !years.contains(year(holiday)) { years.append(year(holiday)) }
    var taken = self
    taken.holidays = (holidays.filter { !years.contains(year($0)) } + listed).sorted {
      ($0.day, $0.name) < ($1.day, $1.name)
    }
    return taken
  }

  /// What is different in `after`, by day: a holiday that is new, gone, or called otherwise.
  package func differences(to after: CalendarDefinition) -> [Difference] {
    let days = (holidays + after.holidays).map(\.day).sorted()
    var differences: [Difference] = []
    for (place, day) in days.enumerated() where place == 0 || days[place - 1] != day {
      let before = holidays.first { $0.day == day }?.name
      let now = after.holidays.first { $0.day == day }?.name
      if before != now { differences.append(Difference(day: day, before: before, after: now)) }
    }
    return differences
  }

  /// One day on which two calendars differ.
  package struct Difference: Hashable, Sendable {
    /// The day, as days since 1970.
    package let day: Int32
    /// What it was called; nothing of a day of work.
    package let before: String?
    /// What it is called.
    package let after: String?
  }
}

extension WorkCalendar {
  /// What an administrator owes it at `now`: under nine months of bank holidays are known, so those to
  /// come are to be imported. A calendar that lists none at all owes nothing.
  package func duty(at now: Int64) -> Duty? {
    guard let last = lastKnownDay else { return nil }
    // From 1 April of its last year on, less than nine months are left.
    let year = CivilDate(daysSince1970: last).year
    guard localDay(of: now) >= CivilDate(year: year, month: 4, day: 1).daysSince1970 else {
      return nil
    }
    return Duty(
      slug: "extend-calendar",
      text: "The calendar \(definition.name) knows bank holidays until \(DisplayTime.day(last)): "
        + "import those to come.",
      dueAt: opening(from: last))
  }
}
