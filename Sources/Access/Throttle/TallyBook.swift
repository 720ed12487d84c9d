internal import Bytes

/// Tallies in memory: what a node goes by while there is no quorum to keep them for all.
package struct TallyBook: Hashable, Sendable {
  /// The most tallies of one book: with each 64 bytes, 4 MiB.
  package static let largest = 65_536

  private var tallies: [ID: Tally] = [:]
  private let capacity: Int

  /// An empty book.
  ///
  /// - Parameter capacity: The most tallies that it holds.
  package init(capacity: Int = largest) {
    precondition(capacity >= 8, "A book of \(capacity) tallies.")
    self.capacity = capacity
  }

  /// How many tallies it holds.
  package var count: Int { tallies.count }

  /// What it has of an attempt.
  package subscript(keys: ThrottleKeys) -> SignInThrottle {
    SignInThrottle(
      account: tallies[keys.account], origin: tallies[keys.origin], pair: tallies[keys.pair])
  }

  /// Decides on an attempt that comes at `now`, and charges it if it is let through.
  package mutating func admit(_ keys: ThrottleKeys, at now: Int64) -> SignInThrottle.Verdict {
    let verdict = self[keys].verdict(at: now)
    guard case .check = verdict else { return verdict }
    put(self[keys].charged(at: now), keys)
    if tallies.count > capacity { forget(at: now) }
    return verdict
  }

  /// Pays back an attempt that turned out right.
  package mutating func succeed(_ keys: ThrottleKeys, at now: Int64) {
    put(self[keys].refunded(at: now), keys)
  }

  private mutating func put(_ throttle: SignInThrottle, _ keys: ThrottleKeys) {
    tallies[keys.account] = throttle.account
    tallies[keys.origin] = throttle.origin
    tallies[keys.pair] = throttle.pair
  }

  /// Drops what counts for nothing, then the half that counts least.
  private mutating func forget(at now: Int64) {
    tallies = tallies.filter { !$0.value.isForgotten(at: now) }
    guard tallies.count > capacity else { return }
    let kept = tallies.sorted { left, right in
      let levels = (left.value.level(at: now), right.value.level(at: now))
      return (levels.0, left.value.at, left.key) > (levels.1, right.value.at, right.key)
    }
    tallies = Dictionary(uniqueKeysWithValues: kept.prefix(capacity / 2).map { ($0.key, $0.value) })
  }
}
