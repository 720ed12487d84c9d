package import Raft
package import Store

/// The three answers to a write.
package enum WriteResult: Sendable {
  /// Committed, and applied on this node.
  case outcome(AppliedEntry)
  /// In no log and never to be: it did not leave, or the leader said so. Safe to send again.
  case notAccepted(retryAfter: Duration, leader: NodeID?)
  /// It left, and what became of it is not known here. Repeat it with the same key.
  case unknown
}

/// The answer to a linearizable read's question for an index.
package enum ReadResult: Hashable, Sendable {
  /// This node has applied through this index, and a local read now is linearizable.
  case ready(LogIndex)
  /// No leader confirmed it in time.
  case unavailable(retryAfter: Duration, leader: NodeID?)
}
