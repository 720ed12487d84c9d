import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import Store

/// What the gateway notes of whoever is known and tried what they may not do.
@ClientLoop extension API {
  /// A request that was refused, until somebody looks what it was.
  struct Refused {
    let proof: Proof
    let request: Request
    let status: Status
    let at: Int64
  }

  /// So many refused requests are kept to be looked at, and so many of one credential: a loop that
  /// looks at more of them would let others wait.
  private static let mostRefused = 1_000
  private static let mostOfOne = 100

  /// Keeps a request that told somebody known that they may not do what they asked, or that an incident
  /// is not there. To look now would take longer for one that is hidden.
  func keepRefused(_ problem: Problem, of exchange: Exchange) {
    guard problem.status == .forbidden || problem.status == .notFound,
      refused.count < Self.mostRefused, let proof = try? exchange.proof(),
      refused.count(where: { $0.proof == proof }) < Self.mostOfOne
    else { return }
    refused.append(
      Refused(
        proof: proof, request: exchange.request, status: problem.status, at: Wall.now()))
  }

  /// Looks at what was refused: who it was, and whether there is what was hidden from them.
  private func lookAtRefused() {
    let kept = refused
    refused = []
    let reader = self.reader
    let found = try? reader.read { reader throws(StoreError) in
      var found: [(Actor, DeniedAttempt)] = []
      guard reader.level >= 2 else { return found }
      for request in kept {
        if let attempt = try self.attempt(request, in: reader) { found.append(attempt) }
      }
      return found
    }
    for (actor, attempt) in found ?? [] { attempts.note(attempt, by: actor) }
  }

  private func attempt(
    _ refused: Refused, in reader: StateReader
  ) throws(StoreError) -> (Actor, DeniedAttempt)? {
    let request = refused.request
    guard let pattern = router.pattern(request.method, request.path),
      let credential = reader.credential(hash: refused.proof.hash)
    else { return nil }
    let incident = try Self.incident(named: request.path, pattern, in: reader)
    // A name that nobody has is a mistake and no attempt.
    guard refused.status == .forbidden || incident != nil else { return nil }
    return (
      .credential(id: credential.id, person: credential.person),
      DeniedAttempt(
        what: "\(request.method.rawValue) \(pattern)", incident: incident, at: refused.at)
    )
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
    lookAtRefused()
    for (actor, noted) in attempts.due(at: Wall.now()) {
      let command = Command(
        actor: actor, receivedAt: Wall.now(), salt: secureRandom(Bound.salt),
        action: .noteAttempts(noted))
      // Lost where nobody leads: a denied attempt changed nothing.
      _ = await cluster.submit(command.encoded(), within: Deadline.answer)
    }
  }
}
