internal import Bytes
internal import Incidents
internal import SQLite

/// The records of a state file, as the commands of one batch read and change them.
///
/// A cache stands before the file: this connection is its only writer, so what was read once holds
/// until a batch is undone. An incident is written once for each command, however many of the
/// command's events change it. Nothing iterates over the caches, whose order is chance.
final class RecordTables {
  let stored: StateReader
  /// Every record that the current command wrote, in its binary form and in the order of writing.
  var changes: [[UInt8]] = []
  /// The behaviour level in force.
  var level = Command.firstLevel

  /// The number of the next incident's row, once it was asked for.
  var nextNumber: Int64?
  /// Numbers of incidents that the ledger says nothing of any more, while it is folded.
  var reserved: [ID: Int64] = [:]
  /// People of whom the ledger tells less than there was, while it is folded.
  var erased: Set<ID> = []
  /// Whether the current command changed one of them.
  private(set) var changedErased = false
  var incidents: [ID: Kept] = [:]
  /// The incident that was last looked for in vain: most often it is declared next.
  private var absent: ID?
  private var people: [ID: Person] = [:]
  private var teams: [ID: Team] = [:]
  private var services: [ID: Service] = [:]
  var credentials: [ID: Credential] = [:]
  /// Newest versions; `nil` for a service that has none.
  var servicePolicies: [ID: ServicePolicy?] = [:]
  /// Those that were settled; `nil` for one that is as it ships.
  var calendars: [String: WorkCalendar?] = [:]
  /// The version of the policy that was last asked for.
  var lastTerms: (version: UInt32, terms: PolicyTerms?)?
  /// The webhooks, once they were asked for: most events ask whether there is any.
  var hooks: [Webhook]?
  private var currentSettings: Settings?
  /// Incidents that are changed and not yet written, in the order of their first change.
  private var unwritten: [ID] = []

  let statements: RecordStatements
  /// Made once the file has the tables.
  var vaultStatements: VaultStatements?
  /// Made for the behaviour level in force.
  var incidentWriting: IncidentStatements?
  var liveStatements: LiveStatements?

  /// An incident in the cache.
  final class Kept {
    var incident: Incident
    /// The number of its row, once it has one.
    var number: Int64?
    /// Its team as the file has it.
    var team: [ID] = []
    /// When its time comes, as the file has it.
    var timer: IncidentTimer?
    /// What lists know of it, as the file has it.
    var live: LiveRow?

    /// One that the file does not have yet.
    init(_ incident: Incident) { self.incident = incident }

    /// One as the file has it.
    init(_ incident: Incident, number: Int64) {
      self.incident = incident
      self.number = number
      team = incident.team
      timer = incident.timer
      live = LiveRow(incident)
    }
  }

  /// An incident in memory takes one or two kilobytes; these are one busy hour's.
  private static let mostIncidents = 512
  /// People, teams, services and credentials of a large department.
  private static let mostOthers = 4_096

  init(database: consuming Database) throws(SQLiteError) {
    let statements = try RecordStatements(of: database)
    stored = try StateReader(database: database)
    self.statements = statements
  }

  /// Makes room before a command; in its midst a cached incident may be one that is unwritten.
  func beginCommand() {
    changes.removeAll(keepingCapacity: true)
    changedErased = false
    absent = nil
    if incidents.count > Self.mostIncidents { incidents.removeAll(keepingCapacity: true) }
    let others = people.count + teams.count + services.count + credentials.count
    if others > Self.mostOthers { forgetDepartment() }
  }

  /// Writes what the command's events left to be written.
  func endCommand() throws(StoreError) {
    for id in unwritten {
      // What is listed here was put into the cache by the same command.
      if let kept = incidents[id] { write(kept) }
    }
    unwritten.removeAll(keepingCapacity: true)
    try check()
  }

  /// Throws what failed below a non-throwing read or write.
  func check() throws(StoreError) {
    if let failure = stored.failure { throw failure }
  }

  /// Forgets everything: the transaction that it came from was undone.
  func forget() {
    stored.failure = nil
    stored.isNewest = false
    changes.removeAll()
    unwritten.removeAll()
    incidents.removeAll()
    nextNumber = nil
    forgetDepartment()
  }

  private func forgetDepartment() {
    people.removeAll()
    teams.removeAll()
    services.removeAll()
    credentials.removeAll()
    servicePolicies.removeAll()
    calendars.removeAll()
    lastTerms = nil
    hooks = nil
    currentSettings = nil
  }

