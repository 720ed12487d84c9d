internal import Bytes

/// Lines of support: who has it, who had it, and the first answer of those that only log it (guidance 4
/// and 5, policy section 3).
extension Scene {
  /// The supplier who works as 3rd line of its service, where no team does.
  var thirdLineSupplier: String? {
    guard facts.level >= 2, incident.teams.third == nil, let service = incident.service else {
      return nil
    }
    return facts.arrangement(of: service)?.profile.thirdLineSupplier
  }

  /// What behaviour level 2 says of a move beside.
  ///
  /// - Parameters:
  ///   - line: The line that it comes to.
  ///   - needsReason: Whether somebody should have said why and has not.
  func moveExtras(to line: Line, needsReason: Bool) -> OwnerMoved.Extras? {
    guard facts.level >= 2 else { return nil }
    let calendar = facts.calendar(of: incident.service)
    return OwnerMoved.Extras(
      lay: max(0, stamp - (incident.around.ownerSince ?? incident.declaredAt)),
      supplier: line == .third ? thirdLineSupplier : nil,
      reasonDueAt: needsReason ? calendar.endOfNextWorkingDay(after: stamp) : nil)
  }

  /// The supplier who is brought in when it comes to 3rd line and they work as that.
  func supplierOfThirdLine() -> [Event] {
    guard let name = thirdLineSupplier,
      !incident.around.suppliers.contains(where: { $0.name == name })
    else { return [] }
    return [event(.engaged(.supplier(known(EngagedSupplier(name: name)))))]
  }

  func answer(_ answer: Answer) throws(Refusal) -> [Event] {
    let priority = incident.classification.priority
    guard priority == .p5 || priority == .p6 else {
      throw Refusal(
        .answerPriority, title: "Only a P5 or P6 is answered and nothing more",
        detail: "A \(priority) is worked on: acknowledge it.", guidance: "3",
        missing: ["acknowledgement"])
    }
    try Check.optional(answer.text, "text", max: Bound.text)
    guard answer.isLogged || answer.text?.utf8.contains(where: { $0 > 0x20 }) == true else {
      throw .invalid("text", "Say what was answered, or that it is logged and nothing is done.")
    }
    var events: [Event] = []
    if incident.acknowledgement == nil {
      events.append(event(.acknowledged(person: asker, at: stamp)))
    }
    events.append(event(.answered(answer, by: asker)))
    // What is only watched waits in the backlog of 3rd line.
    if answer.isLogged, priority == .p5, incident.status != .backlog {
      events += try move(StatusChange(to: .backlog))
    }
    return events
  }

  func giveReason(_ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    guard !incident.around.unexplained.isEmpty else {
      throw Refusal(
        .nothingOwed, title: "No reason is owed",
        detail: "Each hand-over and override of \(incident.reference.text) has its reason.")
    }
    return [event(.reasonGiven(reason, by: asker))]
  }
}

/// The services that an incident is about.
extension Scene {
  func affect(_ change: AffectedChange) throws(Refusal) -> [Event] {
    guard facts.service(change.service) != nil else { throw .notFound("service", change.service) }
    let known = incident.around.affected.first { $0.service == change.service }
    guard known?.state != change.state else { return [] }
    if known == nil {
      try Check.count(incident.around.affected.count + 1, "list of affected services")
    }
    return [event(.serviceAffected(change))]
  }

  func setService(_ change: LeadServiceChange) throws(Refusal) -> [Event] {
    try Check.optional(change.reason, "reason", max: Bound.reason)
    guard let service = facts.service(change.service) else {
      throw .notFound("service", change.service)
    }
    guard !service.isRetired else {
      throw .invalid("service", "\(service.name) was taken out of the directory.")
    }
    guard service.id != incident.service else { return [] }
    let priority = incident.classification.priority
    var teams = hearing.teams(of: service, at: priority)
    // Whoever has it keeps it, where the service has such a line and the priority allows it.
    switch incident.teams.ownerLine {
    case .first where teams.first != nil && !priority.isHigh: teams.ownerLine = .first
    case .third where teams.third != nil && !priority.isHigh: teams.ownerLine = .third
    case .second: teams.ownerLine = .second
    case .first, .third: break
    }
    let set = LeadServiceSet(
      service: service.id, previous: incident.service, teams: teams, reason: change.reason)
    var events = [event(.leadServiceSet(set))]
    if priority.isHigh, incident.status.isLive {
      var after = PagedIncident(incident)
      after.service = service.id
      after.owner = teams.owner
      after.versions.service = facts.servicePolicy(service.id)?.version ?? 0
      events.append(event(hearing.wake(after)))
    }
    let matrix = facts.matrix(of: service.id)
    if matrix != incident.matrix { events.append(event(.matrixPinned(matrix))) }
    return events
  }
}

/// Who is brought in from outside its teams.
extension Scene {
  func engage(_ engagement: Engagement) throws(Refusal) -> [Event] {
    // Whoever responds may bring in themselves, and nobody else.
    guard !standing.isDisjoint(with: .deciding) || engagement == .specialist(.person(asker)) else {
      throw .rightMissing("engage others", needs: .deciding)
    }
    switch engagement {
    case .supplier(let supplier): return try engage(supplier)
    case .specialist(let party):
      try check(party)
      if party == .person(asker) { try requireSightOfTheirOwn() }
      guard !incident.around.specialists.contains(party) else { return [] }
      try Check.count(incident.around.specialists.count + 1, "list of specialists")
      return [event(.engaged(engagement))]
    }
  }

  private func check(_ party: Party) throws(Refusal) {
    switch party {
    case .role:
      throw .invalid("specialist", "A specialist is a person or a team.")
    case .team(let id):
      guard let team = facts.team(id) else { throw .notFound("team", id) }
      guard !team.isRetired else { throw .retired(team) }
    case .person(let id):
      guard let person = facts.person(id) else { throw .notFound("person", id) }
      guard person.isActive, Standing(person).contains(.signedIn) else {
        throw .unavailable(person)
      }
    }
  }

  private func engage(_ supplier: EngagedSupplier) throws(Refusal) -> [Event] {
    try Check.name(supplier.name, "name")
    try Check.optional(supplier.reference, "reference", max: Bound.reference)
    if let number = supplier.outOfHours { try Check.name(number, "outOfHours", max: Bound.key) }
    try Check.time(optional: supplier.nextUpdateAt, "nextUpdateAt")
    if let next = supplier.nextUpdateAt, next <= stamp {
      throw .invalid("nextUpdateAt", "\(DisplayTime.text(next)) is past already.")
    }
    let whole = known(supplier)
    guard !incident.around.suppliers.contains(whole) else { return [] }
    if !incident.around.suppliers.contains(where: { $0.name == supplier.name }) {
      try Check.count(
        incident.around.suppliers.count + 1, "list of suppliers", max: Bound.suppliers)
    }
    return [event(.engaged(.supplier(whole)))]
  }

  /// A supplier with what is known of them: from before, or from how its services are run. What they
  /// promise next is always said anew.
  private func known(_ supplier: EngagedSupplier) -> EngagedSupplier {
    var whole = supplier
    let before = incident.around.suppliers.first { $0.name == supplier.name }
    whole.reference = supplier.reference ?? before?.reference
    whole.outOfHours = supplier.outOfHours ?? before?.outOfHours
    for service in [incident.service].compactMap({ $0 }) + incident.around.affected.map(\.service)
    where whole.outOfHours == nil {
      let listed = facts.arrangement(of: service)?.profile.suppliers ?? []
      whole.outOfHours = listed.first { $0.name == supplier.name }?.outOfHours
    }
    return whole
  }
}
