/// A moment as the Date field writes it, such as "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110,
/// section 5.6.7).
///
/// - Parameter seconds: Since 1970-01-01T00:00:00Z, from then to the year 9999.
package func httpDate(_ seconds: Int64) -> String {
  let days = seconds / 86_400
  let clock = Int(seconds % 86_400)

  // Howard Hinnant's days-to-civil: years are counted from 0000-03-01, so a leap day ends one.
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  let month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
  let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)

  // 1970-01-01 was a Thursday.
  let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(days % 7)]
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let time = "\(two(clock / 3_600)):\(two(clock / 60 % 60)):\(two(clock % 60))"
  return "\(weekday), \(two(day)) \(months[month - 1]) \(year) \(time) GMT"
}

/// The moment that ``httpDate(_:)`` writes so, in seconds since 1970-01-01T00:00:00Z; `nil` for anything else,
/// the two obsolete forms included.
package func secondsSince1970(httpDate text: String) -> Int64? {
  let parts = text.split(separator: " ", omittingEmptySubsequences: false)
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  guard parts.count == 6, let day = Int64(parts[1]), let year = Int64(parts[3]),
    (1...31).contains(day), (1970...9999).contains(year),
    let month = months.firstIndex(of: String(parts[2]))
  else { return nil }
  let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
  guard clock.count == 3, clock.allSatisfy({ (0...59).contains($0) }) else { return nil }
  // Days from civil, the way back of what is above.
  let shifted = month < 2 ? year - 1 : year
  let era = shifted / 400
  let dayOfYear = (153 * (Int64(month) + (month < 2 ? 10 : -2)) + 2) / 5 + day - 1
  let yearOfEra = shifted - era * 400
  let days =
    era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  let seconds = days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
  // Only what would be written so is one.
  return seconds >= 0 && seconds < 253_402_300_800 && httpDate(seconds) == text ? seconds : nil
}
