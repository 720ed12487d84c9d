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

  init(of database: borrowing Database) throws(SQLiteError) {
    means = try database.prepare("SELECT body FROM sign_in WHERE person = ?")
    tally = try database.prepare("SELECT failures, at FROM tally WHERE id = ?")
    use = try database.prepare("SELECT at FROM credential_use WHERE credential = ?")
    secret = try database.prepare("SELECT body FROM secret WHERE id = 0")
    sessions = try database.prepare("SELECT body FROM credential WHERE person = ? ORDER BY id")
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
