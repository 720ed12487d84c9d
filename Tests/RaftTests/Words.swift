import Raft

// Short words for the values that tests are made of.

extension NodeID: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

extension Term: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

extension LogIndex: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

func at(_ term: UInt64, _ index: UInt64) -> Position {
  Position(term: Term(rawValue: term), index: LogIndex(rawValue: index))
}

/// A log whose entries have these terms, from index 1.
func entries(terms: [UInt64]) -> [Entry] {
  terms.enumerated().map { entry($1, UInt64($0) + 1) }
}

/// The entry that every test log has at this position, if nobody says otherwise.
func entry(_ term: UInt64, _ index: UInt64) -> Entry {
  Entry(
    position: at(term, index), stamp: 0, kind: .command,
    payload: [UInt8(truncatingIfNeeded: term), UInt8(truncatingIfNeeded: index)])
}

extension Output {
  /// What the driver sends in the end: at once, and after the disk.
  var sent: [Outbound] { messages + (persist?.messages ?? []) }
}

/// One replica with a disk that is as fast as the test wants.
struct Subject {
  var core: RaftCore

  init(
    _ id: NodeID = 1, of voters: [NodeID] = [1, 2, 3], learners: [NodeID] = [], term: Term = 0,
    vote: NodeID? = nil, terms: [UInt64] = [], applied: LogIndex = 0, log: LogRecovery? = nil,
    timing: Timing = Timing(), seed: UInt64 = 1
  ) {
    let recovery = log ?? LogRecovery(entries: entries(terms: terms))
    core = RaftCore(
      id: id, configuration: Configuration(voters: voters, learners: learners),
      hardState: HardState(term: max(term, recovery.last.term), vote: vote), log: recovery,
      applied: applied, timing: timing, seed: seed)
  }

  /// One burst; the disk has not answered.
  mutating func take(_ inputs: Input...) -> Output { take(inputs) }

  mutating func take(_ inputs: [Input]) -> Output {
    var output = Output()
    for input in inputs { core.step(input, into: &output) }
    core.flush(into: &output)
    core.checkInvariants()
    return output
  }

  /// One burst, with everything that a quick disk makes of it; all that is sent, in order.
  @discardableResult mutating func settle(_ inputs: Input...) -> [Outbound] {
    settle(inputs)
  }

  @discardableResult mutating func settle(_ inputs: [Input]) -> [Outbound] {
    var sent: [Outbound] = []
    var next = inputs
    while !next.isEmpty {
      let output = take(next)
      sent += output.sent
      next = output.persist.map { [.persisted(batch: $0.sequence)] } ?? []
    }
    return sent
  }

  /// Lets ticks pass until one of them says something.
  mutating func wait(atMost ticks: Int = 1_000) -> [Outbound] {
    for _ in 0..<ticks {
      let sent = settle(.tick)
      if !sent.isEmpty { return sent }
    }
    return []
  }

  /// Makes it a leader in the next term by the votes of `voters`.
  @discardableResult mutating func lead(by voters: NodeID...) -> [Outbound] {
    _ = wait()
    let term = core.term.next
    for voter in voters {
      settle(.received(.vote(Vote(term: term, granted: true, isPreVote: true)), from: voter))
    }
    return voters.flatMap {
      settle(.received(.vote(Vote(term: term, granted: true, isPreVote: false)), from: $0))
    }
  }

  mutating func vote(
    _ kind: VoteRequest.Kind, _ term: Term, last: Position, from candidate: NodeID
  ) -> [Outbound] {
    let request = VoteRequest(term: term, last: last, kind: kind)
    return settle(.received(.voteRequest(request), from: candidate))
  }
}

func append(
  _ term: Term, after previous: Position, _ entries: [Entry] = [], commit: LogIndex = 0,
  round: UInt64 = 0, heirs: [NodeID] = []
) -> Message {
  .append(
    AppendEntries(
      term: term, previous: previous, entries: entries, commit: commit, round: round, heirs: heirs))
}

func matched(_ term: Term, _ index: LogIndex, round: UInt64 = 0) -> Message {
  .appended(Appended(term: term, outcome: .matched(index), round: round))
}

func refused(_ term: Term, _ previous: LogIndex, hint: Position) -> Message {
  .appended(Appended(term: term, outcome: .refused(previous: previous, hint: hint), round: 0))
}

func vote(_ term: Term, granted: Bool, pre: Bool = false) -> Message {
  .vote(Vote(term: term, granted: granted, isPreVote: pre))
}

func heartbeat(
  _ term: Term, commit: LogIndex = 0, round: UInt64 = 0, heirs: [NodeID] = []
) -> Message {
  .heartbeat(Heartbeat(term: term, commit: commit, round: round, heirs: heirs))
}

func to(_ node: NodeID, _ message: Message) -> Outbound { Outbound(to: node, message: message) }
