internal import Bytes

/// Makes an event true in `records`.
///
/// This is the fold: what is known is the result of evolving every event in the order of the
/// ledger. Events were decided, so nothing is refused here.
///
/// - Parameters:
///   - event: What happened.
///   - stamp: The stamp of the command that caused it.
///   - actor: Who caused it.
///   - records: What is known.
/// - Precondition: What the event is about is known, unless it begins with it.
package func evolve(
  _ event: Event, at stamp: Int64, by actor: Actor, in records: inout some Records
) {
  let id = event.subject.id
  if let person = actor.person, !Fact.kindsWithoutAct.contains(event.kind) {
    records.note(person, actedOn: id, at: stamp)
  }
  if event.subject.kind == .incident { records.trace(event.fact, of: id) }
  switch event.fact {
  case .founded(let founding): found(founding, at: stamp, in: &records)
  case .personAdded(let new):
    records.put(
      Person(
        id: id, version: 1, name: new.name, email: new.email,
        isAdministrator: new.isAdministrator, isAuditor: new.isAuditor, details: new.details))
  case .personDeactivated:
    var person = known(records.person(id), "person", id)
    person.version += 1
    person.isActive = false
    for membership in person.memberships {
      var team = known(records.team(membership.team), "team", membership.team)
      team.version += 1
      team.members.removeAll { $0.person == id }
      records.put(team)
    }
    person.memberships = []
    records.put(person)
    records.left(id, at: stamp)
    forgetViews(of: .person(id), in: &records)
  case .viewSaved(let view): records.put(view)
  case .viewRemoved: records.forget(view: id)
  case .teamAdded(let new): add(new, in: &records)
  case .memberSet(let change): set(change, in: &records)
  case .serviceAdded(let new): records.put(Service(new, version: 1))
  case .credentialIssued(let new):
    records.put(
      Credential(
        id: id, version: 1, person: new.person, hash: new.hash, label: new.label,
        createdAt: stamp, terms: new.terms))
  case .ingestKeyIssued(let new):
    records.put(
      Credential(
        id: id, version: 1, person: new.service, kind: .ingest, hash: new.hash, label: new.label,
        createdAt: stamp, terms: new.terms))
  case .serviceKeyIssued(let new):
    var key = Credential(
      id: id, version: 1, person: new.service, kind: new.isCertificate ? .certificate : .service,
      hash: new.hash, label: new.label, createdAt: stamp, terms: new.terms)
    key.scopes = new.scopes
    records.put(key)
  case .joinTokenIssued(let new):
    let issuer = known(actor.person, "issuer of", id)
    records.put(
      Credential(
        id: id, version: 1, person: issuer, kind: .join, hash: new.hash, label: new.label,
        createdAt: stamp, expiresAt: new.expiresAt))
  case .credentialRevoked, .joinTokenUsed: revoke(id, at: stamp, in: &records)
  case .onCallAssigned(let new): records.put(OnCallShift(new, version: 1))
  case .settingsChanged(let change):
    changeSettings(change, in: &records)
  case .levelRaised(let level): records.raise(to: level, at: stamp)
  case .signedIn(let signedIn):
    for session in signedIn.forgotten { records.forget(session: session) }
    records.put(Credential(signedIn.session, at: stamp))
  case .passwordSet(let ended), .meansCleared(let ended):
    for session in ended { revoke(session, at: stamp, in: &records) }
  case .codesMade: break
  case .standingGiven(let isAdministrator, let isAuditor):
    var person = known(records.person(id), "person", id)
    person.version += 1
    person.isAdministrator = isAdministrator
    person.isAuditor = isAuditor
    records.put(person)
  case .sessionExtended(let until, _):
    var session = known(records.credential(id), "session", id)
    session.version += 1
    session.expiresAt = until
    records.put(session)
  case .strangeAlertResolved: break
  case .glassBroken(let asked, let until):
    let person = known(actor.person, "breaker of", id)
    let glass = BrokenGlass(asked, by: person, at: stamp, until: until)
    records.put(glass)
    if records.level >= 2 { tell(of: glass, in: &records) }
  case .attemptDenied, .restrictedRead: break
  case .purged(let purge): evolvePurge(purge, of: id, at: stamp, in: &records)
  case .contactsErased(let erased):
    let person = known(records.person(id), "person", id)
    records.put(
      Person(id, erased, isActive: person.isActive, memberships: person.memberships))
    records.eraseContacts(of: id, wasFounder: erased.founding != nil)
    if let founding = erased.founding { records.put(founding) }
  case .alertsRestated(let alerts):
    for group in alerts.groups { records.put(group) }
    var incident = known(records.incident(id), "incident", id)
    incident.firingGroups = alerts.firing
    incident.alertsClearedAt = alerts.clearedAt
    records.put(incident)
  case .headSigned(let head): records.put(head)
  case .servicePolicyChanged(let change):
    let before = records.servicePolicy(id) ?? ServicePolicy(of: id)
    var policy = before.changed(by: change)
    policy.version += 1
    records.put(policy)
    if policy.calendar != before.calendar { countAnew(in: &records) }
  case .calendarSet(let definition):
    let before = records.workCalendar(definition.key)
    guard let calendar = WorkCalendar(definition, version: (before?.version ?? 0) + 1) else {
      preconditionFailure("The calendar \(definition.key) was decided and does not hold.")
    }
    records.put(calendar)
    countAnew(in: &records)
  case .templateChanged(let change): take(change, at: stamp, in: &records)
  case .messagesPruned(let messages):
    for message in messages { records.forget(message: message) }
  case .noticeChanged(let change): take(change, of: id, at: stamp, in: &records)
  case .webhookSet, .webhookRemoved, .deliveryAsked, .deliveriesMoved:
    evolveWebhooks(event, by: actor, at: stamp, in: &records)
  case .messageAcknowledged(let message):
    acknowledge(message, by: actor, at: stamp, in: &records)
  case .reportKept(let report):
    var incident = known(records.incident(id), "incident", id)
    incident.mark(event, at: stamp)
    records.put(incident)
    if case .reviewed(let version) = report.name { records.settle(report: version, of: id) }
  case .reportBytes: break
  case .directoryImported, .personChanged, .teamChanged, .teamRetired, .serviceChanged,
    .serviceRetired:
    evolveDirectory(event, in: &records)
  case .serviceArranged, .manualConfirmed, .serviceWentLive, .serviceWithdrawn:
    evolveArrangement(event, at: stamp, in: &records)
  case .declared(let declared):
    let servicePolicy =
      records.level >= 2
      ? declared.service.flatMap { records.servicePolicy($0)?.version } ?? 0 : 0
    let timing = records.timing(
      service: declared.service, servicePolicy: servicePolicy, policyVersion: event.policyVersion)
    records.put(
      Incident(declared, event: event, at: stamp, servicePolicy: servicePolicy, by: timing))
  case .leadNotified, .noLeadOnCall, .acknowledged, .priorityChanged, .ownerMoved, .roleOffered,
    .roleDeclined, .roleTaken, .roleLeft, .noted, .updated, .statusMoved, .restoredProposed,
    .resolved, .resolutionAgreed, .reviewed, .closed, .closedByOverride, .reopened, .cancelled,
    .duplicateSaid, .inherited, .flagSet, .flagCleared, .flagReported, .ticketRecorded,
    .alertReported, .alertCleared, .clearedWithoutAction, .leaverReleased, .holdSet, .holdReleased,
    .triaged, .proposed, .proposalAccepted, .proposalDeclined, .flagDismissed, .matrixPinned,
    .communicationDrafted, .communicationMoved, .stakeholderChanged, .reachStated,
    .delayExplained, .notificationDecided, .sightChanged, .faceMoved, .waitingBegan,
    .waitingEnded, .clocksRecounted, .closedInTime, .paged, .pageAnswered, .escalated, .reminded,
    .assessed, .reviewArranged, .actionCompleted, .gapNoted, .reviewWaived, .answered,
    .reasonGiven, .serviceAffected, .leadServiceSet, .familyChanged, .parentSpoke, .umbrellaOpened,
    .takenUpInEmergency, .related, .engaged:
    var incident = known(records.incident(id), "incident", id)
    let before = incident
    let isByMachine = actor.person.map { records.service($0) != nil } ?? false
    let (service, version) = (incident.service, incident.policyVersion)
    let servicePolicy = incident.clocks.extras.servicePolicy
    let affected = incident.around.affected
    incident.evolve(
      event, at: stamp, isByMachine: isByMachine,
      by: records.timing(
        service: service, servicePolicy: servicePolicy, policyVersion: version,
        affected: affected))
    if records.level >= 2 { incident.mark(event, at: stamp) }
    switch event.fact {
    case .alertReported(let report):
      let group = take(report, of: id, at: stamp, in: &records)
      incident.hear(from: group.id, isClear: group.clearedAt != nil)
    case .inherited(let inheritance):
      inheritAlerts(of: inheritance.from, by: &incident, in: &records)
    case .leadServiceSet(let set) where records.level >= 2:
      // Its targets, cadence and calendar are those of the service that it has now.
      incident.clocks.extras.servicePolicy = records.servicePolicy(set.service)?.version ?? 0
      incident.recountForItsService(at: stamp, by: records.timing(of: incident))
    case .serviceAffected(let change):
      let policy = records.servicePolicy(change.service)?.version ?? 0
      incident.extras.around.pin(change.service, to: policy)
    case .reviewed(_, _, let version) where records.level >= 2:
      records.owe(report: version, of: id)
    default: break
    }
    if incident.around.affected.map(\.service) != affected.map(\.service) {
      // Other targets have to be met from now on.
      incident.clocks.recountRunning(
        incident.classification.priority, by: records.timing(of: incident))
    }
    if records.level >= 2 {
      incident.observe(
        event, at: stamp,
        // By the link in a page it is said for the person whose link it is.
        isByPerson: actor.person != nil && !isByMachine || event.onBehalfOf != nil,
        waits: records.settings()?.escalationWaits ?? .standard)
      reachOut(event, to: &incident, before: before, by: actor, at: stamp, in: &records)
      records.post(event.fact, on: incident, at: stamp)
    }
    records.put(incident)
  }
}

