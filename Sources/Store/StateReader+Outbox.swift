package import Bytes
package import Incidents
internal import SQLite

// What is told, and what waits to be told. Nothing of it is there before behaviour level 2.
extension StateReader {
  /// The record that a query finds, of those that there are from behaviour level 2 on.
  private func found<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) -> Record? {
    guard level >= 2 else { return nil }
    return asking(orElse: nil) { () throws(StoreError) in
      let body = try storing { () throws(SQLiteError) in
        try database.row(query) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      guard let body else { return nil }
      return try record(body, read)
    }
  }

  /// The communication of this id.
  package func communication(_ id: ID) -> Communication? {
    found("SELECT body FROM communication WHERE id = \(id)", Communication.init(decoding:))
  }

  /// The message of this id.
  package func message(_ id: ID) -> Message? {
    found("SELECT body FROM message WHERE id = \(id)", Message.init(decoding:))
  }

  /// The notice of this id, while it is told.
  package func notice(_ id: ID) -> StaffNotice? {
    found("SELECT body FROM notice WHERE id = \(id)", StaffNotice.init(decoding:))
  }

  /// A page of what everybody is told, the latest first.
  ///
  /// - Parameter limit: At most ``Page/largest``, and at least one.
  package func notices(
    after cursor: Cursor? = nil, limit: Int
  ) throws(StoreError) -> Page<StaffNotice> {
    guard level >= 2 else { return Page(items: [], next: nil) }
    let limit = min(max(limit, 1), Page<StaffNotice>.largest)
    let rows = try numbered(
      """
        SELECT number, body
          FROM notice
         WHERE number < \(cursor?.number ?? UInt64(Int64.max))
      ORDER BY number DESC
         LIMIT \(limit + 1)
      """, StaffNotice.init(decoding:))
    let next = rows.count > limit ? Cursor(number: rows[limit - 1].0) : nil
    return Page(items: rows.prefix(limit).map(\.1), next: next)
  }

  /// The template that somebody wrote for exactly this.
  package func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate? {
    found(
      "SELECT body FROM template WHERE id = \(key.encoded())",
      CommunicationTemplate.init(decoding:))
  }

  /// Every template that somebody wrote, by audience, priority and language. At most ``mostRows``.
  package func templates() throws(StoreError) -> [CommunicationTemplate] {
    guard level >= 2 else { return [] }
    return try records(
      "SELECT body FROM template ORDER BY id LIMIT \(Self.mostRows)",
      CommunicationTemplate.init(decoding:))
  }

  /// A page of what was told of an incident or shall be, oldest first.
  ///
  /// - Parameter limit: At most ``Page/largest``, and at least one.
  package func communications(
    on incident: ID, after cursor: Cursor? = nil, limit: Int
  ) throws(StoreError) -> Page<Communication> {
    guard level >= 2 else { return Page(items: [], next: nil) }
    let limit = min(max(limit, 1), Page<Communication>.largest)
    let rows = try numbered(
      """
        SELECT number, body
          FROM communication
         WHERE incident = \(incident) AND number > \(cursor?.number ?? 0)
      ORDER BY number
         LIMIT \(limit + 1)
      """, Communication.init(decoding:))
    let next = rows.count > limit ? Cursor(number: rows[limit - 1].0) : nil
    return Page(items: rows.prefix(limit).map(\.1), next: next)
  }

  /// The messages about an incident, oldest first. At most ``mostRows``.
  package func messages(on incident: ID) throws(StoreError) -> [Message] {
    guard level >= 2 else { return [] }
    return try records(
      """
        SELECT body
          FROM message
         WHERE incident = \(incident)
      ORDER BY number
         LIMIT \(Self.mostRows)
      """, Message.init(decoding:))
  }

  /// A page of a person's messages that they may be shown, the latest first.
  ///
  /// What may not be shown leaves no gap.
  ///
  /// - Parameter isShown: Whether it may be shown and is asked for.
  package func messages(
    for person: Person, after cursor: Cursor? = nil, limit: Int,
    where isShown: (Message) throws(StoreError) -> Bool
  ) throws(StoreError) -> Page<Message> {
    guard level >= 2 else { return Page(items: [], next: nil) }
    let limit = min(max(limit, 1), Page<Message>.largest)
    var shown: [(UInt64, Message)] = []
    var before = cursor?.number ?? UInt64(Int64.max)
    // One more than is wanted tells whether there is a next page.
    while shown.count <= limit {
      let rows = try messages(for: person, before: before, limit: Page<Message>.largest)
      for row in rows where try isShown(row.1) { shown.append(row) }
      guard rows.count == Page<Message>.largest, let last = rows.last else { break }
      before = last.0
    }
    let next = shown.count > limit ? Cursor(number: shown[limit - 1].0) : nil
    return Page(items: shown.prefix(limit).map(\.1), next: next)
  }

  private func messages(
    for person: Person, before number: UInt64, limit: Int
  ) throws(StoreError) -> [(UInt64, Message)] {
    var query: SQL = "SELECT number, body FROM message WHERE number < \(number) AND recipient IN ("
    for (place, recipient) in person.addressees.enumerated() {
      query += place == 0 ? "\(recipient.encoded())" : ", \(recipient.encoded())"
    }
    query += ") ORDER BY number DESC LIMIT \(limit)"
    return try numbered(query, Message.init(decoding:))
  }

  /// Messages that came to be at `time` or before, the oldest before the others. At most
  /// ``Bound/pruned``.
  package func messages(until time: Int64) throws(StoreError) -> [ID] {
    guard level >= 2 else { return [] }
    return try storing { () throws(SQLiteError) in
      try database.rows(
        "SELECT id FROM message WHERE at <= \(time) ORDER BY at, id LIMIT \(Bound.pruned)"
      ) { row throws(SQLiteError) in try row.next() as ID }
    }
  }

  private func records<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) throws(StoreError) -> [Record] {
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    var found: [Record] = []
    for body in bodies { found.append(try record(body, read)) }
    return found
  }

  private func numbered<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) throws(StoreError) -> [(UInt64, Record)] {
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in
        (try row.next() as UInt64, try row.next() as [UInt8])
      }
    }
    var found: [(UInt64, Record)] = []
    for (number, body) in rows { found.append((number, try record(body, read))) }
    return found
  }
}
