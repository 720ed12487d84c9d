/// How often signing in failed lately, for one account, one origin, or one at the other.
///
/// It forgets by itself: every ``halfLife`` it counts half as much.
package struct Tally: Hashable, Sendable {
  /// After so many milliseconds a failure counts half: a quarter of an hour.
  package static let halfLife: Int64 = 900_000
  /// After so many milliseconds nothing of it counts: seven halvings forget all that can be counted.
  package static let memory: Int64 = 7 * halfLife
  /// No more is counted, so that forgetting never takes longer than an hour and a half.
  package static let most: UInt8 = 64

  /// How many there were, as of ``at``.
  package let failures: UInt8
  /// When the last of them was or will be checked, in milliseconds since 1970.
  package let at: Int64

  /// A tally as it is stored.
  package init(failures: UInt8, at: Int64) {
    self.failures = min(failures, Self.most)
    self.at = at
  }

  /// How many failures it counts for at `now`.
  package func level(at now: Int64) -> UInt8 {
    // A clock that went back forgets nothing.
    failures >> UInt8(min(max(0, now - at) / Self.halfLife, 7))
  }

  /// Whether it counts for nothing any more, so that its row may be deleted.
  package func isForgotten(at now: Int64) -> Bool { level(at: now) == 0 }

  /// One more than `tally` counted for at `now`, to be checked at `slot`.
  static func charged(_ tally: Tally?, at now: Int64, slot: Int64) -> Tally {
    Tally(failures: min((tally?.level(at: now) ?? 0) + 1, most), at: slot)
  }

  /// One less: what was charged in advance did not fail.
  func refunded(at now: Int64) -> Tally {
    let level = level(at: now)
    return Tally(failures: level - min(level, 1), at: max(at, now))
  }
}

/// How long a tally makes people wait.
package struct DelayCurve: Hashable, Sendable {
  /// So many failures cost nothing: people mistype.
  package let free: UInt8
  /// The longest delay, in milliseconds.
  package let longest: Int64
  /// The first delay, in milliseconds; each further failure doubles it.
  package static let first: Int64 = 1_000

  /// Of one account from one origin. A guesser gets four guesses and soon one a minute.
  package static let pair = DelayCurve(free: 3, longest: 60_000)
  /// Of one account from anywhere: many guessers together make each of them wait, and a person who
  /// comes to it from somewhere new waits as long as one page takes to be read.
  package static let account = DelayCurve(free: 10, longest: 15_000)
  /// Of one origin at any account. A whole department may stand behind one address.
  package static let origin = DelayCurve(free: 30, longest: 15_000)

  /// The delay after so many failures.
  package func delay(after failures: UInt8) -> Int64 {
    guard failures > free else { return 0 }
    // Doubled more than sixteen times it is over any limit of ours.
    return min(Self.first << Int64(min(failures - free - 1, 16)), longest)
  }
}