/// Lets go of an incident, and of the groups of alerts that were ever attached to it. Those that went on
/// to another incident are said anew by the events that follow.
private func evolvePurge(
  _ purge: Purge, of id: ID, at stamp: Int64, in records: inout some Records
) {
  for group in purge.groups {
    guard let known = records.alertGroup(id: group) else { continue }
    if known.incident != id, var other = records.incident(known.incident) {
      other.hear(from: group, isClear: true)
      records.put(other)
    }
    records.forget(group: known)
  }
  records.purge(id, at: stamp)
}

/// Lets the views go that somebody had who is no more.
func forgetViews(of owner: SavedView.Owner, in records: inout some Records) {
  guard records.level >= 2 else { return }
  for view in records.views(of: owner) { records.forget(view: view.id) }
}

/// What an event is about, which its decision has seen.
func known<Record>(_ record: Record?, _ what: String, _ id: ID) -> Record {
  guard let record else { preconditionFailure("An event about the unknown \(what) \(id).") }
  return record
}

private func changeSettings(_ change: SettingsChange, in records: inout some Records) {
  let before = known(records.settings(), "settings", Settings.id)
  var settings = before.changed(by: change)
  settings.version += 1
  if settings.extras.terms != before.extras.terms, let terms = settings.extras.terms {
    settings.policyVersion += 1
    records.put(terms, version: settings.policyVersion)
  }
  if settings.extras.calendar != before.extras.calendar { settings.extras.calendarEpoch += 1 }
  records.put(settings)
}

