import Access
import Bytes
import EventLoop
import Gateway
import Glibc
import Incidents
import Raft
import Replication
import Store
import Testing

/// A cluster that is one state file: what is submitted is applied at once.
///
/// A test can make it lose its leader, or lose sight of a write.
final class ClusterOfOne: Cluster, @unchecked Sendable {
  // Everything that changes is guarded by `lock`.
  private let lock = Lock(())
  private var store: StateStore
  private let log: LogStore
  private var position = Position.start
  private var mood = Mood.willing
  private var submitted = 0
  private var members = Configuration(voters: [NodeID(rawValue: 1)])
  private var ahead: Int64 = 0
  private var readsAsked = 0
  private var stopsBefore: LogIndex?
  private var searchStore: SearchStore
  private var searchTrouble: String?
  private var searchedThrough: LogIndex?
  private var interlude: (@Sendable () async -> Void)?

  let folder: String
  let epoch: UInt64 = 1
  let state: CurrentState

  /// How it behaves towards writes and reads.
  enum Mood: Equatable {
    case willing
    case leaderless
    case forgetful
    /// It does not lead, and forwards as a follower does.
    case following
    /// It takes itself for the leader and cannot reach anybody.
    case deposed
    /// It loses its leader after so many commands more.
    case tiring(after: Int)
  }

