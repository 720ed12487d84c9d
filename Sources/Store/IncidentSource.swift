internal import Bytes
internal import Incidents
internal import SQLite

/// Where a list takes its rows from, and what narrows them before an incident is read.
struct IncidentSource {
  /// A row that may be in the list.
  struct Row {
    let cursor: Cursor
    /// The record, if it was read with the row.
    let body: [UInt8]?
    var number: Int64 { Int64(cursor.number) }
  }

  /// A row of what is not over.
  struct Live {
    let number: Int64
    let status: Incident.Status
    let priority: Priority
    let isRestricted: Bool
  }

  /// Rows that are looked at in one go.
  static let mostRows = 4_096

  private let table: Table
  private let conditions: SQL
  private let order: IncidentFilter.Order
  private let prefix: String?

  private enum Table {
    /// What is not over, in rows of its own.
    case live
    /// All that there ever was.
    case all
  }

  init(_ search: IncidentSearch, in reader: StateReader) throws(StoreError) {
    let filter = search.filter
    let isLive = filter.isOfLive && filter.referencePrefix == nil && reader.level >= 2
    table = isLive ? .live : .all
    // At level 1 there is one order only.
    order = isLive ? filter.order : .latest
    prefix = filter.referencePrefix
    var conditions: SQL = " WHERE 1"
    conditions += Self.among(filter.statuses.map { Int64($0.rawValue) }, "status")
    conditions += Self.among(filter.priorities.map { Int64($0.rawValue) }, "priority")
    conditions += Self.among(filter.services, "service")
    conditions += Self.among(filter.teams, "team")
    switch filter.isOver {
    case true?: conditions += " AND status >= 7"
    case false? where !isLive: conditions += " AND status < 7"
    case false?, nil: break
    }
    if isLive { conditions += try Self.live(search, in: reader) }
    if let from = filter.declaredFrom {
      conditions += " AND number >= \(try reader.number(declaredFrom: from))"
    }
    if let until = filter.declaredUntil {
      conditions += " AND number < \(try reader.number(declaredFrom: until))"
    }
    self.conditions = conditions
  }

  /// What only the rows of what is not over say.
  private static func live(
    _ search: IncidentSearch, in reader: StateReader
  ) throws(StoreError) -> SQL {
    let filter = search.filter
    var conditions: SQL = ""
    if filter.isOverdue { conditions += " AND due < \(search.now)" }
    if let isExercise = filter.isExercise {
      conditions += " AND (marks & \(LiveRow.Marks.exercise.rawValue) != 0) = \(isExercise)"
    }
    if !filter.flags.isEmpty {
      let marks = LiveRow.Marks(filter.flags.map { LiveRow.Marks($0) })
      conditions += " AND marks & \(marks.rawValue) != 0"
    }
    for someone in [filter.holder, filter.lead] {
      guard let someone else { continue }
      let numbers = try reader.numbers(withInTeam: someone.id(asker: search.asker))
      conditions += among(numbers, "number", emptyIsAny: false)
    }
    return conditions
  }

  private static func among(
    _ values: [some Bindable], _ column: String, emptyIsAny: Bool = true
  ) -> SQL {
    guard !values.isEmpty else { return emptyIsAny ? "" : " AND 0" }
    var condition = SQL(stringLiteral: " AND \(column) IN (")
    for (place, value) in values.enumerated() {
      condition += place > 0 ? ", \(value)" : "\(value)"
    }
    return condition + ")"
  }

  /// The next rows behind a cursor, in the order of the list.
  func rows(
    after cursor: Cursor?, limit: Int, in reader: StateReader
  ) throws(StoreError) -> [Row] {
    let query = self.query(after: cursor) + " LIMIT \(limit)"
    return try storing { () throws(SQLiteError) in
      try reader.database.rows(query) { row throws(SQLiteError) in
        let number: UInt64 = try row.next()
        let key: Int64? = try row.next()
        let reference: String? = try row.next()
        return Row(
          cursor: Cursor(number: number, reference: prefix == nil ? nil : reference, key: key),
          body: try row.next())
      }
    }
  }

  private func query(after cursor: Cursor?) -> SQL {
    guard case .live = table else {
      return prefix.map { byReference($0, after: cursor) } ?? byNumber(after: cursor)
    }
    switch order {
    case .latest:
      var query: SQL = "SELECT number, NULL, NULL, NULL FROM live_incident"
      query += conditions
      if let cursor { query += " AND number < \(cursor.number)" }
      return query + " ORDER BY number DESC"
    // Of one priority what is real comes before every exercise.
    case .priority:
      let drill = "(marks & \(LiveRow.Marks.exercise.rawValue) != 0)"
      return byKey("(2 * priority + \(drill))", after: cursor)
    case .due: return byKey("coalesce(due, \(Int64.max))", after: cursor)
    }
  }

