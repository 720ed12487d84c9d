internal import Bytes

/// Somebody outside of an incident who is told of it.
package struct Contact: Hashable, Sendable {
  /// Where they are reached.
  package var recipient: Message.Recipient
  /// How they want to be told and what they want to know, or where that is written; at most
  /// ``Bound/reason`` bytes.
  package var procedure: String?

  /// A contact.
  package init(recipient: Message.Recipient, procedure: String? = nil) {
    self.recipient = recipient
    self.procedure = procedure
  }
}

/// Who is told of what the guidance wants told to a team of its own (guidance 1; policy section 8). Each
/// is nothing until it is settled.
package struct SpecialContacts: Hashable, Sendable {
  /// The Cabinet Office Cyber Security Team.
  package var cyber: Contact?
  /// The Cabinet Office Data Privacy & Compliance Team.
  package var data: Contact?

  /// These.
  package init(cyber: Contact? = nil, data: Contact? = nil) {
    self.cyber = cyber
    self.data = data
  }

  /// Takes over what a change sets.
  mutating func take(_ change: SpecialContacts) {
    cyber = change.cyber ?? cyber
    data = change.data ?? data
  }

  /// Whom a flag is told.
  package func contact(for flag: Flag) -> Contact? {
    switch flag {
    case .cyber: cyber
    case .data: data
    }
  }

  /// Whether a person is of the team that a flag which is set on an incident is told.
  func concern(_ person: Person, _ incident: Incident) -> Bool {
    Flag.allCases.contains { incident.isSet($0) && include(person, for: $0) }
  }

  /// Whether a person is of the team that a flag is told.
  package func include(_ person: Person, for flag: Flag) -> Bool {
    guard let contact = contact(for: flag) else { return false }
    return person.addressees.contains(contact.recipient)
  }
}

extension Settings {
  /// Who is told of what the guidance wants told.
  package var contacts: SpecialContacts { extras.contacts ?? SpecialContacts() }
}
