package import Bytes

/// A new incident, as somebody reports it.
package struct Declaration: Hashable, Sendable {
  /// Made at the gateway; the reference that people use comes from its random bits.
  package var id: ID
  /// One line, at most ``Bound/title`` bytes.
  package var title: String
  /// At most ``Bound/description`` bytes; may be empty.
  package var description: String
  /// The affected service, if it is known.
  package var service: ID?
  /// Impact and urgency, or a priority outright.
  package var choice: PriorityChoice?
  /// How it came to us.
  package var source: Source
  /// A free reference to find it by, at most ``Bound/reference`` bytes.
  package var reference: String?
  /// When it began, if that was earlier.
  package var happenedAt: Int64?
  /// Whether it is an exercise. Never changes.
  package var isExercise: Bool
  /// What behaviour level 2 adds.
  package var extras: Extras

  /// A declaration.
  package init(
    id: ID, title: String, description: String = "", service: ID? = nil,
    choice: PriorityChoice? = nil, source: Source = Source(kind: .staff), reference: String? = nil,
    happenedAt: Int64? = nil, isExercise: Bool = false, extras: Extras = Extras()
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.service = service
    self.choice = choice
    self.source = source
    self.reference = reference
    self.happenedAt = happenedAt
    self.isExercise = isExercise
    self.extras = extras
  }
}

/// How an incident came to us (guidance 6.2, step 1).
package struct Source: Hashable, Sendable {
  /// By whom or what.
  package var kind: Kind
  /// The reference there, at most ``Bound/reference`` bytes.
  package var reference: String?

  /// By whom or what an incident was noticed.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// A monitoring system.
    case alert = 1
    /// 1st line, escalating.
    case firstLine = 2
    /// A member of staff.
    case staff = 3
    /// A supplier.
    case supplier = 4
    /// A person watching the service.
    case watching = 5
  }

  /// A source.
  package init(kind: Kind, reference: String? = nil) {
    self.kind = kind
    self.reference = reference
  }
}

/// A priority that somebody states.
package struct PriorityChange: Hashable, Sendable {
  /// The priority.
  package var choice: PriorityChoice
  /// Whether they confirm it; otherwise it stays provisional.
  package var confirm: Bool
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String?
  /// The answers and the definition by which it was found.
  package var triage: Triage

  /// A change.
  package init(
    choice: PriorityChoice, confirm: Bool, reason: String? = nil, triage: Triage = Triage()
  ) {
    self.choice = choice
    self.confirm = confirm
    self.reason = reason
    self.triage = triage
  }
}

/// Something that shall happen to a role.
package struct RoleChange: Hashable, Sendable {
  /// The role.
  package var role: Role
  /// What happens to it.
  package var step: Step

  /// What can happen to a role.
  package enum Step: Hashable, Sendable {
    /// Offer it; who has it keeps it until the other accepts.
    case give(to: ID)
    /// Accept an offer.
    case accept
    /// Decline an offer, or a lead that came with the acknowledgement.
    case decline
    /// Take it at once; both are told.
    case take
    /// Put it down.
    case leave
  }

  /// A change.
  package init(role: Role, step: Step) {
    self.role = role
    self.step = step
  }
}

/// An entry for the timeline. Never changed afterwards, only corrected by another.
package struct Note: Hashable, Sendable {
  /// What it is.
  package var kind: Kind
  /// At most ``Bound/text`` bytes.
  package var text: String
  /// When it happened, if not now.
  package var happenedAt: Int64?
  /// For whom it was written down.
  package var onBehalfOf: ID?
  /// The ledger position of the entry that it corrects; a correction needs one.
  package var corrects: UInt64?

  /// What an entry is (guidance 6.2, step 6).
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// Something was done.
    case action = 1
    /// Something was decided.
    case decision = 2
    /// Something was talked about.
    case discussion = 3
    /// Something was found out.
    case finding = 4
    /// Somebody was told.
    case communication = 5
    /// A link, its size and its hash.
    case evidence = 6
    /// An earlier entry was wrong.
    case correction = 7
  }

  /// An entry.
  package init(
    kind: Kind, text: String, happenedAt: Int64? = nil, onBehalfOf: ID? = nil,
    corrects: UInt64? = nil
  ) {
    self.kind = kind
    self.text = text
    self.happenedAt = happenedAt
    self.onBehalfOf = onBehalfOf
    self.corrects = corrects
  }
}

