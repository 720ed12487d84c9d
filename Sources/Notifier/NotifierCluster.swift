package import Replication
package import Store

/// What the notifier needs of the node behind it. A test puts a cluster of one in its place.
package protocol NotifierCluster: Sendable {
  /// What the node knows of itself now. Cheap.
  var status: NodeStatus { get }
  /// Has a command committed and applied, here or through the leader.
  func propose(_ command: [UInt8]) async -> WriteResult
  /// Runs `body` on a thread that may block.
  func look<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value
  ) async throws -> Value
}

extension Node: NotifierCluster {
  package func propose(_ command: [UInt8]) async -> WriteResult { await submit(command) }

  package func look<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value
  ) async throws -> Value {
    try await read(within: .seconds(1)) { reader, _ in try body(reader) }
  }
}
