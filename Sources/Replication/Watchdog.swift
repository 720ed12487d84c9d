/// Watches how long the oldest batch has been waiting for the disk.
///
/// A leader whose disk hangs still sends heartbeats, so nobody would ever take over from it: the
/// node itself must notice. It knows no clock; times are nanoseconds of any that never goes back. What
/// the whole process was stopped for, as a virtual machine is while it moves, is no wait for the disk.
package struct Watchdog: Sendable {
  /// What is to be done about the disk.
  package enum Verdict: Hashable, Sendable {
    case well
    /// Hand leadership over. Said again after each such wait while it lasts.
    case stalled
    /// End the process, if enough others are well without it.
    case hopeless
  }

  /// The shortest stall that is worth a change of leader: a busy disk's longest pauses are shorter.
  /// Otherwise it is half an election timeout; after a whole one consensus steps down by itself,
  /// and the others must campaign without having been asked.
  package static let shortestStall: Int64 = 500_000_000
  /// After so long a disk does not come back by waiting.
  package static let hopelessAfter: Int64 = 30_000_000_000

  /// Between two ticks, more than this is a process that stood still.
  private static let longestTick: Int64 = 1_000_000_000

  /// A stall is a wait longer than this.
  private let patience: Int64
  private var waiting = Fifo<(batch: UInt64, since: Int64)>()
  private var lastSaid: Int64?
  private var lastTick: Int64?
  /// For how long the process stood still so far.
  private var stood: Int64 = 0

  /// - Parameter election: The election timeout, in nanoseconds.
  package init(election: Int64) { patience = max(election / 2, Self.shortestStall) }

  /// A batch went to the disk.
  package mutating func sent(_ batch: UInt64, at now: Int64) {
    waiting.append((batch, now - stood))
  }

  /// The disk has everything through `batch`.
  ///
  /// - Returns: How long the oldest of them took.
  @discardableResult
  package mutating func persisted(through batch: UInt64, at now: Int64) -> Int64? {
    guard let oldest = waiting.first, oldest.batch <= batch else { return nil }
    while let first = waiting.first, first.batch <= batch { _ = waiting.removeFirst() }
    if waiting.isEmpty { lastSaid = nil }
    return now - stood - oldest.since
  }

  /// What is to be done now; to be asked on every tick.
  package mutating func verdict(at now: Int64) -> Verdict {
    if let lastTick, now - lastTick > Self.longestTick { stood += now - lastTick }
    lastTick = now
    guard let oldest = waiting.first else { return .well }
    let age = now - stood - oldest.since
    if age > Self.hopelessAfter { return .hopeless }
    guard age > patience, lastSaid.map({ now - $0 > patience }) ?? true else { return .well }
    lastSaid = now
    return .stalled
  }
}
