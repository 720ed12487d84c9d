package import TLS

/// A client of the whole cluster: asks one node, and moves to the next by itself.
///
/// A write keeps its key through all attempts, so that it is done once whatever happens on the way.
package struct Caller<Way: Courier> {
  private let nodes: [Endpoint]
  private let timeout: Duration
  private var courier: Way
  /// The node that answered last: it is asked first again.
  private var current = 0

  /// A client of the nodes at `nodes`, of which there is at least one.
  ///
  /// - Parameter timeout: How long one request may take with all its attempts.
  package init(_ nodes: [Endpoint], timeout: Duration, courier: Way) {
    precondition(!nodes.isEmpty, "A client without nodes to ask.")
    self.nodes = nodes
    self.timeout = timeout
    self.courier = courier
  }

  /// The answer to `ask`, whatever it says; or why there is none.
  package mutating func call(_ ask: Ask) throws(Failure) -> Answer {
    let deadline = courier.now() + timeout
    var attempts = Attempts()
    while true {
      let left = deadline - courier.now()
      guard left > .zero else { throw attempts.surrender(ask, nodes, after: timeout) }
      switch courier.deliver(ask, to: nodes[current], within: min(left, Patience.withOne)) {
      case .answered(let answer):
        guard let again = Again(answer) else { return answer }
        attempts.note(again.reason, at: nodes[current])
        if again.isUncertain && ask.isWrite { attempts.isUncertain = true }
        attempts.retryAfter = max(attempts.retryAfter, answer.retryAfter ?? 0)
      case .notSent(let reason):
        attempts.note(reason, at: nodes[current])
      case .lost(let reason):
        attempts.note(reason, at: nodes[current])
        if ask.isWrite { attempts.isUncertain = true }
      }
      current = (current + 1) % nodes.count
      if attempts.count % nodes.count == 0 {
        courier.pause(min(attempts.nextPause(), max(.zero, deadline - courier.now())))
      }
    }
  }
}

/// How long a client waits for what.
private enum Patience {
  /// For one node, so that a silent one does not use up the time for all.
  static let withOne = Duration.seconds(5)
  /// After all nodes were tried in vain: at first, and at most.
  static let pauses = Duration.milliseconds(100)...Duration.seconds(1)
}

/// An answer after which it is worth asking another node.
private struct Again {
  let reason: String
  /// Whether the request may have been done all the same.
  let isUncertain: Bool

  /// Nothing for an answer that is final.
  init?(_ answer: Answer) {
    switch answer.status {
    case 500:
      reason = "the node could not read its own files"
      isUncertain = false
    case 503:
      reason = "the node takes nothing at the moment; there may be no leader"
      isUncertain = false
    case 504:
      reason = "no outcome came back in time"
      isUncertain = true
    default: return nil
    }
  }
}

/// What the attempts for one request have come to.
private struct Attempts {
  var count = 0
  var isUncertain = false
  /// The longest wish of a node in this round, in seconds.
  var retryAfter = 0
  private var rounds = 0
  private var reasons: [String: String] = [:]

  mutating func note(_ reason: String, at node: Endpoint) {
    count += 1
    reasons[node.description] = reason
  }

  /// The pause before the next round: what the nodes ask for, or longer each time.
  mutating func nextPause() -> Duration {
    defer {
      rounds += 1
      retryAfter = 0
    }
    let pauses = Patience.pauses
    let growing = pauses.lowerBound * (1 << min(rounds, 4))
    let wished = Duration.seconds(min(retryAfter, 1))
    return min(max(growing, wished), pauses.upperBound)
  }

  func surrender(_ ask: Ask, _ nodes: [Endpoint], after timeout: Duration) -> Failure {
    let told = nodes.map { "  \($0): \(reasons[$0.description] ?? "not asked")\n" }.joined()
    if isUncertain, case .write(let key, _) = ask.kind {
      return Failure(
        .unknown,
        "It was sent, and what became of it is not known after \(timeout.components.seconds) s:\n"
          + told + "Say the same again with --key \(key): it is then done once.")
    }
    return Failure(
      .unavailable,
      "No node took the request within \(timeout.components.seconds) s; nothing was done:\n" + told)
  }
}
