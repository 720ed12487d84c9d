import EventLoop
import JSON
import Testing
import muster

/// The examples of the page "Declare from a monitoring system", run as they stand there.
@Suite("The page \u{201C}Declare from a monitoring system\u{201D}", .serialized)
struct MonitoringExampleTests {
  private static let page =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    + "/Sources/Gateway/Gateway.docc/DeclareFromMonitoring.md"

  /// The blocks of code for a shell, in their order.
  private static func examples() throws -> [String] {
    let text = String(decoding: try Files.read(page, atMost: 1 << 16), as: UTF8.self)
    return text.split(separator: "```sh\n").dropFirst().map {
      String($0.split(separator: "```", maxSplits: 1)[0])
    }
  }

  /// The answer that stands last in what was said, behind what `muster` notes.
  private func answer(_ said: String) throws -> JSONValue {
    try JSONValue(parsing: Array((said.split(separator: "\n").last ?? "").utf8))
  }

  private func incident(_ id: String, _ cluster: RealCluster) -> JSONValue? {
    var line = cluster.line(to: 2)
    return line.get("/v1/incidents/\(id)").json
  }

  @Test(.enabled(if: RealCluster.has("curl")))
  func `declares once, clears, declares by hand, and gathers a storm`() throws {
    let cluster = try RealCluster()
    try cluster.told {
      defer { try? cluster.removeScratch() }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      var admin = cluster.line(to: 1)
      let added = admin.post(
        "/v1/services", key: "service", #"{"key":"payments","name":"Card payments"}"#)
      #expect(added.status == 201)
      let examples = try Self.examples()
      try #require(examples.count == 4)

      // The key, and what it posts.
      try cluster.shell(examples[0])
      let first = try answer(cluster.shell(examples[1]))
      let items = first["result"]?["items"]?.elements ?? []
      try #require(items.count == 1)
      let id = try #require(items[0]["id"]?.text)
      #expect(items[0]["reference"]?.text?.hasPrefix("INC-") == true)
      #expect(first["result"]?["leftOut"]?.integer == 0)
      #expect(incident(id, cluster)?["title"]?.text == "Card payments are failing")
      let again = try answer(cluster.shell(examples[1]))
      #expect(again["result"]?["items"]?.elements.first?["id"]?.text == id, "Declared once.")

      // Over, and still for a person to resolve.
      let over = try answer(cluster.shell(examples[2]))
      #expect(over["result"]?["items"]?.elements.first?["id"]?.text == id)
      #expect(incident(id, cluster)?["status"]?.text == "open")
      let timeline = admin.get("/v1/incidents/\(id)/timeline?limit=200").json?["items"]
      #expect(timeline?.elements.contains { $0["kind"]?.text == "alert-cleared" } == true)

      // A key of the sender's makes it one request.
      let declared = try answer(cluster.shell(examples[3]))
      let deployment = try #require(declared["result"]?["id"]?.text)
      #expect(incident(deployment, cluster)?["title"]?.text == "Deployment 4711 failed half way")

      // Ten were opened with this many more; the next gathers them, and what follows is in it.
      let storm = try cluster.shell(
        """
        for number in 1 2 3 4 5 6 7 8 9 10 11; do
          sed "s/payments.failing/payments$number/; s/payments-1/payments-1$number/" alert.json > more.json
          curl --silent --fail-with-body --cacert "$MUSTER_CA" --header @muster-header \\
            --json @more.json "$node/v1/alerts/alertmanager"
          echo
        done
        """)
      let ids = try storm.split(separator: "\n").map { line in
        try answer(String(line))["result"]?["items"]?.elements.first?["id"]?.text
      }
      #expect(ids.count == 11 && Set(ids.prefix(10)).count == 10)
      #expect(ids[9] == ids[10], "What follows the storm's first belongs to it.")
      let gathers = try #require(ids[9].flatMap { incident($0, cluster) })
      #expect(gathers["title"]?.text?.hasPrefix("Alert storm: ") == true)
    }
  }
}
