package import Bytes

/// How an incident began.
package struct Declared: Hashable, Sendable {
  /// One line.
  package var title: String
  /// May be empty.
  package var description: String
  /// How it came to us.
  package var source: Source
  /// A free reference to find it by.
  package var reference: String?
  /// The lead service, if it is known.
  package var service: ID?
  /// What a source called a service that nobody here knows.
  package var unknownService: String?
  /// Its teams, and the line that owns it.
  package var teams: Incident.Teams
  /// Its first priority, provisional.
  package var classification: Classification
  /// Who declared it, if that was a person and not an alert.
  package var reporter: ID?
  /// When it began, if that was earlier than the stamp.
  package var beganAt: Int64?
  /// The incident that it is a recurrence of.
  package var recurrenceOf: ID?
}

/// A change of priority.
package struct PriorityChanged: Hashable, Sendable {
  /// What it was.
  package var before: Classification
  /// What it is.
  package var after: Classification
  /// What that means for the clocks.
  package var move: Move
  /// Why.
  package var reason: String?
  /// Whether an alert did it, and no person.
  package var byAlert: Bool

  /// What a change of priority is.
  package enum Move: UInt8, CaseIterable, Sendable {
    /// While provisional: everything counts from declaration.
    case stated = 1
    /// A confirmed priority became more urgent: new clocks from now.
    case raised = 2
    /// A confirmed priority became less urgent: everything counts from declaration.
    case lowered = 3
    /// The same priority, said again or with other factors.
    case unchanged = 4
  }
}

/// A change of the owning line.
package struct OwnerMoved: Hashable, Sendable {
  /// From which line.
  package var from: Line
  /// To which line.
  package var to: Line
  /// Why, if somebody said so; else it follows from the priority.
  package var reason: String?
  /// Whether that line had had it before.
  package var isBounce: Bool
  /// Whether it follows from the priority, and nobody asked for it.
  package var followsPriority: Bool
  /// What behaviour level 2 adds.
  package var extras: Extras?
}

/// That somebody has a role from now on.
package struct RoleTaken: Hashable, Sendable {
  /// The role.
  package var role: Role
  /// Who has it.
  package var person: ID
  /// Who had it.
  package var previous: ID?
  /// How it came.
  package var manner: Manner

  /// How a role came to somebody.
  package enum Manner: UInt8, CaseIterable, Sendable {
    /// They acknowledged, and there was no lead.
    case acknowledging = 1
    /// They accepted an offer.
    case accepting = 2
    /// They took it.
    case taking = 3
    /// They took it to resolve.
    case resolving = 4
  }
}

/// A change of status.
package struct StatusMoved: Hashable, Sendable {
  /// What it was.
  package var from: Incident.Status
  /// What it is.
  package var to: Incident.Status
  /// A word about it.
  package var note: String?
  /// Where it stands in the backlog from now on.
  package var place = BacklogPlace()
}

/// What a duplicate leaves to the one that lives on.
package struct Inheritance: Hashable, Sendable {
  /// The duplicate.
  package var from: ID
  /// When that one began.
  package var beganAt: Int64
  /// Its cyber flag, if set.
  package var cyber: Incident.FlagState?
  /// Its data flag, if set.
  package var data: Incident.FlagState?
  /// Whether it had ever been a confirmed P1 or P2.
  package var owesReview: Bool
  /// What behaviour level 2 adds, if there is any of it.
  package var extras: Extras?
}

/// What one notification changed in a group's table.
package struct AlertReport: Hashable, Sendable {
  /// The group's record.
  package var group: ID
  /// By what the group is known.
  package var key: AlertGroupKey
  /// Alerts that are new, or fire again.
  package var firing: [AlertMember]
  /// Alerts that resolved.
  package var resolved: [AlertMember]
  /// How many alerts were only said again.
  package var repeats: UInt32
  /// How many came late: already known to be over.
  package var late: UInt32
  /// How many the sender left out.
  package var truncated: UInt32
  /// Whether it fired again soon after it had cleared.
  package var isFlapping: Bool
  /// Whether it fires again although a person resolved the incident.
  package var proposesReopen: Bool
}

/// That all alerts of a group are clear.
package struct AlertClearing: Hashable, Sendable {
  /// The group's record.
  package var group: ID
  /// By what the group is known.
  package var key: AlertGroupKey
  /// Whether a person had touched the incident: then somebody must say whether it is restored.
  package var wasTouched: Bool
}
