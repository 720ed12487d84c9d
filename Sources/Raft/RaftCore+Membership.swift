// Who is a member (dissertation, chapter 4). One change at a time, each in force from the moment that
// its entry is in the log, and back out of force if that entry is truncated.
extension RaftCore {
  /// A learner that lags at most so many entries may be promoted by hand; by itself it is once a
  /// round of catching up took less than an election timeout (section 4.2.1).
  static let mostBehindVoter: UInt64 = 1_000

  /// Appends a change, if this node leads and may make it now.
  mutating func propose(
    _ change: MemberChange, clock: Int64, into output: inout Output
  ) -> ProposalOutcome {
    guard role == .leader else { return .notLeader(known: leader) }
    do throws(ChangeRefusal) {
      let next = try admit(change)
      return .appended(
        appendOwn(.configuration, payload: next.encoded(), clock: clock, into: &output))
    } catch {
      return .refused(error)
    }
  }

  private func admit(_ change: MemberChange) throws(ChangeRefusal) -> Configuration {
    guard hasCommittedOwnTerm else { throw .notReady }
    guard transfer == nil else { throw .handingOver }
    if let index = uncommittedChange, !commits(.changesTwoAtOnce) { throw .underWay(index) }
    let next = try configuration.after(change)
    if case .promote(let node) = change {
      let behind = log.last.index.rawValue - match(of: node).rawValue
      guard behind <= Self.mostBehindVoter else { throw .notCaughtUp(node, behind: behind) }
    }
    guard next.voters != configuration.voters else { return next }
    let answering = next.voters.count { $0 == id || answers($0) }
    guard answering >= next.quorum else {
      throw .losesQuorum(answering: answering, needed: next.quorum)
    }
    return next
  }

  /// The index of a configuration in the log that is not committed; there is one at most.
  package var uncommittedChange: LogIndex? {
    guard let newest = configurations.last, newest.index > commit else { return nil }
    return newest.index
  }

  /// Who is a member, as connections go by it: whoever is in the configuration in force; and gone is
  /// only who has left by a change that is committed. One that is not may be taken back, by the very
  /// node that it would make gone.
  package var membership: Configuration {
    let committed = configurations.last { $0.index <= commit } ?? configurations[0]
    return configuration.with(retired: committed.configuration.retired)
  }

  /// Whether a peer has answered this leader lately. The time that it is given to do so is not an
  /// answer: a leader that began just now could end a replacement on the word of a dead node.
  private func answers(_ node: NodeID) -> Bool {
    let horizon = UInt64(timing.election)
    return peers.contains { $0.id == node && $0.hasAnswered && now - $0.lastHeard < horizon }
  }

  // MARK: In force, and back

  /// An entry that changes the membership was added to the log.
  mutating func comeIntoForce(_ entry: Entry, into output: inout Output) {
    let next: Configuration
    do {
      next = try Configuration(decoding: entry.payload)
    } catch {
      preconditionFailure("The configuration at \(entry.position) cannot be read: \(error)")
    }
    configurations.append(
      PlacedConfiguration(index: entry.position.index, configuration: next))
    configurationChanged(into: &output)
  }

  /// Entries at and after `index` are gone: an earlier configuration is in force again.
  mutating func rollBackConfigurations(from index: LogIndex, into output: inout Output) {
    guard let newest = configurations.last, newest.index >= index,
      !commits(.keepsLostConfiguration)
    else { return }
    configurations.removeAll { $0.index >= index }
    precondition(!configurations.isEmpty, "The configuration at the log's base was truncated.")
    configurationChanged(into: &output)
  }

  mutating func configurationChanged(into output: inout Output) {
    guard let newest = configurations.last else { return }
    let isOfLevel = newest.configuration.level != configuration.level
    configuration = newest.configuration
    output.configuration = configuration
    output.notices.append(
      isOfLevel
        ? .levelChanged(to: configuration.level, at: newest.index)
        : .membershipChanged(at: newest.index))
    if role == .leader { alignPeers(with: newest) }
  }

  /// Follows the configuration with what is known of each peer.
  private mutating func alignPeers(with newest: PlacedConfiguration) {
    for member in configuration.members where member.id != id {
      if let index = peers.firstIndex(where: { $0.id == member.id }) {
        peers[index].leaves = nil
      } else {
        peers.append(Progress(id: member.id, next: log.last.index.next, now: now))
      }
    }
    for index in peers.indices
    where configuration.member(peers[index].id) == nil && peers[index].leaves == nil {
      peers[index].leaves = (newest.index, now)
    }
    peers.sort { $0.id < $1.id }
    heirs.removeAll { !configuration.voters.contains($0) }
  }

  // MARK: What a leader does by itself

  /// Once a heartbeat: lets former members go, promotes learners, ends replacements, and begins to
  /// hand over if this node is no member any more.
  mutating func tendMembers(into output: inout Output) {
    let horizon = UInt64(timing.election)
    peers.removeAll { peer in
      guard let leaves = peer.leaves else { return false }
      return peer.toldCommit >= leaves.index || now - leaves.since >= horizon
    }
    guard hasCommittedOwnTerm, transfer == nil, uncommittedChange == nil else { return }
    guard isVoter || commits(.removedLeaderStays) else { return transferLeadership(to: nil) }
    if let change = dueChange { _ = propose(change, clock: log.lastStamp, into: &output) }
    for learner in configuration.learners { beginRound(of: learner) }
  }

  /// The change that the configuration itself asks for, if it may be made.
  private var dueChange: MemberChange? {
    for learner in configuration.learners where hasCaughtUp(learner) { return .promote(learner) }
    for member in configuration.members {
      guard let old = member.replaces, !configuration.learners.contains(member.id) else { continue }
      return .remove(old)
    }
    return nil
  }

  /// Whether a learner's last round, from where the log ended as it began, was a short one.
  private func hasCaughtUp(_ learner: NodeID) -> Bool {
    guard let peer = peers.first(where: { $0.id == learner }), let round = peer.round,
      peer.match >= round.target
    else { return false }
    return now - round.since < UInt64(timing.election)
  }

  private mutating func beginRound(of learner: NodeID) {
    guard let index = peers.firstIndex(where: { $0.id == learner }) else { return }
    if let round = peers[index].round, peers[index].match < round.target { return }
    peers[index].round = (log.last.index, now)
  }
}
