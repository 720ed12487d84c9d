/// What one node says to another. Whoever carries it adds the sender and checks the cluster.
package enum Message: Hashable, Sendable {
  case voteRequest(VoteRequest)
  case vote(Vote)
  case append(AppendEntries)
  case appended(Appended)
  case heartbeat(Heartbeat)
  case heartbeatAnswer(HeartbeatAnswer)
  /// The leader asks the receiver to campaign at once (dissertation, section 3.10).
  case campaignNow(term: Term, last: Position)
  /// A follower asks for an index that a linearizable read must have seen applied.
  case readRequest(term: Term, id: UInt64)
  /// The index for `id`, or `nil` when the leader cannot confirm that it still leads.
  case readAnswer(term: Term, id: UInt64, index: LogIndex?)
}

/// A candidate asks for a vote, or for the promise of one (paper, section 5.2; dissertation, 9.6).
package struct VoteRequest: Hashable, Sendable {
  /// The term that the candidate campaigns in; for a pre-vote, the one that it would.
  package let term: Term
  /// The candidate's last entry.
  package let last: Position
  package let kind: Kind

  package enum Kind: UInt8, Hashable, Sendable {
    /// Would you vote for me? Changes nothing at the receiver.
    case preVote = 0
    case vote = 1
    /// A vote that the leader asked for, so a fresh leader is no reason to refuse it.
    case transfer = 2
    /// A pre-vote of an heir: the leader's process is gone, by what the candidate saw.
    case heir = 3
  }

  package init(term: Term, last: Position, kind: Kind) {
    self.term = term
    self.last = last
    self.kind = kind
  }
}

/// The answer to a ``VoteRequest``.
package struct Vote: Hashable, Sendable {
  /// For a granted pre-vote the term that was asked for; else the voter's own.
  package let term: Term
  package let granted: Bool
  package let isPreVote: Bool

  package init(term: Term, granted: Bool, isPreVote: Bool) {
    self.term = term
    self.granted = granted
    self.isPreVote = isPreVote
  }
}

/// The leader's entries after `previous` (paper, section 5.3).
package struct AppendEntries: Hashable, Sendable {
  package let term: Term
  package let previous: Position
  package let entries: [Entry]
  package let commit: LogIndex
  /// The leader's newest read round; 0 is none. The answer repeats it.
  package let round: UInt64
  /// Who campaigns first if the leader's process dies: most caught up first, then by id.
  package let heirs: [NodeID]
  /// Entries that the leader's log says are to be skipped: nobody hears of a commit without them.
  package let skips: [LogIndex]

  package init(
    term: Term, previous: Position, entries: [Entry], commit: LogIndex, round: UInt64,
    heirs: [NodeID], skips: [LogIndex] = []
  ) {
    self.skips = skips
    self.term = term
    self.previous = previous
    self.entries = entries
    self.commit = commit
    self.round = round
    self.heirs = heirs
  }
}

/// The answer to ``AppendEntries``, sent after its entries are durable.
package struct Appended: Hashable, Sendable {
  package let term: Term
  package let outcome: Outcome
  package let round: UInt64

  package enum Outcome: Hashable, Sendable {
    /// The logs agree through this index, durably.
    case matched(LogIndex)
    /// They do not agree at `previous`. `hint` is the last position at which they might: the
    /// leader skips every entry of a later term there at once.
    case refused(previous: LogIndex, hint: Position)
  }

  package init(term: Term, outcome: Outcome, round: UInt64) {
    self.term = term
    self.outcome = outcome
    self.round = round
  }
}

/// The leader is there. Checks no log, so its commit is at most what the receiver has matched.
package struct Heartbeat: Hashable, Sendable {
  package let term: Term
  package let commit: LogIndex
  package let round: UInt64
  package let heirs: [NodeID]
  /// As in an ``AppendEntries``.
  package let skips: [LogIndex]

  package init(
    term: Term, commit: LogIndex, round: UInt64, heirs: [NodeID], skips: [LogIndex] = []
  ) {
    self.skips = skips
    self.term = term
    self.commit = commit
    self.round = round
    self.heirs = heirs
  }
}

/// The answer to a ``Heartbeat``.
package struct HeartbeatAnswer: Hashable, Sendable {
  package let term: Term
  package let round: UInt64

  package init(term: Term, round: UInt64) {
    self.term = term
    self.round = round
  }
}
