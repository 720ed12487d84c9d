package import Bytes
package import Incidents
internal import SQLite

/// The rows of the incidents that were declared in a span of time.
package struct DeclaredRows: Hashable, Sendable {
  /// Behind this one,
  package var after: Int64
  /// and this is the last.
  package var last: Int64

  /// The rows behind one, up to another.
  package init(after: Int64, last: Int64) {
    self.after = after
    self.last = last
  }
}

// Incidents by when they were declared. Rows are numbered in the order of declaration and stamps never go
// backwards, so the first of a span is found by halving, without an index of its own.
extension StateReader {
  /// The rows of the incidents that were declared at or after one time, and before another.
  package func rows(from: Int64, until: Int64) throws(StoreError) -> DeclaredRows {
    DeclaredRows(after: try row(before: from), last: try row(before: until))
  }

  /// The row of the last incident that was declared before a time.
  private func row(before time: Int64) throws(StoreError) -> Int64 {
    let newest = try storing { () throws(SQLiteError) in
      try database.row("SELECT max(number) FROM incident") { row throws(SQLiteError) in
        try row.next() as Int64?
      }
    }
    var (low, high): (Int64, Int64) = (0, (newest ?? nil) ?? 0)
    while low < high {
      let middle = low + (high - low) / 2
      // The first that is left behind the middle: those that were purged are passed over.
      guard let found = try first(behind: middle), found.number <= high,
        found.incident.declaredAt < time
      else {
        high = middle
        continue
      }
      low = found.number
    }
    return low
  }

  private func first(
    behind number: Int64
  ) throws(StoreError) -> (number: Int64, incident: Incident)? {
    let found = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT number, body FROM incident WHERE number > \(number) ORDER BY number LIMIT 1"
      ) { row throws(SQLiteError) in (try row.next() as Int64, try row.next() as [UInt8]) }
    }
    guard let (number, body) = found else { return nil }
    return (number, try record(body, Incident.init(decoding:)))
  }

  /// Gives `take` one incident of some rows after another, in the order in which they were declared. Only
  /// one of them is in memory at a time.
  ///
  /// - Parameters:
  ///   - rows: Those that are left of a span.
  ///   - service: Of this lead service; `nil` is any. Of others no record is read.
  ///   - team: Owned by this team now; `nil` is any.
  ///   - most: So many rows are looked at.
  ///   - take: Is given the row too, and answers whether it takes more.
  /// - Returns: What is left of the span then, if anything is.
  package func visit(
    _ rows: DeclaredRows, service: ID? = nil, team: ID? = nil, most: Int,
    _ take: (_ row: Int64, Incident) throws(StoreError) -> Bool
  ) throws(StoreError) -> DeclaredRows? {
    var looked = 0
    var takesMore = true
    var place = rows.after
    var failure: StoreError?
    try storing { () throws(SQLiteError) in
      try database.visit(
        """
          SELECT number,
                 CASE WHEN (\(service) IS NULL OR service = \(service))
                       AND (\(team) IS NULL OR team = \(team)) THEN body END
            FROM incident
           WHERE number > \(rows.after) AND number <= \(rows.last)
        ORDER BY number
           LIMIT \(most)
        """
      ) { row throws(SQLiteError) in
        place = try row.next()
        let body: [UInt8]? = try row.next()
        looked += 1
        guard let body else { return true }
        do throws(StoreError) {
          takesMore = try take(place, try record(body, Incident.init(decoding:)))
        } catch {
          failure = error
        }
        return failure == nil && takesMore
      }
    }
    if let failure { throw failure }
    let isLeft = (looked == most || !takesMore) && place < rows.last
    return isLeft ? DeclaredRows(after: place, last: rows.last) : nil
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