  init() throws {
    var name = Array("/tmp/muster-gateway-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&name)
    try #require(unsafe made != nil, "No folder could be made.")
    folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let node = NodeID(rawValue: 1)
    let identity = NodeIdentity(
      cluster: ID(high: 9, low: 9), node: node, founding: Configuration(voters: [node]))
    log = try LogStore.open(folder: folder, identity: identity)
    state = CurrentState(folder: folder, file: log.recovered.base.stateFile)
    store = try StateStore.open(folder: folder, identity: identity, recovered: log.recovered)
    searchStore = try SearchStore.open(folder: folder, cluster: identity.cluster)
  }

  deinit {
    for file in ["raft.db", "state-1.db", "search.db"] {
      for ending in ["", "-wal", "-shm"] { unsafe unlink("\(folder)/\(file)\(ending)") }
    }
    unsafe unlink("\(folder)/reads")
    unsafe rmdir(folder)
  }

  /// A reader of the state, for the interface's own loop.
  func makeReader() throws -> StateReader {
    try StateReader.open(folder: folder, file: StateStore.fileName(generation: 1))
  }

  /// From now on its stamps are so many milliseconds ahead of this node's clock.
  func run(ahead: Int64) { lock.withLock { _ in self.ahead = ahead } }

  /// It applies nothing from this index on.
  func stop(before index: UInt64) {
    lock.withLock { _ in stopsBefore = LogIndex(rawValue: index) }
  }

  /// Something happens while the next command is on its way.
  func interpose(_ interlude: @escaping @Sendable () async -> Void) {
    lock.withLock { _ in self.interlude = interlude }
  }

  func become(_ mood: Mood) { lock.withLock { _ in self.mood = mood } }

  /// How many commands came as far as the log.
  var commandsSubmitted: Int { lock.withLock { _ in submitted } }

  /// How many quorum rounds were asked for.
  var barriersAsked: Int { lock.withLock { _ in readsAsked } }

  // MARK: Cluster

  func change(_ change: MemberChange) async -> ChangeAnswer {
    lock.withLock { _ in
      guard mood == .willing else { return .notLeader(nil) }
      do throws(ChangeRefusal) {
        members = try members.after(change)
        return .done(position)
      } catch {
        return .refused(error)
      }
    }
  }

  func handOver(to target: NodeID?) { become(.following) }

  var disk: DiskFigures? { nil }
  var scrub: ScrubFigures { ScrubFigures() }

  func writeTimings() async -> WriteTimings { WriteTimings() }

  var status: NodeStatus {
    lock.withLock { _ in
      let isLeading = mood == .willing || mood == .deposed
      var status = NodeStatus(
        node: NodeID(rawValue: 1), role: isLeading ? .leader : .follower,
        term: position.term, leader: mood == .leaderless ? nil : NodeID(rawValue: 1),
        last: position.index, commit: position.index, applied: position.index,
        leaderContactAge: isLeading ? 0 : 42)
      status.configuration = members
      status.stopsBefore = stopsBefore
      status.hasHeardCommit = mood != .leaderless
      return status
    }
  }

  func submit(_ command: [UInt8], within limit: Duration = .seconds(1)) async -> WriteResult {
    let interlude = lock.withLock { _ in
      defer { self.interlude = nil }
      return self.interlude
    }
    await interlude?()
    return lock.withLock { _ in
      switch mood {
      case .leaderless: return .notAccepted(retryAfter: .milliseconds(1_500), leader: nil)
      case .forgetful, .deposed: return .unknown
      case .willing, .following: break
      case .tiring(let rest):
        mood = rest <= 1 ? .leaderless : .tiring(after: rest - 1)
      }
      submitted += 1
      position = Position(term: Term(rawValue: 1), index: position.index.next)
      let entry = Entry(
        position: position, stamp: Clock.now() + ahead, kind: .command, payload: command)
      do {
        return .outcome(try store.apply([entry])[0])
      } catch {
        return .unknown
      }
    }
  }

  /// Raises the behaviour level to the newest, and chooses the cluster's secret, as a leader does.
  func raise() async {
    lock.withLock { _ in
      for level in Command.firstLevel + 1...Command.newestLevel {
        members = members.with(level: level)
        position = Position(term: Term(rawValue: 1), index: position.index.next)
        let entry = Entry(
          position: position, stamp: Clock.now() + ahead, kind: .configuration,
          payload: members.encoded())
        _ = try? store.apply([entry])
      }
    }
    let command = Command(
      actor: .system, receivedAt: Clock.now(), salt: [UInt8](repeating: 1, count: Bound.salt),
      action: .keepSecret([UInt8](repeating: 7, count: Bound.secret)))
    _ = await submit(command.encoded())
  }

  func readIndex(within limit: Duration) async -> ReadResult {
    lock.withLock { _ in
      readsAsked += 1
      return mood == .leaderless || mood == .deposed
        ? .unavailable(retryAfter: .seconds(1), leader: nil) : .ready(position.index)
    }
  }

  func waitApplied(_ index: LogIndex, upTo limit: Duration) async -> Bool {
    lock.withLock { _ in position.index >= index }
  }

  /// The search index fails from now on, or works again.
  func breakSearch(because why: String?) { lock.withLock { _ in searchTrouble = why } }

  /// The search index falls behind from now on, or follows again.
  func delaySearch(_ lags: Bool) {
    lock.withLock { _ in searchedThrough = lags ? position.index : nil }
  }

  var search: SearchFigures {
    lock.withLock { _ in
      var figures = SearchFigures()
      figures.rows = searchStore.position
      figures.indexed = searchedThrough ?? position.index
      figures.trouble = searchTrouble
      return figures
    }
  }

  func waitIndexed(_ index: LogIndex, upTo limit: Duration) async -> Bool {
    search.indexed >= index
  }

  func search<Value: Sendable>(
    within limit: Duration,
    _ body: @escaping @Sendable (StateReader, SearchReader, Duration) throws -> Value
  ) async throws -> Value {
    try lock.withLock { _ in
      if let searchTrouble { throw SearchUnavailable(why: searchTrouble) }
      if searchedThrough != nil { return }
      let reader = try makeReader()
      while case .indexed(_, _, isAtEnd: false) = try searchStore.goOn(reader) {}
    }
    return try body(try makeReader(), try SearchReader.open(folder: folder), limit)
  }

  func read<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable (StateReader, Duration) throws -> Value
  ) async throws -> Value {
    try body(try makeReader(), limit)
  }
}
