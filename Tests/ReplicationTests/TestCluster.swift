import Raft
import Replication
import Store
import Testing

/// Three replicas, their disks and the wires between them, in one thread and in virtual time.
///
/// A turn is a millisecond: what is due is given to each node in order of id, as one burst. All
/// delays come from the seed, so a run is repeated by its seed. While it runs it holds what must
/// always hold: all nodes apply the same entry at the same index, and an answer is the truth.
final class TestCluster {
  /// What a crash leaves behind.
  struct Disk {
    var hardState = HardState.initial
    var base: LogBase
    /// The entries after the base.
    var log: [Entry] = []
    /// The state machine: the entries that it was given, in order.
    var state: [Entry] = []

    init(founders: [NodeID]) {
      base = LogBase(position: .start, configuration: Configuration(voters: founders))
    }

    var applied: LogIndex { state.last?.position.index ?? .zero }

    /// What the log says of the membership, from its base on.
    var configurations: [PlacedConfiguration] {
      [PlacedConfiguration(index: base.position.index, configuration: base.configuration)]
        + log.filter { $0.kind == .configuration }.map {
          PlacedConfiguration(
            index: $0.position.index, configuration: try! Configuration(decoding: $0.payload))
        }
    }

    mutating func write(_ batch: PersistBatch) {
      if let hardState = batch.hardState { self.hardState = hardState }
      if let install = batch.install {
        log.removeAll { !install.keepsEntries || $0.position.index <= install.base.position.index }
        base = install.base
      }
      if let trim = batch.trim {
        log.removeAll { $0.position.index <= trim.position.index }
        base = trim
      }
      if let index = batch.truncateFrom { log.removeAll { $0.position.index >= index } }
      log += batch.entries
    }
  }

  struct Machine {
    var replica: Replica?
    var disk: Disk
    var incarnation: UInt64
    var inbox: [ReplicaInput] = []
    var toPersist: [(due: Int, batch: PersistBatch)] = []
    var toApply: (due: Int, entries: [Entry], skips: [LogIndex])?
    /// How many transactions it began.
    var transactions = 0
    var toLoad: [(due: Int, load: LogLoad)] = []
    var toReceive: [(due: Int, base: LogBase, from: NodeID)] = []
    var toSwitch: (due: Int, generation: UInt64)?
    var generation: UInt64 = 1
    /// The newest behaviour level that its binary knows.
    var level: UInt8 = 1
    /// What earlier lives died of while they applied it.
    var deaths: ApplyMark.Deaths?
    /// The disk takes no batch until then.
    var diskStalledUntil = 0

    init(_ disk: Disk, incarnation: UInt64) {
      self.disk = disk
      self.incarnation = incarnation
    }
  }

  struct Wire: Hashable {
    let from: NodeID
    let to: NodeID
  }

  struct Write {
    let payload: [UInt8]
    let node: NodeID
    let at: Int
    var answer: WriteAnswer?
    var answeredAt: Int?
  }

  struct Read {
    let node: NodeID
    let at: Int
    /// The highest index of a write that was acknowledged, anywhere, before this read began.
    let floor: LogIndex
    var answer: ReadAnswer?
    var answeredAt: Int?
  }

  let seed: UInt64
  let timing: Timing
  private(set) var ids: [NodeID]
  /// How much of the log stays.
  let retention: Retention
  private(set) var now = 0
  private(set) var machines: [Machine]
  private(set) var writes: [ClientToken: Write] = [:]
  private(set) var reads: [ClientToken: Read] = [:]
  /// What was applied at each index, by whoever was first.
  private(set) var history: [Entry] = []
  private(set) var acknowledged = LogIndex.zero
  private(set) var forwardsSent = 0
  private(set) var alarms: [ReplicaAlarm] = []
  /// Whoever of ``sick`` applies this command dies of it, and starts again a moment later.
  var poison: [UInt8]?
  var sick: Set<NodeID> = []
  private var skipped: Set<LogIndex> = []
  private var toStart: [(due: Int, id: NodeID)] = []
  /// How many milliseconds a node's clock is ahead.
  var clockErrors: [NodeID: Int64] = [:]
  /// Frames of consensus that are lost, and that arrive twice, of a hundred.
  var dropped = 0
  var doubled = 0

