internal import Bytes

/// How services are run, and whether they are live (guidance 1 and 4, policy section 3).
extension Hearing {
  func arrange(_ change: ArrangementChange) throws(Refusal) -> [Event] {
    let (service, known) = try arranged(change.service, to: "say how it is run")
    guard known.version == change.seen else {
      throw .stale(
        "You saw version \(change.seen) of how \(service.name) is run; it is at version "
          + "\(known.version).", now: known.version)
    }
    try check(change.profile, of: service)
    guard change.profile != known.profile else { return [] }
    return [event(.service, service.id, .serviceArranged(change.profile))]
  }

  func confirmManual(_ reading: ManualReading) throws(Refusal) -> [Event] {
    let (service, known) = try arranged(reading.service, to: "confirm its manual")
    guard known.profile.manual != nil else {
      throw Refusal(
        .serviceIncomplete, title: "This service does not say where its manual is",
        detail: "Say where the manual of \(service.name) is, and then confirm what is in it.",
        guidance: "1", missing: ["manual"])
    }
    let by = reading.by ?? asker.id
    guard facts.person(by) != nil else { throw .notFound("person", by) }
    let at = try past(reading.at, "at") ?? stamp
    return [
      event(.service, service.id, .manualConfirmed(ManualConfirmation(by: by, at: at)))
    ]
  }

  func change(_ change: LiveChange) throws(Refusal) -> [Event] {
    let (service, known) = try arranged(change.service, to: "say whether it is live")
    switch change.step {
    case .live:
      guard known.liveSince == nil else { return [] }
      let gaps = facts.gaps(of: service, at: stamp)
      guard gaps.isEmpty else { throw .incomplete(service, gaps) }
      return [event(.service, service.id, .serviceWentLive)]
    case .withdrawn(let reason):
      try Check.required(reason, "reason", max: Bound.reason)
      guard known.liveSince != nil else { return [] }
      return [event(.service, service.id, .serviceWithdrawn(reason: reason))]
    }
  }

  /// A service with its arrangement, which may still be nothing, for whoever may change it.
  private func arranged(
    _ id: ID, to words: String
  ) throws(Refusal) -> (Service, ServiceArrangement) {
    guard let service = facts.service(id) else { throw .notFound("service", id) }
    guard mayRoster(service) else {
      throw .rightMissing(
        "\(words): \(service.name)", needs: [.administrator, .teamLead, .serviceDelivery])
    }
    guard !service.isRetired else {
      throw .invalid("service", "\(service.name) was taken out of the directory.")
    }
    let known = facts.arrangement(of: id) ?? ServiceArrangement(service: id)
    try checkVersion(known.version)
    return (service, known)
  }
}

/// What is said of how a service is run must make sense by itself; it need not be whole.
extension Hearing {
  private func check(_ profile: ArrangementProfile, of service: Service) throws(Refusal) {
    for id in [profile.productTeam, profile.infrastructureTeam] {
      if let id { try checkTeam(id) }
    }
    if let exception = profile.smallerTeam {
      try checkPerson(exception.agreedBy)
      try Check.time(exception.reviewAt, "smallerTeam.reviewAt")
      let known = facts.arrangement(of: service.id)?.profile.smallerTeam
      guard exception == known || exception.reviewAt > stamp else {
        throw .invalid(
          "smallerTeam.reviewAt", "An exception is looked at again at a time to come.")
      }
    }
    try check(profile.suppliers)
    if let name = profile.thirdLineSupplier {
      guard profile.suppliers.contains(where: { $0.name == name }) else {
        throw .invalid("thirdLineSupplier", "\(name) is none of the suppliers that are named.")
      }
      guard service.thirdLine == nil else {
        throw .invalid(
          "thirdLineSupplier", "A team works as 3rd line of \(service.name) already.")
      }
    }
    try check(profile.activities)
    try check(profile.stakeholders)
    if let manual = profile.manual {
      try Check.name(manual, "manual", max: Bound.address)
      guard manual.hasPrefix("https://") || manual.hasPrefix("http://"),
        !manual.utf8.contains(0x20)
      else {
        throw .invalid("manual", "Where the manual is, is an address that begins with https://.")
      }
    }
  }

  private func check(_ suppliers: [Supplier]) throws(Refusal) {
    try Check.count(suppliers.count, "suppliers", max: Bound.suppliers)
    for (place, supplier) in suppliers.enumerated() {
      try Check.name(supplier.name, "suppliers.name")
      guard !suppliers[..<place].contains(where: { $0.name == supplier.name }) else {
        throw .invalid("suppliers", "\(supplier.name) is listed twice.")
      }
      try Check.optional(supplier.reference, "suppliers.reference", max: Bound.reference)
      if let number = supplier.outOfHours {
        try Check.name(number, "suppliers.outOfHours", max: Bound.key)
      }
    }
  }

  private func check(_ activities: [ActivityRoles]) throws(Refusal) {
    var last: UInt8 = 0
    for roles in activities {
      guard roles.activity.rawValue > last else {
        throw .invalid("raci", "Each activity is named once, in the order of guidance 6.2.")
      }
      last = roles.activity.rawValue
      guard !roles.responsible.isEmpty else {
        throw .invalid("raci", "Somebody is responsible for “\(roles.activity.word)”.")
      }
      for list in [roles.responsible, roles.consulted, roles.informed] {
        try Check.count(list.count, "raci", max: Bound.parties)
      }
      for party in roles.parties { try check(party) }
    }
  }

  private func check(_ stakeholders: [Stakeholder]) throws(Refusal) {
    try Check.count(stakeholders.count, "stakeholders")
    for (place, stakeholder) in stakeholders.enumerated() {
      guard !stakeholders[..<place].contains(where: { $0.who == stakeholder.who }) else {
        throw .invalid("stakeholders", "Somebody is listed twice.")
      }
      switch stakeholder.who {
      case .party(.role):
        throw .invalid("stakeholders", "A stakeholder is a team, a person or an address.")
      case .party(let party): try check(party)
      case .other(let name, let email):
        try Check.name(name, "stakeholders.name")
        try Check.email(email)
      }
    }
  }

  private func check(_ party: Party) throws(Refusal) {
    switch party {
    case .role: break
    case .team(let id): try checkTeam(id)
    case .person(let id): try checkPerson(id)
    }
  }

  private func checkTeam(_ id: ID) throws(Refusal) {
    guard facts.team(id) != nil else { throw .notFound("team", id) }
  }

  private func checkPerson(_ id: ID) throws(Refusal) {
    guard facts.person(id) != nil else { throw .notFound("person", id) }
  }
}

extension Refusal {
  /// A service goes live when it lacks nothing.
  fileprivate static func incomplete(_ service: Service, _ gaps: [ServiceGap]) -> Refusal {
    Refusal(
      .serviceIncomplete, title: "A service goes live when it is complete",
      detail: "\(service.name) is not: " + gaps.map(\.text).joined(separator: " ")
        + " It can have incidents meanwhile.",
      guidance: "4", missing: gaps.map(\.slug))
  }
}
