import EventLoop
import Glibc
import Setup
import muster

/// What goes wrong in a drill, one after another, by the drill's own random numbers.
enum Mishap: String, CaseIterable, Sendable {
  case kill = "killed"
  case freeze = "frozen"
  case stop = "told to end"
  case storm = "killed again and again"
  case isolate = "cut off from all"
  case deafen = "not heard by one"
  case cut = "cut off from one"
  case slow = "with slow ways between all"
  case fullDisk = "with a full disk"
  case certificates = "with new certificates"
  case transfer = "handing over"
}

/// Does to a cluster of real processes what machines, networks and people do.
struct Nemesis {
  let cluster: RealCluster
  let roads: Roads
  private var random: Numbers

  /// The same numbers for the same seed (SplitMix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed &>> 31)
    }
  }

  init(_ cluster: RealCluster, _ roads: Roads, seed: UInt64) {
    self.cluster = cluster
    self.roads = roads
    random = Numbers(state: seed)
  }

  /// Which node, and half of the time the leader.
  private mutating func victim() -> Int {
    let any = Int.random(in: 1...RealCluster.nodes.count, using: &random)
    guard Bool.random(using: &random), let leader = try? cluster.leader() else { return any }
    return leader
  }

  private mutating func wait(_ range: ClosedRange<UInt32>) {
    usleep(UInt32.random(in: range, using: &random) * 1_000)
  }

  /// All kinds in an order of chance.
  mutating func round() -> [Mishap] { Mishap.allCases.shuffled(using: &random) }

  /// Does one thing, waits, and makes it good again.
  ///
  /// - Returns: Which node it was done to.
  mutating func happen(_ mishap: Mishap) throws -> Int {
    let node = victim()
    let other = RealCluster.nodes.filter { $0 != node }.randomElement(using: &random) ?? node
    switch mishap {
    case .kill:
      cluster.kill(node)
      wait(200...2_000)
      try cluster.start(node)
    case .freeze:
      cluster.signal(SIGSTOP, node)
      wait(200...4_000)
      cluster.signal(SIGCONT, node)
    case .stop:
      cluster.signal(SIGTERM, node)
      _ = cluster.process(node)?.isGone(within: .seconds(10))
      wait(0...500)
      try cluster.start(node)
    case .storm:
      for _ in 0..<5 {
        cluster.kill(node)
        try cluster.start(node)
        wait(50...500)
      }
    case .isolate: through(roads.around(node))
    case .deafen: through([Roads.Way(from: node, to: other)])
    case .cut: through([Roads.Way(from: node, to: other), Roads.Way(from: other, to: node)])
    case .slow:
      roads.slow(by: UInt32.random(in: 5...80, using: &random))
      wait(1_000...3_000)
      roads.open()
    case .fullDisk: try fillDisk(of: node)
    case .certificates: try renewCertificates(of: node)
    case .transfer:
      guard let leader = try? cluster.leader() else { break }
      var line = cluster.line(to: leader)
      _ = line.post("/v1/cluster/transfer", key: "drill-\(random.next())", "{}")
    }
    // What a fault ended is started again, as a supervisor would.
    for node in RealCluster.nodes where cluster.process(node)?.isAlive != true {
      try cluster.start(node)
    }
    return node
  }

  private mutating func through(_ ways: [Roads.Way]) {
    roads.close(ways)
    wait(500...4_000)
    roads.open()
  }

  /// Takes all room there is on the small disk of a node, and gives it back.
  private mutating func fillDisk(of node: Int) throws {
    let ballast = "\(try cluster.dataFolder(node))/ballast"
    let file = unsafe open(ballast, O_WRONLY | O_CREAT, 0o600)
    guard file >= 0 else { throw RealCluster.Trouble("\(ballast) cannot be made") }
    let piece = [UInt8](repeating: 0, count: 1 << 16)
    while unsafe write(file, piece, piece.count) > 0 {}
    close(file)
    wait(1_000...4_000)
    try Files.remove(ballast)
  }

  private func renewCertificates(of node: Int) throws {
    let parts = cluster.local.folder.node(node)
    let cluster = try NodeFile(at: parts.configuration).cluster
    try self.cluster.tell([
      "authority", "issue", "--folder", self.cluster.local.folder.path, "--cluster", "\(cluster)",
      "--node", "\(node)", "--address", "127.0.0.1", "--dns", "localhost", "--to", parts.path,
      "--replace",
    ])
    self.cluster.signal(SIGHUP, node)
  }
}
