/// The calendars that ship: those of the nations of the United Kingdom, with the bank holidays of 2025 to
/// 2028 as GOV.UK publishes them.
///
/// A replica counts by them, so a list that shipped is never changed: years to come and corrections are
/// imported, and stand in their place from then on.
extension WorkCalendar {
  /// The calendar of whoever says nothing else.
  package static let standardKey = "england-and-wales"

  /// The calendars that ship, in the order of their keys.
  package static let shipped = [englandAndWales, northernIreland, scotland]

  /// The calendar of this key, as it shipped.
  package static func shipped(_ key: String) -> WorkCalendar? {
    shipped.first { $0.key == key }
  }

  /// England and Wales.
  package static let englandAndWales = ship(
    "england-and-wales", "England and Wales",
    """
    2025-01-01 New Year’s Day
    2025-04-18 Good Friday
    2025-04-21 Easter Monday
    2025-05-05 Early May bank holiday
    2025-05-26 Spring bank holiday
    2025-08-25 Summer bank holiday
    2025-12-25 Christmas Day
    2025-12-26 Boxing Day
    2026-01-01 New Year’s Day
    2026-04-03 Good Friday
    2026-04-06 Easter Monday
    2026-05-04 Early May bank holiday
    2026-05-25 Spring bank holiday
    2026-08-31 Summer bank holiday
    2026-12-25 Christmas Day
    2026-12-28 Boxing Day
    2027-01-01 New Year’s Day
    2027-03-26 Good Friday
    2027-03-29 Easter Monday
    2027-05-03 Early May bank holiday
    2027-05-31 Spring bank holiday
    2027-08-30 Summer bank holiday
    2027-12-27 Christmas Day
    2027-12-28 Boxing Day
    2028-01-03 New Year’s Day
    2028-04-14 Good Friday
    2028-04-17 Easter Monday
    2028-05-01 Early May bank holiday
    2028-05-29 Spring bank holiday
    2028-08-28 Summer bank holiday
    2028-12-25 Christmas Day
    2028-12-26 Boxing Day
    """)

  /// Scotland.
  package static let scotland = ship(
    "scotland", "Scotland",
    """
    2025-01-01 New Year’s Day
    2025-01-02 2nd January
    2025-04-18 Good Friday
    2025-05-05 Early May bank holiday
    2025-05-26 Spring bank holiday
    2025-08-04 Summer bank holiday
    2025-12-01 St Andrew’s Day
    2025-12-25 Christmas Day
    2025-12-26 Boxing Day
    2026-01-01 New Year’s Day
    2026-01-02 2nd January
    2026-04-03 Good Friday
    2026-05-04 Early May bank holiday
    2026-05-25 Spring bank holiday
    2026-06-15 World Cup bank holiday
    2026-08-03 Summer bank holiday
    2026-11-30 St Andrew’s Day
    2026-12-25 Christmas Day
    2026-12-28 Boxing Day
    2027-01-01 New Year’s Day
    2027-01-04 2nd January
    2027-03-26 Good Friday
    2027-05-03 Early May bank holiday
    2027-05-31 Spring bank holiday
    2027-08-02 Summer bank holiday
    2027-11-30 St Andrew’s Day
    2027-12-27 Christmas Day
    2027-12-28 Boxing Day
    2028-01-03 New Year’s Day
    2028-01-04 2nd January
    2028-04-14 Good Friday
    2028-05-01 Early May bank holiday
    2028-05-29 Spring bank holiday
    2028-08-07 Summer bank holiday
    2028-11-30 St Andrew’s Day
    2028-12-25 Christmas Day
    2028-12-26 Boxing Day
    """)

  /// Northern Ireland.
  package static let northernIreland = ship(
    "northern-ireland", "Northern Ireland",
    """
    2025-01-01 New Year’s Day
    2025-03-17 St Patrick’s Day
    2025-04-18 Good Friday
    2025-04-21 Easter Monday
    2025-05-05 Early May bank holiday
    2025-05-26 Spring bank holiday
    2025-07-14 Battle of the Boyne (Orangemen’s Day)
    2025-08-25 Summer bank holiday
    2025-12-25 Christmas Day
    2025-12-26 Boxing Day
    2026-01-01 New Year’s Day
    2026-03-17 St Patrick’s Day
    2026-04-03 Good Friday
    2026-04-06 Easter Monday
    2026-05-04 Early May bank holiday
    2026-05-25 Spring bank holiday
    2026-07-13 Battle of the Boyne (Orangemen’s Day)
    2026-08-31 Summer bank holiday
    2026-12-25 Christmas Day
    2026-12-28 Boxing Day
    2027-01-01 New Year’s Day
    2027-03-17 St Patrick’s Day
    2027-03-26 Good Friday
    2027-03-29 Easter Monday
    2027-05-03 Early May bank holiday
    2027-05-31 Spring bank holiday
    2027-07-12 Battle of the Boyne (Orangemen’s Day)
    2027-08-30 Summer bank holiday
    2027-12-27 Christmas Day
    2027-12-28 Boxing Day
    2028-01-03 New Year’s Day
    2028-03-17 St Patrick’s Day
    2028-04-14 Good Friday
    2028-04-17 Easter Monday
    2028-05-01 Early May bank holiday
    2028-05-29 Spring bank holiday
    2028-07-12 Battle of the Boyne (Orangemen’s Day)
    2028-08-28 Summer bank holiday
    2028-12-25 Christmas Day
    2028-12-26 Boxing Day
    """)

  /// A calendar of lines such as "2025-01-01 New Year’s Day".
  private static func ship(_ key: String, _ name: String, _ lines: String) -> WorkCalendar {
    let holidays = lines.split(separator: "\n").map { line in
      guard let day = CivilDate(line.prefix(10)) else {
        preconditionFailure("A calendar ships with the line \(line).")
      }
      return CalendarDefinition.Holiday(
        day: Int32(day.daysSince1970), name: String(line.dropFirst(11)))
    }
    let definition = CalendarDefinition(key: key, name: name, holidays: holidays)
    guard let calendar = WorkCalendar(definition, version: 0) else {
      preconditionFailure("\(name) ships with a calendar that holds.")
    }
    return calendar
  }
}
