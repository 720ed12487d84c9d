import Raft
import Testing

@Suite struct `A cluster in any weather` {
  /// Short timeouts, so that a run of few ticks sees many elections.
  static let timing = Timing(heartbeat: 2, election: 10)

  @Test(arguments: 1...60)
  func `keeps what it promised and works again when the weather clears`(seed: UInt64) {
    var network = Network(voters: seed % 3 == 0 ? 5 : 3, seed: seed, timing: Self.timing)
    for _ in 0..<2_000 {
      Self.disturb(&network)
      network.run(5)
      if !network.checker.complaints.isEmpty { break }
    }
    network.checker.compare(network.nodes)

    network.weather = .fine
    network.heal()
    for id in network.ids where network[id].core == nil { network.start(id) }
    network.run(2_000)
    if let leader = network.leader { network.propose(to: leader) }
    network.run(500)
    network.checker.compare(network.nodes)

    print(
      network.checker.committed.count, network.checker.readsConfirmed, network.proposals.count)
    #expect(network.checker.complaints == [], "Seed \(seed).")
    #expect(network.checker.committed.last?.payload == [1], "Seed \(seed) makes no progress.")
    #expect(
      network.nodes.allSatisfy { Int($0.applied.rawValue) == network.checker.committed.count },
      "Seed \(seed) leaves a node behind.")
    #expect(network.checker.readsConfirmed > 0, "Seed \(seed) never read.")
  }

  /// One thing that a run does to its cluster before it goes on.
  private static func disturb(_ network: inout Network) {
    guard let id = network.ids.randomElement(using: &network.dice) else { return }
    switch Int.random(in: 0..<1_000, using: &network.dice) {
    case 0..<300:
      let byte = UInt8.random(in: 2...255, using: &network.dice)
      network.propose(to: network.leader ?? id, [byte])
    case 300..<400: network.read(at: id)
    case 400..<405: network.weather = .stormy
    case 405..<412: network.weather = .fine
    case 412..<418: network.isolate(id)
    case 418..<422: network.cut += network.ids.filter { $0 != id }.map { (id, $0) }
    case 422..<436: network.heal()
    case 436..<443: network.crash(id, seenByPeers: network.dice.chance(50))
    case 443..<463: if network[id].core == nil { network.start(id) }
    case 463..<468: network.step(id, .transfer(to: nil))
    case 468..<475:
      for peer in network.ids where peer != id { network.step(peer, .peerReset(id)) }
    case 475..<478:
      for peer in network.ids where peer != id { network.step(peer, .peerGone(id)) }
    default: break
    }
  }
}
