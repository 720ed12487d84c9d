import EventLoop
import Glibc
import JSON
import SQLite
import Store
import Testing
import muster

/// An entry that ends every process which applies it, and how an operator gets past it.
@Suite("An entry that ends every node", .serialized)
struct PoisonTests {
  private static let alert = """
    {"version":"4","groupKey":"{}:{alertname=\\"Poison\\"}","status":"firing","receiver":"muster",
     "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://example.org",
     "truncatedAlerts":0,"alerts":[{"status":"firing","labels":{"alertname":"Poison"},
     "annotations":{},"startsAt":"2026-11-23T09:00:00Z","endsAt":"0001-01-01T00:00:00Z",
     "generatorURL":"","fingerprint":"f00f00f00f00f00f"}]}
    """

  @Test func `is skipped by everybody's word, and nothing that was acknowledged is lost`() throws {
    let cluster = try RealCluster()
    defer { try? cluster.remove() }
    try cluster.told {
      let load = Load(cluster, prefix: "poison", writers: 2)
      try load.wait(for: 60)
      let told = load.end()
      try cluster.post(Self.alert, until: 200)
      try cluster.waitUntilServing(RealCluster.nodes)
      for node in RealCluster.nodes { cluster.kill(node) }
      // The same flaw in each state: what stands for the alert's group cannot be read.
      for node in RealCluster.nodes { try cluster.spoilAlerts(of: node) }
      for node in RealCluster.nodes { try cluster.start(node) }
      try cluster.waitUntilServing(RealCluster.nodes)
      try cluster.post(Self.alert.replacing("f00f", with: "0ff0"), until: nil)
      let index = try cluster.stop()

      let unserved = cluster.anyStatus(of: "/v1/incidents?limit=1")
      #expect(unserved == 503, "A node that stopped says nothing of a state it cannot trust.")
      try cluster.skip(index)
      try cluster.waitUntilServing(RealCluster.nodes)
      try cluster.compare(told, of: load, on: RealCluster.nodes)
      let after = Load(cluster, prefix: "after", writers: 2)
      try after.wait(for: 40)
      try cluster.compare(after.end(), of: after, on: RealCluster.nodes)
    }
  }
}

extension RealCluster {
  /// Posts an alert to one node after the other until it is answered so; without a status, once.
  fileprivate func post(_ alert: String, until status: Int?) throws {
    let deadline = Clock.monotonic() + Duration.seconds(15).nanoseconds
    repeat {
      for node in Self.nodes {
        var line = line(to: node)
        let answer = line.post("/v1/alerts/alertmanager", key: "alert", alert)
        if status == nil || answer.status == status { return }
      }
    } while Clock.monotonic() < deadline
    throw Trouble("no node takes an alert")
  }

  fileprivate func spoilAlerts(of node: Int) throws {
    let file = "\(try dataFolder(node))/\(StateStore.fileName(generation: 1))"
    let database = try Database(path: file, access: .write)
    try database.execute("UPDATE alert_group SET body = x'00'")
  }

  /// Starts nodes as they end, until all of them wait before the same entry, and names it.
  fileprivate func stop() throws -> Int {
    let deadline = Clock.monotonic() + Duration.seconds(60).nanoseconds
    while Clock.monotonic() < deadline {
      var stops: [Int] = []
      for node in Self.nodes {
        guard process(node) != nil else {
          try start(node)
          continue
        }
        var line = line(to: node)
        let status = line.get("/v1/cluster", within: .seconds(1)).json
        if let index = status?["stopsBefore"]?.integer { stops.append(index) }
      }
      if stops.count == Self.nodes.count, Set(stops).count == 1 { return stops[0] }
      usleep(50_000)
    }
    throw Trouble("not all nodes stop before the entry")
  }

  /// What any node answers that answers at all.
  fileprivate func anyStatus(of target: String) -> Int? {
    for node in Self.nodes {
      var line = line(to: node)
      if let status = line.get(target).status { return status }
    }
    return nil
  }

  /// Has the entry skipped, as an operator would: again until a leader has heard of every node.
  fileprivate func skip(_ index: Int) throws {
    let words = administer(["cluster", "skip", "--index", "\(index)", "--yes"])
    let deadline = Clock.monotonic() + Duration.seconds(30).nanoseconds
    while true {
      do {
        try tell(words)
        return
      } catch {
        guard Clock.monotonic() < deadline else { throw error }
        usleep(200_000)
      }
    }
  }
}
