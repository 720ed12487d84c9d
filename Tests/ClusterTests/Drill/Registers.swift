import EventLoop
import Glibc
import HTTP
import JSON
import Simulation
import muster

/// Clients that read and write registers, and remember what they were told. A register is the ticket
/// of an incident; there are new ones every few seconds, so that each history stays short.
final class Registers: Sendable {
  /// What is known of one register.
  struct Story: Sendable {
    let incident: String
    var operations: [Simulation.Operation] = []
    var acknowledged: Set<UInt64> = []
    var refused: Set<UInt64> = []
    var unknown: Set<UInt64> = []
    var read: Set<UInt64> = []
  }

  private struct State {
    var stories: [Story] = []
    /// Where the registers of now begin.
    var first = 0
    var isOver = false
    var running = 0
    var acknowledgements: [Int64] = []
    var strange: [String] = []
  }

  static let atOnce = 5
  private let cluster: RealCluster
  private let state = Lock(State())

  init(_ cluster: RealCluster, clients: Int) throws {
    self.cluster = cluster
    try renew()
    state.withLock { $0.running = clients }
    for client in 0..<clients {
      Threads.start(named: "client") {
        var worker = Worker(number: client, registers: self, cluster: self.cluster)
        worker.work()
        self.state.withLock { $0.running -= 1 }
      }
    }
  }

  /// Declares new registers, which the clients go over to.
  func renew() throws {
    let first = state.withLock { $0.stories.count }
    var made: [Story] = []
    for number in first..<(first + Self.atOnce) {
      made.append(Story(incident: try declare(number)))
    }
    state.withLock { state in
      state.stories += made
      state.first = first
    }
  }

  private func declare(_ number: Int) throws -> String {
    let deadline = Clock.monotonic() + Duration.seconds(60).nanoseconds
    var attempt = 0
    while Clock.monotonic() < deadline {
      attempt += 1
      var line = cluster.line(to: RealCluster.nodes[attempt % RealCluster.nodes.count])
      let result = line.post(
        "/v1/incidents", key: "register-\(number)",
        #"{"title":"Register \#(number)","impact":"low","urgency":"low"}"#, within: .seconds(3))
      if let id = result.json?["result"]?["id"]?.text { return id }
      usleep(50_000)
    }
    throw RealCluster.Trouble("no register can be declared for a minute")
  }

  /// Lets the clients finish, and tells all.
  func end() -> (stories: [Story], acknowledgements: [Int64], strange: [String]) {
    state.withLock { $0.isOver = true }
    while state.withLock({ $0.running > 0 }) { usleep(5_000) }
    return state.withLock { ($0.stories, $0.acknowledgements.sorted(), $0.strange) }
  }

  var acknowledgements: [Int64] { state.withLock { $0.acknowledgements } }

  // MARK: - For the clients

  fileprivate func pick(_ random: inout SystemRandomNumberGenerator) -> (Int, String)? {
    state.withLock { state in
      guard !state.isOver else { return nil }
      let place = Int.random(in: state.first..<state.stories.count, using: &random)
      return (place, state.stories[place].incident)
    }
  }

  fileprivate func note(_ place: Int, _ note: (inout Story) -> Void) {
    state.withLock { note(&$0.stories[place]) }
  }

  fileprivate func acknowledge(at time: Int64) {
    state.withLock { $0.acknowledgements.append(time) }
  }

  fileprivate func wonder(_ text: String) { state.withLock { $0.strange.append(text) } }
}

/// One client: one request after the other.
private struct Worker {
  let number: Int
  let registers: Registers
  let cluster: RealCluster
  private var node: Int
  private var made: UInt64 = 0
  private var random = SystemRandomNumberGenerator()
  /// What it last read of a register, and the version that said so.
  private var seen: [Int: (value: UInt64, version: String)] = [:]

  init(number: Int, registers: Registers, cluster: RealCluster) {
    self.number = number
    self.registers = registers
    self.cluster = cluster
    node = number % RealCluster.nodes.count
  }

  mutating func work() {
    var line = cluster.line(to: RealCluster.nodes[node])
    while let (place, incident) = registers.pick(&random) {
      let isWell =
        Int.random(in: 0..<100, using: &random) < 45
        ? read(place, incident, &line) : write(place, incident, &line)
      if !isWell { move(&line) }
      usleep(UInt32.random(in: 0...20_000, using: &random))
    }
  }

  private mutating func move(_ line: inout Line) {
    node = (node + 1) % RealCluster.nodes.count
    line = cluster.line(to: RealCluster.nodes[node])
    usleep(10_000)
  }

  private mutating func read(_ place: Int, _ incident: String, _ line: inout Line) -> Bool {
    let begun = Clock.monotonic()
    let result = line.get("/v1/incidents/\(incident)", within: .seconds(3))
    guard case .answered(let response) = result, response.status.code == 200,
      let version = response.fields["ETag"], let json = result.json
    else {
      if let status = result.status, status != 503, status != 504 {
        registers.wonder("a read was answered with \(status)")
      }
      return false
    }
    let value = json["ticket"]?["reference"]?.text.flatMap { UInt64($0) } ?? 0
    let ended = Clock.monotonic()
    seen[place] = (value, version)
    registers.note(place) { story in
      story.operations.append(Operation(.read, .value(value), from: begun, to: ended))
      story.read.insert(value)
    }
    return true
  }

  private mutating func write(_ place: Int, _ incident: String, _ line: inout Line) -> Bool {
    made += 1
    let value = UInt64(number + 1) << 32 | made
    let known = Int.random(in: 0..<100, using: &random) < 30 ? seen[place] : nil
    let action: Simulation.Operation.Action =
      known.map { .swap(from: $0.value, to: value) } ?? .write(value)
    let begun = Clock.monotonic()
    func send(_ line: inout Line) -> Line.Result {
      line.post(
        "/v1/incidents/\(incident)/ticket", key: "v-\(value)", #"{"reference":"\#(value)"}"#,
        ifMatch: known?.version, within: .seconds(3))
    }
    var result = send(&line)
    var isOpen = result.isUncertain
    var attempts = 0
    // As a client of the product does: the same again with its key. Every fourth gives up.
    while isOpen, result.status != 200, result.status != 412, attempts < 60,
      !value.isMultiple(of: 4)
    {
      attempts += 1
      move(&line)
      result = send(&line)
      isOpen = isOpen || result.isUncertain
    }
    let ended = Clock.monotonic()
    switch result.status {
    case 200:
      registers.acknowledge(at: ended)
      registers.note(place) { story in
        story.operations.append(Operation(action, .done, from: begun, to: ended))
        story.acknowledged.insert(value)
      }
      return true
    case 412 where known != nil:
      registers.note(place) { $0.refused.insert(value) }
      return true
    case _ where isOpen:
      registers.note(place) { story in
        story.operations.append(Operation(action, .unknown, from: begun))
        story.unknown.insert(value)
      }
    case 503, nil:
      registers.note(place) { $0.refused.insert(value) }
    case let status?:
      registers.wonder("a write was answered with \(status)")
    }
    return false
  }
}
