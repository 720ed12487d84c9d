package import Bytes

/// One incident, as the events so far describe it.
///
/// Everything that a decision needs is here; the timeline, the texts of reviews and the history of
/// each role are in the ledger.
package struct Incident: Hashable, Sendable {
  /// For ever.
  package internal(set) var id: ID
  /// One more with every event about it.
  package internal(set) var version: UInt64
  /// One line.
  package internal(set) var title: String
  /// As it was declared; may be empty.
  package internal(set) var description: String
  /// How it came to us.
  package internal(set) var source: Source
  /// A free reference to find it by.
  package internal(set) var externalReference: String?
  /// The lead service, if it is known.
  package internal(set) var service: ID?
  /// What a source called a service that nobody here knows.
  package internal(set) var unknownService: String?
  /// The teams that support it.
  package internal(set) var teams: Teams
  /// Whether it is an exercise.
  package internal(set) var isExercise: Bool
  /// The version of matrix, targets and cadence that it runs under.
  package internal(set) var policyVersion: UInt32
  /// Who declared it, if that was a person and not an alert.
  package internal(set) var reporter: ID?
  /// When it was declared.
  package internal(set) var declaredAt: Int64
  /// When it began, as far as anybody says.
  package internal(set) var beganAt: Int64

  /// Where in its life it is.
  package internal(set) var status: Status
  /// Since when.
  package internal(set) var statusSince: Int64
  /// Its priority.
  package internal(set) var classification: Classification
  /// Whether it was ever a confirmed P1 or P2: then a review is owed, whatever it is later.
  package internal(set) var owesReview: Bool
  /// The clocks that run or have run.
  package internal(set) var clocks: Clocks
  /// Who first said "we have it", and when.
  package internal(set) var acknowledgement: Acknowledgement?
  /// Who has which role, and who was offered one.
  package internal(set) var roles: Roles
  /// The people who were paged, in that order; at most ``Bound/list``.
  package internal(set) var paged: [ID]
  /// Whether nobody was on call when it was declared.
  package internal(set) var hadNobodyOnCall: Bool
  /// Whether a person has done anything with it. Alerts leave it alone from then on.
  package internal(set) var isTouched: Bool
  /// How often it came back to a line that had had it.
  package internal(set) var bounces: UInt32
  /// The lines that have had it, as bits: 1, 2, 4.
  package internal(set) var linesSeen: UInt8
  /// The cyber flag, if it was ever set.
  package internal(set) var cyber: FlagState?
  /// The data flag, if it was ever set.
  package internal(set) var data: FlagState?
  /// When "restored" was proposed and not yet agreed to, and by whom.
  package internal(set) var restoredProposal: Mark?
  /// How it was resolved, while it is.
  package internal(set) var resolved: Resolved?
  /// The latest finished review.
  package internal(set) var review: ReviewMark?
  /// How it ended, once it did.
  package internal(set) var ending: Ending?
  /// The ticket in the department's system.
  package internal(set) var ticket: Ticket?
  /// When its alerts cleared, while they are clear.
  package internal(set) var alertsClearedAt: Int64?
  /// Whether its alerts fire again after a person resolved it.
  package internal(set) var reopenProposedAt: Int64?
  /// The incident that it is a recurrence of.
  package internal(set) var recurrenceOf: ID?
  /// How often it was reopened.
  package internal(set) var reopenings: UInt32
  /// The groups of alerts that fire for it, at most ``Bound/list``. More than one can, once it has
  /// inherited from a duplicate.
  package internal(set) var firingGroups: [ID]
  /// Who has said "we have it", in that order; at most ``Bound/list``.
  package internal(set) var acknowledgers: [ID]
  /// What behaviour level 2 adds.
  package internal(set) var extras: Extras {
    _read { yield shared[0] }
    _modify { yield &shared[0] }
  }
  /// The one ``extras``, in an array: to hand an incident on counts one reference, and not one for each of
  /// its fifty lists and texts.
  private var shared = [Extras()]

  /// Where in its life an incident is.
  package enum Status: UInt8, CaseIterable, Sendable {
    /// Nobody has begun to work on it.
    case open = 1
    /// It is being worked on.
    case investigating = 2
    /// Users are no longer affected, the cause is still there.
    case mitigated = 3
    /// It waits in the ranked backlog.
    case backlog = 4
    /// Service is restored.
    case resolved = 5
    /// Its review is being written.
    case inReview = 6
    /// Over.
    case closed = 7
    /// It never was an incident.
    case cancelled = 8
    /// It is the same as another.
    case duplicate = 9
  }

  /// The teams that support an incident.
  package struct Teams: Hashable, Sendable {
    /// The 1st line team of its service.
    package var first: ID?
    /// The 2nd line team of its service, or the default team.
    package var second: ID
    /// The 3rd line team of its service.
    package var third: ID?
    /// The line that owns it now.
    package var ownerLine: Line

    /// The team that owns it now.
    package var owner: ID {
      switch ownerLine {
      case .first: first ?? second
      case .second: second
      case .third: third ?? second
      }
    }

    /// Whether a team is one of them.
    package func include(_ team: ID) -> Bool { team == first || team == second || team == third }
  }

  /// Who said "we have it", and when.
  package struct Acknowledgement: Hashable, Sendable {
    /// Who.
    package var person: ID
    /// When.
    package var at: Int64
  }

  /// Who did something, and when.
  package struct Mark: Hashable, Sendable {
    /// Who.
    package var person: ID
    /// When.
    package var at: Int64
  }

  /// How an incident was resolved.
  package struct Resolved: Hashable, Sendable {
    /// Who said so.
    package var person: ID
    /// When service was restored.
    package var at: Int64
    /// What restored it.
    package var fix: String
    /// The root cause, if it is known.
    package var cause: String?
    /// How the lead agreed.
    package var agreement: Agreement
  }

  /// How the lead agreed to a resolution.
  package enum Agreement: Hashable, Sendable {
    /// They said it themselves.
    case lead
    /// By phone, as somebody else says; they confirm it later.
    case phone(name: String)
    /// By phone, and they have confirmed it.
    case phoneConfirmed(name: String, by: ID)
    /// Nobody needed to: P3 to P6.
    case notNeeded
  }

  /// A finished review; its text is in the ledger.
  package struct ReviewMark: Hashable, Sendable {
    /// How many versions there are.
    package var version: UInt32
    /// Who finished the latest.
    package var person: ID
    /// When.
    package var at: Int64
    /// How often the incident had been reopened by then: a review is of one resolution.
    package var reopenings: UInt32
  }

  /// How an incident ended.
  package enum Ending: Hashable, Sendable {
    /// It was closed.
    case closed(at: Int64)
    /// It was closed in spite of a gate.
    case overridden(at: Int64, reason: String)
    /// It was cancelled.
    case cancelled(at: Int64, reason: String)
    /// It is the same as another.
    case duplicate(at: Int64, of: ID)
    /// Its alerts cleared and nobody had touched it: resolved then, and closed some time later.
    case cleared(at: Int64, clearedAt: Int64)

    /// When.
    package var at: Int64 {
      switch self {
      case .closed(let at): at
      case .overridden(let at, _): at
      case .cancelled(let at, _): at
      case .duplicate(let at, _): at
      case .cleared(let at, _): at
      }
    }
  }

  /// A ticket in the department's system.
  package struct Ticket: Hashable, Sendable {
    /// Its reference there, or nothing while only an update was reported.
    package var reference: String
    /// When it was last updated.
    package var updatedAt: Int64?
  }

  /// What became of a flag.
  package struct FlagState: Hashable, Sendable {
    /// Who set it.
    package var setBy: ID
    /// When it was set.
    package var setAt: Int64
    /// When they became aware.
    package var awareAt: Int64
    /// When the specialist team was told.
    package var reportedAt: Int64?
    /// Their reference.
    package var reference: String?
    /// When it was cleared.
    package var clearedAt: Int64?

    /// Whether the team has yet to be told: set, not cleared and not reported.
    package var isOpenDuty: Bool { clearedAt == nil && reportedAt == nil }
  }
}

