internal import Bytes

/// Decides what a command means: the events that it causes, or why it is refused.
///
/// Nothing is read but `facts` and nothing is changed at all, so every replica that is given the
/// same command and stamp decides alike. No events is an answer too: it was so already.
///
/// - Parameters:
///   - command: What is asked for.
///   - stamp: The time of the command in milliseconds since 1970, as the leader stamped it.
///   - facts: What is known before it.
/// - Returns: At most ``Bound/events`` events, in the order in which they became true; of an import one
///   or two for each row, and one more.
package func decide(
  _ command: Command, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  guard command.level <= facts.level else {
    throw .levelUnknown(command.level, inForce: facts.level)
  }
  guard Bound.time.contains(stamp) else {
    throw .invalid("stamp", "The cluster's clock says a time that cannot be.")
  }
  guard let settings = facts.settings() else { return try decideFirst(command) }
  if case .system = command.actor {
    return try decideOwn(command.action, at: stamp, facts: facts, settings: settings)
  }
  if case .signIn(let new) = command.action {
    return try decideSignIn(new, by: command.actor, at: stamp, facts: facts)
  }
  switch command.action {
  case .noteAttempts(let attempts):
    return try decideAttempts(attempts, by: command.actor, at: stamp, facts: facts)
  case .noteReads(let reads):
    return try decideReads(reads, by: command.actor, at: stamp, facts: facts)
  default: break
  }
  let hearing = try Hearing(command, at: stamp, facts: facts, settings: settings)
  let events = try hearing.decide(command.action)
  assert(
    events.count <= command.action.mostEvents, "\(events.count) events of one command.")
  return events
}

/// What a founded cluster asks of itself. Nothing else is taken from it: it is nobody.
private func decideOwn(
  _ action: Action, at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  switch action {
  case .found: throw .alreadyFounded
  case .closeCleared(let cleared): return try closeCleared(cleared, at: stamp, facts: facts)
  case .releaseLeavers(let releases):
    return try releaseLeavers(releases, at: stamp, facts: facts, settings: settings)
  case .attemptSignIn(let attempt): return try decideAttempt(attempt, at: stamp, facts: facts)
  case .noteReads(let reads):
    return try decideReads(reads, by: .system, at: stamp, facts: facts)
  case .signHead(let head): return try decideHead(head, facts: facts)
  case .keepTime(let incidents):
    return try keepTime(incidents, at: stamp, facts: facts, settings: settings)
  case .fireDues(let dues):
    return try fireDues(dues, at: stamp, facts: facts, settings: settings)
  case .noteGap(let gap, let incidents):
    return try noteGap(gap, in: incidents, at: stamp, facts: facts)
  case .purge(let incident):
    return try decidePurge(incident, at: stamp, facts: facts, settings: settings)
  case .eraseContacts(let person):
    return decideErasure(person, at: stamp, facts: facts, settings: settings)
  case .pruneMessages(let messages):
    return try decidePruning(messages, at: stamp, facts: facts)
  case .keepReport(let incident, let report):
    return try decideKeeping(report, of: incident, facts: facts)
  case .moveDeliveries(let steps):
    return try decideDeliveries(steps, at: stamp, facts: facts)
  case .answerByLink(let link):
    return try decideLink(link, at: stamp, facts: facts, settings: settings)
  // What these leave is kept beside the record.
  case .noteUses, .keepSecret: return []
  case .addPerson, .deactivatePerson, .addTeam, .setMember, .addService, .issueCredential,
    .issueIngestKey, .issueServiceKey, .issueJoinToken, .useJoinToken, .revokeCredential,
    .assignOnCall,
    .changeSettings, .declare, .incident, .alert, .signIn, .changeMeans, .clearMeans,
    .extendSession, .importDirectory, .breakGlass, .noteAttempts, .hold, .changeServicePolicy,
    .arrangeService, .confirmManual, .setLive, .changeTemplate, .acknowledgeMessage,
    .withdrawNotice,
    .setCalendars, .saveView, .removeView, .changeWebhook, .removeWebhook, .postDelivery:
    throw Refusal(
      .rightMissing, title: "The cluster does not do this by itself",
      detail: "It takes a person, who signs in.")
  }
}

