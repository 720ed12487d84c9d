internal import Bytes
internal import Incidents
internal import SQLite

/// How an incident is written, with what lists and clocks know of it.
extension RecordTables {
  /// Writes an incident to the row that it has, or to a new one.
  func write(_ kept: Kept) {
    let incident = kept.incident
    writeTeam(of: incident, before: kept.team)
    writeTimer(of: incident, before: kept.timer)
    let body = incident.encoded()
    guard let statements = incidentStatements() else { return }
    guard let number = kept.number else {
      guard let number = takeNumber() else { return }
      bindColumns(of: incident, to: statements.insert)
      statements.insert.bind(incident.id, at: 7)
      statements.insert.bind(incident.reference.digits, at: 8)
      statements.insert.bind(number, at: 10)
      if level >= 2 { statements.insert.bind(incident.dueRow, at: 11) }
      return write(body) { () throws(SQLiteError) in
        try statements.insert.run(lending: body, at: 9)
        incidents[incident.id]?.number = number
        writeLive(incident, before: nil, number: number)
      }
    }
    writeLive(incident, before: kept.live, number: number)
    bindColumns(of: incident, to: statements.update)
    statements.update.bind(number, at: 7)
    if level >= 2 { statements.update.bind(incident.dueRow, at: 9) }
    write(body) { () throws(SQLiteError) in
      try statements.update.run(lending: body, at: 8)
    }
  }

  /// Keeps the list of who is in an incident's team, which is a projection of the record.
  private func writeTeam(of incident: Incident, before: [ID]) {
    let team = incident.team
    guard team != before, stored.failure == nil else { return }
    do throws(SQLiteError) {
      for person in before where !team.contains(person) {
        try statements.leaveTeam.run(person, incident.id)
      }
      for person in team where !before.contains(person) {
        try statements.joinTeam.run(person, incident.id)
      }
      incidents[incident.id]?.team = team
    } catch {
      stored.failure = StoreError(error)
    }
  }

  private func bindColumns(of incident: Incident, to statement: borrowing Statement) {
    statement.bind(incident.externalReference, at: 1)
    statement.bind(Int64(incident.status.rawValue), at: 2)
    statement.bind(Int64(incident.classification.priority.rawValue), at: 3)
    statement.bind(incident.service, at: 4)
    statement.bind(incident.teams.owner, at: 5)
    statement.bind(incident.untouchedSince, at: 6)
  }
}
