internal import Bytes

/// The records as they would be after the first rows of a change: what is new, and below it what
/// is true.
///
/// So each row is decided by the rules for doing it alone, on what the rows before it leave.
struct Draft<Base: Facts> {
  let base: Base
  private var people: [ID: Person] = [:]
  private var teams: [ID: Team] = [:]
  private var services: [ID: Service] = [:]
  private var emails: [String: ID] = [:]
  private var names: [String: ID] = [:]
  private var keys: [String: ID] = [:]
  private var currentSettings: Settings?

  init(_ base: Base) { self.base = base }
}

extension Draft: Facts {
  func person(_ id: ID) -> Person? { people[id] ?? base.person(id) }
  func team(_ id: ID) -> Team? { teams[id] ?? base.team(id) }
  func service(_ id: ID) -> Service? { services[id] ?? base.service(id) }
  func settings() -> Settings? { currentSettings ?? base.settings() }

  // What was found below may be called otherwise up here.

  func person(email: String) -> Person? {
    let found = emails[email].flatMap(person) ?? base.person(email: email).flatMap { person($0.id) }
    return found?.email == email ? found : nil
  }

  func team(named name: String) -> Team? {
    let found = names[name].flatMap(team) ?? base.team(named: name).flatMap { team($0.id) }
    return found?.name == name ? found : nil
  }

  func service(named key: String) -> Service? {
    keys[key].flatMap(service) ?? base.service(named: key).flatMap { service($0.id) }
  }

  var level: UInt8 { base.level }
  func incident(_ id: ID) -> Incident? { base.incident(id) }
  func alertGroup(id: ID) -> AlertGroup? { base.alertGroup(id: id) }
  func traces(of incident: ID) -> IncidentTraces { base.traces(of: incident) }
  func credential(_ id: ID) -> Credential? { base.credential(id) }
  func credential(hash: [UInt8]) -> Credential? { base.credential(hash: hash) }
  func shift(_ id: ID) -> OnCallShift? { base.shift(id) }
  func alertGroup(_ key: AlertGroupKey) -> AlertGroup? { base.alertGroup(key) }
  func hasActed(_ person: ID, on subject: ID) -> Bool { base.hasActed(person, on: subject) }
  func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift? {
    base.onCall(service: service, role: role, at: at)
  }

  func majorIncident(of person: ID) -> ID? { base.majorIncident(of: person) }
  func leadsMajor(_ person: ID, beside incident: ID) -> Bool {
    base.leadsMajor(person, beside: incident)
  }
  func sessions(of person: ID) -> [Credential] { base.sessions(of: person) }
  func ledgerHash(at position: UInt64) -> [UInt8]? { base.ledgerHash(at: position) }
  func lastHead() -> SignedHead? { base.lastHead() }
  func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass] {
    base.brokenGlass(by: person, at: now)
  }
  func communication(_ id: ID) -> Communication? { base.communication(id) }
  func message(_ id: ID) -> Message? { base.message(id) }
  func notice(_ id: ID) -> StaffNotice? { base.notice(id) }
  func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate? { base.template(key) }
  func means(of person: ID) -> SignInMeans? { base.means(of: person) }
  func tally(_ key: ID) -> Tally? { base.tally(key) }
  func lastUse(of credential: ID) -> Int64? { base.lastUse(of: credential) }
  func storm(of service: ID?) -> AlertStorm? { base.storm(of: service) }
  func secret() -> [UInt8]? { base.secret() }
  func leftAt(_ person: ID) -> Int64? { base.leftAt(person) }
  func founding() -> Founding? { base.founding() }
  func directoryVersion() -> UInt64 { base.directoryVersion() }
  func webhooks() -> [Webhook] { base.webhooks() }
  func delivery(_ id: ID) -> WebhookDelivery? { base.delivery(id) }
  func view(_ id: ID) -> SavedView? { base.view(id) }
  func views(of owner: SavedView.Owner) -> [SavedView] { base.views(of: owner) }
  func servicePolicy(_ service: ID) -> ServicePolicy? { base.servicePolicy(service) }
  func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy? {
    base.servicePolicy(service, version: version)
  }
  func arrangement(of service: ID) -> ServiceArrangement? { base.arrangement(of: service) }
  func calendar(named key: String) -> WorkCalendar? { base.calendar(named: key) }
  func terms(version: UInt32) -> PolicyTerms? { base.terms(version: version) }
}

