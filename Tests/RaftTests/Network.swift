import Raft

/// A seeded generator (SplitMix64), so that a failing run can be run again.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// What the network and the disks do to a cluster.
struct Weather {
  /// Milliseconds that a message takes. More than one value reorders messages.
  var latency: ClosedRange<Int> = 1...1
  var droppedPercent = 0
  var doubledPercent = 0
  /// Milliseconds that a batch takes to be durable.
  var disk: ClosedRange<Int> = 1...1

  static let fine = Weather()
  static let stormy = Weather(
    latency: 1...40, droppedPercent: 8, doubledPercent: 5, disk: 1...30)
}

/// A cluster in virtual time, in one thread: messages, disks, crashes, and a checker that watches.
struct Network {
  /// What survives a crash.
  struct Disk {
    var hardState = HardState.initial
    var base: LogBase
    /// The entries after the base.
    var log: [Entry] = []

    mutating func write(_ batch: PersistBatch) {
      hardState = batch.hardState ?? hardState
      if let install = batch.install {
        if install.keepsEntries { begin(at: install.base) } else { log = [] }
        base = install.base
      }
      if let trim = batch.trim { begin(at: trim) }
      if let from = batch.truncateFrom { log.removeAll { $0.position.index >= from } }
      log += batch.entries
    }

    private mutating func begin(at base: LogBase) {
      log.removeAll { $0.position.index <= base.position.index }
      self.base = base
    }

    /// The configuration that a log says is in force.
    var configurations: [PlacedConfiguration] {
      [PlacedConfiguration(index: base.position.index, configuration: base.configuration)]
        + log.filter { $0.kind == .configuration }.map {
          PlacedConfiguration(
            index: $0.position.index, configuration: try! Configuration(decoding: $0.payload))
        }
    }
  }

  /// A class, because copies of whole nodes would be most of a run's time.
  final class Node {
    let id: NodeID
    /// `nil` while the process is dead.
    var core: RaftCore?
    var disk: Disk
    /// Handed out and not durable, oldest first.
    var pending: [PersistBatch] = []
    var applied: LogIndex = 0
    /// Events for an earlier process are void.
    var incarnation = 0
    var generation: UInt64 = 1

    init(id: NodeID, founders: [NodeID]) {
      self.id = id
      disk = Disk(base: LogBase(position: .start, configuration: Configuration(voters: founders)))
    }

    /// The disk as this node's core sees it.
    var seen: Disk {
      var seen = disk
      for batch in pending { seen.write(batch) }
      return seen
    }

    /// Carries out a batch, and with it what an install means for the state.
    func write(_ batch: PersistBatch) {
      disk.write(batch)
      if let install = batch.install { applied = max(applied, install.base.position.index) }
    }
  }

  enum Event {
    case tick(NodeID)
    case deliver(Message, from: NodeID, to: NodeID)
    case persisted(NodeID, batch: UInt64, incarnation: Int)
    case input(Input, NodeID, incarnation: Int)
    case snapshot(LogBase, from: NodeID, to: NodeID)
  }

  let timing: Timing
  private(set) var ids: [NodeID]
  var nodes: [Node] = []
  var weather = Weather.fine
  var dice: Dice
  var now = 0
  var checker: Checker
  /// Links that carry nothing, by (from, to).
  var cut: [(NodeID, NodeID)] = []
  var proposals: [(ProposalID, ProposalOutcome)] = []
  var reads: [(ReadID, ReadOutcome)] = []
  private var nextName: UInt64 = 0
  /// A heap by time, then by order of scheduling.
  private var events: [(time: Int, order: Int, event: Event)] = []
  private var order = 0

  init(voters: Int, seed: UInt64, timing: Timing = Timing()) {
    self.timing = timing
    ids = (1...UInt64(voters)).map { NodeID(rawValue: $0) }
    dice = Dice(seed: seed)
    checker = Checker(voters: voters)
    nodes = ids.map { [ids] in Node(id: $0, founders: ids) }
    for id in ids {
      start(id)
      schedule(.tick(id), after: Int.random(in: 0..<10, using: &dice))
    }
  }

  // MARK: Questions

  subscript(id: NodeID) -> Node { nodes[Int(id.rawValue) - 1] }

  /// The leader of the newest term among the living.
  var leader: NodeID? {
    nodes.filter { $0.core?.role == .leader }
      .max { ($0.core?.term ?? 0) < ($1.core?.term ?? 0) }?.id
  }

