import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import Store

/// What the gateway notes of whoever is known and tried what they may not do.
@ClientLoop extension API {
  /// Looks, once the answer is on its way, whether a problem told somebody known that they may not do
  /// what they asked, or hid an incident from them.
  func noteDenial(_ problem: Problem, of exchange: Exchange) {
    guard problem.status == .forbidden || problem.status == .notFound,
      let proof = try? exchange.proof()
    else { return }
    Task(name: "attempt", executorPreference: ClientLoop.loop) {
      await self.note(problem, proof, exchange.request)
    }
  }

  private func note(_ problem: Problem, _ proof: Proof, _ request: Request) {
    guard let pattern = router.pattern(request.method, request.path) else { return }
    let now = Wall.now()
    let reader = self.reader
    let attempt = try? reader.read { reader throws(StoreError) -> (Actor, DeniedAttempt)? in
      guard reader.level >= 2, let principal = try? Principal(proof, in: reader, at: now) else {
        return nil
      }
      let incident = try Self.incident(named: request.path, pattern, in: reader)
      // A name that nobody has is a mistake and no attempt.
      guard problem.status == .forbidden || incident != nil else { return nil }
      return (
        principal.actor,
        DeniedAttempt(
          what: "\(request.method.rawValue) \(pattern)", incident: incident, at: now)
      )
    }
    if let (actor, attempt) = attempt.flatMap({ $0 }) { attempts.note(attempt, by: actor) }
  }

  /// The incident that a path names where `pattern` has one.
  private static func incident(
    named path: String, _ pattern: String, in reader: StateReader
  ) throws(StoreError) -> ID? {
    let segments = path.split(separator: "/")
    guard let place = pattern.split(separator: "/").firstIndex(of: ":incident"),
      place < segments.count, let name = IncidentName(pathSegment: String(segments[place]))
    else { return nil }
    switch name {
    case .id(let id): return reader.incident(id)?.id
    case .reference(let reference): return try reader.incident(reference: reference)?.id
    }
  }

  /// Puts into the record what was tried. To be called every ``usesInterval``.
  package func noteAttempts() async {
    for (actor, noted) in attempts.due(at: Wall.now()) {
      let command = Command(
        actor: actor, receivedAt: Wall.now(), salt: secureRandom(Bound.salt),
        action: .noteAttempts(noted))
      // Lost where nobody leads: a denied attempt changed nothing.
      _ = await cluster.submit(command.encoded(), within: Deadline.answer)
    }
  }
}
