internal import Bytes

/// The incident team: give, accept, decline, take, leave.
extension Scene {
  func changeRole(_ change: RoleChange) throws(Refusal) -> [Event] {
    try checkIsDue(change)
    return switch change.step {
    case .give(let person): try give(change.role, to: person)
    case .accept: try accept(change.role)
    case .decline: try decline(change.role)
    case .take: try take(change.role)
    case .leave: try leave(change.role)
    }
  }

  /// What is over has no team any more, but somebody to clear a flag that still stands.
  private func checkIsDue(_ change: RoleChange) throws(Refusal) {
    guard incident.status.isOver else { return }
    switch change.step {
    case .take, .leave:
      if change.role == .lead, incident.isRestricted { return }
    case .give, .accept, .decline: break
    }
    throw Refusal(
      .alreadyOver, title: "This incident is over",
      detail: "Its lead is taken only while a flag is set that the lead clears.")
  }

  private var roles: Roles { incident.roles }

  private func give(_ role: Role, to id: ID) throws(Refusal) -> [Event] {
    // Whoever has a role may hand over their own; the rest is for those who assign.
    guard !standing.isDisjoint(with: .deciding) || roles.has(role, asker) else {
      throw .rightMissing("give the role of \(role.word)", needs: .deciding)
    }
    guard let person = facts.person(id) else { throw .notFound("person", id) }
    guard person.isActive, Standing(person).contains(.signedIn) else {
      throw .unavailable(person)
    }
    guard !roles.has(role, id), !roles.offers.contains(where: { $0.role == role && $0.to == id })
    else { return [] }
    // To give it to oneself is to take it.
    if id == asker { return try take(role) }
    try Check.count(roles.offers.count + 1, "list of offers")
    try checkRoom(for: role)
    return [event(.roleOffered(role: role, to: id, by: asker))]
  }

  private func accept(_ role: Role) throws(Refusal) -> [Event] {
    guard roles.offers.contains(where: { $0.role == role && $0.to == asker }) else {
      if roles.has(role, asker) { return [] }
      throw Refusal(
        .roleNotOffered, title: "This role was not offered to you",
        detail: "Nobody has offered you the role of \(role.word); you can take it instead.")
    }
    try checkRoom(for: role)
    return [event(.roleTaken(taken(role, by: .accepting)))]
  }

  private func decline(_ role: Role) throws(Refusal) -> [Event] {
    let isOffered = roles.offers.contains { $0.role == role && $0.to == asker }
    // The lead that came with an acknowledgement was not asked for, so it can be declined.
    let cameUnasked =
      role == .lead && roles.has(.lead, asker) && incident.acknowledgement?.person == asker
    guard isOffered || cameUnasked else {
      throw Refusal(
        .roleNotOffered, title: "This role was not offered to you",
        detail: "There is no offer of \(role.word) to decline; a role that you have, you leave.")
    }
    return [event(.roleDeclined(role: role, by: asker))]
  }

  private func take(_ role: Role) throws(Refusal) -> [Event] {
    guard !roles.has(role, asker) else { return [] }
    guard !standing.isDisjoint(with: .taking) else {
      throw .rightMissing("take the role of \(role.word)", needs: .taking)
    }
    try checkRoom(for: role)
    return [event(.roleTaken(taken(role, by: .taking)))]
  }

  private func leave(_ role: Role) throws(Refusal) -> [Event] {
    guard roles.has(role, asker) else {
      throw Refusal(
        .roleNotHeld, title: "You do not have this role",
        detail: "You are not \(role.word) of \(incident.reference.text).")
    }
    return [event(.roleLeft(role: role, person: asker))]
  }

  /// That the asker has a role from now on, instead of whoever had it alone.
  func taken(_ role: Role, by manner: RoleTaken.Manner) -> RoleTaken {
    let previous = role == .technicalSupport ? nil : roles.holders(of: role).first?.person
    return RoleTaken(role: role, person: asker, previous: previous, manner: manner)
  }

  private func checkRoom(for role: Role) throws(Refusal) {
    guard role == .technicalSupport else { return }
    try Check.count(roles.technicalSupport.count + 1, "technical support")
  }
}
