import EventLoop
import Glibc
import HTTP
import JSON
import TLS
import Testing
import muster

/// Secrets in real use, and in the places where people put them by mistake.
@Suite("Secrets", .serialized)
struct SecretTests {
  private static let password = "kettle-orbit-saffron-9-quartz"
  private static let guess = "walnut-harbour-velvet-3-copper"
  private static let account = "ana@example.org"

  /// A secret, by what it is.
  private struct Planted {
    let what: String
    let text: String
  }

  @Test(.enabled(if: RealCluster.has("curl")))
  func `stand in no log, error, file of a node, list of processes or export`() throws {
    let cluster = try RealCluster()
    try cluster.told {
      defer { try? cluster.removeScratch() }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      let processes = Processes()
      let secrets = try plant(cluster)
      #expect(secrets.count >= 12 && secrets.allSatisfy { $0.text.utf8.count >= 8 })
      let answers = try misuse(secrets, cluster)
      #expect(answers.split(separator: "HTTP/1.1 ").count > 200)
      let exports = try export(cluster)
      let seen = processes.end()
      #expect(seen.contains { $0.contains("muster") && $0.contains("node") })

      try write(seen.joined(separator: "\n"), to: "processes", cluster)
      try write(secrets.map(\.text).joined(separator: "\n"), to: "secrets", cluster)
      let nodes = RealCluster.nodes.map(cluster.local.folder.node)
      let places = ["processes", "answers"] + exports + nodes.flatMap { [$0.log, $0.data] }
      // Once to know that it is looked at all, then for what must not be there.
      let looked = try cluster.shell("grep -rslaE . \(places.joined(separator: " ")) || true")
      #expect(looked.split(separator: "\n").count >= 8 + 3 * 3, "\(looked)")
      let found = try cluster.shell(
        "grep -rasFf secrets \(places.joined(separator: " ")) || true")
      #expect(found == "", "\(found)\n\(secrets)")
    }
  }

  private func write(_ text: String, to name: String, _ cluster: RealCluster) throws {
    try Files.write(Array((text + "\n").utf8), to: "\(cluster.scratch)/\(name)", mode: 0o600)
  }

