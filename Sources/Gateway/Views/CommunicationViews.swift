import Bytes
import Incidents
import JSON

extension IncidentView {
  /// Writes whom it concerns and what is owed to them.
  func outreach(_ incident: Incident, _ json: inout JSONWriter) {
    let outreach = incident.outreach
    json.array("stakeholders") { json in
      for stakeholder in outreach.stakeholders { json.write(stakeholder, names) }
    }
    json.array("informed") { json in
      guard let service = incident.service else { return }
      let priority = incident.classification.priority
      for stakeholder in names.stakeholders(of: service, at: priority) {
        json.informed(stakeholder, names)
      }
    }
    json.object("updates") { json in
      json.time("lastAt", incident.clocks.lastUpdateAt)
      json.member("late", Int(incident.clocks.missedUpdates))
      if let late = outreach.unexplained {
        json.object("unexplained") { json in
          json.time("due", late.dueAt)
          json.time("sentAt", late.sentAt)
        }
      } else {
        json.null("unexplained")
      }
    }
    json.object("allStaff") { json in
      json.member("wholeDepartment", incident.affectsDepartment)
      json.member("owed", incident.owesAllStaff)
      json.time("toldAt", outreach.allStaffToldAt)
      json.member("notNeededBecause", outreach.allStaffNotNeeded?.text)
    }
  }
}

extension JSONWriter {
  /// Writes somebody whom an incident concerns, as an object.
  fileprivate mutating func write(_ stakeholder: InformedParty, _ names: NameBook<some Facts>) {
    object { json in
      switch stakeholder {
      case .person(let id): json.person("person", id, names)
      case .team(let id): json.team("team", id, names)
      case .address(let address): json.member("address", address)
      }
    }
  }

  /// Writes somebody whom the service names, as an object.
  fileprivate mutating func informed(_ stakeholder: Stakeholder, _ names: NameBook<some Facts>) {
    object { json in
      switch stakeholder.who {
      case .party(.role(let role)): json.member("role", role.spelling)
      case .party(.team(let id)): json.team("team", id, names)
      case .party(.person(let id)): json.person("person", id, names)
      case .other(let name, let email):
        json.member("name", name)
        json.member("address", email)
      }
    }
  }

  /// Writes a communication, as an object.
  mutating func write(_ communication: Communication, _ names: NameBook<some Facts>) {
    let draft = communication.draft
    object { json in
      json.member("id", communication.id.description)
      json.member("state", communication.state.spelling)
      json.member("audience", draft.audience.spelling)
      json.member("language", draft.language)
      json.member("what", draft.what)
      json.member("affected", draft.affected)
      json.member("meanwhile", draft.meanwhile)
      json.time("nextUpdateAt", draft.nextUpdateAt)
      json.member("subject", communication.text.subject)
      json.member("body", communication.text.body)
      json.person("author", communication.author, names)
      json.time("draftedAt", communication.draftedAt)
      json.person("asked", draft.approver, names)
      json.person("approver", communication.approval?.person, names)
      json.time("approvedAt", communication.approval?.at)
      json.person("endedBy", communication.ending?.person, names)
      json.time("endedAt", communication.ending?.at)
      json.member("reason", communication.reason)
      json.member("delayReason", draft.delayReason)
      json.array("deliveries") { json in
        for delivery in communication.deliveries {
          json.object { json in
            json.member("group", delivery.group)
            json.member("outcome", delivery.outcome.spelling)
            json.time("at", delivery.at)
            json.member("detail", delivery.detail)
          }
        }
      }
      json.member("version", Int(clamping: communication.version))
    }
  }

  /// Writes a template, as an object.
  mutating func write(_ template: CommunicationTemplate) {
    object { json in
      json.member("audience", template.key.audience.spelling)
      json.member("priority", template.key.priority?.spelling)
      json.member("language", template.key.language)
      json.member("subject", template.text.subject)
      json.member("body", template.text.body)
      json.member("version", Int(clamping: template.version))
    }
  }

