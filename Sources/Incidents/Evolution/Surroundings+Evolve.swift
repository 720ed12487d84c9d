internal import Bytes

extension Incident {
  /// Makes an event about what is around it true.
  mutating func evolveSurroundings(_ event: Event, at stamp: Int64) {
    switch event.fact {
    case .answered(_, let person):
      if extras.around.answered == nil {
        extras.around.answered = Mark(person: person, at: stamp)
      }
    case .reasonGiven(let reason, _): explain(reason)
    case .serviceAffected(let change): extras.around.take(change, at: stamp)
    case .leadServiceSet(let set):
      service = set.service
      if teams.ownerLine != set.teams.ownerLine { extras.around.ownerSince = stamp }
      teams = set.teams
      linesSeen |= set.teams.ownerLine.bit
    case .familyChanged(.gathered(let umbrella)): extras.around.parent = umbrella
    case .familyChanged(.parent(let parent)):
      extras.around.parent = parent
      extras.around.parentResolvedAt = nil
    case .familyChanged(.children(let added, let removed)):
      extras.around.children.removeAll { removed.contains($0) }
      for child in added where !extras.around.children.contains(child) {
        extras.around.children.append(child)
      }
    case .umbrellaOpened(let children):
      extras.around.isUmbrella = true
      extras.around.children = children
    case .takenUpInEmergency(let person):
      if extras.around.emergency.count < Bound.list { extras.around.emergency.append(person) }
    case .parentSpoke(.resolved): extras.around.parentResolvedAt = stamp
    case .parentSpoke(.reopened): extras.around.parentResolvedAt = nil
    case .related(.recurrenceOf(let earlier)): recurrenceOf = earlier
    case .related(.causedBy(let change)): extras.around.take(change)
    case .engaged(.supplier(let supplier)): extras.around.take(supplier)
    case .engaged(.specialist(let party)): extras.around.take(party)
    default: preconditionFailure("\(event.fact) is not about what is around an incident.")
    }
  }
}

extension Incident {
  /// Counts what runs by the targets, the cadence and the calendar of another lead service.
  mutating func recountForItsService(at stamp: Int64, by timing: Timing) {
    let priority = classification.priority
    if status.isLive {
      clocks.recountUpdate(
        for: priority, from: clocks.update?.startedAt ?? declaredAt,
        isMitigated: status == .mitigated, now: stamp, by: timing)
    }
    clocks.recountRunning(priority, by: timing)
  }

  /// Takes a reason for the earliest thing that was done without one.
  private mutating func explain(_ reason: String) {
    let first = extras.around.unexplained.removeFirst()
    if first.what == .override, case .overridden(let at, _)? = ending {
      ending = .overridden(at: at, reason: reason)
    }
  }
}

extension Incident.Surroundings {
  /// A reason is owed for something that was done.
  mutating func owe(reasonFor what: Incident.Unexplained.Deed, by due: Int64) {
    guard unexplained.count < Bound.unexplained else { return }
    unexplained.append(Incident.Unexplained(what: what, dueAt: due))
  }

  /// It came to another line.
  mutating func take(_ move: OwnerMoved, at stamp: Int64) {
    guard let extras = move.extras else { return }
    ownerSince = stamp
    if move.isBounce { bouncedFor += extras.lay }
    if let due = extras.reasonDueAt {
      owe(reasonFor: .handOver(from: move.from, to: move.to), by: due)
    }
  }

  /// What a duplicate left, as far as there is room.
  mutating func take(_ legacy: Inheritance.Extras) {
    for service in legacy.affected
    where !affected.contains(where: { $0.service == service.service })
      && affected.count < Bound.list
    {
      affected.append(service)
    }
    for change in legacy.changes
    where !changes.contains(where: { $0.reference == change.reference })
      && changes.count < Bound.changes
    {
      changes.append(change)
    }
    for supplier in legacy.suppliers
    where !suppliers.contains(where: { $0.name == supplier.name })
      && suppliers.count < Bound.suppliers
    {
      suppliers.append(supplier)
    }
    for party in legacy.specialists { take(party) }
  }

  fileprivate mutating func take(_ change: AffectedChange, at stamp: Int64) {
    let place = affected.firstIndex { $0.service == change.service }
    switch (place, change.state) {
    case (let place?, let state?):
      affected[place].state = state
      affected[place].since = stamp
    case (let place?, nil): affected.remove(at: place)
    case (nil, let state?):
      affected.append(AffectedService(service: change.service, state: state, since: stamp))
    case (nil, nil): break
    }
  }

  /// Holds the incident to the targets that a service has now, from when it was first said to be affected.
  mutating func pin(_ service: ID, to policy: UInt64) {
    guard let place = affected.firstIndex(where: { $0.service == service }),
      affected[place].policy == 0
    else { return }
    affected[place].policy = policy
  }

  fileprivate mutating func take(_ change: ChangeLink) {
    if let place = changes.firstIndex(where: { $0.reference == change.reference }) {
      changes[place] = change
    } else {
      changes.append(change)
    }
  }

  fileprivate mutating func take(_ supplier: EngagedSupplier) {
    if let place = suppliers.firstIndex(where: { $0.name == supplier.name }) {
      suppliers[place] = supplier
    } else {
      suppliers.append(supplier)
    }
  }

  fileprivate mutating func take(_ party: Party) {
    guard !specialists.contains(party), specialists.count < Bound.list else { return }
    specialists.append(party)
  }
}
