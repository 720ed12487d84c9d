package import Bytes

/// Everything that is known, in memory: the fold of all events without a store.
///
/// Tests decide and evolve on it; it also says in one page what a store has to do.
package struct Department: Hashable, Sendable {
  /// The behaviour level in force.
  package private(set) var level = Command.firstLevel
  private var incidents: [ID: Incident] = [:]
  private var people: [ID: Person] = [:]
  private var teams: [ID: Team] = [:]
  private var services: [ID: Service] = [:]
  private var credentials: [ID: Credential] = [:]
  private var shifts: [ID: OnCallShift] = [:]
  private var groups: [AlertGroupKey: AlertGroup] = [:]
  private var currentSettings: Settings?
  private var actors: [ID: Set<ID>] = [:]
  /// Those of them who did nothing but post alerts.
  private var posters: [ID: Set<ID>] = [:]
  private var glasses: [ID: BrokenGlass] = [:]
  private var communications: [ID: Communication] = [:]
  private var messages: [ID: Message] = [:]
  private var notices: [ID: StaffNotice] = [:]
  private var templates: [CommunicationTemplate.Key: CommunicationTemplate] = [:]
  private var head: SignedHead?
  /// In ascending order of their versions.
  private var servicePolicies: [ID: [ServicePolicy]] = [:]
  private var calendars: [String: WorkCalendar] = [:]
  private var termsByVersion: [UInt32: PolicyTerms] = [:]
  private var savedViews: [ID: SavedView] = [:]
  private var hooks: [ID: Webhook] = [:]
  private var deliveries: [ID: WebhookDelivery] = [:]
  /// Hashes of the ledger, which a department has none of: a test says what they are.
  package var ledgerHashes: [UInt64: [UInt8]] = [:]
  /// What was ever said of each incident. A store reads it from its ledger.
  private var told: [ID: IncidentTraces] = [:]
  /// Versions of reports that have yet to be kept.
  package private(set) var owedReports: [ID: Set<UInt32>] = [:]
  private var means: [ID: SignInMeans] = [:]
  private var tallies: [ID: Tally] = [:]
  private var uses: [ID: Int64] = [:]
  private var storms: [ID: AlertStorm] = [:]
  private var currentSecret: [UInt8]?
  private var leavers: [ID: Int64] = [:]
  private var founder: Founding?
  private var arrangements: [ID: ServiceArrangement] = [:]

  /// Nothing is known yet.
  package init() {}

  /// What a fold of all events has: all but what is kept beside the record.
  package var recorded: Department {
    var recorded = self
    (recorded.means, recorded.tallies, recorded.uses) = ([:], [:], [:])
    (recorded.storms, recorded.currentSecret, recorded.posters) = ([:], nil, [:])
    return recorded
  }

  /// Decides a command and makes its events true, as a replica does.
  ///
  /// - Returns: The events and what is answered.
  /// - Throws: The refusal, having changed nothing.
  @discardableResult
  package mutating func apply(
    _ command: Command, at stamp: Int64
  ) throws(Refusal) -> (events: [Event], outcome: Outcome) {
    let events = try decide(command, at: stamp, facts: self)
    let before = actors
    for event in events { evolve(event, at: stamp, by: command.actor, in: &self) }
    notePosting(command, events, before: before)
    keep(command, at: stamp, in: &self)
    return (events, outcome(of: command, events: events, facts: self))
  }
}

extension Department: Facts {
  package func incident(_ id: ID) -> Incident? { incidents[id] }
  package func person(_ id: ID) -> Person? { people[id] }
  package func team(_ id: ID) -> Team? { teams[id] }
  package func service(_ id: ID) -> Service? { services[id] }
  package func credential(_ id: ID) -> Credential? { credentials[id] }
  package func credential(hash: [UInt8]) -> Credential? {
    credentials.values.first { $0.hash == hash }
  }
  package func shift(_ id: ID) -> OnCallShift? { shifts[id] }
  package func alertGroup(_ key: AlertGroupKey) -> AlertGroup? { groups[key] }
  package func alertGroup(id: ID) -> AlertGroup? { groups.values.first { $0.id == id } }
  package func traces(of incident: ID) -> IncidentTraces {
    told[incident, default: IncidentTraces()]
  }
  package func settings() -> Settings? { currentSettings }
  package func hasActed(_ person: ID, on subject: ID) -> Bool {
    actors[subject]?.contains(person) == true && posters[subject]?.contains(person) != true
  }