/// A communication that was sent (guidance 6.2, step 7).
package struct CommunicationUpdate: Hashable, Sendable {
  /// To whom.
  package var audience: Audience
  /// What was said, at most ``Bound/text`` bytes.
  package var text: String
  /// When the next one was promised. Sooner than the cadence counts, later does not.
  package var nextUpdateAt: Int64?
  /// What behaviour level 2 adds.
  package var extras: Extras

  /// What behaviour level 2 adds to a communication that was sent. One without any of it is written as
  /// level 1 writes it, byte for byte.
  package struct Extras: Hashable, Sendable {
    /// Who is affected, at most ``Bound/reason`` bytes.
    package var affected: String?
    /// What to do meanwhile, at most ``Bound/reason`` bytes.
    package var meanwhile: String?
    /// Why it comes late, at most ``Bound/reason`` bytes.
    package var delayReason: String?

    /// These.
    package init(affected: String? = nil, meanwhile: String? = nil, delayReason: String? = nil) {
      self.affected = affected
      self.meanwhile = meanwhile
      self.delayReason = delayReason
    }
  }

  /// What is said where nothing has changed (policy section 7): it counts like any other.
  package static func noChange(until next: Int64?) -> String {
    next.map { "No change, next update at \(DisplayTime.text($0))." } ?? "No change."
  }

  /// To whom a communication goes.
  package enum Audience: UInt8, CaseIterable, Sendable {
    /// The incident team. Does not count as an update to anybody.
    case team = 1
    /// Named stakeholders.
    case stakeholders = 2
    /// Everybody in the department.
    case allStaff = 3
    /// Readers of the status page.
    case statusPage = 4
  }

  /// An update.
  package init(
    audience: Audience, text: String, nextUpdateAt: Int64? = nil, extras: Extras = Extras()
  ) {
    self.audience = audience
    self.text = text
    self.nextUpdateAt = nextUpdateAt
    self.extras = extras
  }
}

/// A status that people choose while an incident lives.
package struct StatusChange: Hashable, Sendable {
  /// Where to.
  package var to: Target
  /// A word about it, at most ``Bound/reason`` bytes.
  package var note: String?
  /// Where it stands in the backlog. Only said of what goes there, or is there.
  package var place: BacklogPlace

  /// The statuses that are chosen; the others follow from what is done.
  package enum Target: UInt8, CaseIterable, Sendable {
    /// It is being worked on.
    case investigating = 1
    /// Users are no longer affected, the cause is still there.
    case mitigated = 2
    /// It waits in the ranked backlog: P3 to P5.
    case backlog = 3
  }

  /// A change.
  package init(to: Target, note: String? = nil, place: BacklogPlace = BacklogPlace()) {
    self.to = to
    self.note = note
    self.place = place
  }
}

/// A hand-over to another line of support.
package struct HandOver: Hashable, Sendable {
  /// Where to.
  package var to: Line
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String?

  /// A hand-over.
  package init(to: Line, reason: String? = nil) {
    self.to = to
    self.reason = reason
  }
}

/// How an incident was resolved (guidance 6.2, step 8).
package struct Resolution: Hashable, Sendable {
  /// What restored the service, at most ``Bound/text`` bytes.
  package var fix: String
  /// The root cause, if it is known.
  package var cause: String?
  /// When service was restored, if not now.
  package var happenedAt: Int64?
  /// Whether who asks takes the lead in the same request.
  package var takesLead: Bool
  /// The name of the lead who agreed by phone, who confirms later.
  package var leadAgreedByPhone: String?
  /// When the department's ticket was updated, if it was.
  package var ticketUpdatedAt: Int64?

  /// A resolution.
  package init(
    fix: String, cause: String? = nil, happenedAt: Int64? = nil, takesLead: Bool = false,
    leadAgreedByPhone: String? = nil, ticketUpdatedAt: Int64? = nil
  ) {
    self.fix = fix
    self.cause = cause
    self.happenedAt = happenedAt
    self.takesLead = takesLead
    self.leadAgreedByPhone = leadAgreedByPhone
    self.ticketUpdatedAt = ticketUpdatedAt
  }
}

