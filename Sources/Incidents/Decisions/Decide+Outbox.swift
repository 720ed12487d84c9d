internal import Bytes

// The words around what is told, and what waits to be told.

extension Hearing {
  /// Refuses contacts that nobody could reach.
  func check(_ contacts: SpecialContacts) throws(Refusal) {
    for case let contact? in [contacts.cyber, contacts.data] {
      try Check.optional(contact.procedure, "procedure", max: Bound.reason)
      switch contact.recipient {
      case .person(let id):
        guard let person = facts.person(id) else { throw .notFound("person", id) }
        guard person.isActive else { throw .unavailable(person) }
      case .team(let id), .leads(let id):
        guard let team = facts.team(id) else { throw .notFound("team", id) }
        guard !team.isRetired else { throw .retired(team) }
      case .address(let address): try Check.email(address)
      case .auditors: break
      }
    }
  }

  /// Changes a template (policy section 9: templates).
  func change(_ change: TemplateChange) throws(Refusal) -> [Event] {
    try require(.administrator, to: "change templates")
    try Check.language(change.key.language)
    let known = facts.template(change.key)
    try checkVersion(known?.version ?? 0)
    guard let text = change.text else {
      return known == nil ? [] : [event(.settings, Settings.id, .templateChanged(change))]
    }
    try Check.name(text.subject, "subject", max: Bound.title)
    try Check.required(text.body, "body", max: Bound.text)
    if let unknown = text.unknownPlaceholder {
      let words = CommunicationTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }
      throw .invalid(
        "body", "\(unknown) stands for nothing. There are \(words.joined(separator: ", ")).")
    }
    guard known?.text != text else { return [] }
    return [event(.settings, Settings.id, .templateChanged(change))]
  }

  /// Whoever asks has read a message. One that is not for them, or of an incident that they may not
  /// know of, is absent.
  func acknowledge(message id: ID) throws(Refusal) -> [Event] {
    guard let message = facts.message(id),
      facts.showing(message, to: asker, at: stamp) != .hidden
    else { throw .notFound("message", id) }
    guard !message.isAcknowledged(by: asker.id) else { return [] }
    try Check.count(message.acknowledgements.count + 1, "list of readers", max: Bound.members)
    let fact = Fact.messageAcknowledged(id)
    // About its incident, so that it goes when that goes.
    guard let incident = message.incident.flatMap(facts.incident) else {
      return [event(.person, asker.id, fact)]
    }
    return [incident.event(fact)]
  }
}

/// Lets messages go that have been kept long enough. What does not fit any more is passed over.
func decidePruning(
  _ messages: [ID], at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  try Check.count(messages.count, "messages", max: Bound.pruned)
  var old: [ID] = []
  for id in messages where !old.contains(id) {
    guard let message = facts.message(id), stamp - message.at >= Message.kept else { continue }
    old.append(id)
  }
  guard !old.isEmpty else { return [] }
  return [
    Event(subject: Subject(kind: .settings, id: Settings.id), fact: .messagesPruned(old))
  ]
}
