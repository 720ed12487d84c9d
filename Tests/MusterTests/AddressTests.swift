import EventLoop
import Gateway
import Glibc
import TestReceiver
import Testing

@testable import muster

/// Every command that asks the cluster is run as a process, against one that answers everything alike
/// and notes which address was asked.
@Suite("Every address of the interface")
struct AddressTests {
  /// Command lines that between them ask for everything. Each is well-formed; `D` is a folder of files.
  private static let lines = [
    "cluster status", "cluster members", "cluster add 4 --peer a:1 --client a:2",
    "cluster replace 3 --with 4 --peer a:1 --client a:2 --yes", "cluster remove 3 --yes",
    "cluster transfer 2", "cluster skip --index 7 --yes", "cluster tokens",
    "incident declare --title x", "incident list --state open", "incident counts",
    "incident show INC-1", "incident timeline INC-1", "incident acknowledge INC-1",
    "incident acknowledge INC-1 INC-2", "incident assign INC-1 INC-2 --line second",
    "incident priority INC-1 --confirm", "incident role INC-1 take lead",
    "incident note INC-1 --text x", "incident status INC-1 investigating", "incident backlog",
    "incident hand-over INC-1 second", "incident triage", "incident triage --scope few",
    "incident propose INC-1 cancel", "incident accept INC-1 --yes",
    "incident decline INC-1 --reason x", "incident flag-dismiss INC-1 cyber --reason x",
    "incident update INC-1 --audience team --text x",
    "incident update INC-1 --audience team --text x --preview",
    "incident draft INC-1 --audience team --text x", "incident approve INC-1 c",
    "incident send INC-1 c", "incident withdraw INC-1 c",
    "incident delivered INC-1 c --group all --outcome sent", "incident told INC-1",
    "incident messages INC-1", "incident stakeholder INC-1 --team x",
    "incident reach INC-1 --whole-department yes", "incident delay INC-1 --reason x",
    "incident notification INC-1 no --reason x", "incident sight INC-1 narrow",
    "incident face INC-1 --title x --text y", "incident face-approve INC-1 1 --yes",
    "incident face-withdraw INC-1 1", "incident flag INC-1 cyber",
    "incident flag-report INC-1 cyber --by x", "incident flag-clear INC-1 cyber --reason x",
    "incident ticket INC-1 T-1", "incident hold INC-1 --reason x --review-at +5d",
    "incident release INC-1 --reason x --yes", "incident purges",
    "incident wait INC-1 --on supplier", "incident wait-over INC-1",
    "incident answer INC-1 --logged", "incident hand-over-reason INC-1 --reason x",
    "incident affect INC-1 pay", "incident service INC-1 pay", "incident parent INC-1 INC-2",
    "incident recurrence INC-1 INC-2", "incident change INC-1 C-1", "incident supplier INC-1 x",
    "incident bring-in INC-1 --team x", "incident assess INC-1 --what x --affected y --next +20m",
    "incident review-date INC-1 --at +5d", "incident action-done INC-1 1",
    "incident escalate INC-1 --reason x --yes", "incident restored INC-1",
    "incident resolve INC-1 --fix x", "incident agree INC-1",
    "incident review INC-1 --summary x --impact y --cause z --no-actions-because z",
    "incident close INC-1", "incident reopen INC-1 --reason x",
    "incident cancel INC-1 --reason x --yes", "incident duplicate INC-1 INC-2 --yes", "duty mine",
    "page list", "page answer INC-1 on-it", "incident report INC-1",
    "incident report INC-1 --version 1", "incident report INC-1 --redact words;x;y",
    "incident versions INC-1", "incident waive-review INC-1 --reason false-alarm", "insights",
    "incident process INC-1", "incident process -", "search x", "view list", "view show v",
    "view describe v", "view save x", "view remove v --yes", "oncall",
    "oncall assign pay ana --until +8h", "service list", "service show pay", "service add pay Pay",
    "team list", "team show x", "team add x --line second", "team member x ana",
    "service arrangement pay", "service arrange pay --manual x", "service confirm-manual pay",
    "service live pay", "service withdraw pay --reason x", "duty list",
    "service key pay --scopes read", "service keys pay", "service ingest-key pay",
    "service ingest-keys pay", "service policy pay",
    "service policy change pay --calendar scotland", "calendar list", "calendar show scotland",
    "calendar set scotland --opens 09:00", "calendar import D/holidays.json", "person list",
    "person show ana", "person add Ana ana@example.org", "person tokens ana", "person token ana",
    "person revoke t --yes", "person deactivate ana --yes", "me sign-in", "me password",
    "me codes", "person sign-out ana --yes", "glass list",
    "glass break --incident INC-1 --reason x --yes", "settings show",
    "settings change --calendar scotland", "settings versions", "directory export",
    "directory import D/people.csv", "webhook list", "webhook show w",
    "webhook add x https://example.org", "webhook set w --name x", "webhook rotate w --yes",
    "webhook test w", "webhook deliveries w", "webhook resend w d", "webhook remove w --yes",
    "audit list", "audit export --to D/record.jsonl", "api description", "api problems",
    "api metrics", "api get /v1/incidents?fields=id", "api post /v1/teams --yes",
    "inbox", "inbox read m", "template list",
    "template set --audience team --body x", "notice list", "notice withdraw n --yes", "home",
    "watch --count 1",
  ]

