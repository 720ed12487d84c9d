import Bytes
import Crypto
import EventLoop
import Glibc
import Raft
import Replication
import Store
import Testing

/// A cluster of real nodes in this process: files, threads and TLS on loopback.
///
/// Its commands are bytes that are no command: the state answers that they were malformed, at a
/// position, which is all that replication is about.
final class LiveCluster: Sendable {
  let configurations: [NodeConfiguration]
  /// Of nodes that are not members yet, and know one that is.
  let joining: [NodeConfiguration]
  let folder: String

  init(ports: ClosedRange<UInt16>, joiners: Int = 0) throws {
    let cluster = ID(version7At: Clock.now(), random: (secureRandomWord(), secureRandomWord()))
    let folder = "/tmp/muster-replication-\(cluster)"
    try Files.makeFolder(folder, mode: 0o700)
    let authority = try CertificateAuthority(
      commonName: "Test authority", at: Clock.now(), days: 1)
    try Files.write(Array(authority.certificate.pem.utf8), to: "\(folder)/ca.crt", mode: 0o644)

    let all = ports.enumerated().map { place, port in
      NodeConfiguration.Member(
        node: NodeID(rawValue: UInt64(place + 1)), peerHost: "127.0.0.1", peerPort: port,
        clientURL: "https://127.0.0.1:\(port - 10)")
    }
    let members = all
    /// The configuration of one of them, with papers of its own.
    func configuration(_ member: NodeConfiguration.Member) throws -> NodeConfiguration {
      let name = "\(member.node)"
      let identity = try authority.issue(
        to: .node(
          member.node.rawValue, cluster: "\(cluster)", dnsNames: [], addresses: ["127.0.0.1"]),
        at: Clock.now(), days: 1)
      let (certificate, key) = ("\(folder)/\(name).crt", "\(folder)/\(name).key")
      try Files.write(Array(identity.certificate.pem.utf8), to: certificate, mode: 0o644)
      try Files.write(Array(identity.keyPEM.utf8), to: key, mode: 0o600)
      return NodeConfiguration(
        cluster: cluster, node: member.node, name: name, dataFolder: "\(folder)/\(name)",
        peer: .init(
          address: "127.0.0.1", port: member.peerPort, certificate: certificate, key: key,
          authority: "\(folder)/ca.crt"),
        members: Array(members.dropLast(joiners)),
        timing: .init(heartbeatMilliseconds: 50, electionMilliseconds: 500),
        foundingCommand: [0xFE])
    }
    configurations = try members.prefix(members.count - joiners).map(configuration)
    joining = try members.suffix(joiners).map { member in
      var joiner = try configuration(member)
      joiner.members = members.filter { $0.node.rawValue == 1 || $0.node == member.node }
      joiner.isJoining = true
      joiner.foundingCommand = nil
      return joiner
    }
    self.folder = folder
  }

  deinit { Self.remove(folder) }

  /// Removes a folder and what is in it, as far as it goes: /tmp is cleaned anyway.
  static func remove(_ path: String) {
    for name in (try? Files.list(path)) ?? [] {
      let inner = "\(path)/\(name)"
      if (try? Files.remove(inner)) == nil { remove(inner) }
    }
    _ = unsafe rmdir(path)
  }
}

private func secureRandomWord() -> UInt64 { UInt64.random(in: .min ... .max) }

