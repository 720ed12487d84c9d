package import Bytes
internal import Crypto
package import Incidents
internal import SQLite

/// A version of a report that is kept, as the ledger has it.
package struct KeptReportRow: Hashable, Sendable {
  /// What it is.
  package var report: KeptReport
  /// Where its row stands.
  package var position: UInt64
  /// When it was kept.
  package var stamp: Int64
  /// Who had it kept; the cluster itself where a review was finished.
  package var actor: Actor
}

// Reports that are kept byte for byte. They stand in the ledger, which is never changed, and go with
// what is said of their incident when that is purged.
extension StateReader {
  /// The versions of an incident's report that are kept, oldest first.
  package func keptReports(of incident: ID) throws(StoreError) -> [KeptReportRow] {
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT event.position, stamp, actor, credential, body
            FROM event
            JOIN event_body ON event_body.position = event.position
           WHERE subject = \(incident) AND kind = \(Int64(Fact.reportKeptKind))
        ORDER BY event.position
        """
      ) { row throws(SQLiteError) in
        let position: UInt64 = try row.next()
        let stamp: Int64 = try row.next()
        return (position, stamp, try Actor(&row), try row.next() as [UInt8])
      }
    }
    var kept: [KeptReportRow] = []
    for (position, stamp, actor, body) in rows {
      guard case .reportKept(let report) = try record(body, Event.init(decoding:)).fact else {
        continue
      }
      kept.append(KeptReportRow(report: report, position: position, stamp: stamp, actor: actor))
    }
    return kept
  }

  /// The bytes of a kept report, which stand in the row behind its own.
  ///
  /// - Throws: ``StoreError/corrupt(_:)`` if they are not those that its hash is of.
  package func bytes(of kept: KeptReportRow) throws(StoreError) -> [UInt8] {
    let body = try storing { () throws(SQLiteError) in
      try database.row("SELECT body FROM event_body WHERE position = \(kept.position + 1)") {
        row throws(SQLiteError) in try row.next() as [UInt8]
      }
    }
    guard let body, case .reportBytes(let bytes) = try record(body, Event.init(decoding:)).fact,
      SHA256.hash(bytes) == kept.report.hash
    else {
      throw .corrupt("position \(kept.position + 1) of the ledger is not the report before it")
    }
    return bytes
  }

  /// Who wrote a row; `nil` if there is no such row.
  package func actor(of position: UInt64) throws(StoreError) -> Actor? {
    try storing { () throws(SQLiteError) in
      try database.row("SELECT actor, credential FROM event WHERE position = \(position)") {
        row throws(SQLiteError) in try Actor(&row)
      }
    }
  }

  /// A finished review whose report has yet to be kept, if there is one: of an incident the first.
  ///
  /// - Returns: The incident, the review's version, and the row by which it was finished.
  package func owedReport() throws(StoreError) -> (
    incident: ID, version: UInt32, review: TimelineEntry
  )? {
    guard level >= 2 else { return nil }
    let owed = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT incident, version FROM owed_report ORDER BY incident, version LIMIT 1"
      ) { row throws(SQLiteError) in (try row.next() as ID, try row.next() as Int64) }
    }
    guard let (incident, number) = owed else { return nil }
    let version = UInt32(clamping: number)
    for entry in LedgerHistory(self).entries(of: incident, upTo: try stateHead().ledgerPosition) {
      if case .reviewed(_, _, version) = entry.event.fact { return (incident, version, entry) }
    }
    throw .corrupt("\(incident) owes a report of a review that its ledger does not have")
  }
}
