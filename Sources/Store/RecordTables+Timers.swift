internal import Bytes
internal import Incidents
internal import SQLite

/// When each incident's time comes, which is a projection of the record: most have none, and cost nothing.
extension RecordTables {
  /// Keeps the timer of an incident as its record has it.
  func writeTimer(of incident: Incident, before: IncidentTimer?) {
    let timer = incident.timer
    // Before level 2 nothing has one, nor is there a table.
    guard timer != before, stored.failure == nil else { return }
    do throws(SQLiteError) {
      if let timer {
        try stored.database.run(
          """
          INSERT INTO incident_timer(incident, at, epoch)
          VALUES (\(incident.id), \(timer.at), \(timer.epoch.map(Int64.init)))
          ON CONFLICT (incident) DO UPDATE SET at = excluded.at, epoch = excluded.epoch
          """)
      } else {
        try stored.database.run("DELETE FROM incident_timer WHERE incident = \(incident.id)")
      }
      incidents[incident.id]?.timer = timer
    } catch {
      stored.failure = StoreError(error)
    }
  }
}
