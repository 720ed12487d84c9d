internal import Bytes
internal import Incidents
internal import SQLite

/// What goes, and the numbers of rows that are never given twice.
extension RecordTables {
  func alertGroup(id: ID) -> AlertGroup? { stored.alertGroup(id: id) }

  func traces(of incident: ID) -> IncidentTraces { stored.traces(of: incident) }

  /// The rows of the ledger say so by themselves.
  func trace(_ fact: Fact, of incident: ID) {}

  /// The number of a row to come: one more than any row ever had, purged ones too. `nil` after a
  /// failure.
  func takeNumber() -> Int64? {
    guard stored.failure == nil else { return nil }
    do throws(SQLiteError) {
      var number = nextNumber ?? 0
      if number == 0 { number = try lastNumber() + 1 }
      nextNumber = number + 1
      return number
    } catch {
      stored.failure = StoreError(error)
      return nil
    }
  }

  private func lastNumber() throws(SQLiteError) -> Int64 {
    func last(_ query: SQL) throws(SQLiteError) -> Int64 {
      let found = try stored.database.row(query) { row throws(SQLiteError) in
        try row.next() as Int64?
      }
      return (found ?? nil) ?? 0
    }
    let live = try last("SELECT max(number) FROM incident")
    return level < 2 ? live : max(live, try last("SELECT max(number) FROM purged"))
  }

  /// Passes over an incident of which the ledger only says that it was declared.
  func reserve(numberOf incident: ID) { reserved[incident] = takeNumber() }

  func forget(group: AlertGroup) {
    change(group.id) { () throws(SQLiteError) in
      try stored.database.run("DELETE FROM alert_group WHERE id = \(group.id)")
    }
  }

  func purge(_ incident: ID, at stamp: Int64) {
    let number =
      incidents[incident]?.number ?? stored.numberedIncident(incident)?.number ?? reserved[incident]
    guard stored.failure == nil else { return }
    guard let number else { preconditionFailure("\(incident) was purged and never there.") }
    incidents[incident] = nil
    change(incident) { () throws(SQLiteError) in
      try stored.database.run(
        """
        DELETE FROM event_body
         WHERE position IN (SELECT position FROM event WHERE subject = \(incident))
        """)
      try stored.database.run("DELETE FROM team_of_incident WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM broken_glass WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM communication WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM message WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM delivery WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM owed_report WHERE incident = \(incident)")
      try stored.database.run("DELETE FROM incident WHERE number = \(number)")
      try stored.database.run(
        "INSERT INTO purged(number, id, at) VALUES (\(number), \(incident), \(stamp))")
    }
  }

  func leftAt(_ person: ID) -> Int64? { stored.leftAt(person) }

  func founding() -> Founding? { stored.founding() }

  /// The rows of the ledger say so by themselves.
  func put(_ founding: Founding) {}

  /// The rows of the ledger say so by themselves.
  func left(_ person: ID, at stamp: Int64) {}

  func eraseContacts(of person: ID, wasFounder: Bool) {
    change(person) { () throws(SQLiteError) in
      try stored.database.run(
        """
        DELETE FROM event_body
         WHERE position IN (
               SELECT position
                 FROM event
                WHERE subject = \(person)
                  AND kind IN (\(Int64(Fact.personAddedKind)), \(Int64(Fact.personChangedKind))))
        """)
      if wasFounder { try stored.database.run("DELETE FROM event_body WHERE position = 1") }
    }
  }

  func owe(report version: UInt32, of incident: ID) {
    change(incident) { () throws(SQLiteError) in
      try stored.database.run(
        "INSERT INTO owed_report(incident, version) VALUES (\(incident), \(Int64(version)))")
    }
  }

  func settle(report version: UInt32, of incident: ID) {
    change(incident) { () throws(SQLiteError) in
      try stored.database.run(
        "DELETE FROM owed_report WHERE incident = \(incident) AND version = \(Int64(version))")
    }
  }

  /// Runs what changes a table of ids.
  private func change(_ id: ID, _ run: () throws(SQLiteError) -> Void) {
    write(id.bytes, run)
  }
}

extension Person {
  /// The column `has_left`: 1 for whoever left, 2 once their contact details are erased.
  var hasLeft: Int64? { isActive ? nil : isErased ? 2 : 1 }
}
