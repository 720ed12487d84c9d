internal import Bytes

/// What incidents have to do with each other, and with changes (policy section 3).
///
/// Each incident is told of its own side only, by events of its own, so that it folds to the same record
/// whether or not the other was purged.
extension Scene {
  func relate(_ relation: Relation) throws(Refusal) -> [Event] {
    switch relation {
    case .causedBy(let change): return try link(change)
    case .childOf(let parent):
      try requireDeciding("say what it belongs to")
      return try setParent(parent)
    case .recurrenceOf(let earlier):
      try requireDeciding("say what it is a recurrence of")
      guard earlier != incident.recurrenceOf else { return [] }
      if let earlier { try checkRecurrence(of: earlier) }
      return [event(.related(relation))]
    }
  }

  private func requireDeciding(_ words: String) throws(Refusal) {
    guard !standing.isDisjoint(with: .deciding) else {
      throw .rightMissing(words, needs: .deciding)
    }
  }

  private func link(_ change: ChangeLink) throws(Refusal) -> [Event] {
    try Check.name(change.reference, "reference", max: Bound.reference)
    try Check.optional(change.text, "text", max: Bound.reason)
    if let link = change.link {
      try Check.name(link, "link", max: Bound.address)
      guard link.hasPrefix("https://") || link.hasPrefix("http://"), !link.utf8.contains(0x20)
      else { throw .invalid("link", "A link is an address that begins with https://.") }
    }
    guard !incident.around.changes.contains(change) else { return [] }
    if !incident.around.changes.contains(where: { $0.reference == change.reference }) {
      try Check.count(incident.around.changes.count + 1, "list of changes", max: Bound.changes)
    }
    return [event(.related(.causedBy(change)))]
  }

  /// Only what was declared before can recur, so no chain of recurrences comes back to itself.
  private func checkRecurrence(of id: ID) throws(Refusal) {
    let earlier = try related(id, "of")
    guard (earlier.declaredAt, earlier.id) < (incident.declaredAt, incident.id) else {
      throw .invalid(
        "of", "\(earlier.reference.text) was declared later: it may be a recurrence of this one.")
    }
  }

  /// Another incident that the asker may know of, and that is as real as this one.
  private func related(_ id: ID, _ field: String) throws(Refusal) -> Incident {
    guard id != incident.id else {
      throw .invalid(field, "An incident has nothing to do with itself.")
    }
    let other = try hearing.visible(id)
    guard other.isExercise == incident.isExercise else {
      throw .invalid(field, "An exercise and a real incident have nothing to do with each other.")
    }
    return other
  }

  private func setParent(_ id: ID?) throws(Refusal) -> [Event] {
    guard id != incident.around.parent else { return [] }
    guard !incident.status.isOver else {
      throw Refusal(
        .alreadyOver, title: "This incident is over",
        detail: "\(incident.reference.text) is \(incident.status.word).")
    }
    var events: [Event] = []
    if let old = incident.around.parent, let parent = facts.incident(old) {
      events.append(
        parent.event(.familyChanged(.children(added: [], removed: [incident.id]))))
    }
    guard let id else { return events + [event(.familyChanged(.parent(nil)))] }
    let parent = try related(id, "parent")
    guard !parent.status.isOver else {
      throw .invalid(
        "parent", "\(parent.reference.text) is over: it is \(parent.status.phrase). Name another.")
    }
    // Two storeys: so no family comes back to itself.
    guard parent.around.parent == nil else {
      throw .invalid("parent", "\(parent.reference.text) belongs to another incident itself.")
    }
    guard incident.around.children.isEmpty else {
      throw .invalid(
        "parent", "Others belong to \(incident.reference.text): let them belong elsewhere first.")
    }
    try Check.count(
      parent.around.children.count + 1, "list of what belongs to \(parent.reference.text)",
      max: Bound.children)
    events.append(parent.event(.familyChanged(.children(added: [incident.id], removed: []))))
    events.append(event(.familyChanged(.parent(id))))
    if parent.resolved != nil { events.append(event(.parentSpoke(.resolved))) }
    return events
  }

  /// What its children are told of it: those that are there and still to be resolved; of an update also
  /// those that owe their last one.
  func told(children news: ParentNews) -> [Event] {
    let isUpdate = if case .updated = news { true } else { false }
    return incident.around.children.compactMap { id in
      guard let child = facts.incident(id), child.around.parent == incident.id,
        isUpdate ? !child.status.isOver : child.status.isLive
      else { return nil }
      return child.event(.parentSpoke(news))
    }
  }

  /// What a duplicate leaves beside its flags, from behaviour level 2 on.
  var legacy: Inheritance.Extras? {
    guard facts.level >= 2 else { return nil }
    let around = incident.around
    let legacy = Inheritance.Extras(
      affected: around.affected, changes: around.changes, suppliers: around.suppliers,
      specialists: around.specialists, stakeholders: incident.outreach.stakeholders,
      named: incident.sensitive.named, faces: incident.sensitive.faces,
      notification: incident.isSet(.data) ? incident.sensitive.notification : nil)
    let nothing = Inheritance.Extras(
      affected: [], changes: [], suppliers: [], specialists: [], stakeholders: [])
    return legacy == nothing ? nil : legacy
  }

  /// Those that belong to a duplicate belong to its survivor from now on, as far as that has room and
  /// belongs to nobody else; the others to nobody.
  func familyMoved(to survivor: Incident) -> [Event] {
    let children = incident.around.children.filter { id in
      facts.incident(id)?.around.parent == incident.id
    }
    guard !children.isEmpty else { return [] }
    var events: [Event] = []
    let isFree = survivor.around.parent.map { $0 == incident.id } ?? true
    let room = isFree ? Bound.children - survivor.around.children.count : 0
    var added: [ID] = []
    for id in children {
      guard let child = facts.incident(id) else { continue }
      let moves = id != survivor.id && child.status.isLive && added.count < room
      if moves { added.append(id) }
      events.append(child.event(.familyChanged(.parent(moves ? survivor.id : nil))))
    }
    if !added.isEmpty {
      events.append(survivor.event(.familyChanged(.children(added: added, removed: []))))
    }
    return events + [event(.familyChanged(.children(added: [], removed: children)))]
  }
}
