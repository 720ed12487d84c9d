import EventLoop
import Glibc
import JSON
import Testing
import muster

/// Someone who follows the stream from node to node, and keeps what they were told.
private final class Follower: Sendable {
  /// One entry: which incident, when, and where to go on behind it.
  struct Told: Hashable {
    let incident: String
    let at: String
    let id: String
  }

  private struct State {
    var told: [Told] = []
    var moves = 0
    var end: String?
  }

  private let state = Lock(State())

  /// - Parameter first: The node that is followed first.
  init(_ cluster: RealCluster, first: Int, until title: String) throws {
    let nodes = RealCluster.nodes.map { cluster.endpoint(of: ($0 + first - 2) % 3 + 1) }
    let follower = try StreamFollower(
      nodes, authority: cluster.local.folder.authority,
      credential: .token(ClientOptions.token(in: cluster.local.folder.token(of: "admin"))),
      patience: .seconds(30))
    Threads.start(named: "follower") {
      var follower = follower
      do throws(Failure) {
        try follower.follow(
          "/v1/stream",
          each: { entry, _, id in
            let incident = entry["incident"]
            self.state.withLock { state in
              state.told.append(
                Told(incident: incident?["id"]?.text ?? "", at: entry["at"]?.text ?? "", id: id))
            }
            return incident?["title"]?.text != title
          }, moved: { _, _ in self.state.withLock { $0.moves += 1 } })
        self.state.withLock { $0.end = "" }
      } catch {
        self.state.withLock { $0.end = error.message }
      }
    }
  }

  var count: Int { state.withLock { $0.told.count } }

  /// Waits until they were told the last, and tells all of it.
  func end() throws -> (told: [Told], moves: Int) {
    let deadline = Clock.monotonic() + Duration.seconds(60).nanoseconds
    while true {
      let state = state.withLock { $0 }
      if let end = state.end {
        #expect(end == "")
        return (state.told, state.moves)
      }
      guard Clock.monotonic() < deadline else {
        throw RealCluster.Trouble("a follower was told \(state.told.count) entries and no end")
      }
      usleep(10_000)
    }
  }
}

@Suite("The stream of three processes", .serialized)
struct StreamTests {
  let cluster: RealCluster

  init() throws { cluster = try RealCluster() }

  /// What the ledger says of incidents, as the stream has it: which, when.
  private func ledger(on node: Int) throws -> [(incident: String, at: String)] {
    var line = cluster.line(to: node)
    var rows: [(String, String)] = []
    var after = "0"
    while true {
      let target = "/v1/audit?limit=200&after=\(after)"
      guard let page = line.get(target, within: .seconds(10)).json, let items = page["items"] else {
        throw RealCluster.Trouble("\(node) does not show the record")
      }
      for row in items.elements where row["subjectKind"]?.integer == 7 {
        // Who looked and who tried is told to nobody, nor are the bytes of reports.
        if [31, 32, 52, 172].contains(row["kind"]?.integer) { continue }
        rows.append((row["subject"]?.text ?? "", row["at"]?.text ?? ""))
      }
      guard let next = page["next"]?.text else { return rows }
      after = next
    }
  }

  @Test func `tells each entry once and in order, through ten kills of the leader`() throws {
    try cluster.told {
      let followers = try RealCluster.nodes.map {
        try Follower(cluster, first: $0, until: "The last of all")
      }
      let load = Load(cluster, prefix: "stream", writers: 2)
      try load.wait(for: 20)
      var kills = 0
      for _ in 0..<10 {
        let leader = try cluster.leader()
        cluster.kill(leader)
        kills += 1
        try load.wait(for: 20)
        try cluster.start(leader)
        try cluster.waitUntilServing(RealCluster.nodes)
        try load.wait(for: 20)
      }
      let written = load.end()
      #expect(written.strange.isEmpty)
      var line = cluster.line(to: 1)
      let last = line.post("/v1/incidents", key: "last", #"{"title":"The last of all"}"#)
      #expect(last.status == 201)

      let ledger = try ledger(on: 2)
      var moves = 0
      for follower in followers {
        let heard = try follower.end()
        moves += heard.moves
        let told = heard.told
        let first = try #require(told.first)
        let start = try #require(
          ledger.firstIndex { $0.incident == first.incident && $0.at == first.at })
        let expected = ledger[start...].prefix(told.count)
        let wrong = zip(expected, told).count { $0.incident != $1.incident || $0.at != $1.at }
        #expect(wrong == 0, "Each once, in order, without a gap.")
        #expect(Set(told.map(\.id)).count == told.count)
        // The last incident has entries behind the first that ended this.
        #expect(ledger.count - start - told.count < 10)
        print(
          "stream: \(told.count) events through \(kills) kills of the leader, \(heard.moves) moves",
          "to another node, \(wrong) otherwise than in the ledger")
      }
      #expect(moves >= 10, "Whoever leads is followed by somebody, most of the time.")
    }
  }
}
