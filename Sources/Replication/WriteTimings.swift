/// Where the time of the latest writes went on the node whose clients sent them.
///
/// A write passes four hops one after another; the middle of each over the last ``window`` writes
/// says which one to look at. Nanoseconds of a clock that never goes back; it knows none itself.
package struct WriteTimings: Hashable, Sendable {
  /// So many writes are kept; an older one is overwritten.
  package static let window = 512

  /// The moments of one write.
  package struct Write: Hashable, Sendable {
    /// Its task brought it to the core lane.
    package var brought: Int64
    /// The core lane took it in.
    package var taken: Int64
    /// It was committed and durable here, and went to the apply lane.
    package var committed: Int64
    /// The apply lane's transaction was over.
    package var applied: Int64
    /// The core lane answered it.
    package var answered: Int64

    /// A write whose way was this.
    package init(
      brought: Int64, taken: Int64, committed: Int64, applied: Int64, answered: Int64
    ) {
      self.brought = brought
      self.taken = taken
      self.committed = committed
      self.applied = applied
      self.answered = answered
    }
  }

  /// The middle of each hop, in nanoseconds.
  package struct Medians: Hashable, Sendable {
    /// Waited for the core lane.
    package var queue: Int64
    /// Went to the disks, here and at a majority.
    package var replication: Int64
    /// Of that, one batch's way to this node's disk.
    package var disk: Int64
    /// Was applied.
    package var apply: Int64
    /// Its result came back through the core lane.
    package var answer: Int64
  }

  private var writes: [Write] = []
  private var disk: [Int64] = []
  private var nextWrite = 0
  private var nextDisk = 0

  /// None yet.
  package init() {}

  /// Takes a write in. O(1).
  package mutating func record(_ write: Write) {
    Self.put(write, into: &writes, at: &nextWrite)
  }

  /// Takes in how long a batch took to this node's disk. O(1).
  package mutating func recordDisk(_ nanoseconds: Int64) {
    Self.put(nanoseconds, into: &disk, at: &nextDisk)
  }

  /// The middles, or `nil` before the first write. Sorts the window: about 0.2 ms.
  package var medians: Medians? {
    guard !writes.isEmpty else { return nil }
    let middle = { (hop: (Write) -> Int64) in Self.median(writes.map(hop)) }
    return Medians(
      queue: middle { $0.taken - $0.brought }, replication: middle { $0.committed - $0.taken },
      disk: Self.median(disk), apply: middle { $0.applied - $0.committed },
      answer: middle { $0.answered - $0.applied })
  }

  private static func put<Value>(_ value: Value, into ring: inout [Value], at next: inout Int) {
    if ring.count < window {
      ring.append(value)
    } else {
      ring[next] = value
      next = (next + 1) % window
    }
  }

  private static func median(_ values: [Int64]) -> Int64 {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
