package import Raft

/// What a node knows of itself and its cluster, at one moment.
package struct NodeStatus: Hashable, Sendable {
  package var node: NodeID
  package var role: Role
  package var term: Term
  /// Whom this node takes for the leader, itself included.
  package var leader: NodeID?
  /// The last entry of this node's log.
  package var last: LogIndex
  package var commit: LogIndex
  package var applied: LogIndex
  /// Milliseconds since the leader was last heard from; 0 on the leader, `nil` if never.
  package var leaderContactAge: Int64?
  /// The other members, by ascending id.
  package var peers: [Peer]
  /// It takes no more writes because it was told to stop.
  package var isStopping: Bool
  /// The entry before the first one that the log still holds.
  package var base = LogIndex.zero
  /// The log is on this node's disk through this index.
  package var durable = LogIndex.zero
  /// Who is a member, by this node's log.
  package var configuration = Configuration(voters: [])
  /// The newest behaviour level that this node can apply, or is told to.
  package var newestLevel = Configuration.firstLevel
  /// A change of the membership that is not committed yet.
  package var uncommittedChange: LogIndex?
  /// When this node last stopped leading, since it started.
  package var lastStepDown: StepDown?
  /// This node's state is not that of the others after this index: it serves nothing, and waits for
  /// another state.
  package var divergedAfter: LogIndex?
  /// Applying the entry at this index ended the process twice: this node applies nothing from there
  /// on and serves nothing, until the entry is skipped.
  package var stopsBefore: LogIndex?
  /// A leader is known, and with it a commit index: before that a node may be far behind and not
  /// know it.
  package var hasHeardCommit = false

  package init(
    node: NodeID, role: Role = .follower, term: Term = .zero, leader: NodeID? = nil,
    last: LogIndex = .zero, commit: LogIndex = .zero, applied: LogIndex = .zero,
    leaderContactAge: Int64? = nil, peers: [Peer] = [], isStopping: Bool = false
  ) {
    self.node = node
    self.role = role
    self.term = term
    self.leader = leader
    self.last = last
    self.commit = commit
    self.applied = applied
    self.leaderContactAge = leaderContactAge
    self.peers = peers
    self.isStopping = isStopping
  }

  /// What a node is in an election's terms.
  package enum Role: String, Hashable, Sendable {
    case follower
    case candidate
    case leader
  }

  /// The end of a leadership.
  package struct StepDown: Hashable, Sendable {
    package let term: Term
    package let why: Notice.Reason
    /// Milliseconds since 1970.
    package let at: Int64
  }

  /// Another member, as seen from this node.
  package struct Peer: Hashable, Sendable {
    package var node: NodeID
    /// This node can send to it now.
    package var isConnected: Bool
    /// The last index known to be in its log durably; known on the leader only.
    package var match: LogIndex?
    /// Its wall clock less this node's, in milliseconds, when it last told its own; the way of
    /// that message is not taken off.
    package var clockOffset: Int64?
    /// The newest behaviour level that it can apply, while it is connected.
    package var level: UInt8?

    package init(
      node: NodeID, isConnected: Bool = false, match: LogIndex? = nil, clockOffset: Int64? = nil,
      level: UInt8? = nil
    ) {
      self.level = level
      self.node = node
      self.isConnected = isConnected
      self.match = match
      self.clockOffset = clockOffset
    }
  }
}
