package import Bytes

/// Frees the roles of people who have left (policy section 10): whoever has the next say is told.
///
/// Nobody is kept from leaving because they hold something, so it is done afterwards, a few at a
/// time. What does not fit any more is passed over.
func releaseLeavers(
  _ releases: [Release], at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  try Check.count(releases.count, "releases", max: Bound.releases)
  var events: [Event] = []
  for (place, release) in releases.enumerated() where !releases[..<place].contains(release) {
    guard let incident = facts.incident(release.incident),
      incident.team.contains(release.person),
      let person = facts.person(release.person), !person.isActive
    else { continue }
    let roles = Role.allCases.filter { incident.roles.has($0, person.id) }
    let hadLead = roles.contains(.lead)
    // From level 2 on somebody has to take it: the chain begins anew, and tells whoever is next in it.
    let isAwaited = facts.level >= 2 && incident.isAwaited
    let told = hadLead && !isAwaited ? facts.next(after: incident, settings) : nil
    events.append(
      incident.event(.leaverReleased(person: person.id, roles: roles, told: told)))
    if hadLead, isAwaited {
      let page = facts.page(
        from: .lead, of: PagedIncident(incident), cause: .unanswered, at: stamp, settings)
      events.append(incident.event(.paged(page)))
    }
  }
  return events
}

extension Facts {
  /// Who sees to an incident that has lost its lead: whoever leads the team that owns it, or else the
  /// duty contact, who is never somebody who has left.
  fileprivate func next(after incident: Incident, _ settings: Settings) -> ID {
    let leads = team(incident.teams.owner)?.members.filter { $0.role == .teamLead } ?? []
    return leads.first { person($0.person)?.isActive == true }?.person ?? settings.dutyContact
  }
}

extension Incident {
  /// Everybody who has a role in it or was offered one, each once. What is over has no team any
  /// more, whoever its record names.
  package var team: [ID] {
    guard !status.isOver else { return [] }
    var people: [ID] = []
    let holders = Role.allCases.flatMap { roles.holders(of: $0).map(\.person) }
    for person in holders + roles.offers.map(\.to) where !people.contains(person) {
      people.append(person)
    }
    return people
  }
}
