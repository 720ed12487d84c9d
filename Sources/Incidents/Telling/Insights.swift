package import Bytes

/// What the incidents of a span of time come to, in counts and times; an ``InsightTally`` makes it.
///
/// Exercises are counted as such and are in nothing else. What was cancelled, or is a duplicate, was
/// declared, and is in no time and no target. All is whole numbers: a median and a 90th percentile are
/// times that really occurred (nearest rank), never a mean of two.
package struct Insights: Hashable, Sendable {
  /// All incidents.
  package internal(set) var all = Line()
  /// By the priority that they have now, P1 first; all six.
  package internal(set) var byPriority = [Line](repeating: Line(), count: Priority.allCases.count)
  /// By lead service, in the order in which they first occurred.
  package internal(set) var byService: [ServiceLine] = []
  /// How many were exercises.
  package internal(set) var exercises = 0

  /// One line of counts.
  package struct Line: Hashable, Sendable {
    /// Declared in the span.
    package var declared = 0
    /// Not resolved yet.
    package var open = 0
    /// Cancelled, or a duplicate.
    package var dropped = 0
    /// From declaration to "we have it", of each that was acknowledged.
    package var toAcknowledge = Times()
    /// From declaration to the first "mitigated".
    package var toMitigate = Times()
    /// From declaration to the resolution, without the time between a resolution and a reopening.
    package var toResolve = Times()
    /// Response targets met and not met.
    package var response = Targets()
    /// Resolution targets met and not met.
    package var resolution = Targets()
    /// Updates that came late.
    package var lateUpdates = 0
    /// Triages in which what was chosen did not fit what was suggested, or the definition the factors:
    /// ``Triaged/doubts`` (policy section 1).
    package var doubtedChoices = 0
    /// Closed without what was owed, however often.
    package var overrides = 0
    /// Reviews waived.
    package var waivers = 0
    /// Returns to a line that had had it.
    package var bounces = 0
    /// Reopenings.
    package var reopened = 0
    /// Actions of reviews whose day is over, and which nobody has said are done.
    package var actionsDue = 0

    /// Nothing yet.
    package init() {}
  }

  /// The counts of one service.
  package struct ServiceLine: Hashable, Sendable {
    /// The service; `nil` is one that is not known.
    package var service: ID?
    /// Its counts.
    package var line = Line()
  }

  /// What times that occurred come to, in milliseconds.
  package struct Times: Hashable, Sendable {
    /// How many.
    package var count = 0
    /// The time that half of them took at most; `nil` of none.
    package var median: Int64?
    /// The time that nine of ten took at most; `nil` of none.
    package var p90: Int64?

    /// None yet.
    package init() {}
  }

  /// Targets by how they ended.
  package struct Targets: Hashable, Sendable {
    /// In time.
    package var met = 0
    /// Late, or not yet and past it.
    package var missed = 0

    /// None yet.
    package init() {}
  }
}

extension Insights.Line {
  /// Adds the counts of another; times are put together from what occurred, not from what it comes to.
  mutating func add(_ other: Self) {
    declared += other.declared
    open += other.open
    dropped += other.dropped
    response.add(other.response)
    resolution.add(other.resolution)
    lateUpdates += other.lateUpdates
    doubtedChoices += other.doubtedChoices
    overrides += other.overrides
    waivers += other.waivers
    bounces += other.bounces
    reopened += other.reopened
    actionsDue += other.actionsDue
  }
}

extension Insights.Targets {
  mutating func add(_ state: Clock.State?) {
    switch state {
    case .met: met += 1
    case .missed, .overdue: missed += 1
    default: break
    }
  }

  mutating func add(_ other: Self) {
    met += other.met
    missed += other.missed
  }
}

extension Incident {
  /// When service was restored, if it is: by a person, or as its alerts cleared.
  package var restoredAt: Int64? {
    if let resolved { return resolved.at }
    if case .cleared(_, let clearedAt)? = ending { return clearedAt }
    return nil
  }
}
