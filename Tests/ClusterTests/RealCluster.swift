import EventLoop
import Glibc
import HTTP
import JSON
import Setup
import TLS
import Testing
import muster

/// Processes of the program as it was built, three to begin with, in a folder and at ports of their
/// own.
final class RealCluster: Sendable {
  let local: LocalCluster
  /// What each node runs.
  private let programs: Lock<[Int: String]>
  private let program: String
  private let context: TLSContext
  private let token: String
  let ports: LocalPorts
  /// How the processes that are over exited, by number; -1 for those that a signal ended.
  private let exits = Lock<[Int32: Int32]>([:])

  static let nodes = [1, 2, 3]

  /// The ways between the nodes, in a drill.
  let roads: Roads?

  /// Makes them and starts them all.
  ///
  /// - Parameters:
  ///   - megabytes: In a drill, the size of each node's disk; its nodes reach each other over ways that
  ///     can be closed.
  ///   - older: A binary that they run to begin with.
  ///   - isHeldBack: Whether they announce what the version before this one announced.
  init(drilling megabytes: Int? = nil, older: String? = nil, isHeldBack: Bool = false) throws {
    local = LocalCluster(
      LocalFolder("/tmp/muster-cluster-\(getpid())-\(UInt64.random(in: 0 ... .max))"))
    programs = Lock(
      older.map { older in Dictionary(uniqueKeysWithValues: Self.nodes.map { ($0, older) }) } ?? [:]
    )
    // The tests are built beside the program.
    program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    var ports: LocalPorts?
    for base in stride(from: 21_000 + Int(getpid() % 380) * 30, to: 32_700, by: 30) {
      let free = try #require(LocalPorts(base: base))
      if LocalCluster.busyPorts(free).isEmpty {
        ports = free
        break
      }
    }
    self.ports = try #require(ports)
    try local.make(ports: self.ports, now: Clock.now())
    if let megabytes {
      let free = self.ports
      let roads = try Roads(among: Self.nodes) { free.peer($0) }
      try Self.arrange(local, roads, megabytes: megabytes)
      self.roads = roads
    } else {
      roads = nil
    }
    context = try TLSContext.client(authority: local.folder.authority)
    token = try ClientOptions.token(in: local.folder.token(of: "admin"))
    if older != nil { for node in Self.nodes { try forgetMachines(of: node) } }
    if isHeldBack { for node in Self.nodes { try hold(node, back: true) } }
    for node in Self.nodes { try start(node) }
    try waitUntilServing(Self.nodes)
  }

  /// Ends what still runs and takes everything away.
  func remove() throws {
    for node in local.folder.all { kill(node.number) }
    for name in try Files.list(local.folder.path) where name.hasPrefix("said-") {
      try Files.remove("\(local.folder.path)/\(name)")
    }
    try local.remove()
  }

  // MARK: Processes

  func start(_ node: Int) throws {
    let parts = local.folder.node(node)
    let program = programs.withLock { $0[node] } ?? program
    var words = [program, "node", "--config", parts.configuration]
    if roads != nil { words = Self.within("\(parts.path)/hosts", words[0], Array(words[1...])) }
    let process = try Launcher.start(words[0], Array(words[1...]), log: parts.log)
    try process.write(to: parts.process)
    takeEnd(of: process.number)
  }

  /// Lets a node run this version from its next start on.
  func upgrade(_ node: Int) { programs.withLock { $0[node] = nil } }

  /// Takes the end of a child off the kernel's hands as soon as it comes. What waits for exit tests
  /// asks for the end of any child, and would be given that of this one again and again.
  private func takeEnd(of number: Int32) {
    Threads.start(named: "end of \(number)") {
      var status: Int32 = 0
      var ended: pid_t
      repeat { ended = unsafe waitpid(number, &status, 0) } while ended == -1 && errno == EINTR
      guard ended == number else { return }
      let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -1
      self.exits.withLock { $0[number] = code }
    }
  }

  func kill(_ node: Int) {
    signal(SIGKILL, node)
    _ = process(node)?.isGone(within: .seconds(5))
  }

  func signal(_ signal: Int32, _ node: Int) { process(node)?.signal(signal) }

  /// Waits for the end of a process and tells how it exited; `nil` if by a signal or not in time.
  func exitCode(of number: Int32, within limit: Duration) -> Int32? {
    let deadline = Clock.monotonic() + limit.nanoseconds
    while true {
      if let code = exits.withLock({ $0[number] }) { return code < 0 ? nil : code }
      guard Clock.monotonic() < deadline else { return nil }
      usleep(5_000)
    }
  }

