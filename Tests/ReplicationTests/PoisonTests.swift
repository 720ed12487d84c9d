import Raft
import Replication
import Testing

@Suite("An entry that ends whoever applies it")
struct PoisonTests {
  private let poison: [UInt8] = [0xDE, 0xAD]

  /// A cluster where these nodes die of an entry that is committed, and have stopped before it.
  private func cluster(
    sick: (TestCluster) -> [NodeID], seed: UInt64 = 1
  ) -> (cluster: TestCluster, index: LogIndex) {
    let cluster = TestCluster(seed: seed)
    let leader = cluster.elect()
    for _ in 0..<5 { cluster.submit(on: leader) }
    cluster.poison = poison
    cluster.sick = Set(sick(cluster))
    for payload in [nil, poison, nil] { cluster.submit(on: leader, payload: payload) }
    cluster.run(until: { cluster in
      cluster.sick.allSatisfy { cluster.replica($0)?.stopsBefore != nil }
    })
    let index = cluster.sick.compactMap { cluster.replica($0)?.stopsBefore }.first ?? .zero
    return (cluster, index)
  }

  /// Asks for a skip until somebody leads and can say more than that it is too early.
  private func skip(_ index: LogIndex, in cluster: TestCluster) -> ChangeAnswer? {
    for _ in 0..<40 {
      cluster.run(until: { $0.leader != nil })
      guard let leader = cluster.leader else { continue }
      let token = cluster.change(.skip(index), on: leader)
      cluster.run(400)
      switch cluster.changeAnswer(token) {
      case .done(let position): return .done(position)
      case .refused(.notReady), .refused(.handingOver), .refused(.underWay), .notLeader, nil: break
      case .refused(.notStopped(let node, let index)) where cluster.sick.contains(node):
        // It will say so before long.
        _ = (node, index)
      case let answer?: return answer
      }
    }
    return nil
  }

  @Test func `stops a node that died of it twice, which goes on voting and keeping the log`() {
    let (cluster, index) = cluster(sick: { [$0.followers[0]] })
    let sick = cluster.sick.first ?? NodeID(rawValue: 1)
    cluster.elect()
    // The other two are a majority with it or without each other.
    let well = cluster.ids.filter { $0 != sick }
    let stopped = cluster.leader == well[0] ? well[1] : well[0]
    cluster.crash(stopped)
    let leader = cluster.elect()
    #expect(leader != sick)
    let write = cluster.submit(on: leader)
    let refused = cluster.submit(on: sick, patience: 0)
    let unread = cluster.read(on: sick)
    cluster.run(2_500)
    #expect(cluster.timesApplied(write) == 1)
    guard case .notAccepted = cluster.answer(refused),
      case .unavailable = cluster.readAnswer(unread)
    else {
      Issue.record("It serves without a state that it could trust.")
      return
    }
    #expect(cluster.replica(sick)?.applied == index.previous)
  }

  @Test func `is not skipped where a node has applied it`() {
    let (cluster, index) = cluster(sick: { [$0.followers[0]] })
    #expect(skip(index, in: cluster) == .refused(.alreadyApplied(index)))
    #expect(cluster.replica(cluster.followers[0])?.core.configuration.skips == [])
  }

  @Test func `is not skipped while a member cannot say that it stopped`() {
    let (cluster, index) = cluster(sick: { $0.ids })
    let leader = cluster.elect()
    let away = cluster.followers[0]
    cluster.crash(away)
    cluster.sick.remove(away)
    #expect(skip(index, in: cluster) == .refused(.notStopped(away, before: index)))
    _ = leader
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `is skipped by all, once all have stopped before it, and by who comes later`(seed: UInt64) {
    let (cluster, index) = cluster(sick: { $0.ids }, seed: seed)
    guard case .done = skip(index, in: cluster) else {
      Issue.record("It was not skipped, seed \(seed).")
      return
    }
    cluster.run(1_500)
    let write = cluster.submit(on: cluster.elect())
    cluster.run(500)
    #expect(cluster.timesApplied(write) == 1)

    // Asked before there is one that knows no leader yet.
    let leader = cluster.elect()
    let fresh = cluster.join()
    cluster.sick.insert(fresh)
    cluster.change(
      .add(
        Configuration.Member(
          id: fresh, incarnation: 100 + fresh.rawValue, peer: "127.0.0.1:1")),
      on: leader)
    cluster.run(until: { cluster in
      cluster.replica(fresh)?.core.configuration.voters.contains(fresh) ?? false
    })
    cluster.run(500)
    #expect(
      cluster.machines.allSatisfy { $0.disk.state == cluster.machines[0].disk.state },
      "Seed \(seed).")
    #expect(cluster.ids.allSatisfy { cluster.replica($0)?.stopsBefore == nil })
    #expect(cluster.machines[Int(fresh.rawValue) - 1].deaths == nil, "Seed \(seed).")
  }
}
