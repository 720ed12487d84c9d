package import Bytes
package import Incidents
internal import Raft
internal import SQLite

extension StateReader {
  /// A page of what happened to one thing, oldest first.
  ///
  /// - Parameters:
  ///   - limit: At most ``Page/largest`` entries, and at least one.
  ///   - last: The last position that counts; `nil` is the end.
  package func timeline(
    of subject: ID, after cursor: Cursor? = nil, limit: Int, upTo last: UInt64? = nil
  ) throws(StoreError) -> Page<TimelineEntry> {
    let limit = min(max(limit, 1), Page<TimelineEntry>.largest)
    let after = cursor?.number ?? 0
    var query: SQL =
      """
        SELECT event.position, stamp, actor, credential, body
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE subject = \(subject) AND event.position > \(after)
      """
    if let last { query += " AND event.position <= \(last)" }
    query += Self.withoutAccess
    query += " ORDER BY event.position LIMIT \(limit + 1)"
    let found = try entries(query)
    let next = found.count > limit ? Cursor(number: found[limit - 1].position) : nil
    return Page(items: Array(found.prefix(limit)), next: next)
  }

  /// Whether the timeline of one thing has an entry at a position.
  package func hasEntry(at position: UInt64, of subject: ID) throws(StoreError) -> Bool {
    // Positions are SQLite's, which end there.
    guard (1...UInt64(Int64.max)).contains(position) else { return false }
    let next = try timeline(of: subject, after: Cursor(number: position - 1), limit: 1)
    return next.items.first?.position == position
  }

  /// The rows that a query finds: position, stamp, actor, credential and body, in that order.
  func entries(_ query: SQL) throws(StoreError) -> [TimelineEntry] {
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in
        let position: UInt64 = try row.next()
        let stamp: Int64 = try row.next()
        return (position, stamp, try Actor(&row), try row.next() as [UInt8])
      }
    }
    var entries: [TimelineEntry] = []
    entries.reserveCapacity(rows.count)
    for (position, stamp, actor, body) in rows {
      let event = try record(body, Event.init(decoding:))
      entries.append(TimelineEntry(position: position, stamp: stamp, actor: actor, event: event))
    }
    return entries
  }
}

extension StateReader {
  /// Who looked and who tried is in the record and in no timeline, nor are the bytes of reports.
  static let withoutAccess = SQL(
    stringLiteral:
      " AND kind NOT IN (\((Fact.kindsOfAccess + [Fact.reportBytesKind]).map(String.init).joined(separator: ", ")))"
  )

  /// How many entries the timeline of one thing has behind a cursor.
  package func entries(
    of subject: ID, after cursor: Cursor, upTo last: UInt64? = nil
  ) throws(StoreError) -> Int {
    var query: SQL =
      "SELECT count(*) FROM event WHERE subject = \(subject) AND position > \(cursor.number)"
    if let last { query += " AND position <= \(last)" }
    query += Self.withoutAccess
    let count = try storing { () throws(SQLiteError) in
      try database.row(query) { row throws(SQLiteError) in try row.next() as Int64 }
    }
    return Int(clamping: count ?? 0)
  }
}

extension Actor {
  /// Reads person and credential; neither is the cluster itself.
  init(_ row: inout RowReader) throws(SQLiteError) {
    let person: ID? = try row.next()
    let credential: ID? = try row.next()
    switch (person, credential) {
    case (let person?, let credential?): self = .credential(id: credential, person: person)
    default: self = .system
    }
  }
}
