import Raft
import Testing

@Suite struct `When a leader's process dies` {
  private func follower(_ id: NodeID, seed: UInt64 = 1, heirs: [NodeID] = [2, 3]) -> Subject {
    var node = Subject(id, terms: [1], seed: seed)
    node.settle(.received(heartbeat(1, heirs: heirs), from: 1))
    return node
  }

  @Test func `the first heir asks within a tick, the second two ticks later`() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let request = VoteRequest(term: 2, last: at(1, 1), kind: .heir)
      for (id, range) in [(2, 0...1), (3, 2...3)] as [(NodeID, ClosedRange<UInt64>)] {
        var node = follower(id, seed: seed)
        var sent = node.settle(.peerGone(1))
        if sent.isEmpty { sent = node.wait() }
        #expect(range.contains(node.core.now))
        #expect(sent.allSatisfy { $0.message == .voteRequest(request) } && sent.count == 2)
      }
    }
  }

  @Test func `an heir is granted its wish only by one that lost the leader too`() {
    var other = follower(3)
    #expect(
      other.vote(.heir, 2, last: at(1, 1), from: 2)
        == [to(2, vote(1, granted: false, pre: true))])
    other.settle(.peerGone(1))
    #expect(
      other.vote(.heir, 2, last: at(1, 1), from: 2) == [to(2, vote(2, granted: true, pre: true))])
  }

  @Test func `a refused heir asks again within three ticks, five times, then waits`() {
    var node = follower(2)
    var asked = node.settle(.peerGone(1)).isEmpty ? 0 : 1
    var times: [UInt64] = []
    for _ in 0..<60 {
      for outbound in node.settle(.tick) where outbound.to == 3 {
        asked += 1
        times.append(node.core.now)
      }
      node.settle(.received(vote(1, granted: false, pre: true), from: 3))
    }
    #expect(asked == 6)
    #expect(zip(times, times.dropFirst()).allSatisfy { (1...4).contains($1 - $0) })
    #expect(node.wait(atMost: 200) != [], "The ordinary timeout holds.")
  }

  @Test func `a lost connection alone is no reason to campaign`() {
    var node = follower(2)
    #expect(node.settle(.peerReset(1)) == [])
    #expect(node.core.role == .follower(of: 1))
    for _ in 0..<50 { #expect(node.settle(.tick) == []) }
  }

  @Test func `another process that dies is no news for a follower`() {
    var node = follower(2)
    #expect(node.settle(.peerGone(3)) == [])
    #expect(node.core.role == .follower(of: 1))
  }

  @Test func `the order of heirs names the most caught up first, then the lowest id`() {
    var node = Subject(of: [1, 2, 3, 4], timing: Timing(heartbeat: 2, election: 100))
    node.lead(by: 2, 3)
    node.settle(.received(matched(1, 1), from: 3), .received(matched(1, 1), from: 4))
    var heirs: [NodeID] = []
    for _ in 0..<5 {
      for outbound in node.settle(.tick) {
        if case .heartbeat(let heartbeat) = outbound.message { heirs = heartbeat.heirs }
      }
    }
    #expect(heirs == [3, 4, 2])
  }

  @Test func `a survivor leads within a tenth of a second, in 95 of 100 seeds`() {
    var late: [Int] = []
    for seed in 1...100 {
      var network = Network(voters: 3, seed: UInt64(seed))
      guard network.run(5_000, until: \.isLed), let leader = network.leader else {
        late.append(seed)
        continue
      }
      // In the middle of work, so that one survivor may hold more than the other.
      network.run(Int(seed % 7) * 10 + 300)
      for _ in 0..<5 { network.propose(to: leader) }
      network.run(seed % 4)
      network.crash(leader, seenByPeers: true)
      if !network.run(100, until: { $0.leader != nil }) { late.append(seed) }
      #expect(network.checker.complaints == [], "Seed \(seed).")
    }
    #expect(late.count <= 5, "No leader in time with seeds \(late).")
  }
}
