package import Bytes

/// By what an incident's clocks run: the terms of the policy that it is pinned to, and the calendar of its
/// lead service as it is now.
struct Timing {
  /// Whether due times are worked out as behaviour level 1 did: for P1 and P2 alone, round the clock.
  let isFirst: Bool
  private let department: PolicyTerms
  private let service: PolicyTerms?
  /// The terms of the other services that are affected, where they have any.
  private let affected: [PolicyTerms?]
  let calendar: WorkCalendar
  /// ``Settings/Extras/calendarEpoch``, at which due times are counted.
  let epoch: UInt32

  /// The rules of behaviour level 1.
  static let first = Timing(
    isFirst: true, department: PolicyTerms(), service: nil, calendar: .englandAndWales, epoch: 0)

  init(
    isFirst: Bool = false, department: PolicyTerms, service: PolicyTerms?,
    affected: [PolicyTerms?] = [], calendar: WorkCalendar, epoch: UInt32
  ) {
    self.isFirst = isFirst
    self.department = department
    self.service = service
    self.affected = affected
    self.calendar = calendar
    self.epoch = epoch
  }

  /// What the lead service expects of a priority; `nil` where nothing is worked out.
  func target(of priority: Priority) -> PriorityTarget? {
    if isFirst { return priority.isHigh ? .standard(priority) : nil }
    return target(of: priority, by: service)
  }

  private func target(of priority: Priority, by terms: PolicyTerms?) -> PriorityTarget {
    terms?.targets[priority] ?? department.targets[priority] ?? .standard(priority)
  }

  /// The strictest of what the lead service and the others that are affected expect (policy section 3): what
  /// of it is due first.
  ///
  /// - Parameters:
  ///   - start: From when it is counted.
  ///   - span: Which part of a target.
  func strictest(
    of priority: Priority, from start: Int64, _ span: (PriorityTarget) -> Allowance?
  ) -> PriorityTarget? {
    guard let leads = target(of: priority) else { return nil }
    guard !isFirst, !affected.isEmpty else { return leads }
    func due(_ target: PriorityTarget) -> Int64 {
      span(target).map { run(self.span(of: $0), isAlways: target.isAlways, from: start) }
        ?? Int64.max
    }
    var strictest = leads
    for terms in affected {
      let other = target(of: priority, by: terms)
      if due(other) < due(strictest) { strictest = other }
    }
    return strictest
  }

  /// How often stakeholders are told.
  func cadence(of priority: Priority) -> UpdateRule {
    if isFirst { return .standard(priority) }
    return service?.cadence[priority] ?? department.cadence[priority] ?? .standard(priority)
  }

  var countsFromDeclaration: Bool {
    service?.countsFromDeclaration ?? department.countsFromDeclaration ?? false
  }

  /// Whether an alert that joins others is a page too.
  var pagesNewAlerts: Bool { service?.pagesNewAlerts ?? department.pagesNewAlerts ?? false }

  /// Milliseconds that an allowance grants.
  func span(of allowance: Allowance) -> Int64 {
    switch allowance {
    case .minutes(let count): Int64(count) * Span.minute
    case .businessDays(let count): Int64(count) * calendar.businessDay
    }
  }

  /// When `span` has run from `start`, without the gaps.
  ///
  /// - Parameters:
  ///   - isAlways: Whether it runs round the clock.
  ///   - gaps: Times that do not count, in the order in which they begin.
  func run(
    _ span: Int64, isAlways: Bool, from start: Int64, without gaps: [Range<Int64>] = []
  ) -> Int64 {
    var rest = span
    var begins = start
    for gap in gaps where gap.upperBound > begins {
      let run = ran(from: begins, to: gap.lowerBound, isAlways: isAlways)
      // What is due before the gap, or as it begins, is due there.
      if run >= rest { break }
      rest -= run
      begins = gap.upperBound
    }
    return isAlways
      ? min(begins + rest, Bound.time.upperBound) : calendar.adding(rest, to: begins)
  }

  /// When one of so many equal parts of the time for a response has run; `nil` where none is expected.
  func part(of parts: Int64, ofResponseTo priority: Priority, from start: Int64) -> Int64? {
    strictest(of: priority, from: start, \.response).map { target in
      run(span(of: target.response) / parts, isAlways: target.isAlways, from: start)
    }
  }

  /// How long it has run between two moments.
  private func ran(from: Int64, to: Int64, isAlways: Bool) -> Int64 {
    isAlways ? max(0, to - from) : calendar.worked(from: from, to: to)
  }

  /// When three quarters have run of what is between `start` and `due`.
  func soon(
    from start: Int64, to due: Int64, isAlways: Bool, without gaps: [Range<Int64>] = []
  ) -> Int64 {
    var whole: Int64 = 0
    var begins = start
    for gap in gaps where gap.upperBound > begins && gap.lowerBound < due {
      whole += ran(from: begins, to: gap.lowerBound, isAlways: isAlways)
      begins = gap.upperBound
    }
    whole += ran(from: begins, to: due, isAlways: isAlways)
    return run((3 * whole + 3) / 4, isAlways: isAlways, from: start, without: gaps)
  }
}

extension Facts {
  /// The calendar of this key: as it was settled here, or else as it ships.
  package func workCalendar(_ key: String) -> WorkCalendar? {
    calendar(named: key) ?? WorkCalendar.shipped(key)
  }

  /// The calendar that a service follows, or the department where there is none.
  package func calendar(of service: ID?) -> WorkCalendar {
    let key =
      service.flatMap { servicePolicy($0)?.calendar } ?? settings()?.extras.calendar
      ?? WorkCalendar.standardKey
    return workCalendar(key) ?? .englandAndWales
  }

  /// By what the clocks of an incident run.
  func timing(of incident: Incident) -> Timing {
    timing(
      service: incident.service, servicePolicy: incident.clocks.extras.servicePolicy,
      policyVersion: incident.policyVersion, affected: incident.around.affected)
  }

  /// By what clocks run under these versions.
  func timing(
    service: ID?, servicePolicy: UInt64, policyVersion: UInt32, affected: [AffectedService] = []
  ) -> Timing {
    guard level >= 2 else { return .first }
    func pinned(_ service: ID, _ version: UInt64) -> PolicyTerms? {
      version == 0 ? nil : self.servicePolicy(service, version: version)?.terms
    }
    return Timing(
      department: terms(version: policyVersion) ?? PolicyTerms(),
      service: service.flatMap { pinned($0, servicePolicy) },
      affected: affected.map { pinned($0.service, $0.policy) },
      calendar: calendar(of: service), epoch: settings()?.extras.calendarEpoch ?? 0)
  }
}
