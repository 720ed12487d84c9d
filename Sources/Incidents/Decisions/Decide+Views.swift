internal import Bytes

/// Saved views: lists that somebody wants again.
extension Hearing {
  func save(_ view: SavedView) throws(Refusal) -> [Event] {
    try require(.signedIn, to: "save views")
    try Check.name(view.name, "name")
    guard facts.view(view.id) == nil else {
      throw .exists("id", "A view of this id is known.")
    }
    switch view.owner {
    case .person(let id):
      guard id == asker.id, facts.person(id) != nil else {
        throw .invalid("owner", "A personal view is one's own. Share it, or save it for a team.")
      }
    case .team(let id):
      guard let team = facts.team(id) else { throw .notFound("team", id) }
      guard !team.isRetired else { throw .retired(team) }
      guard view.belongs(to: asker) else {
        throw Refusal(
          .rightMissing, title: "You do not have the right to do this",
          detail: "You may not save views for \(team.name). This is for its members.",
          missing: ["member"])
      }
    }
    try check(view.filter)
    let count = facts.views(of: view.owner).count
    guard count < SavedView.most else {
      throw .tooMany("There are \(count) views already; remove one first.")
    }
    return [event(.view, view.id, .viewSaved(view))]
  }

  func remove(view id: ID) throws(Refusal) -> [Event] {
    try require(.signedIn, to: "remove views")
    // Somebody else's is there for nobody who cannot open it.
    guard let view = facts.view(id), view.isOpen(to: asker) || asker.isAdministrator else {
      throw .notFound("view", id)
    }
    guard view.belongs(to: asker) || asker.isAdministrator else {
      throw Refusal(
        .rightMissing, title: "You do not have the right to do this",
        detail: "You may not remove this view. This is for whoever it belongs to.",
        missing: ["owner"])
    }
    return [event(.view, id, .viewRemoved)]
  }

  /// That what a filter names is there. Names of incidents it has none.
  private func check(_ filter: IncidentFilter) throws(Refusal) {
    for (count, field) in [
      (filter.statuses.count, "status"), (filter.services.count, "service"),
      (filter.teams.count, "team"), (filter.priorities.count, "priority"),
      (filter.flags.count, "flag"),
    ] {
      try Check.count(count, field)
    }
    for id in filter.services where facts.service(id) == nil { throw .notFound("service", id) }
    for id in filter.teams where facts.team(id) == nil { throw .notFound("team", id) }
    for someone in [filter.holder, filter.lead, filter.reporter] {
      guard case .person(let id)? = someone, facts.person(id) == nil else { continue }
      throw .notFound("person", id)
    }
    try Check.time(optional: filter.declaredFrom, "from")
    try Check.time(optional: filter.declaredUntil, "until")
    try Check.optional(filter.referencePrefix, "referencePrefix", max: Bound.reference)
    if let problem = filter.contradiction { throw .invalid("sort", problem) }
  }
}

extension IncidentFilter {
  /// Why it can list nothing, if two of its parts exclude each other; in a sentence.
  package var contradiction: String? {
    if order != .latest, referencePrefix != nil {
      return "A list by reference is in the order of the references. Leave sort out."
    }
    if isOfLive, isOver == true || (!statuses.isEmpty && statuses.allSatisfy(\.isOver)) {
      return "What is over has no order by priority or due time, no team and no clock that runs."
    }
    return nil
  }
}
