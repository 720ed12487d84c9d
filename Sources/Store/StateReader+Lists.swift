package import Bytes
package import Incidents
internal import SQLite

/// Which incidents a list shows. Conditions that are `nil` do not narrow it; all others must hold.
package struct IncidentFilter: Hashable, Sendable {
  /// One of these; `nil` is any.
  package var statuses: [Incident.Status]?
  /// Of this lead service.
  package var service: ID?
  /// Owned by this team now.
  package var team: ID?
  /// Of this priority now.
  package var priority: Priority?
  /// With an external reference that begins so, compared byte by byte. The list is then in the
  /// order of the references; else the newest incident comes first.
  package var referencePrefix: String?

  /// Every incident.
  package init(
    statuses: [Incident.Status]? = nil, service: ID? = nil, team: ID? = nil,
    priority: Priority? = nil, referencePrefix: String? = nil
  ) {
    self.statuses = statuses
    self.service = service
    self.team = team
    self.priority = priority
    self.referencePrefix = referencePrefix
  }
}

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

  /// A page of the incidents that `filter` lets through and the asker may see.
  ///
  /// What may not be seen leaves no gap: neither a shorter page nor an empty one more.
  ///
  /// - Parameters:
  ///   - limit: At most ``Page/largest`` rows, and at least one.
  ///   - isSeen: Whether the asker may know of an incident.
  package func incidents(
    _ filter: IncidentFilter = IncidentFilter(), after cursor: Cursor? = nil, limit: Int,
    where isSeen: (Incident) throws(StoreError) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<Incident> {
    let limit = min(max(limit, 1), Page<Incident>.largest)
    var seen: [Incident] = []
    var after = cursor
    // One more than is wanted tells whether there is a next page.
    repeat {
      let page = try allIncidents(filter, after: after, limit: limit + 1)
      for incident in page.items where seen.count <= limit {
        if try isSeen(incident) { seen.append(incident) }
      }
      after = page.next
    } while after != nil && seen.count <= limit
    guard seen.count > limit else { return Page(items: seen, next: nil) }
    seen.removeLast()
    return Page(items: seen, next: try self.cursor(of: seen[limit - 1], in: filter))
  }

  /// The place of an incident in the list of `filter`.
  private func cursor(
    of incident: Incident, in filter: IncidentFilter
  ) throws(StoreError) -> Cursor? {
    guard let number = numberedIncident(incident.id)?.number else { return nil }
    let isByReference = filter.referencePrefix != nil
    return Cursor(
      number: UInt64(number), reference: isByReference ? incident.externalReference : nil)
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

  /// A page of the incidents that `filter` lets through, whoever may see them.
  private func allIncidents(
    _ filter: IncidentFilter, after cursor: Cursor?, limit: Int
  ) throws(StoreError) -> Page<Incident> {
    var query: SQL = "SELECT number, external_reference, body FROM incident WHERE 1"
    if let statuses = filter.statuses {
      // The numbers come from the enumeration, and the partial indexes see them as constants.
      let set = Set(statuses)
      let numbers = Incident.Status.allCases.filter(set.contains).map { String($0.rawValue) }
      query += SQL(stringLiteral: " AND status IN (\(numbers.joined(separator: ", ")))")
      if statuses.allSatisfy({ $0.rawValue < Incident.Status.resolved.rawValue }) {
        query += " AND status < 5"
      }
    }
    if let service = filter.service { query += " AND service = \(service)" }
    if let team = filter.team { query += " AND team = \(team)" }
    if let priority = filter.priority { query += " AND priority = \(priority.rawValue)" }
    if let prefix = filter.referencePrefix {
      // No text that begins with the prefix sorts after the prefix and the last code point.
      query += " AND external_reference >= \(prefix)"
      query += " AND external_reference <= \(prefix + "\u{10FFFF}")"
      if let cursor {
        query += " AND (external_reference, number) > (\(cursor.reference ?? ""), \(cursor.number))"
      }
      query += " ORDER BY external_reference, number"
    } else {
      if let cursor { query += " AND number < \(cursor.number)" }
      query += " ORDER BY number DESC"
    }
    let isByReference = filter.referencePrefix != nil
    return try page(query, limit: limit, Incident.init(decoding:)) { number, incident in
      Cursor(number: number, reference: isByReference ? incident.externalReference : nil)
    }
  }

  /// A page of `query`, whose columns are a number, whatever it is ordered by, and a body.
  private func page<Record>(
    _ query: SQL, limit: Int, _ read: ([UInt8]) throws(MalformedBytes) -> Record,
    cursor: (UInt64, Record) -> Cursor
  ) throws(StoreError) -> Page<Record> {
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(query + " LIMIT \(limit + 1)") { row throws(SQLiteError) in
        let number: UInt64 = try row.next()
        row.skip()
        return (number, try row.next() as [UInt8])
      }
    }
    var items: [Record] = []
    for (_, body) in rows.prefix(limit) { items.append(try record(body, read)) }
    let next = rows.count > limit ? cursor(rows[limit - 1].0, items[limit - 1]) : nil
    return Page(items: items, next: next)
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
