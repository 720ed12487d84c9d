package import Bytes
package import Incidents
internal import SQLite

/// The queries of what signing in needs, which a state file has from behaviour level 2 on.
final class VaultQueries {
  fileprivate let means: Statement
  fileprivate let tally: Statement
  fileprivate let use: Statement
  fileprivate let secret: Statement
  fileprivate let sessions: Statement
  fileprivate let majorIncident: Statement
  fileprivate let glass: Statement
  fileprivate let allGlass: Statement
  fileprivate let ledgerHash: Statement
  fileprivate let head: Statement
  fileprivate let acts: Statement
  fileprivate let arrangement: Statement

  init(of database: borrowing Database) throws(SQLiteError) {
    means = try database.prepare("SELECT body FROM sign_in WHERE person = ?")
    tally = try database.prepare("SELECT failures, at FROM tally WHERE id = ?")
    use = try database.prepare("SELECT at FROM credential_use WHERE credential = ?")
    secret = try database.prepare("SELECT body FROM secret WHERE id = 0")
    sessions = try database.prepare("SELECT body FROM credential WHERE person = ? ORDER BY id")
    glass = try database.prepare(
      """
        SELECT body
          FROM broken_glass
         WHERE person = ?1 AND ends > ?2 AND begins <= ?2
      ORDER BY id
      """)
    ledgerHash = try database.prepare("SELECT hash FROM event WHERE position = ?")
    head = try database.prepare("SELECT body FROM head WHERE id = 0")
    arrangement = try database.prepare("SELECT body FROM service_arrangement WHERE service = ?")
    allGlass = try database.prepare(
      "SELECT body FROM broken_glass WHERE ends > ? ORDER BY ends DESC, id LIMIT 100")
    acts = try database.prepare(
      """
      SELECT 1
        FROM event
       WHERE subject = ?1 AND actor = ?2
         AND kind NOT IN (\(Fact.kindsWithoutAct.map(String.init).joined(separator: ", ")))
         AND NOT EXISTS (
               SELECT 1
                 FROM event AS alert
                WHERE alert.subject = ?1 AND alert.idx = event.idx
                  AND alert.kind = \(Fact.alertReportedKind))
         AND NOT EXISTS (
               SELECT 1
                 FROM broken_glass AS glass
                WHERE glass.person = ?2 AND glass.begins <= event.stamp
                  AND event.stamp < glass.ends
                  AND (glass.incident IS NULL OR glass.incident = ?1))
       LIMIT 1
      """)
    majorIncident = try database.prepare(
      """
      SELECT incident.id
        FROM team_of_incident AS team
        JOIN incident ON incident.id = team.incident
       WHERE team.person = ? AND incident.status < \(Incident.Status.resolved.rawValue)
         AND incident.priority <= \(Priority.p2.rawValue)
      ORDER BY incident.id
       LIMIT 1
      """)
  }
}

/// How what is beside the record is written.
final class VaultStatements {
  let putMeans: Statement
  let putTally: Statement
  let putUse: Statement
  let putSecret: Statement
  let putGlass: Statement
  let putHead: Statement
  let putArrangement: Statement
  let forgetSession: Statement
  let forgetUse: Statement
  let forgetTallies: Statement

  /// How many tallies that count for nothing are forgotten with each one that is kept: more than come.
  private static let mostForgotten = 8

  init(of database: borrowing Database) throws(SQLiteError) {
    putMeans = try database.prepare(
      """
      INSERT INTO sign_in(person, body) VALUES (?, ?)
      ON CONFLICT (person) DO UPDATE SET body = excluded.body
      """)
    putTally = try database.prepare(
      """
      INSERT INTO tally(id, failures, at) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET failures = excluded.failures, at = excluded.at
      """)
    putUse = try database.prepare(
      """
      INSERT INTO credential_use(credential, at) VALUES (?, ?)
      ON CONFLICT (credential) DO UPDATE SET at = excluded.at
      """)
    putSecret = try database.prepare("INSERT INTO secret(id, body) VALUES (0, ?)")
    putHead = try database.prepare(
      """
      INSERT INTO head(id, body) VALUES (0, ?)
      ON CONFLICT (id) DO UPDATE SET body = excluded.body
      """)
    putArrangement = try database.prepare(
      """
      INSERT INTO service_arrangement(service, body) VALUES (?, ?)
      ON CONFLICT (service) DO UPDATE SET body = excluded.body
      """)
    putGlass = try database.prepare(
      """
      INSERT INTO broken_glass(id, person, begins, ends, incident, body) VALUES (?, ?, ?, ?, ?, ?)
      """)
    forgetSession = try database.prepare("DELETE FROM credential WHERE id = ?")
    forgetUse = try database.prepare("DELETE FROM credential_use WHERE credential = ?")
    forgetTallies = try database.prepare(
      """
      DELETE FROM tally
       WHERE id IN (SELECT id FROM tally WHERE at < ? ORDER BY at, id LIMIT \(Self.mostForgotten))
      """)
  }
}

// What stands beside the record. Nothing of it is there before behaviour level 2.
extension StateReader {
  /// `nil` before level 2, and once a query has failed.
  private func vault() -> VaultQueries? {
    guard level >= 2, failure == nil else { return nil }
    if let vaultQueries { return vaultQueries }
    do throws(SQLiteError) {
      let queries = try VaultQueries(of: database)
      vaultQueries = queries
      return queries
    } catch {
      failure = StoreError(error)
      return nil
    }
  }

  /// Asks the vault; the first failure is kept aside.
  private func ask<Value>(
    _ query: (VaultQueries) throws(SQLiteError) -> Value?
  ) -> Value? {
    guard let vault = vault() else { return nil }
    do throws(SQLiteError) {
      return try query(vault)
    } catch {
      failure = StoreError(error)
      return nil
    }
  }

