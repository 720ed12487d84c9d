package import Bytes
package import Incidents

/// Each reads the body of one of the addresses by which people are told something.
extension Clerk {
  /// `POST /v1/incidents/{incident}/communications`: a draft; `id` names one whose words it replaces.
  package func communication(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var draft = CommunicationDraft(id: makeID(), audience: .team, what: "")
    var audience: CommunicationUpdate.Audience?
    var (what, isNoChange): (String?, Bool) = (nil, false)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "id": draft.id = try id(&body)
      case "audience": audience = try body.word(CommunicationUpdate.Audience.self)
      case "language": draft.language = try body.text(atMost: Bound.language)
      case "what": what = try body.optionalText(atMost: Bound.text)
      case "noChange": isNoChange = try body.optionalBool() ?? false
      case "affected": draft.affected = try body.optionalText(atMost: Bound.reason)
      case "meanwhile": draft.meanwhile = try body.optionalText(atMost: Bound.reason)
      case "nextUpdateAt": draft.nextUpdateAt = try body.optionalTime()
      case "text": draft.text = try body.optionalText(atMost: Bound.text)
      case "approver": draft.approver = try optionalPerson(&body)
      case "delayReason": draft.delayReason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    if isNoChange, what == nil { what = CommunicationUpdate.noChange(until: draft.nextUpdateAt) }
    draft.audience = try body.require(audience, "audience")
    draft.what = try body.require(what, "what")
    return .draftCommunication(draft)
  }

  /// `POST …/communications/{communication}/approval`.
  package func approval(
    of communication: ID, _ body: inout BodyReader
  ) throws(Problem) -> IncidentAction {
    try nothing(&body)
    return .moveCommunication(CommunicationStep(communication: communication, step: .approve))
  }

  /// `POST …/communications/{communication}/sending`.
  package func sending(
    of communication: ID, _ body: inout BodyReader
  ) throws(Problem) -> IncidentAction {
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      guard name == "override" else { throw body.unknownMember(name) }
      guard try !body.isNull() else { continue }
      try body.beginObject()
      while let name = try body.member() {
        guard name == "reason" else { throw body.unknownMember(name) }
        reason = try body.text(atMost: Bound.reason)
      }
      reason = try body.require(reason, "reason")
    }
    return .moveCommunication(
      CommunicationStep(communication: communication, step: .send(overrideReason: reason)))
  }

  /// `POST …/communications/{communication}/withdrawal`.
  package func withdrawal(
    of communication: ID, _ body: inout BodyReader
  ) throws(Problem) -> IncidentAction {
    let reason = try only("reason", &body)
    return .moveCommunication(
      CommunicationStep(communication: communication, step: .withdraw(reason: reason)))
  }

  /// `POST …/communications/{communication}/deliveries`.
  package func delivery(
    of communication: ID, _ body: inout BodyReader
  ) throws(Problem) -> IncidentAction {
    var (group, detail): (String?, String?)
    var outcome: Communication.Delivery.Outcome?
    var at: Int64?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "group": group = try body.text(atMost: Bound.name)
      case "outcome": outcome = try body.word(Communication.Delivery.Outcome.self)
      case "at": at = try body.optionalTime()
      case "detail": detail = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    let delivery = Communication.Delivery(
      group: try body.require(group, "group"), outcome: try body.require(outcome, "outcome"),
      at: at ?? now, detail: detail)
    return .moveCommunication(
      CommunicationStep(communication: communication, step: .record(delivery)))
  }

  /// `POST /v1/incidents/{incident}/stakeholders`: a person, a team or an address.
  package func stakeholder(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var stakeholder: InformedParty?
    var isAdded = true
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "person": stakeholder = try optionalPerson(&body).map { .person($0) } ?? stakeholder
      case "team": stakeholder = try optionalTeam(&body).map { .team($0) } ?? stakeholder
      case "address":
        stakeholder =
          try body.optionalText(atMost: Bound.email).map { .address($0) } ?? stakeholder
      case "remove": isAdded = try !(body.optionalBool() ?? false)
      default: throw body.unknownMember(name)
      }
    }
    return .changeStakeholders(
      StakeholderChange(try body.require(stakeholder, "person"), isAdded: isAdded))
  }

  /// `POST /v1/incidents/{incident}/reach`.
  package func reach(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var isAll: Bool?
    var because: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "wholeDepartment": isAll = try body.optionalBool()
      case "allStaffNotNeededBecause":
        because = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    switch (isAll, because) {
    case (let isAll?, nil): return .stateReach(.department(isAll))
    case (nil, let because?): return .stateReach(.allStaffNotNeeded(because: because))
    default:
      throw .invalid(
        "Give wholeDepartment or allStaffNotNeededBecause, one at a time.",
        member: "/wholeDepartment")
    }
  }

  /// `POST /v1/incidents/{incident}/delay`.
  package func delay(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .explainDelay(reason: try body.require(try only("reason", &body), "reason"))
  }

  /// `POST /v1/templates`: words for an audience, a priority and a language; or with a `text` of `null`
  /// those that were there from the beginning.
  package func template(_ body: inout BodyReader) throws(Problem) -> TemplateChange {
    var key = CommunicationTemplate.Key(audience: .team)
    var audience: CommunicationUpdate.Audience?
    var (subject, text): (String?, String?)
    var isReset = false
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "audience": audience = try body.word(CommunicationUpdate.Audience.self)
      case "priority":
        key.priority = try body.isNull() ? nil : try body.word(Priority.self)
      case "language": key.language = try body.text(atMost: Bound.language)
      case "subject": subject = try body.optionalText(atMost: Bound.title)
      case "body": text = try body.optionalText(atMost: Bound.text)
      case "reset": isReset = try body.optionalBool() ?? false
      default: throw body.unknownMember(name)
      }
    }
    key.audience = try body.require(audience, "audience")
    guard !isReset else { return TemplateChange(key: key, text: nil) }
    return TemplateChange(
      key: key,
      text: CommunicationText(
        subject: try body.require(subject, "subject"), body: try body.require(text, "body")))
  }

  /// The `contacts` of the settings: who is told of what the guidance wants told.
  func contacts(_ body: inout BodyReader) throws(Problem) -> SpecialContacts {
    var contacts = SpecialContacts()
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "cyber": contacts.cyber = try contact(&body)
      case "data": contacts.data = try contact(&body)
      default: throw body.unknownMember(name)
      }
    }
    return contacts
  }

  private func contact(_ body: inout BodyReader) throws(Problem) -> Contact? {
    guard try !body.isNull() else { return nil }
    var recipient: Message.Recipient?
    var procedure: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "person": recipient = try optionalPerson(&body).map { .person($0) } ?? recipient
      case "team": recipient = try optionalTeam(&body).map { .team($0) } ?? recipient
      case "address":
        recipient = try body.optionalText(atMost: Bound.email).map { .address($0) } ?? recipient
      case "procedure": procedure = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return Contact(recipient: try body.require(recipient, "person"), procedure: procedure)
  }

  private func id(_ body: inout BodyReader) throws(Problem) -> ID {
    guard let id = ID(try body.text(atMost: 36)) else {
      throw .invalid("An id is a UUID.", member: body.pointer)
    }
    return id
  }

  /// An object with at most one member, which is a text or `null`.
  private func only(_ member: String, _ body: inout BodyReader) throws(Problem) -> String? {
    var text: String?
    try body.beginObject()
    while let name = try body.member() {
      guard name == member else { throw body.unknownMember(name) }
      text = try body.optionalText(atMost: Bound.reason)
    }
    return text
  }
}
