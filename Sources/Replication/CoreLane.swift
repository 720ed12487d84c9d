import EventLoop
import Raft
import Store
import Synchronization

/// The thread of the ``Replica``: takes in what happened, in bursts, and carries the effects out.
///
/// A burst is a turn of the loop: whatever the sockets, the other lanes and the clients brought is
/// stepped through, flushed once, and leaves as one batch for the disk, one transaction and one
/// write on each socket.
final class CoreLane: @unchecked Sendable {
  /// A tick of the core, in nanoseconds.
  static let tick: Int64 = 10_000_000
  /// After a pause so many ticks are made up for at once. More would let a node that was suspended
  /// take its own sleep for the silence of all others.
  private static let mostTicksAtOnce: Int64 = 10

  let inbox: CoreInbox
  let status: Lock<NodeStatus>
  /// What this node has applied, for those who only need to know whether it is enough.
  let applied: Atomic<UInt64>

  private let log: NodeLog
  private let logLane: LogLane
  private let applyLane: ApplyLane
  private let bulkLane: BulkLane

  // Touched on the loop's thread only.
  private var replica: Replica
  private var effects = ReplicaEffects()
  private var links: PeerLinks?
  private var watchdog: Watchdog
  private var founding: Founding
  private var dues = Dues()
  private let dueCommand: (@Sendable (StateReader, Int64) throws -> [UInt8]?)?
  private let readers: ReaderLanes
  private var inputs: [ReplicaInput] = []
  private var isBurstDue = false
  private var isClosed = false
  private var nextTick: Int64 = 0
  private var nextToken: UInt64 = 1
  private var writes: [ClientToken: OpenWrite] = [:]
  private var reads: [ClientToken: @Sendable (ReadAnswer) -> Void] = [:]
  private var changes: [ClientToken: @Sendable (ChangeAnswer) -> Void] = [:]
  /// The results of the transaction that was just applied, which begin at `firstResult`.
  private var results: [AppliedEntry] = []
  private var firstResult = LogIndex.zero
  /// When the transaction went to the apply lane, and when it was over.
  private var transaction: (begun: Int64, ended: Int64) = (0, 0)
  private var timings = WriteTimings()
  private var lastNotice: Notice?
  private var lastStepDown: NodeStatus.StepDown?
  private var whenQuiet: (@Sendable () -> Void)?

  /// A write of an own client that waits for its answer.
  private struct OpenWrite {
    let answer: @Sendable (WriteAnswer, AppliedEntry?) -> Void
    let brought: Int64
    let taken: Int64
  }

  init(
    replica: Replica, configuration: NodeConfiguration, founding: Founding, log: NodeLog,
    inbox: CoreInbox, logLane: LogLane, applyLane: ApplyLane, bulkLane: BulkLane,
    readers: ReaderLanes
  ) {
    self.inbox = inbox
    self.replica = replica
    self.founding = founding
    self.log = log
    self.logLane = logLane
    self.applyLane = applyLane
    self.bulkLane = bulkLane
    self.readers = readers
    dueCommand = configuration.dueCommand
    let election = Int64(configuration.timing.electionMilliseconds) * 1_000_000
    watchdog = Watchdog(election: election)
    status = Lock(NodeStatus(node: replica.node))
    applied = Atomic(replica.applied.rawValue)
  }

  private var loop: EventLoop { inbox.loop }

  /// Where the time of the latest writes went. Crosses to the lane's thread.
  func timings() async -> WriteTimings {
    await withCheckedContinuation { waiter in
      loop.submit { waiter.resume(returning: self.timings) }
    }
  }

  // MARK: - From other threads

  /// Begins to tick and to look for peers.
  func start(_ links: PeerLinks) {
    inbox.begin { self.makeBurstDue() }
    applyLane.start()
    loop.submit {
      self.links = links
      links.start(
        { self.take($0) }, bulk: { link, peer in self.bulkLane.receive(on: link, from: peer) })
      self.nextTick = Clock.monotonic() + Self.tick
      self.scheduleTick()
    }
  }

  /// Hands leadership over; `done` is called when nothing is under way any more, or after `limit`.
  func stop(within limit: Duration, done: @escaping @Sendable () -> Void) {
    loop.submit {
      self.whenQuiet = done
      _ = self.loop.schedule(after: limit) { self.endGoodbye() }
    }
    inbox.bring(.stop)
  }

  /// Ends the replica's life: closes the connections and answers whoever still waits.
  func close(done: @escaping @Sendable () -> Void) {
    loop.submit {
      self.isClosed = true
      self.links?.close()
      self.links = nil
      for (_, write) in self.writes { write.answer(.unknown, nil) }
      for (_, answer) in self.reads { answer(.unavailable(leader: nil)) }
      for (_, answer) in self.changes { answer(.unknown) }
      self.writes = [:]
      self.reads = [:]
      self.changes = [:]
      done()
    }
  }

  // MARK: - On the loop

