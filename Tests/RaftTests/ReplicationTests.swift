import Raft
import Testing

@Suite struct `A follower's log` {
  private func follower(terms: [UInt64] = [], term: Term = 9) -> Subject {
    Subject(2, term: term, terms: terms)
  }

  @Test func `takes entries, and acknowledges them once they are durable (5.3)`() {
    var node = follower(terms: [1])
    let request = append(9, after: at(1, 1), [entry(9, 2)], commit: 1)
    let output = node.take(.received(request, from: 1))
    #expect(output.messages == [])
    #expect(output.persist?.entries == [entry(9, 2)])
    #expect(output.persist?.messages == [to(1, matched(9, 2))])
    #expect(output.applicable == 1)
  }

  @Test func `refuses what does not follow it, and says where it might (5.3)`() {
    var node = follower(terms: [1, 1, 2])
    #expect(
      node.settle(.received(append(9, after: at(5, 9)), from: 1))
        == [to(1, refused(9, 9, hint: at(2, 3)))])
    #expect(
      node.settle(.received(append(9, after: at(1, 3)), from: 1))
        == [to(1, refused(9, 3, hint: at(1, 2)))], "A whole term is skipped.")
  }

  @Test func `replaces what contradicts the leader (5.3)`() {
    var node = follower(terms: [1, 2, 2])
    let output = node.take(
      .received(append(9, after: at(1, 1), [entry(3, 2)]), from: 1))
    #expect(output.persist?.truncateFrom == 2)
    #expect(output.persist?.entries == [entry(3, 2)])
    #expect(node.core.last == at(3, 2))
    #expect(node.core.durable == 1)
  }

  @Test func `is not shortened by an append that comes late or twice (5.3)`() {
    var node = follower(terms: [1, 1, 1])
    for _ in 0..<2 {
      let sent = node.settle(.received(append(9, after: .start, [entry(1, 1)]), from: 1))
      #expect(sent == [to(1, matched(9, 1))])
      #expect(node.core.last == at(1, 3))
    }
  }

  @Test func `commits no further than it was shown to match (5.3)`() {
    var node = follower(terms: [1, 1, 1])
    node.settle(.received(append(9, after: at(1, 1), commit: 3), from: 1))
    #expect(node.core.commit == 1)
    node.settle(.received(heartbeat(9, commit: 2), from: 1))
    #expect(node.core.commit == 2)
    node.settle(.received(heartbeat(9, commit: 8), from: 1))
    #expect(node.core.commit == 3)
  }

  @Test func `releases nothing to be applied that is not on its own disk`() {
    var node = follower()
    let first = node.take(.received(append(9, after: .start, [entry(9, 1)], commit: 1), from: 1))
    #expect(node.core.commit == 1)
    #expect(first.applicable == nil)
    #expect(node.take(.persisted(batch: 1)).applicable == 1)
  }

  @Test func `counts no entry as durable that a later batch replaced (ABA)`() {
    var node = follower(term: 2)
    let old = [entry(2, 1), entry(2, 2), entry(2, 3)]
    _ = node.take(.received(append(2, after: .start, old), from: 1))
    _ = node.take(.received(append(3, after: at(2, 1), [entry(3, 2), entry(3, 3)]), from: 3))
    _ = node.take(.persisted(batch: 1))
    #expect(node.core.durable == 1, "Entries 2 and 3 of batch 1 are no more.")
    _ = node.take(.persisted(batch: 2))
    #expect(node.core.durable == 3)
  }

  @Test func `merges a burst into one batch, without promising what it no longer writes`() {
    var node = follower(term: 2)
    let output = node.take(
      .received(append(2, after: .start, [entry(2, 1), entry(2, 2)]), from: 1),
      .received(append(3, after: at(2, 1), [entry(3, 2)]), from: 3))
    #expect(output.persist?.hardState == HardState(term: 3, vote: nil))
    #expect(output.persist?.truncateFrom == 2)
    #expect(output.persist?.entries == [entry(2, 1), entry(3, 2)])
    #expect(output.persist?.messages == [to(3, matched(3, 2))])
  }

  @Test func `answers one heartbeat a tick, and each new round`() {
    var node = follower()
    let first = node.settle(.received(heartbeat(9), from: 1))
    #expect(first.count == 0 || first.count == 1)
    #expect(node.settle(.received(heartbeat(9), from: 1)) == [])
    let answer = Message.heartbeatAnswer(HeartbeatAnswer(term: 9, round: 4))
    #expect(node.settle(.received(heartbeat(9, round: 4), from: 1)) == [to(1, answer)])
    #expect(node.settle(.tick, .received(heartbeat(9, round: 4), from: 1)) == [to(1, answer)])
  }
}