/// Waits for a leader that all of these nodes follow; at most ten seconds.
func leader(of nodes: [Node]) async throws -> Node {
  for _ in 0..<1_000 {
    let statuses = nodes.map(\.status)
    if let leader = statuses[0].leader, statuses.allSatisfy({ $0.leader == leader }),
      let node = nodes.first(where: { $0.status.node == leader })
    {
      return node
    }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw NoLeader()
}

/// Waits for something to come true; at most ten seconds.
private func eventually(_ condition: () async -> Bool) async -> Bool {
  for _ in 0..<1_000 {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}

private struct NoLeader: Error {}

private func position(_ result: WriteResult) -> Position? {
  if case .outcome(let entry) = result { entry.position } else { nil }
}

@Suite("A node", .serialized)
struct NodeTests {
  @Test func `of three serves writes and reads from any of them, and loses nothing to a restart`()
    async throws
  {
    let cluster = try LiveCluster(ports: 18_451...18_453)
    var nodes = try cluster.configurations.map { try Node.start($0) }
    let first = try await leader(of: nodes)

    // After the barrier of its term the leader has had the founding command applied.
    #expect(await first.waitApplied(LogIndex(rawValue: 2), upTo: .seconds(1)))

    // Writes on every node at once.
    let acknowledged = await withTaskGroup(of: Position?.self) { group in
      for number in 0..<60 {
        let node = nodes[number % 3]
        group.addTask { position(await node.submit([0xFF, UInt8(number)])) }
      }
      return await group.reduce(into: []) { $0 += [$1].compactMap { $0 } }
    }
    #expect(acknowledged.count == 60)
    #expect(Set(acknowledged).count == 60)
    let last = try #require(acknowledged.map(\.index).max())

    // A read on any node has seen them.
    for node in nodes {
      guard case .ready(let index) = await node.readIndex() else {
        Issue.record("No index for a read on \(node.status.node).")
        continue
      }
      #expect(index >= last)
      #expect(
        try await node.read(within: .seconds(2)) { reader, _ in try reader.applied() } >= last)
      #expect(await node.waitApplied(last, upTo: .seconds(1)))
    }
    #expect(!(await first.waitApplied(LogIndex(rawValue: 1 << 40), upTo: .milliseconds(30))))

    // A read whose turn comes after its time is not run.
    await #expect(throws: ReadersBusy.self) {
      try await first.read(within: .zero) { _, _ in Issue.record("It was run.") }
    }

    // From the next handshake on they show what now lies in their files; open connections go on.
    for node in nodes { try node.reloadPeerIdentity() }

    // Told to hand over it goes on serving, through whoever leads then.
    first.handOver()
    for _ in 0..<100 where first.status.role == .leader {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(first.status.role == .follower)
    let through = try #require(position(await first.submit([0xFF, 99])))
    #expect(through.index > last)

    // The leader stops: another takes over at once, and what was acknowledged is there.
    let stopped = first.configuration
    let begin = Clock.monotonic()
    await first.stop()
    let rest = nodes.filter { $0 !== first }
    let second = try await leader(of: rest)
    #expect(second !== first)
    let after = try #require(position(await second.submit([0xFF, 100])))
    #expect(after.index > last)
    #expect(Clock.monotonic() - begin < 4_000_000_000, "Handing over took too long.")

    // Back again it catches up.
    let again = try Node.start(stopped)
    nodes = rest + [again]
    _ = try await leader(of: nodes)
    #expect(await again.waitApplied(after.index, upTo: .milliseconds(1_900)))
    let forwarded = try #require(position(await again.submit([0xFF, 101])))
    #expect(forwarded.index > after.index)

    // Alone, a node accepts nothing, says so in time, and still reads what it has.
    for node in rest { await node.stop() }
    let alone = Clock.monotonic()
    let write = await again.submit([0xFF, 102], parkingUpTo: .milliseconds(200))
    #expect(position(write) == nil)
    #expect(Clock.monotonic() - alone < 4_000_000_000)
    #expect(
      try await again.read(within: .seconds(2)) { reader, _ in try reader.applied() }
        >= forwarded.index)
    await again.stop()
  }

  @Test func `that joins is sent the state and then votes, and a lost disk is not believed`()
    async throws
  {
    let cluster = try LiveCluster(ports: 18_481...18_484, joiners: 1)
    var retention = Retention()
    retention.entries = 20
    retention.leastTrimmed = 10
    let configurations = cluster.configurations.map { configuration in
      var short = configuration
      short.retention = retention
      return short
    }
    var nodes = try configurations.map { try Node.start($0) }
    for number in 0..<200 { _ = await nodes[number % 3].submit([0xFF, UInt8(number)]) }
    // A clean start makes what was applied durable, and the log begins late.
    for node in nodes { await node.stop() }
    nodes = try configurations.map { try Node.start($0) }
    _ = await nodes[0].submit([0xFF])
    #expect(await eventually { nodes.allSatisfy { $0.status.base > .zero } })

    let joiner = try Node.start(cluster.joining[0])
    let member = Configuration.Member(id: NodeID(rawValue: 4), peer: "127.0.0.1:18484")
    var answer = ChangeAnswer.notLeader(nil)
    for _ in 0..<200 {
      answer = try await leader(of: nodes).change(.add(member))
      if case .done = answer { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    guard case .done = answer else {
      Issue.record("It was not added: \(answer).")
      return
    }
    #expect(
      await eventually { joiner.status.configuration.voters == [1, 2, 3, 4].map(NodeID.init) })
    #expect(
      joiner.status.base > .zero, "It was sent the state, and not the log from its beginning.")
    for number in 0..<50 { _ = await nodes[number % 3].submit([0xFF, UInt8(number)]) }
    guard case .ready(let index) = await joiner.readIndex() else {
      Issue.record("No index for a read on the new member.")
      return
    }
    var heads: [StateHead] = []
    for node in [joiner, nodes[0]] {
      #expect(await node.waitApplied(index, upTo: .seconds(1)))
      heads.append(
        try await node.read(within: .seconds(2)) { reader, _ in try reader.stateHead() })
    }
    #expect(heads[0] == heads[1])

    #expect(
      await eventually {
        nodes.allSatisfy { $0.status.configuration.member(member.id)?.incarnation ?? 0 != 0 }
      })

    // It loses its disk and comes back under its number: its vote would not be worth anything.
    await joiner.stop()
    LiveCluster.remove(cluster.joining[0].dataFolder)
    let forgetful = try Node.start(cluster.joining[0])
    try await Task.sleep(for: .milliseconds(500))
    #expect(forgetful.status.peers.allSatisfy { !$0.isConnected })
    #expect(forgetful.status.commit == .zero)
    await forgetful.stop()
    for node in nodes { await node.stop() }
  }

  @Test func `that leads looks for what is due once it has applied what was before it`()
    async throws
  {
    let cluster = try LiveCluster(ports: 18_491...18_493)
    let looks = Lock<[(node: NodeID, applied: LogIndex)]>([])
    let nodes = try cluster.configurations.map { configuration in
      var configuration = configuration
      let node = configuration.node
      configuration.dueCommand = { reader, _ in
        let applied = try reader.applied()
        let isFirst = looks.withLock { looks in
          looks.append((node, applied))
          return looks.count == 1
        }
        return isFirst ? [0xFD] : nil
      }
      return try Node.start(configuration)
    }
    let first = try await leader(of: nodes)
    // The barrier, the founding and what was due.
    #expect(await first.waitApplied(LogIndex(rawValue: 3), upTo: .milliseconds(1_900)))
    for node in nodes { await node.stop() }
    let seen = looks.withLock { $0 }
    #expect(seen.first?.node == first.status.node)
    #expect(seen.allSatisfy { $0.applied >= LogIndex(rawValue: 1) })
  }

  @Test func `is not heard by another cluster`() async throws {
    let ours = try LiveCluster(ports: 18_461...18_462)
    let theirs = try LiveCluster(ports: 18_461...18_463)
    let node = try Node.start(ours.configurations[0])
    // The same addresses in another cluster: its authority is not ours.
    let stranger = try Node.start(theirs.configurations[1])
    try await Task.sleep(for: .milliseconds(300))
    #expect(node.status.peers.allSatisfy { !$0.isConnected })
    #expect(stranger.status.peers.allSatisfy { !$0.isConnected })
    #expect(node.status.leader == nil)
    await node.stop()
    await stranger.stop()
  }

  @Test func `says what is wrong with its configuration`() throws {
    let cluster = try LiveCluster(ports: 18_471...18_472)
    var configuration = cluster.configurations[0]
    configuration.node = NodeID(rawValue: 9)
    #expect(throws: NodeError.configuration("Node 9 is not among the members.")) {
      try Node.start(configuration)
    }
  }
}
