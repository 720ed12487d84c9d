package import Bytes

/// The first answer to a P5 or P6 (policy section 3).
package struct Answer: Hashable, Sendable {
  /// What was answered, at most ``Bound/text`` bytes; nothing where it was only logged.
  package var text: String?
  /// Whether it is logged, and nothing more is done about it.
  package var isLogged: Bool

  /// An answer.
  package init(text: String? = nil, isLogged: Bool = false) {
    self.text = text
    self.isLogged = isLogged
  }
}

/// How another service is affected.
package struct AffectedChange: Hashable, Sendable {
  /// Which service.
  package var service: ID
  /// How it is, or `nil` if it is not affected after all.
  package var state: AffectedService.State?

  /// A change.
  package init(service: ID, state: AffectedService.State?) {
    self.service = service
    self.state = state
  }
}

/// The lead service that an incident is to have.
package struct LeadServiceChange: Hashable, Sendable {
  /// Which service.
  package var service: ID
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String?

  /// A change.
  package init(service: ID, reason: String? = nil) {
    self.service = service
    self.reason = reason
  }
}

/// What an incident has to do with another, or with a change.
package enum Relation: Hashable, Sendable {
  /// It belongs to this major incident, or to none.
  case childOf(ID?)
  /// It is a recurrence of this one, or of none.
  case recurrenceOf(ID?)
  /// This change caused it.
  case causedBy(ChangeLink)
}

/// Somebody from outside an incident's teams who is brought in.
package enum Engagement: Hashable, Sendable {
  /// A supplier, or what is new of one who was brought in before.
  case supplier(EngagedSupplier)
  /// A person or a team.
  case specialist(Party)
}
