/// A campaign for one term, or the question whether one could be won.
struct Campaign: Sendable {
  let term: Term
  let kind: VoteRequest.Kind
  var granted: [NodeID] = []
  var refused: [NodeID] = []
  /// The batch that makes the candidate's own vote durable; before it, that vote is not counted.
  var ownVoteBatch: UInt64?
}

/// What a follower does after its leader's process died: campaigns soon, in the order of heirs.
struct Succession: Sendable {
  /// A few, since two heirs that refuse each other this often do so for a reason.
  static let mostRetries = 5
  /// Heirs start this far apart, so that one has won before the next begins.
  static let ticksPerRank = 2

  /// Who is gone. It will not vote, which tells a lost campaign from one that is still open.
  let gone: NodeID
  var retriesLeft = Self.mostRetries
  /// When to campaign; `nil` while a campaign runs.
  var due: UInt64?
}

// Elections (paper, sections 5.2 and 5.4.1; dissertation, sections 3.10, 6.4.1, 9.6).
extension RaftCore {
  /// Whether this node's vote and disk count by the configuration in force.
  package var isVoter: Bool { configuration.voters.contains(id) }

  /// Whether this node may lead. One that is removed by a change that is not committed yet may have
  /// to: perhaps only its log has that change (dissertation, section 4.2.2).
  var mayCampaign: Bool {
    if isVoter { return true }
    guard uncommittedChange != nil else { return false }
    return configurations.dropLast().last?.configuration.voters.contains(id) ?? false
  }

  /// Whether this node should rather not lead. It campaigns when nobody else has for a while: perhaps
  /// only its log has all that is committed, and then it must lead until another has it too.
  var isReluctant: Bool { isStateWrong || abstains }

  /// So many of its election timeouts a reluctant node leaves to others: with a second it was too long
  /// without a leader (simulation, seed 208).
  static let mostPassedOver = 1

  /// Whether a leader is there as far as this node can tell, so that campaigns against it would
  /// only disturb (dissertation, section 6.4.1).
  var hearsLeader: Bool {
    switch role {
    case .leader: true
    case .follower(of: .some): now - lastContact < UInt64(timing.election)
    case .follower(of: nil), .preCandidate, .candidate: false
    }
  }

  /// A node that has just started and never heard a leader does not wait for the silence of one: it
  /// asks before long, and again, for about as long as an election takes. Where a leader is, nobody
  /// says yes (``hearsLeader``), so that nothing is disturbed.
  mutating func resetElectionTimer() {
    let isFresh = leaderOfTerm == nil && now < UInt64(timing.election) && !isReluctant
    let wait = isFresh ? timing.election / 5 : timing.election
    electionDue = now + UInt64(wait + jitter.below(wait))
  }

  mutating func tick(into output: inout Output) {
    now += 1
    expireReads(into: &output)
    guard role != .leader else {
      leaderTick(into: &output)
      return
    }

    guard mayCampaign else { return }
    if let due = succession?.due, now >= due {
      startSuccession(into: &output)
    } else if now >= electionDue {
      succession = nil
      guard !isReluctant || passedOver == Self.mostPassedOver else {
        passedOver += 1
        return resetElectionTimer()
      }
      startPreVote(.preVote, into: &output)
    }
  }

  // MARK: Becoming

  /// Enters a newer term without a vote in it.
  mutating func adopt(_ newer: Term, why: Notice.Reason, into output: inout Output) {
    let wasLeader = role == .leader
    if wasLeader {
      output.notices.append(.steppedDown(term: term, why: why))
      resetElectionTimer()
    }
    forgetLeadership(into: &output)
    leaderOfTerm = nil
    answeredRound = 0
    // A timer that ran stays: a newer term alone is no sign of a leader.
    if !wasLeader && role != .follower(of: nil) {
      output.notices.append(.becameFollower(of: nil, term: newer))
    }
    // An heir that finds itself a term behind has lost a turn, not its place.
    if campaign != nil { loseCampaign() }
    role = .follower(of: nil)
    record(HardState(term: newer, vote: nil), into: &output)
  }

