package import Raft
package import Store

/// One thing that happens to a ``Replica``.
package enum ReplicaInput: Sendable {
  /// Ten milliseconds went by. `now` is the wall clock, in milliseconds since 1970.
  case tick(now: Int64)
  /// A frame came from a peer whose hello was accepted.
  case received(PeerFrame, from: NodeID)
  /// Frames can be sent to `peer` from now on.
  case connected(NodeID)
  /// A peer said hello, and by it what its files are known by and where it is to be found.
  case heard(Configuration.Member, level: UInt8 = Configuration.firstLevel)
  /// Nothing can be sent to `peer` any more, and what was under way may not have arrived.
  case lost(NodeID)
  /// The connection that `peer` sends on closed: what it had sent may not have arrived.
  case unheard(NodeID)
  /// After a close, connecting again was refused: the process of `peer` is gone.
  case gone(NodeID)
  /// A client's write, to be answered within `deadline` ticks. It may wait for a leader, unsent,
  /// for `patience` of them.
  case submit(
    ClientToken, command: [UInt8], patience: Int, deadline: Int = ReplicaLimits.writeDeadline)
  /// A client wants an index after which a local read is linearizable, within `deadline` ticks.
  case read(ClientToken, deadline: Int = ReplicaLimits.readDeadline)
  /// A client wants to know when `index` is applied here, for at most `patience` ticks.
  case awaitApplied(ClientToken, LogIndex, patience: Int)
  /// The batch of this sequence, and all before it, are on this node's disk.
  case persisted(batch: UInt64)
  /// The entries of the last ``ReplicaEffects/apply`` are in the state, through this index.
  case applied(through: LogIndex)
  /// The answer to one of ``ReplicaEffects/loads``, in order; it may stop early.
  case loaded([Entry], for: LogLoad.Purpose)
  /// The disk has kept a batch waiting for too long: this node should not lead.
  case stalled
  /// A client wants the membership changed. Only a leader takes it.
  case change(ClientToken, MemberChange)
  /// Leadership is to go to this node, or to whoever is most caught up.
  case handOver(to: NodeID?)
  /// A power cut can undo nothing that the state has applied through this index.
  case stateDurable(through: LogIndex)
  /// The entry at this index purged something: the log must hold nothing from before it.
  case purged(LogIndex)
  /// A state came whole from the leader and lies under the name of this generation, verified.
  /// `stamp` is that of the last entry in it.
  case snapshotReceived(LogBase, generation: UInt64, stamp: Int64 = 0)
  /// The state file in use is now the received one.
  case switched(generation: UInt64)
  /// Sending the state to this peer has ended. If it arrived, the peer says so itself before long.
  case snapshotEnded(NodeID, hasArrived: Bool = false)
  /// What the state came to at an index at which every node says so.
  case digested(StateDigest)
  /// What the state holds is not what was written into it: it must not be served any more.
  case stateUnsound
  /// The process is to end: hand leadership over and take no more writes.
  case stop
}

/// Names one request of a client until it is answered. Unique within one run of a node.
package struct ClientToken: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What is to be done after a burst of inputs, in this order.
package struct ReplicaEffects: Sendable {
  /// To be durable, in order, as soon as may be. Their messages are held by the replica, which
  /// sends them when it is told that the batch is durable.
  package var persist: [PersistBatch] = []
  /// To be sent, in order.
  package var sends: [(to: NodeID, frame: PeerFrame)] = []
  /// To be applied as one transaction; empty when nothing is. There are no others until
  /// ``ReplicaInput/applied(through:)`` came.
  package var apply: [Entry] = []
  /// Those of ``apply`` that are applied as nothing.
  package var skips: [LogIndex] = []
  /// To be read from the log on disk.
  package var loads: [LogLoad] = []
  package var writes: [(token: ClientToken, answer: WriteAnswer)] = []
  package var reads: [(token: ClientToken, answer: ReadAnswer)] = []
  /// Answers to changes of the membership.
  package var changes: [(token: ClientToken, answer: ChangeAnswer)] = []
  /// Who is a member now, whenever that changed.
  package var membership: Configuration?
  /// Peers that are to be sent the state, unless that is under way.
  package var snapshots: [NodeID] = []
  /// The state file to use from now on: the log says that it is the one, durably.
  package var switchState: (generation: UInt64, base: LogBase)?
  /// Received states that came too late to be of use; their files can go.
  package var discards: [UInt64] = []
  /// What the log held before its base is to be gone from the disk, once the batches are on it.
  package var scrubsLog = false
  package var alarms: [ReplicaAlarm] = []
  /// For the node's own log lines.
  package var notices: [Notice] = []

  package init() {}

  /// Empties this value and keeps its memory.
  package mutating func removeAll() {
    persist.removeAll(keepingCapacity: true)
    sends.removeAll(keepingCapacity: true)
    apply.removeAll()
    skips.removeAll()
    loads.removeAll(keepingCapacity: true)
    writes.removeAll(keepingCapacity: true)
    reads.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    membership = nil
    snapshots.removeAll(keepingCapacity: true)
    switchState = nil
    discards.removeAll(keepingCapacity: true)
    scrubsLog = false
    alarms.removeAll(keepingCapacity: true)
    notices.removeAll(keepingCapacity: true)
  }
}

/// Entries wanted from the log on disk.
package struct LogLoad: Hashable, Sendable {
  package let purpose: Purpose
  package let from: LogIndex
  /// The last index wanted; the answer may stop earlier, at about a mebibyte.
  package let through: LogIndex

  /// What they are for.
  package enum Purpose: Hashable, Sendable {
    /// A peer that is too far behind for what is in memory.
    case peer(NodeID)
    /// This node's own state, which is behind what is in memory.
    case apply
  }

  package init(purpose: Purpose, from: LogIndex, through: LogIndex) {
    self.purpose = purpose
    self.from = from
    self.through = through
  }
}

/// What became of a write, without its result: that lies with whoever applied it.
package enum WriteAnswer: Hashable, Sendable {
  /// This node has applied it, just now, at this position.
  case applied(Position)
  /// It is in no log and never will be. `overloaded` tells why it is worth a longer wait.
  case notAccepted(leader: NodeID?, overloaded: Bool)
  /// It left, and its outcome is not known here.
  case unknown
}

/// What became of the question for an index.
package enum ReadAnswer: Hashable, Sendable {
  /// This node has applied through this index.
  case ready(LogIndex)
  /// Not confirmed, or not applied, in time.
  case unavailable(leader: NodeID?)
}

/// What became of a change of the membership.
package enum ChangeAnswer: Hashable, Sendable {
  /// Committed, and applied here.
  case done(Position)
  case refused(ChangeRefusal)
  /// This node does not lead; nothing was changed.
  case notLeader(NodeID?)
  /// Another leader's entry took its place: nothing was changed.
  case superseded
  /// It is in a log, and was not committed in time.
  case unknown
}
