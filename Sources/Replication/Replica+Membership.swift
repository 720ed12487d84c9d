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
    changes.proposed.append((propose(change), token))
  }

  @discardableResult
  private mutating func propose(_ change: MemberChange) -> ProposalID {
    let id = ProposalID(rawValue: writes.nextProposal)
    writes.nextProposal += 1
    tell(.change(id, change, now: now))
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

  /// Follows the configuration in force. Former members stay known while they are connected.
  mutating func follow(_ configuration: Configuration, into effects: inout ReplicaEffects) {
    for member in configuration.members where member.id != node {
      if !peers.contains(where: { $0.node == member.id }) { add(Peer(node: member.id)) }
    }
    peers.removeAll { !$0.isConnected && configuration.member($0.node) == nil }
    effects.membership = configuration
  }

  mutating func noteIncarnation(_ incarnation: UInt64, of peer: NodeID) {
    if !peers.contains(where: { $0.node == peer }) { add(Peer(node: peer)) }
    guard let place = peers.firstIndex(where: { $0.node == peer }) else { return }
    peers[place].incarnation = incarnation
  }

  /// As a leader, writes down by which files each founder is known, one at a time: from then on a
  /// founder whose disk was lost and made anew is not believed.
  mutating func learnIncarnations() {
    guard isLeader, core.hasCommittedOwnTerm, core.uncommittedChange == nil else { return }
    for var member in core.configuration.members where member.incarnation == 0 {
      guard let known = incarnation(of: member.id), known != 0 else { continue }
      member.incarnation = known
      propose(.update(member))
      return
    }
  }

  private func incarnation(of member: NodeID) -> UInt64? {
    member == node ? incarnation : peers.first { $0.node == member }?.incarnation
  }
}
