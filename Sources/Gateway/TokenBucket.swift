/// So many of something at once, and so many a second for good.
package struct TokenBucket: Hashable, Sendable {
  /// How many there are at most.
  package let capacity: Int64
  /// How many come back in a second.
  package let perSecond: Int64

  /// In billionths, so that what comes back in a nanosecond is a whole number.
  private var level: Int64
  private var filledAt: Int64

  private static let unit: Int64 = 1_000_000_000

  /// A full bucket.
  package init(capacity: Int64, perSecond: Int64, at now: Int64) {
    self.capacity = capacity
    self.perSecond = perSecond
    level = capacity * Self.unit
    filledAt = now
  }

  /// Takes one, or `count` at once, if there are as many; otherwise none.
  ///
  /// - Parameters:
  ///   - count: How many, at most ``capacity``.
  ///   - now: In nanoseconds of a clock that only moves forward.
  package mutating func take(_ count: Int64 = 1, at now: Int64) -> Bool {
    fill(at: now)
    guard level >= count * Self.unit else { return false }
    level -= count * Self.unit
    return true
  }

  /// How many there were when it was last asked.
  package var left: Int64 { level / Self.unit }

  private mutating func fill(at now: Int64) {
    // Longer than it takes to fill is no longer than that; so nothing overflows.
    let passed = min(max(0, now - filledAt), (capacity / perSecond + 1) * Self.unit)
    level = min(capacity * Self.unit, level + passed * perSecond)
    filledAt = max(now, filledAt)
  }
}