  /// Who posts alerts does nothing with what becomes of them.
  private mutating func notePosting(
    _ command: Command, _ events: [Event], before: [ID: Set<ID>]
  ) {
    guard let person = command.actor.person else { return }
    let isPosting = if case .alert = command.action { true } else { false }
    let acts = events.filter { !Fact.kindsWithoutAct.contains($0.kind) }
    for subject in Set(acts.map(\.subject.id)) {
      if !isPosting {
        posters[subject]?.remove(person)
      } else if before[subject]?.contains(person) != true {
        posters[subject, default: []].insert(person)
      }
    }
  }

  package func means(of person: ID) -> SignInMeans? { means[person] }
  package func tally(_ key: ID) -> Tally? { tallies[key] }
  package func lastUse(of credential: ID) -> Int64? { uses[credential] }
  package func storm(of service: ID?) -> AlertStorm? { storms[AlertStorm.key(of: service)] }
  package func secret() -> [UInt8]? { currentSecret }
  package func leftAt(_ person: ID) -> Int64? { leavers[person] }
  package func founding() -> Founding? { founder }
  package func arrangement(of service: ID) -> ServiceArrangement? { arrangements[service] }

  package func sessions(of person: ID) -> [Credential] {
    credentials.values.filter { $0.kind == .session && $0.person == person }.sorted {
      $0.id < $1.id
    }
  }

  package func majorIncident(of person: ID) -> ID? {
    incidents.values
      .filter {
        $0.team.contains(person) && $0.status.rawValue < Incident.Status.resolved.rawValue
          && $0.classification.priority.isHigh
      }
      .map(\.id).min()
  }

  package func leadsMajor(_ person: ID, beside incident: ID) -> Bool {
    incidents.values.contains { $0.id != incident && $0.majorLead == person }
  }

  package func ledgerHash(at position: UInt64) -> [UInt8]? { ledgerHashes[position] }
  package func lastHead() -> SignedHead? { head }
  package func directoryVersion() -> UInt64 {
    people.values.reduce(0) { $0 + $1.version } + teams.values.reduce(0) { $0 + $1.version }
      + services.values.reduce(0) { $0 + $1.version }
  }
  package func webhooks() -> [Webhook] { hooks.values.sorted { $0.id < $1.id } }
  package func delivery(_ id: ID) -> WebhookDelivery? { deliveries[id] }
  /// All that is posted to a webhook, in the order of ids.
  package func deliveries(to webhook: ID) -> [WebhookDelivery] {
    deliveries.values.filter { $0.webhook == webhook }.sorted { $0.id < $1.id }
  }
  package func view(_ id: ID) -> SavedView? { savedViews[id] }
  package func views(of owner: SavedView.Owner) -> [SavedView] {
    savedViews.values.filter { $0.owner == owner }.sorted { $0.id < $1.id }
  }
  package func servicePolicy(_ service: ID) -> ServicePolicy? { servicePolicies[service]?.last }
  package func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy? {
    servicePolicies[service]?.first { $0.version == version }
  }
  package func calendar(named key: String) -> WorkCalendar? { calendars[key] }
  package func terms(version: UInt32) -> PolicyTerms? { termsByVersion[version] }
  package func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass] {
    glasses.values
      .filter { $0.person == person && $0.begins <= now && now < $0.ends }
      .sorted { $0.asked.id < $1.asked.id }
  }

  package func communication(_ id: ID) -> Communication? { communications[id] }
  package func message(_ id: ID) -> Message? { messages[id] }
  package func notice(_ id: ID) -> StaffNotice? { notices[id] }
  package func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate? {
    templates[key]
  }

  /// All messages, in the order of their times and ids.
  package var allMessages: [Message] {
    messages.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
  }

  // Each of these finds at most one, whatever the order of the dictionary.

  package func person(email: String) -> Person? {
    people.values.first { $0.email == email }
  }

  package func team(named name: String) -> Team? { teams.values.first { $0.name == name } }

  package func service(named key: String) -> Service? {
    services.values.first { $0.key == key }
  }

  package func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift? {
    shifts.values
      .filter { $0.service == service && $0.role == role && $0.from <= at && at < $0.until }
      .filter(stands)
      .max { ($0.from, $0.id) < ($1.from, $1.id) }
  }
}