@Suite struct `A leader` {
  private func proposal(_ name: UInt64, _ payload: [UInt8] = [], now: Int64 = 0) -> Input {
    .propose(ProposalID(rawValue: name), payload: payload, now: now)
  }

  /// A leader of term 1 whose barrier at index 1 everyone holds.
  private func leader(of voters: [NodeID] = [1, 2, 3], timing: Timing = Timing()) -> Subject {
    var node = Subject(of: voters, timing: timing)
    node.lead(by: voters[1], voters[voters.count / 2])
    for voter in voters.dropFirst() { node.settle(.received(matched(1, 1), from: voter)) }
    return node
  }

  private func appends(_ sent: [Outbound], to peer: NodeID) -> [AppendEntries] {
    sent.compactMap {
      if case .append(let request) = $0.message, $0.to == peer { request } else { nil }
    }
  }

  @Test func `makes one batch and one append a peer of a burst of proposals`() {
    var node = leader()
    let output = node.take((1...10).map { proposal($0) })
    #expect(output.persist?.entries.count == 10)
    #expect(output.messages.count == 2)
    #expect(appends(output.messages, to: 3).map(\.entries.count) == [10])
    #expect(output.proposals.count == 10)
  }

  @Test func `sends before its own disk is done, and counts itself only after (10.2.1)`() {
    var node = leader()
    let output = node.take(proposal(1))
    #expect(appends(output.messages, to: 2).count == 1)
    node.settle(.received(matched(1, 2), from: 2))
    #expect(node.core.commit == 1, "One disk of three is no majority.")
    #expect(node.take(.persisted(batch: output.persist?.sequence ?? 0)).applicable == 2)
  }

  @Test func `commits with a majority of disks, and tells at once`() {
    var node = leader()
    let batch = node.take(proposal(1)).persist?.sequence ?? 0
    #expect(node.take(.persisted(batch: batch)).applicable == nil)
    let output = node.take(.received(matched(1, 2), from: 3))
    #expect(output.applicable == 2)
    #expect(output.messages == [to(3, heartbeat(1, commit: 2, heirs: [2, 3]))])
    let later = node.take(.received(matched(1, 2), from: 2))
    #expect(later.messages == [to(2, heartbeat(1, commit: 2, heirs: [2, 3]))])
  }

  @Test func `lets the next append carry the commit, if there is one`() {
    var node = leader()
    node.settle(proposal(1))
    let sent = node.settle(.received(matched(1, 2), from: 3), proposal(2))
    #expect(appends(sent, to: 3).map(\.commit) == [2])
    #expect(sent.count == 2)
  }

  @Test func `commits nothing of an earlier term by counting copies (5.4.2, figure 8)`() {
    // Figure 8, from (c): S1 leads term 4 and copies its entry 2 of term 2 to a majority.
    var node = Subject(of: [1, 2, 3, 4, 5], term: 3, terms: [1, 2], applied: 1)
    node.lead(by: 2, 3)
    #expect(node.core.term == 4)
    node.settle(.received(matched(4, 2), from: 2), .received(matched(4, 2), from: 3))
    #expect(node.core.commit == 1, "S5 could still be elected and overwrite index 2.")
    node.settle(.received(matched(4, 3), from: 2), .received(matched(4, 3), from: 3))
    #expect(node.core.commit == 3, "As in (e), the own entry commits what is before it.")
  }

