package import Bytes
package import Raft

/// Whose files these are. Written when they are made, and compared at each start.
package struct NodeIdentity: Hashable, Sendable {
  /// The cluster.
  package let cluster: ID
  /// The node.
  package let node: NodeID
  /// Who voted when the cluster began. Only read when the files are made.
  package let founding: Configuration
  /// The epoch of the cluster that they begin in: one more than recoveries before. Only read when the
  /// files are made.
  package let epoch: UInt64

  /// An identity.
  package init(cluster: ID, node: NodeID, founding: Configuration, epoch: UInt64 = 1) {
    self.cluster = cluster
    self.node = node
    self.founding = founding
    self.epoch = epoch
  }
}
