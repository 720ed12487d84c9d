internal import Bytes
internal import Incidents
internal import SQLite

/// What is beside the record: no part of what a command changed, as the digest has it.
extension RecordTables {
  func leadsMajor(_ person: ID, beside incident: ID) -> Bool {
    stored.leadsMajor(person, beside: incident)
  }

  private func keep(_ run: (VaultStatements) throws(SQLiteError) -> Void) {
    guard stored.failure == nil else { return }
    do throws(SQLiteError) {
      if vaultStatements == nil { vaultStatements = try VaultStatements(of: stored.database) }
      if let vaultStatements { try run(vaultStatements) }
    } catch {
      stored.failure = StoreError(error)
    }
  }

  func put(_ means: SignInMeans, of person: ID) {
    keep { statements throws(SQLiteError) in
      statements.putMeans.bind(person, at: 1)
      try statements.putMeans.run(lending: means.encoded(), at: 2)
    }
  }

  func put(_ tally: Tally?, for key: ID) {
    guard let tally else { return forget(tally: key) }
    keep { statements throws(SQLiteError) in
      statements.putTally.bind(key, at: 1)
      statements.putTally.bind(Int64(tally.failures), at: 2)
      statements.putTally.bind(tally.at, at: 3)
      try statements.putTally.run()
      statements.forgetTallies.bind(tally.at - Tally.memory, at: 1)
      try statements.forgetTallies.run()
    }
  }

  private func forget(tally key: ID) {
    // Counts for nothing, and is among the oldest: it goes as others come.
    keep { statements throws(SQLiteError) in
      statements.putTally.bind(key, at: 1)
      statements.putTally.bind(0 as Int64, at: 2)
      statements.putTally.bind(0 as Int64, at: 3)
      try statements.putTally.run()
    }
  }

  func put(_ storm: AlertStorm) {
    keep { _ throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO alert_storm(service, body) VALUES (\(storm.service), \(storm.encoded()))
        ON CONFLICT (service) DO UPDATE SET body = excluded.body
        """)
    }
  }

  func put(_ at: Int64, lastUseOf credential: ID) {
    keep { statements throws(SQLiteError) in
      statements.putUse.bind(credential, at: 1)
      statements.putUse.bind(at, at: 2)
      try statements.putUse.run()
    }
  }

  func put(_ head: SignedHead) {
    let body = head.encoded()
    keep { statements throws(SQLiteError) in
      try statements.putHead.run(lending: body, at: 1)
      changes.append(body)
    }
  }

  func put(_ glass: BrokenGlass) {
    let body = glass.encoded()
    keep { statements throws(SQLiteError) in
      statements.putGlass.bind(glass.asked.id, at: 1)
      statements.putGlass.bind(glass.person, at: 2)
      statements.putGlass.bind(glass.begins, at: 3)
      statements.putGlass.bind(glass.ends, at: 4)
      if case .incident(let id) = glass.asked.scope {
        statements.putGlass.bind(id, at: 5)
      } else {
        statements.putGlass.bindNull(at: 5)
      }
      try statements.putGlass.run(lending: body, at: 6)
      changes.append(body)
    }
  }

  func put(_ arrangement: ServiceArrangement) {
    let body = arrangement.encoded()
    keep { statements throws(SQLiteError) in
      statements.putArrangement.bind(arrangement.service, at: 1)
      try statements.putArrangement.run(lending: body, at: 2)
      changes.append(body)
    }
  }

  func put(secret: [UInt8]) {
    keep { statements throws(SQLiteError) in try statements.putSecret.run(lending: secret, at: 1) }
  }

  func forget(session: ID) {
    credentials[session] = nil
    keep { statements throws(SQLiteError) in
      statements.forgetSession.bind(session, at: 1)
      try statements.forgetSession.run()
      statements.forgetUse.bind(session, at: 1)
      try statements.forgetUse.run()
      changes.append(session.bytes)
    }
  }
}