  /// Whether everybody lives and follows the same leader.
  var isLed: Bool {
    guard let leader else { return false }
    return nodes.allSatisfy { $0.core?.leader == leader }
  }

  // MARK: Faults

  mutating func start(_ id: NodeID) {
    let disk = self[id].disk
    let log = disk.log
    var terms = LogRecovery(entries: log).terms.filter { $0.term != disk.base.position.term }
    if disk.base.position.index > 0 {
      terms.insert(.init(from: disk.base.position.index, term: disk.base.position.term), at: 0)
    }
    // A tail of any length is right; what is not in it is loaded from the disk.
    let tail = log.suffix(Int.random(in: 0...log.count, using: &dice))
    let recovery = LogRecovery(
      first: disk.base.position.index.next, last: log.last?.position ?? disk.base.position,
      terms: terms, tail: Array(tail), lastStamp: log.last?.stamp ?? 0)
    self[id].core = RaftCore(
      id: id, configurations: disk.configurations, hardState: disk.hardState,
      log: recovery, applied: self[id].applied, timing: timing, seed: dice.next())
  }

  /// A process with empty files, which waits to be told of the cluster. The next free number.
  mutating func join() -> NodeID {
    let id = NodeID(rawValue: UInt64(ids.count) + 1)
    ids.append(id)
    nodes.append(Node(id: id, founders: []))
    start(id)
    schedule(.tick(id), after: 1)
    return id
  }

  /// Kills a process. What was on its way to its disk is there or is not, oldest first.
  mutating func crash(_ id: NodeID, seenByPeers: Bool = false) {
    guard self[id].core != nil else { return }
    let written = Int.random(in: 0...self[id].pending.count, using: &dice)
    for batch in self[id].pending.prefix(written) { self[id].write(batch) }
    self[id].pending.removeAll()
    self[id].core = nil
    self[id].incarnation += 1
    guard seenByPeers else { return }
    for peer in ids where peer != id {
      // Sockets close at about the same time, but not quite, and after what was sent on them.
      schedule(
        .input(.peerGone(id), peer, incarnation: self[peer].incarnation),
        after: weather.latency.upperBound + Int.random(in: 0...2, using: &dice))
    }
  }

  mutating func isolate(_ id: NodeID) {
    for peer in ids where peer != id { cut += [(id, peer), (peer, id)] }
  }

  mutating func heal() { cut.removeAll() }

  // MARK: Work

  @discardableResult mutating func propose(to id: NodeID, _ payload: [UInt8] = [1]) -> ProposalID {
    nextName += 1
    let name = ProposalID(rawValue: nextName)
    step(id, .propose(name, payload: payload, now: Int64(now)))
    return name
  }

  @discardableResult mutating func change(_ change: MemberChange, at id: NodeID) -> ProposalID {
    nextName += 1
    let name = ProposalID(rawValue: nextName)
    step(id, .change(name, change, now: Int64(now)))
    return name
  }

  @discardableResult mutating func read(at id: NodeID) -> ReadID {
    nextName += 1
    let name = ReadID(rawValue: nextName)
    checker.began(name)
    step(id, .read(name))
    return name
  }

  mutating func step(_ id: NodeID, _ inputs: Input...) {
    guard let term = self[id].core?.term, let commit = self[id].core?.commit else { return }
    var output = Output()
    for input in inputs { self[id].core?.step(input, into: &output) }
    self[id].core?.flush(into: &output)
    checker.saw(self[id], after: (term, commit))
    carryOut(output, of: id)
    checker.configured(self[id])
  }

  /// Runs for this many milliseconds of virtual time.
  mutating func run(_ milliseconds: Int) {
    let end = now + milliseconds
    while let first = events.first, first.time <= end {
      now = first.time
      happen(popEvent())
    }
    now = end
  }

  /// Runs until a condition holds; whether it came to hold within the time.
  mutating func run(_ milliseconds: Int, until condition: (Self) -> Bool) -> Bool {
    let end = now + milliseconds
    while !condition(self) {
      guard now < end else { return false }
      run(1)
    }
    return true
  }

  private mutating func happen(_ event: Event) {
    switch event {
    case .tick(let id):
      schedule(.tick(id), after: 10)
      step(id, .tick)
    case .deliver(let message, let sender, let receiver):
      step(receiver, .received(message, from: sender))
    case .persisted(let id, let batch, let incarnation):
      guard self[id].incarnation == incarnation else { return }
      finish(batch, of: id)
    case .input(let input, let id, let incarnation):
      guard self[id].incarnation == incarnation else { return }
      step(id, input)
    case .snapshot(let base, let sender, let receiver):
      receive(base, from: sender, at: receiver)
    }
  }

