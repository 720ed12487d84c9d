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
}