  private var random: SplitMix
  private var wires: [Wire: [(due: Int, frame: PeerFrame)]] = [:]
  private var cut: Set<Wire> = []
  private var occurrences: [[UInt8]: Int] = [:]
  private var nextToken: UInt64 = 1
  private var changes: [ClientToken: ChangeAnswer] = [:]

  /// - Parameter keepsLittle: Whoever was away for a while needs the state.
  init(
    nodes: Int = 3, seed: UInt64 = 1, timing: Timing = Timing(heartbeat: 5, election: 30),
    keepsLittle: Bool = false
  ) {
    var retention = Retention()
    if keepsLittle {
      retention.entries = 20
      retention.leastTrimmed = 10
      retention.mostEntries = 100
    }
    self.retention = retention
    self.seed = seed
    self.timing = timing
    random = SplitMix(seed: seed)
    ids = (1...nodes).map { NodeID(rawValue: UInt64($0)) }
    machines = ids.map { [ids] in
      Machine(Disk(founders: ids), incarnation: 100 + $0.rawValue)
    }
    for id in ids { start(id) }
  }

  // MARK: - What a test does

  func replica(_ id: NodeID) -> Replica? { machines[place(id)].replica }

  var leader: NodeID? {
    ids.filter { replica($0)?.isLeader == true }.max {
      (replica($0)?.core.term ?? .zero) < (replica($1)?.core.term ?? .zero)
    }
  }

  var followers: [NodeID] { ids.filter { $0 != leader && replica($0) != nil } }

  /// Runs until a leader is known to all that run and its barrier is committed.
  @discardableResult
  func elect() -> NodeID {
    run(until: { cluster in
      guard let leader = cluster.leader, let lead = cluster.replica(leader) else { return false }
      return lead.core.hasCommittedOwnTerm
        && cluster.ids.allSatisfy {
          cluster.replica($0).map { $0.leader == leader } ?? true
        }
    })
    guard let leader else { preconditionFailure("No leader by \(now) ms, seed \(seed).") }
    return leader
  }

  @discardableResult
  func submit(
    on id: NodeID, patience: Int = 100, deadline: Int = ReplicaLimits.writeDeadline,
    payload: [UInt8]? = nil
  ) -> ClientToken {
    let token = ClientToken(rawValue: nextToken)
    nextToken += 1
    let payload =
      payload ?? (0..<8).map { UInt8(truncatingIfNeeded: token.rawValue >> (8 * $0)) }
    writes[token] = Write(payload: payload, node: id, at: now)
    machines[place(id)].inbox.append(
      .submit(token, command: payload, patience: patience, deadline: deadline))
    return token
  }

  @discardableResult
  func read(on id: NodeID, deadline: Int = ReplicaLimits.readDeadline) -> ClientToken {
    let token = ClientToken(rawValue: nextToken)
    nextToken += 1
    reads[token] = Read(node: id, at: now, floor: acknowledged)
    machines[place(id)].inbox.append(.read(token, deadline: deadline))
    return token
  }

  func give(_ input: ReplicaInput, to id: NodeID) { machines[place(id)].inbox.append(input) }

  func stallDisk(of id: NodeID, for milliseconds: Int) {
    machines[place(id)].diskStalledUntil = now + milliseconds
  }

  /// The process dies: what was not durable is gone, and the others notice at once.
  func crash(_ id: NodeID) {
    let old = machines[place(id)]
    machines[place(id)] = Machine(old.disk, incarnation: old.incarnation)
    machines[place(id)].generation = old.generation
    machines[place(id)].deaths = old.deaths
    for other in ids where other != id {
      wires[Wire(from: id, to: other)] = nil
      wires[Wire(from: other, to: id)] = nil
      guard replica(other) != nil, !cut.contains(Wire(from: id, to: other)) else { continue }
      machines[place(other)].inbox += [.lost(id), .gone(id)]
    }
  }

