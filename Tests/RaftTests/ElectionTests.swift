import Raft
import Testing

@Suite struct `An election` {
  // MARK: Paper, sections 5.1 and 5.2

  @Test func `starts with a pre-vote between one and two timeouts after the last word`() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var node = Subject(terms: [1], timing: Timing(heartbeat: 5, election: 50), seed: seed)
      node.settle(.received(heartbeat(1, commit: 0), from: 2))
      let sent = node.wait()
      #expect((50..<100).contains(node.core.now))
      let request = VoteRequest(term: 2, last: at(1, 1), kind: .preVote)
      #expect(sent == [to(2, .voteRequest(request)), to(3, .voteRequest(request))])
      #expect(node.core.term == 1, "A pre-vote changes nothing.")
    }
  }

  @Test func `starts soon after the start of a node that has heard no leader`() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var node = Subject(terms: [1], timing: Timing(heartbeat: 5, election: 50), seed: seed)
      let sent = node.wait()
      #expect((10..<20).contains(node.core.now))
      let request = VoteRequest(term: 2, last: at(1, 1), kind: .preVote)
      #expect(sent == [to(2, .voteRequest(request)), to(3, .voteRequest(request))])
    }
  }

  @Test func `asks for votes only once term and own vote are durable (figure 2)`() {
    var node = Subject(terms: [1])
    _ = node.wait()
    let output = node.take(.received(vote(2, granted: true, pre: true), from: 2))
    let request = Message.voteRequest(VoteRequest(term: 2, last: at(1, 1), kind: .vote))
    #expect(output.messages == [])
    #expect(output.persist?.hardState == HardState(term: 2, vote: 1))
    #expect(output.persist?.messages == [to(2, request), to(3, request)])
  }

  @Test func `is won by a majority, and announced with a barrier of the new term (5.4.2)`() {
    var node = Subject(terms: [1])
    let sent = node.lead(by: 2)
    #expect(node.core.role == .leader)
    let barrier = Entry(position: at(2, 2), stamp: 0, kind: .barrier, payload: [])
    let request = append(2, after: at(1, 1), [barrier], heirs: [2, 3])
    #expect(sent == [to(2, request), to(3, request)])
  }

  @Test func `is not won before the own vote is durable`() {
    var node = Subject(of: [1])
    let output = node.take(.tick)
    #expect(node.core.role == .candidate)
    #expect(output.persist?.hardState == HardState(term: 1, vote: 1))
    _ = node.take(.persisted(batch: 1))
    #expect(node.core.role == .leader)
  }

  @Test func `gives one vote in a term, durably, and says it again to the same (5.2)`() {
    var node = Subject(term: 1)
    let request = Message.voteRequest(VoteRequest(term: 2, last: .start, kind: .vote))
    let output = node.take(.received(request, from: 2))
    #expect(output.messages == [])
    #expect(output.persist?.hardState == HardState(term: 2, vote: 2))
    #expect(output.persist?.messages == [to(2, vote(2, granted: true))])
    node.settle(.persisted(batch: 1))
    #expect(node.vote(.vote, 2, last: at(1, 9), from: 3) == [to(3, vote(2, granted: false))])
    #expect(node.vote(.vote, 2, last: .start, from: 2) == [to(2, vote(2, granted: true))])
  }

  @Test func `remembers its vote after a restart (5.2)`() {
    var node = Subject(term: 2, vote: 2)
    #expect(node.vote(.vote, 2, last: .start, from: 3) == [to(3, vote(2, granted: false))])
    #expect(node.vote(.vote, 2, last: .start, from: 2) == [to(2, vote(2, granted: true))])
  }

  @Test(arguments: [
    (at(3, 1), true), (at(2, 3), true), (at(2, 4), true), (at(2, 2), false), (at(1, 9), false),
  ])
  func `goes to a log that is as late, by term before length (5.4.1)`(
    last: Position, granted: Bool
  ) {
    var node = Subject(terms: [1, 1, 2])
    #expect(node.vote(.vote, 4, last: last, from: 2) == [to(2, vote(4, granted: granted))])
  }

  @Test func `leaves the candidate a follower of whoever won (5.2)`() {
    var node = Subject(terms: [1])
    _ = node.wait()
    node.settle(.received(vote(2, granted: true, pre: true), from: 2))
    #expect(node.core.role == .candidate)
    node.settle(.received(heartbeat(2), from: 3))
    #expect(node.core.role == .follower(of: 3))
  }

  @Test func `is lost, not won, by refusals; the next try is a new pre-vote`() {
    var node = Subject(terms: [1])
    _ = node.wait()
    node.settle(.received(vote(2, granted: true, pre: true), from: 2))
    node.settle(
      .received(vote(2, granted: false), from: 2), .received(vote(2, granted: false), from: 3))
    #expect(node.core.role == .follower(of: nil))
    #expect(
      node.wait().first
        == to(2, .voteRequest(VoteRequest(term: 3, last: at(1, 1), kind: .preVote))))
  }

  @Test func `counts a voter once`() {
    var node = Subject(of: [1, 2, 3, 4, 5])
    _ = node.wait()
    for _ in 0..<3 { node.settle(.received(vote(1, granted: true, pre: true), from: 2)) }
    #expect(node.core.role == .preCandidate)
  }

  @Test func `is not decided by learners`() {
    var node = Subject(learners: [4])
    let asked = node.wait().map(\.to)
    #expect(asked == [2, 3])
    node.settle(.received(vote(1, granted: true, pre: true), from: 4))
    #expect(node.core.role == .preCandidate)
    var learner = Subject(4, learners: [4])
    #expect(learner.wait(atMost: 500) == [])
  }

  @Test func `makes a leader step down that hears of a newer term (5.1)`() {
    var node = Subject()
    node.lead(by: 2)
    let output = node.take(.received(.heartbeatAnswer(HeartbeatAnswer(term: 9, round: 0)), from: 3))
    #expect(node.core.role == .follower(of: nil))
    #expect(node.core.hardState == HardState(term: 9, vote: nil))
    #expect(output.notices == [.steppedDown(term: 1, why: .higherTerm(seenFrom: 3))])
  }

  @Test func `answers messages of older terms with its own (5.1)`() {
    var node = Subject(terms: [1, 4])
    #expect(
      node.settle(.received(heartbeat(3), from: 2))
        == [to(2, .heartbeatAnswer(HeartbeatAnswer(term: 4, round: 0)))])
    #expect(
      node.settle(.received(append(3, after: at(3, 7)), from: 2))
        == [to(2, refused(4, 7, hint: at(4, 2)))])
    #expect(
      node.vote(.vote, 3, last: at(3, 9), from: 2) == [to(2, vote(4, granted: false))])
    #expect(
      node.vote(.preVote, 3, last: at(3, 9), from: 2)
        == [to(2, vote(4, granted: false, pre: true))])
  }

  // MARK: Dissertation, section 9.6 and 6.4.1

  @Test func `is not disturbed by pre-votes: they change neither term, vote nor timer (9.6)`() {
    var node = Subject(term: 3)
    for _ in 0..<99 { node.settle(.tick) }
    #expect(
      node.vote(.preVote, 9, last: .start, from: 2) == [to(2, vote(9, granted: true, pre: true))])
    #expect(node.core.hardState == HardState(term: 3, vote: nil))
    #expect(node.wait(atMost: 101) != [], "The timer ran on.")
  }

  @Test(arguments: [VoteRequest.Kind.preVote, .vote, .heir])
  func `is refused while the leader is well (6.4.1)`(kind: VoteRequest.Kind) {
    var node = Subject(term: 1)
    node.settle(.received(heartbeat(1), from: 3))
    let isPreVote = kind != .vote
    #expect(
      node.vote(kind, 2, last: at(1, 9), from: 2)
        == [to(2, vote(1, granted: false, pre: isPreVote))])
    #expect(node.core.term == 1)
  }

  @Test(arguments: [VoteRequest.Kind.preVote, .vote, .heir])
  func `is refused by the leader itself (6.4.1)`(kind: VoteRequest.Kind) {
    var node = Subject()
    node.lead(by: 2)
    _ = node.vote(kind, 2, last: at(1, 9), from: 3)
    #expect(node.core.role == .leader)
  }

  @Test func `is open again once the leader was silent for a timeout`() {
    var node = Subject(term: 1, timing: Timing(heartbeat: 5, election: 20))
    node.settle(.received(heartbeat(1), from: 3))
    for _ in 0..<20 { node.settle(.tick) }
    #expect(
      node.vote(.preVote, 2, last: at(1, 9), from: 2)
        == [to(2, vote(2, granted: true, pre: true))])
  }

  @Test func `ends when a pre-vote is refused in a newer term, which the candidate adopts`() {
    var node = Subject(term: 1)
    _ = node.wait()
    node.settle(.received(vote(5, granted: false, pre: true), from: 2))
    #expect(node.core.hardState == HardState(term: 5, vote: nil))
    #expect(node.core.role == .follower(of: nil))
  }

  @Test func `brings a node back that was alone, without disturbing the others (9.6)`() {
    var network = Network(voters: 3, seed: 5)
    #expect(network.run(4_000) { $0.leader != nil })
    guard let leader = network.leader, let lone = network.ids.first(where: { $0 != leader })
    else { return }
    network.run(200)
    let term = network[leader].core?.term
    network.isolate(lone)
    network.run(20_000)
    network.heal()
    network.run(5_000)
    #expect(network.leader == leader)
    #expect(network[lone].core?.term == term)
    #expect(network[lone].core?.leader == leader)
  }

  // MARK: Dissertation, section 6.2

  @Test func `follows when a leader hears no majority for a timeout and falls silent (6.2)`() {
    var node = Subject(timing: Timing(heartbeat: 5, election: 20))
    node.lead(by: 2)
    var ticks = 0
    var notices: [Notice] = []
    while node.core.role == .leader {
      notices = node.take(.tick).notices
      ticks += 1
    }
    #expect(ticks == 20)
    #expect(notices == [.steppedDown(term: 1, why: .noQuorum)])
    #expect(node.wait(atMost: 19) == [])
  }

  @Test func `leaves a leader alone that hears a majority`() {
    var node = Subject(timing: Timing(heartbeat: 5, election: 20))
    node.lead(by: 2)
    for _ in 0..<100 {
      node.settle(.tick)
      node.settle(.received(.heartbeatAnswer(HeartbeatAnswer(term: 1, round: 0)), from: 3))
    }
    #expect(node.core.role == .leader)
  }

  @Test func `follows when a leader's own disk hangs for a timeout`() {
    var node = Subject(timing: Timing(heartbeat: 5, election: 20))
    node.lead(by: 2)
    _ = node.take(.propose(ProposalID(rawValue: 1), payload: [], now: 0))
    var notices: [Notice] = []
    for _ in 0..<20 {
      let answer = Message.heartbeatAnswer(HeartbeatAnswer(term: 1, round: 0))
      notices += node.take(.tick, .received(answer, from: 3)).notices
    }
    #expect(notices == [.steppedDown(term: 1, why: .diskStalled)])
  }

  @Test func `elects beyond a bridge: a leader without a majority does not hold its neighbours`() {
    // n1 and n2 see each other and n3; n3 sees n4 and n5; the leader is at the far end.
    var network = Network(voters: 5, seed: 8)
    #expect(network.run(4_000) { $0.leader != nil })
    guard let leader = network.leader else { return }
    let others = network.ids.filter { $0 != leader }
    for peer in others.dropFirst() { network.cut += [(leader, peer), (peer, leader)] }
    #expect(network.run(6_000) { $0.leader != nil && $0.leader != leader })
    #expect(network[leader].core?.role != .leader)
  }
}
