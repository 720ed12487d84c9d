package import Bytes
package import Incidents
internal import SQLite

extension StateReader {
  /// The incident that people call so. Should two ever share a reference, the older one.
  package func incident(reference: Reference) throws(StoreError) -> Incident? {
    let body = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT body FROM incident WHERE reference = \(reference.digits) ORDER BY number LIMIT 1"
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    guard let body else { return nil }
    return try record(body, Incident.init(decoding:))
  }

  /// Whether anything in the timeline of `subject` is by `person`, before behaviour level 2.
  func hasActedBefore(_ person: ID, on subject: ID) -> Bool {
    guard failure == nil else { return false }
    do throws(SQLiteError) {
      return try database.row(
        "SELECT 1 FROM event WHERE subject = \(subject) AND actor = \(person) LIMIT 1"
      ) { row throws(SQLiteError) in try row.next() as Int64 } != nil
    } catch {
      failure = StoreError(error)
      return false
    }
  }

  /// Everybody, in the order in which they were added.
  package func people() throws(StoreError) -> [Person] {
    try all("SELECT body FROM person ORDER BY id", Person.init(decoding:))
  }

  /// Every credential that a person was ever given, in the order in which they were issued.
  ///
  /// Looks at all of them: a department has some hundreds.
  package func credentials(of person: ID) throws(StoreError) -> [Credential] {
    try credentials { $0.person == person && $0.kind != .join }
  }

  /// Every token to join the cluster with, in the order in which they were issued. Costs as much.
  package func joinTokens() throws(StoreError) -> [Credential] {
    try credentials { $0.kind == .join }
  }

  private func credentials(
    where belongs: (Credential) -> Bool
  ) throws(StoreError) -> [Credential] {
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows("SELECT body FROM credential ORDER BY id") { row throws(SQLiteError) in
        try row.next() as [UInt8]
      }
    }
    var credentials: [Credential] = []
    for body in bodies {
      let credential = try record(body, Credential.init(decoding:))
      if belongs(credential) { credentials.append(credential) }
    }
    return credentials
  }

  /// Every team, in the order in which they were added.
  package func teams() throws(StoreError) -> [Team] {
    try all("SELECT body FROM team ORDER BY id", Team.init(decoding:))
  }

  /// The version of all of the directory, as `Facts.directoryVersion()` says.
  package func directoryVersion() -> UInt64 {
    asking(orElse: 0) { () throws(StoreError) in
      try people().reduce(0) { $0 + $1.version } + teams().reduce(0) { $0 + $1.version }
        + services().reduce(0) { $0 + $1.version }
    }
  }

  /// Every service, by its key.
  package func services() throws(StoreError) -> [Service] {
    try all("SELECT body FROM service ORDER BY key", Service.init(decoding:))
  }

  /// The spans of on-call that touch a span of time, by service, role and beginning.
  ///
  /// - Parameters:
  ///   - service: `nil` is all of them.
  ///   - from: The first instant.
  ///   - until: The first instant after it.
  package func shifts(
    service: ID? = nil, from: Int64, until: Int64
  ) throws(StoreError) -> [OnCallShift] {
    var query: SQL = "SELECT body FROM shift WHERE starts < \(until) AND ends > \(from)"
    if let service { query += " AND service = \(service)" }
    query += " ORDER BY service, role, starts, id"
    return try all(query, OnCallShift.init(decoding:))
  }

  /// Lists of a department's own making. They are bounded by its size; a department that has more
  /// than this many people wants pages first.
  package static var mostRows: Int { 10_000 }

  private func all<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) throws(StoreError) -> [Record] {
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(query + " LIMIT \(Self.mostRows)") { row throws(SQLiteError) in
        try row.next() as [UInt8]
      }
    }
    var records: [Record] = []
    for body in bodies { records.append(try record(body, read)) }
    return records
  }

  func record<Record>(
    _ body: [UInt8], _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) throws(StoreError) -> Record {
    do throws(MalformedBytes) {
      return try read(body)
    } catch {
      throw .corrupt("a record of the state file cannot be read: \(error)")
    }
  }
}
