import EventLoop
import Glibc
import JSON
import Testing
import muster

/// Three real processes, with clients at work, hurt in every way that a machine allows. Short as a test;
/// `Cluster/drill` makes it longer.
@Suite("A drill", .serialized, .enabled(if: Drill.isPossible, Drill.lacks))
struct DrillTests {
  @Test func `loses nothing, does nothing twice and shows everybody the same`() throws {
    try Drill.run(seconds: Drill.seconds, seed: Drill.seed)
  }
}

/// One drill, from its first write to its verdict.
enum Drill {
  static let lacks: Comment = "needs to mount: a small disk for each node, and names of its own"
  /// Whether this machine lets the tests do what a drill does, tried in a mount namespace that goes away.
  static let isPossible: Bool = {
    guard geteuid() == 0, Files.exists("/usr/bin/unshare") else { return false }
    let attempt = "mount -t tmpfs none /mnt && mount --bind /etc/hosts /etc/hosts"
    return unsafe system("/usr/bin/unshare --mount /bin/sh -c '\(attempt)' 2>/dev/null") == 0
  }()

  static var seconds: Int { number("MUSTER_DRILL_SECONDS") ?? 25 }
  static var seed: UInt64 { UInt64(number("MUSTER_DRILL_SEED") ?? 1) }
  private static let clients = 6
  /// How long the same registers are used: a history stays short enough to be searched.
  private static let fresh: Int64 = 10
  /// Megabytes of a node's disk.
  private static let disk = 1_024
  /// A majority is well for all but moments of a drill.
  private static let longestSilence: Int64 = 15

  private static func number(_ name: String) -> Int? {
    Environment.value(name).flatMap { Int($0) }
  }

  static func run(seconds: Int, seed: UInt64) throws {
    let cluster = try RealCluster(drilling: disk)
    let roads = try #require(cluster.roads)
    var isDone = false
    defer {
      roads.end()
      cluster.unmount()
      if isDone {
        try? cluster.remove()
      } else {
        print("The logs are in \(cluster.local.folder.path).")
      }
    }
    let registers = try Registers(cluster, clients: clients)
    var nemesis = Nemesis(cluster, roads, seed: seed)
    let begun = Clock.monotonic()
    var renewed = begun
    var done: [(mishap: Mishap, from: Int64, to: Int64)] = []
    let end = begun + Duration.seconds(seconds).nanoseconds
    while Clock.monotonic() < end {
      for mishap in nemesis.round() where Clock.monotonic() < end {
        let from = Clock.monotonic()
        let node = try nemesis.happen(mishap)
        done.append((mishap, from, Clock.monotonic()))
        say("\((from - begun) / 1_000_000_000) s: n\(node) \(mishap.rawValue)")
        usleep(700_000)
        if Clock.monotonic() - renewed > Duration.seconds(fresh).nanoseconds {
          try registers.renew()
          renewed = Clock.monotonic()
        }
      }
    }
    roads.open()
    try cluster.waitUntilServing(RealCluster.nodes)
    let told = registers.end()
    try cluster.waitUntilServing(RealCluster.nodes)
    let ends = try RealCluster.nodes.map { try cluster.endOfRecord(on: $0) }
    #expect(Set(ends).count == 1, "All have the same record: \(ends)")
    let verdict = try Verdict(told.stories) { try cluster.tickets(of: $0) }
    #expect(told.strange.isEmpty)
    #expect(verdict.wrong.isEmpty)
    report(done, verdict, told.acknowledgements)
    #expect(longestGap(told.acknowledgements) < longestSilence * 1_000)
    isDone = verdict.wrong.isEmpty && told.strange.isEmpty && Set(ends).count == 1
  }

  private static func report(
    _ done: [(mishap: Mishap, from: Int64, to: Int64)], _ verdict: Verdict,
    _ acknowledgements: [Int64]
  ) {
    for mishap in Mishap.allCases {
      let times = done.filter { $0.mishap == mishap }
      guard !times.isEmpty else { continue }
      let gaps = times.map { time in
        longestGap(acknowledgements, from: time.from, to: time.to + 500_000_000)
      }.sorted()
      say(
        "\(mishap.rawValue): \(times.count) times; without an acknowledged write for "
          + "\(gaps[gaps.count / 2]) ms in the middle, \(gaps[gaps.count - 1]) at worst")
    }
    say(
      "\(done.count) mishaps; \(verdict.operations) operations: \(verdict.acknowledged) writes "
        + "acknowledged, \(verdict.refused) refused, \(verdict.unknown) unknown; "
        + "\(verdict.wrong.count) wrong")
  }

  /// Milliseconds without an acknowledgement, at most, of spans that touch `from` to `to`.
  private static func longestGap(
    _ times: [Int64], from: Int64 = 0, to: Int64 = .max
  ) -> Int64 {
    zip(times, times.dropFirst()).reduce(0) { longest, pair in
      pair.1 < from || pair.0 > to ? longest : max(longest, (pair.1 - pair.0) / 1_000_000)
    }
  }

  private static func say(_ text: String) {
    print("drill: \(text)")
    fflush(nil)
  }
}

extension RealCluster {
  /// The end of a node's record: position and hash.
  fileprivate func endOfRecord(on node: Int) throws -> String {
    var line = line(to: node)
    guard let end = line.get("/v1/audit?after=999999999&limit=1").json?["end"],
      let position = end["position"]?.integer, let hash = end["hash"]?.text
    else { throw Trouble("\(node) does not tell where its record ends") }
    return "\(position) \(hash)"
  }

  /// How often each value was written into the ticket of an incident, as its timeline tells.
  fileprivate func tickets(of incident: String) throws -> [UInt64: Int] {
    var line = line(to: 1)
    var found: [UInt64: Int] = [:]
    var after = ""
    while true {
      let target = "/v1/incidents/\(incident)/timeline?limit=200\(after)"
      guard let page = line.get(target, within: .seconds(10)).json, let items = page["items"] else {
        throw Trouble("no timeline is given of \(incident)")
      }
      for item in items.elements {
        guard let text = item["summary"]?.text, text.contains("recorded its ticket") else {
          continue
        }
        let value = text.split(separator: " ").last.flatMap { UInt64($0.dropLast()) }
        if let value { found[value, default: 0] += 1 }
      }
      guard let next = page["next"]?.text else { return found }
      after = "&after=\(next)"
    }
  }
}