/// Before it is founded, a cluster takes nothing but its founding, from itself.
private func decideFirst(_ command: Command) throws(Refusal) -> [Event] {
  guard case .found(let founding) = command.action, command.actor == .system else {
    throw Refusal(
      .notFounded, title: "This cluster is not founded yet",
      detail: "It waits for its first administrator; see \"founding\" in the node's configuration.")
  }
  try Check.name(founding.name, "name")
  try Check.email(founding.email)
  try Check.name(founding.teamName, "teamName")
  try Check.hash(founding.tokenHash)
  let subject = Subject(kind: .settings, id: Settings.id)
  return [Event(subject: subject, fact: .founded(founding))]
}

/// One command being decided: who asks, when, and what is known.
struct Hearing<Book: Facts> {
  let asker: Person
  let credential: ID
  /// The service whose key asks, if it is one. The asker then stands for its systems.
  let keyService: Service?
  let stamp: Int64
  let facts: Book
  let settings: Settings
  let expectedVersion: UInt64?

  /// Opens the hearing, if the credential is live and its person active, or if it is a service's key
  /// or certificate that is good for this.
  init(
    _ command: Command, at stamp: Int64, facts: Book, settings: Settings
  ) throws(Refusal) {
    if case .found = command.action { throw .alreadyFounded }
    guard case .credential(let id, let owner) = command.actor,
      let credential = facts.credential(id), credential.person == owner,
      facts.works(credential, at: stamp)
    else { throw .credentialRevoked }
    guard credential.terms?.isReadOnly != true else { throw .onlyReads }
    switch credential.kind {
    case .personal, .session:
      guard let asker = facts.person(owner), asker.isActive else { throw .credentialRevoked }
      self.asker = asker
      keyService = nil
    case .ingest:
      guard case .alert = command.action else { throw .onlyAlerts }
      guard let service = facts.service(owner) else { throw .credentialRevoked }
      asker = Person(standingFor: service)
      keyService = service
    case .service, .certificate:
      try credential.scopes.check(command.action)
      guard let service = facts.service(owner) else { throw .credentialRevoked }
      asker = Person(standingFor: service)
      keyService = service
    case .join: throw .credentialRevoked
    }
    self.credential = id
    self.stamp = stamp
    self.facts = facts
    self.settings = settings
    expectedVersion = command.expectedVersion
  }

  /// A hearing of the same person over what is thought to be.
  init(asker: Person, credential: ID, stamp: Int64, facts: Book, settings: Settings) {
    self.asker = asker
    self.credential = credential
    keyService = nil
    self.stamp = stamp
    self.facts = facts
    self.settings = settings
    expectedVersion = nil
  }

  func decide(_ action: Action) throws(Refusal) -> [Event] {
    switch action {
    case .found: preconditionFailure("Refused when the hearing was opened.")
    case .addPerson(let person): try add(person)
    case .deactivatePerson(let person): try deactivate(person)
    case .addTeam(let team): try add(team)
    case .setMember(let change): try set(change)
    case .addService(let service): try add(service)
    case .issueCredential(let credential): try issue(credential)
    case .issueIngestKey(let key): try issue(key)
    case .issueServiceKey(let key): try issue(key)
    case .issueJoinToken(let token): try issue(token)
    case .useJoinToken(let token): try use(token)
    case .revokeCredential(let credential): try revoke(credential)
    case .assignOnCall(let assignment): try assign(assignment)
    case .changeSettings(let change): try changeSettings(change)
    case .declare(let declaration): try declare(declaration)
    case .incident(let id, let action): try decide(action, on: id)
    case .alert(let notification): try hear(notification)
    case .signIn: preconditionFailure("Decided before anybody was heard.")
    case .changeMeans(let change): try self.change(change)
    case .clearMeans(let person): try clearMeans(of: person)
    case .extendSession: try extendSession()
    case .attemptSignIn, .noteUses, .keepSecret:
      throw .clustersOwn("The nodes ask for it themselves, for whoever signs in.")
    case .closeCleared:
      throw .clustersOwn(
        "What nobody has touched closes \(Grace.cleared / Span.minute) minutes after its alerts "
          + "cleared. Cancel or resolve it to end it sooner.")
    case .releaseLeavers:
      throw .clustersOwn("End the sign-in of somebody who left; their roles are freed then.")
    case .importDirectory(let change): try take(change)
    case .changeServicePolicy(let change): try self.change(change)
    case .setCalendars(let changes): try set(changes)
    case .keepTime:
      throw .clustersOwn(
        "What closes by itself, and what is counted by a new calendar, is so in time.")
    case .saveView(let view): try save(view)
    case .removeView(let view): try remove(view: view)
    case .breakGlass(let asked): try breakGlass(asked)
    case .hold(let change): try hold(change)
    case .purge:
      throw .clustersOwn("What is said of an incident goes once it has been kept long enough.")
    case .eraseContacts:
      throw .clustersOwn("Contact details go once somebody has been gone long enough.")
    case .fireDues, .noteGap:
      throw .clustersOwn("What is due happens by itself, within a second.")
    case .keepReport:
      throw .clustersOwn("A report is kept by itself once its review is finished.")
    case .signHead: throw .clustersOwn("The nodes sign the record by themselves.")
    case .changeTemplate(let change): try self.change(change)
    case .acknowledgeMessage(let message): try acknowledge(message: message)
    case .withdrawNotice(let notice): try withdraw(notice: notice)
    case .pruneMessages:
      throw .clustersOwn("Messages go once they have been kept for thirty days.")
    case .noteAttempts, .noteReads: preconditionFailure("Decided before anybody was heard.")
    case .arrangeService(let change): try arrange(change)
    case .confirmManual(let reading): try confirmManual(reading)
    case .setLive(let change): try self.change(change)
    case .changeWebhook(let change): try self.change(change)
    case .removeWebhook(let webhook): try remove(webhook: webhook)
    case .postDelivery(let wish, let webhook): try post(wish, to: webhook)
    case .moveDeliveries:
      throw .clustersOwn("What is posted to webhooks is sent by itself, and again where it failed.")
    case .answerByLink: throw .clustersOwn("Answer your page yourself, or by the link in it.")
    }
  }

