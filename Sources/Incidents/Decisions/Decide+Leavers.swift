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
    let told = roles.contains(.lead) ? facts.next(after: incident, settings) : nil
    let page = told.flatMap { facts.page($0, for: incident, at: stamp, settings) }
    events.append(
      incident.event(
        .leaverReleased(person: person.id, roles: roles, told: page == nil ? told : nil)))
    if let page { events.append(incident.event(.paged(page))) }
  }
  return events
}

extension Facts {
  /// How whoever is told that the lead has left is woken, where the chain goes on sooner than the
  /// department settled it: that they were told says no time of its own.
  fileprivate func page(
    _ told: ID, for incident: Incident, at stamp: Int64, _ settings: Settings
  ) -> Paged? {
    guard level >= 2, incident.isAwaited else { return nil }
    let nextAt = chainGoesOn(
      after: .dutyContact, of: PagedIncident(incident), at: stamp, settings)
    let wait = settings.escalationWaits.wait(
      after: .dutyContact, of: incident.classification.priority)
    guard nextAt != stamp + wait else { return nil }
    return Paged(
      step: .dutyContact, woken: [Paged.Woken(told, as: .dutyContact)], skipped: [],
      cause: .unanswered, nextAt: nextAt)
  }

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
