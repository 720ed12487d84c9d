internal import Bytes

/// What `command` came to, read from `facts` after its `events` were made true.
package func outcome(of command: Command, events: [Event], facts: some Facts) -> Outcome {
  let subject = subject(of: command, events: events, facts: facts)
  let version = command.changedVersion(facts) ?? version(of: subject, facts: facts)
  return Outcome(
    subject: subject, version: version,
    status: subject.kind != .settings && events.contains { $0.fact.isBeginning }
      || events.contains(where: \.fact.isWebhookSet) && version == 1 ? .created : .ok)
}

private func subject(
  of command: Command, events: [Event], facts: some Facts
) -> Subject {
  if case .incident(let id, _) = command.action { return Subject(kind: .incident, id: id) }
  // Whoever posts alerts is not told of an incident that is restricted.
  if case .alert(let sent) = command.action, facts.level >= 2,
    let about = events.first?.subject, facts.incident(about.id)?.isRestricted == true
  {
    return Subject(kind: .alertGroup, id: facts.alertGroup(sent.key)?.id ?? sent.group)
  }
  if let event = events.first { return event.subject }
  return switch command.action {
  case .found, .changeSettings, .closeCleared, .releaseLeavers, .attemptSignIn, .noteUses,
    .keepSecret, .importDirectory, .signHead, .breakGlass, .noteAttempts, .noteReads, .purge,
    .changeTemplate, .pruneMessages, .withdrawNotice, .setCalendars, .keepTime, .fireDues,
    .noteGap, .keepReport, .moveDeliveries:
    Subject(kind: .settings, id: Settings.id)
  case .addPerson(let new): Subject(kind: .person, id: new.id)
  case .deactivatePerson(let id): Subject(kind: .person, id: id)
  case .addTeam(let new): Subject(kind: .team, id: new.id)
  case .setMember(let change): Subject(kind: .team, id: change.team)
  case .addService(let new): Subject(kind: .service, id: new.id)
  case .issueCredential(let new): Subject(kind: .credential, id: new.id)
  case .issueIngestKey(let new): Subject(kind: .credential, id: new.id)
  case .hold(let change): Subject(kind: .incident, id: change.incident)
  case .issueServiceKey(let new): Subject(kind: .credential, id: new.id)
  case .issueJoinToken(let new): Subject(kind: .credential, id: new.id)
  case .useJoinToken(let id): Subject(kind: .credential, id: id)
  case .revokeCredential(let id): Subject(kind: .credential, id: id)
  case .signIn(let new): Subject(kind: .credential, id: new.id)
  case .clearMeans(let id), .eraseContacts(let id): Subject(kind: .person, id: id)
  case .changeServicePolicy(let change): Subject(kind: .service, id: change.service)
  case .saveView(let view): Subject(kind: .view, id: view.id)
  case .removeView(let view): Subject(kind: .view, id: view)
  case .changeWebhook(let change): Subject(kind: .webhook, id: change.id)
  case .removeWebhook(let id), .postDelivery(_, let id): Subject(kind: .webhook, id: id)
  case .answerByLink(let link): Subject(kind: .incident, id: link.page.incident)
  case .changeMeans, .extendSession, .acknowledgeMessage:
    Subject(kind: .person, id: command.actor.person ?? Settings.id)
  case .assignOnCall(let new): Subject(kind: .shift, id: new.id)
  case .arrangeService(let change): Subject(kind: .service, id: change.service)
  case .confirmManual(let reading): Subject(kind: .service, id: reading.service)
  case .setLive(let change): Subject(kind: .service, id: change.service)
  case .declare(let new): Subject(kind: .incident, id: new.id)
  case .incident(let id, _): Subject(kind: .incident, id: id)
  case .alert(let notification): Subject(kind: .alertGroup, id: notification.group)
  }
}

private func version(of subject: Subject, facts: some Facts) -> UInt64 {
  switch subject.kind {
  case .settings: facts.settings()?.version ?? 0
  case .person: facts.person(subject.id)?.version ?? 0
  case .team: facts.team(subject.id)?.version ?? 0
  case .service: facts.service(subject.id)?.version ?? 0
  case .credential: facts.credential(subject.id)?.version ?? 0
  case .shift: facts.shift(subject.id)?.version ?? 0
  case .incident: facts.incident(subject.id)?.version ?? 0
  case .webhook: facts.webhook(subject.id)?.version ?? 0
  case .alertGroup, .notice, .view: 0
  }
}

extension Command {
  /// The version of what it changed, where that is a part of its subject with a version of its own.
  fileprivate func changedVersion(_ facts: some Facts) -> UInt64? {
    switch action {
    case .changeServicePolicy(let change): facts.servicePolicy(change.service)?.version ?? 0
    case .arrangeService(let change): facts.arrangement(of: change.service)?.version ?? 0
    case .confirmManual(let reading): facts.arrangement(of: reading.service)?.version ?? 0
    case .setLive(let change): facts.arrangement(of: change.service)?.version ?? 0
    case .changeTemplate(let change): facts.template(change.key)?.version ?? 0
    // Several have no one version.
    case .setCalendars(let changes):
      changes.count == 1 ? facts.workCalendar(changes[0].calendar.key)?.version ?? 0 : 0
    case .changeMeans: actor.person.flatMap { facts.means(of: $0)?.version } ?? 0
    case .importDirectory: facts.directoryVersion()
    case .incident(_, .draftCommunication(let draft)):
      facts.communication(draft.id)?.version ?? 0
    case .incident(_, .moveCommunication(let step)):
      facts.communication(step.communication)?.version ?? 0
    default: nil
    }
  }
}

extension Fact {
  /// Whether a webhook was made by it, or changed.
  fileprivate var isWebhookSet: Bool { if case .webhookSet = self { true } else { false } }

  /// Whether something came to be with it that has an address of its own.
  fileprivate var isBeginning: Bool {
    switch self {
    case .founded, .personAdded, .teamAdded, .serviceAdded, .credentialIssued, .ingestKeyIssued,
      .serviceKeyIssued, .joinTokenIssued, .onCallAssigned, .declared, .signedIn, .viewSaved:
      true
    default: false
    }
  }
}
