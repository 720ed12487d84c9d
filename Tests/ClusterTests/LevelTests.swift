import EventLoop
import JSON
import Testing
import muster

/// How a cluster goes from one version to the next while work goes on.
@Suite("A cluster whose nodes are replaced by the next version", .serialized)
struct LevelTests {
  @Test func `goes on at the level before, and is raised once the last node is`() throws {
    let cluster = try RealCluster(isHeldBack: true)
    defer { try? cluster.remove() }
    try cluster.told {
      let load = Load(cluster, prefix: "level", writers: 3)
      try load.wait(for: 60)
      for node in RealCluster.nodes {
        try cluster.waitForLevel(1, on: RealCluster.nodes)
        try cluster.hold(node, back: false)
        cluster.kill(node)
        try load.wait(for: 40)
        try cluster.start(node)
        try cluster.waitUntilServing(RealCluster.nodes)
      }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      try load.wait(for: 40)
      try cluster.compare(load.end(), of: load, on: RealCluster.nodes)

      // There is no way back, and the node says so.
      try cluster.hold(3, back: true)
      cluster.kill(3)
      try cluster.start(3)
      try cluster.waitForLog(of: [3], "take behaviour.newest out of its configuration")
    }
  }

  /// A binary of the version before this one, if there is one at hand.
  private static let older = Environment.value("MUSTER_BEFORE")

  @Test(.enabled(if: older != nil, "MUSTER_BEFORE names no binary of the version before."))
  func `takes over from nodes of the version before, one by one`() throws {
    let cluster = try RealCluster(older: Self.older)
    defer { try? cluster.remove() }
    try cluster.told {
      let load = Load(cluster, prefix: "before", writers: 3)
      try load.wait(for: 60)
      for node in RealCluster.nodes {
        cluster.kill(node)
        try load.wait(for: 40)
        cluster.upgrade(node)
        try cluster.start(node)
        try cluster.waitUntilServing(RealCluster.nodes)
        if node != 3 { try cluster.waitForLevel(1, on: Array(1...node)) }
        // Each may lead the others, whatever they run.
        try cluster.tell(cluster.administer(["cluster", "transfer", "\(node)"]))
        try cluster.waitForRole(of: node, "leader")
        try load.wait(for: 40)
      }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      try load.wait(for: 40)
      try cluster.compare(load.end(), of: load, on: RealCluster.nodes)
    }
  }
}

extension RealCluster {
  /// Lets a node announce, from its next start on, what the version before this one announced, or no
  /// more so.
  func hold(_ node: Int, back isHeld: Bool) throws {
    let held = "{\"behaviour\":{\"newest\":1},"
    let path = local.folder.node(node).configuration
    let text = String(decoding: try Files.read(path, atMost: 1 << 20), as: UTF8.self)
    let plain = text.hasPrefix(held) ? "{" + text.dropFirst(held.count) : text
    let words = isHeld ? held + plain.dropFirst() : plain
    try Files.write(Array(words.utf8), to: path, mode: 0o600)
  }

  /// Takes out of a node's configuration what the version before this one does not know.
  func forgetMachines(of node: Int) throws {
    let path = local.folder.node(node).configuration
    let text = String(decoding: try Files.read(path, atMost: 1 << 20), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.filter { !$0.contains("\"machines\"") }.joined(separator: "\n")
    try Files.write(Array(rest.utf8), to: path, mode: 0o600)
  }

  /// Waits until a level is in force by the word of each of these nodes.
  func waitForLevel(_ level: Int, on nodes: [Int]) throws {
    for node in nodes {
      var line = line(to: node)
      try wait("behaviour level \(level) on \(node)") {
        let status = line.get("/v1/cluster", within: .seconds(1)).json
        return status?["level"]?["inForce"]?.integer == level
      }
    }
  }
}
