package import Bytes

/// By what an incident's clocks run: the terms of the policy that it is pinned to, and the calendar of its
/// lead service as it is now.
struct Timing {
  /// Whether due times are worked out as behaviour level 1 did: for P1 and P2 alone, round the clock.
  let isFirst: Bool
  private let department: PolicyTerms
  private let service: PolicyTerms?
  let calendar: WorkCalendar
  /// ``Settings/Extras/calendarEpoch``, at which due times are counted.
  let epoch: UInt32

  /// The rules of behaviour level 1.
  static let first = Timing(
    isFirst: true, department: PolicyTerms(), service: nil, calendar: .englandAndWales, epoch: 0)

  init(
    isFirst: Bool = false, department: PolicyTerms, service: PolicyTerms?, calendar: WorkCalendar,
    epoch: UInt32
  ) {
    self.isFirst = isFirst
    self.department = department
    self.service = service
    self.calendar = calendar
    self.epoch = epoch
  }

  /// What is expected of a priority; `nil` where nothing is worked out.
  func target(of priority: Priority) -> PriorityTarget? {
    if isFirst { return priority.isHigh ? .standard(priority) : nil }
    return service?.targets[priority] ?? department.targets[priority] ?? .standard(priority)
  }

  /// How often stakeholders are told.
  func cadence(of priority: Priority) -> UpdateRule {
    if isFirst { return .standard(priority) }
    return service?.cadence[priority] ?? department.cadence[priority] ?? .standard(priority)
  }

  var countsFromDeclaration: Bool {
    service?.countsFromDeclaration ?? department.countsFromDeclaration ?? false
  }

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

  /// When half of the time for a response has run; `nil` where none is expected.
  func half(ofResponseTo priority: Priority, from start: Int64) -> Int64? {
    target(of: priority).map { target in
      run(span(of: target.response) / 2, isAlways: target.isAlways, from: start)
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
      policyVersion: incident.policyVersion)
  }

  /// By what clocks run under these versions.
  func timing(service: ID?, servicePolicy: UInt64, policyVersion: UInt32) -> Timing {
    guard level >= 2 else { return .first }
    let pinned = service.flatMap {
      servicePolicy == 0 ? nil : self.servicePolicy($0, version: servicePolicy)
    }
    return Timing(
      department: terms(version: policyVersion) ?? PolicyTerms(), service: pinned?.terms,
      calendar: calendar(of: service), epoch: settings()?.extras.calendarEpoch ?? 0)
  }
}
