import EventLoop
import Glibc
import HTTP
import TLS

/// Writers that declare one incident after another, and remember what they were told of each.
final class Load: Sendable {
  /// What the cluster said of the writes, by number.
  struct Told {
    var acknowledged: Set<Int> = []
    /// 503: not accepted.
    var refused: Set<Int> = []
    /// 504, or the connection ended without an answer.
    var unknown: Set<Int> = []
    /// Anything else, as it came.
    var strange: [String] = []
    /// When each acknowledgement came, in nanoseconds.
    var times: [Int64] = []
  }

  private struct State {
    var told = Told()
    var next = 0
    var isOver = false
    var running = 0
  }

  let prefix: String
  private let cluster: RealCluster
  private let state = Lock(State())

  init(_ cluster: RealCluster, prefix: String, writers: Int = 6) {
    self.cluster = cluster
    self.prefix = prefix
    state.withLock { $0.running = writers }
    for writer in 0..<writers {
      Threads.start(named: "writer") { self.write(beginningAt: writer % RealCluster.nodes.count) }
    }
  }

  /// How many were acknowledged so far.
  var count: Int { state.withLock { $0.told.acknowledged.count } }

  /// Waits until `more` have been acknowledged since the call.
  func wait(for more: Int) throws {
    let goal = count + more
    // Ten a second, on a disk that takes its time.
    let deadline = Clock.monotonic() + Duration.milliseconds(30_000 + 100 * more).nanoseconds
    while count < goal {
      guard Clock.monotonic() < deadline else {
        throw RealCluster.Trouble("only \(count) of \(goal) writes were acknowledged")
      }
      usleep(5_000)
    }
  }

  /// Lets the writers finish what they are at, and tells all.
  func end() -> Told {
    state.withLock { $0.isOver = true }
    while state.withLock({ $0.running > 0 }) { usleep(5_000) }
    return state.withLock { $0.told }
  }

  func reference(_ number: Int) -> String { "\(prefix)-\(number)" }

  func text(_ number: Int) -> String {
    "What write \(number) says: " + String(repeating: "x", count: number % 600)
  }

  /// Sends one write to one node.
  func send(_ number: Int, on line: inout Line) -> Line.Result {
    line.post(
      "/v1/incidents", key: reference(number),
      """
      {"title":"Write \(number)","impact":"medium","urgency":"high",\
      "reference":"\(reference(number))","description":"\(text(number))"}
      """)
  }

  private func write(beginningAt first: Int) {
    var node = first
    var line = cluster.line(to: RealCluster.nodes[node])
    while let number = take() {
      var result = send(number, on: &line)
      // A write that left and whose end is not known stays so until an answer is final: later ones
      // may say that they were not taken, but only of themselves. Half of them are said again with
      // their key; the other half may be there or not.
      var isOpen = result.isUncertain
      var attempts = 0
      while result.isUncertain || result.status == nil || isOpen && result.status == 503 {
        guard attempts < 200, !(isOpen && number.isMultiple(of: 2)) else { break }
        attempts += 1
        usleep(20_000)
        node = (node + 1) % RealCluster.nodes.count
        line = cluster.line(to: RealCluster.nodes[node])
        result = send(number, on: &line)
        isOpen = isOpen || result.isUncertain
      }
      note(number, result, isOpen: isOpen)
      if result.status != 201 {
        node = (node + 1) % RealCluster.nodes.count
        line = cluster.line(to: RealCluster.nodes[node])
        usleep(10_000)
      }
    }
    state.withLock { $0.running -= 1 }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard !state.isOver else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func note(_ number: Int, _ result: Line.Result, isOpen: Bool) {
    state.withLock { state in
      switch result.status {
      case 200, 201:
        state.told.acknowledged.insert(number)
        state.told.times.append(Clock.monotonic())
      case 503 where !isOpen: state.told.refused.insert(number)
      case nil where !isOpen: state.told.refused.insert(number)
      case 503, 504, nil: state.told.unknown.insert(number)
      case let status?: state.told.strange.append("\(number): \(status)")
      }
    }
  }
}

extension Line.Result {
  /// Whether it left, and what became of it is not known.
  var isUncertain: Bool {
    switch self {
    case .answered(let response): response.status.code == 504
    case .notSent: false
    case .lost: true
    }
  }
}
