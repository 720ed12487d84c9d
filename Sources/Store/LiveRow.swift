internal import Bytes
internal import Incidents
internal import SQLite

/// What lists need to know of an incident that is not over, in a row of some sixty bytes.
///
/// A list of what is under way looks through these alone, however many incidents there ever were, and an
/// incident that is over costs it nothing. A row is written when something of it has changed, which an
/// entry more in the timeline does not do.
struct LiveRow: Hashable {
  let status: Incident.Status
  let priority: Priority
  let service: ID?
  let team: ID
  /// When the first of its clocks is due, if one is.
  let due: Int64?
  let marks: Marks
  /// Who leads it as an open P1 or P2, if somebody does.
  let majorLead: ID?

  /// What may be set or not.
  struct Marks: OptionSet, Hashable {
    let rawValue: Int64
    static let restricted = Marks(rawValue: 1)
    static let exercise = Marks(rawValue: 2)
    static let cyber = Marks(rawValue: 4)
    static let data = Marks(rawValue: 8)

    /// The mark of a flag that is set.
    init(_ flag: Flag) {
      switch flag {
      case .cyber: self = .cyber
      case .data: self = .data
      }
    }

    init(rawValue: Int64) { self.rawValue = rawValue }
  }

  /// The row of an incident; none once it is over.
  init?(_ incident: Incident) {
    guard !incident.status.isOver else { return nil }
    status = incident.status
    priority = incident.classification.priority
    service = incident.service
    team = incident.teams.owner
    due = incident.nextClockDue
    var marks: Marks = []
    if incident.isRestricted { marks.insert(.restricted) }
    if incident.isExercise { marks.insert(.exercise) }
    for flag in Flag.allCases where incident.isFlagged(flag) { marks.insert(Marks(flag)) }
    self.marks = marks
    majorLead = incident.majorLead
  }
}

/// How the rows of what is not over are written.
final class LiveStatements {
  private let put: Statement
  private let forget: Statement

  init(of database: borrowing Database) throws(SQLiteError) {
    put = try database.prepare(
      """
      INSERT INTO live_incident(number, status, priority, service, team, due, marks, major_lead)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (number) DO UPDATE
         SET status = excluded.status, priority = excluded.priority, service = excluded.service,
             team = excluded.team, due = excluded.due, marks = excluded.marks,
             major_lead = excluded.major_lead
      """)
    forget = try database.prepare("DELETE FROM live_incident WHERE number = ?")
  }

  /// Makes the row of a number this one, or none.
  func write(_ row: LiveRow?, number: Int64) throws(SQLiteError) {
    guard let row else {
      forget.bind(number, at: 1)
      return try forget.run()
    }
    put.bind(number, at: 1)
    put.bind(Int64(row.status.rawValue), at: 2)
    put.bind(Int64(row.priority.rawValue), at: 3)
    put.bind(row.service, at: 4)
    put.bind(row.team, at: 5)
    put.bind(row.due, at: 6)
    put.bind(row.marks.rawValue, at: 7)
    put.bind(row.majorLead, at: 8)
    try put.run()
  }
}

extension RecordTables {
  /// Writes what lists know of an incident, if that has changed.
  ///
  /// - Parameters:
  ///   - incident: As it is now.
  ///   - before: Its row as the file has it.
  ///   - number: Of its row.
  func writeLive(_ incident: Incident, before: LiveRow?, number: Int64) {
    guard level >= 2, stored.failure == nil else { return }
    let row = LiveRow(incident)
    guard row != before else { return }
    do throws(SQLiteError) {
      try liveWriting().write(row, number: number)
      incidents[incident.id]?.live = row
    } catch {
      stored.failure = StoreError(error)
    }
  }

  /// Makes the rows of all incidents that are not over, as the behaviour level begins that has them.
  func makeLive() {
    guard stored.failure == nil else { return }
    do throws(SQLiteError) {
      let writing = try liveWriting()
      var failure: StoreError?
      try stored.database.visit(
        "SELECT number, body FROM incident WHERE status < 7 ORDER BY number"
      ) {
        row throws(SQLiteError) in
        let number: Int64 = try row.next()
        let body: [UInt8] = try row.next()
        do throws(MalformedBytes) {
          let incident = try Incident(decoding: body)
          write(LiveRow(incident), number, writing, &failure)
        } catch {
          failure = .corrupt("the incident of row \(number) cannot be read: \(error)")
        }
        return failure == nil
      }
      if let failure { stored.failure = failure }
    } catch {
      stored.failure = StoreError(error)
    }
  }

  private func write(
    _ row: LiveRow?, _ number: Int64, _ writing: LiveStatements, _ failure: inout StoreError?
  ) {
    do throws(SQLiteError) {
      try writing.write(row, number: number)
    } catch {
      failure = StoreError(error)
    }
  }

  private func liveWriting() throws(SQLiteError) -> LiveStatements {
    if let liveStatements { return liveStatements }
    let made = try LiveStatements(of: stored.database)
    liveStatements = made
    return made
  }
}
