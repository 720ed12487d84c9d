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
        incidents[incident.id]?.columns = incident.isWatched ? IncidentColumns(incident) : nil
        writeLive(incident, before: nil, number: number)
      }
    }
    writeLive(incident, before: kept.live, number: number)
    let columns = IncidentColumns(incident)
    write(body) { () throws(SQLiteError) in
      if let before = kept.columns, before.sorting == columns.sorting,
        let narrow = statements.narrow
      {
        try write(body, number, due: columns.due, before: before.due, by: narrow)
      } else {
        bindColumns(of: incident, to: statements.update)
        statements.update.bind(number, at: 7)
        if level >= 2 { statements.update.bind(columns.due, at: 9) }
        try statements.update.run(lending: body, at: 8)
      }
      incidents[incident.id]?.columns = incident.isWatched ? columns : nil
    }
  }

  private func write(
    _ body: [UInt8], _ number: Int64, due: Int64?, before: Int64?, by narrow: NarrowStatements
  ) throws(SQLiteError) {
    guard due != before else {
      narrow.body.bind(number, at: 1)
      return try narrow.body.run(lending: body, at: 2)
    }
    narrow.due.bind(due, at: 1)
    narrow.due.bind(number, at: 2)
    try narrow.due.run(lending: body, at: 3)
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

/// What stands of an incident beside its body, from behaviour level 2 on.
struct IncidentColumns: Hashable {
  /// By which it is found and sorted.
  struct Sorting: Hashable {
    let externalReference: String?
    let status: Incident.Status
    let priority: Priority
    let service: ID?
    let team: ID
    let untouchedSince: Int64?
  }

  let sorting: Sorting
  let due: Int64?

  init(_ incident: Incident) {
    sorting = Sorting(
      externalReference: incident.externalReference, status: incident.status,
      priority: incident.classification.priority, service: incident.service,
      team: incident.teams.owner, untouchedSince: incident.untouchedSince)
    due = incident.dueRow
  }
}

extension Incident {
  /// Whether it was written since behaviour level 2, and its row has the time at which something is due.
  var isWatched: Bool { extras.watch != nil }
}