  func start(_ id: NodeID) {
    let disk = machines[place(id)].disk
    var terms = LogRecovery(entries: disk.log).terms.filter { $0.term != disk.base.position.term }
    if disk.base.position.index > .zero {
      terms.insert(.init(from: disk.base.position.index, term: disk.base.position.term), at: 0)
    }
    let recovery = LogRecovery(
      first: disk.base.position.index.next, last: disk.log.last?.position ?? disk.base.position,
      terms: terms, tail: disk.log, lastStamp: disk.log.last?.stamp ?? 0)
    let core = RaftCore(
      id: id, configurations: disk.configurations, hardState: disk.hardState, log: recovery,
      applied: disk.applied, timing: timing, seed: random.next())
    // Half of the starts find too little in memory and must read the log back.
    let tail = Bool.random(using: &random) ? disk.log : Array(disk.log.suffix(1))
    machines[place(id)].replica = Replica(
      core: core, members: core.configuration.members.map(\.id), tail: tail,
      now: Int64(now) + clockErrors[id, default: 0],
      own: member(id), level: machines[place(id)].level)
    machines[place(id)].replica?.retention = retention
    let deaths = machines[place(id)].deaths
    machines[place(id)].replica?.mind(deaths)
    for other in ids where other != id && replica(other) != nil { connect(id, other) }
  }

  /// Stops a node and starts it with a binary that knows this behaviour level.
  func upgrade(_ id: NodeID, to level: UInt8) {
    crash(id)
    machines[place(id)].level = level
    start(id)
  }

  /// Starts a node with empty files, which waits to be told of the cluster.
  func join() -> NodeID {
    let id = NodeID(rawValue: UInt64(ids.count) + 1)
    ids.append(id)
    machines.append(Machine(Disk(founders: []), incarnation: 100 + id.rawValue))
    start(id)
    return id
  }

  @discardableResult
  func change(_ change: MemberChange, on id: NodeID) -> ClientToken {
    let token = ClientToken(rawValue: nextToken)
    nextToken += 1
    machines[place(id)].inbox.append(.change(token, change))
    return token
  }

  func changeAnswer(_ token: ClientToken) -> ChangeAnswer? { changes[token] }

  /// Cuts the wires between two nodes, both ways, or heals them.
  func setCut(_ a: NodeID, _ b: NodeID, _ isCut: Bool) {
    let (there, back) = (Wire(from: a, to: b), Wire(from: b, to: a))
    guard cut.contains(there) != isCut else { return }
    if isCut {
      cut.formUnion([there, back])
      wires[there] = nil
      wires[back] = nil
      if replica(a) != nil { machines[place(a)].inbox.append(.lost(b)) }
      if replica(b) != nil { machines[place(b)].inbox.append(.lost(a)) }
    } else {
      cut.subtract([there, back])
      if replica(a) != nil, replica(b) != nil { connect(a, b) }
    }
  }

  func isolate(_ id: NodeID, _ isCut: Bool = true) {
    for other in ids where other != id { setCut(id, other, isCut) }
  }

  func run(_ milliseconds: Int) {
    for _ in 0..<milliseconds { turn() }
  }

  /// Runs until `condition` holds, for at most ten seconds.
  func run(until condition: (TestCluster) -> Bool) {
    for _ in 0..<10_000 {
      if condition(self) { return }
      turn()
    }
    Issue.record("Did not come to pass within ten seconds, seed \(seed).")
  }

  func answer(_ token: ClientToken) -> WriteAnswer? { writes[token]?.answer }

  func readAnswer(_ token: ClientToken) -> ReadAnswer? { reads[token]?.answer }

  /// How often the command of a write is in what was applied.
  func timesApplied(_ token: ClientToken) -> Int {
    writes[token].map { occurrences[$0.payload, default: 0] } ?? 0
  }

  // MARK: - A turn

  private func turn() {
    now += 1
    for (due, id) in toStart where due <= now { start(id) }
    toStart.removeAll { $0.due <= now }
    for id in ids where replica(id) != nil && !diesOfPoison(id) { burst(id) }
  }

  /// Whether the node dies of what it is about to apply.
  private func diesOfPoison(_ id: NodeID) -> Bool {
    let at = place(id)
    guard sick.contains(id), let work = machines[at].toApply, work.due <= now,
      let first = work.entries.first?.position.index, let last = work.entries.last?.position.index,
      work.entries.contains(where: {
        $0.payload == poison && !work.skips.contains($0.position.index)
      })
    else { return false }
    let before = machines[at].deaths.map { $0.first <= first && last <= $0.through ? $0.count : 0 }
    machines[at].deaths = ApplyMark.Deaths(first: first, through: last, count: (before ?? 0) + 1)
    crash(id)
    toStart.append((now + 100, id))
    return true
  }