  /// Ends this node's own leadership within its term: it no longer answers to anybody, and stays
  /// silent so that the others notice (openraft#2080).
  mutating func stepDown(_ why: Notice.Reason, into output: inout Output) {
    precondition(role == .leader, "Only a leader steps down, and \(id) is \(role).")
    output.notices.append(.steppedDown(term: term, why: why))
    forgetLeadership(into: &output)
    role = .follower(of: nil)
    resetElectionTimer()
  }

  /// Notes that `sender` leads this term, and is there.
  mutating func follow(_ sender: NodeID, heirs: [NodeID], into output: inout Output) {
    precondition(
      role != .leader && (leaderOfTerm == nil || leaderOfTerm == sender),
      "\(sender) leads \(term), and so does \(leaderOfTerm ?? id): election safety is broken.")
    leaderOfTerm = sender
    lastContact = now
    passedOver = 0
    self.heirs = heirs
    succession = nil
    resetElectionTimer()
    guard role != .follower(of: sender) else { return }
    campaign = nil
    role = .follower(of: sender)
    output.notices.append(.becameFollower(of: sender, term: term))
  }

  /// Asks the others whether they would vote, and changes nothing yet.
  mutating func startPreVote(_ kind: VoteRequest.Kind, into output: inout Output) {
    resetElectionTimer()
    failReads(into: &output)
    role = .preCandidate
    output.notices.append(.becamePreCandidate(term: term))
    campaign = Campaign(term: term.next, kind: kind, granted: [id])
    askForVotes(into: &output)
    countVotes(into: &output)
  }

  /// Campaigns in the next term. The requests wait until term and own vote are durable, and the own
  /// vote counts from then on: nothing of the term is seen by anyone before.
  mutating func startCampaign(_ kind: VoteRequest.Kind, into output: inout Output) {
    resetElectionTimer()
    failReads(into: &output)
    role = .candidate
    leaderOfTerm = nil
    answeredRound = 0
    record(HardState(term: term.next, vote: id), into: &output)
    output.notices.append(.becameCandidate(term: term))
    campaign = Campaign(term: term, kind: kind, ownVoteBatch: lastBatch)
    askForVotes(into: &output)
    if commits(.countsOwnVoteBeforeSync) { countOwnVote(into: &output) }
  }

  private mutating func askForVotes(into output: inout Output) {
    guard let campaign else { return }
    let request = VoteRequest(term: campaign.term, last: log.last, kind: campaign.kind)
    for voter in configuration.voters where voter != id {
      if commits(.countsOwnVoteBeforeSync) {
        output.messages.append(Outbound(to: voter, message: .voteRequest(request)))
      } else if role == .candidate {
        promise(.voteRequest(request), to: voter, into: &output)
      } else {
        say(.voteRequest(request), to: voter, into: &output)
      }
    }
  }

  // MARK: Voting

  mutating func receive(
    _ request: VoteRequest, from candidate: NodeID, into output: inout Output
  ) {
    guard request.last >= log.last || commits(.votesForShorterLog) else {
      // Paper, section 5.4.1: a leader must hold all that may be committed.
      refuse(request, from: candidate, into: &output)
      return
    }
    switch request.kind {
    case .preVote, .heir:
      let isOpen = request.term > term || mayVote(for: candidate)
      guard isOpen && !hearsLeader else {
        refuse(request, from: candidate, into: &output)
        return
      }
      let vote = Vote(term: request.term, granted: true, isPreVote: true)
      say(.vote(vote), to: candidate, into: &output)
    case .vote, .transfer:
      guard request.term == term && mayVote(for: candidate) else {
        refuse(request, from: candidate, into: &output)
        return
      }
      if hardState.vote == nil {
        record(HardState(term: term, vote: candidate), into: &output)
      }
      succession = nil
      resetElectionTimer()
      let vote = Vote(term: term, granted: true, isPreVote: false)
      promise(.vote(vote), to: candidate, into: &output)
    }
  }

