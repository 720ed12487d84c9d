/// What a node's disk says about its log when the node starts.
package struct LogRecovery: Hashable, Sendable {
  /// From this index on, until the next of them, entries have this term.
  package struct TermRun: Hashable, Sendable {
    package let from: LogIndex
    package let term: Term

    package init(from: LogIndex, term: Term) {
      self.from = from
      self.term = term
    }
  }

  /// The index of the first entry on disk; 1 in a log that was never trimmed, also when empty.
  package let first: LogIndex
  /// The last entry on disk; ``Position/start`` in an empty log.
  package let last: Position
  /// Ascending in index and term. The first covers ``first`` or, in a trimmed log, the index before.
  package let terms: [TermRun]
  /// The newest entries, without a gap up to ``last``; about ``RaftCore/largestTail`` bytes of them.
  package let tail: [Entry]
  /// The stamp of the entry at ``last``, in milliseconds since 1970; 0 in an empty log.
  package let lastStamp: Int64

  package init(
    first: LogIndex, last: Position, terms: [TermRun], tail: [Entry], lastStamp: Int64
  ) {
    self.first = first
    self.last = last
    self.terms = terms
    self.tail = tail
    self.lastStamp = lastStamp
  }

  package init(
    first: LogIndex, last: Position, terms: [(from: LogIndex, term: Term)], tail: [Entry],
    lastStamp: Int64
  ) {
    self.init(
      first: first, last: last, terms: terms.map { TermRun(from: $0.from, term: $0.term) },
      tail: tail, lastStamp: lastStamp)
  }

  /// The same log, where the state knows of a later stamp: that of an entry trimmed since.
  package func stamped(_ stamp: Int64) -> LogRecovery {
    LogRecovery(
      first: first, last: last, terms: terms, tail: tail, lastStamp: max(lastStamp, stamp))
  }

  /// A log without entries.
  package static let empty = LogRecovery(
    first: LogIndex(rawValue: 1), last: .start, terms: [TermRun](), tail: [], lastStamp: 0)

  /// A log that is small enough to be known whole: it starts at index 1.
  package init(entries: [Entry]) {
    var terms: [TermRun] = []
    for entry in entries where terms.last?.term != entry.position.term {
      terms.append(TermRun(from: entry.position.index, term: entry.position.term))
    }
    self.init(
      first: LogIndex(rawValue: 1), last: entries.last?.position ?? .start, terms: terms,
      tail: entries, lastStamp: entries.last?.stamp ?? 0)
  }
}

/// Where a log begins: the entry before the first one, and who was a member there.
package struct LogBase: Hashable, Sendable {
  package let position: Position
  /// The configuration in force at ``position``.
  package let configuration: Configuration

  package init(position: Position, configuration: Configuration) {
    self.position = position
    self.configuration = configuration
  }
}

/// A configuration and where it stands in the log.
package struct PlacedConfiguration: Hashable, Sendable {
  /// The index of its entry, or that of the log's base.
  package let index: LogIndex
  package let configuration: Configuration

  package init(index: LogIndex, configuration: Configuration) {
    self.index = index
    self.configuration = configuration
  }
}
