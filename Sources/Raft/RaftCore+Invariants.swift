// What is true between any two steps. The preconditions elsewhere guard single decisions; these
// say what the decisions keep up together.
extension RaftCore {
  /// Stops the program if this replica contradicts itself. Costs time with the log in memory.
  package func checkInvariants() {
    log.checkInvariants()
    checkIndexes()
    checkRole()
    checkPeers()
  }

  /// The checks that are cheap enough for every step of a debug build. True, or it does not return.
  var invariantsHold: Bool {
    checkIndexes()
    checkRole()
    checkPeers()
    return true
  }

  private func checkIndexes() {
    precondition(
      applied <= released && released <= commit && released <= durable,
      "Applied \(applied), released \(released), committed \(commit), durable \(durable).")
    precondition(
      commit <= log.last.index && durable <= log.last.index,
      "Committed \(commit), durable \(durable), but the log ends at \(log.last).")
    precondition(log.last.term <= term, "The log ends at \(log.last) in \(term).")
    precondition(
      outstanding.last.map { $0.sequence == lastBatch } ?? true,
      "Batch \(lastBatch) is the newest, and not outstanding's last.")
    precondition(
      !outstanding.isEmpty || durable == log.last.index,
      "Nothing is on its way to the disk, which holds \(durable) of \(log.last).")
  }

  private func checkRole() {
    switch role {
    case .leader:
      precondition(
        hardState.vote == id && leaderOfTerm == id && barrier > .zero,
        "\(id) leads \(term) after \(hardState), with its barrier at \(barrier).")
      precondition(campaign == nil && succession == nil, "A leader campaigns.")
    case .candidate:
      precondition(
        hardState.vote == id && campaign?.term == term,
        "\(id) campaigns in \(term) after \(hardState).")
    case .preCandidate:
      precondition(campaign?.term == term.next, "\(id) asks about another term than the next.")
    case .follower(let leader):
      precondition(leader != id, "\(id) follows itself.")
      precondition(campaign == nil, "A follower campaigns.")
      precondition(
        leader == nil || leader == leaderOfTerm, "\(id) follows one that does not lead \(term).")
    }
    precondition(role == .leader || peers.isEmpty && transfer == nil, "Only a leader sends.")
  }

  private func checkPeers() {
    for peer in peers {
      precondition(
        peer.match < peer.next && peer.next <= log.last.index.next,
        "\(peer.id) matches \(peer.match) and is next sent \(peer.next) of \(log.last).")
      precondition(
        peer.inFlight.count <= Progress.mostInFlight && peer.bytesInFlight >= 0,
        "\(peer.inFlight.count) appends with \(peer.bytesInFlight) bytes fly to \(peer.id).")
      precondition(
        peer.ackedRound <= reads.round && peer.toldRound <= reads.round,
        "\(peer.id) knows of a round after \(reads.round).")
      precondition(peer.toldCommit <= commit, "\(peer.id) was told more than \(commit).")
    }
  }
}
