package import Bytes
package import Incidents
internal import SQLite

extension StateReader {
  /// Open incidents that nobody touched and whose alerts cleared at `time` or before, those that
  /// cleared first before the others. At most ``Bound/cleared``.
  package func cleared(by time: Int64) throws(StoreError) -> [ClearedIncident] {
    try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT id, untouched_since
            FROM incident
           WHERE untouched_since <= \(time)
        ORDER BY untouched_since, number
           LIMIT \(Bound.cleared)
        """
      ) { row throws(SQLiteError) in
        ClearedIncident(incident: try row.next(), clearedAt: try row.next())
      }
    }
  }

  /// Incidents whose time has come: that close by themselves at `time` or before, and then those whose due
  /// times were counted before `epoch`. At most ``Bound/timed``.
  package func timed(by time: Int64, epoch: UInt32) throws(StoreError) -> [ID] {
    guard level >= 2 else { return [] }
    return try storing { () throws(SQLiteError) in
      let closing = try database.rows(
        """
          SELECT incident
            FROM incident_timer
           WHERE at <= \(time)
        ORDER BY at, incident
           LIMIT \(Bound.timed)
        """
      ) { row throws(SQLiteError) in try row.next() as ID }
      if !closing.isEmpty { return closing }
      return try database.rows(
        """
          SELECT incident
            FROM incident_timer
           WHERE epoch < \(Int64(epoch))
        ORDER BY epoch, incident
           LIMIT \(Bound.timed)
        """
      ) { row throws(SQLiteError) in try row.next() as ID }
    }
  }

  /// What people who have left still hold or were offered in incidents that are not over. At most
  /// ``Bound/releases``.
  package func heldByLeavers() throws(StoreError) -> [Release] {
    try storing { () throws(SQLiteError) in
      // CROSS JOIN: those who left are few, and their index comes first.
      try database.rows(
        """
            SELECT person, incident
              FROM person
        CROSS JOIN team_of_incident ON person = id
             WHERE has_left = 1
             LIMIT \(Bound.releases)
        """
      ) { row throws(SQLiteError) in
        Release(person: try row.next(), incident: try row.next())
      }
    }
  }
}

// What the clock has to do with incidents, from behaviour level 2 on.
extension StateReader {
  /// What the cluster is to ask of itself at `now` for its incidents, if anything is due.
  ///
  /// If nothing fired for a while although something was due, those that are open say so first: as long
  /// as they do not all, what was due stays due and shows when the gap began.
  package func due(at now: Int64) throws(StoreError) -> Action? {
    guard let first = try firstDue(), first <= now else { return nil }
    if now - first > Grace.lateness {
      let gap = ClusterGap(from: first, until: now)
      let missing = try missing(gap)
      if !missing.isEmpty { return .noteGap(gap, missing) }
    }
    return .fireDues(try dues(by: now))
  }

  /// When the first thing is due that has not happened, in milliseconds since 1970; `nil` if nothing is.
  package func firstDue() throws(StoreError) -> Int64? {
    guard level >= 2 else { return nil }
    let first = try storing { () throws(SQLiteError) in
      try database.row("SELECT min(due_at) FROM incident WHERE due_at IS NOT NULL") {
        row throws(SQLiteError) in try row.next() as Int64?
      }
    }
    return first ?? nil
  }

  /// The due rows of incidents for which something is due at `time` or before, the earliest first. At
  /// most ``Bound/dues``.
  package func dues(by time: Int64) throws(StoreError) -> [Due] {
    guard level >= 2 else { return [] }
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT body
            FROM incident
           WHERE due_at <= \(time)
        ORDER BY due_at, number
           LIMIT \(Bound.dues)
        """
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    var dues: [Due] = []
    for body in bodies {
      let incident = try record(body, Incident.init(decoding:))
      dues.append(Due(incident: incident.id, version: incident.watch.version))
    }
    return dues
  }

  /// Incidents that do not say yet that nobody could be reminded over `gap`. At most ``Bound/dues``.
  package func missing(_ gap: ClusterGap) throws(StoreError) -> [ID] {
    var missing: [ID] = []
    for id in try liveIncidents() where missing.count < Bound.dues {
      if let incident = incident(id), incident.misses(gap) { missing.append(id) }
    }
    return missing
  }

  /// The incidents that are not over, in the order of their coming.
  package func liveIncidents() throws(StoreError) -> [ID] {
    guard level >= 2 else { return try unwatchedIncidents() }
    return try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT id
            FROM incident INDEXED BY incident_due
           WHERE due_at IS NOT NULL AND status < 7
        ORDER BY number
        """
      ) { row throws(SQLiteError) in try row.next() }
    }
  }

  /// The incidents that are not over, before there is an index of them. Looks at all.
  func unwatchedIncidents() throws(StoreError) -> [ID] {
    try storing { () throws(SQLiteError) in
      try database.rows("SELECT id FROM incident WHERE status < 7 ORDER BY number") {
        row throws(SQLiteError) in try row.next()
      }
    }
  }

  /// Incidents that are over and of which something is followed still.
  package func followedIncidents() throws(StoreError) -> [ID] {
    guard level >= 2 else { return [] }
    return try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT id
            FROM incident
           WHERE due_at IS NOT NULL AND status >= 7
        ORDER BY number
        """
      ) { row throws(SQLiteError) in try row.next() }
    }
  }

  /// Whether a person leads an open P1 or P2 beside `incident`. Looks at two rows at most, whatever they
  /// ever led.
  package func leadsMajor(_ person: ID, beside incident: ID) -> Bool {
    guard failure == nil else { return false }
    do throws(SQLiteError) {
      return try database.row(
        """
        SELECT EXISTS (
                 SELECT 1
                   FROM live_incident AS live
                   JOIN incident ON incident.number = live.number
                  WHERE live.major_lead = \(person) AND incident.id <> \(incident))
        """
      ) { row throws(SQLiteError) in try row.next() as Int64 } == 1
    } catch {
      failure = StoreError(error)
      return false
    }
  }
}
