import Bytes
package import Incidents

/// Each reads the body of one address under `/v1/incidents` into what it asks for.
extension Clerk {
  /// `POST /v1/incidents`.
  package func declaration(_ body: inout BodyReader) throws(Problem) -> Declaration {
    var declaration = Declaration(id: makeID(), title: "")
    var choice = ChoiceFields()
    var title: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "title": title = try body.text(atMost: Bound.title)
      case "description":
        declaration.description = try body.optionalText(atMost: Bound.description) ?? ""
      case "service": declaration.service = try optionalService(&body)
      case _ where ChoiceFields.names.contains(name): try choice.read(name, &body)
      case "source": declaration.source = try source(&body)
      case "reference": declaration.reference = try body.optionalText(atMost: Bound.reference)
      case "happenedAt": declaration.happenedAt = try body.optionalTime()
      case "exercise": declaration.isExercise = try body.optionalBool() ?? false
      case "recurrenceOf":
        declaration.extras.recurrenceOf = try body.isNull() ? nil : try incident(&body)
      default: throw body.unknownMember(name)
      }
    }
    declaration.title = try body.require(title, "title")
    declaration.choice = try choice.choice()
    declaration.extras.triage = choice.triage
    return declaration
  }

  /// `POST /v1/incidents/{incident}/acknowledgement`.
  package func acknowledgement(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var happenedAt: Int64?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "happenedAt": happenedAt = try body.optionalTime()
      default: throw body.unknownMember(name)
      }
    }
    return .acknowledge(happenedAt: happenedAt)
  }

  /// `POST /v1/incidents/{incident}/roles`.
  package func role(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var role: Role?
    var action: String?
    var person: ID?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "role": role = try body.word(Role.self)
      case "action": action = try body.text(atMost: Bound.key)
      case "person": person = try optionalPerson(&body)
      default: throw body.unknownMember(name)
      }
    }
    let step: RoleChange.Step
    switch try body.require(action, "action") {
    case "give": step = .give(to: try body.require(person, "person"))
    case "accept": step = .accept
    case "decline": step = .decline
    case "take": step = .take
    case "leave": step = .leave
    default:
      throw .invalid("action is one of give, accept, decline, take, leave.", member: "/action")
    }
    if person != nil, action != "give" {
      throw .invalid("person is only said with the action give.", member: "/person")
    }
    return .changeRole(RoleChange(role: try body.require(role, "role"), step: step))
  }

  /// `POST /v1/incidents/{incident}/notes`.
  package func note(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var note = Note(kind: .action, text: "")
    var text: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "type": note.kind = try body.word(Note.Kind.self)
      case "text": text = try body.text(atMost: Bound.text)
      case "happenedAt": note.happenedAt = try body.optionalTime()
      case "corrects": note.corrects = try body.optionalPosition()
      case "onBehalfOf": note.onBehalfOf = try optionalPerson(&body)
      default: throw body.unknownMember(name)
      }
    }
    note.text = try body.require(text, "text")
    return .note(note)
  }

  /// `POST /v1/incidents/{incident}/updates`.
  package func update(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var audience: CommunicationUpdate.Audience?
    var text: String?
    var next: Int64?
    var isNoChange = false
    var extras = CommunicationUpdate.Extras()
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "audience": audience = try body.word(CommunicationUpdate.Audience.self)
      case "text": text = try body.text(atMost: Bound.text)
      case "noChange": isNoChange = try body.optionalBool() ?? false
      case "affected": extras.affected = try body.optionalText(atMost: Bound.reason)
      case "meanwhile": extras.meanwhile = try body.optionalText(atMost: Bound.reason)
      case "nextUpdateAt": next = try body.optionalTime()
      case "delayReason": extras.delayReason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    if isNoChange, text == nil { text = CommunicationUpdate.noChange(until: next) }
    return .update(
      CommunicationUpdate(
        audience: try body.require(audience, "audience"), text: try body.require(text, "text"),
        nextUpdateAt: next, extras: extras))
  }

  /// `POST /v1/incidents/{incident}/status`.
  package func status(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var target: StatusChange.Target?
    var note: String?
    var place = BacklogPlace()
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "to": target = try body.word(StatusChange.Target.self)
      case "rank": place.rank = try rank(&body)
      case "lookAgainAt": place.lookAgainAt = try body.optionalTime()
      case "note": note = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .move(StatusChange(to: try body.require(target, "to"), note: note, place: place))
  }

  private func rank(_ body: inout BodyReader) throws(Problem) -> UInt32? {
    guard let number = try body.optionalPosition() else { return nil }
    guard let rank = UInt32(exactly: number), Bound.ranks.contains(rank) else {
      throw .invalid(
        "A rank is from \(Bound.ranks.lowerBound) to \(Bound.ranks.upperBound).", member: "/rank")
    }
    return rank
  }

  /// `POST /v1/incidents/{incident}/hand-over`.
  package func handOver(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var line: Line?
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "to": line = try body.word(Line.self)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .handOver(HandOver(to: try body.require(line, "to"), reason: reason))
  }

  /// How it came to us, as the `source` of a declaration.
  private func source(_ body: inout BodyReader) throws(Problem) -> Source {
    guard try !body.isNull() else { return Source(kind: .staff) }
    var kind: Source.Kind?
    var reference: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "kind": kind = try body.word(Source.Kind.self)
      case "reference": reference = try body.optionalText(atMost: Bound.reference)
      default: throw body.unknownMember(name)
      }
    }
    return Source(kind: try body.require(kind, "kind"), reference: reference)
  }
}
