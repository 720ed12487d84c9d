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
