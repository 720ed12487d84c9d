import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

/// The same asked of several incidents in one request.
///
/// Each is a command of its own, with its own right, its own rules and its own outcome: what is refused of
/// one is no reason to leave the others. One transaction for all was turned down, because then the one
/// incident that somebody else closed meanwhile would stop a hundred others.
@ClientLoop extension Exchange {
  /// `POST /v1/acknowledgements`: passes over every P1 and P2, which somebody takes on one by one.
  func acknowledgeSeveral() async throws(Problem) -> Response {
    try await bulk { clerk, body throws(Problem) in
      try clerk.acknowledgements(&body)
    }
  }

  /// `POST /v1/assignments`.
  func assignSeveral() async throws(Problem) -> Response {
    try await bulk { clerk, body throws(Problem) in try clerk.assignments(&body) }
  }

  private func bulk(_ read: ReadBody<BulkWish>) async throws(Problem) -> Response {
    let began = Wall.monotonic()
    let key = try idempotencyKey()
    let prepared = try await prepare { _, clerk throws(Problem) in try self.read(clerk, read) }
    let (asker, wish) = (prepared.asker, prepared.value)
    try pay(for: wish)
    // Whatever is not here now is not there for whoever asks, and a P1 that was lowered is none.
    try await confirm(orElse: Problem.notAccepted)
    let keys = wish.names.indices.map { self.key(key, of: $0) }
    // A key that was used for something else stops all of it, before any is done. What else is wrong with
    // one is its own outcome below.
    for (name, key) in zip(wish.names, keys) {
      if case .command(_, .keyReused)? = try? look(at: name, wish, asker, key) {
        throw .keyReused
      }
    }
    var items: [BulkItem] = []
    for (name, key) in zip(wish.names, keys) {
      let outcome = await carryOut(wish, on: name, asker, key)
      if let problem = outcome.problem { api.keepRefused(problem, of: alone(name, wish.step)) }
      items.append(BulkItem(name: name.text, outcome: outcome))
    }
    // That something is hidden is told by nothing, the time included.
    if items.contains(where: { $0.outcome.problem?.status == .notFound }) {
      await api.hideTime(since: began)
    }
    // Where nothing was begun, all of it is to be sent again.
    let waiting = items.compactMap { item -> Problem? in
      if case .notAccepted(let problem) = item.outcome { problem } else { nil }
    }
    if waiting.count == items.count, let problem = waiting.first { throw problem }
    return BulkItem.response(to: items)
  }

  /// Takes from the sender's quota what the same would that is asked of one incident after another.
  private func pay(for wish: BulkWish) throws(Problem) {
    guard let sender = api.sender(of: self) else { return }
    let share = Share(of: "/v1/incidents/:incident/\(wish.step)", .post, by: sender.holder)
    try api.fairness.take(wish.names.count, of: share, from: sender, at: api.quotaClock())
  }

  /// The key of one incident's command: the same for every repeat of the request.
  private func key(_ key: IdempotencyKey, of place: Int) -> IdempotencyKey {
    api.digest.update(Array(key.text.utf8))
    // A zero byte stands in no key.
    api.digest.update([0])
    api.digest.update(Array("\(place)".utf8))
    let text = Hex.encode(api.digest.finish())
    return IdempotencyKey(text: text, requestHash: key.requestHash)
  }

  /// The request as it would be about one of its incidents alone: so the record has it, where somebody
  /// tried what they may not do.
  private func alone(_ name: BulkWish.Name, _ step: String) -> Exchange {
    var request = request
    request.path = "/v1/incidents/\(name.text)/\(step)"
    return Exchange(
      api: api, request: request, remote: remote, certificate: certificate, deadline: deadline)
  }

  /// What is to be done about one incident.
  private enum Next {
    case command(Command, Preflight)
    case pass(Problem)
  }

  /// How often an incident is looked at again that changed between look and command.
  private static let mostLooks = 3

  private func carryOut(
    _ wish: BulkWish, on name: BulkWish.Name, _ asker: Asker, _ key: IdempotencyKey
  ) async -> BulkItem.Outcome {
    do throws(Problem) {
      for _ in 1..<Self.mostLooks {
        do throws(Problem) {
          return try await attempt(wish, on: name, asker, key)
        } catch  where wish.sparesHigh && error.isStaleVersion {
          // It may be a P1 by now. That it was not is seen again, by the version that is there.
          continue
        }
      }
      return try await attempt(wish, on: name, asker, key)
    } catch {
      return BulkItem.Outcome(error)
    }
  }

