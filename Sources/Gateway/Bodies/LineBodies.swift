import Bytes
package import Incidents

/// Each reads the body of one address about what is around an incident into what it asks for.
extension Clerk {
  /// `POST /v1/incidents/{incident}/answer`.
  package func answer(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var answer = Answer()
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "text": answer.text = try body.optionalText(atMost: Bound.text)
      case "logged": answer.isLogged = try body.optionalBool() ?? false
      default: throw body.unknownMember(name)
      }
    }
    return .answer(answer)
  }

  /// `POST /v1/incidents/{incident}/hand-over/reason`.
  package func handOverReason(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .giveReason(try reason(&body))
  }

  private func reason(_ body: inout BodyReader) throws(Problem) -> String {
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return try body.require(reason, "reason")
  }

  /// `POST /v1/incidents/{incident}/affected-services`: a state of `null` is not affected after all.
  package func affectedService(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var service: ID?
    var state: AffectedService.State?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "service": service = try optionalService(&body)
      case "state": state = try body.isNull() ? nil : try body.word(AffectedService.State.self)
      default: throw body.unknownMember(name)
      }
    }
    return .affect(AffectedChange(service: try body.require(service, "service"), state: state))
  }

  /// `POST /v1/incidents/{incident}/service`.
  package func leadService(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var (service, reason): (ID?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "service": service = try optionalService(&body)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .setService(
      LeadServiceChange(service: try body.require(service, "service"), reason: reason))
  }

  /// `POST /v1/incidents/{incident}/parent`: `null` is none.
  package func parent(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .relate(.childOf(try otherIncident("parent", &body)))
  }

  /// `POST /v1/incidents/{incident}/recurrence`: `null` is none.
  package func recurrence(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .relate(.recurrenceOf(try otherIncident("of", &body)))
  }

  /// An object with one member, an incident's id or `null`.
  private func otherIncident(
    _ member: String, _ body: inout BodyReader
  ) throws(Problem) -> ID? {
    var said: ID?? = nil
    try body.beginObject()
    while let name = try body.member() {
      guard name == member else { throw body.unknownMember(name) }
      said = try body.isNull() ? .some(nil) : .some(try incident(&body))
    }
    return try body.require(said, member)
  }

  /// `POST /v1/incidents/{incident}/changes`.
  package func changeLink(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var reference: String?
    var change = ChangeLink(reference: "")
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "reference": reference = try body.text(atMost: Bound.reference)
      case "link": change.link = try body.optionalText(atMost: Bound.address)
      case "text": change.text = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    change.reference = try body.require(reference, "reference")
    return .relate(.causedBy(change))
  }

  /// `POST /v1/incidents/{incident}/suppliers`.
  package func engagedSupplier(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var name: String?
    var supplier = EngagedSupplier(name: "")
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": name = try body.text(atMost: Bound.name)
      case "reference": supplier.reference = try body.optionalText(atMost: Bound.reference)
      case "outOfHours": supplier.outOfHours = try body.optionalText(atMost: Bound.key)
      case "nextUpdateAt": supplier.nextUpdateAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    supplier.name = try body.require(name, "name")
    return .engage(.supplier(supplier))
  }

  /// `POST /v1/incidents/{incident}/specialists`.
  package func specialist(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .engage(.specialist(try party(&body)))
  }
}
