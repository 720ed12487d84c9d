import Raft
import Replication
import Testing

@Suite("Members of a cluster")
struct MembershipTests {
  private func member(_ id: NodeID, replaces: NodeID? = nil) -> Configuration.Member {
    Configuration.Member(
      id: id, incarnation: 100 + id.rawValue, peer: "127.0.0.1:1", replaces: replaces)
  }

  /// Runs until a leader could make a change, and gives it.
  private func ready(_ cluster: TestCluster) -> NodeID {
    cluster.run(1_500)
    cluster.run(until: { cluster in
      cluster.leader.flatMap { cluster.replica($0)?.core }.map {
        $0.hasCommittedOwnTerm && $0.uncommittedChange == nil
      } ?? false
    })
    return cluster.leader ?? NodeID(rawValue: 1)
  }

  private func write(_ count: Int, to cluster: TestCluster) {
    for _ in 0..<count {
      if let leader = cluster.leader { cluster.submit(on: leader) }
      cluster.run(3)
    }
  }

  @Test func `are known by their files before long`() {
    let cluster = TestCluster(keepsLittle: true)
    cluster.elect()
    cluster.run(3_000)
    for id in cluster.ids {
      let members = cluster.replica(id)?.core.configuration.members ?? []
      #expect(members.map(\.incarnation) == [101, 102, 103])
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `that are new are sent the state, then the log, and vote`(seed: UInt64) {
    let cluster = TestCluster(seed: seed, keepsLittle: true)
    let leader = cluster.elect()
    write(200, to: cluster)
    cluster.run(500)
    #expect(cluster.replica(leader)?.core.base ?? .zero > .zero, "The log was trimmed.")
    let fresh = cluster.join()
    let token = cluster.change(.add(member(fresh)), on: ready(cluster))
    write(100, to: cluster)
    cluster.run(until: { cluster in
      cluster.replica(fresh)?.core.configuration.voters.contains(fresh) ?? false
    })
    guard case .done = cluster.changeAnswer(token) else {
      Issue.record("The change was answered by \(String(describing: cluster.changeAnswer(token))).")
      return
    }
    cluster.run(500)
    #expect(
      cluster.machines.allSatisfy { $0.disk.state == cluster.machines[0].disk.state },
      "Seed \(seed).")
  }

  /// It slept through the replacement of two others, and knows neither of the new ones.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `that slept through the replacement of the others find the cluster again`(seed: UInt64) {
    let cluster = TestCluster(seed: seed, keepsLittle: true)
    let leader = cluster.elect()
    guard let sleeper = cluster.ids.first(where: { $0 != leader }) else { return }
    write(20, to: cluster)
    cluster.crash(sleeper)
    for old in cluster.ids where old != sleeper {
      let fresh = cluster.join()
      cluster.change(.add(member(fresh, replaces: old)), on: ready(cluster))
      write(60, to: cluster)
      cluster.run(until: { cluster in
        cluster.leader.flatMap { cluster.replica($0)?.core.configuration.member(old) } == nil
          && cluster.leader.flatMap { cluster.replica($0)?.core.uncommittedChange } == nil
          && cluster.leader != nil && cluster.leader != old
      })
      cluster.crash(old)
      cluster.run(1_000)
    }
    write(60, to: cluster)
    cluster.start(sleeper)
    cluster.run(3_000)
    let last = cluster.submit(on: ready(cluster))
    cluster.run(500)
    #expect(cluster.timesApplied(last) == 1)
    #expect(
      cluster.machines[Int(sleeper.rawValue) - 1].disk.state.last?.payload
        == cluster.writes[last]?.payload, "Seed \(seed).")
  }
}
