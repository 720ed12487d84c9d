package import Raft

/// One node of the cluster as a value: consensus, and all that its clients wait for.
///
/// It is told what happened by `step(_:into:)`, any number of times, and then once by
/// ``flush(into:)`` that the burst is over; the effects are carried out in between by whoever owns
/// it. It has no thread, no clock and no disk, so that the same inputs always have the same
/// effects and a whole cluster can be run in one thread in a test.
package struct Replica: Sendable {
  package let node: NodeID
  /// What this node says of itself.
  let own: Configuration.Member
  /// The newest behaviour level that this node can apply, or is told to.
  package let level: UInt8

  package internal(set) var core: RaftCore
  /// What the core says, before it is sorted into effects. Kept for its memory.
  var output = Output()

  /// Ticks since this value was made.
  package internal(set) var ticks: UInt64 = 0
  /// The wall clock at the last tick, in milliseconds since 1970.
  var now: Int64
  /// The tick at which the leader, if it is another node, was last heard from.
  package internal(set) var leaderHeard: UInt64?

  /// The other members, by ascending id, and what is known of the way to them.
  package internal(set) var peers: [Peer]
  /// Promises that wait for the disk: batches by sequence, and what each one releases.
  var held = Fifo<(batch: UInt64, messages: [Outbound])>()

  var writes = Writes()
  var reads = Reads()

  /// The last index that this node has applied.
  package internal(set) var applied: LogIndex
  /// The last index that it may apply: committed, and durable here.
  package internal(set) var applicable: LogIndex
  var applying: Applying?
  /// The tick in which the last transaction began.
  var appliedAt: UInt64 = 0
  var unapplied: Unapplied
  var changes = Changes()
  /// Whether the configuration that connections go by was committed when they were last told.
  var followsCommitted = true
  /// A received state on its way into use.
  var installing: Installing?
  /// Peers that are to be sent the state once this node's own may be shown.
  var withheld: [NodeID] = []
  /// A power cut cannot undo what the state has applied through this index.
  var stateDurable = LogIndex.zero
  package var retention = Retention()
  /// The last entry that purged something, while the log holds what stands before it.
  var purged: LogIndex?
  var comparison = Comparison()
  /// What earlier lives of this node have died of, as far as this one has to mind.
  var poison = Poison()
  var reckoning = Reckoning()
  /// When a leader that should not lead tries next to hand over, in ticks.
  var handOverAgain: UInt64 = 0

  /// It was told to stop: no more writes are taken.
  package internal(set) var isStopping = false

  /// Another member.
  package struct Peer: Hashable, Sendable {
    package let node: NodeID
    /// Frames can be sent to it.
    package var isConnected = false
    /// Its wall clock less this node's, when it last told its own, in milliseconds.
    package var clockOffset: Int64?
    /// What it last said of itself.
    package var said: Configuration.Member?
    /// The newest behaviour level that it can apply, as it said on the connection that is open.
    package var level: UInt8?
    /// It has stopped applying before this entry, as it said on the connection that is open.
    package var stoppedBefore: LogIndex?
  }

  /// What is being read from the log, or applied, until it is done.
  enum Applying: Hashable {
    case loading(from: LogIndex)
    /// The positions of the entries in the transaction, in order.
    case transaction([Position])
  }

  /// A replica around a core that was made from what the disk holds.
  ///
  /// - Parameters:
  ///   - tail: The newest entries on disk, without a gap up to the last.
  ///   - now: The wall clock, in milliseconds since 1970.
  ///   - own: What this node says of itself; nothing where nobody asks.
  ///   - level: The newest behaviour level that this node can apply.
  package init(
    core: RaftCore, members: [NodeID], tail: [Entry], now: Int64,
    own: Configuration.Member? = nil, level: UInt8 = Configuration.firstLevel
  ) {
    self.core = core
    self.level = level
    self.own = own ?? Configuration.Member(id: core.id)
    self.now = now
    node = core.id
    reckoning.stamp = core.lastStamp
    applied = core.applied
    applicable = core.applied
    unapplied = Unapplied(tail: tail, after: core.applied)
    peers = members.filter { $0 != core.id }.sorted().map { Peer(node: $0) }
  }

  /// Whom this node takes for the leader, itself included.
  package var leader: NodeID? { core.leader }

  package var isLeader: Bool { core.leader == node }

  /// Nothing is under way that a client waits for, and another node leads if any could.
  package var isQuiet: Bool {
    let hasSuccessor = leader.map { $0 != node } ?? false
    let isAlone = !peers.contains(where: \.isConnected)
    return writes.isEmpty && reads.isEmpty && (hasSuccessor || isAlone)
  }

  /// Takes in one thing that happened.
  package mutating func step(_ input: ReplicaInput, into effects: inout ReplicaEffects) {
    switch input {
    case .tick(let now):
      tick(now, into: &effects)
    case .received(let frame, let peer):
      receive(frame, from: peer, into: &effects)
    case .connected(let peer):
      setConnected(peer, true)
      effects.sends.append((to: peer, frame: .clock(now)))
      tell(.peerReset(peer))
    case .lost(let peer):
      setConnected(peer, false)
      forgetWhatWasUnderWay(with: peer, into: &effects)
    case .unheard(let peer):
      forgetWhatWasUnderWay(with: peer, into: &effects)
    case .gone(let peer):
      tell(.peerGone(peer))
    case .submit(let token, let command, let patience, let deadline):
      submit(token, command, patience: patience, deadline: deadline, into: &effects)
    case .read(let token, let deadline):
      read(token, deadline: deadline, into: &effects)
    case .awaitApplied(let token, let index, let patience):
      awaitApplied(token, index, patience: patience, into: &effects)
    case .persisted(let batch):
      release(through: batch, into: &effects)
      tell(.persisted(batch: batch))
      installed(through: batch, into: &effects)
    case .applied(let index):
      finishApplying(through: index, into: &effects)
    case .loaded(let entries, .peer(let peer)):
      tell(.loaded(entries, for: peer))
    case .loaded(let entries, .apply):
      loadedToApply(entries, into: &effects)
    case .heard(let member, let level):
      note(member, level: level)
    case .change(let token, let change):
      self.change(token, change, into: &effects)
    case .handOver(let target):
      tell(.transfer(to: target))
    case .stateDurable(let index):
      stateDurable = max(stateDurable, index)
    case .purged(let index):
      if index > core.base { purged = max(purged ?? .zero, index) }
    case .snapshotReceived(let base, let generation, let stamp):
      receive(base, generation: generation, stamp: stamp, into: &effects)
    case .switched(let generation):
      finishInstalling(generation, into: &effects)
    case .digested(let digest):
      compare(digest, into: &effects)
    case .stateUnsound: distrust(after: applied)
    case .snapshotEnded(let peer, let hasArrived):
      tell(.snapshotEnded(peer, hasArrived: hasArrived))
    case .stalled:
      if isLeader { tell(.transfer(to: nil)) }
    case .stop:
      stop(into: &effects)
    }
  }

  /// Ends a burst: what the core gathered becomes one batch and one message a peer, waiting reads
  /// share one attempt, and the next transaction starts if none is open.
  package mutating func flush(into effects: inout ReplicaEffects) {
    routeParked(into: &effects)
    startReads()
    speak(into: &effects)
    startInstalling(into: &effects)
    startApplying(into: &effects)
  }

  /// Has the core say what it gathered, and sorts it.
  mutating func speak(into effects: inout ReplicaEffects) {
    core.flush(into: &output)
    sort(into: &effects)
  }

  // MARK: - The core's side

  /// Gives the core one input. What it says is gathered until the flush.
  mutating func tell(_ input: Input) {
    core.step(input, into: &output)
  }

  /// Sorts what the core said in this burst into effects.
  ///
  /// Answers to forwarded writes go out before the core's own messages: a follower must know the
  /// position of its write before it can learn, on the same connection, that it was committed.
  private mutating func sort(into effects: inout ReplicaEffects) {
    followMembers(into: &effects)
    if !output.proposals.isEmpty {
      settleChanges(output.proposals, into: &effects)
      settleProposals(output.proposals, into: &effects)
    }
    if !output.reads.isEmpty { settleReads(output.reads, into: &effects) }
    if var batch = output.persist {
      unapplied.follow(batch)
      held.append((batch: batch.sequence, messages: batch.messages))
      batch.messages = []
      effects.persist.append(batch)
    }
    for outbound in output.messages {
      effects.sends.append((to: outbound.to, frame: .message(outbound.message)))
    }
    for load in output.loads {
      effects.loads.append(
        LogLoad(purpose: .peer(load.peer), from: load.from, through: load.through))
    }
    offer(to: output.snapshots, into: &effects)
    if let index = output.applicable, index > applicable { applicable = index }
    effects.notices.append(contentsOf: output.notices)
    output.removeAll()
  }

  /// Sends what waited for batches through `batch`, in order.
  private mutating func release(through batch: UInt64, into effects: inout ReplicaEffects) {
    while let first = held.first, first.batch <= batch {
      for outbound in held.removeFirst().messages {
        effects.sends.append((to: outbound.to, frame: .message(outbound.message)))
      }
    }
  }

  private mutating func receive(
    _ frame: PeerFrame, from peer: NodeID, into effects: inout ReplicaEffects
  ) {
    if peer == leader { leaderHeard = ticks }
    switch frame {
    case .message(let message):
      tell(.received(message, from: peer))
    case .forward(let id, let command):
      takeForward(id, command, from: peer, into: &effects)
    case .forwarded(let id, let outcome):
      settleForward(id, outcome, from: peer, into: &effects)
    case .clock(let theirs):
      if let place = peers.firstIndex(where: { $0.node == peer }) {
        peers[place].clockOffset = theirs - now
      }
    case .digest(let digest):
      take(digest, from: peer, into: &effects)
    case .diverged(let index):
      if peer == leader { distrust(after: index) }
    case .wantsState:
      if isLeader, mayShowState { effects.snapshots.append(peer) }
    case .stopped(let index):
      if let place = peers.firstIndex(where: { $0.node == peer }) {
        peers[place].stoppedBefore = index
      }
    case .hello, .snapshot:
      // Said twice on one connection, or on the wrong one, it changes nothing.
      break
    }
  }

  // MARK: - Time and peers

  private mutating func tick(_ now: Int64, into effects: inout ReplicaEffects) {
    ticks += 1
    if abs(now - self.now) > ReplicaLimits.clockJump { forgetClocks() }
    self.now = now
    tell(.tick)
    askAgainToOffer()
    reckon()
    expireWrites(into: &effects)
    expireReads(into: &effects)
    expireChanges(into: &effects)
    if ticks % ReplicaLimits.careInterval == 0 {
      learnMembers()
      raiseLevel()
      judgeOwnClock(into: &effects)
      trim()
      trimPurged(into: &effects)
      askForState(into: &effects)
      tellStopped(into: &effects)
    }
    if ticks % ReplicaLimits.clockInterval == 0 {
      for peer in peers where peer.isConnected {
        effects.sends.append((to: peer.node, frame: .clock(now)))
      }
    }
  }

  private mutating func setConnected(_ peer: NodeID, _ isConnected: Bool) {
    guard let place = peers.firstIndex(where: { $0.node == peer }) else {
      // A node that slept through changes is spoken to by members that it does not know.
      if isConnected { add(Peer(node: peer, isConnected: true)) }
      return
    }
    peers[place].isConnected = isConnected
    guard !isConnected else { return }
    peers[place].clockOffset = nil
    peers[place].level = nil
    peers[place].stoppedBefore = nil
    if core.configuration.member(peer) == nil { peers.remove(at: place) }
  }

  mutating func add(_ peer: Peer) {
    peers.append(peer)
    peers.sort { $0.node < $1.node }
  }

  /// A frame to `peer` or its answer was on a connection that closed.
  private mutating func forgetWhatWasUnderWay(
    with peer: NodeID, into effects: inout ReplicaEffects
  ) {
    tell(.peerReset(peer))
    forgetForwards(to: peer, into: &effects)
    if peer == leader { retryAllReads() }
  }

  func isConnected(_ peer: NodeID) -> Bool {
    peers.contains { $0.node == peer && $0.isConnected }
  }

  private mutating func stop(into effects: inout ReplicaEffects) {
    guard !isStopping else { return }
    isStopping = true
    refuseParked(into: &effects)
    if isLeader { tell(.transfer(to: nil)) }
  }
}
