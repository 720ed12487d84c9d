internal import Bytes

extension Hearing {
  /// Changes what a service does otherwise than the department: for whoever says who is on call for it.
  func change(_ change: ServicePolicyChange) throws(Refusal) -> [Event] {
    guard let service = facts.service(change.service) else {
      throw .notFound("service", change.service)
    }
    guard mayRoster(service) else {
      throw .rightMissing(
        "change how \(service.name) works",
        needs: [.administrator, .teamLead, .serviceDelivery])
    }
    let before = facts.servicePolicy(service.id) ?? ServicePolicy(of: service.id)
    try checkVersion(before.version)
    if let key = change.calendar.wanted { try checkCalendar(key) }
    try change.terms.check()
    guard before.changed(by: change) != before else { return [] }
    return [event(.service, service.id, .servicePolicyChanged(change))]
  }
}
