internal import Bytes

/// An import of the directory: every row or none.
extension Hearing {
  func take(_ change: DirectoryChange) throws(Refusal) -> [Event] {
    try require(.administrator, to: "import the directory")
    try Check.count(change.rows.count, "directory's change", max: Bound.directoryRows)
    // All of it is read for that, so only for whoever says what they saw.
    if expectedVersion != nil { try checkVersion(facts.directoryVersion()) }
    guard !change.rows.isEmpty else { return [] }
    guard change.seen == settings.directory else {
      throw .staleDirectory("Another import came in between.")
    }
    let weighed = weigh(change.rows, refusals: 1)
    if let refused = weighed.refused.first { throw refused.told }
    guard !weighed.events.isEmpty else { return [] }
    var imported = DirectoryImport(version: settings.directory + 1)
    for row in change.rows { imported.count(row.step) }
    let first = Event(
      subject: Subject(kind: .settings, id: Settings.id), policyVersion: settings.policyVersion,
      fact: .directoryImported(imported))
    return [first] + weighed.events
  }

  /// Decides rows one after another, each on what those before it leave, and goes on past one that is
  /// refused until there are so many.
  fileprivate func weigh(
    _ rows: [DirectoryRow], refusals most: Int
  ) -> (events: [Event], refused: [RefusedRow]) {
    var draft = Draft(facts)
    var events: [Event] = []
    var refused: [RefusedRow] = []
    var names = Set<ExternalName>()
    for row in rows where refused.count < most {
      do throws(Refusal) {
        try checkSeen(row)
        if let name = row.step.externalName, !names.insert(name).inserted {
          throw .exists("id", "Two rows have the id \(name.id).")
        }
        // Heard for this row alone, so that the draft is nobody else's when it changes.
        let caused = try Hearing<Draft<Book>>(of: self, facts: draft).decide(row.step)
        for event in caused {
          evolve(event, at: stamp, by: .credential(id: credential, person: asker.id), in: &draft)
          events.append(event)
        }
      } catch {
        refused.append(RefusedRow(row, error, facts: draft))
      }
    }
    return (events, refused)
  }

  /// Against what is true, and not the draft: rows of one change may change a thing twice.
  private func checkSeen(_ row: DirectoryRow) throws(Refusal) {
    guard let seen = row.seen else { return }
    let version: UInt64? =
      switch row.step {
      case .addPerson(let id, _), .changePerson(let id, _), .removePerson(let id):
        facts.person(id)?.version
      case .addTeam(let id, _), .changeTeam(let id, _), .removeTeam(let id):
        facts.team(id)?.version
      case .setMember(let change): facts.team(change.team)?.version
      case .addService(let id, _), .changeService(let id, _), .removeService(let id):
        facts.service(id)?.version
      }
    guard version == seen else { throw .staleDirectory("Somebody changed it meanwhile.") }
  }

  private init<Below>(of other: Hearing<Below>, facts: Book) where Book == Draft<Below> {
    self.init(
      asker: other.asker, credential: other.credential, stamp: other.stamp, facts: facts,
      settings: facts.settings() ?? other.settings)
  }
}

/// One row.
extension Hearing {
  fileprivate func decide(_ step: DirectoryStep) throws(Refusal) -> [Event] {
    switch step {
    case .addPerson(let id, let profile):
      return try add(
        NewPerson(
          id: id, name: profile.name, email: profile.email,
          details: profile.details.isEmpty ? nil : profile.details))
    case .changePerson(let id, let profile): return try change(person: id, to: profile)
    case .removePerson(let id): return try deactivate(id)
    case .addTeam(let id, let profile):
      return try add(
        NewTeam(
          id: id, name: profile.name, line: profile.line,
          listing: profile.externalID.map { Listing(externalID: $0) }))
    case .changeTeam(let id, let profile): return try change(team: id, to: profile)
    case .removeTeam(let id): return try retire(team: id)
    case .setMember(let change): return try set(change)
    case .addService(let id, let profile): return try add(NewService(id: id, profile))
    case .changeService(let id, let profile): return try change(service: id, to: profile)
    case .removeService(let id): return try retire(service: id)
    }
  }

  private func change(person id: ID, to profile: PersonProfile) throws(Refusal) -> [Event] {
    guard let person = facts.person(id) else { throw .notFound("person", id) }
    guard person.isActive else { throw .unavailable(person) }
    try Check.name(profile.name, "name")
    try Check.email(profile.email)
    try Check.details(profile.details)
    if let other = facts.person(email: profile.email), other.id != id {
      throw .exists("email", "Somebody else has the address \(profile.email).")
    }
    return profile == person.profile ? [] : [event(.person, id, .personChanged(profile))]
  }

