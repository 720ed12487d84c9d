package import Raft
package import Store

extension Replica {
  /// What earlier lives of this node have died of.
  struct Poison: Sendable {
    /// A node died of one of the entries through here: each has a transaction of its own, so that
    /// the next death says which.
    var suspectThrough = LogIndex.zero
    /// Nothing is applied from here on, for applying it has ended the process twice.
    var stopsBefore: LogIndex?
  }

  /// Minds what earlier lives have died of. To be called before the first step.
  package mutating func mind(_ deaths: ApplyMark.Deaths?) {
    guard let deaths, deaths.through > applied else { return }
    poison.suspectThrough = deaths.through
    if deaths.count >= ApplyMark.mostDeaths { poison.stopsBefore = deaths.first }
  }

  /// This node applies nothing from this index on, and answers nothing from its state, until the
  /// entry there is skipped.
  package var stopsBefore: LogIndex? {
    poison.stopsBefore.flatMap { core.fate(of: $0) == .skip ? nil : $0 }
  }

  /// Nobody is to be told what this node's state says.
  var servesNothing: Bool { isDiverged || stopsBefore != nil }

  /// The entry that must wait, with all after it.
  var waitsBefore: LogIndex? {
    [stopsBefore, core.firstOpen(after: applied)].compactMap(\.self).min()
  }

  /// The poison is behind.
  mutating func getOver(_ index: LogIndex) {
    if let stop = poison.stopsBefore, stop <= index { poison.stopsBefore = nil }
  }

  /// Tells the leader, again and again, that this node has stopped: it may be another leader.
  mutating func tellStopped(into effects: inout ReplicaEffects) {
    guard let index = stopsBefore, let leader, leader != node else { return }
    effects.sends.append((to: leader, frame: .stopped(before: index)))
  }

  /// Why the entry at `index` must not be skipped, or `nil` if every member waits before it.
  func refusal(toSkip index: LogIndex) -> ChangeRefusal? {
    if index <= applied { return .alreadyApplied(index) }
    guard stopsBefore == index else {
      return core.fate(of: index) == .skip
        ? .alreadySkipped(index) : .notStopped(node, before: index)
    }
    for member in core.configuration.members where member.id != node {
      let stopped = peers.first { $0.node == member.id && $0.isConnected }?.stoppedBefore
      if stopped != index { return .notStopped(member.id, before: index) }
    }
    return nil
  }
}
