internal import Bytes
internal import Incidents

/// A plan that is being made.
struct Planning {
  let state: DirectoryState
  let isPruning: Bool
  var mistakes = DirectoryMistakes()
  var rows: [PlannedRow] = []

  var people: Roll<Person>
  var teams: Roll<Team>
  var services: Roll<Service>
  /// Who is in which team by the document.
  var kept: Set<Pair> = []
  /// What people are called by the document, by their ids there.
  var called: [String: String] = [:]

  /// A team and a person.
  struct Pair: Hashable {
    var team: ID
    var person: ID
  }

  init(_ state: DirectoryState, isPruning: Bool) {
    self.state = state
    self.isPruning = isPruning
    people = Roll(state.people, "person", mark: "address")
    teams = Roll(state.teams, "team", mark: "name")
    services = Roll(state.services, "service", mark: "key")
  }

  /// Finds out what each row of the document is about. Only then can one name another.
  mutating func settle(_ document: DirectoryDocument, makeID: () -> ID) {
    for row in document.teams {
      teams.settle(row.id, mark: row.name, line: row.line, makeID, &mistakes)
    }
    for row in document.people {
      called[row.id] = row.name
      let found = people.settle(row.id, mark: row.email, line: row.line, makeID, &mistakes)
      if let found, !found.isActive {
        mistakes.add(
          row.line,
          "\(found.name) has left. Take the row out; somebody who comes back is a new person, with "
            + "another id and address.")
      }
    }
    for row in document.services {
      services.settle(row.id, mark: row.key, line: row.line, makeID, &mistakes)
    }
  }

  /// Adds and changes what the document says.
  mutating func plan(_ document: DirectoryDocument) {
    for row in document.teams { plan(row) }
    for row in document.people { plan(row) }
    for row in document.services { plan(row) }
    for row in document.memberships { plan(row) }
  }

  private mutating func plan(_ row: TeamRow) {
    guard let id = teams.ids[row.id] else { return }
    guard let team = teams.settled[id] else {
      let profile = TeamProfile(name: row.name, line: row.support, externalID: row.id)
      let step = DirectoryRow(line: UInt32(row.line), step: .addTeam(id, profile))
      return rows.append(PlannedRow(step, .add, .team, id: row.id, name: row.name))
    }
    let profile = TeamProfile(
      name: row.name, line: row.support, externalID: team.externalID(after: row.id))
    let now = TeamRow(id: team.documentID, name: team.name, support: team.line)
    guard team.isRetired || profile != team.profile else { return }
    let step = DirectoryRow(
      line: UInt32(row.line), seen: team.version, step: .changeTeam(id, profile))
    rows.append(
      .changing(
        step, .team, id: row.id, name: row.name, from: now.record, to: row.record,
        isBack: team.isRetired))
  }

  private mutating func plan(_ row: PersonRow) {
    guard let id = people.ids[row.id] else { return }
    var profile = PersonProfile(
      name: row.name, email: row.email,
      details: PersonDetails(externalID: row.id, zone: row.zone, contacts: row.contacts))
    guard let person = people.settled[id] else {
      let step = DirectoryRow(line: UInt32(row.line), step: .addPerson(id, profile))
      return rows.append(PlannedRow(step, .add, .person, id: row.id, name: row.name))
    }
    profile.details.externalID = person.externalID(after: row.id)
    guard profile != person.profile else { return }
    let now = PersonRow(
      id: person.documentID, name: person.name, email: person.email, zone: person.details?.zone,
      contacts: person.details?.contacts ?? [])
    let step = DirectoryRow(
      line: UInt32(row.line), seen: person.version, step: .changePerson(id, profile))
    rows.append(
      .changing(step, .person, id: row.id, name: row.name, from: now.record, to: row.record))
  }

  private mutating func plan(_ row: ServiceRow) {
    guard let id = services.ids[row.id] else { return }
    let service = services.settled[id]
    var profile = ServiceProfile(key: row.key, name: row.name, externalID: row.id)
    profile.firstLine = team(row.firstLine, line: row.line, now: service?.firstLine)
    profile.secondLine = team(row.secondLine, line: row.line, now: service?.secondLine)
    profile.thirdLine = team(row.thirdLine, line: row.line, now: service?.thirdLine)
    profile.owner = row.owner.flatMap {
      people.named($0, line: row.line, now: service?.owner, isPruning, &mistakes)
    }
    profile.defaultPriority = row.defaultPriority
    guard let service else {
      let step = DirectoryRow(line: UInt32(row.line), step: .addService(id, profile))
      return rows.append(PlannedRow(step, .add, .service, id: row.id, name: row.name))
    }
    profile.externalID = service.externalID(after: row.id)
    guard service.isRetired || profile != service.profile else { return }
    let step = DirectoryRow(
      line: UInt32(row.line), seen: service.version, step: .changeService(id, profile))
    rows.append(
      .changing(
        step, .service, id: row.id, name: row.name, from: described(service).record,
        to: row.record, isBack: service.isRetired))
  }

