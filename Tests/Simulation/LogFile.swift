import Raft
import Store

/// The log of a node as a file holds it, or as the node itself has it in mind.
struct LogFile: Hashable {
  var hardState = HardState.initial
  var base: LogBase
  /// The entries after the base.
  var entries: [Entry] = []
  /// Which state file is the one.
  var generation: UInt64 = 1

  init(founders: [NodeID]) {
    base = LogBase(position: .start, configuration: Configuration(voters: founders))
  }

  /// What a node found in its real files.
  init(_ found: NodeDisk.Found) {
    hardState = found.recovered.hardState
    base = found.recovered.base.logBase
    entries = found.entries
    generation = NodeDisk.generation(of: found.recovered.base.stateFile)
  }

  var last: Position { entries.last?.position ?? base.position }

  var configurations: [PlacedConfiguration] {
    var placed = [
      PlacedConfiguration(index: base.position.index, configuration: base.configuration)
    ]
    for entry in entries where entry.kind == .configuration {
      if let configuration = try? Configuration(decoding: entry.payload) {
        placed.append(
          PlacedConfiguration(index: entry.position.index, configuration: configuration))
      }
    }
    return placed
  }

  /// The entry at an index that the log holds.
  func entry(at index: LogIndex) -> Entry? {
    guard index > base.position.index, index <= last.index else { return nil }
    return entries[Int(index.rawValue - base.position.index.rawValue) - 1]
  }

  func position(at index: LogIndex) -> Position? {
    index == base.position.index ? base.position : entry(at: index)?.position
  }

  /// Whether this entry is in the log, or so old that only the state has it.
  func holds(_ position: Position) -> Bool {
    position.index < base.position.index || self.position(at: position.index) == position
  }

  /// One transaction, or its part of it.
  mutating func write(_ batch: PersistBatch, sabotage: Sabotage?) {
    if let hardState = batch.hardState {
      self.hardState =
        sabotage == .voteNotWritten ? HardState(term: hardState.term, vote: nil) : hardState
    }
    if let install = batch.install {
      if install.keepsEntries {
        drop(through: install.base.position.index)
      } else {
        entries = []
      }
      base = install.base
      if sabotage != .installInTwo { generation = install.generation }
    }
    if let trim = batch.trim {
      drop(through: trim.position.index)
      base = trim
    }
    if let index = batch.truncateFrom, sabotage != .truncationForgotten {
      while let entry = entries.last, entry.position.index >= index { entries.removeLast() }
    }
    // With its tail kept by mistake, a row of the same index is replaced.
    if let first = batch.entries.first, first.position.index <= last.index {
      let kept = entries
      entries.removeAll { $0.position.index >= first.position.index }
      entries += batch.entries
      entries += kept.filter { $0.position.index > last.index }
      return
    }
    entries += batch.entries
  }

  private mutating func drop(through index: LogIndex) {
    var count = 0
    while count < entries.count, entries[count].position.index <= index { count += 1 }
    entries.removeFirst(count)
  }

  /// What a node reads as it starts. Half of the starts find too little in memory.
  func recovery() -> LogRecovery {
    var terms: [(from: LogIndex, term: Term)] = []
    if base.position.index > .zero { terms.append((base.position.index, base.position.term)) }
    for entry in entries where terms.last?.term != entry.position.term {
      terms.append((entry.position.index, entry.position.term))
    }
    return LogRecovery(
      first: base.position.index.next, last: last, terms: terms, tail: entries,
      lastStamp: entries.last?.stamp ?? 0)
  }
}
