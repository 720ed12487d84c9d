import Raft
import Replication
import Testing

@Suite("A replica's write")
struct ReplicaWriteTests {
  @Test func `is acknowledged after a quorum has it and this node has applied it`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let slow = cluster.followers
    for follower in slow { cluster.stallDisk(of: follower, for: 100) }

    let write = cluster.submit(on: leader)
    cluster.run(90)
    #expect(cluster.answer(write) == nil)
    cluster.run(100)
    guard case .applied = cluster.answer(write) else {
      Issue.record("\(String(describing: cluster.answer(write)))")
      return
    }
  }

  @Test func `counts the leader's own disk only when it is durable there`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.stallDisk(of: leader, for: 60)
    let write = cluster.submit(on: leader)
    cluster.run(50)
    // Both followers have it, so it is committed; but it is applied only from the own disk.
    #expect(cluster.answer(write) == nil)
    cluster.run(50)
    #expect(cluster.timesApplied(write) == 1)
    #expect(cluster.answer(write) != nil)
  }

  @Test func `sent to a follower is applied there before it is acknowledged`() throws {
    let cluster = TestCluster()
    cluster.elect()
    let follower = try #require(cluster.followers.first)
    let write = cluster.submit(on: follower)
    cluster.run(150)
    guard case .applied(let position) = cluster.answer(write) else {
      Issue.record("\(String(describing: cluster.answer(write)))")
      return
    }
    #expect(cluster.machines[Int(follower.rawValue) - 1].disk.applied >= position.index)
    #expect(cluster.forwardsSent == 1)
  }

  @Test func `that was acknowledged survives the leader`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let writes = (0..<50).map { _ in cluster.submit(on: leader) }
    cluster.run(100)
    cluster.crash(leader)
    let next = cluster.elect()
    #expect(next != leader)
    let after = cluster.submit(on: next)
    cluster.run(100)
    for write in writes + [after] { #expect(cluster.timesApplied(write) == 1) }
  }

  @Test func `waits unsent for an election and then succeeds`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.crash(leader)
    let survivor = try #require(cluster.followers.first ?? cluster.ids.first { $0 != leader })
    cluster.run(2)
    let write = cluster.submit(on: survivor)
    cluster.elect()
    cluster.run(100)
    #expect(cluster.timesApplied(write) == 1)
    guard case .applied = cluster.answer(write) else {
      Issue.record("\(String(describing: cluster.answer(write)))")
      return
    }
  }

  @Test func `without a leader is not accepted once its patience is over`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    for id in cluster.ids where id != leader { cluster.crash(id) }
    cluster.run(1_500)  // The last one has stepped down.
    #expect(cluster.leader == nil)
    let impatient = cluster.submit(on: leader, patience: 0)
    let patient = cluster.submit(on: leader)
    cluster.run(20)
    #expect(cluster.answer(impatient) == .notAccepted(leader: nil, overloaded: false))
    #expect(cluster.answer(patient) == nil)
    cluster.run(1_000)
    #expect(cluster.answer(patient) == .notAccepted(leader: nil, overloaded: false))
  }

  @Test func `that a leader without a quorum has in its log is unknown within two seconds`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.isolate(leader)
    let write = cluster.submit(on: leader)
    cluster.run(2_000)
    #expect(cluster.answer(write) == .unknown)
  }

  @Test func `on its way to a leader that goes is unknown and never sent again`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let follower = try #require(cluster.followers.first)
    let write = cluster.submit(on: follower)
    cluster.run(1)
    #expect(cluster.forwardsSent == 1)
    cluster.crash(leader)
    cluster.run(1_500)
    #expect(cluster.answer(write) == .unknown)
    #expect(cluster.forwardsSent == 1)
  }

  @Test func `whose index went to another term was certainly not accepted`() throws {
    let cluster = TestCluster()
    let old = cluster.elect()
    cluster.isolate(old)
    // In the log of the old leader alone.
    let lost = cluster.submit(on: old)
    let rest = cluster.ids.filter { $0 != old }
    cluster.run(until: { cluster in
      rest.contains { cluster.replica($0)?.core.hasCommittedOwnTerm == true }
    })
    cluster.isolate(old, false)
    cluster.run(500)
    #expect(cluster.answer(lost).map { if case .notAccepted = $0 { true } else { false } } == true)
    #expect(cluster.timesApplied(lost) == 0)
  }

  @Test func `that reaches a node that no longer leads goes no further`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let followers = cluster.followers
    // As if this follower had taken the other for the leader.
    cluster.give(
      .received(.forward(id: 1, command: [1, 2, 3]), from: followers[0]), to: followers[1])
    cluster.run(100)
    #expect(!cluster.history.contains { $0.payload == [1, 2, 3] })
    #expect(cluster.leader == leader)
  }

  @Test func `is refused by a node that is stopping, and leadership moves`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let before = (0..<20).map { _ in cluster.submit(on: leader) }
    cluster.run(1)
    cluster.give(.stop, to: leader)
    let late = cluster.submit(on: leader)
    cluster.run(100)
    #expect(cluster.leader != nil && cluster.leader != leader)
    #expect(cluster.replica(leader)?.isQuiet == true)
    for write in before { #expect(cluster.timesApplied(write) == 1) }
    guard case .notAccepted(_, overloaded: false) = cluster.answer(late) else {
      Issue.record("\(String(describing: cluster.answer(late)))")
      return
    }
  }

  @Test func `that a leader did not take since it hands over is sent to the next one`() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let cluster = TestCluster(seed: seed)
      let leader = cluster.elect()
      let follower = try #require(cluster.followers.first)
      cluster.give(.stop, to: leader)
      let writes = (0..<20).map { _ in cluster.submit(on: follower) }
      cluster.run(1_500)
      #expect(cluster.leader != nil && cluster.leader != leader)
      for write in writes {
        #expect(cluster.timesApplied(write) == 1, "seed \(seed)")
        guard case .applied = cluster.answer(write) else {
          Issue.record("seed \(seed): \(String(describing: cluster.answer(write)))")
          continue
        }
      }
    }
  }

  @Test func `goes through the next leader where the old one serves on after a hand-over`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let before = cluster.submit(on: leader)
    cluster.run(1)
    cluster.give(.handOver(to: nil), to: leader)
    let after = cluster.submit(on: leader)
    cluster.run(500)
    #expect(cluster.leader != nil && cluster.leader != leader)
    #expect(cluster.replica(leader)?.isStopping == false)
    for write in [before, after] {
      #expect(cluster.timesApplied(write) == 1)
      guard case .applied = cluster.answer(write) else {
        Issue.record("\(String(describing: cluster.answer(write)))")
        continue
      }
    }
  }

  @Test func `is answered within the time that it was given`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.isolate(leader)
    let long = cluster.submit(on: leader)
    let short = cluster.submit(on: leader, deadline: 20)
    let read = cluster.read(on: leader, deadline: 20)
    cluster.run(250)
    #expect(cluster.answer(short) == .unknown)
    #expect(
      cluster.readAnswer(read).map { if case .unavailable = $0 { true } else { false } } == true)
    #expect(cluster.answer(long) == nil)
    cluster.run(1_750)
    #expect(cluster.answer(long) == .unknown)
  }

  @Test func `that comes while leadership is handed over waits for the next leader`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.give(.stalled, to: leader)
    cluster.run(1)
    let write = cluster.submit(on: leader)
    cluster.run(300)
    #expect(cluster.leader != leader)
    #expect(cluster.timesApplied(write) == 1)
    guard case .applied = cluster.answer(write) else {
      Issue.record("\(String(describing: cluster.answer(write)))")
      return
    }
  }

  @Test func `is not led any more by a node whose disk stalls`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.stallDisk(of: leader, for: 2_000)
    cluster.submit(on: leader)
    cluster.run(50)
    cluster.give(.stalled, to: leader)
    cluster.run(300)
    #expect(cluster.leader != nil && cluster.leader != leader)
  }
}

