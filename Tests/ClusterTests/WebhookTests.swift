import EventLoop
import Glibc
import JSON
import TestReceiver
import Testing
import muster

/// What three real processes post to a receiver that is in trouble, and while their leader is killed.
///
/// With `MUSTER_WEBHOOK_MINUTES` the receiver is in trouble for so long, and what came of it is printed.
@Suite("The webhooks of three processes", .serialized)
struct WebhookTests {
  private static let incidents = 5
  private static let minutes = unsafe getenv("MUSTER_WEBHOOK_MINUTES").flatMap {
    unsafe Int64(String(cString: $0))
  }

  private struct Hook {
    let id: String
    let secret: String
  }

  @Test func `are taken at least once, marked where they are not, and known by their ids`() throws {
    let cluster = try RealCluster()
    let receiver = try Receiver()
    try cluster.told {
      defer { receiver.close() }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      try trust(receiver, cluster)
      var hooks: [String: Hook] = [:]
      for path in ["/flaky", "/refusing", "/fine"] {
        let done = try write(
          "/v1/webhooks",
          #"{"name":"\#(path)","address":"\#(receiver.address(path))","kinds":["pages"]}"#, cluster)
        hooks[path] = Hook(
          id: try #require(done["result"]?["id"]?.text),
          secret: try #require(done["result"]?["secret"]?.text))
      }
      // In trouble for the first attempt and the second.
      let trouble = Self.minutes.map { $0 * 60_000 } ?? 3_000
      let end = Clock.monotonic() / 1_000_000 + trouble
      receiver.behave { post in
        switch post.path {
        case "/flaky" where post.at < end: .status(503)
        case "/refusing": .status(403)
        default: .status(200)
        }
      }
      for number in 0..<Self.incidents {
        try write("/v1/incidents", #"{"title":"P1 \#(number)","priority":"P1"}"#, cluster)
      }
      let flaky = try #require(hooks["/flaky"])
      try wait(until: "all is taken", for: .milliseconds(trouble + 900_000)) {
        let states = try self.states(of: flaky, cluster)
        return states.count >= Self.incidents && states.values.allSatisfy { $0 == "sent" }
      }
      try check(receiver, hooks, troubleUntil: end, cluster)
      try killBetweenClaimAndOutcome(receiver, flaky, cluster)
    }
  }

  /// What came of each webhook's posts.
  private func check(
    _ receiver: Receiver, _ hooks: [String: Hook], troubleUntil end: Int64, _ cluster: RealCluster
  ) throws {
    for (path, hook) in hooks.sorted(by: { $0.key < $1.key }) {
      let posts = receiver.taken.filter { $0.path == path }
      let states = try states(of: hook, cluster)
      let byID = Dictionary(grouping: posts, by: \.delivery)
      #expect(posts.allSatisfy { $0.isSigned(with: hook.secret) })
      #expect(Set(byID.keys) == Set(states.keys))
      // A node that took over meanwhile may say again what another had said, and says so.
      let isOnce = byID.values.allSatisfy { $0.dropFirst().allSatisfy(\.isRepeat) }
      switch path {
      case "/flaky":
        // The first attempt of each failed, but of what came after the trouble; the last was taken.
        #expect(byID.values.allSatisfy { $0.count >= 2 || $0[0].at >= end })
      case "/refusing":
        #expect(isOnce)
        #expect(states.values.allSatisfy { $0 == "failed" })
      default:
        #expect(isOnce)
        #expect(states.values.allSatisfy { $0 == "sent" })
      }
      let ends = Dictionary(grouping: states.values) { $0 }.map { "\($0.value.count) \($0.key)" }
      print(
        "\(path): \(states.count) deliveries, \(posts.count) posts, "
          + "\(posts.count - states.count) of them again, \(ends.sorted().joined(separator: ", "))")
    }
  }

  /// The leader dies with a post under way, of which then nobody knows the end.
  private func killBetweenClaimAndOutcome(
    _ receiver: Receiver, _ hook: Hook, _ cluster: RealCluster
  ) throws {
    let before = Set(receiver.taken.map(\.delivery))
    receiver.behave { $0.path == "/flaky" && !$0.isRepeat ? .hang : .status(200) }
    try write("/v1/incidents", #"{"title":"P1 of the end","priority":"P1"}"#, cluster)
    func posts() -> [Receiver.Taken] {
      receiver.taken.filter { $0.path == "/flaky" && !before.contains($0.delivery) }
    }
    try wait(until: "the post comes", for: .seconds(30)) { !posts().isEmpty }
    let leader = try cluster.leader()
    let killed = Clock.monotonic() / 1_000_000
    cluster.kill(leader)
    let rest = RealCluster.nodes.filter { $0 != leader }
    try wait(until: "the post comes again", for: .seconds(90)) { posts().count >= 2 }
    let found = posts()
    #expect(Set(found.map(\.delivery)).count == 1)
    #expect(found.map(\.isRepeat) == [false, true])
    try wait(until: "it is taken", for: .seconds(30)) {
      try self.states(of: hook, cluster, asking: rest)[found[0].delivery] == "sent"
    }
    print("again \(found[1].at - killed) ms after the leader was killed")
    try cluster.start(leader)
    try cluster.waitUntilServing(RealCluster.nodes)
    #expect(posts().count == 2)
  }

  /// Has each node trust the authority of the receiver's certificate.
  private func trust(_ receiver: Receiver, _ cluster: RealCluster) throws {
    for node in RealCluster.nodes {
      cluster.kill(node)
      let path = cluster.local.folder.node(node).configuration
      let text = String(decoding: try Files.read(path, atMost: 1 << 16), as: UTF8.self)
      let place = try #require(text.firstIndex(of: "{"))
      let part = #""webhooks":{"authority":"\#(receiver.authority)"},"#
      let changed = String(text[...place]) + part + String(text[text.index(after: place)...])
      try Files.write(Array(changed.utf8), to: path, mode: 0o600)
      try cluster.start(node)
    }
    try cluster.waitUntilServing(RealCluster.nodes)
  }

  /// What became of each delivery.
  private func states(
    of hook: Hook, _ cluster: RealCluster, asking nodes: [Int] = RealCluster.nodes
  ) throws -> [String: String] {
    for attempt in 0..<400 {
      var line = cluster.line(to: nodes[attempt % nodes.count])
      let path = "/v1/webhooks/\(hook.id)/deliveries?limit=200"
      if let items = line.get(path).json?["items"]?.elements {
        return Dictionary(
          uniqueKeysWithValues: items.map { ($0["id"]?.text ?? "", $0["state"]?.text ?? "") })
      }
      usleep(20_000)
    }
    throw RealCluster.Trouble("the deliveries are not listed")
  }

  private func wait(
    until what: String, for limit: Duration, _ condition: () throws -> Bool
  ) throws {
    let deadline = Clock.monotonic() + limit.nanoseconds
    while try !condition() {
      guard Clock.monotonic() < deadline else {
        throw RealCluster.Trouble("waited in vain until \(what)")
      }
      usleep(100_000)
    }
  }

  /// Asks until it is answered; a key makes it one request.
  @discardableResult
  private func write(_ path: String, _ body: String, _ cluster: RealCluster) throws -> JSONValue {
    let key = "hook-\(UInt64.random(in: 0 ... .max))"
    for attempt in 0..<400 {
      var line = cluster.line(to: RealCluster.nodes[attempt % RealCluster.nodes.count])
      let result = line.post(path, key: key, body)
      if let status = result.status, status < 300, let json = result.json { return json }
      if let status = result.status, status < 500 {
        throw RealCluster.Trouble("\(path) is answered by \(status)")
      }
      usleep(20_000)
    }
    throw RealCluster.Trouble("\(path) is not answered")
  }
}
