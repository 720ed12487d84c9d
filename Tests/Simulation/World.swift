import FaultyDisk
import Raft
import Replication
import Store

/// A cluster, its machines, its network and its clients, on one thread and in virtual time.
///
/// All chance comes from the seed, so a run is repeated by its seed. After every step of a node the
/// world holds what must be true of it (`World+Checks`); at the end it heals everything, proves
/// that the cluster goes on, and judges what the clients saw.
package final class World {
  /// Which run, and what is left out of it.
  package struct Trial: Hashable, Sendable {
    package var seed: UInt64
    package var seconds = 60
    /// The faults of the schedule, by number, that do not happen.
    package var spared: Set<Int> = []
    package var sabotage: Sabotage?
    /// Every line of the conversation is printed as it is said.
    package var isToldAloud = false
    /// The nodes keep their log and state in real files, on a disk that forgets and fails.
    package var hasFiles = false
    /// Things come due in it, which takes real files and the newest behaviour level.
    package var hasDues = false
    /// Something is posted to a webhook, beside what comes due.
    package var hasPosts = false
    var postsOutside: Bool { firesDues && (hasPosts || sabotage == .sentUnclaimed) }
    var firesDues: Bool {
      hasFiles && (hasDues || sabotage == .versionUnchecked || sabotage == .sentUnclaimed)
    }

    /// The run of a seed.
    package init(seed: UInt64) { self.seed = seed }
  }

  struct Wire: Hashable {
    let from: NodeID
    let to: NodeID
  }

  struct Link {
    let number: Int
    var lastDue: Int64 = 0
    /// What was sent while nothing went through.
    var stalled: [PeerFrame] = []
  }

  static let clients = 5
  /// The newest behaviour level; nodes of the version before it know the first.
  static let newestLevel = StateStore.newestLevel
  /// Frames of consensus that arrive twice, of a hundred.
  static let doubled = 1

  let trial: Trial
  let room: FileRoom?
  let timing: Timing
  let retention: Retention
  /// No voter is removed when there are no more than these.
  let fewestVoters: Int
  let schedule: [(at: Int64, fault: Fault)]
  var chance: Chance
  /// Of which nodes run which version.
  var upgrades: Chance
  /// Microseconds.
  private(set) var now: Int64 = 0
  private var agenda = Agenda<() -> Void>()
  private(set) var failure: String?

  var ids: [NodeID] = []
  var machines: [NodeID: Machine] = [:]
  var ledger = Ledger()
  /// When a stamp was first in a log, in microseconds.
  var stampedAt: [Int64: Int64] = [:]

  // The network.
  var links: [Wire: Link] = [:]
  var restingUntil: [Wire: Int64] = [:]
  var blocked: [Wire: Int] = [:]
  var linksMade = 0
  var networkDelay: Int64 = 0

  // The clients, and the operator.
  var clients: [Client] = []
  var asked: [ClientToken: Int] = [:]
  var nextToken: UInt64 = 1
  var unjudged: [Unjudged] = []
  var operations: [[Operation]] = Array(repeating: [], count: RegisterState.registers)
  var promises: [Command.Key: Promise] = [:]
  /// The version of a register's incident since it has held a value, in a world with real files.
  var versions: [UInt64: UInt64] = [:]
  /// A spoilt state went from node to node, so nobody can say which digest is right.
  var isDigestMoot = false
  /// How often a node looked for what is due and found something, people did something that makes
  /// things due, and something fired.
  var dueAsked = 0
  var dueFed = 0
  var dueFired = 0
  /// How many deliveries people asked for, how many claims were made, and how often anything was said of
  /// deliveries; and what a receiver was sent.
  var postsFed = 0
  var claims = 0
  var postsSaid = 0
  var posts: [Posted] = []
  /// Everything is healed and served: what is due goes on.
  var provesDues = false
  /// The registers are there.
  var isFounded = false
  var errands: [Errand] = []
  var configuration: Configuration
  var leaving: [NodeID: Int64] = [:]
  /// How often each node was sent the state since all was healed.
  var statesSent: [NodeID: Int] = [:]

  /// Nothing goes wrong any more.
  var isHealing = false
  var faults = 0
  var steps = 0
  var fingerprint = Fingerprint()
  private var lines: [(at: Int64, line: Line)] = []

  /// A world before its first event.
  package init(_ trial: Trial) {
    self.trial = trial
    var plans = Chance(seed: trial.seed &* 0x9E37_79B9 ^ 0x5EED)
    schedule = Fault.schedule(
      through: Int64(trial.seconds) * 1_000_000, hasFiles: trial.hasFiles, chance: &plans)
    chance = Chance(seed: trial.seed)
    upgrades = Chance(seed: ~trial.seed)
    room = trial.hasFiles ? FileRoom() : nil
    if trial.hasFiles {
      FaultyDisk.seedSQLite(trial.seed)
      FaultyDisk.reverseSelects(chance.happens(50))
    }
    timing = chance.pick([Timing(heartbeat: 5, election: 30), Timing(heartbeat: 5, election: 100)])
    var retention = Retention()
    retention.entries = UInt64(chance.pick([20, 60, 400]))
    retention.leastTrimmed = 10
    retention.mostEntries = retention.entries * 4
    self.retention = retention
    let size = chance.pick([3, 3, 3, 3, 5, 5, 5, 1])
    fewestVoters = chance.pick([3, 3, 3, 2, 1])
    ids = (1...size).map { NodeID(rawValue: UInt64($0)) }
    configuration = Configuration(voters: ids)
    // The first does the last write and read, and the last one floods.
    clients = (0...(Self.clients + 1)).map { Client(number: $0) }
    let drifts = chance.happens(50)
    for id in ids {
      let machine = Machine(
        id, incarnation: 100 + id.rawValue, founders: ids, clients: clients.count, room: room)
      if drifts { machine.tick = chance.within(8_000...12_000) }
      if upgrades.happens(50), !trial.firesDues { machine.level = Self.newestLevel - 1 }
      machines[id] = machine
    }
  }

  // MARK: - Time

  func after(_ delay: Int64, _ action: @escaping () -> Void) {
    agenda.plan(action, at: now + max(0, delay))
  }

  /// On a machine: only while its process lives, and once it does not stand still.
  ///
  /// - Parameter source: Where it comes from: what comes from one source keeps its order.
  func after(
    _ delay: Int64, on machine: Machine, from source: Source = .itself,
    _ action: @escaping (Process) -> Void
  ) {
    let life = machine.life
    func act() {
      guard machine.life == life, let process = machine.process else { return }
      if machine.isPaused { machine.deferred.append((source, act)) } else { action(process) }
    }
    after(delay, act)
  }

  func every(_ interval: Int64, _ action: @escaping () -> Void) {
    after(interval) { [unowned self] in
      action()
      self.every(interval, action)
    }
  }

  /// Runs until `end`, or until `condition` holds.
  func run(until end: Int64, or condition: () -> Bool = { false }) {
    while failure == nil, !condition(), let next = agenda.next(until: end) {
      now = next.due
      steps += 1
      next.item()
    }
    if failure == nil, !condition() { now = end }
  }

  // MARK: - What is told

  /// The first thing that was wrong ends the run.
  func fail(_ text: String) {
    guard failure == nil else { return }
    failure = text
    tell(.told("WRONG: \(text)"))
  }

  func hold(_ wrong: String?) {
    if let wrong { fail(wrong) }
  }

  func tell(_ line: Line) {
    if trial.isToldAloud {
      print("\(Self.clock(now)) \(line.words)")
      return
    }
    lines.append((now, line))
    if lines.count > 800 { lines.removeFirst(400) }
  }

  /// How many faults the schedule holds, those that are spared included.
  package var scheduled: Int { schedule.count }

  /// The last lines of the conversation.
  package var transcript: [String] {
    lines.suffix(200).map { "\(Self.clock($0.at)) \($0.line.words)" }
  }

  private static func clock(_ time: Int64) -> String {
    let digits = String(time % 1_000_000)
    return "\(time / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  // MARK: - The whole of it

  /// Runs from the first election to the last check.
  package func run() -> Report {
    begin()
    run(until: Int64(trial.seconds) * 1_000_000)
    heal()
    proveProgress()
    judge()
    proveDues()
    provePosts()
    for machine in machines.values {
      machine.disk?.close()
      machine.process = nil
    }
    // What was still to happen holds machines that hold it: an hour of seeds has no room for that.
    agenda = Agenda()
    machines = [:]
    room?.clear()
    return Report(
      seed: trial.seed, failure: failure, faults: faults, steps: steps,
      operations: operations.reduce(0) { $0 + $1.count }, entries: ledger.applied.count,
      scheduled: scheduled, fingerprint: fingerprint.value)
  }

  private func begin() {
    for id in ids { start(id) }
    every(20_000) { [unowned self] in connectAll() }
    every(100_000) { [unowned self] in tendErrands() }
    for (number, plan) in schedule.enumerated() where !trial.spared.contains(number) {
      after(plan.at) { [unowned self] in
        guard !isHealing else { return }
        faults += 1
        tell(.told("FAULT \(number): \(plan.fault)"))
        happen(plan.fault)
      }
    }
    if trial.firesDues { beginDues() }
    if trial.postsOutside { beginPosts() }
    guard !trial.hasFiles else { return found() }
    beginOperations()
  }

  func beginOperations() {
    isFounded = true
    for client in 1...Self.clients { beginOperation(of: client, after: chance.within(0...300_000)) }
  }

  func machine(_ id: NodeID) -> Machine {
    guard let machine = machines[id] else { preconditionFailure("There is no \(id).") }
    return machine
  }

  var living: [NodeID] { ids.filter { machine($0).process != nil } }

  var leader: NodeID? {
    living.filter { machine($0).process?.replica.isLeader == true }.max {
      (machine($0).process?.term ?? .zero) < (machine($1).process?.term ?? .zero)
    }
  }
}

/// What a run came to.
package struct Report: Hashable, Sendable {
  package let seed: UInt64
  /// What was wrong, or nothing.
  package let failure: String?
  package let faults: Int
  package let steps: Int
  package let operations: Int
  package let entries: Int
  /// How many faults the schedule held, those that were spared included.
  package let scheduled: Int
  /// The same for the same seed, in every process.
  package let fingerprint: UInt64
}