  @Test(arguments: [
    // Paper, figure 7, (a) to (f), under a leader with these terms.
    ([1, 1, 1, 4, 4, 5, 5, 6, 6] as [UInt64]),
    [1, 1, 1, 4],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    [1, 1, 1, 4, 4, 4, 4],
    [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
  ])
  func `brings every log of figure 7 to its own`(terms: [UInt64]) {
    let own: [UInt64] = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]
    var leader = Subject(1, term: 7, terms: own)
    leader.lead(by: 3)
    var follower = Subject(2, term: 7, terms: terms)
    var round = 0
    var toFollower = leader.settle(.peerReset(2))
    while follower.core.last != at(8, 11), round < 10 {
      let inputs = toFollower.filter { $0.to == 2 }.map { Input.received($0.message, from: 1) }
      let answers = follower.settle(inputs).map { Input.received($0.message, from: 2) }
      toFollower = leader.settle(answers)
      round += 1
    }
    #expect(follower.core.last == at(8, 11))
    #expect(follower.core.durable == 11)
    #expect(round <= 5, "A term, not an entry, is skipped at a time.")
  }

  @Test func `stamps with its clock, and never before the last stamp`() {
    var node = leader()
    let output = node.take(
      proposal(1, now: 50), proposal(2, now: 40), proposal(3, now: 60))
    #expect(output.persist?.entries.map(\.stamp) == [50, 50, 60])
    let later = Subject(
      log: LogRecovery(
        entries: [Entry(position: at(1, 1), stamp: 900, kind: .command, payload: [])]))
    var successor = later
    let barrier = appends(successor.lead(by: 2), to: 2).first?.entries.first
    #expect(barrier?.stamp == 900)
  }

  @Test func `refuses more than five thousand uncommitted entries`() {
    var node = leader()
    let output = node.take((1...5_001).map { proposal($0) })
    #expect(output.persist?.entries.count == 5_000)
    #expect(output.proposals.last?.1 == .overloaded)
    node.settle(.persisted(batch: output.persist?.sequence ?? 0))
    node.settle(.received(matched(1, 5_001), from: 2))
    #expect(node.take(proposal(9)).proposals.first?.1 == .appended(at(1, 5_002)))
  }

  @Test func `refuses more than 64 MiB uncommitted`() {
    var node = leader()
    let payload = [UInt8](repeating: 0, count: 256 << 10)
    let output = node.take((1...300).map { proposal($0, payload) })
    #expect(output.persist?.entries.count == 255)
    #expect(output.proposals.last?.1 == .overloaded)
  }

  @Test func `has at most 64 appends on their way to a peer`() {
    var node = leader()
    var sent = 0
    for name in 1...100 as ClosedRange<UInt64> {
      sent += appends(node.take(proposal(name)).messages, to: 3).count
    }
    #expect(sent == 64)
    let more = node.take(.received(matched(1, 11), from: 3))
    #expect(appends(more.messages, to: 3).map(\.entries.count) == [36])
  }

  @Test func `sends at most 1 MiB in an append and 8 MiB on the way`() {
    var node = leader()
    let payload = [UInt8](repeating: 0, count: 200 << 10)
    let output = node.take((1...60).map { proposal($0, payload) })
    let sizes = appends(output.messages, to: 2).map {
      $0.entries.reduce(0) { $0 + $1.payload.count }
    }
    #expect(sizes.allSatisfy { $0 <= 1 << 20 })
    #expect(sizes.reduce(0, +) <= 9 << 20 && sizes.reduce(0, +) > 7 << 20)
  }

  @Test func `probes after a reset: one append until an answer or a heartbeat`() {
    var node = leader()
    let probes = appends(node.settle(.peerReset(3), proposal(1)), to: 3)
    #expect(probes.map(\.previous) == [at(1, 1)])
    #expect(appends(node.settle(proposal(2), proposal(3)), to: 3) == [])
    var again = 0
    for _ in 0..<10 { again += appends(node.settle(.tick), to: 3).count }
    #expect(again == 2)
    let rest = appends(node.settle(.received(matched(1, 2), from: 3)), to: 3)
    #expect(rest.map(\.entries.count) == [2])
  }

  @Test func `does not begin from the first entry when a peer is reset that never answered`() {
    var node = Subject(terms: [1, 1, 1])
    node.lead(by: 2)
    #expect(appends(node.settle(.peerReset(3)), to: 3).map(\.previous) == [at(1, 3)])
  }

