import Bytes
import Incidents
import Testing

@Suite("Triage")
struct TriageTests {
  /// An example of guidance section 3: by its definition, by the seven factors, and what it must come to.
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    let anchor: Anchor
    let triage: Triage
    let expected: Priority
    /// What the factors say; P6 is not on the matrix.
    var byFactors: Priority?
    var testDescription: String { name }
  }

  static let examples = [
    Example(
      name: "all-staff network, mail or SSO down", anchor: .criticalOutage,
      triage: Triage(
        scope: .department, function: .criticalBlocked, workaround: Triage.Workaround.none),
      expected: .p1),
    Example(
      name: "unauthorised access", anchor: .unauthorisedAccess,
      triage: Triage(data: .sensitive, rate: .fast), expected: .p1),
    Example(
      name: "e-mail unusable for everyone", anchor: .criticalDegraded,
      triage: Triage(
        scope: .department, function: .degradedOrImportantBlocked,
        workaround: Triage.Workaround.none), expected: .p2),
    Example(
      name: "important non-critical service out", anchor: .importantOutage,
      triage: Triage(
        scope: .group, function: .degradedOrImportantBlocked, workaround: Triage.Workaround.none),
      expected: .p2),
    Example(
      name: "intermittent key service", anchor: .keyIntermittent,
      triage: Triage(
        scope: .department, function: .degradedOrImportantBlocked, workaround: .partial),
      expected: .p3),
    Example(
      name: "small group fully out", anchor: .groupOutage,
      triage: Triage(scope: .few, function: .criticalBlocked, workaround: Triage.Workaround.none),
      expected: .p3),
    Example(
      name: "one SCS fully out", anchor: .seniorOutage,
      triage: Triage(
        scope: .one, function: .degradedOrImportantBlocked, seniority: .scs,
        workaround: Triage.Workaround.none), expected: .p3),
    Example(
      name: "redundant server lost", anchor: .componentFailure,
      triage: Triage(scope: .department, function: .nothingBlocked, rate: .slow), expected: .p4),
    Example(
      name: "single user with a workaround", anchor: .singleUser,
      triage: Triage(scope: .one, function: .criticalBlocked, workaround: .easy), expected: .p4),
    Example(
      name: "nothing to do but to watch it", anchor: .monitoring,
      triage: Triage(function: .nothingBlocked, rate: .stable), expected: .p5),
    Example(
      name: "cosmetic bug", anchor: .cosmetic,
      triage: Triage(scope: .department, function: .nothingBlocked, rate: .stable), expected: .p5),
    Example(
      name: "how do I connect to the printer?", anchor: .information,
      triage: Triage(scope: .one, function: .nothingBlocked), expected: .p6, byFactors: .p5),
  ]

  @Test(arguments: examples)
  func `comes to the priority of each example of guidance 3, by factors and by definition`(
    example: Example
  ) {
    let byFactors = example.triage.suggestion(by: .standard)
    #expect(byFactors.priority == example.byFactors ?? example.expected)
    let byAnchor = Triage(anchor: example.anchor).suggestion(by: .standard)
    #expect(
      byAnchor
        == Suggestion(
          priority: example.expected, factors: nil, reasons: [example.anchor.words], unanswered: [])
    )
    // Both together fit, and to choose the definition is enough.
    var both = example.triage
    both.anchor = example.anchor
    #expect(both.choice == .level(example.expected))
    #expect(Triaged(both, by: .standard, chosen: example.expected).doubts.isEmpty)
  }

  @Test func `has an example for each definition`() {
    #expect(Self.examples.map(\.anchor) == Anchor.allCases)
  }

  /// Every answer or none, to each of the seven.
  private static let all: [Triage] = {
    func answers<Answer: Triage.Answer>(_: Answer.Type) -> [Answer?] {
      [nil] + Answer.allCases.map { $0 }
    }
    var all: [Triage] = []
    for scope in answers(Triage.Scope.self) {
      for function in answers(Triage.Function.self) {
        for seniority in answers(Triage.Seniority.self) {
          for data in answers(Triage.DataEffect.self) {
            for deadline in answers(Triage.Deadline.self) {
              for workaround in answers(Triage.Workaround.self) {
                for rate in answers(Triage.Rate.self) {
                  all.append(
                    Triage(
                      scope: scope, function: function, seniority: seniority, data: data,
                      deadline: deadline, workaround: workaround, rate: rate))
                }
              }
            }
          }
        }
      }
    }
    return all
  }()

  /// This triage with one answer more urgent, in each of the ways in which that can be.
  private func worse(_ triage: Triage) -> [Triage] {
    func change<Answer: Triage.Answer>(_ path: WritableKeyPath<Triage, Answer?>) -> Triage? {
      let now = triage[keyPath: path]?.rawValue ?? 0
      guard let next = Answer(rawValue: now + 1) else { return nil }
      var changed = triage
      changed[keyPath: path] = next
      return changed
    }
    return [
      change(\.scope), change(\.function), change(\.seniority), change(\.data), change(\.deadline),
      change(\.workaround), change(\.rate),
    ].compactMap { $0 }
  }

  @Test func `answers every combination, and a worse answer never makes it less urgent`() {
    #expect(Self.all.count == 5 * 4 * 4 * 4 * 4 * 4 * 4)
    var steps = 0
    var wrong: [Triage] = []
    for triage in Self.all {
      let suggestion = triage.suggestion(by: .standard)
      if suggestion.reasons.isEmpty || suggestion.reasons.count > Bound.triageReasons
        || suggestion.unanswered != triage.unanswered || suggestion.priority == .p6
      {
        wrong.append(triage)
      }
      guard let factors = suggestion.factors else {
        wrong.append(triage)
        continue
      }
      for worse in worse(triage) {
        let after = worse.suggestion(by: .standard)
        steps += 1
        guard after.priority <= suggestion.priority, let more = after.factors,
          more.impact >= factors.impact, more.urgency >= factors.urgency
        else {
          wrong.append(worse)
          continue
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.first.map { "\($0)" } ?? "")")
    #expect(steps > 80_000)
  }

  @Test func `counts what is not answered as its lowest answer, and lists it`() {
    let triage = Triage(function: .criticalBlocked)
    #expect(
      triage.suggestion(by: .standard)
        == Suggestion(
          priority: .p4, factors: .init(impact: .medium, urgency: .low),
          reasons: [
            "A critical service is blocked for one person: medium impact.",
            "No deadline, want of a workaround or decline makes it urgent: low urgency.",
          ],
          unanswered: [.scope, .seniority, .data, .deadline, .workaround, .rate]))
    let lowest = Triage(
      scope: .one, function: .criticalBlocked, seniority: .nobody, data: .unaffected,
      deadline: Triage.Deadline.none, workaround: .easy, rate: .stable)
    #expect(lowest.suggestion(by: .standard).factors == triage.suggestion(by: .standard).factors)
  }

  @Test func `tells every reason that counts`() {
    let triage = Triage(
      scope: .few, function: .criticalBlocked, seniority: .ministers, data: .other,
      deadline: .days, workaround: Triage.Workaround.none, rate: .fast)
    #expect(
      triage.suggestion(by: .standard).reasons == [
        "A critical service is blocked for a few people: medium impact.",
        "It hits Ministers or their Private Offices: at least medium impact.",
        "Other data is inaccessible: at least medium impact.",
        "A deadline is within days: medium urgency.",
        "There is no workaround, for fewer than a whole team: medium urgency.",
        "It gets worse fast: high urgency.",
      ])
  }

  @Test(arguments: [
    (Priority.p2, [Triaged.Doubt]()), (.p1, []), (.p3, []), (.p4, [.choice]), (.p6, [.choice]),
  ])
  func `doubts a choice two or more levels from what it suggests`(
    chosen: Priority, doubts: [Triaged.Doubt]
  ) {
    let triage = Triage(
      scope: .department, function: .degradedOrImportantBlocked,
      workaround: Triage.Workaround.none)
    #expect(Triaged(triage, by: .standard, chosen: chosen).doubts == doubts)
  }

  @Test func `doubts a definition more than one level from the factors`() {
    var triage = Triage(function: .nothingBlocked, anchor: .componentFailure)
    #expect(Triaged(triage, by: .standard, chosen: .p4).doubts.isEmpty)
    triage.anchor = .keyIntermittent
    #expect(Triaged(triage, by: .standard, chosen: .p4).doubts == [.anchor])
    #expect(Triaged(triage, by: .standard, chosen: .p3).doubts == [.choice, .anchor])
  }
}

@Suite("A matrix")
struct MatrixTests {
  @Test func `is complete, without P6, and never less urgent for more`() {
    #expect(PriorityMatrix(PriorityMatrix.standard.priorities) == .standard)
    #expect(PriorityMatrix([.p1, .p2, .p2, .p2, .p3, .p4, .p3, .p4, .p5]) != nil)
    #expect(PriorityMatrix([.p1, .p1, .p2, .p2, .p3, .p4, .p3, .p4]) == nil)
    #expect(PriorityMatrix([.p1, .p1, .p2, .p2, .p3, .p4, .p3, .p4, .p6]) == nil)
    // More urgency, and then more impact, that would be less urgent.
    #expect(PriorityMatrix([.p2, .p1, .p2, .p2, .p3, .p4, .p3, .p4, .p5]) == nil)
    #expect(PriorityMatrix([.p2, .p2, .p2, .p1, .p3, .p4, .p3, .p4, .p5]) == nil)
  }
}
