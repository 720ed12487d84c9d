/// Reads that wait for the proof that a leader still leads (dissertation, section 6.4).
struct ReadQueue: Sendable {
  /// Who wants to read.
  enum Origin: Sendable {
    case local(ReadID)
    case peer(NodeID, request: UInt64)
  }

  /// Reads of this node that travelled to the leader in one request.
  struct Question: Sendable {
    let request: UInt64
    let due: UInt64
    let reads: [ReadID]
  }

  struct Answer: Sendable {
    let peer: NodeID
    let request: UInt64
    let index: LogIndex
  }

  /// On a leader: came after the running round began, so they wait for the next one.
  var waiting: [Origin] = []
  /// On a leader: what the running round answers, all at once.
  var inRound: [Origin] = []
  /// The newest round of this leadership; the next begins when it is confirmed.
  var round: UInt64 = 0
  /// What was committed as the round began.
  var roundIndex = LogIndex.zero
  /// Confirmed for peers, and to be sent behind the commit that they wait for.
  var answers: [Answer] = []

  /// On a follower: not sent to the leader yet.
  var unasked: [ReadID] = []
  /// On a follower: sent, oldest first.
  var asked: [Question] = []
  var askedCount = 0
  var nextRequest: UInt64 = 0

  var isRoundOpen: Bool { !inRound.isEmpty }

  /// Adds one to the next round, unless too many wait.
  mutating func admit(_ origin: Origin) -> Bool {
    guard waiting.count < RaftCore.mostWaitingReads else { return false }
    waiting.append(origin)
    return true
  }
}

// Linearizable reads without a log entry. The three guards (etcd#7331, etcd#20418, dissertation 6.4):
// the leader has committed in its own term; the round started after the request; what is answered
// is keyed by the term and a round of the leader's own making, never by the reader.
extension RaftCore {
  mutating func request(_ read: ReadID, into output: inout Output) {
    switch role {
    case .leader:
      if !reads.admit(.local(read)) { output.reads.append((read, .failed)) }
    case .follower(of: .some) where reads.unasked.count + reads.askedCount < Self.mostWaitingReads:
      reads.unasked.append(read)
    case .follower, .preCandidate, .candidate:
      output.reads.append((read, .failed))
    }
  }

  /// Begins a round for all that wait, if none runs; a follower asks its leader instead.
  mutating func startReadRound(into output: inout Output) {
    if case .follower(of: .some(let leader)) = role, !reads.unasked.isEmpty {
      ask(leader, into: &output)
    }
    // Reads before the first own commit are parked: the commit index may be behind the cluster's.
    guard hasCommittedOwnTerm || commits(.readsBeforeOwnTerm), !reads.isRoundOpen,
      !reads.waiting.isEmpty
    else { return }
    swap(&reads.waiting, &reads.inRound)
    reads.round += 1
    reads.roundIndex = commit
    confirmRound(into: &output)
  }

  private mutating func ask(_ leader: NodeID, into output: inout Output) {
    let request = reads.nextRequest
    reads.nextRequest &+= 1
    reads.asked.append(
      ReadQueue.Question(
        request: request, due: now + UInt64(timing.election), reads: reads.unasked))
    reads.askedCount += reads.unasked.count
    reads.unasked.removeAll()
    say(.readRequest(term: term, id: request), to: leader, into: &output)
  }

  mutating func receiveReadRequest(
    _ request: UInt64, from peer: NodeID, into output: inout Output
  ) {
    guard role == .leader, reads.admit(.peer(peer, request: request)) else {
      say(.readAnswer(term: term, id: request, index: nil), to: peer, into: &output)
      return
    }
  }

  mutating func acknowledge(round: UInt64, by index: Int, into output: inout Output) {
    precondition(
      round <= reads.round, "\(peers[index].id) answers round \(round) of \(reads.round).")
    guard round > peers[index].ackedRound else { return }
    peers[index].ackedRound = round
    confirmRound(into: &output)
  }

  private mutating func confirmRound(into output: inout Output) {
    guard reads.isRoundOpen else { return }
    let isConfirmed = Quorum.holds(voters: configuration.voters) { voter in
      voter == id || commits(.readsWithoutRound)
        || peers.contains { $0.id == voter && $0.ackedRound >= reads.round }
    }
    guard isConfirmed else { return }
    for origin in reads.inRound {
      switch origin {
      case .local(let read):
        output.reads.append((read, .ready(reads.roundIndex)))
      case .peer(let peer, let request):
        reads.answers.append(
          ReadQueue.Answer(peer: peer, request: request, index: reads.roundIndex))
      }
    }
    reads.inRound.removeAll(keepingCapacity: true)
  }

  /// Runs after ``replicate(into:)``, so that a peer hears of the commit before it waits for it.
  mutating func sendReadAnswers(into output: inout Output) {
    for answer in reads.answers {
      output.messages.append(
        Outbound(
          to: answer.peer,
          message: .readAnswer(term: term, id: answer.request, index: answer.index)))
    }
    reads.answers.removeAll(keepingCapacity: true)
  }

  mutating func receiveReadAnswer(
    _ request: UInt64, index: LogIndex?, into output: inout Output
  ) {
    guard let place = reads.asked.firstIndex(where: { $0.request == request }) else { return }
    let question = reads.asked.remove(at: place)
    reads.askedCount -= question.reads.count
    for read in question.reads { output.reads.append((read, index.map { .ready($0) } ?? .failed)) }
  }

  /// An answer that has not come within an election timeout is lost.
  mutating func expireReads(into output: inout Output) {
    while let oldest = reads.asked.first, now >= oldest.due {
      receiveReadAnswer(oldest.request, index: nil, into: &output)
    }
  }

  /// Ends every read with the leadership that it relied on.
  mutating func failReads(into output: inout Output) {
    for origin in reads.inRound + reads.waiting {
      switch origin {
      case .local(let read):
        output.reads.append((read, .failed))
      case .peer(let peer, let request):
        say(.readAnswer(term: term, id: request, index: nil), to: peer, into: &output)
      }
    }
    for answer in reads.answers {
      say(.readAnswer(term: term, id: answer.request, index: nil), to: answer.peer, into: &output)
    }
    for read in reads.unasked + reads.asked.flatMap(\.reads) {
      output.reads.append((read, .failed))
    }
    reads.waiting.removeAll()
    reads.inRound.removeAll()
    reads.answers.removeAll()
    reads.unasked.removeAll()
    reads.asked.removeAll()
    reads.askedCount = 0
  }
}
