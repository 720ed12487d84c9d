import Raft
import Testing

@Suite struct `A cluster whose members change in any weather` {
  @Test(arguments: 1...60)
  func `keeps what it promised, and its members come together in the end`(seed: UInt64) {
    var network = Network(
      voters: seed % 3 == 0 ? 5 : 3, seed: seed, timing: Timing(heartbeat: 2, election: 10))
    for _ in 0..<2_000 {
      Self.disturb(&network)
      network.run(5)
      if !network.checker.complaints.isEmpty { break }
    }
    network.checker.compare(network.nodes)

    network.weather = .fine
    network.heal()
    for id in network.ids where network[id].core == nil { network.start(id) }
    network.run(3_000)
    if let leader = network.leader { network.propose(to: leader) }
    network.run(500)
    network.checker.compare(network.nodes)

    #expect(network.checker.complaints == [], "Seed \(seed).")
    #expect(network.checker.committed.last?.payload == [1], "Seed \(seed) makes no progress.")
    let members =
      network.leader.flatMap { network[$0].core?.configuration } ?? Configuration(voters: [])
    #expect(members.learners == [], "Seed \(seed) leaves a learner behind.")
    for member in members.members {
      #expect(
        Int(network[member.id].applied.rawValue) == network.checker.committed.count,
        "Seed \(seed) leaves \(member.id) behind.")
    }
  }

  /// One thing that a run does to its cluster before it goes on.
  private static func disturb(_ network: inout Network) {
    guard let id = network.ids.randomElement(using: &network.dice) else { return }
    let leader = network.leader ?? id
    switch Int.random(in: 0..<1_000, using: &network.dice) {
    case 0..<300:
      let byte = UInt8.random(in: 2...255, using: &network.dice)
      network.propose(to: leader, [byte])
    case 300..<350: network.read(at: id)
    case 350..<356: network.weather = .stormy
    case 356..<364: network.weather = .fine
    case 364..<370: network.isolate(id)
    case 370..<374: network.cut += network.ids.filter { $0 != id }.map { (id, $0) }
    case 374..<390: network.heal()
    case 390..<398: network.crash(id, seenByPeers: network.dice.chance(50))
    case 398..<418: if network[id].core == nil { network.start(id) }
    case 418..<424: network.step(leader, .transfer(to: nil))
    case 424..<430:
      for peer in network.ids where peer != id { network.step(peer, .peerReset(id)) }
    case 430..<480: trim(id, &network)
    case 480..<486: if network.ids.count < 9 { add(at: leader, &network) }
    case 486..<494: network.change(.remove(id), at: leader)
    case 494..<500:
      let moved = Configuration.Member(id: id, incarnation: 5, peer: "moved")
      network.change(.update(moved), at: leader)
    default: break
    }
  }

  private static func trim(_ id: NodeID, _ network: inout Network) {
    let applied = network[id].applied.rawValue
    guard applied > 3 else { return }
    let kept = UInt64.random(in: 0..<3, using: &network.dice)
    network.step(id, .trim(through: LogIndex(rawValue: applied - kept)))
  }

  private static func add(at leader: NodeID, _ network: inout Network) {
    let id = network.join()
    let old = network.ids.randomElement(using: &network.dice)
    let member = Configuration.Member(
      id: id, incarnation: 1, replaces: network.dice.chance(50) ? old : nil)
    network.change(.add(member), at: leader)
  }
}
