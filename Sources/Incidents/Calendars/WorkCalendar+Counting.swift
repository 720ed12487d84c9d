/// Counting working time, in whole milliseconds: pure arithmetic over zone, days and hours.
///
/// A day of work is found by counting days of the week and the holidays among them, so it costs the same
/// however far away it is; only where the clocks change during working hours is each day looked at.
extension WorkCalendar {
  /// When `span` milliseconds of working time have passed since `stamp`.
  ///
  /// A moment outside hours counts as the next opening. What ends exactly at closing ends that evening,
  /// and not with the next opening.
  package func adding(_ span: Int64, to stamp: Int64) -> Int64 {
    var rest = max(0, span)
    var day = localDay(of: stamp)
    if isWorking(day) {
      let (start, end) = (max(stamp, opening(of: day)), closing(of: day))
      if start < end {
        if rest <= end - start { return start + rest }
        rest -= end - start
      }
    }
    day += 1
    if isEven {
      let whole = rest > 0 ? (rest - 1) / businessDay : 0
      day = workingDay(whole, from: day)
      return bounded(opening(of: day) + rest - whole * businessDay)
    }
    while day <= Self.lastDay {
      day = workingDay(0, from: day)
      let (start, end) = (opening(of: day), closing(of: day))
      if rest <= end - start { return bounded(start + rest) }
      rest -= end - start
      day += 1
    }
    return Bound.time.upperBound
  }

  /// How much working time lies between two moments, in milliseconds; 0 if the second is not later.
  package func worked(from: Int64, to: Int64) -> Int64 {
    guard from < to else { return 0 }
    let (first, last) = (localDay(of: from), localDay(of: to))
    if first == last { return worked(on: first, from: from, to: to) }
    var sum = worked(on: first, from: from, to: to) + worked(on: last, from: from, to: to)
    if isEven {
      return sum + (workingDays(before: last) - workingDays(before: first + 1)) * businessDay
    }
    var day = workingDay(0, from: first + 1)
    while day < last {
      sum += closing(of: day) - opening(of: day)
      day = workingDay(0, from: day + 1)
    }
    return sum
  }

  /// When work begins on `day`, days since 1970, or on the next day of work.
  package func opening(from day: Int64) -> Int64 {
    bounded(opening(of: workingDay(0, from: max(0, day))))
  }

  /// `count` business days after `stamp`.
  package func adding(businessDays count: Int64, to stamp: Int64) -> Int64 {
    adding(count * businessDay, to: stamp)
  }

  /// When work ends on the next working day after the day of `stamp`.
  package func endOfNextWorkingDay(after stamp: Int64) -> Int64 {
    adding(businessDays: 1, to: opening(from: localDay(of: stamp) + 1))
  }

  /// The local day of a moment, as days since 1970.
  package func localDay(of stamp: Int64) -> Int64 {
    let local = stamp / Span.second + zone.offset(at: stamp).seconds
    return local >= 0 ? local / 86_400 : 0
  }

  private func worked(on day: Int64, from: Int64, to: Int64) -> Int64 {
    guard isWorking(day) else { return 0 }
    return max(0, min(to, closing(of: day)) - max(from, opening(of: day)))
  }

  private func opening(of day: Int64) -> Int64 {
    zone.moment(second: Int64(definition.opens) * 60, of: day)
  }

  private func closing(of day: Int64) -> Int64 {
    zone.moment(second: Int64(definition.closes) * 60, of: day)
  }

  private func isWorking(_ day: Int64) -> Bool {
    guard definition.workingDays.has((day + 4) % 7) else { return false }
    let place = holidays(before: day)
    return place == closed.count || closed[place] != day
  }

  /// How many days of work there are from 1970 on before `day`.
  private func workingDays(before day: Int64) -> Int64 {
    let whole = day / 7 * Int64(places.count)
    let rest = places.count { $0 < day % 7 }
    return whole + Int64(rest) - Int64(holidays(before: day))
  }

  /// The day of work that has `count` others before it from `day` on.
  private func workingDay(_ count: Int64, from day: Int64) -> Int64 {
    let wanted = workingDays(before: day) + count
    // The day that it would be if the holidays before it were worked on: more of them, a later day.
    var passed = holidays(before: day)
    while true {
      let place = wanted + Int64(passed)
      let week = place / Int64(places.count)
      let found = week * 7 + places[Int(place % Int64(places.count))]
      let before = holidays(before: found + 1)
      if before == passed { return found }
      passed = before
    }
  }

  /// How many of ``closed`` are before `day`.
  private func holidays(before day: Int64) -> Int {
    var (low, high) = (0, closed.count)
    while low < high {
      let middle = (low + high) / 2
      if closed[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func bounded(_ stamp: Int64) -> Int64 {
    min(max(stamp, Bound.time.lowerBound), Bound.time.upperBound)
  }

  private static let lastDay = Int64(CalendarDefinition.Holiday.days.upperBound)
}
