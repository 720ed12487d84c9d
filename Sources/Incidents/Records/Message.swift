package import Bytes

/// Something that must be told at once: to whom, what, and what became of it.
///
/// Rows are made as events are made true, so they are a fold of the record; they hold ids, and who
/// tells them looks the names up. Sending is done from them.
package struct Message: Hashable, Sendable {
  /// So long a row is kept, in milliseconds: thirty days.
  package static let kept = 30 * Span.day

  /// Follows from the event that made it.
  package var id: ID
  /// For whom.
  package var recipient: Recipient
  /// What is told.
  package var about: About
  /// The incident that it is about, if it is about one.
  package var incident: ID?
  /// Whether that is an exercise: then every text says so first.
  package var isExercise: Bool
  /// When it came to be.
  package var at: Int64
  /// What became of it.
  package var state: State
  /// Who has read it, and when; at most ``Bound/members``.
  package var acknowledgements: [Incident.Mark]

  /// For whom a message is.
  package enum Recipient: Hashable, Sendable {
    /// One person.
    case person(ID)
    /// Everybody in a team.
    case team(ID)
    /// Whoever leads a team.
    case leads(of: ID)
    /// Whoever reads the record.
    case auditors
    /// Somebody who is not known here: an address, for the sender.
    case address(String)
  }

  /// What is told.
  package enum About: Hashable, Sendable {
    /// An administrator broke the glass.
    case glassBroken(GlassBreak, by: ID, until: Int64)
    /// A role was offered.
    case roleOffered(Role, to: ID, by: ID)
    /// Somebody has a role from now on, after somebody else.
    case roleTaken(Role, person: ID, previous: ID?)
    /// A flag was set: its specialist team is told.
    case flagSet(Flag, by: ID)
    /// An incident was resolved while the specialist teams of these flags had not been told.
    case flagsStillOpen([Flag])
    /// A communication waits for a second person.
    case approvalAsked(communication: ID, by: ID)
    /// An all-staff message went without a second person.
    case sentWithoutApproval(communication: ID, by: ID, reason: String)
    /// Somebody of none of its teams took up a P1 that nobody had acknowledged in time.
    case takenUpInEmergency(by: ID)
    /// What stays with whoever reported an incident that they may not see any more.
    case receipt(declaredAt: Int64)
  }

  /// What became of a message.
  package enum State: UInt8, CaseIterable, Sendable {
    /// Nobody has begun to send it.
    case waiting = 1
    /// Somebody is about to.
    case claimed = 2
    /// It was sent.
    case sent = 3
    /// It could not be sent.
    case failed = 4
    /// Nobody knows.
    case uncertain = 5
    /// It belongs to an exercise: it would have been sent.
    case wouldHaveBeenSent = 6
  }

  /// A message that waits.
  init(
    id: ID, to recipient: Recipient, _ about: About, incident: Incident?, at: Int64,
    state: State = .waiting
  ) {
    self.id = id
    self.recipient = recipient
    self.about = about
    self.incident = incident?.id
    isExercise = incident?.isExercise ?? false
    self.at = at
    self.state = state
    acknowledgements = []
  }

  /// Whether a person has read it.
  package func isAcknowledged(by person: ID) -> Bool {
    acknowledgements.contains { $0.person == person }
  }

  /// Whether it is in the inbox of a person: what an exercise would have sent is in nobody's.
  package func isIn(inboxOf person: Person) -> Bool {
    state != .wouldHaveBeenSent && person.addressees.contains(recipient)
  }

  /// Whether it is told, in fewer words, to whom it is for though they may not know of its incident.
  package var isToldRegardless: Bool {
    switch about {
    case .receipt, .flagsStillOpen, .glassBroken: true
    case .roleOffered, .roleTaken, .flagSet, .approvalAsked, .sentWithoutApproval,
      .takenUpInEmergency:
      false
    }
  }
}

extension Person {
  /// The recipients that they are one of, each once.
  package var addressees: [Message.Recipient] {
    var found: [Message.Recipient] = [.person(id)]
    for membership in memberships {
      found.append(.team(membership.team))
      if membership.role == .teamLead { found.append(.leads(of: membership.team)) }
    }
    if isAuditor { found.append(.auditors) }
    return found
  }
}

extension Facts {
  /// How a message is shown to a person for whom it is.
  package func showing(_ message: Message, to person: Person, at now: Int64) -> Message.Showing {
    guard message.isIn(inboxOf: person) else { return .hidden }
    guard let id = message.incident else { return .whole }
    guard let incident = incident(id) else { return .hidden }
    if sees(person, incident, at: now) { return .whole }
    return message.isToldRegardless ? .inBrief : .hidden
  }
}

extension Message {
  /// How a message is shown.
  package enum Showing: Hashable, Sendable {
    /// It is not there.
    case hidden
    /// Without what it is about, but what the recipient may know.
    case inBrief
    /// As it is.
    case whole
  }
}
