import Bytes
import EventLoop
import Incidents
import Raft
import Replication
import SQLite
import Store
import Testing

@Suite("A node that reads its ledger through", .serialized)
struct ScrubTests {
  private func founding() -> [UInt8] {
    Command(
      actor: .system, receivedAt: 0, salt: [UInt8](repeating: 1, count: Bound.salt),
      action: .found(
        Founding(
          person: ID(high: 1, low: 1), name: "Ana", email: "ana@example.org",
          credential: ID(high: 1, low: 2), tokenHash: [UInt8](repeating: 7, count: 32),
          team: ID(high: 1, low: 3)))
    ).encoded()
  }

  private func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1_500 {
      if await condition() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  @Test func `takes another state once a row is not what was written`() async throws {
    let cluster = try LiveCluster(ports: 18_491...18_493)
    let configurations = cluster.configurations.map { configuration in
      var quick = configuration
      quick.foundingCommand = founding()
      quick.scrub = ScrubPace(
        first: .milliseconds(50), pause: .milliseconds(5), every: .milliseconds(200))
      return quick
    }
    var nodes = try configurations.map { try Node.start($0) }
    let isRead = await eventually {
      nodes.allSatisfy { $0.scrub.rows > 0 && $0.scrub.fault == nil }
    }
    #expect(isRead)

    await nodes[1].stop()
    let folder = configurations[1].dataFolder
    do {
      let database = try Database(path: "\(folder)/state-1.db", access: .write)
      try database.run("UPDATE event_body SET body = zeroblob(length(body)) WHERE position = 1")
    }
    nodes[1] = try Node.start(configurations[1])
    let node = nodes[1]
    #expect(await eventually { node.scrub.fault != nil })
    #expect(node.scrub.fault == "row 1 of the ledger does not say what it was committed to")
    // It serves nothing until it has another state, and then all is well again.
    #expect(await eventually { node.scrub.endedAt != nil && node.scrub.fault == nil })
    #expect(await eventually { node.status.divergedAfter == nil })
    #expect(try Files.list(folder).contains { $0.hasPrefix("state-2") })
    for node in nodes { await node.stop() }
  }
}