  @Test func `finds a lost append by asking after the next answer to a heartbeat`() {
    var node = leader()
    node.settle(proposal(1))  // The append to 3 is lost.
    let answer = Message.heartbeatAnswer(HeartbeatAnswer(term: 1, round: 0))
    let check = appends(node.settle(.received(answer, from: 3)), to: 3)
    #expect(check.map(\.previous) == [at(1, 2)])
    let again = appends(
      node.settle(.received(refused(1, 2, hint: at(1, 1)), from: 3)), to: 3)
    #expect(again.map(\.entries.count) == [1])
  }

  @Test func `sends twice nothing that is on its way`() {
    var node = leader()
    node.settle(proposal(1))
    #expect(appends(node.settle(proposal(2)), to: 3).map(\.previous) == [at(1, 2)])
    node.settle(.received(matched(1, 2), from: 3), .received(matched(1, 2), from: 3))
    #expect(appends(node.settle(proposal(3)), to: 3).map(\.previous) == [at(1, 3)])
  }

  @Test func `asks the disk for what it has no longer in memory, once a peer`() {
    let whole = LogRecovery(entries: entries(terms: [1, 1, 1, 1]))
    let recovery = LogRecovery(
      first: whole.first, last: whole.last, terms: whole.terms, tail: [], lastStamp: 0)
    var node = Subject(log: recovery)
    node.lead(by: 2)
    let refusal = Input.received(refused(2, 4, hint: at(0, 0)), from: 3)
    _ = node.take(refusal)
    let output = node.take(.received(matched(2, 0), from: 3), proposal(1))
    #expect(output.loads == [Load(peer: 3, from: 1, through: 4)])
    #expect(node.take(proposal(2)).loads == [])
    let sent = node.take(.loaded(entries(terms: [1, 1, 1]), for: 3))
    #expect(appends(sent.messages, to: 3).map(\.entries.count) == [3])
    #expect(sent.loads == [Load(peer: 3, from: 4, through: 4)])
  }

  @Test func `keeps eight megabytes in memory, and the rest on disk`() {
    var node = leader()
    let payload = [UInt8](repeating: 0, count: 250 << 10)
    for name in 1...60 as ClosedRange<UInt64> {
      node.settle(proposal(name, payload), .received(matched(1, LogIndex(rawValue: name)), from: 2))
    }
    node.settle(.received(matched(1, 61), from: 2))
    _ = node.take(.peerReset(3))
    let output = node.take(.received(matched(1, 1), from: 3))
    #expect(output.loads.map(\.from) == [2])
    #expect((25...31).contains(output.loads.first?.through.rawValue ?? 0))
  }

  @Test func `waits for the slower half of an even cluster`() {
    var node = leader(of: [1, 2, 3, 4])
    node.settle(proposal(1))
    node.settle(.received(matched(1, 2), from: 2))
    #expect(node.core.commit == 1)
    node.settle(.received(matched(1, 2), from: 4))
    #expect(node.core.commit == 2)
  }

  @Test func `counts no learner, and sends it everything`() {
    var node = Subject(of: [1, 2, 3], learners: [4])
    #expect(appends(node.lead(by: 2), to: 4).count == 1)
    node.settle(.received(matched(1, 1), from: 4))
    #expect(node.core.commit == 0)
  }

  @Test func `alone commits by its own disk`() {
    var node = Subject(of: [1])
    _ = node.settle(.tick)
    #expect(node.core.commit == 1)
    let output = node.take(proposal(1))
    #expect(output.applicable == nil)
    #expect(node.take(.persisted(batch: output.persist?.sequence ?? 0)).applicable == 2)
  }

  @Test func `is the only one that takes proposals, and is named by the others`() {
    var node = Subject(2, term: 1)
    let name = ProposalID(rawValue: 1)
    #expect(node.take(proposal(1)).proposals.first?.1 == .notLeader(known: nil))
    node.settle(.received(heartbeat(1), from: 3))
    let output = node.take(proposal(1))
    #expect(output.proposals.elementsEqual([(name, .notLeader(known: 3))]) { $0 == $1 })
  }
}