  /// Writes a message, as an object.
  ///
  /// - Parameters:
  ///   - reader: For whom: whether they have read it.
  ///   - isBrief: Whether they may not know of its incident.
  mutating func write(
    _ message: Message, for reader: Person?, isBrief: Bool, _ names: NameBook<some Facts>
  ) {
    object { json in
      json.member("id", message.id.description)
      json.time("at", message.at)
      json.member("kind", message.about.spelling)
      json.write(message.recipient, names)
      json.member("text", message.sentence(names.names, isBrief: isBrief))
      if let incident = message.incident, !isBrief {
        json.object("incident") { json in
          json.member("id", incident.description)
          json.member("reference", Reference(incident).text)
        }
      } else {
        json.null("incident")
      }
      json.member("state", message.state.spelling)
      if let reader {
        json.member("read", message.isAcknowledged(by: reader.id))
      } else {
        json.array("readBy") { json in
          for mark in message.acknowledgements { json.person(nil, mark.person, names) }
        }
      }
    }
  }

  private mutating func write(_ recipient: Message.Recipient, _ names: NameBook<some Facts>) {
    object("to") { json in
      switch recipient {
      case .person(let id): json.person("person", id, names)
      case .team(let id): json.team("team", id, names)
      case .leads(let id): json.team("leadsOf", id, names)
      case .auditors: json.member("auditors", true)
      case .address(let address): json.member("address", address)
      }
    }
  }

  /// Writes who is told of what the guidance wants told, as the member `contacts`.
  mutating func write(_ contacts: SpecialContacts, _ names: NameBook<some Facts>) {
    object("contacts") { json in
      json.contact("cyber", contacts.cyber, names)
      json.contact("data", contacts.data, names)
    }
  }

  /// Writes a contact, or `null`, as the value of `member`.
  mutating func contact(
    _ member: StaticString, _ contact: Contact?, _ names: NameBook<some Facts>
  ) {
    guard let contact else { return null(member) }
    object(member) { json in
      switch contact.recipient {
      case .person(let id): json.person("person", id, names)
      case .team(let id), .leads(let id): json.team("team", id, names)
      case .address(let address): json.member("address", address)
      case .auditors: json.null("person")
      }
      json.member("procedure", contact.procedure)
    }
  }
}

extension Communication.State: Spelt {
  package var spelling: String {
    switch self {
    case .draft: "draft"
    case .approved: "approved"
    case .sent: "sent"
    case .withdrawn: "withdrawn"
    case .wouldHaveBeenSent: "would-have-been-sent"
    }
  }
}

extension Communication.Delivery.Outcome: Spelt {
  package var spelling: String {
    switch self {
    case .queued: "queued"
    case .sent: "sent"
    case .failed: "failed"
    case .uncertain: "uncertain"
    }
  }
}

extension CommunicationMoved.Step {
  /// As the timeline calls it.
  var spelling: String {
    switch self {
    case .approved: "communication-approved"
    case .sent: "update"
    case .withdrawn: "communication-withdrawn"
    case .delivered: "communication-delivered"
    }
  }
}

extension Message.State {
  /// Its word in the interface.
  var spelling: String {
    switch self {
    case .waiting: "waiting"
    case .claimed: "claimed"
    case .sent: "sent"
    case .failed: "failed"
    case .uncertain: "uncertain"
    case .wouldHaveBeenSent: "would-have-been-sent"
    }
  }
}

extension Message.About {
  /// Its kind, as a program sees it.
  var spelling: String {
    switch self {
    case .glassBroken: "glass-broken"
    case .roleOffered: "role-offered"
    case .roleTaken: "role-taken"
    case .flagSet: "flag-set"
    case .flagsStillOpen: "flags-still-open"
    case .takenUpInEmergency: "taken-up-in-emergency"
    case .approvalAsked: "approval-asked"
    case .sentWithoutApproval: "sent-without-approval"
    case .receipt: "receipt"
    }
  }
}
