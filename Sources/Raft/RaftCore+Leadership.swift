/// Leadership on its way to another node (dissertation, section 3.10).
struct Transfer: Sendable {
  let target: NodeID
  /// When to give up and serve on, in ticks.
  let due: UInt64
  /// Whether the target was asked since the last heartbeat; a lost request is made again.
  var isAsked = false
}

// What a leader does: append, send, count, commit, hand over.
extension RaftCore {
  mutating func becomeLeader(into output: inout Output) {
    precondition(
      hardState.vote == id, "\(id) would lead after \(hardState), which is no vote for itself.")
    role = .leader
    leaderOfTerm = id
    campaign = nil
    succession = nil
    output.notices.append(.becameLeader(term: term))

    peers = configuration.members.map(\.id).filter { $0 != id }
      .map { Progress(id: $0, next: log.last.index.next, now: now) }
    heirs = configuration.voters.filter { $0 != id }
    // From here on what this node's own log says is what counts.
    toldSkips = []
    committedAtHeartbeat = commit
    heartbeatDue = now + UInt64(timing.heartbeat)

    // Commits what earlier terms left, which counting their copies may not (paper, section 5.4.2).
    barrier = log.last.index.next
    appendOwn(.barrier, payload: [], clock: log.lastStamp, into: &output)
  }

  mutating func forgetLeadership(into output: inout Output) {
    failReads(into: &output)
    reads.round = 0
    peers = []
    transfer = nil
    uncommittedBytes = 0
  }

  // MARK: Proposals

  /// Appends a command. Its entry is sent and persisted with the burst's others.
  mutating func propose(
    _ payload: [UInt8], clock: Int64, into output: inout Output
  ) -> ProposalOutcome {
    guard role == .leader else { return .notLeader(known: leader) }
    guard transfer == nil else { return .notLeader(known: nil) }
    precondition(
      payload.count <= Self.largestPayload,
      "A payload of \(payload.count) bytes; the most is \(Self.largestPayload).")
    let waiting = log.last.index.rawValue - commit.rawValue
    let bytes = uncommittedBytes + payload.count + LogView.entryOverhead
    guard waiting < Self.mostUncommittedEntries && bytes <= Self.mostUncommittedBytes else {
      return .overloaded
    }
    return .appended(appendOwn(.command, payload: payload, clock: clock, into: &output))
  }

  @discardableResult
  mutating func appendOwn(
    _ kind: Entry.Kind, payload: [UInt8], clock: Int64, into output: inout Output
  ) -> Position {
    let position = Position(term: term, index: log.last.index.next)
    let entry = Entry(
      position: position, stamp: max(clock, log.lastStamp), kind: kind, payload: payload)
    uncommittedBytes += LogView.size(of: entry)
    append(entry, into: &output)
    return position
  }

  // MARK: Counting

  /// Commits what a majority holds durably, now that one more node holds the log through `index`.
  /// Only entries of the leader's own term are counted (paper, section 5.4.2 and figure 8).
  mutating func advanceCommit(with index: LogIndex) {
    let least = commits(.commitsOldTerm) ? .zero : barrier
    guard index > commit && index >= least else { return }
    let voters = commits(.countsLearners) ? configuration.members.map(\.id) : configuration.voters
    let held = Quorum.committed(voters: voters) { match(of: $0) }
    guard held > commit && held >= least else { return }
    precondition(
      log.term(at: held) == term || commits(.commitsOldTerm),
      "\(held) is not of \(term), which would commit it.")
    var position = max(commit.next, barrier)
    while position <= held {
      if let entry = log.entry(at: position) { uncommittedBytes -= LogView.size(of: entry) }
      position = position.next
    }
    commit = held
  }

  /// Through which index this member holds the log durably, as far as this leader knows.
  func match(of member: NodeID) -> LogIndex {
    if member == id { return commits(.countsOwnLogBeforeSync) ? log.last.index : durable }
    for peer in peers where peer.id == member { return peer.match }
    return .zero
  }

  mutating func receive(_ answer: Appended, from peer: NodeID, into output: inout Output) {
    guard let index = hear(peer) else { return }
    switch answer.outcome {
    case .matched(let matched):
      precondition(
        matched <= log.last.index, "\(peer) acknowledges \(matched) of a log up to \(log.last).")
      if peers[index].matched(matched) { advanceCommit(with: matched) }
    case .refused(let previous, let hint):
      peers[index].refused(
        previous: previous, candidate: log.lastPosition(notAfter: hint).index)
    }
    acknowledge(round: answer.round, by: index, into: &output)
  }

