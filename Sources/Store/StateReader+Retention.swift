package import Bytes
package import Incidents
internal import Raft
internal import SQLite

// What has been kept long enough, and what letting go of it leads to.
extension StateReader {
  /// Runs `query`, or keeps what failed aside.
  func asking<Value>(
    orElse nothing: Value, _ query: () throws(StoreError) -> Value
  ) -> Value {
    guard failure == nil else { return nothing }
    do throws(StoreError) {
      return try query()
    } catch {
      failure = error
      return nothing
    }
  }

  /// The group of alerts of this id.
  package func alertGroup(id: ID) -> AlertGroup? {
    asking(orElse: nil) { () throws(StoreError) in
      let body = try storing { () throws(SQLiteError) in
        try database.row("SELECT body FROM alert_group WHERE id = \(id)") {
          row throws(SQLiteError) in try row.next() as [UInt8]
        }
      }
      guard let body else { return nil }
      return try record(body, AlertGroup.init(decoding:))
    }
  }

  /// What the ledger's rows of an incident lead to, read from all of them.
  package func traces(of incident: ID) -> IncidentTraces {
    asking(orElse: IncidentTraces()) { () throws(StoreError) in
      let bodies = try storing { () throws(SQLiteError) in
        try database.rows(
          """
            SELECT body
              FROM event
              JOIN event_body ON event_body.position = event.position
             WHERE subject = \(incident)
          ORDER BY event.position
          """
        ) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      var traces = IncidentTraces()
      for body in bodies { traces.add(try record(body, Event.init(decoding:)).fact) }
      return traces
    }
  }

  /// When a person left.
  package func leftAt(_ person: ID) -> Int64? {
    asking(orElse: nil) { () throws(StoreError) in
      let at = try storing { () throws(SQLiteError) in
        try database.row(
          """
          SELECT max(stamp)
            FROM event
           WHERE subject = \(person) AND kind = \(Int64(Fact.leftKind))
          """
        ) { row throws(SQLiteError) in try row.next() as Int64? }
      }
      return at ?? nil
    }
  }

  /// How the cluster was founded: the first row of the ledger, as long as it says something, and then
  /// the row that says it anew.
  package func founding() -> Founding? {
    asking(orElse: nil) { () throws(StoreError) in
      let bodies = try storing { () throws(SQLiteError) in
        try database.rows(
          """
          SELECT body
            FROM event_body
           WHERE position = 1
           UNION ALL
          SELECT event_body.body
            FROM person
            CROSS JOIN event ON subject = person.id AND kind = \(Int64(Fact.contactsErasedKind))
            JOIN event_body ON event_body.position = event.position
           WHERE has_left = 2
          """
        ) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      for body in bodies {
        switch try record(body, Event.init(decoding:)).fact {
        case .founded(let founding): return founding
        case .contactsErased(let erased): if let founding = erased.founding { return founding }
        default: break
        }
      }
      return nil
    }
  }

  /// Every change of the settings, oldest first.
  package func settingsChanges() throws(StoreError) -> [TimelineEntry] {
    try entries(
      """
        SELECT event.position, stamp, actor, credential, body
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE subject = \(Settings.id) AND kind = \(Int64(Fact.settingsChangedKind))
      ORDER BY event.position
      """)
  }

  /// Somebody who has been gone long enough at `now` and whose contact details are not erased yet.
  package func erasable(at now: Int64) throws(StoreError) -> ID? {
    guard level >= 2, let periods = settings()?.retentionPeriods else { return nil }
    let latest = now - Int64(periods.ordinary) * Span.day
    return try storing { () throws(SQLiteError) in
      // CROSS JOIN: those who left are few, and their index comes first.
      try database.row(
        """
            SELECT person.id
              FROM person
        CROSS JOIN event ON subject = person.id AND kind = \(Int64(Fact.leftKind))
             WHERE has_left = 1
          GROUP BY person.id
            HAVING max(stamp) <= \(latest)
          ORDER BY person.id
             LIMIT 1
        """
      ) { row throws(SQLiteError) in try row.next() as ID }
    }
  }

  /// An incident that has been kept long enough at `now`, if one of the rows behind a number is.
  ///
  /// - Parameters:
  ///   - number: Of the last row that was looked at; 0 to begin.
  ///   - most: So many rows are looked at.
  ///   - now: In milliseconds since 1970.
  /// - Returns: The incident, and the last row that was looked at; no row once all were.
  package func expired(
    after number: Int64, most: Int, at now: Int64
  ) throws(StoreError) -> (incident: ID?, last: Int64?) {
    guard let periods = settings()?.retentionPeriods else { return (nil, nil) }
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT number, body
            FROM incident
           WHERE number > \(number)
        ORDER BY number
           LIMIT \(most)
        """
      ) { row throws(SQLiteError) in (try row.next() as Int64, try row.next() as [UInt8]) }
    }
    for (number, body) in rows {
      let incident = try record(body, Incident.init(decoding:))
      if incident.isExpired(at: now, periods) { return (incident.id, number) }
    }
    return (nil, rows.last?.0)
  }

  /// The incidents that were purged, the latest first.
  ///
  /// - Parameter limit: So many at most.
  /// - Returns: Each with when that was, in milliseconds since 1970, and how many rows it emptied.
  package func purged(
    limit: Int
  ) throws(StoreError) -> [(incident: ID, at: Int64, rows: UInt64)] {
    guard level >= 2 else { return [] }
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT purged.id, at, body
            FROM purged
            JOIN event ON subject = purged.id AND kind = \(Int64(Fact.purgedKind))
            JOIN event_body ON event_body.position = event.position
        ORDER BY at DESC, number DESC
           LIMIT \(limit)
        """
      ) { row throws(SQLiteError) in
        (try row.next() as ID, try row.next() as Int64, try row.next() as [UInt8])
      }
    }
    var purged: [(incident: ID, at: Int64, rows: UInt64)] = []
    for (id, at, body) in rows {
      guard case .purged(let purge) = try record(body, Event.init(decoding:)).fact else { continue }
      purged.append((id, at, purge.rows))
    }
    return purged
  }

  /// The last entry of the log that purged or erased something: that stands in entries before it.
  func lastPurge() throws(StoreError) -> LogIndex {
    guard level >= 2 else { return .zero }
    let index = try storing { () throws(SQLiteError) in
      try database.row(
        """
        SELECT max(idx)
          FROM event
         WHERE kind IN (\(Int64(Fact.purgedKind)), \(Int64(Fact.contactsErasedKind)))
           AND (subject IN (SELECT id FROM purged ORDER BY at DESC LIMIT 100)
                OR subject IN (SELECT id FROM person WHERE has_left = 2))
        """
      ) { row throws(SQLiteError) in try row.next() as UInt64? }
    }
    return LogIndex(rawValue: (index ?? nil) ?? 0)
  }
}
