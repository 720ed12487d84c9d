import Raft

extension Replica {
  /// How far a received state is on its way into use. Nothing is applied meanwhile.
  enum Installing: Sendable {
    /// For the transaction under way to end.
    case waiting(LogBase, generation: UInt64, stamp: Int64)
    /// The log is told that it begins here, and which state file is the one.
    case persisting(LogBase, generation: UInt64, batch: UInt64)
    /// The lanes go over to the other file.
    case switching(LogBase, generation: UInt64)
  }

  /// A state came. One at a time: another that comes meanwhile is of no use.
  mutating func receive(
    _ base: LogBase, generation: UInt64, stamp: Int64, into effects: inout ReplicaEffects
  ) {
    guard installing == nil else {
      effects.discards.append(generation)
      return
    }
    installing = .waiting(base, generation: generation, stamp: stamp)
  }

  /// Gives the received state to the core, once no transaction is under way on the old one. It gets
  /// a batch of its own.
  mutating func startInstalling(into effects: inout ReplicaEffects) {
    guard case .waiting(let base, let generation, let stamp) = installing, applying == nil else {
      return
    }
    let isOfUse =
      isDiverged ? base.position.index >= core.base : base.position.index > core.commit
    guard core.role != .leader, isOfUse else {
      // The log brought all of it meanwhile.
      installing = nil
      effects.discards.append(generation)
      return
    }
    tell(.snapshotReceived(base, generation: generation, stamp: stamp))
    speak(into: &effects)
    guard let batch = effects.persist.last, batch.install != nil else {
      preconditionFailure("The state up to \(base.position) was not installed.")
    }
    installing = .persisting(base, generation: generation, batch: batch.sequence)
  }

  /// Goes over to the received state once the log says, durably, that it is the one.
  mutating func installed(through batch: UInt64, into effects: inout ReplicaEffects) {
    guard case .persisting(let base, let generation, let wanted) = installing, wanted <= batch
    else { return }
    installing = .switching(base, generation: generation)
    effects.switchState = (generation, base)
  }

  /// The received state is in use.
  mutating func finishInstalling(
    _ generation: UInt64, into effects: inout ReplicaEffects
  ) {
    guard case .switching(let base, generation) = installing else {
      preconditionFailure("State \(generation) is in use, which nobody asked for.")
    }
    let index = base.position.index
    installing = nil
    applied = index
    getOver(index)
    applicable = max(applicable, index)
    trustAgain()
    unapplied.drop(through: index)
    tell(.applied(index))
    // It may hold their writes, but not what came of them.
    forgetWrites(through: index, into: &effects)
    settleReads(through: index, into: &effects)
  }

  /// Whether the state file in use is one to send to others: not one that was found to be wrong, also
  /// while the log says already that another takes its place (file seed 13: a node led in between, and
  /// sent the wrong one).
  var mayShowState: Bool { !isDiverged && installing == nil }

  /// Has the state sent to peers whom the log holds too little for.
  mutating func offer(to peers: [NodeID], into effects: inout ReplicaEffects) {
    if mayShowState {
      effects.snapshots.append(contentsOf: peers)
    } else {
      withheld.append(contentsOf: peers)
    }
  }

  /// Lets the core think of those anew who were not sent the state.
  mutating func askAgainToOffer() {
    guard !withheld.isEmpty else { return }
    for peer in withheld { tell(.snapshotEnded(peer, hasArrived: false)) }
    withheld = []
  }

  // MARK: Trimming

  /// Lets the log begin later, if enough of it is needed by nobody.
  mutating func trim() {
    let safe = min(stateDurable, applied).rawValue
    guard safe > retention.entries else { return }
    var target = safe - retention.entries
    let last = core.last.index.rawValue
    for peer in core.peers where isConnected(peer.id) && peer.match.rawValue < target {
      target = min(target, max(peer.match.rawValue, last - min(last, retention.mostEntries)))
    }
    guard target >= core.base.rawValue + retention.leastTrimmed else { return }
    tell(.trim(through: LogIndex(rawValue: target)))
  }

  /// Has the log begin after a purge, whoever may need what stands before it: a peer that does gets the
  /// state.
  mutating func trimPurged(into effects: inout ReplicaEffects) {
    guard let index = purged, min(stateDurable, applied) >= index else { return }
    purged = nil
    effects.scrubsLog = true
    if core.base < index { tell(.trim(through: index)) }
  }
}
