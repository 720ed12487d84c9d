internal import Bytes
internal import Incidents
internal import SQLite

/// What is told, and what waits to be told. None of it is on the road of most writes, so its statements
/// are made when they are wanted.
extension RecordTables {
  func put(_ communication: Communication) {
    let body = communication.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO communication(id, incident, body)
        VALUES (\(communication.id), \(communication.incident), \(body))
        ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, body = excluded.body
        """)
    }
  }

  func put(_ message: Message) {
    let body = message.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO message(id, recipient, incident, at, body)
        VALUES (\(message.id), \(message.recipient.encoded()), \(message.incident),
                \(message.at), \(body))
        ON CONFLICT (id) DO UPDATE
           SET recipient = excluded.recipient, incident = excluded.incident, at = excluded.at,
               body = excluded.body
        """)
    }
  }

  func put(_ notice: StaffNotice) {
    let body = notice.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO notice(id, body) VALUES (\(notice.id), \(body))
        ON CONFLICT (id) DO UPDATE SET body = excluded.body
        """)
    }
  }

  func forget(notice: ID) {
    write(notice.bytes) { () throws(SQLiteError) in
      try stored.database.run("DELETE FROM notice WHERE id = \(notice)")
    }
  }

  func forget(message: ID) {
    write(message.bytes) { () throws(SQLiteError) in
      try stored.database.run("DELETE FROM message WHERE id = \(message)")
    }
  }

  func put(_ template: CommunicationTemplate?, for key: CommunicationTemplate.Key) {
    let id = key.encoded()
    guard let template else {
      return write(id) { () throws(SQLiteError) in
        try stored.database.run("DELETE FROM template WHERE id = \(id)")
      }
    }
    let body = template.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO template(id, body) VALUES (\(id), \(body))
        ON CONFLICT (id) DO UPDATE SET body = excluded.body
        """)
    }
  }
}
