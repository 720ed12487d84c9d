/// How soon an incident must be worked on, by guidance section 3.
package enum Priority: UInt8, CaseIterable, Comparable, Sendable {
  /// A critical business service is out, or access is unauthorised right now.
  case p1 = 1
  /// A critical service is substantially degraded, or an important one is out.
  case p2 = 2
  /// A key service is intermittent, or a small group or one senior person is out.
  case p3 = 3
  /// A component failed without impact, or one person has a workaround.
  case p4 = 4
  /// Nothing to do but to watch it.
  case p5 = 5
  /// A request for information.
  case p6 = 6

  /// More urgent is smaller: P1 < P2.
  package static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

  /// Whether the formal process of guidance 5.1 applies: P1 and P2.
  package var isHigh: Bool { self <= .p2 }
}

extension Priority: CustomStringConvertible {
  /// "P1" to "P6".
  package var description: String { "P\(rawValue)" }

  /// The word that guidance section 3 gives it.
  package var word: String {
    switch self {
    case .p1: "Critical"
    case .p2: "Major"
    case .p3: "Significant"
    case .p4: "Minor"
    case .p5: "Monitor"
    case .p6: "Informational"
    }
  }

  /// The priority that `text` names as "P1" to "P6", in either case.
  package init?(_ text: String) {
    guard let found = Self.allCases.first(where: { $0.description == text.uppercased() }) else {
      return nil
    }
    self = found
  }
}

/// A level of impact or of urgency, by guidance 2.1 and 2.2.
package enum Level: UInt8, CaseIterable, Comparable, Sendable {
  /// The least.
  case low = 0
  /// Between the two.
  case medium = 1
  /// The most.
  case high = 2

  /// Less is smaller.
  package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

  /// "high", "medium" or "low".
  package var word: String {
    switch self {
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    }
  }
}

/// How somebody states a priority: by the two factors, or outright.
package enum PriorityChoice: Hashable, Sendable {
  /// By the matrix.
  case matrix(impact: Level, urgency: Level)
  /// Outright, by classification. The only way to P6.
  case level(Priority)

  /// The priority that is meant, by the matrix of guidance 2.3 unless another is in force.
  package func priority(by matrix: PriorityMatrix = .standard) -> Priority {
    switch self {
    case .matrix(let impact, let urgency): matrix.priority(impact: impact, urgency: urgency)
    case .level(let priority): priority
    }
  }
}

/// What an incident's priority is, and how sure of it we are.
package struct Classification: Hashable, Sendable {
  /// The priority in force. Provisional or not, it starts clocks, ownership and paging.
  package var priority: Priority
  /// Whether somebody with the right to has confirmed it.
  package var isConfirmed: Bool
  /// The factors behind it, if it was chosen by the matrix.
  package var factors: Factors?

  /// Impact and urgency.
  package struct Factors: Hashable, Sendable {
    /// The effect on the department.
    package var impact: Level
    /// How quickly it must be resolved.
    package var urgency: Level

    /// These factors.
    package init(impact: Level, urgency: Level) {
      self.impact = impact
      self.urgency = urgency
    }
  }

  /// The classification that `choice` makes.
  package init(
    _ choice: PriorityChoice, isConfirmed: Bool, by matrix: PriorityMatrix = .standard
  ) {
    priority = choice.priority(by: matrix)
    self.isConfirmed = isConfirmed
    if case .matrix(let impact, let urgency) = choice {
      factors = Factors(impact: impact, urgency: urgency)
    }
  }

  /// A classification of these parts.
  package init(priority: Priority, isConfirmed: Bool, factors: Factors?) {
    self.priority = priority
    self.isConfirmed = isConfirmed
    self.factors = factors
  }
}
