// Every message first settles the term (paper, section 5.1), then goes to its aspect.
extension RaftCore {
  mutating func receive(_ message: Message, from sender: NodeID, into output: inout Output) {
    precondition(sender != id, "\(id) was sent its own message: \(message).")
    if message.term > term && mayRaiseTerm(message, from: sender) {
      let why = transfer?.target == sender ? Notice.Reason.transferred(to: sender) : nil
      adopt(message.term, why: why ?? .higherTerm(seenFrom: sender), into: &output)
    }
    if message.term < term {
      answerStale(message, from: sender, into: &output)
      return
    }

    switch message {
    case .voteRequest(let request):
      receive(request, from: sender, into: &output)
    case .vote(let vote):
      receive(vote, from: sender, into: &output)
    case .append(let request):
      receive(request, from: sender, into: &output)
    case .appended(let answer):
      receive(answer, from: sender, into: &output)
    case .heartbeat(let heartbeat):
      receive(heartbeat, from: sender, into: &output)
    case .heartbeatAnswer(let answer):
      receive(answer, from: sender, into: &output)
    case .campaignNow(_, let last):
      campaignNow(last: last, askedBy: sender, into: &output)
    case .readRequest(_, let request):
      receiveReadRequest(request, from: sender, into: &output)
    case .readAnswer(_, let request, let index):
      receiveReadAnswer(request, index: index, into: &output)
    }
  }

  /// Whether this message's term is in force here. One that only asks about the future is not, nor
  /// is a campaign against a leader that is well (dissertation, sections 9.6 and 6.4.1).
  private func mayRaiseTerm(_ message: Message, from sender: NodeID) -> Bool {
    switch message {
    case .voteRequest(let request):
      switch request.kind {
      case .preVote, .heir: false
      case .vote: !hearsLeader
      case .transfer: true
      }
    case .vote(let vote):
      // A granted pre-vote repeats the term that was asked about.
      !(vote.isPreVote && vote.granted)
    case .append, .appended, .heartbeat, .heartbeatAnswer, .campaignNow, .readRequest, .readAnswer:
      true
    }
  }

  /// Answers a message of an older term with this node's own, so that its sender catches up. A
  /// sender left without an answer could stay behind for ever. Answers are not answered.
  private mutating func answerStale(
    _ message: Message, from sender: NodeID, into output: inout Output
  ) {
    switch message {
    case .voteRequest(let request):
      refuse(request, from: sender, into: &output)
    case .append(let request):
      let answer = Appended(
        term: term, outcome: .refused(previous: request.previous.index, hint: log.last), round: 0)
      say(.appended(answer), to: sender, into: &output)
    case .heartbeat:
      say(.heartbeatAnswer(HeartbeatAnswer(term: term, round: 0)), to: sender, into: &output)
    case .readRequest(_, let request):
      say(.readAnswer(term: term, id: request, index: nil), to: sender, into: &output)
    case .vote(let vote):
      // A voter that still hears its leader refuses in the term it is in, which is an older one.
      if vote.isPreVote { receive(vote, from: sender, into: &output) }
    case .appended, .heartbeatAnswer, .campaignNow, .readAnswer:
      break
    }
  }
}

extension Message {
  /// The term that the message was sent in or, for a pre-vote, asks about.
  package var term: Term {
    switch self {
    case .voteRequest(let request): request.term
    case .vote(let vote): vote.term
    case .append(let request): request.term
    case .appended(let answer): answer.term
    case .heartbeat(let heartbeat): heartbeat.term
    case .heartbeatAnswer(let answer): answer.term
    case .campaignNow(let term, _): term
    case .readRequest(let term, _): term
    case .readAnswer(let term, _, _): term
    }
  }
}
