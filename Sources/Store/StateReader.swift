package import Bytes
internal import Crypto
package import Incidents
package import Raft
internal import SQLite

/// A reader of this node's state: one connection that cannot write, and its compiled queries.
///
/// Not shared between threads: each reader lane or loop has its own. Wherever several answers must
/// belong together, ask them inside one ``read(within:_:)``.
///
/// As the domain's `Facts` it answers `nil` once a query has failed; ``read(within:_:)`` then throws
/// what failed.
package final class StateReader {
  /// How long one ``read(within:_:)`` may take, in milliseconds. A reader that stays longer would
  /// hold back checkpoints, and its client has gone.
  package static let deadline: UInt64 = 2_000

  let database: Database
  /// Made once the file has what they ask for.
  var vaultQueries: VaultQueries?
  /// Whether the newest behaviour level was seen in force.
  var isNewest = false
  /// The first thing that failed since it was last cleared.
  var failure: StoreError?

  private let incidentByID: Statement
  private let personByID: Statement
  private let personByEmail: Statement
  private let teamByID: Statement
  private let teamByName: Statement
  private let serviceByID: Statement
  private let serviceByKey: Statement
  private let credentialByID: Statement
  private let credentialByHash: Statement
  private let shiftByID: Statement
  private let shiftNow: Statement
  private var groupByID: Statement?
  private let groupByKey: Statement
  private let settingsRow: Statement
  let outcomeByKey: Statement
  let latestStamp: Statement
  private let head: Statement
  private let levelInForce: Statement

  /// Opens the state file that a ``StateStore`` of this process has open.
  package static func open(folder: String, file: String) throws(StoreError) -> StateReader {
    let path = "\(folder)/\(file)"
    do throws(SQLiteError) {
      let database = try Database(path: path, access: .read, busyMilliseconds: 250)
      try database.execute(
        "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;")
      return try StateReader(database: database)
    } catch {
      throw StoreError(error)
    }
  }

  /// A reader on a connection that is open already.
  init(database: consuming Database) throws(SQLiteError) {
    func by(_ key: String, _ table: String, _ database: borrowing Database)
      throws(SQLiteError) -> Statement
    {
      try database.prepare("SELECT body FROM \(table) WHERE \(key) = ?")
    }
    incidentByID = try database.prepare(
      "SELECT body, number FROM incident WHERE reference = ? AND id = ?")
    personByID = try by("id", "person", database)
    personByEmail = try by("email", "person", database)
    teamByID = try by("id", "team", database)
    teamByName = try by("name", "team", database)
    serviceByID = try by("id", "service", database)
    serviceByKey = try by("key", "service", database)
    credentialByID = try by("id", "credential", database)
    credentialByHash = try by("hash", "credential", database)
    shiftByID = try by("id", "shift", database)
    groupByKey = try by("key", "alert_group", database)
    settingsRow = try database.prepare("SELECT body FROM settings WHERE id = 0")
    shiftNow = try database.prepare(
      """
        SELECT body
          FROM shift
         WHERE service = ?1 AND role = ?2 AND starts <= ?3 AND ends > ?3
      ORDER BY starts DESC, id DESC
         LIMIT 1 OFFSET ?4
      """)
    outcomeByKey = try database.prepare(
      """
        SELECT request, idx, term, outcome
          FROM outcome
         WHERE day IN (?1, ?1 - 1) AND person = ?2 AND key = ?3
      ORDER BY day DESC
         LIMIT 1
      """)
    latestStamp = try database.prepare(
      "SELECT stamp FROM event ORDER BY position DESC LIMIT 1")
    levelInForce = try database.prepare("SELECT level FROM meta WHERE id = 0")
    head = try database.prepare(
      "SELECT applied, term, digest, position, hash FROM meta WHERE id = 0")
    self.database = database
  }

  /// Runs `body` on one state of the file, whatever is applied meanwhile, and within
  /// `milliseconds`, usually ``deadline``.
  ///
  /// - Throws: What `body` throws, or what failed below it.
  package func read<Result>(
    within milliseconds: UInt64 = StateReader.deadline,
    _ body: (StateReader) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    failure = nil
    return try database.within(milliseconds: milliseconds) { () throws(StoreError) in
      try storing { () throws(SQLiteError) in try database.beginReading() }
      // A read that cannot be ended has read all the same.
      defer { try? database.rollBack() }
      let result = try body(self)
      if let failure { throw failure }
      return result
    }
  }

  /// What the state has applied, and the ends of its chains.
  package func stateHead() throws(StoreError) -> StateHead {
    let found = try storing { () throws(SQLiteError) in
      try head.row { row throws(SQLiteError) in
        let index = LogIndex(rawValue: try row.next())
        let term = Term(rawValue: try row.next())
        return StateHead(
          applied: Position(term: term, index: index), digest: try row.next(),
          ledgerPosition: try row.next(), ledgerHash: try row.next())
      }
    }
    guard let found else { throw .corrupt("the state file does not say what it has applied") }
    return found
  }

  /// The last index that the state has applied.
  package func applied() throws(StoreError) -> LogIndex { try stateHead().applied.index }

  /// The body that `statement` finds, read as a record. The first failure is kept aside.
  private func find<Record>(
    _ statement: borrowing Statement, _ read: ([UInt8]) throws(MalformedBytes) -> Record,
    rest: (inout RowReader) throws(SQLiteError) -> Void = { _ in }
  ) -> Record? {
    guard failure == nil else { return nil }
    let body: [UInt8]?
    do throws(SQLiteError) {
      body = try statement.row { row throws(SQLiteError) in
        let body: [UInt8] = try row.next()
        try rest(&row)
        return body
      }
    } catch {
      failure = StoreError(error)
      return nil
    }
    guard let body else { return nil }
    do throws(MalformedBytes) {
      return try read(body)
    } catch {
      failure = .corrupt("a record found by “\(statement.text)” cannot be read: \(error)")
      return nil
    }
  }
}