  /// Takes an input that arose on the loop itself, from a socket or a timer.
  func take(_ input: ReplicaInput) {
    inputs.append(input)
    makeBurstDue()
  }

  private func makeBurstDue() {
    guard !isBurstDue else { return }
    isBurstDue = true
    loop.atEndOfTurn { self.runBurst() }
  }

  private func scheduleTick() {
    _ = loop.schedule(at: nextTick) {
      guard !self.isClosed else { return }
      let now = Clock.monotonic()
      let late = max(0, now - self.nextTick) / Self.tick
      for _ in 0...min(late, Self.mostTicksAtOnce - 1) { self.take(.tick(now: Clock.now())) }
      self.nextTick += (late + 1) * Self.tick
      self.watch(at: now)
      self.found()
      self.lookForDues(at: Clock.now())
      self.reportStatus()
      self.scheduleTick()
    }
  }

  private func runBurst() {
    isBurstDue = false
    let own = inputs
    inputs = []
    let arrivals = inbox.take()
    guard !isClosed else { return arrivals.forEach(refuse) }
    for input in own { replica.step(input, into: &effects) }
    for arrival in arrivals { step(arrival) }
    replica.flush(into: &effects)
    carryOut()
    if replica.isStopping && replica.isQuiet { endGoodbye() }
  }

  private func endGoodbye() {
    whenQuiet?()
    whenQuiet = nil
  }

  /// Answers a request that came after the end.
  private func refuse(_ arrival: CoreInbox.Arrival) {
    switch arrival {
    case .write(_, _, _, _, let answer): answer(.notAccepted(leader: nil, overloaded: false), nil)
    case .read(_, let answer): answer(.unavailable(leader: nil))
    case .awaitApplied(_, _, let answer): answer(.unavailable(leader: nil))
    case .change(_, let answer): answer(.notLeader(nil))
    case .persisted, .applied, .loaded, .input, .stop: break
    }
  }

  private func step(_ arrival: CoreInbox.Arrival) {
    switch arrival {
    case .write(let command, let patience, let deadline, let brought, let answer):
      let token = makeToken()
      writes[token] = OpenWrite(answer: answer, brought: brought, taken: Clock.monotonic())
      replica.step(
        .submit(token, command: command, patience: patience, deadline: deadline), into: &effects)
    case .read(let deadline, let answer):
      let token = makeToken()
      reads[token] = answer
      replica.step(.read(token, deadline: deadline), into: &effects)
    case .awaitApplied(let index, let patience, let answer):
      let token = makeToken()
      reads[token] = answer
      replica.step(.awaitApplied(token, index, patience: patience), into: &effects)
    case .persisted(let batch):
      if let took = watchdog.persisted(through: batch, at: Clock.monotonic()) {
        timings.recordDisk(took)
      }
      replica.step(.persisted(batch: batch), into: &effects)
    case .applied(let entries, let index, let ended):
      transaction.ended = ended
      results = entries
      firstResult = entries.first?.position.index ?? index
      applied.store(index.rawValue, ordering: .releasing)
      replica.step(.applied(through: index), into: &effects)
    case .loaded(let entries, let purpose):
      replica.step(.loaded(entries, for: purpose), into: &effects)
    case .change(let change, let answer):
      let token = makeToken()
      changes[token] = answer
      replica.step(.change(token, change), into: &effects)
    case .input(let input):
      replica.step(input, into: &effects)
    case .stop:
      replica.step(.stop, into: &effects)
    }
  }

  private func makeToken() -> ClientToken {
    defer { nextToken += 1 }
    return ClientToken(rawValue: nextToken)
  }

  private func carryOut() {
    if !effects.persist.isEmpty || !effects.loads.isEmpty {
      let now = Clock.monotonic()
      for batch in effects.persist { watchdog.sent(batch.sequence, at: now) }
      logLane.take(effects.persist, loads: effects.loads)
    }
    if effects.scrubsLog { logLane.scrub() }
    if let configuration = effects.membership { links?.follow(configuration) }
    for peer in effects.snapshots { sendState(to: peer) }
    for generation in effects.discards { bulkLane.discard(generation) }
    links?.send(effects.sends)
    for (token, answer) in effects.writes { finish(token, answer) }
    if !effects.apply.isEmpty {
      transaction.begun = Clock.monotonic()
      applyLane.apply(effects.apply, skipping: effects.skips)
    }
    if let change = effects.switchState {
      applyLane.use(generation: change.generation, base: change.base)
    }
    for (token, answer) in effects.reads { reads.removeValue(forKey: token)?(answer) }
    for (token, answer) in effects.changes { changes.removeValue(forKey: token)?(answer) }
    for notice in effects.notices { tell(notice) }
    for alarm in effects.alarms { log.write(alarm) }
    if !effects.notices.isEmpty { reportStatus() }
    effects.removeAll()
    results = []
  }

