package import Bytes

/// What the clock has to do with an incident: what was reminded of, who was paged, and what is owed
/// after it is over (policy sections 4 and 6). Kept from behaviour level 2 on.
package struct Watch: Hashable, Sendable {
  /// How often something fired: the version of the incident's due row.
  package internal(set) var version: UInt32 = 0
  /// When anything last happened to it. What became due before that is due from then on.
  package internal(set) var changedAt: Int64?
  /// When a person last did something about it.
  package internal(set) var lastEntryAt: Int64?
  /// How far each duty that is still owed was reminded of.
  package internal(set) var marks: [ReminderMark] = []
  /// Whom it woke, and when it goes on to wake others.
  package internal(set) var paging = Paging()
  /// The limit of which senior management was told that it was missed.
  package internal(set) var escalatedFor: Int64?
  /// When that was noticed that nobody could be reminded, the last time that was so.
  package internal(set) var gapUntil: Int64?
  /// Who made the first assessment, and when.
  package internal(set) var assessed: Incident.Mark?
  /// When the review is held, and with whom.
  package internal(set) var reviewPlan: ReviewPlan?
  /// What follows from its review, at most ``Bound/list``.
  package internal(set) var actions: [TrackedAction] = []

  /// Nothing has happened.
  package init() {}
}

/// A row of what comes due: an incident, and its version when that was seen.
package struct Due: Hashable, Sendable {
  /// The incident.
  package var incident: ID
  /// ``Watch/version``: another one means that what was seen has fired already.
  package var version: UInt32

  /// A row.
  package init(incident: ID, version: UInt32) {
    self.incident = incident
    self.version = version
  }
}

/// A span over which nothing fired, though something was due: no quorum was there, or the clock jumped.
package struct ClusterGap: Hashable, Sendable {
  /// When the first thing was due that did not happen, in milliseconds since 1970.
  package var from: Int64
  /// When that was noticed.
  package var until: Int64

  /// A gap.
  package init(from: Int64, until: Int64) {
    self.from = from
    self.until = until
  }
}

/// What the lead makes of an incident at first (guidance 6.2, step 5): the first line of its report.
package struct Assessment: Hashable, Sendable {
  /// What it is, at most ``Bound/reason`` bytes.
  package var what: String
  /// Who is affected.
  package var affected: String
  /// What is done next.
  package var next: String

  /// An assessment.
  package init(what: String, affected: String, next: String) {
    self.what = what
    self.affected = affected
    self.next = next
  }
}

/// When a post-incident review is held, and with whom (guidance 6.2, step 9).
package struct ReviewPlan: Hashable, Sendable {
  /// When, in milliseconds since 1970.
  package var at: Int64
  /// Who takes part, at most ``Bound/list``.
  package var attendees: [ID]

  /// A plan.
  package init(at: Int64, attendees: [ID]) {
    self.at = at
    self.attendees = attendees
  }
}

/// An action of a finished review, followed until it is done.
package struct TrackedAction: Hashable, Sendable {
  /// From 1 on, in the order of the review.
  package var number: UInt32
  /// What is to be done, by whom and by when.
  package var action: ReviewAction
  /// When it was agreed.
  package var since: Int64
  /// Who said that it is done, and when.
  package var done: Incident.Mark?
}

extension Incident {
  /// Whether its alerts fire again after a person said that it is over, and nobody has said yet whether
  /// it is reopened.
  package var asksToReopen: Bool {
    guard reopenProposedAt != nil else { return false }
    return switch status {
    case .resolved, .inReview, .closed: true
    case .open, .investigating, .mitigated, .backlog, .cancelled, .duplicate: false
    }
  }

  /// Who leads it while it is an open P1 or P2; otherwise nobody.
  package var majorLead: ID? {
    status.isLive && classification.priority.isHigh ? roles.lead?.person : nil
  }

  /// What the clock has to do with it; nothing of before behaviour level 2.
  package var watch: Watch { extras.watch ?? Watch() }
}
