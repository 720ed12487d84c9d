/// What a version of the policy says of time and of alerts: targets, cadence, from when a clock counts, and
/// whether another alert wakes people. What it does not say is as in what it stands over: a service's over
/// the department's, and that over ``PriorityTarget/standard(_:)`` and ``UpdateRule/standard(_:)``.
///
/// Versions are kept, not only the newest: an incident runs under the one that it began with
/// (policy section 2).
package struct PolicyTerms: Hashable, Sendable {
  /// Targets by priority.
  package var targets: ByPriority<PriorityTarget>
  /// How often stakeholders are told, by priority.
  package var cadence: ByPriority<UpdateRule>
  /// Whether clocks count from declaration even after a raise, and after it was reopened.
  package var countsFromDeclaration: Bool?
  /// Whether an alert that joins those of an open P1 or P2 is a page too, and not only an entry (policy
  /// section 10).
  package var pagesNewAlerts: Bool?

  /// Terms that say this.
  package init(
    targets: ByPriority<PriorityTarget> = ByPriority(),
    cadence: ByPriority<UpdateRule> = ByPriority(), countsFromDeclaration: Bool? = nil,
    pagesNewAlerts: Bool? = nil
  ) {
    self.targets = targets
    self.cadence = cadence
    self.countsFromDeclaration = countsFromDeclaration
    self.pagesNewAlerts = pagesNewAlerts
  }

  /// Takes over what a change says.
  package mutating func take(_ change: PolicyTerms) {
    targets.take(change.targets)
    cadence.take(change.cadence)
    countsFromDeclaration = change.countsFromDeclaration ?? countsFromDeclaration
    pagesNewAlerts = change.pagesNewAlerts ?? pagesNewAlerts
  }
}

/// Something for each priority of which it is said.
package struct ByPriority<Row: Hashable & Sendable>: Hashable, Sendable {
  private var rows: [Row?] = []

  /// Nothing is said of any.
  package init() {}

  /// What is said of a priority.
  package subscript(priority: Priority) -> Row? {
    get { rows.isEmpty ? nil : rows[Int(priority.rawValue) - 1] }
    set {
      if rows.isEmpty { rows = Priority.allCases.map { _ in nil } }
      rows[Int(priority.rawValue) - 1] = newValue
      if rows.allSatisfy({ $0 == nil }) { rows = [] }
    }
  }

  /// Whether nothing is said.
  package var isEmpty: Bool { rows.isEmpty }

  /// Takes over what a change says.
  package mutating func take(_ change: ByPriority) {
    for priority in Priority.allCases {
      if let row = change[priority] { self[priority] = row }
    }
  }
}

/// A span of time as policy gives it.
package enum Allowance: Hashable, Sendable {
  /// Minutes, of the clock or of working time.
  case minutes(UInt32)
  /// Working days' worth of working time.
  case businessDays(UInt32)

  /// How long one may be: two years.
  package static let mostMinutes: UInt32 = 2 * 366 * 24 * 60
  /// How long one may be: two years of working days.
  package static let mostDays: UInt32 = 522
}

/// What is expected of a priority (guidance section 3, policy section 2).
package struct PriorityTarget: Hashable, Sendable {
  /// Declaration to acknowledgement.
  package var response: Allowance
  /// Declaration to resolution; nothing for what is logged in the backlog.
  package var resolution: Allowance?
  /// The latest end of the range that guidance gives for resolution.
  package var limit: Allowance?
  /// Whether it runs round the clock, and not in working hours alone.
  package var isAlways: Bool

  /// A target.
  package init(
    response: Allowance, resolution: Allowance? = nil, limit: Allowance? = nil,
    isAlways: Bool = false
  ) {
    self.response = response
    self.resolution = resolution
    self.limit = limit
    self.isAlways = isAlways
  }

  /// The table of policy section 2.
  package static func standard(_ priority: Priority) -> PriorityTarget {
    switch priority {
    case .p1:
      PriorityTarget(
        response: .minutes(20), resolution: .minutes(60), limit: .minutes(60), isAlways: true)
    case .p2:
      PriorityTarget(
        response: .minutes(60), resolution: .minutes(240), limit: .minutes(480), isAlways: true)
    case .p3:
      PriorityTarget(
        response: .minutes(120), resolution: .businessDays(1), limit: .businessDays(2))
    case .p4:
      PriorityTarget(
        response: .minutes(240), resolution: .businessDays(3), limit: .businessDays(5))
    case .p5: PriorityTarget(response: .businessDays(1))
    case .p6: PriorityTarget(response: .businessDays(2))
    }
  }
}

