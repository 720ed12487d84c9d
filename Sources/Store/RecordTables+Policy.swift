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

  func calendar(named key: String) -> WorkCalendar? {
    if let known = calendars[key] { return known }
    let found = stored.calendar(named: key)
    calendars[key] = .some(found)
    return found
  }

  func put(_ calendar: WorkCalendar) {
    calendars[calendar.key] = calendar
    let body = calendar.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        """
        INSERT INTO calendar(key, body) VALUES (\(calendar.key), \(body))
        ON CONFLICT (key) DO UPDATE SET body = excluded.body
        """)
    }
  }

  func terms(version: UInt32) -> PolicyTerms? {
    if let lastTerms, lastTerms.version == version { return lastTerms.terms }
    let found = stored.terms(version: version)
    lastTerms = (version, found)
    return found
  }

  func put(_ terms: PolicyTerms, version: UInt32) {
    lastTerms = (version, terms)
    let body = terms.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        "INSERT INTO policy_terms(version, body) VALUES (\(version), \(body))")
    }
  }
}
