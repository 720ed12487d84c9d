/// Times that occurred, in milliseconds: four bytes for each, and twelve for one of 49 days or more.
package struct OccurredTimes: Hashable, Sendable {
  private var short: [UInt32] = []
  /// Those that are too long for `short`.
  private var long: [Int64] = []
  private var isSorted = true

  /// None yet.
  package init() {}

  /// How many.
  package var count: Int { short.count + long.count }

  /// Adds one; less than nothing is nothing.
  package mutating func add(_ milliseconds: Int64) {
    isSorted = false
    if let milliseconds = UInt32(exactly: max(0, milliseconds)) {
      short.append(milliseconds)
    } else {
      long.append(milliseconds)
    }
  }

  /// Puts them in order, unless they are.
  package mutating func sort() {
    guard !isSorted else { return }
    short.sort()
    long.sort()
    isSorted = true
  }

  /// What several sets come to together. Each is sorted.
  package static func sum(of sets: [OccurredTimes]) -> Insights.Times {
    var times = Insights.Times()
    times.count = sets.reduce(0) { $0 + $1.count }
    times.median = percentile(50, of: sets)
    times.p90 = percentile(90, of: sets)
    return times
  }

  /// The time that so many of a hundred took at most, by nearest rank: of n times in order the one at
  /// place ⌈percent × n ÷ 100⌉. `nil` of none.
  ///
  /// It is found by halving what it may be: the least time that so many did not exceed. That is one that
  /// occurred, and each halving counts by halving in each set.
  package static func percentile(_ percent: Int, of sets: [OccurredTimes]) -> Int64? {
    precondition((1...100).contains(percent), "\(percent) of a hundred.")
    let count = sets.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let rank = (percent * count + 99) / 100
    var (low, high): (Int64, Int64) = (0, sets.reduce(0) { max($0, $1.longest) })
    while low < high {
      let middle = low + (high - low) / 2
      if sets.reduce(0, { $0 + $1.count(upTo: middle) }) >= rank {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private var longest: Int64 { long.last ?? short.last.map(Int64.init) ?? 0 }

  /// How many took so long at most.
  private func count(upTo limit: Int64) -> Int {
    assert(isSorted, "Times are counted that are in no order.")
    guard let limit = UInt32(exactly: limit) else {
      return short.count + Self.count(upTo: limit, in: long)
    }
    return Self.count(upTo: limit, in: short)
  }

  /// How many of what is in order are `limit` at most.
  private static func count<Element: Comparable>(upTo limit: Element, in sorted: [Element]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = low + (high - low) / 2
      if sorted[middle] <= limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