  /// Whether this node's vote in its term may go to `candidate`. Said again after a lost answer, it
  /// is the same vote.
  private func mayVote(for candidate: NodeID) -> Bool {
    hardState.vote == candidate || hardState.vote == nil && leaderOfTerm == nil
      || commits(.votesTwice)
  }

  mutating func refuse(_ request: VoteRequest, from candidate: NodeID, into output: inout Output) {
    let isPreVote = request.kind == .preVote || request.kind == .heir
    let vote = Vote(term: term, granted: false, isPreVote: isPreVote)
    say(.vote(vote), to: candidate, into: &output)
  }

  mutating func receive(_ vote: Vote, from voter: NodeID, into output: inout Output) {
    guard var campaign, vote.isPreVote == (role == .preCandidate) else { return }
    guard !vote.granted || vote.term == campaign.term else { return }
    guard !campaign.granted.contains(voter), !campaign.refused.contains(voter) else { return }
    if vote.granted { campaign.granted.append(voter) } else { campaign.refused.append(voter) }
    self.campaign = campaign
    countVotes(into: &output)
  }

  mutating func countOwnVote(into output: inout Output) {
    guard let batch = campaign?.ownVoteBatch else { return }
    if let first = outstanding.first, first.sequence <= batch, !commits(.countsOwnVoteBeforeSync) {
      return
    }
    campaign?.ownVoteBatch = nil
    campaign?.granted.append(id)
    countVotes(into: &output)
  }

  private mutating func countVotes(into output: inout Output) {
    guard let campaign else { return }
    var refused = campaign.refused
    if let gone = succession?.gone { refused.append(gone) }
    let result = Quorum.result(
      voters: configuration.voters, granted: campaign.granted, refused: refused)
    switch (result, role) {
    case (.won, .preCandidate):
      startCampaign(.vote, into: &output)
    case (.won, .candidate):
      becomeLeader(into: &output)
    case (.lost, _):
      loseCampaign()
    case (.pending, _), (.won, .follower), (.won, .leader):
      break
    }
  }

  /// Waits for the winner, or for the next turn: soon for an heir, else the ordinary timeout.
  private mutating func loseCampaign() {
    campaign = nil
    role = .follower(of: nil)
    guard var next = succession else { return }
    if next.retriesLeft > 0 {
      next.retriesLeft -= 1
      next.due = now + 1 + UInt64(jitter.below(3))
      succession = next
    } else {
      succession = nil
    }
  }

  // MARK: Heirs and transfers

  /// The process of `peer` is gone, not merely a connection: its heirs need not wait.
  mutating func peerGone(_ peer: NodeID, into output: inout Output) {
    peerReset(peer, into: &output)
    guard role == .follower(of: peer) else { return }
    role = .follower(of: nil)
    output.notices.append(.becameFollower(of: nil, term: term))
    guard mayCampaign, !isReluctant, let rank = heirs.firstIndex(of: id) else { return }
    let wait = rank * Succession.ticksPerRank + jitter.below(2)
    succession = Succession(gone: peer, due: now + UInt64(wait))
    if wait == 0 { startSuccession(into: &output) }
  }

  private mutating func startSuccession(into output: inout Output) {
    succession?.due = nil
    startPreVote(.heir, into: &output)
  }

  /// The leader hands over (dissertation, section 3.10): a campaign without asking first, since the
  /// leader itself gave the permission. Only with all that the leader has, and durably.
  mutating func campaignNow(last: Position, askedBy sender: NodeID, into output: inout Output) {
    guard role == .follower(of: sender), mayCampaign, !isReluctant, log.last == last,
      durable == last.index
    else {
      return
    }
    startCampaign(.transfer, into: &output)
  }
}
