package import Bytes

/// What the incidents of a span of time come to, in counts and times.
///
/// Exercises are counted as such and are in nothing else. What was cancelled, or is a duplicate, was
/// declared, and is in no time and no target. All is whole numbers: a median and a 90th percentile are
/// times that really occurred (nearest rank), never a mean of two.
package struct Insights: Hashable, Sendable {
  /// All incidents.
  package private(set) var all = Line()
  /// By the priority that they have now, P1 first; all six.
  package private(set) var byPriority = [Line](repeating: Line(), count: Priority.allCases.count)
  /// By lead service, in the order in which they first occurred.
  package private(set) var byService: [ServiceLine] = []
  /// How many were exercises.
  package private(set) var exercises = 0

  private var places: [ID?: Int] = [:]

  /// Nothing yet.
  package init() {}

  /// One line of counts.
  package struct Line: Hashable, Sendable {
    /// Declared in the span.
    package var declared = 0
    /// Not resolved yet.
    package var open = 0
    /// Cancelled, or a duplicate.
    package var dropped = 0
    /// From declaration to "we have it", of each that was acknowledged, in milliseconds.
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

  /// Times that occurred.
  package struct Times: Hashable, Sendable {
    private var sorted: [Int64] = []
    private var isSorted = true

    /// None yet.
    package init() {}

    /// How many.
    package var count: Int { sorted.count }

    /// Adds one.
    package mutating func add(_ milliseconds: Int64) {
      if let last = sorted.last, milliseconds < last { isSorted = false }
      sorted.append(max(0, milliseconds))
    }

    /// The time that so many of a hundred took at most, by nearest rank: of n times in order the one at
    /// place ⌈percent × n ÷ 100⌉. `nil` of none.
    package func percentile(_ percent: Int) -> Int64? {
      precondition((1...100).contains(percent), "\(percent) of a hundred.")
      guard !sorted.isEmpty else { return nil }
      let times = isSorted ? sorted : sorted.sorted()
      return times[(percent * times.count + 99) / 100 - 1]
    }
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

  /// Takes one incident in, as it stands at `now`.
  ///
  /// - Parameters:
  ///   - incident: The incident.
  ///   - actions: Those of its latest review that are not done, if it has one.
  ///   - now: In milliseconds since 1970.
  package mutating func take(_ incident: Incident, actions: [ReviewAction], at now: Int64) {
    guard !incident.isExercise else {
      exercises += 1
      return
    }
    let line = Line(of: incident, actions: actions, at: now)
    all.add(line)
    byPriority[Int(incident.classification.priority.rawValue) - 1].add(line)
    let place = places[incident.service] ?? byService.count
    if place == byService.count {
      places[incident.service] = place
      byService.append(ServiceLine(service: incident.service))
    }
    byService[place].line.add(line)
  }
}

extension Insights.Line {
  /// One incident.
  fileprivate init(of incident: Incident, actions: [ReviewAction], at now: Int64) {
    declared = 1
    overrides = Int(incident.marks.overrides)
    waivers = Int(incident.marks.waivers)
    bounces = Int(incident.bounces)
    reopened = Int(incident.reopenings)
    actionsDue = actions.count { $0.due < now }
    switch incident.status {
    case .cancelled, .duplicate:
      dropped = 1
      return
    case .open, .investigating, .mitigated, .backlog: open = 1
    case .resolved, .inReview, .closed: break
    }
    let start = incident.declaredAt
    if let acknowledgement = incident.acknowledgement {
      toAcknowledge.add(acknowledgement.at - start)
    }
    if let mitigatedAt = incident.marks.mitigatedAt { toMitigate.add(mitigatedAt - start) }
    if let resolvedAt = incident.restoredAt {
      toResolve.add(resolvedAt - start - incident.clocks.notCounted)
    }
    response.add(incident.clocks.state(of: .response, at: now))
    resolution.add(incident.clocks.state(of: .resolution, at: now))
    lateUpdates = Int(incident.clocks.missedUpdates)
  }

  fileprivate mutating func add(_ other: Self) {
    declared += other.declared
    open += other.open
    dropped += other.dropped
    toAcknowledge.add(other.toAcknowledge)
    toMitigate.add(other.toMitigate)
    toResolve.add(other.toResolve)
    response.add(other.response)
    resolution.add(other.resolution)
    lateUpdates += other.lateUpdates
    overrides += other.overrides
    waivers += other.waivers
    bounces += other.bounces
    reopened += other.reopened
    actionsDue += other.actionsDue
  }
}

extension Insights.Times {
  fileprivate mutating func add(_ others: Self) {
    for time in others.sorted { add(time) }
  }
}

extension Insights.Targets {
  fileprivate mutating func add(_ state: Clock.State?) {
    switch state {
    case .met: met += 1
    case .missed, .overdue: missed += 1
    default: break
    }
  }

  fileprivate mutating func add(_ other: Self) {
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