/// How often stakeholders are told of an incident (policy section 7). It runs in the hours of the
/// priority's target.
package enum UpdateRule: Hashable, Sendable {
  /// Never by itself.
  case none
  /// Again and again, at most so long after the one before.
  case every(Allowance)
  /// Once, at most so long after declaration.
  case once(Allowance)

  /// The response column of guidance section 3, which is the only interval that it has.
  package static func standard(_ priority: Priority) -> UpdateRule {
    switch priority {
    case .p1: .every(.minutes(20))
    case .p2: .every(.minutes(60))
    case .p3, .p4, .p5, .p6: .none
    }
  }

  /// What the Government Digital Service publishes in the GDS Way.
  package static func gdsWay(_ priority: Priority) -> UpdateRule {
    switch priority {
    case .p1: .every(.minutes(60))
    case .p2: .every(.minutes(120))
    case .p3: .once(.businessDays(2))
    case .p4: .once(.businessDays(5))
    case .p5, .p6: .none
    }
  }
}

extension ByPriority<UpdateRule> {
  /// A row for each priority.
  package init(_ rule: (Priority) -> UpdateRule) {
    self.init()
    for priority in Priority.allCases { self[priority] = rule(priority) }
  }
}

extension PolicyTerms {
  /// That each span can be counted; the refusal names the member that is wrong.
  func check() throws(Refusal) {
    for priority in Priority.allCases {
      if let target = targets[priority] { try target.check(priority) }
      switch cadence[priority] {
      case .every(let allowance)?, .once(let allowance)?:
        try allowance.check("cadence", "The cadence of a \(priority)")
      case nil, .some(.none): break
      }
    }
  }
}

extension PriorityTarget {
  fileprivate func check(_ priority: Priority) throws(Refusal) {
    for allowance in [response, resolution, limit] {
      guard let allowance else { continue }
      try allowance.check("targets", "A target of a \(priority)")
      guard !isAlways || !allowance.isInDays else {
        throw .invalid(
          "targets", "A \(priority) runs round the clock: say its targets in minutes or hours.")
      }
    }
    guard limit == nil || resolution != nil else {
      throw .invalid("targets", "A \(priority) with a limit has a resolution target too.")
    }
    if let resolution, let limit, resolution.isInDays == limit.isInDays {
      guard resolution.count <= limit.count else {
        throw .invalid("targets", "The limit of a \(priority) is its resolution target or later.")
      }
    }
  }
}

extension Allowance {
  var isInDays: Bool {
    if case .businessDays = self { true } else { false }
  }

  var count: UInt32 {
    switch self {
    case .minutes(let count), .businessDays(let count): count
    }
  }

  fileprivate func check(_ field: String, _ what: String) throws(Refusal) {
    guard (1...(isInDays ? Self.mostDays : Self.mostMinutes)).contains(count) else {
      throw .invalid(
        field,
        "\(what) is from 1 minute to two years: at most \(Self.mostMinutes) minutes or "
          + "\(Self.mostDays) business days.")
    }
  }

  /// "20 minutes", "4 hours" or "2 business days".
  package var text: String {
    switch self {
    case .minutes(let count) where count % 60 == 0: Self.text(count / 60, "hour")
    case .minutes(let count): Self.text(count, "minute")
    case .businessDays(let count): Self.text(count, "business day")
    }
  }

  private static func text(_ count: UInt32, _ unit: String) -> String {
    "\(count) \(unit)\(count == 1 ? "" : "s")"
  }

  /// What such a text says, or "20m", "4h" or "2d" for short; `nil` for anything else.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = UInt32(digits) else { return nil }
    switch text.dropFirst(digits.count).drop(while: { $0 == " " }) {
    case "m", "minute", "minutes": self = .minutes(count)
    case "h", "hour", "hours":
      let (minutes, isTooMany) = count.multipliedReportingOverflow(by: 60)
      guard !isTooMany else { return nil }
      self = .minutes(minutes)
    case "d", "business day", "business days": self = .businessDays(count)
    default: return nil
    }
  }
}
