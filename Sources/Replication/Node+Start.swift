import Bytes
import EventLoop
import Raft
import Store
import Synchronization

extension Node {
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
    } catch .diskFull {
      throw .store(
        "The disk that holds \(configuration.dataFolder) is full: free some room there and start it "
          + "again. Nothing was lost.")
    } catch {
      throw .store("\(error)")
    }

    let recovered = files.recovered
    let core = RaftCore(
      id: configuration.node, configurations: recovered.configurations,
      hardState: recovered.hardState, log: recovered.log.stamped(files.stamp),
      applied: files.applied,
      timing: configuration.timing.inTicks, seed: UInt64.random(in: .min ... .max))
    let inForce = core.configuration.level
    guard inForce <= StateStore.newestLevel else {
      throw .store("\(StoreError.newer(file: "\(configuration.dataFolder)", format: Int(inForce)))")
    }
    guard inForce <= configuration.newestLevel else {
      throw .configuration(
        "The cluster is at behaviour level \(inForce), and this node is held at "
          + "\(configuration.newestLevel): take behaviour.newest out of its configuration. A level "
          + "that was reached is never left again.")
    }
    let own = configuration.own(incarnation: recovered.incarnation)
    var replica = Replica(
      core: core, members: core.configuration.members.map(\.id), tail: recovered.log.tail,
      now: Clock.now(), own: own, level: configuration.newestLevel)
    replica.retention = configuration.retention
    replica.mind(files.deaths)
    if configuration.trustsClock { replica.trustClock() }
    if let index = replica.stopsBefore { log.write(.poisoned(index)) }

    let inbox = CoreInbox()
    let hello = Hello(
      cluster: configuration.cluster, epoch: recovered.epoch, member: own,
      level: configuration.newestLevel)
    let links = try PeerLinks(
      own: hello, configuration: core.membership, members: configuration.members,
      endpoint: configuration.peer, loop: inbox.loop, log: log)
    let state = CurrentState(
      folder: configuration.dataFolder, file: recovered.base.stateFile)
    let bulkLane = BulkLane(
      BulkLane.Setting(
        folder: configuration.dataFolder, own: hello, client: links.client, inbox: inbox,
        log: log, stateFile: { state.file }))
    let founding = Founding(command: configuration.foundingCommand, isFounded: files.isFounded)
    let (logLane, applyLane) = files.lanes(state: state, inbox: inbox, log: log)
    let readers = ReaderLanes(state)
    let lane = CoreLane(
      replica: replica, configuration: configuration, founding: founding, log: log, inbox: inbox,
      logLane: logLane, applyLane: applyLane, bulkLane: bulkLane, readers: readers)
    lane.start(links)
    let scrubber = Scrubber(configuration.scrub, state: state, inbox: inbox, log: log)
    scrubber.start()
    let searchLane = SearchLane(
      folder: configuration.dataFolder, cluster: configuration.cluster, state: state,
      pace: configuration.search, log: log
    ) { LogIndex(rawValue: lane.applied.load(ordering: .acquiring)) }
    searchLane.start()
    log.write(
      "runs in \(core.term), its log ends at \(core.last.index), applied \(core.applied)")
    return Node(
      configuration: configuration, epoch: recovered.epoch, core: lane, logLane: logLane,
      applyLane: applyLane,
      readers: readers, links: links, bulkLane: bulkLane, scrubber: scrubber,
      searchLane: searchLane, state: state, log: log)
  }

  /// The two databases of a node, opened and compared, until the lanes take them.
  private struct Files: ~Copyable {
    let recovered: RecoveredLog
    let applied: LogIndex
    let stamp: Int64
    let isFounded: Bool
    let deaths: ApplyMark.Deaths?
    private let folder: String
    private let identity: NodeIdentity
    private let logStore: LogStore
    private let stateStore: StateStore
    private let mark: ApplyMark

    init(_ configuration: NodeConfiguration) throws(StoreError) {
      let folder = configuration.dataFolder
      let identity = NodeIdentity(
        cluster: configuration.cluster, node: configuration.node,
        founding: configuration.founders, epoch: configuration.epoch)
      var logStore = try LogStore.open(folder: folder, identity: identity)
      logStore.reserve(in: folder)
      let recovered = logStore.recovered
      try StoreFolder.tidy(folder, keeping: recovered.base.stateFile)
      var stateStore = try StateStore.open(
        folder: folder, identity: identity, recovered: recovered)
      // Nobody reads yet, so it is whole: what was applied before is durable from here on.
      try stateStore.checkpoint()
      let mark = try ApplyMark.open(folder: folder, applied: stateStore.applied.index)
      let reader = try StateReader.open(folder: folder, file: recovered.base.stateFile)
      isFounded = try reader.read { reader in reader.settings().map { _ in true } ?? false }
      applied = stateStore.applied.index
      stamp = stateStore.stamp
      deaths = mark.deaths
      self.folder = folder
      self.identity = identity
      self.recovered = recovered
      self.logStore = logStore
      self.stateStore = stateStore
      self.mark = mark
    }

    consuming func lanes(
      state: CurrentState, inbox: CoreInbox, log: NodeLog
    ) -> (LogLane, ApplyLane) {
      let (folder, identity) = (folder, identity)
      let applyLane = ApplyLane(
        stateStore, mark: mark, state: state, inbox: inbox, log: log
      ) {
        base, generation throws(StoreError) in
        try StateStore.open(
          folder: folder, identity: identity,
          installed: SnapshotInstall(base: base, generation: generation, keepsEntries: false))
      }
      return (LogLane(logStore, in: folder, inbox: inbox, log: log), applyLane)
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
