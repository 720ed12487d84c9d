import EventLoop
import Glibc
import HTTP
import JSON
import Testing
import muster

/// Three real processes, killed, stopped and cut off; and how others take their places.
@Suite("A cluster of three processes", .serialized)
struct ClusterTests {
  let cluster: RealCluster

  init() throws { cluster = try RealCluster() }

  @Test func `loses nothing acknowledged when leaders are killed under load`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "kill")
      for _ in 0..<3 {
        try load.wait(for: 60)
        let leader = try cluster.leader()
        cluster.kill(leader)
        let others = RealCluster.nodes.filter { $0 != leader }
        #expect(try others.contains(cluster.leader(of: others)))
        try load.wait(for: 60)
        try cluster.start(leader)
        try cluster.waitUntilServing(RealCluster.nodes)
      }
      let told = load.end()
      #expect(told.acknowledged.count >= 360)
      try cluster.compare(told, of: load)
    }
  }

  @Test func `loses nothing when all are killed at once`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "all")
      try load.wait(for: 100)
      for node in RealCluster.nodes { cluster.signal(SIGKILL, node) }
      for node in RealCluster.nodes { cluster.kill(node) }
      for node in RealCluster.nodes { try cluster.start(node) }
      try cluster.waitUntilServing(RealCluster.nodes)
      try load.wait(for: 20)
      try cluster.compare(load.end(), of: load)
    }
  }

  @Test func `hands over on SIGTERM, and ends well`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "term")
      try load.wait(for: 60)
      let leader = try cluster.leader()
      let number = try #require(cluster.process(leader)).number
      cluster.signal(SIGTERM, leader)
      #expect(cluster.exitCode(of: number, within: .seconds(15)) == 0)
      let others = RealCluster.nodes.filter { $0 != leader }
      let next = try cluster.leader(of: others)
      try load.wait(for: 60)
      #expect(others.contains(try cluster.leader(of: others)) && others.contains(next))
      try cluster.start(leader)
      try cluster.waitUntilServing(RealCluster.nodes)
      let told = load.end()
      #expect(told.unknown.isEmpty, "Whoever was in flight was answered.")
      try cluster.compare(told, of: load)
    }
  }

  @Test func `says so within two seconds when most are gone`() throws {
    try cluster.told {
      let leader = try cluster.leader()
      let others = RealCluster.nodes.filter { $0 != leader }
      var line = cluster.line(to: leader)
      let load = Load(cluster, prefix: "alone", writers: 1)
      try load.wait(for: 1)
      _ = load.end()
      for node in others { cluster.kill(node) }
      for number in 1_000..<1_003 {
        let begun = Clock.monotonic()
        let status = load.send(number, on: &line).status
        #expect(status == 503 || status == 504)
        #expect(Clock.monotonic() - begun < Duration.milliseconds(4_000).nanoseconds)
      }
      let begun = Clock.monotonic()
      #expect(line.get("/v1/incidents").status == 503)
      #expect(Clock.monotonic() - begun < Duration.milliseconds(4_000).nanoseconds)
      let stale = line.get("/v1/incidents?consistency=stale")
      #expect(stale.status == 200)
      #expect(stale.json?["items"]?.elements.count ?? 0 > 0)
      guard case .answered(let response) = stale else { return }
      #expect(response.fields["Muster-Stale-Milliseconds"] != nil)

      for node in others { try cluster.start(node) }
      try cluster.waitUntilServing(RealCluster.nodes)
      #expect(load.send(2_000, on: &line).status == 201)
    }
  }

  @Test func `is not held up by a node that is silent`() throws {
    try cluster.told {
      let leader = try cluster.leader()
      let silent = try #require(RealCluster.nodes.first { $0 != leader })
      let other = try #require(RealCluster.nodes.first { $0 != leader && $0 != silent })
      cluster.signal(SIGSTOP, silent)
      let load = Load(cluster, prefix: "silent", writers: 1)
      _ = load.end()
      // Sent to the leader, and to a follower that has to forward it.
      for (place, node) in [leader, other, leader, other].enumerated() {
        var line = cluster.line(to: node)
        #expect(load.send(1_000 + place, on: &line).status == 201)
      }
      cluster.signal(SIGCONT, silent)
      try cluster.waitUntilServing(RealCluster.nodes)
      let found = try cluster.incidents("silent-1", on: silent)
      #expect(found.count >= 4)
    }
  }

  @Test func `goes on with one node's log when the others are lost for good`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "lost")
      try load.wait(for: 200)
      let told = load.end()
      for node in RealCluster.nodes { cluster.kill(node) }
      // Compared as an operator does: the survivor with the most is taken.
      let folders = try RealCluster.nodes.map { try cluster.dataFolder($0) }
      let ranked = try cluster.tell(
        ["cluster", "survivors"] + folders.flatMap { ["--folder", $0] })
      let best = try #require(
        ranked.split(separator: "\n").dropFirst().first?.split(separator: " ").first)
      let node = try #require(Int(best.dropFirst()))
      #expect(throws: RealCluster.Trouble.self, "It asks before it does what cannot be undone.") {
        try cluster.tell(["cluster", "recover", folders[node - 1]])
      }
      _ = try cluster.tell(["cluster", "recover", folders[node - 1], "--yes"])
      // The others start with the files that they had, and are not heard.
      for node in RealCluster.nodes { try cluster.start(node) }
      try cluster.waitUntilServing([node])
      #expect(try cluster.leader(of: [node]) == node)
      let found = Set(try cluster.incidents(load.prefix, on: node).map(\.reference))
      #expect(Set(told.acknowledged.map(load.reference)).isSubset(of: found))

      // It is not alone for long.
      for other in RealCluster.nodes where other != node { cluster.kill(other) }
      try cluster.join(4)
      try cluster.waitForMembers(on: node) { $0.isVoting(4) }
      let joined = try cluster.incidents(load.prefix, on: 4).map(\.reference)
      #expect(found == Set(joined))
    }
  }
}
