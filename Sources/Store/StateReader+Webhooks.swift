package import Bytes
package import Incidents
internal import SQLite

// Webhooks, and what is posted to them, which a state file has from behaviour level 2 on.
extension StateReader {
  /// The webhooks, in the order of their ids.
  package func webhooks() -> [Webhook] {
    asking(orElse: []) { () throws(StoreError) in
      try found("SELECT body FROM webhook ORDER BY id", Webhook.init(decoding:))
    }
  }

  /// What is posted to a webhook, by its id.
  package func delivery(_ id: ID) -> WebhookDelivery? {
    asking(orElse: nil) { () throws(StoreError) in
      try found(
        "SELECT body FROM delivery WHERE id = \(id)", WebhookDelivery.init(decoding:)
      ).first
    }
  }

  /// A page of what was posted to a webhook or waits, the latest first.
  ///
  /// - Parameter limit: At most ``Page/largest``, and at least one.
  package func deliveries(
    to webhook: ID, after cursor: Cursor? = nil, limit: Int
  ) throws(StoreError) -> Page<WebhookDelivery> {
    guard level >= 2 else { return Page(items: [], next: nil) }
    let limit = min(max(limit, 1), Page<WebhookDelivery>.largest)
    let rows = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT number, body
            FROM delivery
           WHERE webhook = \(webhook) AND number < \(cursor?.number ?? UInt64(Int64.max))
        ORDER BY number DESC
           LIMIT \(limit + 1)
        """
      ) { row throws(SQLiteError) in (try row.next() as UInt64, try row.next() as [UInt8]) }
    }
    var items: [WebhookDelivery] = []
    for (_, body) in rows.prefix(limit) {
      items.append(try record(body, WebhookDelivery.init(decoding:)))
    }
    let next = rows.count > limit ? Cursor(number: rows[limit - 1].0) : nil
    return Page(items: items, next: next)
  }

  /// What may be sent to a webhook at `time`: of the most urgent kind first, of each what is due longest.
  ///
  /// - Parameter limit: How many at most.
  package func dueDeliveries(
    to webhook: ID, by time: Int64, limit: Int
  ) throws(StoreError) -> [WebhookDelivery] {
    var due: [WebhookDelivery] = []
    for rank in 0...2 as ClosedRange<Int64> where due.count < limit {
      due += try found(
        """
          SELECT body
            FROM delivery
           WHERE webhook = \(webhook) AND rank = \(rank) AND due <= \(time)
        ORDER BY due, id
           LIMIT \(limit - due.count)
        """, WebhookDelivery.init(decoding:))
    }
    return due
  }

  /// Deliveries that are over and came to be at `time` or before. At most ``Bound/deliveries``.
  package func endedDeliveries(until time: Int64) throws(StoreError) -> [ID] {
    guard level >= 2 else { return [] }
    return try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT id
            FROM delivery
           WHERE ended <= \(time)
        ORDER BY ended, id
           LIMIT \(Bound.deliveries)
        """
      ) { row throws(SQLiteError) in try row.next() as ID }
    }
  }

  /// How many deliveries to a webhook wait, or are being sent. Counts no further than `most`.
  package func waitingDeliveries(to webhook: ID, most: Int) throws(StoreError) -> Int {
    guard level >= 2 else { return 0 }
    let count = try storing { () throws(SQLiteError) in
      try database.row(
        """
        SELECT count(*)
          FROM (SELECT 1 FROM delivery
                 WHERE webhook = \(webhook) AND due IS NOT NULL LIMIT \(most))
        """
      ) { row throws(SQLiteError) in try row.next() as Int64 }
    }
    return Int(count ?? 0)
  }

  private func found<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) throws(StoreError) -> [Record] {
    guard level >= 2 else { return [] }
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    var found: [Record] = []
    for body in bodies { found.append(try record(body, read)) }
    return found
  }
}
