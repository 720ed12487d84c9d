package import Incidents
internal import SQLite

extension StateReader {
  /// The channels that we depend on for answering incidents and that an open P1 or P2 affects a service
  /// of (policy section 10): they are tried last. An exercise affects nothing.
  ///
  /// - Parameter isSeen: Whether whoever asks may know of an incident.
  package func impairedChannels(
    where isSeen: (Incident) throws(StoreError) -> Bool = { _ in true }
  ) throws(StoreError) -> Channels {
    guard level >= 2 else { return [] }
    let carriers = try arrangements().filter { !$0.profile.channels.isEmpty }
    guard !carriers.isEmpty else { return [] }
    // Few incidents are open, and something is due for each of them: the index has hardly any others.
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT body
            FROM incident INDEXED BY incident_due
           WHERE due_at IS NOT NULL AND status < 5 AND priority <= \(Priority.p2.rawValue)
        ORDER BY number
        """
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    var impaired: Channels = []
    for body in bodies {
      let incident = try record(body, Incident.init(decoding:))
      guard !incident.isExercise else { continue }
      var found: Channels = []
      for carrier in carriers where incident.isAffecting(carrier.service) {
        found.formUnion(carrier.profile.channels)
      }
      guard !found.isEmpty, try isSeen(incident) else { continue }
      impaired.formUnion(found)
    }
    return impaired
  }

  /// How each service is run of which anybody has said so.
  private func arrangements() throws(StoreError) -> [ServiceArrangement] {
    let bodies = try storing { () throws(SQLiteError) in
      try database.rows("SELECT body FROM service_arrangement ORDER BY service") {
        row throws(SQLiteError) in try row.next() as [UInt8]
      }
    }
    var arrangements: [ServiceArrangement] = []
    for body in bodies {
      arrangements.append(try record(body, ServiceArrangement.init(decoding:)))
    }
    return arrangements
  }
}
