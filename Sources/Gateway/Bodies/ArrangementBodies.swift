package import Bytes
package import Incidents

/// Each reads the body of one address of how a service is run into what it asks for.
extension Clerk {
  /// `POST /v1/services/{service}/arrangement`: what is left out stays as it is.
  package func arrangement(
    of service: ID, _ body: inout BodyReader
  ) throws(Problem) -> ArrangementChange {
    let known = facts.arrangement(of: service)
    var profile = known?.profile ?? ArrangementProfile()
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "productTeam": profile.productTeam = try optionalTeam(&body)
      case "infrastructureTeam": profile.infrastructureTeam = try optionalTeam(&body)
      case "smallerTeam": profile.smallerTeam = try smallerTeam(&body)
      case "thirdLineSupplier":
        profile.thirdLineSupplier = try body.optionalText(atMost: Bound.name)
      case "raci": profile.activities = try activities(&body)
      case "stakeholders": profile.stakeholders = try stakeholders(&body)
      case "suppliers": profile.suppliers = try suppliers(&body)
      case "manual": profile.manual = try body.optionalText(atMost: Bound.address)
      case "channels": profile.channels = try channels(&body)
      default: throw body.unknownMember(member)
      }
    }
    return ArrangementChange(service: service, seen: known?.version ?? 0, profile: profile)
  }

  /// `POST /v1/services/{service}/manual-confirmation`.
  package func manualReading(
    of service: ID, _ body: inout BodyReader
  ) throws(Problem) -> ManualReading {
    var reading = ManualReading(service: service)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "by": reading.by = try optionalPerson(&body)
      case "at": reading.at = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return reading
  }

  /// `POST /v1/services/{service}/withdrawal`.
  package func withdrawal(
    of service: ID, _ body: inout BodyReader
  ) throws(Problem) -> LiveChange {
    var reason: String?
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(member)
      }
    }
    return LiveChange(
      service: service, step: .withdrawn(reason: try body.require(reason, "reason")))
  }

  private func smallerTeam(_ body: inout BodyReader) throws(Problem) -> SmallerTeam? {
    guard try !body.isNull() else { return nil }
    var (agreedBy, reviewAt): (ID?, Int64?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "agreedBy": agreedBy = try optionalPerson(&body)
      case "reviewAt": reviewAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return SmallerTeam(
      agreedBy: try body.require(agreedBy, "agreedBy"),
      reviewAt: try body.require(reviewAt, "reviewAt"))
  }

  private func activities(_ body: inout BodyReader) throws(Problem) -> [ActivityRoles] {
    guard try !body.isNull() else { return [] }
    var activities: [ActivityRoles] = []
    try body.beginArray()
    while try body.element(atMost: Activity.allCases.count) {
      var (activity, accountable): (Activity?, Party?)
      var (responsible, consulted, informed): ([Party], [Party], [Party]) = ([], [], [])
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "activity": activity = try self.activity(&body)
        case "accountable": accountable = try party(&body)
        case "responsible": responsible = try parties(&body)
        case "consulted": consulted = try parties(&body)
        case "informed": informed = try parties(&body)
        default: throw body.unknownMember(member)
        }
      }
      activities.append(
        ActivityRoles(
          activity: try body.require(activity, "activity"),
          accountable: try body.require(accountable, "accountable"), responsible: responsible,
          consulted: consulted, informed: informed))
    }
    return activities.sorted { $0.activity.rawValue < $1.activity.rawValue }
  }

  /// An activity by its number in guidance 6.2.
  private func activity(_ body: inout BodyReader) throws(Problem) -> Activity {
    let number = try body.optionalPosition() ?? 0
    guard let activity = UInt8(exactly: number).flatMap(Activity.init(rawValue:)) else {
      throw .invalid("An activity is a number from 1 to 9.", member: body.pointer)
    }
    return activity
  }

  private func parties(_ body: inout BodyReader) throws(Problem) -> [Party] {
    guard try !body.isNull() else { return [] }
    var parties: [Party] = []
    try body.beginArray()
    while try body.element(atMost: Bound.parties) { parties.append(try party(&body)) }
    return parties
  }

  /// `{"role": …}`, `{"team": …}` or `{"person": …}`.
  func party(_ body: inout BodyReader) throws(Problem) -> Party {
    var party: Party?
    try body.beginObject()
    while let member = try body.member() {
      guard party == nil else {
        throw .invalid("This names one: a role, a team or a person.", member: body.pointer)
      }
      party = try self.party(member, &body)
    }
    return try body.require(party, "person")
  }

  private func party(
    _ member: String, _ body: inout BodyReader
  ) throws(Problem) -> Party? {
    switch member {
    case "role": .role(try body.word(Role.self))
    case "team": try optionalTeam(&body).map { .team($0) }
    case "person": try optionalPerson(&body).map { .person($0) }
    default: throw body.unknownMember(member)
    }
  }

  private func stakeholders(_ body: inout BodyReader) throws(Problem) -> [Stakeholder] {
    guard try !body.isNull() else { return [] }
    var stakeholders: [Stakeholder] = []
    try body.beginArray()
    while try body.element(atMost: Bound.list) {
      var (name, email): (String?, String?)
      var party: Party?
      var least = Priority.p2
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "name": name = try body.optionalText(atMost: Bound.name)
        case "email": email = try body.optionalText(atMost: Bound.email)
        case "priority": least = try body.word(Priority.self)
        default: party = try self.party(member, &body)
        }
      }
      let who: Stakeholder.Who =
        if let party {
          .party(party)
        } else {
          .other(name: try body.require(name, "name"), email: try body.require(email, "email"))
        }
      stakeholders.append(Stakeholder(who: who, least: least))
    }
    return stakeholders
  }

  private func suppliers(_ body: inout BodyReader) throws(Problem) -> [Supplier] {
    guard try !body.isNull() else { return [] }
    var suppliers: [Supplier] = []
    try body.beginArray()
    while try body.element(atMost: Bound.suppliers) {
      var name: String?
      var supplier = Supplier(name: "")
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "name": name = try body.text(atMost: Bound.name)
        case "reference": supplier.reference = try body.optionalText(atMost: Bound.reference)
        case "outOfHours": supplier.outOfHours = try body.optionalText(atMost: Bound.key)
        default: throw body.unknownMember(member)
        }
      }
      supplier.name = try body.require(name, "name")
      suppliers.append(supplier)
    }
    return suppliers
  }

  private func channels(_ body: inout BodyReader) throws(Problem) -> Channels {
    var channels: Channels = []
    for word in try body.texts(atMost: Bound.key) {
      guard let channel = Channels.named.first(where: { $0.word == word })?.channel else {
        let words = Channels.named.map(\.word).joined(separator: ", ")
        throw .invalid("There is no channel \"\(word)\". There are \(words).", member: "/channels")
      }
      channels.insert(channel)
    }
    return channels
  }
}