  /// Makes each kind of secret through its ordinary use.
  private func plant(_ cluster: RealCluster) throws -> [Planted] {
    let trust = try TLSContext.client(authority: cluster.local.folder.authority)
    var admin = cluster.line(to: 1)
    func done(_ result: Line.Result) throws -> JSONValue {
      let json = try #require(result.json)
      #expect([200, 201].contains(result.status), "\(result)")
      return json["result"] ?? json
    }
    _ = try done(
      admin.post("/v1/services", key: "service", #"{"key":"payments","name":"Payments"}"#))
    _ = try done(
      admin.post("/v1/people", key: "ana", #"{"name":"Ana","email":"\#(Self.account)"}"#))
    let issued = try done(admin.post("/v1/people/\(Self.account)/tokens", key: "token", "{}"))
    let token = try #require(issued["token"]?.text)
    var ana = Line(to: cluster.endpoint(of: 1), trust, token: token)
    _ = try done(ana.post("/v1/me/password", key: "password", #"{"password":"\#(Self.password)"}"#))
    let codes = try done(ana.post("/v1/me/codes", key: "codes", "{}"))["codes"]?.elements ?? []
    let signedIn = ana.post(
      "/v1/sign-in", key: "in", #"{"account":"\#(Self.account)","password":"\#(Self.password)"}"#,
      within: .seconds(20))
    guard case .answered(let response) = signedIn, let cookie = response.fields["Set-Cookie"],
      let value = cookie.split(separator: ";").first?.split(separator: "=").last
    else { throw RealCluster.Trouble("nobody is signed in: \(signedIn)") }
    _ = ana.post(
      "/v1/sign-in", key: "no", #"{"account":"\#(Self.account)","password":"\#(Self.guess)"}"#,
      within: .seconds(20))
    try cluster.shell(
      """
      umask 077
      muster service ingest-key payments > ingest
      muster service key payments --scopes read,declare > service
      muster webhook add pager https://127.0.0.1:9/hook > webhook
      """)
    var secrets = [
      Planted(
        what: "the administrator's token",
        text: try text(of: cluster.local.folder.token(of: "admin"))),
      Planted(what: "a person's token", text: token),
      Planted(what: "a password", text: Self.password),
      Planted(what: "a wrong password", text: Self.guess),
      Planted(what: "a session", text: String(value)),
      Planted(what: "a printed code", text: codes.first?.text ?? ""),
      Planted(what: "an ingest key", text: try cluster.written("ingest")),
      Planted(what: "a service's key", text: try cluster.written("service")),
      Planted(what: "a webhook's secret", text: try cluster.written("webhook")),
    ]
    let keys =
      [("the authority", cluster.local.folder.authorityKey)]
      + [cluster.local.folder.node(1)].flatMap {
        [("clients' key", $0.clientKey), ("the peers' key", $0.peerKey)]
      }
    for (what, path) in keys {
      let lines = try text(of: path).split(separator: "\n")
      secrets.append(Planted(what: what, text: String(lines.dropFirst().first ?? "")))
    }
    return secrets.map { Planted(what: $0.what, text: $0.text.filter { !$0.isNewline }) }
  }

  /// Sends each where it does not belong, and tells all answers. What is asked stands in a file, since
  /// whoever lists processes would see it.
  private func misuse(_ secrets: [Planted], _ cluster: RealCluster) throws -> String {
    let node = "https://\(cluster.endpoint(of: 2))"
    let admin = "Authorization: Bearer \(secrets[0].text)"
    var requests: [String] = []
    func ask(_ method: String, _ path: String, _ headers: [String], _ body: String? = nil) {
      var lines = [
        "url = \(quoted(node + path))", "cacert = \(quoted(cluster.local.folder.authority))",
        "request = \(method)", "include", "silent", "globoff", "max-time = 20",
      ]
      lines += headers.map { "header = \(quoted($0))" }
      if let body {
        lines += ["header = \(quoted("Content-Type: application/json"))", "data = \(quoted(body))"]
      }
      requests.append(lines.joined(separator: "\n"))
    }
    for (number, secret) in secrets.enumerated() {
      let text = secret.text
      let path = String(text.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
      ask("GET", "/v1/incidents/\(path)", [admin])
      ask("GET", "/v1/incidents?limit=\(path)", [admin])
      ask("GET", "/v1/incidents?\(path)=1", [admin])
      ask("GET", "/v1/search?q=\(path)", [admin])
      ask("GET", "/v1/audit?after=\(path)", [admin])
      ask("GET", "/a/\(path)", [])
      ask("DELETE", "/v1/\(path)", [admin])
      for scheme in ["Basic ", "Bearer x", ""] {
        ask("GET", "/v1/me", ["Authorization: \(scheme)\(text)"])
      }
      ask("GET", "/v1/me", ["X-Token: \(text)", "Cookie: token=\(text)"])
      ask("GET", "/v1/stream", [admin, "Last-Event-ID: \(text)"])
      let key = "Idempotency-Key: \(number)"
      ask("POST", "/v1/incidents", [admin, key + "b"], text)
      ask("POST", "/v1/incidents", [admin, key + "c", "If-Match: \(text)"], #"{"title":5}"#)
      ask("POST", "/v1/incidents", [admin, "Idempotency-Key: \(text)"], #"{"title":5}"#)
      // A refusal quotes what it does not know to whoever sent it; what can be told for a secret it does not.
      if text.hasPrefix("mst_") || text.hasPrefix("msw_") {
        ask("POST", "/v1/incidents", [admin, key + "a"], #"{"title":"x","impact":"\#(text)"}"#)
        ask("POST", "/v1/incidents", [admin, key + "f"], #"{"title":"x","service":"\#(text)"}"#)
        ask("POST", "/v1/incidents", [admin, key + "d"], #"{"\#(text)":1}"#)
        ask("POST", "/v1/alerts/alertmanager", [admin], #"{"version":"\#(text)"}"#)
        ask("POST", "/v1/directory", [admin, key + "g"], #"{"people":[{"\#(text)":"x"}]}"#)
      }
      ask("POST", "/v1/sign-in", [key + "e"], #"{"account":"\#(text)","password":"\#(text)"}"#)
    }
    try write(requests.joined(separator: "\nnext\n"), to: "requests", cluster)
    for (number, secret) in secrets.enumerated() {
      try write(secret.text + "x", to: "wrong-\(number)", cluster)
    }
    // The command line, with a token file that holds something else.
    return try cluster.shell(
      """
      curl --config requests > answers || true
      for file in wrong-*; do
        MUSTER_TOKEN_FILE=$file muster incident list >> answers 2>&1 || true
      done
      cat answers
      """)
  }

  /// What an auditor and a reader take away.
  private func export(_ cluster: RealCluster) throws -> [String] {
    var admin = cluster.line(to: 1)
    let declared = admin.post("/v1/incidents", key: "one", #"{"title":"For a report"}"#)
    let id = try #require(declared.json?["result"]?["id"]?.text)
    try cluster.shell(
      """
      muster audit export --to record
      muster directory export directory.csv
      muster incident report \(id) > report.md
      muster incident report \(id) --format html > report.html
      muster incident report \(id) --format json > report.json
      """)
    return ["record", "directory.csv", "report.md", "report.html", "report.json"]
  }

  private func text(of path: String) throws -> String {
    String(decoding: try Files.read(path, atMost: 256 << 20), as: UTF8.self)
  }

  /// As a file of curl's has it.
  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// What whoever lists processes sees, again and again.
private final class Processes: Sendable {
  private struct State {
    var seen: Set<String> = []
    var isOver = false
    var hasEnded = false
  }

  private let state = Lock(State())

  init() {
    Threads.start(named: "processes") {
      while !self.state.withLock({ $0.isOver }) {
        for name in (try? Files.list("/proc")) ?? [] where name.first?.isNumber == true {
          // A process that has ended has none.
          guard let bytes = try? Files.read("/proc/\(name)/cmdline", atMost: 1 << 20) else {
            continue
          }
          let words = String(decoding: bytes.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
          self.state.withLock { _ = $0.seen.insert(words) }
        }
        usleep(2_000)
      }
      self.state.withLock { $0.hasEnded = true }
    }
  }

  func end() -> Set<String> {
    state.withLock { $0.isOver = true }
    while !state.withLock({ $0.hasEnded }) { usleep(1_000) }
    return state.withLock { $0.seen }
  }
}
