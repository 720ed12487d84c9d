package import Bytes

/// Words for somebody, to be sent later (policy section 7).
package struct CommunicationDraft: Hashable, Sendable {
  /// Made at the gateway; the id of a draft that these words replace.
  package var id: ID
  /// To whom.
  package var audience: CommunicationUpdate.Audience
  /// In which language; see ``CommunicationTemplate/Key/language``.
  package var language: String
  /// What happened, at most ``Bound/text`` bytes.
  package var what: String
  /// Who is affected, at most ``Bound/reason`` bytes.
  package var affected: String?
  /// What to do meanwhile, at most ``Bound/reason`` bytes.
  package var meanwhile: String?
  /// When the next one comes.
  package var nextUpdateAt: Int64?
  /// The whole text instead of the template's, at most ``Bound/text`` bytes.
  package var text: String?
  /// Who is asked to agree to it. That grants sight of the incident.
  package var approver: ID?
  /// Why it comes late, if it does.
  package var delayReason: String?

  /// A draft.
  package init(
    id: ID, audience: CommunicationUpdate.Audience,
    language: String = CommunicationTemplate.shippedLanguage, what: String,
    affected: String? = nil, meanwhile: String? = nil, nextUpdateAt: Int64? = nil,
    text: String? = nil, approver: ID? = nil, delayReason: String? = nil
  ) {
    self.id = id
    self.audience = audience
    self.language = language
    self.what = what
    self.affected = affected
    self.meanwhile = meanwhile
    self.nextUpdateAt = nextUpdateAt
    self.text = text
    self.approver = approver
    self.delayReason = delayReason
  }
}

/// A step on a communication's way.
package struct CommunicationStep: Hashable, Sendable {
  /// Which communication.
  package var communication: ID
  /// What becomes of it.
  package var step: Step

  /// What can become of a communication.
  package enum Step: Hashable, Sendable {
    /// A second person agrees to its words.
    case approve
    /// It was sent, or goes to whoever sends it; with the reason of an override if it goes without the
    /// approval that it needs.
    case send(overrideReason: String?)
    /// It shall not be sent.
    case withdraw(reason: String?)
    /// What became of it for one group of its recipients.
    case record(Communication.Delivery)
  }

  /// A step.
  package init(communication: ID, step: Step) {
    self.communication = communication
    self.step = step
  }
}

/// A named stakeholder is added to an incident, or taken off it.
package struct StakeholderChange: Hashable, Sendable {
  /// Who.
  package var stakeholder: InformedParty
  /// Whether they are told from now on.
  package var isAdded: Bool

  /// A change.
  package init(_ stakeholder: InformedParty, isAdded: Bool) {
    self.stakeholder = stakeholder
    self.isAdded = isAdded
  }
}

/// How far an incident reaches, and what that means for all staff.
package enum ReachStatement: Hashable, Sendable {
  /// Whether it affects the whole department.
  case department(Bool)
  /// All staff need not be told, because.
  case allStaffNotNeeded(because: String)
}

/// Other words around what is told, or those that were there from the beginning.
package struct TemplateChange: Hashable, Sendable {
  /// For what.
  package var key: CommunicationTemplate.Key
  /// The words; nothing goes back to the beginning.
  package var text: CommunicationText?

  /// A change.
  package init(key: CommunicationTemplate.Key, text: CommunicationText?) {
    self.key = key
    self.text = text
  }
}