  /// A service as a document describes it.
  private func described(_ service: Service) -> ServiceRow {
    ServiceRow(
      id: service.documentID, key: service.key, name: service.name,
      firstLine: service.firstLine.flatMap { teams.name(of: $0) },
      secondLine: service.secondLine.flatMap { teams.name(of: $0) },
      thirdLine: service.thirdLine.flatMap { teams.name(of: $0) },
      owner: service.owner.flatMap { people.name(of: $0) },
      defaultPriority: service.defaultPriority)
  }

  private mutating func team(_ name: String?, line: Int, now: ID?) -> ID? {
    name.flatMap { teams.named($0, line: line, now: now, isPruning, &mistakes) }
  }

  private mutating func plan(_ row: MembershipRow) {
    let team = teams.named(row.team, line: row.line, now: nil, isPruning, &mistakes)
    let person = people.named(row.person, line: row.line, now: nil, isPruning, &mistakes)
    guard let team, let person else { return }
    kept.insert(Pair(team: team, person: person))
    let known = teams.record(team)
    let role = known?.members.first { $0.person == person }?.role
    guard role != row.role else { return }
    let change = MembershipChange(team: team, person: person, role: row.role)
    let step = DirectoryRow(
      line: UInt32(row.line), seen: known?.version, step: .setMember(change))
    var planned = PlannedRow(
      step, role == nil ? .add : .change, .membership, id: "\(row.team)/\(row.person)",
      name: called[row.person] ?? people.record(person)?.name ?? row.person)
    planned.differences = [.init("role", role.map(Words.word), Words.word(row.role))]
    rows.append(planned)
  }

  // MARK: Removal

  /// Removes what the document does not name: memberships first, so that a full team has room again.
  mutating func prune() {
    var removed: [PlannedRow] = []
    for service in services.unnamed {
      removed.append(PlannedRow(removing: service, .service, .removeService(service.id)))
    }
    for team in teams.unnamed {
      if team.id == state.settings.defaultTeam {
        mistakes.add(
          0, "\(team.name) is the default team. Keep its row, or name another default team first.")
      }
      removed.append(PlannedRow(removing: team, .team, .removeTeam(team.id)))
    }
    for person in people.unnamed {
      removed.append(PlannedRow(removing: person, .person, .removePerson(person.id)))
    }
    rows = endedMemberships() + rows + removed
  }

  private func endedMemberships() -> [PlannedRow] {
    state.teams.filter { teams.settled[$0.id] != nil }.flatMap { team in
      team.members.compactMap { member -> PlannedRow? in
        let pair = Pair(team: team.id, person: member.person)
        // Who leaves, leaves the team as well, without a row for it.
        guard !kept.contains(pair), let person = people.settled[member.person] else { return nil }
        let change = MembershipChange(team: team.id, person: member.person, role: nil)
        let step = DirectoryRow(line: 0, seen: team.version, step: .setMember(change))
        let id = "\(team.documentID)/\(person.documentID)"
        var planned = PlannedRow(step, .remove, .membership, id: id, name: person.name)
        planned.differences = [.init("role", Words.word(member.role), nil)]
        return planned
      }
    }
  }
}

extension PlannedRow {
  fileprivate init(
    _ row: DirectoryRow, _ act: Act, _ kind: Kind, id: String, name: String
  ) {
    self.init(row: row, act: act, kind: kind, id: id, name: name, differences: [])
  }

  /// A change, with what differs between two descriptions.
  ///
  /// - Parameter isBack: Whether it had been taken out of the directory.
  fileprivate static func changing(
    _ row: DirectoryRow, _ kind: Kind, id: String, name: String, from before: DirectoryRecord,
    to after: DirectoryRecord, isBack: Bool = false
  ) -> PlannedRow {
    var planned = PlannedRow(row, .change, kind, id: id, name: name)
    planned.compare(before, after)
    if isBack { planned.differences.append(Difference("retired", "yes", nil)) }
    return planned
  }

  private mutating func compare(_ before: DirectoryRecord, _ after: DirectoryRecord) {
    for column in after.kind.columns where before.cells[column] != after.cells[column] {
      differences.append(
        Difference(column.rawValue, before.cells[column], after.cells[column]))
    }
    if before.contacts != after.contacts {
      let texts = [before, after].map { record in
        record.contacts.isEmpty ? nil : record.contacts.joined(separator: " ")
      }
      differences.append(Difference("contacts", texts[0], texts[1]))
    }
  }

  fileprivate init(removing record: some Listed, _ kind: Kind, _ step: DirectoryStep) {
    self.init(
      DirectoryRow(line: 0, seen: record.version, step: step), .remove, kind,
      id: record.documentID, name: record.name)
  }
}

extension Listed {
  /// The external id that it has once a document calls it `name`: what was only known by our own id
  /// keeps none.
  fileprivate func externalID(after name: String) -> String? {
    externalID ?? (name == id.description ? nil : name)
  }
}