  private func sendState(to peer: NodeID) {
    guard let endpoint = links?.endpoint(of: peer) else {
      return take(.snapshotEnded(peer))
    }
    log.write("sends its state to \(peer), which lacks what the log no longer holds")
    bulkLane.send(to: peer, at: endpoint, after: replica.core.base)
  }

  /// Writes a change of role down; that this node still asks in vain for votes is told once.
  private func tell(_ notice: Notice) {
    defer { lastNotice = notice }
    if case .becamePreCandidate = notice, notice == lastNotice { return }
    if case .steppedDown(let term, let why) = notice {
      lastStepDown = NodeStatus.StepDown(term: term, why: why, at: Clock.now())
    }
    log.write(notice)
  }

  private func finish(_ token: ClientToken, _ answer: WriteAnswer) {
    guard let write = writes.removeValue(forKey: token) else { return }
    guard case .applied(let position) = answer else { return write.answer(answer, nil) }
    let place = Int(position.index.rawValue) - Int(firstResult.rawValue)
    precondition(
      results.indices.contains(place) && results[place].position == position,
      "The result of \(position) is not in the transaction that was just applied.")
    timings.record(
      WriteTimings.Write(
        brought: write.brought, taken: write.taken, committed: transaction.begun,
        applied: transaction.ended, answered: Clock.monotonic()))
    write.answer(answer, results[place])
  }

  // MARK: - At each tick

  private func watch(at now: Int64) {
    switch watchdog.verdict(at: now) {
    case .well: break
    case .stalled:
      log.write("waits for its disk for too long; if it leads, it hands over")
      take(.stalled)
    case .hopeless:
      let connected = replica.peers.count(where: \.isConnected)
      if connected >= replica.core.configuration.quorum {
        log.end("its disk has not answered for 30 s, and the others can go on without it")
      }
    }
  }

  private func found() {
    guard replica.core.hasCommittedOwnTerm, !replica.isStopping,
      let command = founding.command(at: replica.ticks)
    else { return }
    inbox.bring(
      .write(
        command, patience: 0, deadline: ReplicaLimits.writeDeadline, brought: Clock.monotonic()
      ) { answer, _ in
        self.loop.submit {
          if self.founding.take(answer) { self.log.write("had the founding command applied") }
        }
      })
  }

  /// Whether this node leads, and its state holds all that was committed before it led.
  private var leadsWithState: Bool {
    replica.core.hasCommittedOwnTerm(appliedThrough: replica.applied) && !replica.isStopping
  }

  /// Looks for what is due, on a reader thread: a query may take longer than a tick.
  private func lookForDues(at now: Int64) {
    guard let dueCommand, leadsWithState, dues.begins(at: replica.ticks) else { return }
    readers.look(
      { reader in try dueCommand(reader, now) },
      then: { found in self.loop.submit { self.takeDue(found) } })
  }

  private func takeDue(_ found: Result<[UInt8]?, any Error>) {
    switch found {
    case .failure(let error):
      log.write("cannot look for what is due: \(error)")
      dues.fail(at: replica.ticks)
    case .success(let command?) where leadsWithState && !isClosed: submitDue(command)
    case .success: dues.end()
    }
  }

  private func submitDue(_ command: [UInt8]) {
    inbox.bring(
      .write(
        command, patience: 0, deadline: ReplicaLimits.writeDeadline, brought: Clock.monotonic()
      ) { _, _ in
        // Applied or lost, the next look says what is still due.
        self.loop.submit { self.dues.end() }
      })
  }

  private func reportStatus() {
    let core = replica.core
    var fresh = NodeStatus(
      node: replica.node, role: NodeStatus.Role(core.role), term: core.term, leader: core.leader,
      last: core.last.index, commit: core.commit, applied: replica.applied,
      isStopping: replica.isStopping)
    fresh.base = core.base
    fresh.durable = core.durable
    fresh.configuration = core.configuration
    fresh.newestLevel = replica.level
    fresh.uncommittedChange = core.uncommittedChange
    fresh.lastStepDown = lastStepDown
    fresh.divergedAfter = replica.comparison.divergedAfter
    fresh.stopsBefore = replica.stopsBefore
    fresh.hasHeardCommit = core.commit > .zero && core.leader != nil
    if replica.isLeader {
      fresh.leaderContactAge = 0
    } else if let heard = replica.leaderHeard {
      fresh.leaderContactAge = Int64(replica.ticks - heard) * Self.tick / 1_000_000
    }
    fresh.peers = replica.peers.map { peer in
      NodeStatus.Peer(
        node: peer.node, isConnected: peer.isConnected,
        match: core.peers.first { $0.id == peer.node }?.match, clockOffset: peer.clockOffset,
        level: peer.level)
    }
    status.withLock { $0 = fresh }
  }
}

extension NodeStatus.Role {
  fileprivate init(_ role: RaftCore.Role) {
    self =
      switch role {
      case .follower: .follower
      case .preCandidate, .candidate: .candidate
      case .leader: .leader
      }
  }
}