  /// Runs one write. After a failure nothing more is written: the batch is lost already.
  func write(_ body: [UInt8], _ run: () throws(SQLiteError) -> Void) {
    guard stored.failure == nil else { return }
    do throws(SQLiteError) {
      try run()
      changes.append(body)
    } catch {
      stored.failure = StoreError(error)
    }
  }
}

extension RecordTables: Facts {
  func incident(_ id: ID) -> Incident? {
    if let known = incidents[id] { return known.incident }
    guard let found = stored.numberedIncident(id) else {
      absent = id
      return nil
    }
    incidents[id] = Kept(found.incident, number: found.number)
    return found.incident
  }

  func person(_ id: ID) -> Person? {
    if let known = people[id] { return known }
    let found = stored.person(id)
    if let found { people[id] = found }
    return found
  }

  func team(_ id: ID) -> Team? {
    if let known = teams[id] { return known }
    let found = stored.team(id)
    if let found { teams[id] = found }
    return found
  }

  func service(_ id: ID) -> Service? {
    if let known = services[id] { return known }
    let found = stored.service(id)
    if let found { services[id] = found }
    return found
  }

  func credential(_ id: ID) -> Credential? {
    if let known = credentials[id] { return known }
    let found = stored.credential(id)
    if let found { credentials[id] = found }
    return found
  }

  // Every credential is written as it is put, so the file is right.
  func credential(hash: [UInt8]) -> Credential? { stored.credential(hash: hash) }

  func settings() -> Settings? {
    if let currentSettings { return currentSettings }
    currentSettings = stored.settings()
    return currentSettings
  }

  func hasActed(_ person: ID, on subject: ID) -> Bool { stored.hasActed(person, on: subject) }

  // Only incidents wait to be written, and none is found by another key, so the file is right here.

  func person(email: String) -> Person? { stored.person(email: email) }

  func team(named name: String) -> Team? { stored.team(named: name) }

  func service(named key: String) -> Service? { stored.service(named: key) }

  func shift(_ id: ID) -> OnCallShift? { stored.shift(id) }

  func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift? {
    stored.onCall(service: service, role: role, at: at)
  }

  func alertGroup(_ key: AlertGroupKey) -> AlertGroup? { stored.alertGroup(key) }

  func means(of person: ID) -> SignInMeans? { stored.means(of: person) }
  func tally(_ key: ID) -> Tally? { stored.tally(key) }
  func lastUse(of credential: ID) -> Int64? { stored.lastUse(of: credential) }
  func storm(of service: ID?) -> AlertStorm? { stored.storm(of: service) }
  func secret() -> [UInt8]? { stored.secret() }
  func sessions(of person: ID) -> [Credential] { stored.sessions(of: person) }
  func majorIncident(of person: ID) -> ID? { stored.majorIncident(of: person) }
  func directoryVersion() -> UInt64 { stored.directoryVersion() }
  func ledgerHash(at position: UInt64) -> [UInt8]? { stored.ledgerHash(at: position) }
  func lastHead() -> SignedHead? { stored.lastHead() }
  func arrangement(of service: ID) -> ServiceArrangement? { stored.arrangement(of: service) }
  func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass] {
    stored.brokenGlass(by: person, at: now)
  }
  func communication(_ id: ID) -> Communication? { stored.communication(id) }
  func message(_ id: ID) -> Message? { stored.message(id) }
  func notice(_ id: ID) -> StaffNotice? { stored.notice(id) }
  func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate? {
    stored.template(key)
  }
}

extension RecordTables: Records {
  /// Makes the tables those of a behaviour level. A ledger that is folded once more has no meta row.
  func raise(to level: UInt8, at stamp: Int64) {
    guard stored.failure == nil else { return }
    do throws(SQLiteError) {
      if let script = StateSchema.migration(to: level) { try stored.database.execute(script) }
      try stored.database.run("UPDATE meta SET level = \(level) WHERE id = 0")
      self.level = level
      // A ledger that is folded once more has no meta row to ask.
      stored.isNewest = level == Command.newestLevel
      if level == 2 { makeLive() }
    } catch {
      stored.failure = StoreError(error)
    }
    if level == 2 { beginWatch(at: stamp) }
  }

  func put(_ incident: Incident) {
    if incidents[incident.id] == nil, absent != incident.id { _ = self.incident(incident.id) }
    if let known = incidents[incident.id] {
      known.incident = incident
    } else {
      incidents[incident.id] = Kept(incident)
    }
    if !unwritten.contains(incident.id) { unwritten.append(incident.id) }
  }

