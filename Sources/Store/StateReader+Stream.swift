package import Bytes
package import Incidents
internal import SQLite

/// A piece of what happened to incidents, in the order of the ledger.
package struct StreamPiece {
  /// Entries of timelines, each with the incident that it is about.
  package var entries: [(incident: ID, entry: TimelineEntry)]
  /// The last row that was looked at: the next piece begins after it.
  package var through: UInt64
  /// Whether that is the last row there is.
  package var isAtEnd: Bool
}

extension StateReader {
  /// What rows of the ledger say of incidents, as their timelines have it: nothing of who looked and
  /// who tried, and nothing that was purged.
  ///
  /// - Parameters:
  ///   - position: The last row that is not wanted; 0 for none.
  ///   - rows: So many rows are looked at, whatever they are about.
  package func stream(after position: UInt64, rows: Int) throws(StoreError) -> StreamPiece {
    let end = try stateHead().ledgerPosition
    let through = min(end, position + UInt64(rows))
    guard through > position else {
      return StreamPiece(entries: [], through: position, isAtEnd: true)
    }
    var query: SQL =
      """
        SELECT event.position, stamp, actor, credential, body, subject
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE event.position > \(position) AND event.position <= \(through)
           AND subject_kind = \(Int64(Subject.Kind.incident.rawValue))
      """
    query += Self.withoutAccess
    query += " ORDER BY event.position"
    let found = try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in
        let position: UInt64 = try row.next()
        let stamp: Int64 = try row.next()
        let actor = try Actor(&row)
        let body: [UInt8] = try row.next()
        return (position, stamp, actor, body, try row.next() as ID)
      }
    }
    var entries: [(incident: ID, entry: TimelineEntry)] = []
    entries.reserveCapacity(found.count)
    for (position, stamp, actor, body, incident) in found {
      let event = try record(body, Event.init(decoding:))
      entries.append(
        (incident, TimelineEntry(position: position, stamp: stamp, actor: actor, event: event)))
    }
    return StreamPiece(entries: entries, through: through, isAtEnd: through == end)
  }
}
