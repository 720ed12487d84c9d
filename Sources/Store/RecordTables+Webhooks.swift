internal import Bytes
internal import Incidents
internal import SQLite

/// Webhooks, and what is posted to them. None of it is on the road of most writes, so its statements are
/// made when they are wanted.
extension RecordTables {
  func webhooks() -> [Webhook] {
    guard level >= 2 else { return [] }
    if let hooks { return hooks }
    let found = stored.webhooks()
    if stored.failure == nil { hooks = found }
    return found
  }

  func delivery(_ id: ID) -> WebhookDelivery? { stored.delivery(id) }

  func put(_ webhook: Webhook) {
    hooks = nil
    let body = webhook.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO webhook(id, body) VALUES (\(webhook.id), \(body))
        ON CONFLICT (id) DO UPDATE SET body = excluded.body
        """)
    }
  }

  func forget(webhook: ID) {
    hooks = nil
    write(webhook.bytes) { () throws(SQLiteError) in
      try stored.database.run("DELETE FROM delivery WHERE webhook = \(webhook)")
      try stored.database.run("DELETE FROM webhook WHERE id = \(webhook)")
    }
  }

  func put(_ delivery: WebhookDelivery) {
    let body = delivery.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO delivery(id, webhook, incident, rank, due, ended, body)
        VALUES (\(delivery.id), \(delivery.webhook), \(delivery.incident),
                \(Int64(delivery.about.rank)), \(delivery.dueAt), \(delivery.endedSince), \(body))
        """)
    }
  }

  func settle(delivery id: ID, as delivery: WebhookDelivery?) {
    write(id.bytes) { () throws(SQLiteError) in
      guard let delivery else {
        return try stored.database.run("DELETE FROM delivery WHERE id = \(id)")
      }
      try stored.database.run(
        """
        UPDATE delivery
           SET due = \(delivery.dueAt), ended = \(delivery.endedSince), body = \(delivery.encoded())
         WHERE id = \(id)
        """)
    }
  }
}

extension WebhookDelivery {
  /// The column `ended`: when it came to be, once it is over; from then on its row is kept for a while.
  var endedSince: Int64? { state.isOver ? at : nil }
}