  func put(_ person: Person) {
    people[person.id] = person
    if !erased.isEmpty, erased.contains(person.id) { changedErased = true }
    let body = person.encoded()
    statements.putPerson.bind(person.id, at: 1)
    statements.putPerson.bind(person.email, at: 2)
    statements.putPerson.bind(person.hasLeft, at: 3)
    write(body) { () throws(SQLiteError) in try statements.putPerson.run(lending: body, at: 4) }
  }

  func put(_ team: Team) {
    teams[team.id] = team
    let body = team.encoded()
    statements.putTeam.bind(team.id, at: 1)
    statements.putTeam.bind(team.name, at: 2)
    write(body) { () throws(SQLiteError) in try statements.putTeam.run(lending: body, at: 3) }
  }

  func put(_ service: Service) {
    services[service.id] = service
    let body = service.encoded()
    statements.putService.bind(service.id, at: 1)
    statements.putService.bind(service.key, at: 2)
    write(body) { () throws(SQLiteError) in try statements.putService.run(lending: body, at: 3) }
  }

  func put(_ credential: Credential) {
    credentials[credential.id] = credential
    let body = credential.encoded()
    statements.putCredential.bind(credential.id, at: 1)
    statements.putCredential.bind(credential.hash, at: 2)
    write(body) { () throws(SQLiteError) in
      try statements.putCredential.run(lending: body, at: 3)
    }
  }

  func put(_ shift: OnCallShift) {
    let body = shift.encoded()
    statements.putShift.bind(shift.id, at: 1)
    statements.putShift.bind(shift.service, at: 2)
    statements.putShift.bind(Int64(shift.role.rawValue), at: 3)
    statements.putShift.bind(shift.from, at: 4)
    statements.putShift.bind(shift.until, at: 5)
    write(body) { () throws(SQLiteError) in try statements.putShift.run(lending: body, at: 6) }
  }

  func put(_ group: AlertGroup) {
    let body = group.encoded()
    statements.putGroup.bind(group.key.stored, at: 1)
    statements.putGroup.bind(group.id, at: 2)
    statements.putGroup.bind(group.incident, at: 3)
    write(body) { () throws(SQLiteError) in try statements.putGroup.run(lending: body, at: 4) }
  }

  /// The rows of the ledger say so by themselves.
  func note(_ person: ID, actedOn subject: ID, at stamp: Int64) {}

  func put(_ settings: Settings) {
    currentSettings = settings
    let body = settings.encoded()
    write(body) { () throws(SQLiteError) in try statements.putSettings.run(lending: body, at: 1) }
  }
}

/// How records are written: each replaces the one of the same key.
final class RecordStatements {
  let joinTeam: Statement
  let leaveTeam: Statement
  let putPerson: Statement
  let putTeam: Statement
  let putService: Statement
  let putCredential: Statement
  let putShift: Statement
  let putGroup: Statement
  let putSettings: Statement

  init(of database: borrowing Database) throws(SQLiteError) {
    joinTeam = try database.prepare(
      "INSERT INTO team_of_incident(person, incident) VALUES (?, ?)")
    leaveTeam = try database.prepare(
      "DELETE FROM team_of_incident WHERE person = ? AND incident = ?")
    putPerson = try database.prepare(
      """
      INSERT INTO person(id, email, has_left, body) VALUES (?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE
         SET email = excluded.email, has_left = excluded.has_left, body = excluded.body
      """)
    putTeam = try database.prepare(
      """
      INSERT INTO team(id, name, body) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body
      """)
    putService = try database.prepare(
      """
      INSERT INTO service(id, key, body) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET key = excluded.key, body = excluded.body
      """)
    putCredential = try database.prepare(
      """
      INSERT INTO credential(id, hash, body) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, body = excluded.body
      """)
    putShift = try database.prepare(
      """
      INSERT INTO shift(id, service, role, starts, ends, body) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE
         SET service = excluded.service, role = excluded.role, starts = excluded.starts,
             ends = excluded.ends, body = excluded.body
      """)
    putGroup = try database.prepare(
      """
      INSERT INTO alert_group(key, id, incident, body) VALUES (?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE
         SET id = excluded.id, incident = excluded.incident, body = excluded.body
      """)
    putSettings = try database.prepare(
      """
      INSERT INTO settings(id, body) VALUES (0, ?)
      ON CONFLICT (id) DO UPDATE SET body = excluded.body
      """)
  }
}

extension Statement {
  func run(_ person: ID, _ incident: ID) throws(SQLiteError) {
    bind(person, at: 1)
    bind(incident, at: 2)
    try run()
  }
}