  /// The data folder of a node.
  func dataFolder(_ node: Int) throws -> String {
    try NodeFile(at: local.folder.node(node).configuration).dataFolder
  }

  /// What the program prints for a command, which must succeed.
  @discardableResult
  func tell(_ words: [String]) throws -> String { try begin(words).end() }

  /// Begins a command; its end is to be waited for.
  func begin(_ words: [String]) throws -> Command {
    let log = "\(local.folder.path)/said-\(UInt64.random(in: 0 ... .max))"
    let process = try Launcher.start(program, words, log: log)
    takeEnd(of: process.number)
    return Command(words: words, process: process, log: log, cluster: self)
  }

  /// A command that runs.
  struct Command {
    fileprivate let words: [String]
    fileprivate let process: RunningProcess
    fileprivate let log: String
    fileprivate let cluster: RealCluster

    /// What it has printed when it has ended, which must be well.
    func end() throws -> String {
      let code = cluster.exitCode(of: process.number, within: .seconds(20))
      let said = String(decoding: try Files.read(log, atMost: 1 << 20), as: UTF8.self)
      guard code == 0 else { throw Trouble("\(words) did not succeed: \(said)") }
      return said
    }
  }

  func process(_ node: Int) -> RunningProcess? { local.process(of: local.folder.node(node)) }

  // MARK: Requests

  func line(to node: Int) -> Line {
    Line(to: endpoint(of: node), context, token: token)
  }

  /// Where its clients reach a node.
  func endpoint(of node: Int) -> Endpoint {
    Endpoint(host: "127.0.0.1", port: UInt16(ports.client(node)))
  }

  /// The node that leads by its own word and the latest term, once one does.
  func leader(of nodes: [Int] = RealCluster.nodes) throws -> Int {
    let deadline = Clock.monotonic() + Duration.seconds(20).nanoseconds
    while Clock.monotonic() < deadline {
      var found: (term: Int, node: Int)?
      for node in nodes where process(node) != nil {
        var line = line(to: node)
        guard let status = line.get("/v1/cluster", within: .seconds(1)).json,
          status["role"]?.text == "leader", let term = status["term"]?.integer
        else { continue }
        if term > found?.term ?? 0 { found = (term, node) }
      }
      if let found { return found.node }
      usleep(20_000)
    }
    throw Trouble("nobody leads")
  }

  /// Waits until each of `nodes` answers a linearizable read.
  func waitUntilServing(_ nodes: [Int]) throws {
    let deadline = Clock.monotonic() + Duration.seconds(30).nanoseconds
    for node in nodes {
      var line = line(to: node)
      while line.get("/v1/incidents?limit=1").status != 200 {
        guard Clock.monotonic() < deadline else {
          throw Trouble("\(node) does not serve:\n\(local.endOfLog(local.folder.node(node)))")
        }
        usleep(20_000)
      }
    }
  }

  /// All incidents whose reference begins with `prefix`, as `node` has them: descriptions by
  /// reference, in the order of the list.
  func incidents(_ prefix: String, on node: Int) throws -> [(reference: String, text: String)] {
    var line = line(to: node)
    var found: [(String, String)] = []
    var after = ""
    while true {
      let target = "/v1/incidents?referencePrefix=\(prefix)&limit=200\(after)"
      let answer = line.get(target, within: .seconds(10))
      let page = answer.json
      if page?["type"]?.text == "/problem/malformed", !after.isEmpty {
        // A new cluster has its secret after a second; what it gave before is none of its cursors any more.
        (found, after) = ([], "")
        continue
      }
      guard let page, let items = page["items"] else {
        throw Trouble("\(node) gives no list: \(answer)")
      }
      for item in items.elements {
        guard let id = item["id"]?.text, let reference = item["externalReference"]?.text else {
          throw Trouble("\(node) lists what is no incident: \(item)")
        }
        let answer = line.get("/v1/incidents/\(id)")
        guard let text = answer.json?["description"]?.text else {
          throw Trouble("\(node) does not give an incident of its own list: \(answer)")
        }
        found.append((reference, text))
      }
      guard let next = page["next"]?.text else { return found }
      after = "&after=\(next)"
    }
  }

  struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}