/// That somebody who has left holds a role in an incident, or was offered one.
package struct Release: Hashable, Sendable {
  /// Who has left.
  package var person: ID
  /// The incident.
  package var incident: ID

  /// A person and an incident.
  package init(person: ID, incident: ID) {
    self.person = person
    self.incident = incident
  }
}

/// A role in the incident team (guidance 6.1).
package enum Role: UInt8, CaseIterable, Sendable {
  /// Manages the incident. Exactly one at a time.
  case lead = 1
  /// Keeps stakeholders informed.
  case commsLead = 2
  /// Writes everything down.
  case documenter = 3
  /// Analyses and repairs. Any number.
  case technicalSupport = 4

  /// As it is called in a sentence.
  package var word: String {
    switch self {
    case .lead: "incident lead"
    case .commsLead: "comms lead"
    case .documenter: "documenter"
    case .technicalSupport: "technical support"
    }
  }
}

/// Who has which role now, and who was offered one. History is in the ledger.
package struct Roles: Hashable, Sendable {
  /// The incident lead.
  package internal(set) var lead: Holder?
  /// The comms lead.
  package internal(set) var commsLead: Holder?
  /// The documenter.
  package internal(set) var documenter: Holder?
  /// Technical support, in the order in which they came; at most ``Bound/list``.
  package internal(set) var technicalSupport: [Holder] = []
  /// What was offered and is not answered, at most one per role and person and ``Bound/list``.
  package internal(set) var offers: [Offer] = []

  /// Somebody in a role.
  package struct Holder: Hashable, Sendable {
    /// Who.
    package var person: ID
    /// Since when.
    package var since: Int64
  }

  /// A role that somebody was offered.
  package struct Offer: Hashable, Sendable {
    /// The role.
    package var role: Role
    /// To whom.
    package var to: ID
    /// By whom.
    package var from: ID
    /// When.
    package var at: Int64
  }

  /// Nobody has a role.
  package init() {}

  /// Who has `role`, in the order in which they came.
  package func holders(of role: Role) -> [Holder] {
    switch role {
    case .lead: lead.map { [$0] } ?? []
    case .commsLead: commsLead.map { [$0] } ?? []
    case .documenter: documenter.map { [$0] } ?? []
    case .technicalSupport: technicalSupport
    }
  }

  /// Whether `person` has `role`.
  package func has(_ role: Role, _ person: ID) -> Bool {
    switch role {
    case .lead: lead?.person == person
    case .commsLead: commsLead?.person == person
    case .documenter: documenter?.person == person
    case .technicalSupport: technicalSupport.contains { $0.person == person }
    }
  }
}
