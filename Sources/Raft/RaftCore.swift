/// One replica's part in consensus, as a value: inputs in, effects out.
///
/// The core holds no clock, thread, file or socket. Whoever drives it steps a burst of inputs into
/// one ``Output``, calls ``flush(into:)`` once, and carries the effects out in their order:
///
/// ```swift
/// for input in burst { core.step(input, into: &output) }
/// core.flush(into: &output)
/// ```
///
/// Steps decide; the flush speaks. So a burst of proposals makes one batch for the disk and one
/// append for each peer, and a burst of reads makes one round. ``RaftCore`` follows Ongaro's paper
/// and dissertation, which the sources cite by section.
package struct RaftCore: Sendable {
  /// What this replica is at the moment. A node is exactly one of these.
  package enum Role: Hashable, Sendable {
    case follower(of: NodeID?)
    /// Asking whether a campaign could be won (dissertation, section 9.6).
    case preCandidate
    case candidate
    case leader
  }

  /// The most bytes in one entry's payload: the largest command and a small header before it.
  package static let largestPayload = (256 << 10) + (1 << 10)
  /// The most bytes of entries in one append: large enough to fill a link, small enough that a
  /// heartbeat behind it is not late.
  package static let largestAppend = 1 << 20
  /// The most bytes of entries kept in memory once they are committed and durable.
  package static let largestTail = 8 << 20
  /// The most that may wait for a quorum, in bytes: a bound on memory and on the time to drain it.
  package static let mostUncommittedBytes = 64 << 20
  /// The most that may wait for a quorum, in entries.
  package static let mostUncommittedEntries: UInt64 = 5_000
  /// The most reads that may wait; more of them fail at once.
  package static let mostWaitingReads = 10_000

  package let id: NodeID
  /// Who is in the cluster: the last of ``configurations``.
  package internal(set) var configuration: Configuration
  /// The configuration at the log's base, then each that the log holds, by ascending index. The last
  /// is in force, committed or not.
  package internal(set) var configurations: [PlacedConfiguration]
  package let timing: Timing

  package internal(set) var hardState: HardState
  package internal(set) var role: Role = .follower(of: nil)
  /// The highest index known to be committed.
  package internal(set) var commit: LogIndex
  /// The log is on this node's disk through this index, and nothing after it is sure to be.
  package internal(set) var durable: LogIndex
  /// The state machine has applied through this index.
  package internal(set) var applied: LogIndex
  /// Ticks since this node started.
  package internal(set) var now: UInt64 = 0

  var log: LogView
  var jitter: Jitter
  /// The highest index handed out by ``Output/applicable``.
  var released: LogIndex

  // What is on its way to the disk.
  var lastBatch: UInt64 = 0
  var outstanding: [OutstandingBatch] = []
  /// The batch that carries ``hardState``.
  var hardStateBatch: UInt64 = 0

  // As a follower or candidate (RaftCore+Election).
  /// Who leads or led this term. Unlike the role, it outlives a lost connection.
  var leaderOfTerm: NodeID?
  /// When the leader was last heard.
  var lastContact: UInt64 = 0
  /// When this node campaigns, unless it hears a leader before.
  var electionDue: UInt64 = 0
  var campaign: Campaign?
  var heirs: [NodeID] = []
  /// What the leader's log says is to be skipped; this node's own may not say so yet.
  var toldSkips: [LogIndex] = []
  var succession: Succession?
  /// The newest read round answered in this term, and when an answer last went to the leader.
  var answeredRound: UInt64 = 0
  var answeredAt: UInt64 = 0

  // As a leader (RaftCore+Leadership).
  /// The other members in ascending order of id; empty unless this node leads.
  package internal(set) var peers: [Progress] = []
  /// The first entry of this leader's own term.
  var barrier: LogIndex = .zero
  var uncommittedBytes = 0
  var heartbeatDue: UInt64 = 0
  /// What was committed at the last heartbeat: the measure of who is caught up.
  var committedAtHeartbeat: LogIndex = .zero
  var transfer: Transfer?

  /// The state is not that of the others: until another is installed this node should not lead.
  package internal(set) var isStateWrong = false
  /// The latest stamp in this node's log, in milliseconds since 1970; 0 before the first.
  package var lastStamp: Int64 { log.lastStamp }
  /// It leaves leading to others, because its clock is wrong.
  package internal(set) var abstains = false
  /// How often it could have campaigned since it last heard a leader, and left it to others.
  var passedOver = 0

  // Reads (RaftCore+Reads).
  var reads = ReadQueue()

  #if SABOTAGE
    /// The fault that this replica is told to commit.
    package var sabotage: CoreSabotage?
  #endif

  /// Makes a follower of what its disk holds. `applied` was committed, so the log must hold it.
  ///
  /// The seed is anything that differs from node to node and from start to start. Jitter comes from
  /// it, and the ids by which late answers to an earlier run's reads are told apart.
  ///
  /// `configurations` has that of the log's base first, then those in the log.
  package init(
    id: NodeID, configurations: [PlacedConfiguration], hardState: HardState,
    log recovery: LogRecovery, applied: LogIndex, timing: Timing = Timing(), seed: UInt64
  ) {
    guard let newest = configurations.last else {
      preconditionFailure("A log has a configuration at its base at least.")
    }
    precondition(
      applied <= recovery.last.index,
      "Applied \(applied), but the log ends at \(recovery.last): entries were lost.")
    precondition(
      recovery.last.term <= hardState.term,
      "The log ends at \(recovery.last), later than \(hardState.term): a vote was lost.")
    self.id = id
    self.configurations = configurations
    configuration = newest.configuration
    self.timing = timing
    self.hardState = hardState
    self.applied = applied
    log = LogView(recovery)
    commit = applied
    durable = recovery.last.index
    released = applied
    jitter = Jitter(seed: seed)
    reads.nextRequest = jitter.next()
    resetElectionTimer()
    // Nobody else can lead, so there is nobody to wait for.
    if configuration.voters == [id] { electionDue = 0 }
  }

  /// A core whose log holds no configuration: all that is known is who founded the cluster.
  package init(
    id: NodeID, configuration: Configuration, hardState: HardState, log recovery: LogRecovery,
    applied: LogIndex, timing: Timing = Timing(), seed: UInt64
  ) {
    self.init(
      id: id,
      configurations: [
        PlacedConfiguration(index: recovery.first.previous, configuration: configuration)
      ],
      hardState: hardState, log: recovery, applied: applied, timing: timing, seed: seed)
  }

  /// The newest term that this node has seen.
  package var term: Term { hardState.term }

  /// The last entry of the log, durable or not.
  package var last: Position { log.last }

  /// The entry before the first one that the log still holds.
  package var base: LogIndex { log.base }

  /// Who leads, as far as this node knows; itself if it does.
  package var leader: NodeID? {
    switch role {
    case .leader: id
    case .follower(let leader): leader
    case .preCandidate, .candidate: nil
    }
  }

  /// Ticks since the leader was last heard; 0 on the leader itself.
  package var ticksSinceContact: UInt64 { role == .leader ? 0 : now - lastContact }

  /// Whether this leader has committed an entry of its own term, and so knows all that was
  /// committed before it (paper, section 8).
  package var hasCommittedOwnTerm: Bool { role == .leader && commit >= barrier }

  /// Whether a state that has applied `index` holds all that was committed before this node led.
  package func hasCommittedOwnTerm(appliedThrough index: LogIndex) -> Bool {
    hasCommittedOwnTerm && index >= barrier
  }

  /// Takes in one thing that happened. Cheap: what a whole burst can share is left to the flush.
  package mutating func step(_ input: Input, into output: inout Output) {
    switch input {
    case .tick:
      tick(into: &output)
    case .received(let message, let sender):
      receive(message, from: sender, into: &output)
    case .propose(let proposal, let payload, let clock):
      output.proposals.append((proposal, propose(payload, clock: clock, into: &output)))
    case .read(let read):
      request(read, into: &output)
    case .persisted(let batch):
      persisted(batch, into: &output)
    case .applied(let index):
      precondition(
        applied <= index && index <= released, "Applied \(index), but released \(released).")
      applied = index
    case .peerGone(let peer):
      peerGone(peer, into: &output)
    case .peerReset(let peer):
      peerReset(peer, into: &output)
    case .transfer(let target):
      transferLeadership(to: target)
    case .loaded(let entries, let peer):
      loaded(entries, for: peer, into: &output)
    case .change(let proposal, let change, let clock):
      output.proposals.append((proposal, propose(change, clock: clock, into: &output)))
    case .snapshotReceived(let base, let generation, let stamp):
      log.note(stamp: stamp)
      install(base, generation: generation, into: &output)
    case .abstain(let abstains):
      self.abstains = abstains
    case .distrustState:
      isStateWrong = true
      transferLeadership(to: nil)
    case .snapshotEnded(let peer, let hasArrived):
      snapshotEnded(peer, hasArrived: hasArrived)
    case .trim(let index):
      trim(through: index, into: &output)
    }
    assert(invariantsHold)
  }

  /// Says what a burst of steps left to say: appends, commits, read rounds, answers to reads.
  ///
  /// To be called once after a burst, before its output is carried out.
  package mutating func flush(into output: inout Output) {
    startReadRound(into: &output)
    replicate(into: &output)
    sendReadAnswers(into: &output)
    release(into: &output)
    log.evict(through: min(commit, durable))
  }
}