  private func change(team id: ID, to profile: TeamProfile) throws(Refusal) -> [Event] {
    guard let team = facts.team(id) else { throw .notFound("team", id) }
    try Check.name(profile.name, "name")
    try Check.externalID(profile.externalID)
    guard team.line == profile.line else {
      throw .invalid(
        "line",
        "\(team.name) works as \(team.line.word), and a team's line does not change. Add another "
          + "team.")
    }
    if let other = facts.team(named: profile.name), other.id != id {
      throw .exists("name", "Another team is called \(profile.name).")
    }
    guard profile != team.profile || team.isRetired else { return [] }
    return [event(.team, id, .teamChanged(profile))]
  }

  private func retire(team id: ID) throws(Refusal) -> [Event] {
    guard let team = facts.team(id) else { throw .notFound("team", id) }
    guard id != settings.defaultTeam else {
      throw Refusal(
        .lineUnavailable, title: "The default team stays",
        detail: "\(team.name) has every service that is not known. Name another default team first."
      )
    }
    return team.isRetired ? [] : [event(.team, id, .teamRetired)]
  }

  private func change(service id: ID, to profile: ServiceProfile) throws(Refusal) -> [Event] {
    guard let service = facts.service(id) else { throw .notFound("service", id) }
    try Check.name(profile.name, "name")
    try Check.externalID(profile.externalID)
    guard service.key == profile.key else {
      throw .invalid("key", "The key \(service.key) does not change: alerts and people know it.")
    }
    try checkTeams(of: NewService(id: id, profile))
    guard profile != service.profile || service.isRetired else { return [] }
    return [event(.service, id, .serviceChanged(profile))]
  }

  private func retire(service id: ID) throws(Refusal) -> [Event] {
    guard let service = facts.service(id) else { throw .notFound("service", id) }
    return service.isRetired ? [] : [event(.service, id, .serviceRetired)]
  }
}

/// An external id with what it names: a person may be called what a team is called.
private struct ExternalName: Hashable {
  var kind: Subject.Kind
  var id: String
}

extension DirectoryStep {
  /// The external id that it gives, if it gives one.
  fileprivate var externalName: ExternalName? {
    switch self {
    case .addPerson(_, let profile), .changePerson(_, let profile):
      profile.details.externalID.map { ExternalName(kind: .person, id: $0) }
    case .addTeam(_, let profile), .changeTeam(_, let profile):
      profile.externalID.map { ExternalName(kind: .team, id: $0) }
    case .addService(_, let profile), .changeService(_, let profile):
      profile.externalID.map { ExternalName(kind: .service, id: $0) }
    case .removePerson, .removeTeam, .removeService, .setMember: nil
    }
  }
}

extension DirectoryImport {
  fileprivate mutating func count(_ step: DirectoryStep) {
    switch step {
    case .addPerson, .addTeam, .addService: added += 1
    case .changePerson, .changeTeam, .changeService: changed += 1
    case .setMember(let change) where change.role != nil: changed += 1
    case .removePerson, .removeTeam, .removeService, .setMember: removed += 1
    }
  }
}

extension Refusal {
  /// The directory is not what the difference was worked out against.
  fileprivate static func staleDirectory(_ why: String) -> Refusal {
    Refusal(
      .staleVersion, title: "The directory has changed since you looked",
      detail: "\(why) Nothing was imported: do it again.", missing: ["version"])
  }
}

/// A row of a change that is refused.
package struct RefusedRow: Hashable, Sendable {
  /// The line of the file that says so; 0 for what the file does not name.
  package let line: UInt32
  /// What that is called which is removed, if it is known.
  package let name: String?
  /// Why it is refused.
  package let refusal: Refusal

  fileprivate init(_ row: DirectoryRow, _ refusal: Refusal, facts: some Facts) {
    line = row.line
    self.refusal = refusal
    name =
      switch row.step {
      case .removePerson(let id): facts.person(id)?.name
      case .removeTeam(let id): facts.team(id)?.name
      case .removeService(let id): facts.service(id)?.name
      case .setMember(let change): facts.person(change.person)?.name
      case .addPerson, .changePerson, .addTeam, .changeTeam, .addService, .changeService: nil
      }
  }

  /// The refusal, with the row in its words.
  fileprivate var told: Refusal {
    var refusal = refusal
    let place = line > 0 ? "Line \(line)" : "Not in the file, \(name ?? "unknown")"
    refusal.detail = "\(place): \(refusal.detail)"
    return refusal
  }
}

/// What would be refused of a change, row by row, so that all of it can be put right at once.
///
/// A row after one that is refused is decided as if that were not there, so some of what follows may be
/// of its doing.
///
/// - Parameters:
///   - change: The change.
///   - asker: Who would ask for it, an administrator.
///   - stamp: When, in milliseconds since 1970.
///   - facts: What is known.
///   - most: After how many refused rows it is enough.
package func refusals(
  of change: DirectoryChange, by asker: Person, at stamp: Int64, facts: some Facts, most: Int
) -> [RefusedRow] {
  guard let settings = facts.settings() else { return [] }
  // Nobody's credential: nothing of what is decided here becomes true.
  let hearing = Hearing(
    asker: asker, credential: asker.id, stamp: stamp, facts: facts, settings: settings)
  return hearing.weigh(change.rows, refusals: most).refused
}
