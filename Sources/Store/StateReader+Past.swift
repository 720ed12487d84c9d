package import Bytes
package import Incidents
internal import SQLite

/// The ledger as it is read back: what an incident was once, by the rows up to there.
package struct LedgerHistory: History {
  /// The state of today, within the same read.
  package let today: StateReader

  /// The history of what a reader reads.
  package init(_ reader: StateReader) { today = reader }

  package func entries(of incident: ID, upTo position: UInt64) -> [TimelineEntry] {
    today.asking(orElse: []) { () throws(StoreError) in
      try today.rows(of: incident, upTo: position)
    }
  }

  package func settlements(upTo position: UInt64) -> [TimelineEntry] {
    today.asking(orElse: []) { () throws(StoreError) in
      try today.settlements(upTo: position)
    }
  }
}

extension StateReader {
  /// An incident as it was once a position of the ledger was written; see ``History``.
  ///
  /// - Returns: `nil` if it was not declared by then, or was purged since.
  package func incident(_ id: ID, asOf position: UInt64) -> Incident? {
    LedgerHistory(self).incident(id, asOf: position)
  }

  /// The last row that was written by a time: 0 if none was. Stamps never go backwards, so it is found
  /// in some twenty looks.
  package func position(at time: Int64) throws(StoreError) -> UInt64 {
    var (low, high): (UInt64, UInt64) = (0, try stateHead().ledgerPosition)
    while low < high {
      let middle = low + (high - low + 1) / 2
      guard let stamp = try stamp(of: middle) else {
        throw .corrupt("position \(middle) of the ledger is missing")
      }
      if stamp <= time { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// When a row was written, in milliseconds since 1970; `nil` if there is no such row.
  package func stamp(of position: UInt64) throws(StoreError) -> Int64? {
    try storing { () throws(SQLiteError) in
      try database.row("SELECT stamp FROM event WHERE position = \(position)") {
        row throws(SQLiteError) in try row.next() as Int64
      }
    }
  }

  /// The rows of what holds for every incident, up to a position. They are few.
  fileprivate func settlements(upTo position: UInt64) throws(StoreError) -> [TimelineEntry] {
    var query: SQL = """
        SELECT event.position, stamp, actor, credential, body
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE subject IN (SELECT \(Settings.id) UNION ALL SELECT id FROM service)
           AND event.position <= \(position)
      """
    let kinds = Fact.kindsOfSettlement.map(String.init).joined(separator: ", ")
    query += SQL(stringLiteral: " AND kind IN (\(kinds)) ORDER BY event.position")
    return try entries(query)
  }

  /// Every row of one thing that says something still, up to a position, but the bytes of reports.
  fileprivate func rows(
    of subject: ID, upTo position: UInt64
  ) throws(StoreError) -> [TimelineEntry] {
    try entries(
      """
        SELECT event.position, stamp, actor, credential, body
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE subject = \(subject) AND event.position <= \(position)
           AND kind <> \(Int64(Fact.reportBytesKind))
      ORDER BY event.position
      """)
  }
}
