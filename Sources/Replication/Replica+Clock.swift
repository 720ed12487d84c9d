import Raft

extension Replica {
  /// How far this node's clock is from that of most, in milliseconds: the middle of what it knows,
  /// its own among them. `nil` while it knows of fewer than two others: of two clocks nobody can say
  /// which is wrong.
  package var clockError: Int64? {
    let others = peers.filter(\.isConnected).compactMap(\.clockOffset)
    guard others.count >= 2 else { return nil }
    let sorted = (others + [0]).sorted()
    return -sorted[sorted.count / 2]
  }

  /// A leader stamps what it appends, and deadlines follow the stamps: one whose clock is wrong leaves
  /// leading to others until it is right again.
  mutating func judgeOwnClock() {
    let isWrong = clockError.map { abs($0) > ReplicaLimits.mostClockError } ?? false
    let isUnfit = isWrong || stopsBefore != nil
    if isUnfit != core.abstains { tell(.abstain(isUnfit)) }
    if isUnfit { leaveLeading() }
  }

  /// Tries to hand over, now and then: while it tries, nothing is taken, and there may be nobody who
  /// is more willing.
  mutating func leaveLeading() {
    guard isLeader, ticks >= handOverAgain else { return }
    handOverAgain = ticks + ReplicaLimits.handOverInterval
    tell(.transfer(to: nil))
  }
}
