import Raft
import Replication
import Store
import Testing

@Suite("A state that is not that of the others")
struct DigestTests {
  private let index = LogIndex(rawValue: 256)

  private func digest(_ byte: UInt8) -> StateDigest { StateDigest(index: index, digest: [byte]) }

  /// A cluster with something to apply, whose nodes say these digests.
  private func cluster(_ said: (leader: UInt8, others: [UInt8])) -> TestCluster {
    let cluster = TestCluster(keepsLittle: true)
    let leader = cluster.elect()
    for _ in 0..<20 { cluster.submit(on: leader) }
    cluster.run(200)
    cluster.give(.digested(digest(said.leader)), to: leader)
    for (node, byte) in zip(cluster.followers, said.others) {
      cluster.give(.digested(digest(byte)), to: node)
    }
    return cluster
  }

  @Test func `is told by nobody while all agree`() {
    let cluster = cluster((leader: 1, others: [1, 1]))
    cluster.run(300)
    #expect(cluster.alarms == [])
  }

  @Test func `is found, serves nothing, and is replaced by that of the leader`() {
    let cluster = cluster((leader: 1, others: [1, 2]))
    let odd = cluster.followers[1]
    cluster.run(10)
    #expect(cluster.alarms == [.diverged(odd, after: index)])
    #expect(cluster.replica(odd)?.isDiverged == true)
    let refused = cluster.submit(on: odd, patience: 0)
    let unread = cluster.read(on: odd)
    cluster.run(2)
    guard case .notAccepted = cluster.answer(refused),
      case .unavailable = cluster.readAnswer(unread)
    else {
      Issue.record("It serves on a state that is wrong.")
      return
    }
    cluster.run(until: { $0.replica(odd)?.isDiverged == false })
    let write = cluster.submit(on: odd)
    cluster.run(300)
    #expect(cluster.timesApplied(write) == 1)
    #expect(cluster.machines.allSatisfy { $0.disk.state == cluster.machines[0].disk.state })
  }

  @Test func `makes the leader hand over if it is its own`() {
    let cluster = cluster((leader: 2, others: [1, 1]))
    let odd = cluster.elect()
    cluster.run(until: { $0.leader != nil && $0.leader != odd })
    cluster.run(until: { $0.replica(odd)?.isDiverged == false })
    #expect(cluster.alarms == [.diverged(odd, after: index)])
  }

  @Test func `takes nobody out when no majority agrees`() {
    let cluster = cluster((leader: 1, others: [2, 3]))
    cluster.run(300)
    #expect(cluster.alarms == [.noMajority(at: index)])
    #expect(cluster.ids.allSatisfy { cluster.replica($0)?.isDiverged == false })
  }
}
