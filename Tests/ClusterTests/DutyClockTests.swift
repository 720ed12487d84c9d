import EventLoop
import Glibc
import Incidents
import JSON
import Testing
import muster

/// Reminders and pages of three real processes, whose leaders are killed as they come due.
@Suite("The duty clock of three processes", .serialized)
struct DutyClockTests {
  private static let incidents = 6

  @Test func `has each thing happen once whoever leads, and nothing is lost`() throws {
    let cluster = try RealCluster()
    try cluster.told {
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      try write(
        "/v1/settings", #"{"escalation":{"p1Seconds":1,"p2Seconds":1,"againSeconds":1}}"#, cluster)
      var ids: [String] = []
      for number in 0..<Self.incidents {
        let done = try write(
          "/v1/incidents", #"{"title":"P1 \#(number)","priority":"P1"}"#, cluster)
        ids.append(try #require(done["result"]?["id"]?.text))
      }
      for kill in 0..<3 {
        for (place, id) in ids.enumerated() {
          let next = Timestamp.format(Clock.now() + Int64(3_000 + 300 * place))
          let body = #"{"audience":"stakeholders","text":"\#(kill)","nextUpdateAt":"\#(next)"}"#
          _ = try write("/v1/incidents/\(id)/updates", body, cluster)
        }
        usleep(700_000)
        let leader = try cluster.leader()
        cluster.kill(leader)
        // What is promised comes due while nobody leads and while the next one begins.
        usleep(4_500_000)
        try cluster.start(leader)
        try cluster.waitUntilServing(RealCluster.nodes)
      }
      for id in ids { _ = try write("/v1/incidents/\(id)/acknowledgement", "", cluster) }
      usleep(3_000_000)
      var counts = (reminders: 0, pages: 0)
      for id in ids {
        let seen = try RealCluster.nodes.map { try happened(to: id, on: $0, cluster) }
        #expect(seen[0] == seen[1] && seen[1] == seen[2])
        let reminders = seen[0].reminders
        #expect(Set(reminders).count == reminders.count, "\(id): \(reminders)")
        // Every update that was promised and was not sent in time was said to be overdue.
        #expect(Set(reminders.filter { $0.hasPrefix("send-update overdue") }).count == 3)
        for (page, next) in zip(seen[0].pages, seen[0].pages.dropFirst()) {
          #expect(next - page >= 1_000, "\(id): the chain does not wait.")
        }
        counts.reminders += reminders.count
        counts.pages += seen[0].pages.count
      }
      #expect(counts.reminders >= 3 * Self.incidents && counts.pages >= 5 * Self.incidents)
      print("\(counts.reminders) reminders and \(counts.pages) pages, each once")
    }
  }

  /// Asks until it is answered; a key makes it one request.
  @discardableResult
  private func write(_ path: String, _ body: String, _ cluster: RealCluster) throws -> JSONValue {
    let key = "duty-\(UInt64.random(in: 0 ... .max))"
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

  /// What the clock brought about.
  private struct Happened: Equatable {
    /// Each reminder: duty, stage, due time and the time that brought it.
    var reminders: [String] = []
    /// When people were paged.
    var pages: [Int64] = []
  }

  private func happened(
    to incident: String, on node: Int, _ cluster: RealCluster
  ) throws -> Happened {
    var line = cluster.line(to: node)
    let path = "/v1/incidents/\(incident)/timeline?limit=200"
    guard let entries = line.get(path).json?["items"]?.elements else {
      throw RealCluster.Trouble("\(node) gives no timeline")
    }
    var happened = Happened()
    for entry in entries {
      switch entry["kind"]?.text {
      case "reminded":
        happened.reminders += (entry["reminders"]?.elements ?? []).map { reminder in
          let stage = reminder["overdue"]?.isTrue == true ? "overdue" : "soon"
          return "\(reminder["duty"]?.text ?? "") \(stage) \(reminder["due"]?.text ?? "") "
            + (reminder["at"]?.text ?? "")
        }
      case "paged":
        let at = try #require(entry["at"]?.text.flatMap { Timestamp.parse($0) })
        happened.pages.append(at)
      default: break
      }
    }
    return happened
  }
}
