internal import Bytes
internal import Incidents
internal import Raft
internal import SQLite

/// What a piece of the ledger says that somebody may look for.
struct SearchHarvest {
  /// Something that the index takes over, about the incident whose row has a number.
  enum Sheaf {
    /// Words were said.
    case said(Int64, [Wording])
    /// All that was said is to go.
    case gone(Int64)
  }

  /// In the order of the ledger.
  var sheaves: [Sheaf] = []
  /// The last row that was read.
  var place: LedgerHead
  /// Every entry of the log through this one is in it or in what was read before.
  var index: LogIndex
  /// How many rows were read.
  var rows = 0
  /// Whether there are no more rows.
  var isAtEnd = true
}

extension StateReader {
  /// Reads on behind a place in the ledger; `nil` if the ledger is not the one that the place is in.
  ///
  /// - Parameters:
  ///   - place: Position and hash of the last row that was read.
  ///   - rows: So many rows at most,
  ///   - bytes: and no more once they say so many bytes.
  func harvest(
    after place: LedgerHead, rows: Int, bytes: Int
  ) throws(StoreError) -> SearchHarvest? {
    guard try hash(at: place.position) == place.hash else { return nil }
    var harvest = SearchHarvest(place: place, index: try applied())
    var (found, size) = ([Row](), 0)
    try storing { () throws(SQLiteError) in
      try database.visit(
        """
           SELECT event.position, idx, hash, kind, subject_kind, subject, body
             FROM event
        LEFT JOIN event_body ON event_body.position = event.position
            WHERE event.position > \(place.position)
         ORDER BY event.position
        """
      ) { row throws(SQLiteError) in
        let next = try Row(&row)
        guard found.count < rows, size < bytes else {
          harvest.isAtEnd = false
          // An entry of the log may have rows on both sides of the cut.
          harvest.index = LogIndex(rawValue: next.index.rawValue - 1)
          return false
        }
        size += next.body?.count ?? 0
        harvest.place = LedgerHead(position: next.position, hash: next.hash)
        found.append(next)
        return true
      }
    }
    harvest.rows = found.count
    for row in found { try add(row, to: &harvest) }
    return harvest
  }

  private struct Row {
    let position: UInt64
    let index: LogIndex
    let hash: [UInt8]
    let kind: UInt16
    let isIncident: Bool
    let subject: ID
    let body: [UInt8]?

    init(_ row: inout RowReader) throws(SQLiteError) {
      position = try row.next()
      index = LogIndex(rawValue: try row.next())
      hash = try row.next()
      kind = try row.next()
      isIncident = try row.next() as UInt8 == Subject.Kind.incident.rawValue
      subject = try row.next()
      body = try row.next()
    }
  }

  private func add(_ row: Row, to harvest: inout SearchHarvest) throws(StoreError) {
    // What an incident said that was purged since is gone already, and so is its row.
    guard row.isIncident, let body = row.body else { return }
    if row.kind == Fact.purgedKind {
      if let number = try numberOfPurged(row.subject) { harvest.sheaves.append(.gone(number)) }
      return
    }
    let wording = try record(body, Event.init(decoding:)).fact.wording
    guard !wording.isEmpty, let number = try number(of: row.subject) else { return }
    harvest.sheaves.append(.said(number, wording))
  }

  private func hash(at position: UInt64) throws(StoreError) -> [UInt8]? {
    guard position > 0 else { return LedgerHashes.origin }
    return try storing { () throws(SQLiteError) in
      try database.row("SELECT hash FROM event WHERE position = \(position)") {
        row throws(SQLiteError) in try row.next() as [UInt8]
      }
    }
  }

  func number(of incident: ID) throws(StoreError) -> Int64? {
    try storing { () throws(SQLiteError) in
      try database.row(
        """
        SELECT number
          FROM incident
         WHERE reference = \(Reference(incident).digits) AND id = \(incident)
        """
      ) { row throws(SQLiteError) in try row.next() as Int64 }
    }
  }

  private func numberOfPurged(_ incident: ID) throws(StoreError) -> Int64? {
    try storing { () throws(SQLiteError) in
      try database.row("SELECT number FROM purged WHERE id = \(incident)") {
        row throws(SQLiteError) in try row.next() as Int64
      }
    }
  }

  /// The incident whose row has a number.
  func incident(number: Int64) throws(StoreError) -> Incident? {
    let body = try storing { () throws(SQLiteError) in
      try database.row("SELECT body FROM incident WHERE number = \(number)") {
        row throws(SQLiteError) in try row.next() as [UInt8]
      }
    }
    guard let body else { return nil }
    return try record(body, Incident.init(decoding:))
  }
}