  private func burst(_ id: NodeID) {
    let at = place(id)
    guard var replica = machines[at].replica else { return }
    var effects = ReplicaEffects()
    var inputs = machines[at].inbox
    machines[at].inbox = []
    inputs += arrivals(at: id) + persisted(at) + loaded(at) + applied(at)
    inputs += received(at) + switched(at)
    if now % 100 == 0 { inputs.append(.stateDurable(through: machines[at].disk.applied)) }
    if (now + Int(id.rawValue)) % 10 == 0 {
      inputs.append(.tick(now: Int64(now) + clockErrors[id, default: 0]))
    }

    for input in inputs { replica.step(input, into: &effects) }
    replica.flush(into: &effects)
    machines[at].replica = replica
    carryOut(effects, of: id)
  }

  private func arrivals(at id: NodeID) -> [ReplicaInput] {
    var inputs: [ReplicaInput] = []
    for from in ids {
      let wire = Wire(from: from, to: id)
      guard let frames = wires[wire] else { continue }
      let arrived = frames.prefix { $0.due <= now }
      inputs += arrived.map { .received($0.frame, from: from) }
      wires[wire] = Array(frames.dropFirst(arrived.count))
    }
    return inputs
  }

  private func persisted(_ at: Int) -> [ReplicaInput] {
    guard machines[at].diskStalledUntil <= now else { return [] }
    let done = machines[at].toPersist.prefix { $0.due <= now }
    machines[at].toPersist.removeFirst(done.count)
    for (_, batch) in done {
      #expect(batch.messages.isEmpty, "Promises are held by the replica.")
      machines[at].disk.write(batch)
      // From here on the received state is the one: a node that starts now opens it.
      if let install = batch.install {
        machines[at].disk.state = Array(history.prefix(Int(install.base.position.index.rawValue)))
      }
    }
    return done.last.map { [.persisted(batch: $0.batch.sequence)] } ?? []
  }

  private func received(_ at: Int) -> [ReplicaInput] {
    let done = machines[at].toReceive.prefix { $0.due <= now }
    machines[at].toReceive.removeFirst(done.count)
    return done.map { _, base, sender in
      give(.snapshotEnded(ids[at]), to: sender)
      machines[at].generation += 1
      return .snapshotReceived(base, generation: machines[at].generation)
    }
  }

  private func switched(_ at: Int) -> [ReplicaInput] {
    guard let work = machines[at].toSwitch, work.due <= now else { return [] }
    machines[at].toSwitch = nil
    return [.switched(generation: work.generation)]
  }

  private func loaded(_ at: Int) -> [ReplicaInput] {
    let done = machines[at].toLoad.prefix { $0.due <= now }
    machines[at].toLoad.removeFirst(done.count)
    return done.map { _, load in
      let entries = machines[at].disk.log.filter {
        load.from <= $0.position.index && $0.position.index <= load.through
      }
      return .loaded(Array(entries.prefix(7)), for: load.purpose)
    }
  }

  private func applied(_ at: Int) -> [ReplicaInput] {
    guard let work = machines[at].toApply, work.due <= now, let last = work.entries.last else {
      return []
    }
    machines[at].toApply = nil
    for entry in work.entries {
      let index = Int(entry.position.index.rawValue)
      let isNext = machines[at].disk.applied.next == entry.position.index
      let disk = machines[at].disk
      let place = index - Int(disk.base.position.index.rawValue) - 1
      let isDurable = disk.log.indices.contains(place) && disk.log[place] == entry
      if !isNext || !isDurable {
        Issue.record("Applied in order, and only what is durable here, seed \(seed).")
      }
      let isSkipped = work.skips.contains(entry.position.index)
      if index <= history.count {
        if history[index - 1] != entry || skipped.contains(entry.position.index) != isSkipped {
          Issue.record("All apply the same at \(index), seed \(seed).")
        }
      } else {
        history.append(entry)
        if isSkipped { skipped.insert(entry.position.index) }
        if entry.kind == .command, !isSkipped { occurrences[entry.payload, default: 0] += 1 }
      }
      machines[at].disk.state.append(entry)
    }
    return [.applied(through: last.position.index)]
  }

