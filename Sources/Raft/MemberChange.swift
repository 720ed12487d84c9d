/// One change of the membership. Each changes the set of voters by one node at most, so that any
/// majority before it meets any majority after it (dissertation, section 4.1).
package enum MemberChange: Hashable, Sendable {
  /// A new member, which is sent the log and votes once it has caught up.
  case add(Configuration.Member)
  /// A learner votes from now on. The leader does this by itself.
  case promote(NodeID)
  case remove(NodeID)
  /// A member is to be found elsewhere, or was heard for the first time.
  case update(Configuration.Member)
  /// The entry at this index is applied as nothing by every replica. No change of the membership, but
  /// made as one: it must be known wherever that is, and before the entry is applied. See
  /// ``RaftCore/fate(of:)``.
  case skip(LogIndex)
  /// Entries from this one on are applied at the next behaviour level. No change of the membership
  /// either, but every member must be able to, and who becomes one later too. The leader does this
  /// by itself once all have said that they can.
  case raise(to: UInt8)
}

/// Why a change of the membership was not made. Nothing was appended.
package enum ChangeRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// This node has not committed an entry of its own term yet (Ongaro, raft-dev 2015): soon.
  case notReady
  /// An earlier change is not committed yet.
  case underWay(LogIndex)
  case handingOver
  case alreadyMember(NodeID)
  case notMember(NodeID)
  /// The number was used by a node that was removed, with these very files.
  case retired(NodeID)
  case tooManyMembers
  case lastVoter
  /// Fewer voters answer than the new configuration needs: after it nothing could be written.
  case losesQuorum(answering: Int, needed: Int)
  /// The learner is this many entries behind.
  case notCaughtUp(NodeID, behind: UInt64)
  /// The leader itself has applied the entry: its outcome may be known to clients.
  case alreadyApplied(LogIndex)
  /// This member has not said that it stopped before the entry: it may have applied it.
  case notStopped(NodeID, before: LogIndex)
  case alreadySkipped(LogIndex)
  /// Levels are raised one by one, and never lowered.
  case notTheNextLevel(UInt8, inForce: UInt8)

  package var description: String {
    switch self {
    case .notReady: "The leader has just been elected: try again in a moment."
    case .underWay(let index): "The change at \(index) is not committed yet: try again after it."
    case .handingOver: "The leader is handing over: try again in a moment."
    case .alreadyMember(let node): "\(node) is a member already."
    case .notMember(let node): "\(node) is not a member."
    case .retired(let node):
      "These files of \(node) belong to a member that was removed: begin with an empty data folder."
    case .tooManyMembers: "A cluster has at most \(Configuration.mostMembers) members."
    case .lastVoter: "The last voter cannot be removed."
    case .losesQuorum(let answering, let needed):
      "Only \(answering) of the voters that there would be answer, and \(needed) are needed: bring "
        + "another back first, or remove one that does not answer."
    case .notCaughtUp(let node, let behind):
      "\(node) is \(behind) entries behind: it will vote by itself once it has caught up."
    case .alreadyApplied(let index):
      "The entry at \(index) has been applied, and what it did may be known: it cannot be skipped. A "
        + "node that cannot apply it has to be replaced."
    case .notStopped(let node, let index):
      "\(node) has not said that it stopped before \(index), so it may have applied it. An entry is "
        + "skipped only while every member waits before it: start \(node), or remove it."
    case .alreadySkipped(let index): "The entry at \(index) is skipped already."
    case .notTheNextLevel(let level, let current):
      "Behaviour level \(level) cannot follow level \(current): levels are raised one by one."
    }
  }
}

extension Configuration {
  /// This configuration after one change.
  package func after(_ change: MemberChange) throws(ChangeRefusal) -> Configuration {
    switch change {
    case .add(let member):
      guard self.member(member.id) == nil else { throw .alreadyMember(member.id) }
      let isRetired = retired.contains {
        $0.id == member.id && $0.incarnation == member.incarnation
      }
      guard !isRetired else { throw .retired(member.id) }
      guard members.count < Self.mostMembers else { throw .tooManyMembers }
      if let old = member.replaces, self.member(old) == nil { throw .notMember(old) }
      return with(members: members + [member], learners: learners + [member.id])

    case .promote(let node):
      guard member(node) != nil else { throw .notMember(node) }
      guard learners.contains(node) else { throw .alreadyMember(node) }
      return with(learners: learners.filter { $0 != node })

    case .remove(let node):
      guard let member = member(node) else { throw .notMember(node) }
      guard voters != [node] else { throw .lastVoter }
      var others = members.filter { $0.id != node }
      for place in others.indices where others[place].replaces == node {
        others[place].replaces = nil
      }
      let former = Retired(id: node, incarnation: member.incarnation)
      return with(
        members: others, learners: learners.filter { $0 != node },
        retired: retired.filter { $0 != former } + [former])

    case .update(let member):
      guard self.member(member.id) != nil else { throw .notMember(member.id) }
      return with(members: members.map { $0.id == member.id ? member : $0 })

    case .skip(let index):
      guard !skips.contains(index) else { throw .alreadySkipped(index) }
      return with(skips: skips + [index])

    case .raise(let level):
      guard Int(level) == Int(self.level) + 1 else {
        throw .notTheNextLevel(level, inForce: self.level)
      }
      return with(level: level)
    }
  }

  /// This configuration with something else in it; what is `nil` stays.
  package func with(
    members: [Member]? = nil, learners: [NodeID]? = nil, retired: [Retired]? = nil,
    skips: [LogIndex]? = nil, level: UInt8? = nil
  ) -> Configuration {
    Configuration(
      members: members ?? self.members, learners: learners ?? self.learners,
      retired: retired ?? self.retired, skips: skips ?? self.skips, level: level ?? self.level)
  }
}
