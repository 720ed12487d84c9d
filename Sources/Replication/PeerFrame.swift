package import Bytes
package import Raft
package import Store

/// One frame between two nodes: consensus, a forwarded write, or what a connection begins with.
package enum PeerFrame: Hashable, Sendable {
  /// The first frame of a connection, from both ends. Nothing else is heard before it.
  case hello(Hello)
  case message(Message)
  /// A write that the sender has from a client, for the leader. It goes one hop and no further.
  case forward(id: UInt64, command: [UInt8])
  /// What the receiver of `forward` did with it.
  case forwarded(id: UInt64, ForwardOutcome)
  /// The sender's wall clock, in milliseconds since 1970-01-01T00:00:00Z.
  case clock(Int64)
  /// What the sender's state came to, for the leader to compare.
  case digest(StateDigest)
  /// The leader's word: after this index the receiver's state is not that of the others.
  case diverged(LogIndex)
  /// The sender's state is wrong, and it asks the leader for another.
  case wantsState
  /// The sender applies nothing from this index on, until the entry there is skipped.
  case stopped(before: LogIndex)
  /// Of a state on its way, on a connection for nothing else.
  case snapshot(SnapshotFrame)
}

/// What goes over a bulk connection after the hellos. The dialler has the state, the other wants it.
package enum SnapshotFrame: Hashable, Sendable {
  /// What the state is.
  case offer(SnapshotMeta)
  /// All before this offset is on the receiver's disk. The first says where to begin; each later one
  /// lets the sender go on.
  case wanted(from: UInt64)
  /// A piece of the file, in order. At most ``PeerFrame/largestChunk`` bytes.
  case chunk(at: UInt64, [UInt8])
  /// It is there, whole and verified.
  case complete
  /// It is not wanted, or not what was offered; why, for the log.
  case refused(String)
}

/// Who is at the other end, and what it can speak.
package struct Hello: Hashable, Sendable {
  package var cluster: ID
  /// Rises when a cluster is rebuilt from survivors, so that those left behind cannot come back.
  package var epoch: UInt64
  /// The sender: its number, what its files are known by, and where it is to be found now.
  package var member: Configuration.Member
  /// The connection carries a state and nothing else.
  package var isBulk: Bool
  /// The peer protocols that the sender speaks, oldest and newest.
  package var protocolOldest: UInt8
  package var protocolNewest: UInt8
  /// The newest behaviour level that the sender can apply.
  package var level: UInt8

  package init(
    cluster: ID, epoch: UInt64, member: Configuration.Member, isBulk: Bool = false,
    protocolOldest: UInt8 = PeerFrame.version, protocolNewest: UInt8 = PeerFrame.version,
    level: UInt8 = Configuration.firstLevel
  ) {
    self.cluster = cluster
    self.epoch = epoch
    self.member = member
    self.isBulk = isBulk
    self.protocolOldest = protocolOldest
    self.protocolNewest = protocolNewest
    self.level = level
  }

  package var node: NodeID { member.id }

  /// Why a connection that began with this is not kept, or `nil` if it is.
  ///
  /// - Parameters:
  ///   - names: The URIs that the peer's certificate was issued for.
  ///   - expected: Whom this node dialled, or `nil` if it was dialled.
  ///   - own: What this node says of itself.
  ///   - configuration: Who is a member, as far as this node knows. To be none is no reason: who
  ///     slept through changes must be able to hear of them.
  package func refusal(
    names: [String], expected: NodeID?, own: Hello, configuration: Configuration
  ) -> HelloRefusal? {
    if cluster != own.cluster { return .foreignCluster(cluster) }
    if epoch != own.epoch { return .otherEpoch(epoch) }
    if node == own.node { return .ownNumber }
    if let expected, expected != node { return .notExpected(node) }
    if !names.contains("muster://\(cluster)/node/\(node.rawValue)") { return .notItsName(node) }
    if protocolOldest > own.protocolNewest || protocolNewest < own.protocolOldest {
      return .noCommonProtocol(oldest: protocolOldest, newest: protocolNewest)
    }
    if level < configuration.level { return .tooOld(node, needed: configuration.level) }
    let isRetired = configuration.retired.contains {
      $0.id == node && $0.incarnation == member.incarnation
    }
    if isRetired { return .retired(node) }
    if let known = configuration.member(node)?.incarnation, known != 0,
      known != member.incarnation
    {
      return .otherFiles(node)
    }
    return nil
  }
}

/// Why a peer's connection is closed after its hello.
package enum HelloRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case foreignCluster(ID)
  case otherEpoch(UInt64)
  case ownNumber
  case notExpected(NodeID)
  case notItsName(NodeID)
  case noCommonProtocol(oldest: UInt8, newest: UInt8)
  /// It cannot apply what is in the log.
  case tooOld(NodeID, needed: UInt8)
  /// A member that was removed, with the files that it had.
  case retired(NodeID)
  /// A member whose files are not those that it had: its votes and its log are lost.
  case otherFiles(NodeID)

  package var description: String {
    switch self {
    case .foreignCluster(let cluster): "it belongs to another cluster, \(cluster)"
    case .otherEpoch(let epoch): "it belongs to another epoch of this cluster, \(epoch)"
    case .ownNumber: "it says that it is this node; two nodes have the same number"
    case .notExpected(let node): "\(node) answers at this address"
    case .notItsName(let node): "its certificate was not issued for \(node)"
    case .noCommonProtocol(let oldest, let newest):
      "it speaks peer protocols \(oldest) to \(newest), and this node none of them"
    case .tooOld(let node, let level):
      "\(node) runs a version that does not know behaviour level \(level), which is in force: start "
        + "it with the version that the others have"
    case .retired(let node):
      "\(node) was removed from the cluster: it can be added again with an empty data folder"
    case .otherFiles(let node):
      "\(node) has lost the files that it had, and with them what it promised: replace it"
    }
  }
}

/// What a node did with a write that another sent it.
package enum ForwardOutcome: Hashable, Sendable {
  /// It leads, and the write is in its log here. Whether it stays, applying that index will show.
  case appended(Position)
  /// It does not lead; the write is in no log. `leader` is whom it takes for the leader.
  case notLeader(leader: NodeID?)
  /// It leads and has too much in flight; the write is in no log.
  case overloaded
}