  private func attempt(
    _ wish: BulkWish, on name: BulkWish.Name, _ asker: Asker, _ key: IdempotencyKey
  ) async throws(Problem) -> BulkItem.Outcome {
    switch try look(at: name, wish, asker, key) {
    case .pass(let problem): return .skipped(problem)
    case .command(let command, let foreseen):
      return .done(try await submit(command, foreseen: foreseen))
    }
  }

  /// Looks at an incident in the state that is here now.
  ///
  /// Whether it is passed over is decided by its priority, which may be raised before the command is
  /// applied: so the command carries the version that was looked at, and is refused at any other.
  private func look(
    at name: BulkWish.Name, _ wish: BulkWish, _ asker: Asker, _ key: IdempotencyKey
  ) throws(Problem) -> Next {
    let isLeading = api.cluster.status.role == .leader
    let reader = api.reader
    return try reader.within(deadline) { () throws(Problem) in
      let sight = Sight(
        reader: reader, person: asker.principal.person, certainty: .confirmed, now: Wall.now())
      let incident = try sight.incident(name.incident)
      let command = asker.command(
        .incident(incident.id, wish.action), key: key,
        expecting: wish.sparesHigh ? incident.version : nil)
      let foreseen = try foresee(command)
      switch foreseen {
      case .remembered, .keyReused: return .command(command, foreseen)
      case .refused, .proceed:
        if wish.sparesHigh, incident.classification.priority.isHigh {
          return .pass(.oneByOne(incident))
        }
        // What a leader foresees spares the log; what anybody else does is no statement.
        return .command(command, isLeading ? foreseen : .proceed)
      }
    }
  }
}

/// What came of one incident of several.
struct BulkItem {
  /// As the request named it.
  let name: String
  let outcome: Outcome

  enum Outcome {
    /// It is done, or was by the same request before.
    case done(Done)
    /// It was passed over, and nothing was asked of it.
    case skipped(Problem)
    /// It was refused, as it would have been alone.
    case refused(Problem)
    /// It was not sent: it may be asked for again.
    case notAccepted(Problem)
    /// It was sent, and what came of it is not known: to be repeated with the same key.
    case unknown(Problem)

    /// What a problem of one command makes of it.
    init(_ problem: Problem) {
      self =
        switch problem.status {
        case .gatewayTimeout: .unknown(problem)
        case .serviceUnavailable: .notAccepted(problem)
        default: .refused(problem)
        }
    }

    /// The word of the answer.
    var word: String {
      switch self {
      case .done: "done"
      case .skipped: "skipped"
      case .refused: "refused"
      case .notAccepted: "not-accepted"
      case .unknown: "unknown"
      }
    }

    /// Why it was not done.
    var problem: Problem? {
      switch self {
      case .done: nil
      case .skipped(let problem), .refused(let problem), .notAccepted(let problem),
        .unknown(let problem):
        problem
      }
    }
  }

  /// `{"index": …, "term": …, "result": {"items": [{"incident": …, "outcome": …, "result": …}]}}`.
  static func response(to items: [BulkItem]) -> Response {
    let last = items.compactMap { item -> Position? in
      guard case .done(let done) = item.outcome else { return nil }
      return done.position
    }.max()
    var json = JSONWriter()
    json.object { json in
      json.member("index", Int(clamping: last?.index.rawValue ?? 0))
      json.member("term", Int(clamping: last?.term.rawValue ?? 0))
      json.object("result") { json in
        json.array("items") { json in
          for item in items { item.write(to: &json) }
        }
      }
    }
    var response = Response.api(.ok, json.bytes)
    if let last { response.fields.append("Muster-Index", "\(last.index.rawValue)") }
    return response
  }

  private func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("incident", name)
      json.member("outcome", outcome.word)
      switch outcome {
      case .done(let done): json.object("result") { json in done.result(&json) }
      case .skipped(let problem), .refused(let problem), .notAccepted(let problem),
        .unknown(let problem):
        json.write(problem, as: "problem")
      }
    }
  }
}

extension Problem {
  /// Whether what is to be changed is another version than was seen.
  fileprivate var isStaleVersion: Bool { type == "/rule/\(Refusal.Rule.staleVersion.rawValue)" }

  /// A P1 or P2 among several that are acknowledged at once.
  fileprivate static func oneByOne(_ incident: Incident) -> Problem {
    Problem(
      .conflict, "one-by-one", title: "A P1 or P2 is acknowledged by itself",
      detail: "\(incident.reference.text) is a \(incident.classification.priority). Whoever "
        + "acknowledges it takes it on: do so for this one alone.")
  }
}