/// Due times are to be counted by other calendars from now on, those that run too.
private func countAnew(in records: inout some Records) {
  var settings = known(records.settings(), "settings", Settings.id)
  settings.extras.calendarEpoch += 1
  records.put(settings)
}

private func revoke(_ id: ID, at stamp: Int64, in records: inout some Records) {
  var credential = known(records.credential(id), "credential", id)
  credential.version += 1
  credential.revokedAt = stamp
  records.put(credential)
}

extension Credential {
  /// The session that begins at `stamp`.
  fileprivate init(_ new: NewSession, at stamp: Int64) {
    self.init(
      id: new.id, version: 1, person: new.person, kind: .session, hash: new.hash,
      label: "\(new.way.words)\(new.origin.isEmpty ? "" : " from \(new.origin)")",
      createdAt: stamp, expiresAt: SignInSession(at: stamp).endsAt)
  }
}

private func found(_ founding: Founding, at stamp: Int64, in records: inout some Records) {
  records.put(founding)
  records.put(
    Person(
      id: founding.person, version: 1, name: founding.name, email: founding.email,
      isAdministrator: true,
      memberships: [.init(team: founding.team, line: .second, role: .serviceDelivery)]))
  records.put(
    Credential(
      id: founding.credential, version: 1, person: founding.person, hash: founding.tokenHash,
      label: "founding", createdAt: stamp))
  records.put(
    Team(
      id: founding.team, version: 1, name: founding.teamName, line: .second,
      members: [.init(person: founding.person, role: .serviceDelivery)]))
  records.put(Settings(founding))
}

