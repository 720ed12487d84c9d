import Raft
import Replication
import Testing

@Suite("A replica's transactions")
struct ApplyTests {
  /// How many transactions the leader and a follower begin in 200 ms with a write in each, and `act`
  /// done to the follower in each.
  private func transactions(
    _ act: (TestCluster, NodeID) -> Void
  ) throws -> (leader: Int, follower: Int) {
    let cluster = TestCluster()
    let leader = cluster.elect()
    let follower = try #require(cluster.followers.first)
    func count(_ id: NodeID) -> Int { cluster.machines[Int(id.rawValue) - 1].transactions }
    let before = (leader: count(leader), follower: count(follower))
    for _ in 0..<200 {
      _ = cluster.submit(on: leader)
      act(cluster, follower)
      cluster.run(1)
    }
    let began = (count(leader) - before.leader, count(follower) - before.follower)
    cluster.run(100)
    let applied = cluster.machines.map(\.disk.applied)
    #expect(applied.allSatisfy { $0 == applied.first }, "\(applied)")
    return began
  }

  @Test func `are one a tick on a follower that nobody waits for`() throws {
    let counts = try transactions { _, _ in }
    #expect(counts.follower <= 21)
    #expect(counts.leader >= 40)
  }

  @Test func `that purge something have the log begin behind them, and no sooner`() throws {
    let cluster = TestCluster()
    let leader = cluster.elect()
    for _ in 0..<9 { _ = cluster.submit(on: leader) }
    cluster.run(2_000)
    let replica = try #require(cluster.replica(leader))
    // As many entries as these stay otherwise.
    #expect(replica.core.base == .zero)
    let purge = replica.applied
    cluster.give(.purged(purge.advanced(by: 1)), to: leader)
    cluster.run(300)
    #expect(cluster.replica(leader)?.core.base == .zero)
    cluster.give(.purged(purge), to: leader)
    _ = cluster.submit(on: leader)
    cluster.run(600)
    #expect(cluster.replica(leader)?.core.base == purge.advanced(by: 1))
  }

  @Test func `wait for no tick where somebody reads`() throws {
    let counts = try transactions { cluster, follower in _ = cluster.read(on: follower) }
    #expect(counts.follower >= 40)
  }
}
