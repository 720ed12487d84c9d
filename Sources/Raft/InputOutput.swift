/// One thing that happens to a ``RaftCore``.
package enum Input: Hashable, Sendable {
  /// Ten milliseconds went by. The core knows no other clock.
  case tick
  case received(Message, from: NodeID)
  /// A command to append, if this node leads. `now` is the node's clock in milliseconds since 1970.
  case propose(ProposalID, payload: [UInt8], now: Int64)
  /// A linearizable read wants an index to wait for. The id is new for each attempt.
  case read(ReadID)
  /// The batch of this sequence, and all before it, are on this node's disk.
  case persisted(batch: UInt64)
  /// The state machine has applied through this index.
  case applied(LogIndex)
  /// The connection to `peer` closed and connecting again was refused: its process is gone.
  case peerGone(NodeID)
  /// A connection to `peer` was lost or made: what is in flight is to be sent again.
  case peerReset(NodeID)
  /// Leadership is to go to `target`, or to whoever is most caught up.
  case transfer(to: NodeID?)
  /// Entries asked for by ``Output/loads``, in order, from the log on disk.
  case loaded([Entry], for: NodeID)
  /// A change of the membership, if this node leads. `now` as in ``propose(_:payload:now:)``.
  case change(ProposalID, MemberChange, now: Int64)
  /// A state came from the leader, was verified, and lies under its final name as the state file of
  /// this generation. It must be ahead of ``RaftCore/commit``, and this node must not lead. `stamp` is
  /// that of the last entry in it.
  case snapshotReceived(LogBase, generation: UInt64, stamp: Int64 = 0)
  /// Whether this node should leave leading to others, because its clock is wrong.
  case abstain(Bool)
  /// This node's state is wrong: it does not campaign any more, and hands over if it leads. A state
  /// that is received from now on may end before what is committed: the log goes on from there.
  case distrustState
  /// Sending the state to this peer has ended. If it arrived, the peer says so itself before long.
  case snapshotEnded(NodeID, hasArrived: Bool = false)
  /// The log may begin after this index: the state holds it durably, and no peer that counts still
  /// needs it. Beyond ``RaftCore/applied`` it is ignored.
  case trim(through: LogIndex)
}

/// Names a proposal until its outcome is known. Unique within one run of a node.
package struct ProposalID: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Names one attempt at a read. Unique within one run of a node.
package struct ReadID: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What must be durable, as one transaction, before what waits for it may happen.
package struct PersistBatch: Hashable, Sendable {
  /// Rises by one from batch to batch. Batches reach the disk in this order.
  package let sequence: UInt64
  package var hardState: HardState?
  /// Entries at and after this index are removed before ``entries`` are added.
  package var truncateFrom: LogIndex?
  package var entries: [Entry]
  /// A received state takes the place of this node's own, and with it of the log.
  package var install: SnapshotInstall?
  /// The log begins here from now on: entries at and before it need not be kept. Comes into force
  /// with the batch; the rows may be removed little by little.
  package var trim: LogBase?
  /// Sent once the batch is durable, in order: acknowledgements and votes are promises.
  package var messages: [Outbound]

  package init(
    sequence: UInt64, hardState: HardState? = nil, truncateFrom: LogIndex? = nil,
    entries: [Entry] = [], install: SnapshotInstall? = nil, trim: LogBase? = nil,
    messages: [Outbound] = []
  ) {
    self.sequence = sequence
    self.hardState = hardState
    self.truncateFrom = truncateFrom
    self.entries = entries
    self.install = install
    self.trim = trim
    self.messages = messages
  }
}

/// A received state, verified and under its final name, that becomes this node's.
///
/// Within its batch it comes first: what the batch truncates and adds is after it.
package struct SnapshotInstall: Hashable, Sendable {
  /// What the state had applied, and who was a member then. The log begins here.
  package let base: LogBase
  /// Which state file it is: higher than that of any before.
  package let generation: UInt64
  /// The log agrees with the snapshot at its position, so the entries after it stay. Otherwise none
  /// do (hashicorp/raft#697).
  package let keepsEntries: Bool

  package init(base: LogBase, generation: UInt64, keepsEntries: Bool) {
    self.base = base
    self.generation = generation
    self.keepsEntries = keepsEntries
  }
}