extension StateReader: Facts {
  package var level: UInt8 {
    guard failure == nil else { return Command.firstLevel }
    // A file's level never falls, so the newest there is need not be asked for again.
    if isNewest { return Command.newestLevel }
    do throws(SQLiteError) {
      let level =
        try levelInForce.row { row throws(SQLiteError) -> UInt8 in try row.next() }
        ?? Command.firstLevel
      isNewest = level == Command.newestLevel
      return level
    } catch {
      failure = StoreError(error)
      return Command.firstLevel
    }
  }

  package func incident(_ id: ID) -> Incident? { numberedIncident(id)?.incident }

  /// The incident of this id, and the number of its row.
  ///
  /// A reference is made of its id's bits, so one index serves both. Two incidents may share a
  /// reference, once in a quadrillion, and are told apart by the id.
  func numberedIncident(_ id: ID) -> (incident: Incident, number: Int64)? {
    incidentByID.bind(Reference(id).digits, at: 1)
    incidentByID.bind(id, at: 2)
    var number: Int64 = 0
    let incident = find(incidentByID, Incident.init(decoding:)) { row throws(SQLiteError) in
      number = try row.next()
    }
    return incident.map { ($0, number) }
  }

  package func person(_ id: ID) -> Person? {
    personByID.bind(id, at: 1)
    return find(personByID, Person.init(decoding:))
  }

  package func person(email: String) -> Person? {
    personByEmail.bind(email, at: 1)
    return find(personByEmail, Person.init(decoding:))
  }

  package func team(_ id: ID) -> Team? {
    teamByID.bind(id, at: 1)
    return find(teamByID, Team.init(decoding:))
  }

  package func team(named name: String) -> Team? {
    teamByName.bind(name, at: 1)
    return find(teamByName, Team.init(decoding:))
  }

  package func service(_ id: ID) -> Service? {
    serviceByID.bind(id, at: 1)
    return find(serviceByID, Service.init(decoding:))
  }

  package func service(named key: String) -> Service? {
    serviceByKey.bind(key, at: 1)
    return find(serviceByKey, Service.init(decoding:))
  }

  package func credential(_ id: ID) -> Credential? {
    credentialByID.bind(id, at: 1)
    return find(credentialByID, Credential.init(decoding:))
  }

  package func credential(hash: [UInt8]) -> Credential? {
    credentialByHash.bind(hash, at: 1)
    return find(credentialByHash, Credential.init(decoding:))
  }

  package func shift(_ id: ID) -> OnCallShift? {
    shiftByID.bind(id, at: 1)
    return find(shiftByID, OnCallShift.init(decoding:))
  }

  package func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift? {
    // Few shifts of one service and role cover an instant, and most often it is the first.
    var place: Int64 = 0
    while let shift = shift(of: service, role, at, place) {
      if stands(shift) { return shift }
      place += 1
    }
    return nil
  }

  /// Of the shifts that cover an instant, that begun latest first, the one at a place.
  private func shift(
    of service: ID, _ role: OnCallRole, _ at: Int64, _ place: Int64
  ) -> OnCallShift? {
    shiftNow.bind(service, at: 1)
    shiftNow.bind(Int64(role.rawValue), at: 2)
    shiftNow.bind(at, at: 3)
    shiftNow.bind(place, at: 4)
    return find(shiftNow, OnCallShift.init(decoding:))
  }

  package func alertGroup(_ key: AlertGroupKey) -> AlertGroup? {
    groupByKey.bind(key.stored, at: 1)
    return find(groupByKey, AlertGroup.init(decoding:))
  }

  package func settings() -> Settings? {
    find(settingsRow, Settings.init(decoding:))
  }
}

extension AlertGroupKey {
  /// What the table is searched by: a key may be thousands of bytes long, its hash is not.
  var stored: [UInt8] { SHA256.hash(encoded()) }
}

/// How far a state has come.
package struct StateHead: Hashable, Sendable {
  /// The last entry applied.
  package let applied: Position
  /// Stands for everything that was changed so far (32 bytes).
  package let digest: [UInt8]
  /// The last position of the ledger; 0 in an empty one.
  package let ledgerPosition: UInt64
  /// The hash of the last event, which stands for all before it (32 bytes).
  package let ledgerHash: [UInt8]
}
