import Bytes
import Incidents

/// What becomes of an incident, in shares as a department of some size has them.
///
/// Half are cancelled within minutes; the others are acknowledged, and go on as their priority asks: one
/// of ten is a P1 or P2 with its confirmation, mitigation, review and close. One of a hundred stays open.
struct Life {
  /// Its priority as it is declared; `nil` leaves it to the settings.
  let priority: Priority?
  /// What happens, one after the other.
  let steps: [Step]

  /// Something that happens to it, so many incidents after what happened before.
  struct Step {
    let after: ClosedRange<UInt64>
    let action: IncidentAction
  }

  /// The life of an incident.
  ///
  /// - Parameters:
  ///   - chance: Any number.
  ///   - owner: Whose the actions of its review are,
  ///   - due: and when they are due.
  init(chance: UInt64, owner: ID, due: Int64) {
    switch chance % 100 {
    case 0: self.init(priority: .p3, steps: [Self.acknowledged])
    case 1..<50: self.init(priority: nil, steps: [Self.cancelled])
    case 50..<72:
      self.init(priority: .p4, steps: [Self.acknowledged, Self.resolved, Self.closed])
    case 72..<84:
      self.init(
        priority: .p3,
        steps: [
          Self.acknowledged, Self.confirmed(.p3, Triage()), Self.mitigated, Self.resolved,
          Self.closed,
        ])
    case 84..<90: self.init(priority: .p5, steps: [Self.acknowledged, Self.resolved])
    case 90..<92: self.init(priority: .p1, steps: Self.major(.p1, Self.doubted, Self.nothing))
    default:
      let action = ReviewAction(what: "Watch the pool.", owner: owner, due: due)
      self.init(priority: .p2, steps: Self.major(.p2, Self.fitting, .some([action])))
    }
  }

  private init(priority: Priority?, steps: [Step]) {
    self.priority = priority
    self.steps = steps
  }

  private static let cancelled = Step(
    after: 0...0, action: .cancel(reason: "Cleared by itself within minutes."))
  private static let acknowledged = Step(after: 1...40, action: .acknowledge(happenedAt: nil))
  private static let mitigated = Step(after: 5...60, action: .move(StatusChange(to: .mitigated)))
  private static let resolved = Step(
    after: 5...100,
    action: .resolve(Resolution(fix: "The pool was made larger.", cause: "A limit.")))
  private static let closed = Step(after: 1...100, action: .close(overrideReason: nil))

  /// From the acknowledgement to the close behind a review.
  private static func major(
    _ priority: Priority, _ triage: Triage, _ actions: Review.Actions
  ) -> [Step] {
    let review = Review(
      summary: "A pool ran out.", impact: "Payments failed for an hour.",
      cause: .established("A limit."), actions: actions)
    let reviewed = Step(after: 10...60, action: .review(review))
    return [acknowledged, confirmed(priority, triage), mitigated, resolved, reviewed, closed]
  }

  private static let nothing = Review.Actions.none(because: "The limit is gone.")

  private static let fitting = Triage(scope: .group, function: .criticalBlocked, workaround: .easy)
  private static let doubted = Triage(scope: .few, function: .nothingBlocked)

  private static func confirmed(_ priority: Priority, _ triage: Triage) -> Step {
    Step(
      after: 1...30,
      action: .setPriority(
        PriorityChange(choice: .level(priority), confirm: true, triage: triage)))
  }
}