extension Department: Records {
  package mutating func raise(to level: UInt8, at stamp: Int64) {
    self.level = level
    guard level == 2 else { return }
    for id in incidents.keys { incidents[id]?.beginWatch(at: stamp) }
  }
  package mutating func put(_ incident: Incident) { incidents[incident.id] = incident }
  package mutating func put(_ person: Person) { people[person.id] = person }
  package mutating func put(_ team: Team) { teams[team.id] = team }
  package mutating func put(_ service: Service) { services[service.id] = service }
  package mutating func put(_ credential: Credential) { credentials[credential.id] = credential }
  package mutating func put(_ shift: OnCallShift) { shifts[shift.id] = shift }
  package mutating func put(_ group: AlertGroup) { groups[group.key] = group }
  package mutating func trace(_ fact: Fact, of incident: ID) {
    told[incident, default: IncidentTraces()].add(fact)
  }
  package mutating func forget(group: AlertGroup) { groups[group.key] = nil }
  package mutating func purge(_ incident: ID, at stamp: Int64) {
    incidents[incident] = nil
    glasses = glasses.filter { $0.value.asked.scope != .incident(incident) }
    communications = communications.filter { $0.value.incident != incident }
    messages = messages.filter { $0.value.incident != incident }
    told[incident] = nil
    owedReports[incident] = nil
    deliveries = deliveries.filter { $0.value.incident != incident }
  }
  package mutating func owe(report version: UInt32, of incident: ID) {
    owedReports[incident, default: []].insert(version)
  }
  package mutating func settle(report version: UInt32, of incident: ID) {
    owedReports[incident]?.remove(version)
    if owedReports[incident]?.isEmpty == true { owedReports[incident] = nil }
  }
  package mutating func put(_ founding: Founding) { founder = founding }
  package mutating func left(_ person: ID, at stamp: Int64) { leavers[person] = stamp }
  package mutating func eraseContacts(of person: ID, wasFounder: Bool) {}
  package mutating func put(_ settings: Settings) { currentSettings = settings }
  package mutating func forget(session: ID) { credentials[session] = nil }
  package mutating func put(_ value: SignInMeans, of person: ID) { means[person] = value }
  package mutating func put(_ tally: Tally?, for key: ID) { tallies[key] = tally }
  package mutating func put(_ at: Int64, lastUseOf credential: ID) { uses[credential] = at }
  package mutating func put(_ storm: AlertStorm) { storms[storm.service] = storm }
  package mutating func put(secret: [UInt8]) { currentSecret = secret }
  package mutating func put(_ arrangement: ServiceArrangement) {
    arrangements[arrangement.service] = arrangement
  }
  package mutating func put(_ head: SignedHead) { self.head = head }
  package mutating func put(_ webhook: Webhook) { hooks[webhook.id] = webhook }
  package mutating func forget(webhook: ID) {
    hooks[webhook] = nil
    deliveries = deliveries.filter { $0.value.webhook != webhook }
  }
  package mutating func put(_ delivery: WebhookDelivery) { deliveries[delivery.id] = delivery }
  package mutating func settle(delivery id: ID, as delivery: WebhookDelivery?) {
    deliveries[id] = delivery
  }
  package mutating func put(_ view: SavedView) { savedViews[view.id] = view }
  package mutating func forget(view: ID) { savedViews[view] = nil }
  package mutating func put(_ policy: ServicePolicy) {
    servicePolicies[policy.service, default: []].append(policy)
  }
  package mutating func put(_ calendar: WorkCalendar) { calendars[calendar.key] = calendar }
  package mutating func put(_ terms: PolicyTerms, version: UInt32) {
    termsByVersion[version] = terms
  }
  package mutating func put(_ glass: BrokenGlass) { glasses[glass.asked.id] = glass }
  package mutating func put(_ communication: Communication) {
    communications[communication.id] = communication
  }
  package mutating func put(_ message: Message) { messages[message.id] = message }
  package mutating func forget(message: ID) { messages[message] = nil }
  package mutating func put(_ notice: StaffNotice) { notices[notice.id] = notice }
  package mutating func forget(notice: ID) { notices[notice] = nil }
  package mutating func put(
    _ template: CommunicationTemplate?, for key: CommunicationTemplate.Key
  ) {
    templates[key] = template
  }
  package mutating func note(_ person: ID, actedOn subject: ID, at stamp: Int64) {
    guard !brokenGlass(by: person, at: stamp).contains(where: { $0.mayReach(subject) }) else {
      return
    }
    actors[subject, default: []].insert(person)
  }
}
