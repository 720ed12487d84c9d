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