  /// What asks no cluster, or another way.
  private static let others: Set = [
    "node", "authority init", "authority issue", "token new", "cluster join", "cluster survivors",
    "cluster recover", "local up", "local status", "local down", "local kill", "local start",
    "local join", "local leave", "local wipe", "local leader", "local pids", "local healthy",
    "local start-node", "service reporting-paragraph", "audit verify", "completions", "login",
    "logout", "profile list", "profile use", "profile remove",
  ]

  /// Addresses that no line asks for, and why.
  private static let reasons = [
    "POST /v1/alerts/alertmanager": "Monitoring systems post there, with a key of their own.",
    "POST /v1/sign-in": "muster login does, and keeps the session: see SignInTests of the cluster.",
    "POST /v1/sign-out": "muster logout does: see SignInTests of the cluster.",
    "GET /v1/sign-in/provider": "It sends a browser to the identity provider.",
    "GET /v1/sign-in/provider/callback": "The browser comes back from there.",
    "GET /v1/templates/:audience": "template list shows each, with its version.",
    "GET /v1/incidents/:incident/communications/:communication":
      "incident told shows each, with its version.",
    "GET /v1/me": "muster login asks it: see SignInTests of the cluster.",
    "POST /v1/cluster/join-tokens": "cluster add --authority issues one, and waits for its use.",
    "POST /v1/cluster/join-tokens/:token/use": "cluster join does, on the new machine.",
    "GET /livez": "A load balancer asks it of one node, without a token.",
    "GET /readyz": "A load balancer asks it of one node, without a token.",
    "GET /a/:link": "The link in a page, opened in a browser.",
    "POST /a/:link": "Its form.",
  ]

  /// Addresses of what cannot be undone: whose command does not ask takes no --yes.
  private static let endings = [
    "/removal", "/revocation", "/deactivation", "/skips", "/cancellation", "/duplication",
    "/hold/release", "/rotation", "/v1/break-glass", "/me/codes",
  ]

  private static let answer = """
    {"id":"i","items":[],"members":[],"result":{"id":"i","token":"t","secret":"s","codes":["c"]}}
    """

  /// A token that says which line it is of.
  private func token(_ number: Int) -> String {
    let digits = "\(number)"
    return "mst_" + String(repeating: "A", count: 38 - digits.count) + digits + "AAAAA"
  }

  /// The address of the table that answers what was asked.
  private func address(of post: Receiver.Taken, among addresses: [String]) -> String? {
    let asked = post.path.prefix { $0 != "?" }.split(separator: "/")
    let fitting = addresses.filter { address in
      let parts = address.split(separator: " ")
      let pattern = parts[1].split(separator: "/")
      return parts[0] == post.method && pattern.count == asked.count
        && zip(pattern, asked).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }
    // A word goes before a value.
    return fitting.min { $0.count { $0 == ":" } < $1.count { $0 == ":" } }
  }