  /// Refuses a change to something that is not as the asker saw it.
  func checkVersion(_ version: UInt64) throws(Refusal) {
    guard let expectedVersion, expectedVersion != version else { return }
    throw .stale("You saw version \(expectedVersion); it is at version \(version).", now: version)
  }

  /// What the asker is to the department as a whole.
  var standing: Standing { Standing(asker) }

  func require(_ allowed: Standing, to words: String) throws(Refusal) {
    guard !standing.isDisjoint(with: allowed) else {
      throw .rightMissing(words, needs: allowed)
    }
  }
}

extension Action {
  /// The most events that it may cause.
  fileprivate var mostEvents: Int {
    // A leaver may have been the duty contact, which is said by an event of its own.
    guard case .importDirectory = self else { return Bound.events }
    return 1 + 2 * Bound.directoryRows
  }
}

extension Refusal {
  /// There is a department already.
  fileprivate static var alreadyFounded: Refusal {
    Refusal(
      .alreadyFounded, title: "This cluster is founded already",
      detail: "Its administrators add people and issue tokens.")
  }

  /// Nobody is behind the credential, or nobody who may be.
  fileprivate static var credentialRevoked: Refusal {
    Refusal(
      .credentialRevoked, title: "This token does not work",
      detail: "It was revoked, or the person it belongs to has left. Ask an administrator.")
  }

  /// A monitoring system is not somebody.
  fileprivate static var onlyAlerts: Refusal {
    Refusal(
      .rightMissing, title: "An ingest key only posts alerts",
      detail: "Whatever else is done takes a person, with a token of their own.")
  }

  fileprivate static var onlyReads: Refusal {
    Refusal(
      .rightMissing, title: "This token only reads",
      detail: "It was issued to read and to change nothing. Use another one for this.")
  }

  /// Nobody asks for it but the cluster.
  fileprivate static func clustersOwn(_ detail: String) -> Refusal {
    Refusal(.rightMissing, title: "The cluster does this by itself", detail: detail)
  }

  /// What is to be changed is not as the asker saw it.
  static func stale(_ detail: String, now version: UInt64) -> Refusal {
    Refusal(
      .staleVersion, title: "It has changed since you looked", detail: detail + " Look again.",
      missing: ["version"], version: version)
  }

  /// There is no such thing.
  static func notFound(_ what: String, _ id: ID) -> Refusal {
    Refusal(
      .notFound, title: "There is no such \(what)", detail: "No \(what) has the id \(id).")
  }

  /// A field does not make sense.
  static func invalid(_ field: String, _ detail: String) -> Refusal {
    Refusal(
      .invalidField, title: "Something in this request is not right", detail: detail,
      missing: [field])
  }

  /// A name or id is taken.
  static func exists(_ field: String, _ detail: String) -> Refusal {
    Refusal(.alreadyExists, title: "It exists already", detail: detail, missing: [field])
  }

  /// A list is full.
  static func tooMany(_ detail: String) -> Refusal {
    Refusal(.tooMany, title: "There are too many", detail: detail)
  }
}
