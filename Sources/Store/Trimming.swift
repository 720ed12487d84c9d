package import Raft

/// Where a log may begin: what is kept for peers that are a little behind, so that they need no
/// snapshot.
package enum Trimming {
  /// The fewest entries that are kept.
  package static let fewestKept: UInt64 = 10_000
  /// The fewest bytes that are kept, by the estimate of what an entry takes.
  package static let fewestBytesKept: UInt64 = 64 << 20
  /// A hold may multiply what is kept by this; then the peer behind it takes a snapshot.
  package static let mostHeld: UInt64 = 4
  /// A trim that removes less than this is not worth a base of its own.
  package static let leastRemoved: UInt64 = 1_000

  /// The index of the last entry that the log may lose, or `nil` when it is better left alone.
  ///
  /// - Parameters:
  ///   - durable: ``StateStore/durable``: what a power cut cannot take from the state.
  ///   - first: The first index in the log.
  ///   - last: The last one.
  ///   - bytesPerEntry: An estimate; ``LogStore/bytesInUse()`` over the number of entries is one.
  ///   - needed: The lowest index that a peer or a receiver of a snapshot will ask for, if any.
  package static func target(
    durable: LogIndex, first: LogIndex, last: LogIndex, bytesPerEntry: UInt64,
    needed: LogIndex? = nil
  ) -> LogIndex? {
    let kept = max(fewestKept, fewestBytesKept / max(1, bytesPerEntry))
    guard last.rawValue > kept else { return nil }
    var target = last.rawValue - kept
    if let needed {
      let held = last.rawValue - min(last.rawValue, kept * mostHeld)
      target = min(target, max(held, needed.rawValue - min(needed.rawValue, 1)))
    }
    // Whoever needs what, nothing is trimmed that the state could lose.
    target = min(target, durable.rawValue)
    guard target >= first.rawValue - 1 + leastRemoved else { return nil }
    return LogIndex(rawValue: target)
  }
}
