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
