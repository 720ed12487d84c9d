import Bytes
import EventLoop
import Raft
import Store

extension Node {
  /// Rises when a cluster is rebuilt from what survived; none has been yet.
  private static let epoch: UInt64 = 1
  /// Rises when a node begins anew with empty files; none may yet.
  private static let incarnation: UInt64 = 1

  /// Opens the files, starts the lanes and begins to look for peers. Blocks until raft.db is safe
  /// to vote with.
  ///
  /// - Throws: Why this node cannot take part; its description says what to do.
  package static func start(_ configuration: NodeConfiguration) throws(NodeError) -> Node {
    try configuration.check()
    let log = NodeLog(name: configuration.name)
    let files: Files
    do throws(StoreError) {
      files = try Files(configuration)
    } catch {
      throw .store("\(error)")
    }

    let recovered = files.recovered
    let core = RaftCore(
      id: configuration.node, configuration: recovered.configuration,
      hardState: recovered.hardState, log: recovered.log, applied: files.applied,
      timing: configuration.timing.inTicks, seed: UInt64.random(in: .min ... .max))
    let replica = Replica(
      core: core, members: core.configuration.members.map(\.id), tail: recovered.log.tail,
      now: Clock.now(), own: configuration.own(incarnation: incarnation))

    let inbox = CoreInbox()
    let hello = Hello(
      cluster: configuration.cluster, epoch: epoch,
      member: configuration.own(incarnation: incarnation))
    let links = try PeerLinks(
      own: hello, configuration: core.configuration, members: configuration.members,
      endpoint: configuration.peer, loop: inbox.loop, log: log)
    let folder = configuration.dataFolder
    let stateFile = recovered.base.stateFile
    let openReader: @Sendable () throws(StoreError) -> StateReader = { () throws(StoreError) in
      try StateReader.open(folder: folder, file: stateFile)
    }
    let founding = Founding(command: configuration.foundingCommand, isFounded: files.isFounded)
    let (logLane, applyLane) = files.lanes(inbox: inbox, log: log)
    let readers = ReaderLanes(open: openReader)
    let lane = CoreLane(
      replica: replica, configuration: configuration, founding: founding, log: log, inbox: inbox,
      logLane: logLane, applyLane: applyLane, readers: readers)
    lane.start(links)
    log.write(
      "runs in \(core.term), its log ends at \(core.last.index), applied \(core.applied)")
    return Node(
      configuration: configuration, core: lane, logLane: logLane, applyLane: applyLane,
      readers: readers, links: links, log: log, openReader: openReader)
  }

  /// The two databases of a node, opened and compared, until the lanes take them.
  private struct Files: ~Copyable {
    let recovered: RecoveredLog
    let applied: LogIndex
    let isFounded: Bool
    private let logStore: LogStore
    private let stateStore: StateStore

    init(_ configuration: NodeConfiguration) throws(StoreError) {
      let folder = configuration.dataFolder
      let identity = NodeIdentity(
        cluster: configuration.cluster, node: configuration.node,
        founding: configuration.founders)
      var logStore = try LogStore.open(folder: folder, identity: identity)
      logStore.reserve(in: folder)
      let recovered = logStore.recovered
      let stateStore = try StateStore.open(
        folder: folder, identity: identity, recovered: recovered)
      let reader = try StateReader.open(folder: folder, file: recovered.base.stateFile)
      isFounded = try reader.read { reader in reader.settings().map { _ in true } ?? false }
      applied = stateStore.applied.index
      self.recovered = recovered
      self.logStore = logStore
      self.stateStore = stateStore
    }

    consuming func lanes(inbox: CoreInbox, log: NodeLog) -> (LogLane, ApplyLane) {
      (
        LogLane(logStore, inbox: inbox, log: log), ApplyLane(stateStore, inbox: inbox, log: log)
      )
    }
  }
}

extension NodeConfiguration {
  /// Refuses a configuration that contradicts itself.
  fileprivate func check() throws(NodeError) {
    let numbers = members.map(\.node)
    guard numbers.contains(node) else {
      throw .configuration("Node \(node.rawValue) is not among the members.")
    }
    guard Set(numbers).count == numbers.count else {
      throw .configuration("Two members have the same number.")
    }
    let heartbeat = timing.heartbeatMilliseconds
    guard heartbeat >= 10, heartbeat % 10 == 0 else {
      throw .configuration("heartbeatMilliseconds is \(heartbeat), but must be a multiple of 10.")
    }
    let election = timing.electionMilliseconds
    guard election >= 3 * heartbeat, election % 10 == 0 else {
      throw .configuration(
        "electionMilliseconds is \(election), but must be a multiple of 10 and at least three "
          + "heartbeats, \(3 * heartbeat).")
    }
  }
}

extension NodeConfiguration.Timing {
  fileprivate var inTicks: Raft.Timing {
    Raft.Timing(heartbeat: heartbeatMilliseconds / 10, election: electionMilliseconds / 10)
  }
}