  mutating func receive(
    _ answer: HeartbeatAnswer, from peer: NodeID, into output: inout Output
  ) {
    guard let index = hear(peer) else { return }
    peers[index].isToBeChecked = peers[index].match < log.last.index
    acknowledge(round: answer.round, by: index, into: &output)
  }

  /// Notes that a peer was heard, and finds it.
  private mutating func hear(_ peer: NodeID) -> Int? {
    guard role == .leader, let index = peers.firstIndex(where: { $0.id == peer }) else {
      return nil
    }
    peers[index].heard(at: now)
    return index
  }

  // MARK: Time

  mutating func leaderTick(into output: inout Output) {
    if let oldest = outstanding.first, now - oldest.since >= UInt64(timing.election) {
      // A disk that hangs would otherwise lead for ever, since heartbeats need none.
      return stepDown(.diskStalled, into: &output)
    }
    guard hearsQuorum else { return stepDown(.noQuorum, into: &output) }
    if let transfer, now >= transfer.due {
      self.transfer = nil
      // Nobody took over in time from one that is no member: the others elect.
      if !isVoter { return stepDown(.removed, into: &output) }
    }

    endOldSnapshots()
    guard now >= heartbeatDue else { return }
    heartbeatDue = now + UInt64(timing.heartbeat)
    orderHeirs()
    transfer?.isAsked = false
    tendMembers(into: &output)
    for index in peers.indices {
      peers[index].allowProbe()
      sendHeartbeat(to: index, into: &output)
    }
  }

  /// Whether a majority was heard within an election timeout (dissertation, section 6.2).
  private var hearsQuorum: Bool {
    let horizon = UInt64(timing.election)
    return Quorum.holds(voters: configuration.voters) { voter in
      voter == id || peers.contains { $0.id == voter && now - $0.lastHeard < horizon }
    }
  }

  /// Puts the most caught up first. Who holds all that was committed a heartbeat ago counts as
  /// caught up, else the order would flap under load and two heirs would each believe to be first.
  private mutating func orderHeirs() {
    let measure = committedAtHeartbeat
    let ordered = configuration.voters.filter { $0 != id }.sorted {
      let (left, right) = (min(match(of: $0), measure), min(match(of: $1), measure))
      return left == right ? $0 < $1 : left > right
    }
    if ordered != heirs { heirs = ordered }
    committedAtHeartbeat = commit
  }

  // MARK: Sending

  /// Sends every peer what it lacks and has room for.
  mutating func replicate(into output: inout Output) {
    guard role == .leader else { return }
    var cut: Cut?
    for index in peers.indices { replicate(to: index, sharing: &cut, into: &output) }
    askTransferTarget(into: &output)
  }

  /// Entries taken from the log for one peer; the next is likely to need the same.
  private struct Cut {
    let entries: [Entry]
    let bytes: Int

    init(_ entries: [Entry]) {
      self.entries = entries
      bytes = entries.reduce(0) { $0 + LogView.size(of: $1) }
    }
  }

  private mutating func replicate(
    to index: Int, sharing cut: inout Cut?, into output: inout Output
  ) {
    switch peers[index].mode {
    case .probe(waiting: true):
      break
    case .probe(waiting: false):
      probe(index, into: &output)
    case .replicate:
      sendEntries(to: index, sharing: &cut, into: &output)
    case .snapshot:
      break
    }

    let lacksCommit = min(peers[index].match, commit) > peers[index].toldCommit
    let lacksRound = reads.isRoundOpen && reads.round > peers[index].toldRound
    if lacksCommit || lacksRound { sendHeartbeat(to: index, into: &output) }
  }

  private mutating func sendEntries(
    to index: Int, sharing cut: inout Cut?, into output: inout Output
  ) {
    while peers[index].hasRoom && !peers[index].isLoading && peers[index].next <= log.last.index {
      let next = peers[index].next
      guard next > log.base else { return needsSnapshot(index, into: &output) }
      if cut?.entries.first?.position.index != next {
        let entries = log.entries(
          from: next, through: log.last.index, maxBytes: Self.largestAppend)
        cut = entries.map(Cut.init)
      }
      guard let cut else {
        peers[index].isLoading = true
        output.loads.append(
          Load(peer: peers[index].id, from: next, through: log.firstInMemory.previous))
        break
      }
      send(cut.entries, bytes: cut.bytes, to: index, into: &output)
    }
    if peers[index].isToBeChecked {
      // Nothing else would tell a lost append at the end of a burst.
      peers[index].isToBeChecked = false
      sendAppend([], to: index, into: &output)
    }
  }

