/// The questions of triage, and their answers in words. The order is that of the guidance; answers go from
/// the most urgent to the least.
extension Triage.Factor {
  /// Its word in the interface.
  package var slug: String {
    switch self {
    case .scope: "scope"
    case .function: "function"
    case .seniority: "seniority"
    case .data: "data"
    case .deadline: "deadline"
    case .workaround: "workaround"
    case .rate: "rate"
    }
  }

  /// The question, as guidance 2.1 and 2.2 put it.
  package var question: String {
    switch self {
    case .scope: "How many staff are affected?"
    case .function: "What business function is blocked?"
    case .seniority: "Are SCS, Ministers, or their Private Offices affected?"
    case .data: "Is sensitive business data inaccessible, incorrect, or at risk?"
    case .deadline: "Is there an imminent, immovable deadline?"
    case .workaround: "Is there an easy, temporary workaround for staff?"
    case .rate: "Is the problem getting worse?"
    }
  }

  /// Whether it says something about impact; the others do about urgency.
  package var isOfImpact: Bool { self <= .data }

  /// Its answers, the most urgent first.
  package var answers: [any Triage.Answer] {
    switch self {
    case .scope: Triage.Scope.allCases.reversed()
    case .function: Triage.Function.allCases.reversed()
    case .seniority: Triage.Seniority.allCases.reversed()
    case .data: Triage.DataEffect.allCases.reversed()
    case .deadline: Triage.Deadline.allCases.reversed()
    case .workaround: Triage.Workaround.allCases.reversed()
    case .rate: Triage.Rate.allCases.reversed()
    }
  }
}

extension Triage.Factor: Comparable {
  /// In the order of the guidance.
  package static func < (left: Triage.Factor, right: Triage.Factor) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Triage.Scope: Triage.Answer {
  package var slug: String {
    switch self {
    case .department: "department"
    case .group: "group"
    case .few: "few"
    case .one: "one"
    }
  }

  package var words: String {
    switch self {
    case .department: "the whole department"
    case .group: "a team, a site or a large group"
    case .few: "a few, fewer than a whole team"
    case .one: "one person"
    }
  }
}

extension Triage.Function: Triage.Answer {
  package var slug: String {
    switch self {
    case .criticalBlocked: "critical-blocked"
    case .degradedOrImportantBlocked: "degraded-or-important-blocked"
    case .nothingBlocked: "nothing-blocked"
    }
  }

  package var words: String {
    switch self {
    case .criticalBlocked: "a critical service is blocked"
    case .degradedOrImportantBlocked:
      "a critical service is degraded, or an important one is blocked"
    case .nothingBlocked: "nothing is blocked"
    }
  }
}

extension Triage.Seniority: Triage.Answer {
  package var slug: String {
    switch self {
    case .ministers: "ministers"
    case .scs: "scs"
    case .nobody: "nobody"
    }
  }

  package var words: String {
    switch self {
    case .ministers: "Ministers or their Private Offices"
    case .scs: "SCS"
    case .nobody: "nobody senior"
    }
  }
}

extension Triage.DataEffect: Triage.Answer {
  package var slug: String {
    switch self {
    case .sensitive: "sensitive"
    case .other: "other"
    case .unaffected: "unaffected"
    }
  }

  package var words: String {
    switch self {
    case .sensitive: "sensitive data is inaccessible, incorrect or at risk"
    case .other: "other data is inaccessible"
    case .unaffected: "data is unaffected"
    }
  }
}

extension Triage.Deadline: Triage.Answer {
  package var slug: String {
    switch self {
    case .imminent: "imminent"
    case .days: "days"
    case .none: "none"
    }
  }

  package var words: String {
    switch self {
    case .imminent: "immovable and imminent"
    case .days: "within days"
    case .none: "none"
    }
  }
}

extension Triage.Workaround: Triage.Answer {
  package var slug: String {
    switch self {
    case .none: "none"
    case .partial: "partial"
    case .easy: "easy"
    }
  }

  package var words: String {
    switch self {
    case .none: "none"
    case .partial: "partial or hard"
    case .easy: "easy"
    }
  }
}

extension Triage.Rate: Triage.Answer {
  package var slug: String {
    switch self {
    case .fast: "fast"
    case .slow: "slow"
    case .stable: "stable"
    }
  }

  package var words: String {
    switch self {
    case .fast: "fast"
    case .slow: "slowly, or redundancy is lost"
    case .stable: "it is stable"
    }
  }
}
