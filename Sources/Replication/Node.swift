package import Raft
package import Store

/// One running node: the threads, files and connections around a ``Replica``.
package final class Node: Sendable {
  /// Opens the files, starts the lanes and begins to look for peers. Blocks until raft.db is safe
  /// to vote with.
  package static func start(_ configuration: NodeConfiguration) throws(NodeError) -> Node {
    throw .configuration("The lanes are not built in this commit.")
  }

  /// What this node knows of itself now. Cheap: one lock, no thread crossed.
  package var status: NodeStatus { preconditionFailure("The lanes are not built.") }

  /// Has a command committed and applied, here or through the leader. Answers within 2 s.
  ///
  /// - Parameters:
  ///   - command: Encoded, at most 256 KiB.
  ///   - patience: How long it may wait for a leader before it is sent; at most 1 s.
  package func submit(
    _ command: [UInt8], parkingUpTo patience: Duration = .seconds(1)
  ) async -> WriteResult {
    preconditionFailure("The lanes are not built.")
  }

  /// Waits until a read of this node's own state is linearizable. Answers within 2 s.
  package func readIndex() async -> ReadResult { preconditionFailure("The lanes are not built.") }

  /// Waits until this node has applied `index`; false if `limit` (at most 2 s) goes by first.
  package func waitApplied(_ index: LogIndex, upTo limit: Duration) async -> Bool {
    preconditionFailure("The lanes are not built.")
  }

  /// Runs `body` on one of the reader threads, which may block.
  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value
  ) async throws -> Value {
    preconditionFailure("The lanes are not built.")
  }

  /// A reader of this node's state for the caller's own thread or loop.
  package func makeReader() throws(StoreError) -> StateReader {
    preconditionFailure("The lanes are not built.")
  }

  /// Hands leadership over, finishes what is in flight, and closes the files.
  package func stop() async {}
}
