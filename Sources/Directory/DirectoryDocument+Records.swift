internal import Incidents

/// Rows as they are meant, of rows as text.
extension DirectoryDocument {
  /// The document of `records`.
  ///
  /// - Parameter mistakes: What was wrong with the text before it came to this.
  init(
    _ records: [DirectoryRecord], after mistakes: DirectoryMistakes
  ) throws(DirectoryMistakes) {
    var reading = Reading(mistakes: mistakes)
    for record in records { reading.take(record) }
    try reading.mistakes.check()
    self.init(
      people: reading.people, teams: reading.teams, memberships: reading.memberships,
      services: reading.services)
  }
}

/// Rows that are being read.
private struct Reading {
  var mistakes: DirectoryMistakes
  var people: [PersonRow] = []
  var teams: [TeamRow] = []
  var memberships: [MembershipRow] = []
  var services: [ServiceRow] = []
  /// Where each id was first given.
  private var seen: [String: Int] = [:]

  init(mistakes: DirectoryMistakes) { self.mistakes = mistakes }

  mutating func take(_ record: DirectoryRecord) {
    let missing = record.kind.required.filter { record.cells[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map(\.rawValue).joined(separator: ", ")
      return mistakes.add(record.line, "Give the \(names) of this \(record.kind.rawValue).")
    }
    guard isFirst(record) else { return }
    switch record.kind {
    case .person: takePerson(record)
    case .team: takeTeam(record)
    case .membership: takeMembership(record)
    case .service: takeService(record)
    }
  }

  private mutating func takePerson(_ record: DirectoryRecord) {
    let zone: Zone? = word(record, .timeZone, Zone.allCases, \.name)
    let contacts = record.contacts.compactMap { contact($0, of: record) }
    people.append(
      PersonRow(
        line: record.line, id: record[.id], name: record[.name], email: record[.email],
        zone: zone, contacts: contacts))
  }

  private mutating func takeTeam(_ record: DirectoryRecord) {
    guard let support = word(record, .line, Line.allCases, Words.word) else { return }
    teams.append(
      TeamRow(line: record.line, id: record[.id], name: record[.name], support: support))
  }

  private mutating func takeMembership(_ record: DirectoryRecord) {
    guard let role = word(record, .role, MemberRole.allCases, Words.word) else { return }
    memberships.append(
      MembershipRow(
        line: record.line, team: record[.team], person: record[.person], role: role))
  }

  private mutating func takeService(_ record: DirectoryRecord) {
    let priority: Priority? = word(record, .defaultPriority, Priority.allCases, \.description)
    services.append(
      ServiceRow(
        line: record.line, id: record[.id], key: record[.key], name: record[.name],
        firstLine: record.cells[.firstLine], secondLine: record.cells[.secondLine],
        thirdLine: record.cells[.thirdLine], owner: record.cells[.owner],
        defaultPriority: priority))
  }

  /// Whether no row before it has its id, or is about the same membership.
  private mutating func isFirst(_ record: DirectoryRecord) -> Bool {
    let name: String
    let what: String
    if record.kind == .membership {
      // Neither can have a line break in it.
      name = "membership\n\(record[.team])\n\(record[.person])"
      what = "\(record[.person]) is in \(record[.team]) already by line"
    } else {
      name = "\(record.kind.rawValue)\n\(record[.id])"
      what = "The \(record.kind.rawValue) \(record[.id]) is described already in line"
    }
    guard let first = seen[name] else {
      seen[name] = record.line
      return true
    }
    mistakes.add(record.line, "\(what) \(first). Keep one of the two.")
    return false
  }

  /// The value that a cell spells. An empty cell is none, and so is a wrong word, which is told.
  private mutating func word<Value>(
    _ record: DirectoryRecord, _ column: DirectoryRecord.Column, _ values: [Value],
    _ spelling: (Value) -> String
  ) -> Value? {
    guard let text = record.cells[column] else { return nil }
    if let value = values.first(where: { spelling($0) == text }) { return value }
    let words = values.map(spelling).joined(separator: ", ")
    mistakes.add(record.line, "\(column.rawValue) \"\(text)\" is none of \(words).")
    return nil
  }

  private mutating func contact(_ text: String, of record: DirectoryRecord) -> ContactMethod? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let kind = ContactMethod.Kind.allCases.first { $0.word == parts[0] }
    if let kind, parts.count == 2 { return ContactMethod(kind, String(parts[1])) }
    mistakes.add(
      record.line,
      "The contact \"\(text)\" does not begin with email:, sms:, voice: or webhook:, as in "
        + "sms:+447700900123.")
    return nil
  }
}

extension DirectoryRecord {
  /// What is said under a column that the row has.
  fileprivate subscript(column: Column) -> String { cells[column] ?? "" }
}
