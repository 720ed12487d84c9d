internal import Bytes

extension Hearing {
  /// Breaks the glass (policy section 9). Who has no right to know of an incident must know its id.
  func breakGlass(_ asked: GlassBreak) throws(Refusal) -> [Event] {
    try require(.administrator, to: "break the glass")
    try Check.required(asked.reason, "reason", max: Bound.reason)
    let fact = Fact.glassBroken(asked, until: stamp + GlassBreak.span)
    switch asked.scope {
    case .incident(let id):
      guard let incident = facts.incident(id) else { throw .notFound("incident", id) }
      return [incident.event(fact)]
    case .team(let id):
      guard facts.team(id) != nil else { throw .notFound("team", id) }
      return [Event(subject: Subject(kind: .team, id: id), fact: fact)]
    }
  }
}