/// A message and whom it is for.
package struct Outbound: Hashable, Sendable {
  package let to: NodeID
  package let message: Message

  package init(to: NodeID, message: Message) {
    self.to = to
    self.message = message
  }
}

/// What became of a proposal, as far as the core can say.
package enum ProposalOutcome: Hashable, Sendable {
  /// In the leader's log at this position. Whether it stays is known when that index is applied.
  case appended(Position)
  /// Not in any log: this node does not lead.
  case notLeader(known: NodeID?)
  /// Not in any log: too much is uncommitted.
  case overloaded
  /// Not in any log: this change may not be made now.
  case refused(ChangeRefusal)
}

/// What became of a read attempt.
package enum ReadOutcome: Hashable, Sendable {
  /// Once this index is applied here, a local read is linearizable.
  case ready(LogIndex)
  /// No leader confirmed it; ask again with a new id.
  case failed
}

/// Entries that a peer needs and the core no longer has in memory.
package struct Load: Hashable, Sendable {
  package let peer: NodeID
  package let from: LogIndex
  /// The last index wanted; the answer may stop earlier, at about ``RaftCore/largestAppend`` bytes.
  package let through: LogIndex

  package init(peer: NodeID, from: LogIndex, through: LogIndex) {
    self.peer = peer
    self.from = from
    self.through = through
  }
}

/// What is to be done after a step, in this order: persist and send at the same time, then the rest.
package struct Output: Hashable, Sendable {
  /// At most one batch a step.
  package var persist: PersistBatch?
  /// Sent at once, without waiting for the disk.
  package var messages: [Outbound] = []
  /// Entries through this index may be applied: committed, and durable on this node.
  package var applicable: LogIndex?
  package var proposals: [(ProposalID, ProposalOutcome)] = []
  package var reads: [(ReadID, ReadOutcome)] = []
  package var loads: [Load] = []
  /// Peers that lack what the log does not hold any more: they are to be sent the state.
  package var snapshots: [NodeID] = []
  /// The configuration that came into force in this step, or back into it.
  package var configuration: Configuration?
  /// What an operator would want to read in the node's own log.
  package var notices: [Notice] = []

  package init() {}

  /// Empties this value and keeps its memory.
  package mutating func removeAll() {
    persist = nil
    messages.removeAll(keepingCapacity: true)
    applicable = nil
    proposals.removeAll(keepingCapacity: true)
    reads.removeAll(keepingCapacity: true)
    loads.removeAll(keepingCapacity: true)
    snapshots.removeAll(keepingCapacity: true)
    configuration = nil
    notices.removeAll(keepingCapacity: true)
  }

  package static func == (left: Output, right: Output) -> Bool {
    left.persist == right.persist && left.messages == right.messages
      && left.applicable == right.applicable && left.loads == right.loads
      && left.notices == right.notices && left.snapshots == right.snapshots
      && left.configuration == right.configuration
      && left.proposals.elementsEqual(right.proposals) { $0 == $1 }
      && left.reads.elementsEqual(right.reads) { $0 == $1 }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(persist)
    hasher.combine(messages)
    hasher.combine(applicable)
  }
}

/// A change of role, with its reason.
package enum Notice: Hashable, Sendable {
  case becameFollower(of: NodeID?, term: Term)
  case becamePreCandidate(term: Term)
  case becameCandidate(term: Term)
  case becameLeader(term: Term)
  case steppedDown(term: Term, why: Reason)
  /// Who is a member has changed, by the entry at this index.
  case membershipChanged(at: LogIndex)
  /// Entries from this index on are applied at this behaviour level.
  case levelChanged(to: UInt8, at: LogIndex)

  package enum Reason: Hashable, Sendable {
    case higherTerm(seenFrom: NodeID)
    case noQuorum
    /// A batch has waited for this node's own disk as long as an election takes.
    case diskStalled
    case transferred(to: NodeID)
    /// The configuration without this node is committed.
    case removed
  }
}
