/// Points in time as people read them, always with the name of the zone.
package enum DisplayTime {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// "23 November 2026 at 9:04am GMT".
  ///
  /// - Parameters:
  ///   - stamp: Milliseconds since 1970; a stamp out of ``Bound/time`` is read as the nearest one in
  ///     it.
  ///   - zone: The zone to tell it in.
  package static func text(_ stamp: Int64, in zone: ZoneRule = .london) -> String {
    let (date, minutes, name) = parts(stamp, zone)
    let month = months[Int(date.month) - 1]
    return "\(date.day) \(month) \(date.year) at \(clock(minutes)) \(name)"
  }

  /// "23 November 2026".
  ///
  /// - Parameter day: Days since 1970.
  package static func day(_ day: Int64) -> String {
    let date = CivilDate(daysSince1970: day)
    return "\(date.day) \(months[Int(date.month) - 1]) \(date.year)"
  }

  /// "9:04am GMT", for a line below a day's heading.
  package static func time(_ stamp: Int64, in zone: ZoneRule = .london) -> String {
    let (_, minutes, name) = parts(stamp, zone)
    return "\(clock(minutes)) \(name)"
  }

  private static func parts(
    _ stamp: Int64, _ zone: ZoneRule
  ) -> (date: CivilDate, minutes: Int64, name: String) {
    let stamp = min(max(stamp, Bound.time.lowerBound), Bound.time.upperBound)
    let (offset, name) = zone.offset(at: stamp)
    let local = stamp / Span.second + offset
    // A zone west of Greenwich can lead into 1969.
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return (CivilDate(daysSince1970: days), (local - days * 86_400) / 60, name)
  }

  /// "9:04am", "12:00pm": the style of GOV.UK without its "midday" and "midnight", so that a column
  /// of times stays one.
  private static func clock(_ minutes: Int64) -> String {
    let hour = minutes / 60
    let minute = minutes % 60
    let twelve = hour % 12 == 0 ? 12 : hour % 12
    return "\(twelve):\(minute < 10 ? "0" : "")\(minute)\(hour < 12 ? "am" : "pm")"
  }
}