  private func byKey(_ key: String, after cursor: Cursor?) -> SQL {
    var query = SQL(stringLiteral: "SELECT number, \(key), NULL, NULL FROM live_incident")
    query += conditions
    if let cursor {
      let last = cursor.key ?? .min
      query += SQL(stringLiteral: " AND (\(key) > ") + "\(last)"
      query += SQL(stringLiteral: " OR \(key) = ") + "\(last) AND number < \(cursor.number))"
    }
    return query + SQL(stringLiteral: " ORDER BY \(key), number DESC")
  }

  private func byNumber(after cursor: Cursor?) -> SQL {
    var query: SQL = "SELECT number, NULL, NULL, body FROM incident"
    query += conditions
    if let cursor { query += " AND number < \(cursor.number)" }
    return query + " ORDER BY number DESC"
  }

  private func byReference(_ prefix: String, after cursor: Cursor?) -> SQL {
    var query: SQL = "SELECT number, NULL, external_reference, body FROM incident"
    query += conditions
    // No text that begins with the prefix sorts after the prefix and the last code point.
    query += " AND external_reference >= \(prefix)"
    query += " AND external_reference <= \(prefix + "\u{10FFFF}")"
    if let cursor {
      query += " AND (external_reference, number) > (\(cursor.reference ?? ""), \(cursor.number))"
    }
    return query + " ORDER BY external_reference, number"
  }

  /// The incident of a row.
  func incident(of row: Row, in reader: StateReader) throws(StoreError) -> Incident? {
    guard let body = row.body else { return try reader.incident(number: row.number) }
    return try reader.record(body, Incident.init(decoding:))
  }

  /// All rows of what is not over that the conditions let through.
  func liveRows(in reader: StateReader) throws(StoreError) -> [Live] {
    guard case .live = table else { return [] }
    let query = "SELECT number, status, priority, marks FROM live_incident" + conditions
    return try storing { () throws(SQLiteError) in
      try reader.database.rows(query) { row throws(SQLiteError) in
        let number: Int64 = try row.next()
        let status: UInt8 = try row.next()
        let priority: UInt8 = try row.next()
        let marks = LiveRow.Marks(rawValue: try row.next())
        guard let status = Incident.Status(rawValue: status),
          let priority = Priority(rawValue: priority)
        else {
          throw SQLiteError(
            extendedCode: 20, message: "row \(number) has no such status or priority",
            during: "SELECT FROM live_incident")
        }
        return Live(
          number: number, status: status, priority: priority,
          isRestricted: marks.contains(.restricted))
      }
    }
  }
}

extension StateReader {
  /// The numbers of the incidents that are not over in which a person has a role or was offered one.
  func numbers(withInTeam person: ID) throws(StoreError) -> [Int64] {
    let ids = try storing { () throws(SQLiteError) in
      try database.rows(
        "SELECT incident FROM team_of_incident WHERE person = \(person) ORDER BY incident"
      ) { row throws(SQLiteError) in try row.next() as ID }
    }
    var numbers: [Int64] = []
    for id in ids { if let number = try number(of: id) { numbers.append(number) } }
    return numbers
  }

  /// The number of the first incident's row that was declared at a time or later; above all of them if
  /// none was. Rows have their numbers in the order of declaration, so it is found in twenty looks among
  /// a million.
  func number(declaredFrom time: Int64) throws(StoreError) -> Int64 {
    let last = try storing { () throws(SQLiteError) in
      try database.row("SELECT max(number) FROM incident") { row throws(SQLiteError) in
        try row.next() as Int64?
      }
    }
    var (low, high) = (Int64(1), ((last ?? nil) ?? 0) + 1)
    while low < high {
      let middle = low + (high - low) / 2
      guard let (number, declaredAt) = try declared(atOrAfter: middle), declaredAt < time else {
        high = middle
        continue
      }
      low = number + 1
    }
    return low
  }

  /// The first row from a number on, and when its incident was declared.
  private func declared(
    atOrAfter number: Int64
  ) throws(StoreError) -> (number: Int64, at: Int64)? {
    let found = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT number, body FROM incident WHERE number >= \(number) ORDER BY number LIMIT 1"
      ) { row throws(SQLiteError) in (try row.next() as Int64, try row.next() as [UInt8]) }
    }
    guard let (number, body) = found else { return nil }
    return (number, try record(body, Incident.init(decoding:)).declaredAt)
  }
}
