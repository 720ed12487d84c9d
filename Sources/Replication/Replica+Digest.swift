package import Raft
import Store

extension Replica {
  /// What the states of the members came to at the same indexes.
  ///
  /// The leader compares: a state that differs from that of a majority of voters is wrong, from that
  /// index on. Where no majority agrees nobody can say who is right, and nobody is taken out.
  struct Comparison: Sendable {
    /// The newest of each member, oldest first; an entry is a few dozen bytes.
    var seen: [(node: NodeID, digest: StateDigest)] = []
    /// This node's state is wrong after this index, by the word of a leader.
    var divergedAfter: LogIndex?
    /// Told once for each index.
    var alarmed = LogIndex.zero

    /// So many indexes are remembered of each member: one may be seconds behind another.
    static let mostOfEach = 16
  }

  /// This node's state differs from that of the others: it serves nothing until it has another.
  package var isDiverged: Bool { comparison.divergedAfter != nil }

  /// This node's state has come to an index at which all say what it is.
  mutating func compare(_ digest: StateDigest, into effects: inout ReplicaEffects) {
    guard !isDiverged else { return }
    if let leader, leader != node {
      effects.sends.append((to: leader, frame: .digest(digest)))
    }
    take(digest, from: node, into: &effects)
  }

  mutating func take(
    _ digest: StateDigest, from member: NodeID, into effects: inout ReplicaEffects
  ) {
    comparison.seen.append((member, digest))
    if comparison.seen.count(where: { $0.node == member }) > Comparison.mostOfEach,
      let oldest = comparison.seen.firstIndex(where: { $0.node == member })
    {
      comparison.seen.remove(at: oldest)
    }
    if isLeader { judge(digest.index, into: &effects) }
  }

  /// Compares what is known of one index.
  private mutating func judge(_ index: LogIndex, into effects: inout ReplicaEffects) {
    let voters = core.configuration.voters
    let known = comparison.seen.filter { $0.digest.index == index }
    guard Set(known.map(\.digest.digest)).count > 1 else { return }
    for candidate in known.map(\.digest.digest) {
      let agreeing = known.filter { $0.digest.digest == candidate }.map(\.node)
      guard Quorum.holds(voters: voters, where: agreeing.contains) else { continue }
      for odd in known where odd.digest.digest != candidate {
        if odd.node == node {
          distrust(after: index)
        } else {
          effects.sends.append((to: odd.node, frame: .diverged(index)))
        }
        effects.alarms.append(.diverged(odd.node, after: index))
      }
      comparison.seen.removeAll { $0.digest.index == index && $0.digest.digest != candidate }
      return
    }
    // That a learner or a former member has spoken does not stand for a voter who has not (file seed 13).
    let haveAllSpoken = voters.allSatisfy { voter in known.contains { $0.node == voter } }
    guard haveAllSpoken, index > comparison.alarmed else { return }
    comparison.alarmed = index
    effects.alarms.append(.noMajority(at: index))
  }

  /// Serves nothing from now on, does not lead, and asks for another state.
  mutating func distrust(after index: LogIndex) {
    guard !isDiverged else { return }
    comparison.divergedAfter = index
    tell(.distrustState)
  }

  /// Asks again and again: an answer may be lost, and the leader another.
  mutating func askForState(into effects: inout ReplicaEffects) {
    guard isDiverged, installing == nil, let leader else { return }
    // Nobody else could lead, since only this log had all: it hands over as soon as another has it.
    guard leader != node else { return leaveLeading() }
    effects.sends.append((to: leader, frame: .wantsState))
  }

  /// Another state took the place of this node's own.
  mutating func trustAgain() { comparison = Comparison() }
}

/// What an operator must hear of at once.
package enum ReplicaAlarm: Hashable, Sendable {
  /// This member's state is not that of the others, found at this index.
  case diverged(NodeID, after: LogIndex)
  /// The states differ, and no majority agrees: nobody can say which is right.
  case noMajority(at: LogIndex)
  /// Applying this entry has ended this node's process twice.
  case poisoned(LogIndex)
  /// This node leads, for nobody else can, and takes no write: its clock, in milliseconds since 1970,
  /// is far from the last stamp, and no majority agrees.
  case givesNoStamp(clock: Int64, last: Int64)
}
