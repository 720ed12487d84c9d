import Raft
import Replication
import Testing

@Suite("A cluster under faults")
struct RandomRunTests {
  /// Crashes, cuts, stalled disks, lost and doubled frames, with clients on every node.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `loses nothing that it acknowledged and does nothing that it refused`(seed: UInt64) {
    let cluster = TestCluster(seed: seed, keepsLittle: seed % 2 == 0)
    var random = SplitMix(seed: seed &* 7_919)
    cluster.dropped = 2
    cluster.doubled = 2
    cluster.elect()
    var down: NodeID?

    for _ in 0..<60 {
      let victim = cluster.ids[Int.random(in: 0..<3, using: &random)]
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        if let node = down {
          cluster.start(node)
          down = nil
        } else {
          down = victim
          cluster.crash(victim)
        }
      case 1: cluster.isolate(victim)
      case 2: for id in cluster.ids { cluster.isolate(id, false) }
      case 3: cluster.stallDisk(of: victim, for: 200)
      default: break
      }
      for _ in 0..<20 {
        let id = cluster.ids[Int.random(in: 0..<3, using: &random)]
        if cluster.replica(id) != nil {
          cluster.submit(on: id, patience: Int.random(in: 0...100, using: &random))
          if Bool.random(using: &random) { cluster.read(on: id) }
        }
        cluster.run(Int.random(in: 1...5, using: &random))
      }
    }

    // Healed, it serves again and everyone agrees.
    cluster.dropped = 0
    if let node = down { cluster.start(node) }
    for id in cluster.ids { cluster.isolate(id, false) }
    cluster.run(2_500)
    let leader = cluster.elect()
    let last = cluster.submit(on: leader)
    cluster.run(300)
    #expect(cluster.timesApplied(last) == 1, "Seed \(seed).")
    let states = cluster.machines.map(\.disk.state)
    #expect(states.allSatisfy { $0 == states[0] }, "Seed \(seed).")

    var acknowledged = 0
    for (token, write) in cluster.writes {
      let times = cluster.timesApplied(token)
      #expect(times <= 1, "Applied twice, seed \(seed).")
      switch write.answer {
      case .applied:
        acknowledged += 1
        #expect(times == 1, "Acknowledged and lost, seed \(seed).")
      case .notAccepted:
        #expect(times == 0, "Refused and applied, seed \(seed).")
      case .unknown, nil: break
      }
      if let at = write.answeredAt {
        #expect(at - write.at <= 2_000, "Answered after \(at - write.at) ms, seed \(seed).")
      }
    }
    #expect(acknowledged > 100, "Only \(acknowledged) writes got through, seed \(seed).")
  }
}
