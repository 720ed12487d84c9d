import Raft

extension Replica {
  /// Changes of the membership that clients of this node wait for. They are few.
  struct Changes: Sendable {
    /// Given to the core in this burst, until it says what it did.
    var proposed: [(id: ProposalID, token: ClientToken)] = []
    /// In the log.
    var appended: [(position: Position, token: ClientToken, until: UInt64)] = []
  }

  mutating func change(
    _ token: ClientToken, _ change: MemberChange, into effects: inout ReplicaEffects
  ) {
    guard isLeader, !isStopping else {
      effects.changes.append((token, .notLeader(leader)))
      return
    }
    if case .skip(let index) = change, let why = refusal(toSkip: index) {
      effects.changes.append((token, .refused(why)))
      return
    }
    changes.proposed.append((propose(change), token))
  }

  @discardableResult
  private mutating func propose(_ change: MemberChange) -> ProposalID {
    let id = ProposalID(rawValue: writes.nextProposal)
    writes.nextProposal += 1
    // A change of the membership waits for no clock.
    tell(.change(id, change, now: mayStamp ? now : core.lastStamp))
    return id
  }

  /// Takes what the core did with changes.
  mutating func settleChanges(
    _ outcomes: [(ProposalID, ProposalOutcome)], into effects: inout ReplicaEffects
  ) {
    for (id, outcome) in outcomes {
      guard let place = changes.proposed.firstIndex(where: { $0.id == id }) else { continue }
      let token = changes.proposed.remove(at: place).token
      switch outcome {
      case .appended(let position):
        changes.appended.append(
          (position, token, ticks + UInt64(ReplicaLimits.changeDeadline)))
      case .notLeader(let known): effects.changes.append((token, .notLeader(known)))
      case .refused(let why): effects.changes.append((token, .refused(why)))
      case .overloaded: preconditionFailure("A change of the membership counts as no load.")
      }
    }
  }

  /// Answers those who waited for this index to be applied.
  mutating func settleChanges(at position: Position, into effects: inout ReplicaEffects) {
    for change in changes.appended where change.position.index == position.index {
      effects.changes.append(
        (change.token, change.position == position ? .done(position) : .superseded))
    }
    changes.appended.removeAll { $0.position.index == position.index }
  }

  mutating func expireChanges(into effects: inout ReplicaEffects) {
    for change in changes.appended where change.until <= ticks {
      effects.changes.append((change.token, .unknown))
    }
    let now = ticks
    changes.appended.removeAll { $0.until <= now }
  }

  // MARK: Who is there

  /// Follows the configuration in force, and what is committed of it. Former members stay known while
  /// they are connected.
  mutating func followMembers(into effects: inout ReplicaEffects) {
    let isCommitted = core.uncommittedChange == nil
    guard output.configuration != nil || isCommitted != followsCommitted else { return }
    followsCommitted = isCommitted
    let configuration = core.membership
    for member in configuration.members where member.id != node {
      if !peers.contains(where: { $0.node == member.id }) { add(Peer(node: member.id)) }
    }
    peers.removeAll { !$0.isConnected && configuration.member($0.node) == nil }
    effects.membership = configuration
  }

  /// Takes what a peer says of itself.
  mutating func note(_ member: Configuration.Member, level: UInt8) {
    if !peers.contains(where: { $0.node == member.id }) { add(Peer(node: member.id)) }
    guard let place = peers.firstIndex(where: { $0.node == member.id }) else { return }
    peers[place].said = member
    peers[place].level = level
  }

  /// As a leader, writes down what members say of themselves, one at a time: by which files a
  /// founder is known, so that it is not believed once its disk was lost and made anew, and where a
  /// member is to be found that has moved.
  mutating func learnMembers() {
    guard isLeader, core.hasCommittedOwnTerm, core.uncommittedChange == nil else { return }
    for known in core.configuration.members {
      guard var said = known.id == node ? own : peers.first(where: { $0.node == known.id })?.said,
        known.incarnation == 0 || known.incarnation == said.incarnation
      else { continue }
      said.replaces = known.replaces
      guard said != known, said.incarnation != 0 else { continue }
      propose(.update(said))
      return
    }
  }

  /// As a leader, puts the next behaviour level in force once every member, learners too, has said
  /// that it can apply it: a cluster whose nodes are replaced one by one goes on as it was until the
  /// last of them is.
  mutating func raiseLevel() {
    guard isLeader, core.hasCommittedOwnTerm, core.uncommittedChange == nil,
      core.configuration.level < level
    else { return }
    let next = core.configuration.level + 1
    let areReady = core.configuration.members.allSatisfy { member in
      member.id == node
        || peers.contains { peer in
          peer.node == member.id && peer.isConnected && peer.level.map { $0 >= next } ?? false
        }
    }
    if areReady { propose(.raise(to: next)) }
  }
}
