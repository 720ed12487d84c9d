/// A member of the cluster, as consensus knows it. An address is something else and may change.
package struct NodeID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 1 or more.
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }

  package var description: String { "n\(rawValue)" }
}

/// A time without a clock: at most one leader is elected in each (paper, section 5.1).
package struct Term: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The term before the first election.
  package static let zero = Term(rawValue: 0)

  /// The term after this one.
  package var next: Term { Term(rawValue: rawValue + 1) }

  package static func < (left: Term, right: Term) -> Bool { left.rawValue < right.rawValue }

  package var description: String { "term \(rawValue)" }
}

/// The place of an entry in the log. The first entry has index 1.
package struct LogIndex: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The place before the first entry.
  package static let zero = LogIndex(rawValue: 0)

  /// After any place that an entry can have.
  package static let last = LogIndex(rawValue: .max)

  /// The place after this one.
  package var next: LogIndex { LogIndex(rawValue: rawValue + 1) }

  /// The place before this one. This must not be ``zero``.
  package var previous: LogIndex { LogIndex(rawValue: rawValue - 1) }

  /// The place this many entries on. `count` is 0 or more.
  package func advanced(by count: Int) -> LogIndex {
    LogIndex(rawValue: rawValue + UInt64(count))
  }

  package static func < (left: LogIndex, right: LogIndex) -> Bool { left.rawValue < right.rawValue }

  package var description: String { "index \(rawValue)" }
}

/// An entry's term and index: two logs that agree on it agree on all before (paper, section 5.3).
///
/// Ordered as the paper compares logs: the later term first, then the longer log (section 5.4.1).
package struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let term: Term
  package let index: LogIndex

  package init(term: Term, index: LogIndex) {
    self.term = term
    self.index = index
  }

  /// The position before the first entry.
  package static let start = Position(term: .zero, index: .zero)

  package static func < (left: Position, right: Position) -> Bool {
    (left.term, left.index) < (right.term, right.index)
  }

  package var description: String { "(\(term), \(index))" }
}

/// One entry of the log.
package struct Entry: Hashable, Sendable {
  /// What an entry is for.
  package enum Kind: UInt8, Hashable, Sendable {
    /// A new leader's first entry, which commits those of earlier terms (paper, section 5.4.2).
    case barrier = 0
    /// A command for the state machine.
    case command = 1
    /// A ``Configuration`` in its binary form. In force as soon as it is in the log.
    case configuration = 2
  }

  package let position: Position
  /// The leader's clock as it appended, in milliseconds since 1970-01-01T00:00:00Z; it never falls
  /// from one entry to the next.
  package let stamp: Int64
  package let kind: Kind
  /// At most ``RaftCore/largestPayload`` bytes.
  package let payload: [UInt8]

  package init(position: Position, stamp: Int64, kind: Kind, payload: [UInt8]) {
    self.position = position
    self.stamp = stamp
    self.kind = kind
    self.payload = payload
  }
}

/// What a node must not forget: a node that did could vote twice in one term (paper, figure 2).
package struct HardState: Hashable, Sendable {
  package let term: Term
  package let vote: NodeID?

  package init(term: Term, vote: NodeID?) {
    self.term = term
    self.vote = vote
  }

  /// What a node knows that never voted.
  package static let initial = HardState(term: .zero, vote: nil)
}
