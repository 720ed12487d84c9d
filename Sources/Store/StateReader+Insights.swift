package import Bytes
package import Incidents
internal import SQLite

/// A piece of the incidents that were declared in a span of time.
package struct DeclaredPiece: Sendable {
  /// Those of it, in the order in which they were declared.
  package var incidents: [Incident]
  /// The row after which the next piece begins; `nil` after the last.
  package var next: Int64?
}

// Incidents by when they were declared. Rows are numbered in the order of declaration and stamps never go
// backwards, so the first of a span is found by halving, without an index of its own.
extension StateReader {
  /// The row after which the incidents begin that were declared at or after a time.
  package func row(before time: Int64) throws(StoreError) -> Int64 {
    let newest = try storing { () throws(SQLiteError) in
      try database.row("SELECT max(number) FROM incident") { row throws(SQLiteError) in
        try row.next() as Int64?
      }
    }
    var (low, high): (Int64, Int64) = (0, (newest ?? nil) ?? 0)
    while low < high {
      let middle = low + (high - low) / 2
      // The first that is left at or after the middle: those that were purged are passed over.
      guard let found = try declared(after: middle, most: 1).first, found.number <= high,
        found.incident.declaredAt < time
      else {
        high = middle
        continue
      }
      low = found.number
    }
    return low
  }

  /// A piece of the incidents that were declared before a time, behind a row.
  ///
  /// - Parameters:
  ///   - row: Behind this one.
  ///   - until: The first instant that does not belong to the span.
  ///   - service: Of this lead service; `nil` is any.
  ///   - team: Owned by this team now; `nil` is any.
  ///   - most: So many rows are looked at.
  package func declared(
    after row: Int64, until: Int64, service: ID? = nil, team: ID? = nil, most: Int
  ) throws(StoreError) -> DeclaredPiece {
    let rows = try declared(after: row, most: most)
    let inSpan = rows.prefix { $0.incident.declaredAt < until }
    let incidents = inSpan.map(\.incident).filter { incident in
      (service == nil || incident.service == service)
        && (team == nil || incident.teams.owner == team)
    }
    let isWhole = inSpan.count == rows.count && rows.count == most
    return DeclaredPiece(incidents: incidents, next: isWhole ? rows.last?.number : nil)
  }

  private func declared(
    after number: Int64, most: Int
  ) throws(StoreError) -> [(number: Int64, incident: Incident)] {
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(
        "SELECT number, body FROM incident WHERE number > \(number) ORDER BY number LIMIT \(most)"
      ) { row throws(SQLiteError) in (try row.next() as Int64, try row.next() as [UInt8]) }
    }
    var found: [(number: Int64, incident: Incident)] = []
    found.reserveCapacity(rows.count)
    for (number, body) in rows {
      found.append((number, try record(body, Incident.init(decoding:))))
    }
    return found
  }

  /// The actions of an incident's latest finished review that nobody has said are done.
  package func reviewActions(of incident: Incident) throws(StoreError) -> [ReviewAction] {
    guard incident.review != nil else { return [] }
    // Those of a review from before behaviour level 2 are tracked nowhere.
    if let tracked = incident.extras.watch?.actions, !tracked.isEmpty {
      return tracked.filter { $0.done == nil }.map(\.action)
    }
    let body = try storing { () throws(SQLiteError) in
      try database.row(
        """
          SELECT body
            FROM event
            JOIN event_body ON event_body.position = event.position
           WHERE subject = \(incident.id) AND kind = \(Int64(Fact.reviewedKind))
        ORDER BY event.position DESC
           LIMIT 1
        """
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    guard let body, case .reviewed(let review, _, _) = try record(body, Event.init(decoding:)).fact,
      case .some(let actions) = review.actions
    else { return [] }
    return actions
  }

  /// The process of an incident, step by step.
  package func process(of incident: ID) throws(StoreError) -> [ProcessStep] {
    LedgerHistory(self).process(of: incident, upTo: try stateHead().ledgerPosition)
  }
}