  private mutating func probe(_ index: Int, into output: inout Output) {
    let next = peers[index].next
    guard next > log.base else { return needsSnapshot(index, into: &output) }
    let entries = log.entries(
      from: next, through: log.last.index, maxBytes: Progress.largestProbe)
    sendAppend(entries ?? [], to: index, into: &output)
    peers[index].sentProbe()
  }

  private mutating func send(
    _ entries: [Entry], bytes: Int, to index: Int, into output: inout Output
  ) {
    guard let last = entries.last?.position.index else { return }
    sendAppend(entries, to: index, into: &output)
    peers[index].sent(through: last, bytes: bytes)
    peers[index].isToBeChecked = false
  }

  private mutating func sendAppend(
    _ entries: [Entry], to index: Int, into output: inout Output
  ) {
    let before = peers[index].next.previous
    guard let termBefore = log.term(at: before) else { return }
    let request = AppendEntries(
      term: term, previous: Position(term: termBefore, index: before), entries: entries,
      commit: commit, round: reads.round, heirs: heirs, skips: configuration.skips)
    output.messages.append(Outbound(to: peers[index].id, message: .append(request)))
    let end = before.advanced(by: entries.count)
    peers[index].toldCommit = max(peers[index].toldCommit, min(commit, end))
    peers[index].toldRound = reads.round
  }

  private mutating func sendHeartbeat(to index: Int, into output: inout Output) {
    // It checks no log, so it may only commit what the peer is known to hold.
    let commitToTell =
      commits(.heartbeatCommitsBeyondMatch) ? commit : min(peers[index].match, commit)
    let heartbeat = Heartbeat(
      term: term, commit: commitToTell, round: reads.round, heirs: heirs,
      skips: configuration.skips)
    output.messages.append(Outbound(to: peers[index].id, message: .heartbeat(heartbeat)))
    peers[index].toldCommit = max(peers[index].toldCommit, commitToTell)
    peers[index].toldRound = reads.round
  }

  /// Entries came from the disk. They are used if they are still what the peer needs next.
  mutating func loaded(_ entries: [Entry], for peer: NodeID, into output: inout Output) {
    guard role == .leader, let index = peers.firstIndex(where: { $0.id == peer }),
      peers[index].isLoading
    else { return }
    peers[index].isLoading = false
    guard case .replicate = peers[index].mode, peers[index].hasRoom, let first = entries.first,
      first.position.index == peers[index].next
    else { return }
    for entry in entries where !log.holds(entry.position) {
      precondition(
        entry.position.index > commit,
        "The disk holds \(entry.position), which contradicts what is committed.")
      // Asked for before it was replaced, in an earlier leadership. The next flush asks again.
      return
    }
    let cut = Cut(entries)
    send(cut.entries, bytes: cut.bytes, to: index, into: &output)
  }

  /// A connection broke or was made anew: what was on its way may be lost.
  mutating func peerReset(_ peer: NodeID, into output: inout Output) {
    if role == .follower(of: peer) { failReads(into: &output) }
    guard let index = peers.firstIndex(where: { $0.id == peer }) else { return }
    peers[index].reset()
    if transfer?.target == peer { transfer?.isAsked = false }
  }

  // MARK: Handing over

  /// Begins to hand over to `target`, or to whoever is most caught up. Until it succeeds, or an
  /// election timeout has passed, proposals are refused.
  mutating func transferLeadership(to target: NodeID?) {
    guard role == .leader else { return }
    let horizon = UInt64(timing.election)
    let fit = peers.filter {
      configuration.voters.contains($0.id) && now - $0.lastHeard < horizon
        && (target == nil || target == $0.id)
    }
    // The first of equals: the lowest id.
    let best = fit.max { $0.match < $1.match || $0.match == $1.match && $0.id > $1.id }
    guard let best, best.id != transfer?.target else { return }
    transfer = Transfer(target: best.id, due: now + horizon)
  }

  private mutating func askTransferTarget(into output: inout Output) {
    guard let transfer, !transfer.isAsked, match(of: transfer.target) == log.last.index else {
      return
    }
    self.transfer?.isAsked = true
    output.messages.append(
      Outbound(to: transfer.target, message: .campaignNow(term: term, last: log.last)))
  }
}
