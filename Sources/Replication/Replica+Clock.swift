import Raft

extension Replica {
  /// What this node knows of the time without its wall clock: the latest stamp in its log, and since
  /// which tick it knows it.
  struct Reckoning: Hashable, Sendable {
    var stamp = Int64.zero
    var tick = UInt64.zero
    /// An operator has said that the wall clock is right, whatever it says.
    var isTrusted = false
    /// The stamp after which it was last told that no stamp is given.
    var alarmed: Int64?

    /// How far the wall clock is from what is to be expected at `tick`, in milliseconds; 0 before the
    /// first stamp. A node that has just started does not know how long it was away.
    func step(to clock: Int64, at tick: UInt64) -> Int64 {
      guard stamp > 0 else { return 0 }
      return clock - stamp - Int64(tick - self.tick) * Self.milliseconds
    }

    /// Of a tick.
    private static let milliseconds: Int64 = 10
  }

  /// How far this node's clock is from that of most, in milliseconds: the middle of what it knows,
  /// its own among them. `nil` while it knows of fewer than two others: of two clocks nobody can say
  /// which is wrong.
  package var clockError: Int64? {
    let others = peers.filter(\.isConnected).compactMap(\.clockOffset)
    guard others.count >= 2 else { return nil }
    let sorted = (others + [0]).sorted()
    return -sorted[sorted.count / 2]
  }

  /// Whether a stamp may be taken from this node's clock: it is at most ``ReplicaLimits/largestStep``
  /// from what the log and the ticks since say, or a majority of voters has the same time. Deadlines
  /// follow the stamps, and a stamp is for ever: a clock that jumps must not be believed alone.
  package var mayStamp: Bool {
    reckoning.isTrusted
      || abs(reckoning.step(to: now, at: ticks)) <= ReplicaLimits.largestStep
      || Quorum.holds(voters: core.configuration.voters, where: agrees)
  }

  private func agrees(_ voter: NodeID) -> Bool {
    if voter == node { return true }
    guard let peer = peers.first(where: { $0.node == voter }), peer.isConnected,
      let offset = peer.clockOffset
    else { return false }
    return abs(offset) <= ReplicaLimits.largestStep
  }

  /// Takes this node's wall clock for right, even if it has jumped and no other agrees: an operator
  /// has looked at it. To be called before the first step.
  package mutating func trustClock() { reckoning.isTrusted = true }

  /// This node's clock has jumped, or its process stood still: what it knows of other clocks was
  /// against another one.
  mutating func forgetClocks() {
    for place in peers.indices { peers[place].clockOffset = nil }
  }

  /// Follows the log's stamps. To be called at each tick.
  mutating func reckon() {
    guard core.lastStamp > reckoning.stamp else { return }
    reckoning.stamp = core.lastStamp
    reckoning.tick = ticks
  }

  /// A leader stamps what it appends: one whose clock is wrong leaves leading to others until it is
  /// right again.
  mutating func judgeOwnClock(into effects: inout ReplicaEffects) {
    let isWrong = clockError.map { abs($0) > ReplicaLimits.mostClockError } ?? false
    let mayStamp = mayStamp
    let isUnfit = isWrong || !mayStamp || stopsBefore != nil
    if isUnfit != core.abstains { tell(.abstain(isUnfit)) }
    if isUnfit { leaveLeading() }
    if isLeader, !mayStamp, reckoning.alarmed != reckoning.stamp {
      reckoning.alarmed = reckoning.stamp
      effects.alarms.append(.givesNoStamp(clock: now, last: reckoning.stamp))
    }
  }

  /// Tries to hand over, now and then: while it tries, nothing is taken, and there may be nobody who
  /// is more willing.
  mutating func leaveLeading() {
    guard isLeader, ticks >= handOverAgain else { return }
    handOverAgain = ticks + ReplicaLimits.handOverInterval
    tell(.transfer(to: nil))
  }
}