@Suite("A replica's read")
struct ReplicaReadTests {
  @Test func `on a follower sees every write acknowledged before it`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    for round in 0..<30 {
      let write = cluster.submit(on: leader)
      cluster.run(until: { $0.answer(write) != nil })
      // The harness compares the index with what was acknowledged when the read began.
      let read = cluster.read(on: cluster.followers[round % 2])
      cluster.run(until: { $0.readAnswer(read) != nil })
      guard case .ready = cluster.readAnswer(read) else {
        Issue.record("\(String(describing: cluster.readAnswer(read)))")
        return
      }
    }
  }

  @Test func `of a burst shares one round`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let reads = (0..<200).map { _ in cluster.read(on: leader) }
    cluster.run(30)
    for read in reads {
      #expect(cluster.readAnswer(read) != nil)
    }
  }

  @Test func `on a leader that was deposed and does not know it is not served by it`() {
    let cluster = TestCluster()
    let old = cluster.elect()
    cluster.isolate(old)
    let rest = cluster.ids.filter { $0 != old }
    let read = cluster.read(on: old)
    cluster.run(until: { cluster in
      rest.contains { cluster.replica($0)?.core.hasCommittedOwnTerm == true }
    })
    #expect(cluster.readAnswer(read) == nil)
    cluster.run(2_000)
    #expect(cluster.readAnswer(read) == .unavailable(leader: nil))
  }

  @Test func `is asked again of the next leader`() throws {
    let cluster = TestCluster()
    let old = cluster.elect()
    let follower = try #require(cluster.followers.first)
    cluster.crash(old)
    let read = cluster.read(on: follower)
    cluster.elect()
    cluster.run(300)
    guard case .ready = cluster.readAnswer(read) else {
      Issue.record("\(String(describing: cluster.readAnswer(read)))")
      return
    }
  }

  @Test func `waits for a named index, but not for ever`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let next = LogIndex(rawValue: UInt64(cluster.history.count) + 1)
    var effects = ReplicaEffects()
    var replica = try #require(cluster.replica(leader))
    let token = ClientToken(rawValue: 1_000)
    replica.step(.awaitApplied(token, next, patience: 3), into: &effects)
    #expect(effects.reads.isEmpty)
    for _ in 0..<3 { replica.step(.tick(now: 0), into: &effects) }
    #expect(effects.reads.map(\.answer) == [.unavailable(leader: leader)])
  }

  @Test func `leaves leading to others while its clock is wrong`() {
    let cluster = TestCluster()
    let wrong = cluster.elect()
    cluster.clockErrors[wrong] = 700
    cluster.run(until: { $0.leader != nil && $0.leader != wrong })
    cluster.run(3_000)
    #expect(cluster.replica(wrong)?.core.abstains == true)
    #expect(cluster.leader != wrong)
    cluster.clockErrors[wrong] = 0
    cluster.run(3_000)
    #expect(cluster.replica(wrong)?.core.abstains == false)
  }

  /// The stamps of what clients asked for, in the order of the log.
  private func stamps(_ cluster: TestCluster) -> [Int64] {
    cluster.history.filter { $0.kind == .command }.map(\.stamp)
  }

  @Test func `gives no stamp that jumps while no majority has its time`() {
    let cluster = TestCluster()
    let wrong = cluster.elect()
    cluster.submit(on: wrong)
    cluster.run(200)
    // With one of the others gone, nobody can say whose clock is wrong.
    let other = cluster.followers[0]
    cluster.crash(cluster.followers[1])
    cluster.clockErrors[wrong] = 3_600_000
    cluster.run(50)
    let write = cluster.submit(on: wrong)
    cluster.run(until: { $0.leader == other })
    cluster.run(2_000)
    #expect(cluster.timesApplied(write) == 1, "It waited for a leader that may stamp it.")
    #expect(stamps(cluster).last.map { $0 < 100_000 } == true)
    #expect(cluster.replica(wrong)?.mayStamp == false)
    #expect(cluster.replica(other)?.mayStamp == true)
  }

  @Test func `believes a clock that jumped once a majority has its time`() {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.submit(on: leader)
    cluster.run(200)
    // As after a weekend without the cluster: all clocks went on.
    for id in cluster.ids { cluster.crash(id) }
    for id in cluster.ids { cluster.clockErrors[id] = 172_800_000 }
    for id in cluster.ids { cluster.start(id) }
    let next = cluster.elect()
    let write = cluster.submit(on: next)
    cluster.run(500)
    #expect(cluster.timesApplied(write) == 1)
    #expect(stamps(cluster).last.map { $0 > 172_800_000 } == true)
  }

  @Test func `takes no write where two clocks differ and neither follows the log`() {
    let cluster = TestCluster()
    cluster.submit(on: cluster.elect())
    cluster.run(200)
    for id in cluster.ids { cluster.crash(id) }
    let (one, two) = (cluster.ids[0], cluster.ids[1])
    cluster.clockErrors[one] = 172_800_000
    cluster.clockErrors[two] = 86_400_000
    cluster.start(one)
    cluster.start(two)
    let leader = cluster.elect()
    let refused = cluster.submit(on: leader, patience: 20)
    cluster.run(1_500)
    guard case .notAccepted = cluster.answer(refused) else {
      Issue.record("\(String(describing: cluster.answer(refused)))")
      return
    }
    // Its keeper sets the other clock right.
    cluster.clockErrors[one] = 86_400_000
    cluster.run(3_000)
    let write = cluster.submit(on: cluster.elect())
    cluster.run(500)
    #expect(cluster.timesApplied(write) == 1)
  }

  @Test func `stamps by its own clock alone if its operator says so`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    cluster.submit(on: leader)
    cluster.run(200)
    var replica = try #require(cluster.replica(leader))
    var effects = ReplicaEffects()
    replica.step(.tick(now: 172_800_000), into: &effects)
    #expect(!replica.mayStamp)
    replica.trustClock()
    #expect(replica.mayStamp)
  }
}