  private mutating func receive(_ base: LogBase, from sender: NodeID, at id: NodeID) {
    defer { step(sender, .snapshotEnded(id)) }
    guard let core = self[id].core, core.role != .leader, base.position.index > core.commit,
      !cut.contains(where: { $0 == (sender, id) })
    else { return }
    self[id].generation += 1
    step(id, .snapshotReceived(base, generation: self[id].generation))
  }

  private mutating func carryOut(_ output: Output, of id: NodeID) {
    if let batch = output.persist {
      self[id].pending.append(batch)
      schedule(
        .persisted(id, batch: batch.sequence, incarnation: self[id].incarnation),
        after: Int.random(in: weather.disk, using: &dice))
    }
    if output.notices.contains(where: { if case .becameLeader = $0 { true } else { false } }) {
      checker.elected(self[id])
    }
    for outbound in output.messages { send(outbound, from: id) }
    if let index = output.applicable { apply(through: index, at: id) }
    proposals += output.proposals
    reads += output.reads
    for (read, outcome) in output.reads { checker.ended(read, outcome) }
    for peer in output.snapshots {
      guard let base = self[id].base(at: self[id].applied, checker.committed) else { continue }
      schedule(
        .snapshot(base, from: id, to: peer), after: Int.random(in: 1...30, using: &dice))
    }
    for load in output.loads {
      let entries = self[id].disk.log.filter {
        load.from <= $0.position.index && $0.position.index <= load.through
      }
      schedule(
        .input(
          .loaded(Array(entries.prefix(100)), for: load.peer), id,
          incarnation: self[id].incarnation), after: 1)
    }
  }

  private mutating func finish(_ batch: UInt64, of id: NodeID) {
    var messages: [Outbound] = []
    while let first = self[id].pending.first, first.sequence <= batch {
      self[id].write(first)
      messages += first.messages
      self[id].pending.removeFirst()
    }
    for outbound in messages { send(outbound, from: id) }
    step(id, .persisted(batch: batch))
    if let core = self[id].core, core.applied < self[id].applied {
      step(id, .applied(self[id].applied))
    }
  }

  private mutating func apply(through index: LogIndex, at id: NodeID) {
    let node = self[id]
    // While a received state is on its way in, nothing is applied to the old one.
    guard !node.pending.contains(where: { $0.install != nil }) else { return }
    let fresh = node.disk.log.filter {
      node.applied < $0.position.index && $0.position.index <= index
    }
    precondition(
      UInt64(fresh.count) == index.rawValue - node.applied.rawValue,
      "\(id) applies \(index), which it has not.")
    checker.applied(fresh, by: id)
    self[id].applied = index
    self[id].core?.noteApplied(index)
  }

  private mutating func send(_ outbound: Outbound, from id: NodeID) {
    guard !cut.contains(where: { $0 == (id, outbound.to) }) else { return }
    guard !dice.chance(weather.droppedPercent) else { return }
    for _ in 0..<(dice.chance(weather.doubledPercent) ? 2 : 1) {
      schedule(
        .deliver(outbound.message, from: id, to: outbound.to),
        after: Int.random(in: weather.latency, using: &dice))
    }
  }

  // MARK: The heap

  private mutating func schedule(_ event: Event, after milliseconds: Int) {
    order += 1
    events.append((now + milliseconds, order, event))
    var child = events.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      events.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func popEvent() -> Event {
    events.swapAt(0, events.count - 1)
    let event = events.removeLast().event
    var parent = 0
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < events.count {
        if isBefore(child, first) { first = child }
      }
      guard first != parent else { return event }
      events.swapAt(parent, first)
      parent = first
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (events[left].time, events[left].order) < (events[right].time, events[right].order)
  }
}

extension Network.Node {
  /// What a copy of the state at `index` says of itself.
  func base(at index: LogIndex, _ committed: [Entry]) -> LogBase? {
    guard index > 0, let inForce = core?.configurations.last(where: { $0.index <= index }) else {
      return nil
    }
    return LogBase(
      position: committed[Int(index.rawValue) - 1].position, configuration: inForce.configuration)
  }
}

extension RaftCore {
  fileprivate mutating func noteApplied(_ index: LogIndex) {
    var output = Output()
    step(.applied(index), into: &output)
  }
}