  @Test func `is asked by a command, or it is said why by none`() async throws {
    let addresses = await API.addresses
    let receiver = try Receiver { _ in .json(Self.answer) }
    defer { receiver.close() }
    let folder = "/tmp/muster-addresses-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try Files.makeFolder(folder, mode: 0o700)
    defer { unsafe system("rm -rf '\(folder)'") }
    try Files.write(Array("four words of mine\n".utf8), to: "\(folder)/lines", mode: 0o600)
    try Files.write(Array("{}".utf8), to: "\(folder)/holidays.json", mode: 0o600)
    try Files.write(Array("kind,id\r\n".utf8), to: "\(folder)/people.csv", mode: 0o600)

    let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    let endpoint = receiver.address.split(separator: "/")[1]
    var script = "unset ${!MUSTER_*}; export HOME='\(folder)' MUSTER_ENDPOINT='\(endpoint)'\n"
    script += "export MUSTER_CA='\(receiver.authority)'\ncd '\(folder)'\n"
    for (number, line) in Self.lines.enumerated() {
      let words = line.split(separator: " ").map {
        "'\($0.hasPrefix("D/") ? folder + $0.dropFirst() : String($0))'"
      }
      script += "MUSTER_TOKEN=\(token(number)) '\(program)' \(words.joined(separator: " ")) "
      script += "--timeout 10 <lines >/dev/null 2>error-\(number) || echo \(number) $? >>failed &\n"
      if number % 8 == 7 { script += "wait\n" }
    }
    try Files.write(Array((script + "wait\n").utf8), to: "\(folder)/script", mode: 0o600)
    #expect(unsafe system("bash --norc '\(folder)/script'") == 0)

    if Files.exists("\(folder)/failed") {
      let failed = try Files.read("\(folder)/failed", atMost: 1 << 20)
      for row in String(decoding: failed, as: UTF8.self).split(separator: "\n") {
        let parts = row.split(separator: " ").compactMap { Int($0) }
        // What answers is no stream, so it is refused to whoever would follow one.
        if Self.lines[parts[0]].hasPrefix("watch") { continue }
        let said = try Files.read("\(folder)/error-\(parts[0])", atMost: 1 << 20)
        Issue.record("\(Self.lines[parts[0]]): \(String(decoding: said, as: UTF8.self))")
      }
    }

    var asked: [String: Set<String>] = [:]
    for post in receiver.taken {
      let number = Self.lines.indices.first { post.authorization == "Bearer \(token($0))" }
      let line = Self.lines[try #require(number)]
      guard let address = address(of: post, among: addresses) else {
        Issue.record("\(line) asks \(post.method) \(post.path), which there is not.")
        continue
      }
      asked[address, default: []].insert(line)
    }
    #expect(Set(addresses).subtracting(asked.keys) == Set(Self.reasons.keys))
    let idle = Self.lines.filter { line in !asked.values.contains { $0.contains(line) } }
    #expect(idle == [])
    for (address, lines) in asked where Self.endings.contains(where: address.hasSuffix) {
      guard address.hasPrefix("POST") else { continue }
      for line in lines {
        let verb = try verb(line)
        #expect(verb.options.contains { $0.name == "yes" }, "\(line)")
      }
    }
  }

  private func verb(_ line: String) throws -> Verb {
    guard
      case .run(let verb, _) = try Muster.table.request(line.split(separator: " ").map(String.init))
    else { throw Failure.usage("\(line) asks for help.") }
    return verb
  }

  @Test func `is walked to by every command that asks a cluster`() throws {
    let walked = Set(try Self.lines.map { try verb($0).words.joined(separator: " ") })
    let all = Set(Muster.table.verbs.map { $0.words.joined(separator: " ") })
    #expect(walked.isDisjoint(with: Self.others))
    #expect(walked.union(Self.others) == all)
  }
}
