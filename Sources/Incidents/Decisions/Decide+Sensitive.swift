internal import Bytes

/// What a flag asks of an incident beside its duty (policy section 8).
extension Scene {
  /// Whether the asker is of the team that a flag is told.
  private func isSpecialist(_ flag: Flag) -> Bool {
    standing.contains(.specialist) && hearing.settings.contacts.include(hearing.asker, for: flag)
  }

  /// Refuses whoever is neither the lead nor of the team that a flag is told.
  func requireLead(orSpecialistFor flag: Flag, to words: String) throws(Refusal) {
    guard standing.contains(.lead) || isSpecialist(flag) else {
      throw .rightMissing(words, needs: [.lead, .specialist])
    }
  }

  func decide(_ choice: NotificationChoice) throws(Refusal) -> [Event] {
    try Check.required(choice.reason, "reason", max: Bound.reason)
    try requireSet(.data)
    try requireLead(orSpecialistFor: .data, to: "decide whether the breach is notified")
    guard incident.sensitive.notification?.choice != choice else { return [] }
    return [event(.notificationDecided(choice))]
  }

  func change(_ change: SightChange) throws(Refusal) -> [Event] {
    switch change {
    case .widen(let reason):
      try Check.required(reason, "reason", max: Bound.reason)
      guard !incident.isSet(.data) else {
        throw Refusal(
          .alwaysRestricted, title: "A data breach stays with those who work on it",
          detail: "Tell staff what they must know by a text of its own: its public face.",
          guidance: "1", missing: ["public face"])
      }
      try requireSet(.cyber)
      try requireLead(orSpecialistFor: .cyber, to: "let everybody know of it")
      guard incident.sensitive.widened == nil else { return [] }
    case .narrow:
      guard incident.sensitive.widened != nil else { return [] }
    case .add(let id):
      guard let person = facts.person(id) else { throw .notFound("person", id) }
      guard person.isActive else { throw .unavailable(person) }
      guard !incident.sensitive.named.contains(id) else { return [] }
      if id == asker { try requireSightOfTheirOwn() }
      try Check.count(incident.sensitive.named.count + 1, "list of named people")
    case .prune(let id):
      guard standing.contains(.lead) else {
        throw .rightMissing("say who may not know of it", needs: .lead)
      }
      guard let person = facts.person(id) else { throw .notFound("person", id) }
      guard !incident.sensitive.pruned.contains(id) else { return [] }
      try Check.count(incident.sensitive.pruned.count + 1, "list of people")
      try checkGoes(person)
    }
    return [event(.sightChanged(change))]
  }

  /// Refuses whoever is here by a broken glass alone to stay after it: that takes a role, or somebody else.
  func requireSightOfTheirOwn() throws(Refusal) {
    guard !facts.seesWithoutGlass(hearing.asker, incident) else { return }
    throw .rightMissing("let yourself know of it for longer than the glass is broken", needs: .lead)
  }

  /// Refuses to send away whoever would be there all the same, by their office.
  private func checkGoes(_ person: Person) throws(Refusal) {
    let contacts = hearing.settings.contacts
    let isSpecialist = Flag.allCases.contains { contacts.include(person, for: $0) }
    guard !incident.isNeeded(person), !isSpecialist else {
      throw .invalid(
        "person",
        "\(person.name) has a role or was offered one, leads the team that owns it, or is of the "
          + "specialist team. Take the role first.")
    }
  }

  func move(_ step: FaceStep) throws(Refusal) -> [Event] {
    let faces = incident.sensitive.faces
    switch step {
    case .draft(let text):
      try Check.name(text.title, "title", max: Bound.title)
      try Check.required(text.body, "body", max: Bound.notice)
      try Check.language(text.language)
      try checkNamesNothing(text.title, "title")
      try checkNamesNothing(text.body, "body")
      try Check.count(faces.count + 1, "list of public faces", max: Bound.faces)
      return [event(.faceMoved(step))]
    case .approve(let number, let notice):
      let face = try face(number)
      guard face.approval == nil else { return [] }
      try requirePublisher("agree to what staff are told")
      guard face.author.person != asker else {
        throw Refusal(
          .approvalRequired, title: "It is a second person who agrees",
          detail: "You wrote it. The lead, the comms lead or the specialist team can agree to it.",
          guidance: "1", missing: ["approval"])
      }
      guard facts.notice(notice) == nil else {
        throw .exists("notice", "A notice of this id is known.")
      }
      let moved = event(.faceMoved(step))
      // A drill tells nobody: it is logged that it would have been told.
      guard !incident.isExercise else { return [moved] }
      return [moved, .about(notice, .noticeChanged(.published(face.text)))]
    case .withdraw(let number):
      let face = try face(number)
      if face.approval != nil || face.author.person != asker {
        try requirePublisher("take back what staff are told")
      }
      var events = [event(.faceMoved(step))]
      if let notice = face.notice, facts.notice(notice) != nil {
        events.append(.about(notice, .noticeChanged(.withdrawn)))
      }
      return events
    }
  }

  /// Refuses words for everybody that lead back to the incident (policy section 8: no link back).
  private func checkNamesNothing(_ text: String, _ field: String) throws(Refusal) {
    let text = text.lowercased()
    let digits = incident.reference.digits.lowercased()
    let names = [
      digits, incident.reference.text.lowercased().dropFirst("inc-".count).description,
      "\(incident.id)",
    ]
    guard !names.contains(where: text.contains), text != incident.title.lowercased() else {
      throw .invalid(
        field, "What everybody is told names neither the incident's reference nor its title.")
    }
  }

  /// Refuses whoever may not say what everybody is told.
  private func requirePublisher(_ words: String) throws(Refusal) {
    let publishers: Standing = [.serviceDelivery, .lead, .commsLead, .specialist]
    guard !standing.isDisjoint(with: publishers) else {
      throw .rightMissing(words, needs: publishers)
    }
  }

  /// The public face of a number, if it was not taken back.
  private func face(_ number: UInt32) throws(Refusal) -> Incident.Face {
    let faces = incident.sensitive.faces
    guard number > 0, number <= UInt32(faces.count),
      faces[Int(number) - 1].withdrawal == nil
    else {
      throw .invalid("number", "There is no public face \(number), or it was taken back.")
    }
    return faces[Int(number) - 1]
  }
}

extension Hearing {
  /// Takes back a notice whose incident is gone, or that should never have been.
  func withdraw(notice id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "take back notices")
    guard facts.notice(id) != nil else { throw .notFound("notice", id) }
    return [.about(id, .noticeChanged(.withdrawn))]
  }
}

extension Event {
  /// An event about a notice, which belongs to no incident.
  fileprivate static func about(_ notice: ID, _ fact: Fact) -> Event {
    Event(subject: Subject(kind: .notice, id: notice), fact: fact)
  }
}