/// A post-incident review (guidance 6.2, step 9).
package struct Review: Hashable, Sendable {
  /// What happened.
  package var summary: String
  /// Who was affected and how.
  package var impact: String
  /// When the trouble began, if that is known.
  package var beganAt: Int64?
  /// When it was noticed.
  package var detectedAt: Int64?
  /// When users stopped being affected.
  package var mitigatedAt: Int64?
  /// The cause, or why it is not established.
  package var cause: Finding
  /// What else contributed.
  package var contributingFactors: [String]
  /// What went well.
  package var wentWell: [String]
  /// What did not.
  package var wentBadly: [String]
  /// What is done so that it does not happen again, or why nothing is.
  package var actions: Actions
  /// Who took part.
  package var attendees: [ID]

  /// A cause.
  package enum Finding: Hashable, Sendable {
    /// This was it.
    case established(String)
    /// It is not established, because.
    case notEstablished(because: String)
  }

  /// What follows.
  package enum Actions: Hashable, Sendable {
    /// At least one.
    case some([ReviewAction])
    /// None, because.
    case none(because: String)
  }

  /// A review.
  package init(
    summary: String, impact: String, beganAt: Int64? = nil, detectedAt: Int64? = nil,
    mitigatedAt: Int64? = nil, cause: Finding, contributingFactors: [String] = [],
    wentWell: [String] = [], wentBadly: [String] = [], actions: Actions, attendees: [ID] = []
  ) {
    self.summary = summary
    self.impact = impact
    self.beganAt = beganAt
    self.detectedAt = detectedAt
    self.mitigatedAt = mitigatedAt
    self.cause = cause
    self.contributingFactors = contributingFactors
    self.wentWell = wentWell
    self.wentBadly = wentBadly
    self.actions = actions
    self.attendees = attendees
  }
}

/// Something that somebody shall do after a review.
package struct ReviewAction: Hashable, Sendable {
  /// What, at most ``Bound/reason`` bytes.
  package var what: String
  /// Who.
  package var owner: ID
  /// By when, in milliseconds since 1970.
  package var due: Int64

  /// An action.
  package init(what: String, owner: ID, due: Int64) {
    self.what = what
    self.owner = owner
    self.due = due
  }
}

/// What an incident may be as well (guidance 1).
package enum Flag: UInt8, CaseIterable, Sendable {
  /// A cyber security incident: to the Cabinet Office Cyber Security Team.
  case cyber = 1
  /// A data breach or loss: to the Cabinet Office Data Privacy & Compliance Team.
  case data = 2
}

/// A flag that somebody sets.
package struct FlagRaising: Hashable, Sendable {
  /// Which.
  package var flag: Flag
  /// When they became aware, if earlier; the 72 hours of a breach run from then.
  package var awareAt: Int64?
  /// A word about it, at most ``Bound/reason`` bytes.
  package var note: String?

  /// A flag.
  package init(flag: Flag, awareAt: Int64? = nil, note: String? = nil) {
    self.flag = flag
    self.awareAt = awareAt
    self.note = note
  }
}

/// That the specialist team was told.
package struct FlagReport: Hashable, Sendable {
  /// Which flag's.
  package var flag: Flag
  /// When, in milliseconds since 1970.
  package var reportedAt: Int64
  /// By whom, as a name; at most ``Bound/name`` bytes.
  package var by: String
  /// Their reference.
  package var reference: String?

  /// A report.
  package init(flag: Flag, reportedAt: Int64, by: String, reference: String? = nil) {
    self.flag = flag
    self.reportedAt = reportedAt
    self.by = by
    self.reference = reference
  }
}
