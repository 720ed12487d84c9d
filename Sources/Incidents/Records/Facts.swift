package import Bytes

/// What a decision may read: each by its unique key, synchronously.
///
/// A reader that fails keeps its first failure aside and answers `nil` from then on; whoever runs
/// the decision looks at the failure before believing the answer.
package protocol Facts {
  /// The behaviour level in force: what a newer version of the software does otherwise, it does from
  /// that version's level on.
  var level: UInt8 { get }
  /// The incident of this id.
  func incident(_ id: ID) -> Incident?
  /// The person of this id.
  func person(_ id: ID) -> Person?
  /// The person with this e-mail address, compared byte by byte.
  func person(email: String) -> Person?
  /// The team of this id.
  func team(_ id: ID) -> Team?
  /// The team with this name, compared byte by byte.
  func team(named name: String) -> Team?
  /// The service of this id.
  func service(_ id: ID) -> Service?
  /// The service with this key, compared byte by byte.
  func service(named key: String) -> Service?
  /// The credential of this id.
  func credential(_ id: ID) -> Credential?
  /// The credential whose secret, or certificate, has this SHA-256.
  func credential(hash: [UInt8]) -> Credential?
  /// The shift of this id.
  func shift(_ id: ID) -> OnCallShift?
  /// Who is on call: of the shifts with `from ≤ at < until` the one with the latest `from`, and of
  /// those the one with the greatest id.
  func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift?
  /// The group known by this key.
  func alertGroup(_ key: AlertGroupKey) -> AlertGroup?
  /// The group of this id.
  func alertGroup(id: ID) -> AlertGroup?
  /// What the ledger's rows of an incident lead to.
  func traces(of incident: ID) -> IncidentTraces
  /// The settings; `nil` until the cluster is founded.
  func settings() -> Settings?
  /// Whether anything that happened to `subject` is by this person.
  func hasActed(_ person: ID, on subject: ID) -> Bool
  /// The open P1 or P2 on which this person has a role: of several the one that was declared first.
  func majorIncident(of person: ID) -> ID?
  /// Whether this person leads an open P1 or P2 beside `incident`. Only asked from behaviour level 2 on.
  func leadsMajor(_ person: ID, beside incident: ID) -> Bool
  /// The sessions of a person, in the order of their ids; over or not, until they are forgotten.
  func sessions(of person: ID) -> [Credential]

  /// The glass that a person has broken and that is not whole again, in the order of its ids.
  func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass]

  /// When a person left; `nil` for whoever did not.
  func leftAt(_ person: ID) -> Int64?
  /// How the cluster was founded; without an address once the founder's is erased.
  func founding() -> Founding?
  /// The communication of this id.
  func communication(_ id: ID) -> Communication?
  /// The message of this id.
  func message(_ id: ID) -> Message?
  /// The notice of this id, while it is told.
  func notice(_ id: ID) -> StaffNotice?
  /// The template that somebody wrote for exactly this.
  func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate?

  /// The hash of a row of the ledger, by its position; `nil` where there is no such row.
  func ledgerHash(at position: UInt64) -> [UInt8]?
  /// The newest head that a node signed.
  func lastHead() -> SignedHead?
  /// How a service is run; `nil` until anybody has said so.
  func arrangement(of service: ID) -> ServiceArrangement?

  /// What a service does otherwise than the department, in its newest version; `nil` where nothing ever
  /// was said.
  func servicePolicy(_ service: ID) -> ServicePolicy?
  /// The same in an earlier version.
  func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy?
  /// The calendar of this key, as it was settled here; `nil` for one that is as it ships.
  func calendar(named key: String) -> WorkCalendar?
  /// The terms of a version of the department's policy; `nil` for the first, which says nothing.
  func terms(version: UInt32) -> PolicyTerms?
  /// The saved view of this id.
  func view(_ id: ID) -> SavedView?
  /// The webhooks, in the order of their ids; none before behaviour level 2.
  func webhooks() -> [Webhook]
  /// What is posted to a webhook, by its id.
  func delivery(_ id: ID) -> WebhookDelivery?
  /// The saved views of a person or a team, in the order of their ids.
  func views(of owner: SavedView.Owner) -> [SavedView]

  /// The version of all of the directory: that of each person, team and service, added up. None is ever
  /// forgotten, and with every change one of them grows, so it is no earlier one's.
  ///
  /// Reads all of them.
  func directoryVersion() -> UInt64

  // What is kept beside the record: see ``keep(_:at:in:)``.

  /// What a person signs in with; `nil` if they have only tokens.
  func means(of person: ID) -> SignInMeans?
  /// How often signing in failed lately, under one of an attempt's keys.
  func tally(_ key: ID) -> Tally?
  /// What alerts opened of late for a service, or for none that is known. Only asked from behaviour level 2
  /// on.
  func storm(of service: ID?) -> AlertStorm?
  /// When a credential was last used, as far as that was noted.
  func lastUse(of credential: ID) -> Int64?
  /// What the keys of tallies and the marks of browsers are made with; `nil` until there is one.
  func secret() -> [UInt8]?
}

