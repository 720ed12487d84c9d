import Raft

/// What is known of the whole history of a cluster, and what must be true of it for ever.
struct Ledger {
  private struct Ballot: Hashable {
    let node: NodeID
    let term: Term
  }

  private struct Placed: Hashable {
    let before: Position
    let entry: Entry
  }

  /// Every entry that was ever in a log, with the position before it: two logs that agree on a
  /// position then agree on all before it.
  private var placed: [Position: Placed] = [:]
  /// By index, from 1.
  private(set) var committed: [Position] = []
  /// The term of whoever took each for committed first: its leader.
  private var committedIn: [Term] = []
  /// What was applied, by whoever was first, what came of it, and the state's digest after it where
  /// that is known: real files only tell it after a transaction.
  private(set) var applied: [Entry] = []
  private var outcomes: [RegisterState.Outcome] = []
  private var digests: [UInt64?] = []
  /// How often each key took effect, and at which moment it was first seen to. The moments of one
  /// microsecond are told apart.
  private(set) var effects: [Command.Key: (times: Int, at: Int64)] = [:]
  private var lastMoment: Int64 = 0
  /// So many moments are in a microsecond.
  static let moments: Int64 = 4_096
  private var leaders: [Term: NodeID] = [:]
  private var votes: [Ballot: NodeID] = [:]

  var lastCommitted: LogIndex { LogIndex(rawValue: UInt64(committed.count)) }

  /// What was applied at a position.
  func entry(at position: Position) -> Entry? {
    let place = Int(position.index.rawValue) - 1
    return place < applied.count && applied[place].position == position ? applied[place] : nil
  }

  /// Log matching (paper, figure 3).
  mutating func place(_ entries: [Entry], after previous: Position) -> String? {
    var before = previous
    for entry in entries {
      let here = Placed(before: before, entry: entry)
      if let known = placed[entry.position] {
        if known != here { return "Two logs differ at or before \(entry.position)." }
      } else {
        placed[entry.position] = here
      }
      before = entry.position
    }
    return nil
  }

  /// Election safety (paper, figure 3), over all of history.
  mutating func lead(_ term: Term, _ node: NodeID) -> String? {
    if let known = leaders[term], known != node { return "\(known) and \(node) lead \(term)." }
    leaders[term] = node
    return nil
  }

  /// One vote a term, also across restarts.
  mutating func vote(_ node: NodeID, for candidate: NodeID, in term: Term) -> String? {
    let ballot = Ballot(node: node, term: term)
    if let known = votes[ballot], known != candidate {
      return "\(node) votes for \(known) and for \(candidate) in \(term)."
    }
    votes[ballot] = candidate
    return nil
  }

  /// What is committed stays so. True if it is news.
  mutating func commit(_ position: Position, in term: Term) -> (isNews: Bool, wrong: String?) {
    let place = Int(position.index.rawValue) - 1
    if place < committed.count {
      let known = committed[place]
      return (false, known == position ? nil : "\(position) is committed, and so was \(known).")
    }
    guard place == committed.count else {
      return (false, "\(position) is committed before what comes before it.")
    }
    committed.append(position)
    committedIn.append(term)
    return (true, nil)
  }

  /// What whoever leads a term must hold (leader completeness; paper, figure 3). Votes can come late,
  /// and make a leader of an older term than that in which others commit already.
  func lastCommitted(before term: Term) -> Position? {
    committedIn.lastIndex { $0 < term }.map { committed[$0] }
  }

  /// State machine safety (paper, figure 3).
  mutating func apply(
    _ entry: Entry, command: Command?, outcome: RegisterState.Outcome, digest: UInt64?, now: Int64
  ) -> String? {
    let place = Int(entry.position.index.rawValue) - 1
    if place < applied.count {
      if applied[place] != entry { return "Another entry is applied at \(entry.position)." }
      if outcomes[place] != outcome {
        return "\(entry.position) comes to \(outcome), and came to \(outcomes[place])."
      }
      return compare(digest, at: place)
    }
    guard place == applied.count else { return "\(entry.position) is applied before its time." }
    applied.append(entry)
    outcomes.append(outcome)
    digests.append(digest)
    guard let command else { return nil }
    switch outcome {
    case .done(repeated: false), .refused(_, repeated: false):
      let times = (effects[command.key]?.times ?? 0) + 1
      lastMoment = max(lastMoment + 1, now * Self.moments)
      effects[command.key] = (times, lastMoment)
      if times > 1 { return "\(command) took effect twice." }
    case .done, .refused, .outdated, .none: break
    }
    return nil
  }

  /// Digest equality (architecture, "Digest").
  mutating func compare(_ digest: UInt64, at index: LogIndex) -> String? {
    index == .zero ? nil : compare(digest, at: Int(index.rawValue) - 1)
  }

  private mutating func compare(_ digest: UInt64?, at place: Int) -> String? {
    guard let digest else { return nil }
    guard let known = digests[place] else {
      digests[place] = digest
      return nil
    }
    return known == digest ? nil : "The states differ after \(applied[place].position)."
  }
}
