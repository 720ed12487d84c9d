internal import Bytes
internal import Incidents
internal import SQLite

/// How services and the department work, which is asked for by every command about a clock.
extension RecordTables {
  func servicePolicy(_ service: ID) -> ServicePolicy? {
    if let known = servicePolicies[service] { return known }
    let found = stored.servicePolicy(service)
    servicePolicies[service] = .some(found)
    return found
  }

  func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy? {
    if let newest = servicePolicy(service), newest.version == version { return newest }
    return stored.servicePolicy(service, version: version)
  }

  func put(_ policy: ServicePolicy) {
    servicePolicies[policy.service] = policy
    let body = policy.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO service_policy(service, version, body)
        VALUES (\(policy.service), \(policy.version), \(body))
        """)
    }
  }
}
