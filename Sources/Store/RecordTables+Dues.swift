internal import Bytes
internal import Incidents
internal import SQLite

/// How incidents are written: from behaviour level 2 on with the time at which something is due.
final class IncidentStatements {
  let level: UInt8
  let insert: Statement
  let update: Statement

  init(of database: borrowing Database, at level: UInt8) throws(SQLiteError) {
    self.level = level
    let isWatched = level >= 2
    insert = try database.prepare(
      """
      INSERT INTO incident(external_reference, status, priority, service, team, untouched_since, id,
                           reference, body, number\(isWatched ? ", due_at" : ""))
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?\(isWatched ? ", ?" : ""))
      """)
    update = try database.prepare(
      """
      UPDATE incident
         SET external_reference = ?, status = ?, priority = ?, service = ?, team = ?,
             untouched_since = ?, body = ?8\(isWatched ? ", due_at = ?9" : "")
       WHERE number = ?7
      """)
  }
}

extension Incident {
  /// When something next has to happen to it; the end of time while it is open, or something is owed without
  /// a time, so that the one index finds all of these too.
  var dueRow: Int64? {
    nextDueAt ?? (status.isOver && duties(at: statusSince).isEmpty ? nil : Bound.time.upperBound)
  }
}

extension RecordTables {
  /// The statements of the level in force; none after a failure.
  func incidentStatements() -> IncidentStatements? {
    if let known = incidentWriting, known.level == level { return known }
    guard stored.failure == nil else { return nil }
    do throws(SQLiteError) {
      let made = try IncidentStatements(of: stored.database, at: level)
      incidentWriting = made
      return made
    } catch {
      stored.failure = StoreError(error)
      return nil
    }
  }

  /// Begins to watch every incident that is not over.
  func beginWatch(at stamp: Int64) {
    guard stored.failure == nil else { return }
    do throws(StoreError) {
      for id in try stored.unwatchedIncidents() {
        guard var incident = incident(id) else { continue }
        incident.beginWatch(at: stamp)
        put(incident)
      }
    } catch {
      stored.failure = error
    }
  }
}