  /// What a person signs in with.
  package func means(of person: ID) -> SignInMeans? {
    let body = ask { vault throws(SQLiteError) in
      vault.means.bind(person, at: 1)
      return try vault.means.row { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    guard let body else { return nil }
    do throws(MalformedBytes) {
      return try SignInMeans(decoding: body)
    } catch {
      failure = .corrupt("what \(person) signs in with cannot be read: \(error)")
      return nil
    }
  }

  /// How often signing in failed lately, under one of an attempt's keys.
  package func tally(_ key: ID) -> Tally? {
    ask { vault throws(SQLiteError) in
      vault.tally.bind(key, at: 1)
      return try vault.tally.row { row throws(SQLiteError) in
        Tally(failures: try row.next(), at: try row.next())
      }
    }
  }

  /// When a credential was last used, as far as that was noted.
  package func lastUse(of credential: ID) -> Int64? {
    ask { vault throws(SQLiteError) in
      vault.use.bind(credential, at: 1)
      return try vault.use.row { row throws(SQLiteError) in try row.next() as Int64 }
    }
  }

  /// What alerts opened of late for a service. Nothing of it is there before behaviour level 2.
  package func storm(of service: ID?) -> AlertStorm? {
    guard failure == nil else { return nil }
    do throws(StoreError) {
      let body = try storing { () throws(SQLiteError) in
        try database.row(
          "SELECT body FROM alert_storm WHERE service = \(AlertStorm.key(of: service))"
        ) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      return try body.map { body throws(StoreError) in
        try record(body, AlertStorm.init(decoding:))
      }
    } catch {
      failure = error
      return nil
    }
  }

  /// What the keys of tallies and the marks of browsers are made with.
  package func secret() -> [UInt8]? {
    ask { vault throws(SQLiteError) in
      try vault.secret.row { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
  }

  /// The open P1 or P2 on which this person has a role.
  package func majorIncident(of person: ID) -> ID? {
    ask { vault throws(SQLiteError) in
      vault.majorIncident.bind(person, at: 1)
      return try vault.majorIncident.row { row throws(SQLiteError) in try row.next() as ID }
    }
  }

  /// Whether anything in the timeline of `subject` is by `person`, but what they did while they had
  /// broken the glass. Looks through the whole of it, and is only asked of what is restricted.
  package func hasActed(_ person: ID, on subject: ID) -> Bool {
    guard level >= 2 else { return hasActedBefore(person, on: subject) }
    return ask { vault throws(SQLiteError) in
      vault.acts.bind(subject, at: 1)
      vault.acts.bind(person, at: 2)
      return try vault.acts.row { row throws(SQLiteError) in try row.next() as Int64 }
    } != nil
  }

  /// The hash of a row of the ledger.
  package func ledgerHash(at position: UInt64) -> [UInt8]? {
    ask { vault throws(SQLiteError) in
      vault.ledgerHash.bind(position, at: 1)
      return try vault.ledgerHash.row { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
  }

  /// The newest head that a node signed.
  package func lastHead() -> SignedHead? {
    let body = ask { vault throws(SQLiteError) in
      try vault.head.row { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    guard let body else { return nil }
    do throws(MalformedBytes) {
      return try SignedHead(decoding: body)
    } catch {
      failure = .corrupt("the newest signed head cannot be read: \(error)")
      return nil
    }
  }

  /// How a service is run.
  package func arrangement(of service: ID) -> ServiceArrangement? {
    let body = ask { vault throws(SQLiteError) in
      vault.arrangement.bind(service, at: 1)
      return try vault.arrangement.row { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    guard let body else { return nil }
    do throws(MalformedBytes) {
      return try ServiceArrangement(decoding: body)
    } catch {
      failure = .corrupt("how \(service) is run cannot be read: \(error)")
      return nil
    }
  }

  /// The glass that a person has broken and that is not whole again.
  package func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass] {
    glasses { vault, take throws(SQLiteError) in
      vault.glass.bind(person, at: 1)
      vault.glass.bind(now, at: 2)
      try vault.glass.visit(take)
    }
  }

  /// The glass that anybody broke and that was not whole at `time`, or later; the latest first. At
  /// most a hundred.
  package func brokenGlass(since time: Int64) -> [BrokenGlass] {
    glasses { vault, take throws(SQLiteError) in
      vault.allGlass.bind(time, at: 1)
      try vault.allGlass.visit(take)
    }
  }

  private func glasses(
    _ visit: (
      VaultQueries, (inout RowReader) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) -> Void
  ) -> [BrokenGlass] {
    guard let vault = vault() else { return [] }
    var found: [BrokenGlass] = []
    do throws(SQLiteError) {
      try visit(vault) { row throws(SQLiteError) in
        let body: [UInt8] = try row.next()
        do throws(MalformedBytes) {
          found.append(try BrokenGlass(decoding: body))
          return true
        } catch {
          failure = .corrupt("a breaking of the glass cannot be read: \(error)")
          return false
        }
      }
    } catch {
      failure = StoreError(error)
    }
    return found
  }

  /// The sessions of a person, in the order of their ids.
  package func sessions(of person: ID) -> [Credential] {
    guard let vault = vault() else { return [] }
    vault.sessions.bind(person, at: 1)
    var found: [Credential] = []
    do throws(SQLiteError) {
      try vault.sessions.visit { row throws(SQLiteError) in
        let body: [UInt8] = try row.next()
        do throws(MalformedBytes) {
          let credential = try Credential(decoding: body)
          if credential.kind == .session { found.append(credential) }
          return true
        } catch {
          failure = .corrupt("a credential of \(person) cannot be read: \(error)")
          return false
        }
      }
    } catch {
      failure = StoreError(error)
    }
    return found
  }
}
