package import Raft
package import Replication
package import Store

/// What the interface needs of the node behind it. A test puts a cluster of one in its place.
package protocol Cluster: Sendable {
  /// Which state file is in use, and readers of it.
  var state: CurrentState { get }
  /// The epoch of the cluster: one more than it was recovered.
  var epoch: UInt64 { get }
  /// What the node knows of itself now. Cheap.
  var status: NodeStatus { get }
  /// What the node's files take, and what room there is.
  var disk: DiskFigures? { get }
  /// What came of the last time that the whole ledger was read through.
  var scrub: ScrubFigures { get }
  /// How the search index stands.
  var search: SearchFigures { get }
  /// Where the time of this node's own clients' latest writes went.
  func writeTimings() async -> WriteTimings
  /// Has a command committed and applied. Answers within `limit`, which is at most 1.9 s.
  func submit(_ command: [UInt8], within limit: Duration) async -> WriteResult
  /// Waits until a read of the node's own state is linearizable. Answers within `limit`, which is
  /// at most 1.9 s.
  func readIndex(within limit: Duration) async -> ReadResult
  /// Waits until the node has applied `index`; false if `limit` goes by first.
  func waitApplied(_ index: LogIndex, upTo limit: Duration) async -> Bool
  /// Has the membership changed, if the node leads. Answers within 2 s.
  func change(_ change: MemberChange) async -> ChangeAnswer
  /// Begins to hand leadership over, if the node leads.
  func handOver(to target: NodeID?)
  /// Runs `body` on a thread that may block, and tells it how much of `limit` is left then.
  ///
  /// - Throws: What `body` throws, or ``ReadersBusy`` if its turn does not come in time.
  func read<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable (StateReader, Duration) throws -> Value
  ) async throws -> Value
  /// Waits until everything that was applied through `index` can be found; false if `limit` goes by
  /// first.
  func waitIndexed(_ index: LogIndex, upTo limit: Duration) async -> Bool
  /// Runs `body` as a read, with a reader of the search index as well.
  ///
  /// - Throws: ``SearchUnavailable`` if the index answers nothing now, beside what a read throws.
  func search<Value: Sendable>(
    within limit: Duration,
    _ body: @escaping @Sendable (StateReader, SearchReader, Duration) throws -> Value
  ) async throws -> Value
}

extension Node: Cluster {
  package func submit(_ command: [UInt8], within limit: Duration) async -> WriteResult {
    await submit(command, parkingUpTo: .seconds(1), within: limit)
  }
}