private func add(_ new: NewTeam, in records: inout some Records) {
  records.put(
    Team(
      id: new.id, version: 1, name: new.name, line: new.line, members: new.members,
      listing: new.listing))
  for member in new.members {
    var person = known(records.person(member.person), "person", member.person)
    person.version += 1
    person.memberships.append(.init(team: new.id, line: new.line, role: member.role))
    records.put(person)
  }
}

private func set(_ change: MembershipChange, in records: inout some Records) {
  var team = known(records.team(change.team), "team", change.team)
  var person = known(records.person(change.person), "person", change.person)
  team.version += 1
  person.version += 1
  let place = team.members.firstIndex { $0.person == change.person }
  let membership = person.memberships.firstIndex { $0.team == change.team }
  switch (change.role, place, membership) {
  case (let role?, let place?, let membership?):
    team.members[place].role = role
    person.memberships[membership].role = role
  case (let role?, _, _):
    team.members.append(.init(person: change.person, role: role))
    person.memberships.append(.init(team: change.team, line: team.line, role: role))
  case (nil, _, _):
    team.members.removeAll { $0.person == change.person }
    person.memberships.removeAll { $0.team == change.team }
  }
  records.put(team)
  records.put(person)
}

/// The groups that fire for a duplicate fire for its survivor.
private func inheritAlerts(
  of duplicate: ID, by survivor: inout Incident, in records: inout some Records
) {
  // In a fold it may be one that was purged since; what it had is said anew then.
  guard var old = records.incident(duplicate) else { return }
  for group in old.firingGroups { survivor.hear(from: group, isClear: false) }
  if !old.firingGroups.isEmpty { survivor.alertsClearedAt = nil }
  old.firingGroups = []
  records.put(old)
}

/// Takes a report into its group, whose incident may be a new one.
private func take(
  _ report: AlertReport, of incident: ID, at stamp: Int64, in records: inout some Records
) -> AlertGroup {
  var group =
    records.alertGroup(report.key)
    ?? AlertGroup(id: report.group, version: 0, key: report.key, incident: incident, members: [])
  if group.incident != incident, var old = records.incident(group.incident) {
    old.hear(from: group.id, isClear: true)
    records.put(old)
  }
  group.incident = incident
  group.take(report, at: stamp)
  records.put(group)
  return group
}