extension Draft: Records {
  mutating func put(_ person: Person) {
    people[person.id] = person
    emails[person.email] = person.id
  }

  mutating func put(_ team: Team) {
    teams[team.id] = team
    names[team.name] = team.id
  }

  mutating func put(_ service: Service) {
    services[service.id] = service
    keys[service.key] = service.id
  }

  mutating func put(_ settings: Settings) { currentSettings = settings }

  /// It is thrown away, and nobody asks it who did what.
  mutating func note(_ person: ID, actedOn subject: ID, at stamp: Int64) {}

  mutating func put(_ incident: Incident) { Self.isNotOfTheDirectory() }
  mutating func trace(_ fact: Fact, of incident: ID) { Self.isNotOfTheDirectory() }
  mutating func forget(group: AlertGroup) { Self.isNotOfTheDirectory() }
  mutating func purge(_ incident: ID, at stamp: Int64) { Self.isNotOfTheDirectory() }
  mutating func put(_ founding: Founding) { Self.isNotOfTheDirectory() }
  mutating func left(_ person: ID, at stamp: Int64) {}
  mutating func eraseContacts(of person: ID, wasFounder: Bool) { Self.isNotOfTheDirectory() }
  mutating func put(_ credential: Credential) { Self.isNotOfTheDirectory() }
  mutating func owe(report version: UInt32, of incident: ID) { Self.isNotOfTheDirectory() }
  mutating func settle(report version: UInt32, of incident: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ shift: OnCallShift) { Self.isNotOfTheDirectory() }
  mutating func put(_ group: AlertGroup) { Self.isNotOfTheDirectory() }

  mutating func raise(to level: UInt8, at stamp: Int64) { Self.isNotOfTheDirectory() }
  mutating func put(_ head: SignedHead) { Self.isNotOfTheDirectory() }
  mutating func put(_ glass: BrokenGlass) { Self.isNotOfTheDirectory() }
  mutating func put(_ policy: ServicePolicy) { Self.isNotOfTheDirectory() }
  mutating func put(_ communication: Communication) { Self.isNotOfTheDirectory() }
  mutating func put(_ message: Message) { Self.isNotOfTheDirectory() }
  mutating func forget(message: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ notice: StaffNotice) { Self.isNotOfTheDirectory() }
  mutating func forget(notice: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ template: CommunicationTemplate?, for key: CommunicationTemplate.Key) {
    Self.isNotOfTheDirectory()
  }
  mutating func put(_ calendar: WorkCalendar) { Self.isNotOfTheDirectory() }
  mutating func put(_ terms: PolicyTerms, version: UInt32) { Self.isNotOfTheDirectory() }
  mutating func put(_ view: SavedView) { Self.isNotOfTheDirectory() }
  mutating func put(_ webhook: Webhook) { Self.isNotOfTheDirectory() }
  mutating func forget(webhook: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ delivery: WebhookDelivery) { Self.isNotOfTheDirectory() }
  mutating func settle(delivery id: ID, as delivery: WebhookDelivery?) {
    Self.isNotOfTheDirectory()
  }
  // What is decided here does not look at views, and the real ones go with the event.
  mutating func forget(view: ID) {}
  mutating func forget(session: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ means: SignInMeans, of person: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ tally: Tally?, for key: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ at: Int64, lastUseOf credential: ID) { Self.isNotOfTheDirectory() }
  mutating func put(_ storm: AlertStorm) { Self.isNotOfTheDirectory() }
  mutating func put(secret: [UInt8]) { Self.isNotOfTheDirectory() }
  mutating func put(_ arrangement: ServiceArrangement) { Self.isNotOfTheDirectory() }

  private static func isNotOfTheDirectory() -> Never {
    preconditionFailure("A row of the directory changes people, teams, services and settings.")
  }
}
