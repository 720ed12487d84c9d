import JSON
package import TLS

/// A client of the whole cluster: asks one node, and moves to the next by itself.
///
/// A write keeps its key through all attempts, so that it is done once whatever happens on the way. A node
/// that says it was asked too much is asked again when it says, if that is soon: it did nothing.
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
    var waited = 0
    while true {
      let left = deadline - courier.now()
      guard left > .zero else { throw attempts.surrender(ask, nodes, after: timeout) }
      // At first each is given so little that all can be asked, and there is time to ask again.
      let isFirstRound = attempts.count < nodes.count
      let patience =
        isFirstRound
        ? max(Patience.least, timeout / (2 * nodes.count)) : Patience.withOne
      switch courier.deliver(
        ask, to: nodes[current], within: min(left, patience, Patience.withOne))
      {
      case .answered(let answer):
        if answer.status == 429, let seconds = answer.retryAfter, Patience.soon.contains(seconds),
          waited + seconds <= Patience.waits, .seconds(seconds) < deadline - courier.now()
        {
          waited += seconds
          courier.pause(.seconds(seconds))
          // Another node would count it anew, which is not what this one asked for.
          continue
        }
        guard let again = Again(answer) else { return answer }
        attempts.note(again.reason, .takesNothing, at: nodes[current])
        if again.isUncertain && ask.isWrite { attempts.isUncertain = true }
        attempts.retryAfter = max(attempts.retryAfter, answer.retryAfter ?? 0)
      case .notSent(let reason):
        attempts.note(reason, .unreachable, at: nodes[current])
      case .distrusted(let reason):
        attempts.note(reason, .distrusted, at: nodes[current])
      case .lost(let reason):
        attempts.note(reason, .silent, at: nodes[current])
        if ask.isWrite { attempts.isUncertain = true }
      }
      current = (current + 1) % nodes.count
      // To wait changes no certificate.
      if attempts.areAllDistrusted(nodes) { throw attempts.surrender(ask, nodes, after: nil) }
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
  /// For one node while others were not asked yet.
  static let least = Duration.seconds(1)
  /// After all nodes were tried in vain: at first, and at most.
  static let pauses = Duration.milliseconds(100)...Duration.seconds(1)
  /// For a node that was asked too much: so many seconds at a time, and in all.
  static let soon = 1...5
  static let waits = 15
}

/// An answer after which it is worth asking another node.
private struct Again {
  let reason: String
  /// Whether the request may have been done all the same.
  let isUncertain: Bool

  /// Nothing for an answer that is final.
  init?(_ answer: Answer) {
    let usual: String
    switch answer.status {
    case 500:
      usual = "the node could not read its own files"
      isUncertain = false
    case 503:
      usual = "the node takes nothing at the moment; there may be no leader"
      isUncertain = false
    case 504:
      usual = "no outcome came back in time"
      isUncertain = true
    default: return nil
    }
    // What answers may be a proxy, whose words are none of ours.
    let title = (try? JSONValue(parsing: answer.body))?["title"]?.text
    reason = title.map { Terminal.harmless($0, keepingLines: false) } ?? usual
  }
}

/// What keeps a node from answering.
private enum Obstacle {
  /// There is no connection.
  case unreachable
  /// Its certificate does not fit.
  case distrusted
  /// It answers that it takes nothing.
  case takesNothing
  /// It was sent something and did not answer.
  case silent

  /// What whoever waits can do about it.
  var advice: String {
    switch self {
    case .unreachable:
      "Does a node run there, and may this machine reach it? Look at --endpoint; on the node: "
        + "systemctl status muster. A local cluster: muster local status."
    case .distrusted:
      "Look at --ca or MUSTER_CA: it is the ca.crt of this cluster's authority. The names in --endpoint "
        + "are those of the nodes' certificates: muster authority issue --dns makes one for another."
    case .takesNothing:
      "A majority of the nodes may be away: see muster cluster status --stale. What a node has can be "
        + "read with --stale. To wait longer: --timeout 60."
    case .silent: "Give it longer with --timeout 60, or look at the node: muster cluster status."
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
  private var obstacles: [String: Obstacle] = [:]

  mutating func note(_ reason: String, _ obstacle: Obstacle, at node: Endpoint) {
    count += 1
    reasons[node.description] = reason
    obstacles[node.description] = obstacle
  }

  func areAllDistrusted(_ nodes: [Endpoint]) -> Bool {
    !isUncertain && nodes.allSatisfy { obstacles[$0.description] == .distrusted }
  }

  /// What would help with the first node that can be helped.
  private func advice(_ nodes: [Endpoint]) -> String {
    // A node that answers at all says most of what is the matter.
    let found = nodes.compactMap { obstacles[$0.description] }
    let first = [.takesNothing, .silent, .distrusted, .unreachable].first { found.contains($0) }
    return first?.advice ?? "To wait longer: --timeout 60."
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

  /// - Parameter timeout: How long it was tried; `nil` where there was no use in that.
  func surrender(_ ask: Ask, _ nodes: [Endpoint], after timeout: Duration?) -> Failure {
    let after = timeout.map { "\($0.components.seconds) s" } ?? "the first attempt"
    let told = nodes.map { "  \($0): \(reasons[$0.description] ?? "not asked")\n" }.joined()
    if isUncertain, case .write(let key, _) = ask.kind {
      return Failure(
        .unknown,
        "It was sent, and what became of it is not known after \(after):\n"
          + told + "Say the same again with --key \(key): it is then done once.")
    }
    return Failure(
      .unavailable,
      "No node took the request, and nothing was done, after \(after):\n\(told)\(advice(nodes))")
  }
}
