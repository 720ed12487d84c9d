internal import Bytes

/// People, teams, services, credentials, on call and settings.
extension Hearing {
  func add(_ new: NewPerson) throws(Refusal) -> [Event] {
    try require(.administrator, to: "add people")
    try Check.name(new.name, "name")
    try Check.email(new.email)
    if let details = new.details { try Check.details(details) }
    guard facts.person(new.id) == nil else {
      throw .exists("id", "A person of this id is known.")
    }
    guard facts.person(email: new.email) == nil else {
      throw .exists("email", "Somebody with the address \(new.email) is known.")
    }
    return [event(.person, new.id, .personAdded(new))]
  }

  func deactivate(_ id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "end somebody's sign-in")
    guard let person = facts.person(id) else { throw .notFound("person", id) }
    try checkVersion(person.version)
    guard person.isActive else { return [] }
    // Whoever asks is an active administrator: only their own leaving could leave nobody.
    guard person.id != asker.id else {
      throw Refusal(
        .lastAdministrator, title: "Nobody ends their own sign-in",
        detail: "Ask another administrator, so that there is always one left.")
    }
    let left = event(.person, id, .personDeactivated)
    guard settings.dutyContact == id else { return [left] }
    // Whoever ends the sign-in of the duty contact is it, until they name another: it is never
    // somebody who has left.
    let contact = SettingsChange(dutyContact: asker.id)
    return [left, event(.settings, Settings.id, .settingsChanged(contact))]
  }

  func add(_ new: NewTeam) throws(Refusal) -> [Event] {
    try require(.administrator, to: "add teams")
    try Check.name(new.name, "name")
    try Check.count(new.members.count, "members")
    try Check.externalID(new.listing?.externalID)
    guard facts.team(new.id) == nil else { throw .exists("id", "A team of this id is known.") }
    guard facts.team(named: new.name) == nil else {
      throw .exists("name", "There is a team called \(new.name).")
    }
    for (place, member) in new.members.enumerated() {
      try checkMember(member.person)
      guard !new.members[..<place].contains(where: { $0.person == member.person }) else {
        throw .invalid("members", "Somebody is listed twice.")
      }
    }
    return [event(.team, new.id, .teamAdded(new))]
  }

  func set(_ change: MembershipChange) throws(Refusal) -> [Event] {
    // Who is in a team decides what they may do: that is the administrators' to say.
    try require(.administrator, to: "change who is in a team")
    guard let team = facts.team(change.team) else { throw .notFound("team", change.team) }
    try checkVersion(team.version)
    let current = team.members.first { $0.person == change.person }
    guard current?.role != change.role else { return [] }
    if change.role != nil, current == nil {
      guard !team.isRetired else { throw .retired(team) }
      try checkMember(change.person)
      try Check.count(team.members.count + 1, "team", max: Bound.members)
    }
    return [event(.team, team.id, .memberSet(change))]
  }

  private func checkMember(_ id: ID) throws(Refusal) {
    guard let person = facts.person(id) else { throw .notFound("person", id) }
    guard person.isActive else { throw .unavailable(person) }
    try Check.count(person.memberships.count + 1, "list of \(person.name)'s teams")
  }

  func add(_ new: NewService) throws(Refusal) -> [Event] {
    try require(.administrator, to: "add services")
    try Check.key(new.key)
    try Check.name(new.name, "name")
    try Check.externalID(new.listing?.externalID)
    guard facts.service(new.id) == nil else {
      throw .exists("id", "A service of this id is known.")
    }
    guard facts.service(named: new.key) == nil else {
      throw .exists("key", "There is a service with the key \(new.key).")
    }
    try checkTeams(of: new)
    return [event(.service, new.id, .serviceAdded(new))]
  }

  /// That a service's teams and owner are there, each in its line.
  func checkTeams(of new: NewService) throws(Refusal) {
    for (line, id) in [
      (Line.first, new.firstLine), (.second, new.secondLine), (.third, new.thirdLine),
    ] {
      guard let id else { continue }
      guard let team = facts.team(id) else { throw .notFound("team", id) }
      guard team.line == line else {
        throw .invalid("teams", "\(team.name) works as \(team.line.word), not as \(line.word).")
      }
      guard !team.isRetired else { throw .retired(team) }
    }
    if let owner = new.owner, facts.person(owner) == nil { throw .notFound("person", owner) }
  }

  func issue(_ new: NewCredential) throws(Refusal) -> [Event] {
    guard new.person == asker.id || standing.contains(.administrator) else {
      throw .rightMissing("issue a token for somebody else", needs: .administrator)
    }
    guard let person = facts.person(new.person) else { throw .notFound("person", new.person) }
    guard person.isActive else { throw .unavailable(person) }
    try check(newCredential: new.id, hash: new.hash, label: new.label)
    try check(new.terms)
    return [event(.credential, new.id, .credentialIssued(new))]
  }

  func issue(_ new: NewIngestKey) throws(Refusal) -> [Event] {
    try require(.administrator, to: "issue ingest keys")
    guard facts.service(new.service) != nil else { throw .notFound("service", new.service) }
    try check(newCredential: new.id, hash: new.hash, label: new.label)
    try check(new.terms)
    guard new.terms?.isReadOnly != true else {
      throw .invalid("readOnly", "A key to post alerts with cannot be one that only reads.")
    }
    return [event(.credential, new.id, .ingestKeyIssued(new))]
  }

  func issue(_ new: NewJoinToken) throws(Refusal) -> [Event] {
    try require(.administrator, to: "invite nodes")
    try check(newCredential: new.id, hash: new.hash, label: new.label)
    try Check.time(new.expiresAt, "expiresAt")
    guard new.expiresAt > stamp, new.expiresAt - stamp <= Bound.joinTokenLife else {
      throw .invalid("expiresAt", "A token to join with holds for at most seven days from now.")
    }
    return [event(.credential, new.id, .joinTokenIssued(new))]
  }

  /// Here it is decided that a token lets in one node and no second: whoever signs asks before.
  func use(_ id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "let nodes join")
    guard let token = facts.credential(id), token.kind == .join else {
      throw .notFound("token", id)
    }
    guard token.revokedAt == nil else {
      throw Refusal(
        .joinTokenSpent, title: "This token works no more",
        detail: "It was used already, or revoked. Issue another: muster cluster add.")
    }
    guard let end = token.expiresAt, stamp < end else {
      throw Refusal(
        .joinTokenExpired, title: "This token is out of its time",
        detail: "Issue another: muster cluster add.")
    }
    return [event(.credential, id, .joinTokenUsed)]
  }

  func revoke(_ id: ID) throws(Refusal) -> [Event] {
    guard let credential = facts.credential(id),
      credential.person == asker.id || standing.contains(.administrator)
    else {
      // Somebody else's token is answered like one that does not exist.
      throw .notFound("token", id)
    }
    try checkVersion(credential.version)
    return credential.revokedAt == nil ? [event(.credential, id, .credentialRevoked)] : []
  }

  func assign(_ new: OnCallAssignment) throws(Refusal) -> [Event] {
    guard let service = facts.service(new.service) else {
      throw .notFound("service", new.service)
    }
    guard mayRoster(service) else {
      throw .rightMissing(
        "say who is on call for \(service.name)",
        needs: [.administrator, .teamLead, .serviceDelivery])
    }
    guard let person = facts.person(new.person) else { throw .notFound("person", new.person) }
    guard person.isActive, Standing(person).contains(.signedIn) else {
      throw .unavailable(person)
    }
    try Check.time(new.from, "from")
    try Check.time(new.until, "until")
    guard new.from < new.until else {
      throw .invalid("until", "A shift ends after it begins.")
    }
    guard new.until > stamp else {
      throw .invalid("until", "This shift would be over already.")
    }
    guard facts.shift(new.id) == nil else { throw .exists("id", "A shift of this id is known.") }
    return [event(.shift, new.id, .onCallAssigned(new))]
  }

  /// Rotas and services: administrators, Service Delivery for its own services, team leads for their
  /// own team's.
  func mayRoster(_ service: Service) -> Bool {
    if standing.contains(.administrator) { return true }
    let second = service.secondLine ?? settings.defaultTeam
    return asker.memberships.contains { membership in
      switch membership.role {
      case .member: false
      case .serviceDelivery: membership.team == second
      case .teamLead:
        membership.team == second || membership.team == service.firstLine
          || membership.team == service.thirdLine
      }
    }
  }

  func changeSettings(_ change: SettingsChange) throws(Refusal) -> [Event] {
    try require(.administrator, to: "change settings")
    try checkVersion(settings.version)
    if let id = change.defaultTeam {
      guard let team = facts.team(id) else { throw .notFound("team", id) }
      guard !team.isRetired else { throw .retired(team) }
      guard team.line == .second else {
        throw .invalid("defaultTeam", "\(team.name) works as \(team.line.word), not 2nd line.")
      }
    }
    if let id = change.dutyContact {
      guard let person = facts.person(id) else { throw .notFound("person", id) }
      guard person.isActive else { throw .unavailable(person) }
    }
    if let severities = change.severities {
      try Check.count(severities.count, "severities")
      var seen: Set<String> = []
      for rule in severities {
        try Check.name(rule.severity, "severity", max: Bound.key)
        // Which of two counts nobody could see.
        guard seen.insert(rule.severity).inserted || facts.level < 2 else {
          throw .invalid("severities", "The severity \(rule.severity) is listed twice.")
        }
      }
    }
    if let periods = change.extras.retention { try check(periods) }
    if let people = change.extras.seniorManagement { try checkManagement(people) }
    if let contacts = change.extras.contacts { try check(contacts) }
    if let key = change.extras.calendar { try checkCalendar(key) }
    if let terms = change.extras.terms { try terms.check() }
    guard change.extras.calendarEpoch == 0 else {
      throw .invalid("calendarEpoch", "This is counted, and not settled.")
    }
    if let waits = change.extras.escalation { try check(waits) }
    if let template = change.extras.reportTemplate { try check(template) }
    if let label = change.extras.alertServiceLabel {
      try Check.label(label, "alertServiceLabel")
    }
    let after = settings.changed(by: change)
    if change.extras.escalation != nil || change.extras.terms != nil { try after.checkChain() }
    guard after != settings else { return [] }
    return [event(.settings, Settings.id, .settingsChanged(change))]
  }

  private func checkManagement(_ people: [ID]) throws(Refusal) {
    try Check.count(people.count, "list of senior management", max: Bound.contacts)
    for (place, id) in people.enumerated() {
      guard let person = facts.person(id) else { throw .notFound("person", id) }
      guard person.isActive else { throw .unavailable(person) }
      guard !people[..<place].contains(id) else {
        throw .invalid("seniorManagement", "\(person.name) is listed twice.")
      }
    }
  }

  func event(_ kind: Subject.Kind, _ id: ID, _ fact: Fact) -> Event {
    Event(
      subject: Subject(kind: kind, id: id), policyVersion: settings.policyVersion, fact: fact)
  }
}

extension Refusal {
  /// A team that was taken out of the directory takes nothing new.
  static func retired(_ team: Team) -> Refusal {
    .invalid("team", "\(team.name) was taken out of the directory. Name another team.")
  }

  static func unavailable(_ person: Person) -> Refusal {
    let why =
      person.isActive ? "\(person.name) is only an auditor." : "\(person.name) has left."
    return Refusal(
      .personUnavailable, title: "This person cannot take it", detail: why + " Name another.",
      missing: ["person"])
  }
}

extension Settings {
  /// The settings after a change; the version is not part of it.
  package func changed(by change: SettingsChange) -> Settings {
    var settings = self
    if let team = change.defaultTeam { settings.defaultTeam = team }
    if let contact = change.dutyContact { settings.dutyContact = contact }
    if let severities = change.severities { settings.severities = severities }
    settings.extras.take(change.extras)
    return settings
  }
}
