import Raft
import Testing

/// Dissertation, section 6.4.
@Suite struct `A linearizable read` {
  private let read = ReadID(rawValue: 1)

  private func leader(committed: Bool = true) -> Subject {
    var node = Subject(timing: Timing(heartbeat: 5, election: 20))
    node.lead(by: 2)
    if committed { node.settle(.received(matched(1, 1), from: 2)) }
    return node
  }

  private func answer(_ round: UInt64) -> Message {
    .heartbeatAnswer(HeartbeatAnswer(term: 1, round: round))
  }

  private func outcomes(_ output: Output) -> [ReadID: ReadOutcome] {
    Dictionary(uniqueKeysWithValues: output.reads)
  }

  @Test func `waits for a round that began after it`() {
    var node = leader()
    let output = node.take(.read(read))
    #expect(output.reads.isEmpty)
    #expect(output.messages.contains(to(2, heartbeat(1, commit: 1, round: 1, heirs: [2, 3]))))
    #expect(outcomes(node.take(.received(answer(0), from: 2))) == [:])
    #expect(outcomes(node.take(.received(answer(1), from: 2))) == [read: .ready(1)])
  }

  @Test func `shares its round with all that wait, and none that come later`() {
    var node = leader()
    let (second, third) = (ReadID(rawValue: 2), ReadID(rawValue: 3))
    _ = node.take(.read(read), .read(second))
    _ = node.take(.read(third))
    let first = node.take(.received(answer(1), from: 3))
    #expect(outcomes(first) == [read: .ready(1), second: .ready(1)])
    #expect(
      first.messages.contains { $0.message == heartbeat(1, commit: 1, round: 2, heirs: [2, 3]) })
    #expect(
      outcomes(node.take(.received(answer(1), from: 2))) == [:], "An old answer proves nothing.")
    #expect(outcomes(node.take(.received(answer(2), from: 2))) == [third: .ready(1)])
  }

  @Test func `is parked until the leader has committed in its own term (etcd#7331)`() {
    var node = leader(committed: false)
    let parked = node.take(.read(read))
    #expect(parked.reads.isEmpty)
    let started = node.take(.received(matched(1, 1), from: 2))
    #expect(
      started.messages.contains { $0.message == heartbeat(1, commit: 1, round: 1, heirs: [2, 3]) })
    #expect(outcomes(node.take(.received(matched(1, 1, round: 1), from: 2))) == [read: .ready(1)])
  }

  @Test func `fails when the term changes under it`() {
    var node = leader()
    _ = node.take(.read(read))
    let newer = Message.heartbeatAnswer(HeartbeatAnswer(term: 5, round: 0))
    #expect(outcomes(node.take(.received(newer, from: 2))) == [read: .failed])
  }

  @Test func `is not confirmed by answers of another term (etcd#20418)`() {
    var node = leader()
    _ = node.take(.read(read))
    let old = Message.heartbeatAnswer(HeartbeatAnswer(term: 0, round: 1))
    #expect(outcomes(node.take(.received(old, from: 2))) == [:])
  }

  @Test func `fails when the leader hears no majority`() {
    var node = leader()
    var outcome = node.take(.read(read)).reads
    for _ in 0..<20 { outcome += node.take(.tick).reads }
    #expect(outcome.elementsEqual([(read, .failed)]) { $0 == $1 })
  }

  @Test func `is asked again by heartbeats if the round was lost`() {
    var node = leader()
    _ = node.take(.read(read))
    let sent = (0..<5).flatMap { _ in node.settle(.tick) }
    #expect(sent.contains(to(3, heartbeat(1, commit: 0, round: 1, heirs: [2, 3]))))
  }

  @Test func `is refused beyond ten thousand that wait`() {
    var node = leader(committed: false)
    let output = node.take((1...10_001).map { Input.read(ReadID(rawValue: $0)) })
    #expect(outcomes(output) == [ReadID(rawValue: 10_001): .failed])
  }

  @Test func `on a lone node needs nobody`() {
    var node = Subject(of: [1])
    node.settle(.tick)
    #expect(outcomes(node.take(.read(read))) == [read: .ready(1)])
  }

  @Test func `is not slowed by a follower's disk`() {
    var node = Subject(2, term: 1)
    let request = append(1, after: .start, [entry(1, 1)], round: 3)
    let output = node.take(.received(request, from: 1))
    #expect(
      node.settle(.persisted(batch: 1)).isEmpty && output.messages == [to(1, answer(3))])
  }

  // MARK: On a follower

  private func follower() -> Subject {
    var node = Subject(2, term: 1, timing: Timing(heartbeat: 5, election: 20))
    node.settle(.received(heartbeat(1), from: 1))
    return node
  }

  private func request(_ output: Output) -> UInt64? {
    for outbound in output.messages {
      if case .readRequest(_, let id) = outbound.message { return id }
    }
    return nil
  }

  @Test func `is asked of the leader, a burst in one request with a fresh id`() throws {
    var node = follower()
    let second = ReadID(rawValue: 2)
    let output = node.take(.read(read), .read(second))
    let id = try #require(request(output))
    #expect(output.messages == [to(1, .readRequest(term: 1, id: id))])
    #expect(request(node.take(.read(ReadID(rawValue: 3)))) != id)
    let answered = node.take(.received(.readAnswer(term: 1, id: id, index: 7), from: 1))
    #expect(outcomes(answered) == [read: .ready(7), second: .ready(7)])
    let again = node.take(.received(.readAnswer(term: 1, id: id, index: 7), from: 1))
    #expect(again.reads.isEmpty)
  }

  @Test func `asks under ids that an earlier run did not use`() throws {
    let ids = try (1...5 as ClosedRange<UInt64>).map { seed in
      var node = Subject(2, term: 1, seed: seed)
      node.settle(.received(heartbeat(1), from: 1))
      return try #require(request(node.take(.read(read))))
    }
    #expect(Set(ids).count == 5)
  }

  @Test func `fails without a leader, and when the answer is lost, refused or too late`() throws {
    var lone = Subject(2)
    #expect(outcomes(lone.take(.read(read))) == [read: .failed])

    var waiting = follower()
    var late = waiting.take(.read(read)).reads
    for _ in 0..<20 { late += waiting.take(.tick).reads }
    #expect(late.elementsEqual([(read, .failed)]) { $0 == $1 })

    var refused = follower()
    let id = try #require(request(refused.take(.read(read))))
    let answer = Message.readAnswer(term: 1, id: id, index: nil)
    #expect(outcomes(refused.take(.received(answer, from: 1))) == [read: .failed])

    var moved = follower()
    _ = moved.take(.read(read))
    #expect(outcomes(moved.take(.received(heartbeat(2), from: 3))) == [read: .failed])

    var cut = follower()
    _ = cut.take(.read(read))
    #expect(outcomes(cut.take(.peerReset(1))) == [read: .failed])
  }

  @Test func `is answered behind the commit that it has to see`() throws {
    var node = leader()
    node.settle(.received(matched(1, 1), from: 3))
    node.settle(.propose(ProposalID(rawValue: 1), payload: [], now: 0))
    _ = node.take(.received(.readRequest(term: 1, id: 77), from: 3))
    // One burst commits index 2 and confirms a round that began after it.
    let output = node.take(
      .received(matched(1, 2), from: 3), .received(answer(1), from: 3))
    let forThree = output.messages.filter { $0.to == 3 }.map(\.message)
    #expect(forThree.last == .readAnswer(term: 1, id: 77, index: 1))
    #expect(forThree.first == heartbeat(1, commit: 2, round: 1, heirs: [2, 3]))
  }

  @Test func `asked of one that does not lead is refused`() {
    var node = follower()
    let sent = node.settle(.received(.readRequest(term: 1, id: 5), from: 3))
    #expect(sent == [to(3, .readAnswer(term: 1, id: 5, index: nil))])
  }
}
