import Raft

/// The newest entries of the log that are not applied yet: a run without a gap, up to its end.
///
/// The core hands every entry over once, on its way to the disk. Keeping it until it is applied
/// saves reading it back; what would be too much is read back after all.
struct Unapplied: Sendable {
  /// Payload bytes kept at most: as much as may wait for a quorum, so that in health nothing is
  /// read back.
  static let mostBytes = RaftCore.mostUncommittedBytes
  /// How many dead places at the front are worth one move of the rest.
  private static let compactAfter = 1_024

  private var entries: [Entry] = []
  private var front = 0
  private var bytes = 0

  /// Those of `tail`, which ends where the log ends, that come after `applied`.
  init(tail: [Entry], after applied: LogIndex) {
    append(tail.filter { $0.position.index > applied })
  }

  /// Takes what a batch does to the log.
  mutating func follow(_ batch: PersistBatch) {
    if let install = batch.install {
      drop(through: install.keepsEntries ? install.base.position.index : .last)
    }
    if let index = batch.truncateFrom {
      while front < entries.count, let last = entries.last, last.position.index >= index {
        bytes -= last.payload.count
        entries.removeLast()
      }
      clearIfEmpty()
    }
    append(batch.entries)
  }

  /// The entries from one index through another, within the bounds of a transaction but at least
  /// one; `nil` if the first is not here.
  func entries(from: LogIndex, through: LogIndex, maxBytes: Int) -> [Entry]? {
    guard front < entries.count, entries[front].position.index <= from else { return nil }
    let start = front + Int(from.rawValue - entries[front].position.index.rawValue)
    guard start < entries.count else { return nil }
    var end = start
    var size = 0
    while end < entries.count, entries[end].position.index <= through {
      size += entries[end].payload.count
      if end > start, size > maxBytes { break }
      end += 1
    }
    return Array(entries[start..<end])
  }

  /// Forgets the entries through `index`.
  mutating func drop(through index: LogIndex) {
    while front < entries.count, entries[front].position.index <= index { dropFirst() }
    clearIfEmpty()
  }

  private mutating func append(_ fresh: [Entry]) {
    for entry in fresh {
      precondition(
        front == entries.count
          || entries[entries.count - 1].position.index.next == entry.position.index,
        "A gap in the log before \(entry.position).")
      entries.append(entry)
      bytes += entry.payload.count
    }
    while bytes > Self.mostBytes, front < entries.count { dropFirst() }
  }

  private mutating func dropFirst() {
    bytes -= entries[front].payload.count
    // The husk keeps no payload alive.
    entries[front] = Entry(
      position: entries[front].position, stamp: 0, kind: .barrier, payload: [])
    front += 1
    if front >= Self.compactAfter, front * 2 >= entries.count {
      entries.removeSubrange(..<front)
      front = 0
    }
  }

  private mutating func clearIfEmpty() {
    guard front == entries.count else { return }
    entries.removeAll(keepingCapacity: true)
    front = 0
  }
}