/// Where the fold of all events is kept.
///
/// Each `put` replaces the record of the same id.
package protocol Records: Facts {
  /// Puts a behaviour level in force. From level 2 on incidents that are not over are watched: see
  /// ``Incident/beginWatch(at:)``.
  mutating func raise(to level: UInt8, at stamp: Int64)
  /// Keeps an incident.
  mutating func put(_ incident: Incident)
  /// Keeps a person.
  mutating func put(_ person: Person)
  /// Keeps a team.
  mutating func put(_ team: Team)
  /// Keeps a service.
  mutating func put(_ service: Service)
  /// Keeps a credential.
  mutating func put(_ credential: Credential)
  /// Keeps a span of on-call.
  mutating func put(_ shift: OnCallShift)
  /// Keeps a group of alerts, found by its key from then on.
  mutating func put(_ group: AlertGroup)
  /// Keeps that an incident's ledger says this, for ``Facts/traces(of:)``.
  mutating func trace(_ fact: Fact, of incident: ID)
  /// Forgets a group of alerts.
  mutating func forget(group: AlertGroup)
  /// Forgets an incident, its broken glass, its communications and messages, and what the ledger's rows
  /// of it say: all but ids and times.
  mutating func purge(_ incident: ID, at stamp: Int64)
  /// Keeps how the cluster was founded, for ``Facts/founding()``.
  mutating func put(_ founding: Founding)
  /// Keeps when a person left, for ``Facts/leftAt(_:)``.
  mutating func left(_ person: ID, at stamp: Int64)
  /// Forgets what the ledger's rows told of how to reach a person, and of the founding if it was theirs.
  mutating func eraseContacts(of person: ID, wasFounder: Bool)
  /// Keeps that a version of a report has yet to be kept byte for byte.
  mutating func owe(report version: UInt32, of incident: ID)
  /// Keeps that a version of a report is kept.
  mutating func settle(report version: UInt32, of incident: ID)
  /// Keeps the settings.
  mutating func put(_ settings: Settings)
  /// Forgets a session that is over.
  mutating func forget(session: ID)
  /// Keeps what a person signs in with, beside the record.
  mutating func put(_ means: SignInMeans, of person: ID)
  /// Keeps a tally, beside the record.
  mutating func put(_ tally: Tally?, for key: ID)
  /// Keeps what alerts opened of late for a service, beside the record.
  mutating func put(_ storm: AlertStorm)
  /// Keeps when a credential was last used, beside the record.
  mutating func put(_ at: Int64, lastUseOf credential: ID)
  /// Keeps the cluster's secret, beside the record.
  mutating func put(secret: [UInt8])
  /// Keeps the newest head that a node signed.
  mutating func put(_ head: SignedHead)
  /// Keeps a version of what a service does otherwise, beside those before it.
  mutating func put(_ policy: ServicePolicy)
  /// Keeps how a service is run.
  mutating func put(_ arrangement: ServiceArrangement)
  /// Keeps a communication.
  mutating func put(_ communication: Communication)
  /// Keeps a message.
  mutating func put(_ message: Message)
  /// Keeps a notice.
  mutating func put(_ notice: StaffNotice)
  /// Forgets a notice.
  mutating func forget(notice: ID)
  /// Forgets a message.
  mutating func forget(message: ID)
  /// Keeps a template, or forgets the one for `key`.
  mutating func put(_ template: CommunicationTemplate?, for key: CommunicationTemplate.Key)
  /// Keeps a calendar, found by its key from then on.
  mutating func put(_ calendar: WorkCalendar)
  /// Keeps a version of the department's policy, beside those before it.
  mutating func put(_ terms: PolicyTerms, version: UInt32)
  /// Keeps a saved view.
  mutating func put(_ view: SavedView)
  /// Keeps a webhook.
  mutating func put(_ webhook: Webhook)
  /// Forgets a webhook and its deliveries.
  mutating func forget(webhook: ID)
  /// Keeps a delivery that has just come to be.
  mutating func put(_ delivery: WebhookDelivery)
  /// Keeps what became of a delivery, or that its row is gone. What a fold changes by it is the same
  /// whether or not there is such a row: it may have gone with its incident.
  mutating func settle(delivery id: ID, as delivery: WebhookDelivery?)
  /// Forgets a saved view.
  mutating func forget(view: ID)
  /// Keeps that an administrator broke the glass.
  mutating func put(_ glass: BrokenGlass)
  /// Keeps that something which happened to `subject` at `stamp` is by this person. What they did while
  /// the glass was broken gives them no sight of it afterwards.
  mutating func note(_ person: ID, actedOn subject: ID, at stamp: Int64)
}

extension Facts {
  /// The webhook of this id.
  package func webhook(_ id: ID) -> Webhook? { webhooks().first { $0.id == id } }
}
