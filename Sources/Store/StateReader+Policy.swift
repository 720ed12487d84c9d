package import Bytes
package import Incidents
internal import SQLite

// How services and the department work, which a state file says from behaviour level 2 on.
extension StateReader {
  /// What a service does otherwise than the department, in its newest version.
  package func servicePolicy(_ service: ID) -> ServicePolicy? {
    policy(
      "SELECT body FROM service_policy WHERE service = \(service) ORDER BY version DESC LIMIT 1",
      ServicePolicy.init(decoding:))
  }

  /// The same in an earlier version.
  package func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy? {
    policy(
      "SELECT body FROM service_policy WHERE service = \(service) AND version = \(version)",
      ServicePolicy.init(decoding:))
  }

  /// The calendar of this key, as it was settled here.
  package func calendar(named key: String) -> WorkCalendar? {
    policy("SELECT body FROM calendar WHERE key = \(key)", WorkCalendar.init(decoding:))
  }

  /// The terms of a version of the department's policy.
  package func terms(version: UInt32) -> PolicyTerms? {
    policy(
      "SELECT body FROM policy_terms WHERE version = \(version)", PolicyTerms.init(decoding:))
  }

  /// Every calendar that was settled here, in the order of their keys.
  package func settledCalendars() throws(StoreError) -> [WorkCalendar] {
    guard level >= 2 else { return [] }
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows("SELECT body FROM calendar ORDER BY key") { row throws(SQLiteError) in
        try row.next() as [UInt8]
      }
    }
    var calendars: [WorkCalendar] = []
    for body in bodies { calendars.append(try record(body, WorkCalendar.init(decoding:))) }
    return calendars
  }

  /// What each service does otherwise that says anything, in its newest version and the order of ids.
  package func servicePolicies() throws(StoreError) -> [ServicePolicy] {
    guard level >= 2 else { return [] }
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT body
            FROM service_policy AS newest
           WHERE version = (SELECT max(version)
                              FROM service_policy
                             WHERE service = newest.service)
        ORDER BY service
        """
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    var policies: [ServicePolicy] = []
    for body in bodies { policies.append(try record(body, ServicePolicy.init(decoding:))) }
    return policies
  }

  private func policy<Record>(
    _ query: SQL, _ read: ([UInt8]) throws(MalformedBytes) -> Record
  ) -> Record? {
    guard level >= 2, failure == nil else { return nil }
    do throws(StoreError) {
      let body = try storing { () throws(SQLiteError) in
        try database.row(query) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      return try body.map { body throws(StoreError) in try record(body, read) }
    } catch {
      failure = error
      return nil
    }
  }
}
