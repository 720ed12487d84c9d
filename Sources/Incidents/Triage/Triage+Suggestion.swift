/// How urgent an incident is by the answers of triage, and why. A person decides.
package struct Suggestion: Hashable, Sendable {
  /// What is suggested.
  package var priority: Priority
  /// Impact and urgency, unless a definition alone was chosen.
  package var factors: Classification.Factors?
  /// Why, a sentence each; at most ``Bound/triageReasons``.
  package var reasons: [String]
  /// The factors that were not answered and count as their lowest answer.
  package var unanswered: [Triage.Factor]

  /// A suggestion.
  package init(
    priority: Priority, factors: Classification.Factors?, reasons: [String],
    unanswered: [Triage.Factor]
  ) {
    self.priority = priority
    self.factors = factors
    self.reasons = reasons
    self.unanswered = unanswered
  }
}

/// The rules of policy section 1.
extension Triage {
  /// What follows from the answers; where there is none but a definition, that definition.
  package func suggestion(by matrix: PriorityMatrix) -> Suggestion {
    if let anchor, !hasAnswers {
      return Suggestion(
        priority: anchor.priority, factors: nil, reasons: [anchor.words], unanswered: [])
    }
    let (impact, urgency) = (weighedImpact, weighedUrgency)
    return Suggestion(
      priority: matrix.priority(impact: impact.level, urgency: urgency.level),
      factors: Classification.Factors(impact: impact.level, urgency: urgency.level),
      reasons: impact.reasons + urgency.reasons, unanswered: unanswered)
  }

  /// What is chosen by whoever triages and states no priority beside it: the definition, for choosing one
  /// is enough, or else what the answers come to. `nil` if nothing is said.
  package var choice: PriorityChoice? {
    if let anchor { return .level(anchor.priority) }
    guard hasAnswers else { return nil }
    return .matrix(impact: weighedImpact.level, urgency: weighedUrgency.level)
  }

  /// The flags that somebody should think of: unauthorised access may be a cyber security incident, and
  /// sensitive data a breach.
  package var questions: [Flag] {
    (anchor == .unauthorisedAccess ? [.cyber] : []) + (data == .sensitive ? [.data] : [])
  }

  private var people: Scope { scope ?? .one }
  private var blocked: Function { function ?? .nothingBlocked }
  private var isAnythingHit: Bool { blocked > .nothingBlocked }

  private var weighedImpact: Weighed {
    var impact = reach
    if isAnythingHit, let seniority, seniority >= .scs {
      impact.lift(to: .medium, "It hits \(seniority.words): at least medium impact.")
    }
    switch data {
    case .sensitive:
      impact.lift(to: .high, "Sensitive data is inaccessible, incorrect or at risk: high impact.")
    case .other: impact.lift(to: .medium, "Other data is inaccessible: at least medium impact.")
    case .unaffected, nil: break
    }
    return impact
  }

  /// Scope by function.
  private var reach: Weighed {
    let whom = people.phrase
    switch (blocked, people) {
    case (.nothingBlocked, _): return Weighed(.low, "Nothing is blocked: low impact.")
    case (.criticalBlocked, .department):
      return Weighed(.high, "A critical service is blocked for \(whom): high impact.")
    case (.criticalBlocked, .group), (.criticalBlocked, .few), (.criticalBlocked, .one):
      return Weighed(.medium, "A critical service is blocked for \(whom): medium impact.")
    case (.degradedOrImportantBlocked, .department), (.degradedOrImportantBlocked, .group):
      return Weighed(
        .medium,
        "A critical service is degraded or an important one blocked for \(whom): medium impact.")
    case (.degradedOrImportantBlocked, .few), (.degradedOrImportantBlocked, .one):
      return Weighed(
        .low,
        "A critical service is degraded or an important one blocked for \(whom): low impact.")
    }
  }

  private var weighedUrgency: Weighed {
    var urgency = Weighed(.low)
    switch deadline {
    case .imminent:
      urgency.lift(to: .high, "A deadline is immovable and imminent: high urgency.")
    case .days: urgency.lift(to: .medium, "A deadline is within days: medium urgency.")
    case Deadline.none?, nil: break
    }
    switch workaround {
    // With nothing blocked there is nothing to work around.
    case _ where !isAnythingHit: break
    case Workaround.none? where people >= .group:
      urgency.lift(to: .high, "\(people.subject) has no workaround: high urgency.")
    case Workaround.none?:
      urgency.lift(
        to: .medium, "There is no workaround, for fewer than a whole team: medium urgency.")
    case .partial:
      urgency.lift(to: .medium, "The workaround is partial or hard: medium urgency.")
    case .easy, nil: break
    }
    switch rate {
    case .fast: urgency.lift(to: .high, "It gets worse fast: high urgency.")
    case .slow:
      urgency.lift(to: .medium, "It gets worse slowly, or redundancy is lost: medium urgency.")
    case .stable, nil: break
    }
    if urgency.reasons.isEmpty {
      urgency.reasons = [
        "No deadline, want of a workaround or decline makes it urgent: low urgency."
      ]
    }
    return urgency
  }
}

/// A level, with what led there.
private struct Weighed {
  var level: Level
  var reasons: [String]

  init(_ level: Level, _ reason: String? = nil) {
    self.level = level
    reasons = reason.map { [$0] } ?? []
  }

  mutating func lift(to level: Level, _ reason: String) {
    self.level = max(self.level, level)
    reasons.append(reason)
  }
}

extension Triage.Scope {
  /// As it follows on "for".
  fileprivate var phrase: String {
    switch self {
    case .department: "the whole department"
    case .group: "a team, site or large group"
    case .few: "a few people"
    case .one: "one person"
    }
  }

  /// As a sentence begins with it.
  fileprivate var subject: String {
    switch self {
    case .department: "The whole department"
    case .group: "A team, site or large group"
    case .few: "A few people"
    case .one: "One person"
    }
  }
}