  private func carryOut(_ effects: ReplicaEffects, of id: NodeID) {
    let at = place(id)
    for batch in effects.persist {
      machines[at].toPersist.append((now + Int.random(in: 1...4, using: &random), batch))
    }
    for (to, frame) in effects.sends { send(frame, Wire(from: id, to: to)) }
    if !effects.apply.isEmpty {
      #expect(machines[at].toApply == nil, "One transaction at a time, seed \(seed).")
      machines[at].transactions += 1
      machines[at].toApply = (
        now + Int.random(in: 1...2, using: &random), effects.apply, effects.skips
      )
    }
    for load in effects.loads { machines[at].toLoad.append((now + 2, load)) }
    alarms += effects.alarms
    for peer in effects.snapshots { sendState(to: peer, from: id) }
    if let work = effects.switchState { machines[at].toSwitch = (now + 2, work.generation) }
    for (token, answer) in effects.changes { changes[token] = answer }
    for (token, answer) in effects.writes { take(answer, for: token) }
    for (token, answer) in effects.reads { take(answer, for: token) }
  }

  /// A copy of the state that `id` has now arrives at `peer` after a while, if it lives.
  private func sendState(to peer: NodeID, from id: NodeID) {
    let applied = machines[place(id)].disk.applied
    guard replica(peer) != nil, !cut.contains(Wire(from: id, to: peer)), applied > .zero,
      let inForce = replica(id)?.core.configurations.last(where: { $0.index <= applied })
    else { return give(.snapshotEnded(peer), to: id) }
    let base = LogBase(
      position: history[Int(applied.rawValue) - 1].position, configuration: inForce.configuration)
    machines[place(peer)].toReceive.append(
      (now + Int.random(in: 5...50, using: &random), base, id))
  }

  private func send(_ frame: PeerFrame, _ wire: Wire) {
    if case .forward = frame { forwardsSent += 1 }
    guard !cut.contains(wire), replica(wire.to) != nil else { return }
    var copies = 1
    if case .message = frame {
      let luck = Int.random(in: 0..<100, using: &random)
      copies = luck < dropped ? 0 : luck < dropped + doubled ? 2 : 1
    }
    for _ in 0..<copies {
      let due = now + Int.random(in: 1...3, using: &random)
      let last = wires[wire]?.last?.due ?? 0
      // A connection keeps its order.
      wires[wire, default: []].append((max(due, last), decoded(frame)))
    }
  }

  /// What arrives is what the codec makes of it.
  private func decoded(_ frame: PeerFrame) -> PeerFrame {
    guard let decoded = try? PeerFrame(decoding: frame.encoded()) else {
      preconditionFailure("A node sent a frame that no node can read: \(frame).")
    }
    return decoded
  }

  private func connect(_ a: NodeID, _ b: NodeID) {
    guard !cut.contains(Wire(from: a, to: b)) else { return }
    machines[place(a)].inbox += [
      .connected(b), .heard(member(b), level: machines[place(b)].level),
    ]
    machines[place(b)].inbox += [
      .connected(a), .heard(member(a), level: machines[place(a)].level),
    ]
  }

  private func take(_ answer: WriteAnswer, for token: ClientToken) {
    #expect(writes[token]?.answer == nil, "One answer for each write, seed \(seed).")
    if case .applied(let position) = answer {
      let entry = history[Int(position.index.rawValue) - 1]
      #expect(
        entry.position == position && entry.payload == writes[token]?.payload,
        "The outcome is that of the write, seed \(seed).")
      acknowledged = max(acknowledged, position.index)
    }
    writes[token]?.answer = answer
    writes[token]?.answeredAt = now
  }

  private func take(_ answer: ReadAnswer, for token: ClientToken) {
    guard let read = reads[token] else { return }
    #expect(read.answer == nil, "One answer for each read, seed \(seed).")
    if case .ready(let index) = answer {
      let state = machines[place(read.node)].disk.applied
      #expect(index >= read.floor && state >= index, "A stale read, seed \(seed).")
    }
    reads[token]?.answer = answer
    reads[token]?.answeredAt = now
  }

  private func member(_ id: NodeID) -> Configuration.Member {
    Configuration.Member(
      id: id, incarnation: machines[place(id)].incarnation, peer: "127.0.0.1:1")
  }

  private func place(_ id: NodeID) -> Int { Int(id.rawValue) - 1 }
}
