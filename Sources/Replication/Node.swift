import Bytes
import EventLoop
package import Raft
package import Store
import Synchronization
package import TLS

/// One running node: the threads, files and connections around a ``Replica``.
///
/// It is called from any thread or task; every answer resumes the task where it prefers to run.
package final class Node: Sendable {
  package let configuration: NodeConfiguration
  /// The epoch of the cluster: one more than it was recovered. Peers of another are not heard.
  package let epoch: UInt64
  private let core: CoreLane
  private let logLane: LogLane
  private let applyLane: ApplyLane
  private let readers: ReaderLanes
  private let links: PeerLinks
  private let log: NodeLog
  private let bulkLane: BulkLane
  private let scrubber: Scrubber
  private let searchLane: SearchLane
  /// Which state file is in use.
  package let state: CurrentState

  /// Nobody waits longer for a stopping node to be quiet: a supervisor is waiting too.
  private static let longestGoodbye: Duration = .seconds(1)
  /// What a client is told to wait: about an election, or for an overload to drain.
  private static let retryAfterElection: Duration = .seconds(1)
  private static let retryAfterOverload: Duration = .seconds(2)

  init(
    configuration: NodeConfiguration, epoch: UInt64, core: CoreLane, logLane: LogLane,
    applyLane: ApplyLane,
    readers: ReaderLanes, links: PeerLinks, bulkLane: BulkLane, scrubber: Scrubber,
    searchLane: SearchLane, state: CurrentState, log: NodeLog
  ) {
    self.configuration = configuration
    self.epoch = epoch
    self.core = core
    self.logLane = logLane
    self.applyLane = applyLane
    self.links = links
    self.bulkLane = bulkLane
    self.scrubber = scrubber
    self.searchLane = searchLane
    self.state = state
    self.readers = readers
    self.log = log
  }

  /// What this node knows of itself now, at most ten milliseconds old; `applied` and
  /// the role after a change are newer. Cheap: one lock, no thread crossed.
  package var status: NodeStatus {
    var status = core.status.withLock { $0 }
    status.applied = LogIndex(rawValue: core.applied.load(ordering: .acquiring))
    return status
  }

  /// What this node's files take, and what room there is. Asks the operating system a few times.
  package var disk: DiskFigures? {
    DiskFigures.now(of: configuration.dataFolder, stateFile: state.file)
  }

  /// What came of the last time that the whole ledger was read through.
  package var scrub: ScrubFigures { scrubber.figures }

  /// How the search index stands.
  package var search: SearchFigures { searchLane.figures }

  /// Where the time of this node's own clients' latest writes went.
  package func writeTimings() async -> WriteTimings { await core.timings() }

  /// Has a command committed and applied, here or through the leader. Answers within `limit`.
  ///
  /// - Parameters:
  ///   - command: Encoded, at most 256 KiB.
  ///   - patience: How long it may wait, unsent, for a leader; at most 1 s.
  ///   - limit: At most 1.9 s.
  package func submit(
    _ command: [UInt8], parkingUpTo patience: Duration = .seconds(1),
    within limit: Duration = .milliseconds(1_900)
  ) async -> WriteResult {
    precondition(
      command.count <= PeerFrame.largestPayload,
      "A command of \(command.count) bytes should have been refused at the gateway.")
    let (patience, deadline) = (Self.ticks(patience), Self.ticks(limit))
    return await withCheckedContinuation { waiter in
      core.inbox.bring(
        .write(command, patience: patience, deadline: deadline, brought: Clock.monotonic()) {
          waiter.resume(returning: Self.result($0, $1))
        })
    }
  }

  /// Has the membership changed, if this node leads. Answers within 2 s.
  package func change(_ change: MemberChange) async -> ChangeAnswer {
    await withCheckedContinuation { waiter in
      core.inbox.bring(.change(change) { waiter.resume(returning: $0) })
    }
  }

  /// Begins to hand leadership over, if this node leads: to `target`, or to whoever is most caught
  /// up. Whether it came about shows in ``status``.
  package func handOver(to target: NodeID? = nil) {
    core.inbox.bring(.input(.handOver(to: target)))
  }

  /// Waits until a read of this node's own state is linearizable. Answers within `limit`, which is
  /// at most 1.9 s.
  package func readIndex(within limit: Duration = .milliseconds(1_900)) async -> ReadResult {
    let deadline = Self.ticks(limit)
    return await withCheckedContinuation { waiter in
      core.inbox.bring(
        .read(deadline: deadline) { answer in
          switch answer {
          case .ready(let index): waiter.resume(returning: .ready(index))
          case .unavailable(let leader):
            waiter.resume(
              returning: .unavailable(retryAfter: Self.retryAfterElection, leader: leader))
          }
        })
    }
  }

  /// Waits until this node has applied `index`; false if `limit` (at most 1.9 s) goes by first.
  package func waitApplied(_ index: LogIndex, upTo limit: Duration) async -> Bool {
    if core.applied.load(ordering: .acquiring) >= index.rawValue { return true }
    let ticks = Self.ticks(limit)
    return await withCheckedContinuation { waiter in
      core.inbox.bring(
        .awaitApplied(index, patience: ticks) { answer in
          if case .ready = answer {
            waiter.resume(returning: true)
          } else {
            waiter.resume(returning: false)
          }
        })
    }
  }

  /// Runs `body` on one of the reader threads, which may block, and tells it how much of `limit` is
  /// left when its turn comes.
  ///
  /// - Throws: What `body` throws, a ``StoreError`` if the state cannot be opened, or
  ///   ``ReadersBusy`` if its turn does not come in time.
  package func read<Value: Sendable>(
    within limit: Duration,
    _ body: @escaping @Sendable (StateReader, Duration) throws -> Value
  ) async throws -> Value {
    try await readers.read(within: limit, body)
  }

  /// Waits until everything that was applied through `index` can be found; false if `limit` goes by
  /// first.
  package func waitIndexed(_ index: LogIndex, upTo limit: Duration) async -> Bool {
    await searchLane.wait(for: index, upTo: limit)
  }

  /// Runs `body` as ``read(within:_:)`` does, with a reader of the search index as well.
  ///
  /// - Throws: ``SearchUnavailable`` beside what that throws.
  package func search<Value: Sendable>(
    within limit: Duration,
    _ body: @escaping @Sendable (StateReader, SearchReader, Duration) throws -> Value
  ) async throws -> Value {
    try await readers.search(searchLane, within: limit, body)
  }

  /// Shows peers the certificate and trusts the authority that now lie in the files of the
  /// configuration, from the next handshake on.
  package func reloadPeerIdentity() throws(TLSError) { try links.reload() }

  /// Hands leadership over, finishes what is in flight, and closes the files. Takes about as long
  /// as one election without waiting, and at most a little more than a second.
  package func stop() async {
    log.write("stops")
    scrubber.stop()
    await withCheckedContinuation { waiter in
      core.stop(within: Self.longestGoodbye) { waiter.resume() }
    }
    await withCheckedContinuation { waiter in core.close { waiter.resume() } }
    await withCheckedContinuation { waiter in bulkLane.close { waiter.resume() } }
    await withCheckedContinuation { waiter in logLane.close { waiter.resume() } }
    await withCheckedContinuation { waiter in applyLane.close { waiter.resume() } }
    await withCheckedContinuation { waiter in searchLane.close { waiter.resume() } }
    await readers.close()
    log.write("stopped")
  }

  private static func ticks(_ duration: Duration) -> Int {
    Int(clamping: max(0, duration.nanoseconds) / CoreLane.tick)
  }

  private static func result(_ answer: WriteAnswer, _ entry: AppliedEntry?) -> WriteResult {
    switch (answer, entry) {
    case (.applied, let entry?): .outcome(entry)
    case (.applied, nil): preconditionFailure("A write was applied without a result.")
    case (.notAccepted(let leader, let overloaded), _):
      .notAccepted(
        retryAfter: overloaded ? retryAfterOverload : retryAfterElection, leader: leader)
    case (.unknown, _): .unknown
    }
  }
}
