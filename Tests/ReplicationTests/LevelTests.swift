import Raft
import Replication
import Testing

@Suite("The behaviour level of a cluster")
struct LevelTests {
  /// The levels in force by the log of each node that runs.
  private func levels(_ cluster: TestCluster) -> [UInt8] {
    cluster.ids.compactMap { cluster.replica($0)?.core.configuration.level }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `rises once the last of its nodes runs the next version`(seed: UInt64) {
    let cluster = TestCluster(seed: seed)
    cluster.elect()
    for id in cluster.ids {
      cluster.run(2_000)
      #expect(levels(cluster) == [1, 1, 1], "Seed \(seed).")
      cluster.upgrade(id, to: 2)
    }
    cluster.run(until: { self.levels($0) == [2, 2, 2] })
    let leader = cluster.elect()
    let write = cluster.submit(on: leader)
    cluster.run(500)
    #expect(cluster.timesApplied(write) == 1, "Seed \(seed).")
    cluster.run(2_000)
    let raises = cluster.history.filter { entry in
      entry.kind == .configuration
        && (try? Configuration(decoding: entry.payload))?.level == 2
    }
    #expect(raises.count == 1, "It is raised once, and by one level: seed \(seed).")
  }

  @Test func `rises by one level at a time`() {
    let cluster = TestCluster()
    for id in cluster.ids { cluster.upgrade(id, to: 3) }
    cluster.run(until: { self.levels($0) == [3, 3, 3] })
    cluster.run(500)
    let seen = cluster.history.filter { $0.kind == .configuration }.compactMap {
      (try? Configuration(decoding: $0.payload))?.level
    }
    #expect(Array(Set(seen)).sorted() == [1, 2, 3])
    #expect(seen == seen.sorted())
  }

  @Test func `stays while a member is away, whatever it said before`() {
    let cluster = TestCluster()
    cluster.elect()
    let away = cluster.followers[0]
    for id in cluster.ids where id != away { cluster.upgrade(id, to: 2) }
    cluster.crash(away)
    cluster.run(3_000)
    #expect(levels(cluster) == [1, 1])
    cluster.upgrade(away, to: 2)
    cluster.run(until: { self.levels($0) == [2, 2, 2] })
  }

  @Test func `cannot be raised past the next one, nor lowered`() throws {
    let second = try Configuration(voters: [1, 2, 3].map(NodeID.init)).after(.raise(to: 2))
    #expect(second.level == 2)
    #expect(throws: ChangeRefusal.notTheNextLevel(4, inForce: 2)) {
      try second.after(.raise(to: 4))
    }
    #expect(throws: ChangeRefusal.notTheNextLevel(2, inForce: 2)) {
      try second.after(.raise(to: 2))
    }
    #expect(throws: ChangeRefusal.notTheNextLevel(1, inForce: 2)) {
      try second.after(.raise(to: 1))
    }
    #expect(try second.after(.remove(NodeID(rawValue: 3))).level == 2)
  }

  @Test func `is written as the version before wrote it, for as long as that can read it`() throws {
    let first = Configuration(voters: [NodeID(rawValue: 1)])
    #expect(first.encoded().first == 1)
    let skipping = first.with(skips: [LogIndex(rawValue: 7)])
    #expect(skipping.encoded().first == 2)
    for configuration in [first, skipping, first.with(level: 2), skipping.with(level: 200)] {
      #expect(try Configuration(decoding: configuration.encoded()) == configuration)
    }
  }
}
