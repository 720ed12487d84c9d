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

  private static let own = PriorityMatrix([.p2, .p2, .p3, .p3, .p4, .p4, .p4, .p5, .p5])!

  @Test func `of a service is what its new incidents run under, and those that run keep theirs`()
    throws
  {
    var office = try Office(isRaised: true)
    let high = PriorityChoice.matrix(impact: .high, urgency: .high)
    try office.declare(high)
    var change = ServicePolicyChange(of: Office.payments)
    change.matrix = .set(Self.own)
    try office.run(.changeServicePolicy(change))
    try office.declare(high, id: Office.incident(2))
    #expect(office.state().classification.priority == .p1)
    #expect(office.state(Office.incident(2)).classification.priority == .p2)
    #expect(office.state(Office.incident(2)).matrix == Self.own)
    change.matrix = .clear
    try office.run(.changeServicePolicy(change))
    // Whatever the service's is now: the guidance's for the first, its own for the second.
    let confirm = PriorityChange(
      choice: .matrix(impact: .medium, urgency: .medium), confirm: true,
      triage: Triage(
        scope: .group, function: .degradedOrImportantBlocked, workaround: .partial))
    try office.act(.delivery, .setPriority(confirm))
    try office.act(.delivery, .setPriority(confirm), on: Office.incident(2))
    #expect(office.state().classification.priority == .p3)
    #expect(office.state(Office.incident(2)).classification.priority == .p4)
    #expect(
      office.state(Office.incident(2)).deliberation.triaged?.suggestion.priority == .p4)
    // A proposal is of the matrix of its incident too.
    let raise = Proposal(.priority(.matrix(impact: .high, urgency: .low), Triage()))
    try office.act(.engineer, .propose(raise), on: Office.incident(2))
    try office.act(
      .delivery, .decideProposal(ProposalDecision(accepts: true)), on: Office.incident(2))
    #expect(office.state(Office.incident(2)).classification.priority == .p3)
  }

  @Test func `of a service is what an alert's new incident runs under`() throws {
    var office = try Office(isRaised: true)
    var change = ServicePolicyChange(of: Office.payments)
    change.matrix = .set(Self.own)
    try office.run(.changeServicePolicy(change))
    try office.run(Office.alert(.firing))
    #expect(office.state().matrix == Self.own)
  }
}

@Suite("A provisional priority")
struct ProvisionalTests {
  /// The alert says "critical".
  private static func alerted(
    _ severities: [SeverityRule], usual: Priority?, isRaised: Bool = true
  ) throws(Refusal) -> Priority {
    var office = try Office(isRaised: isRaised)
    try office.run(.changeSettings(SettingsChange(severities: severities)))
    try office.run(
      .addService(
        NewService(
          id: ID(high: 30, low: 9), key: "parking", name: "Parking", defaultPriority: usual)))
    guard case .alert(var alert) = Office.alert(.firing) else { return .p6 }
    alert.service = "parking"
    try office.run(.alert(alert))
    return office.state().classification.priority
  }

  @Test func `of alerts is by the severity's setting, else the service's, else P2`() throws {
    let rule = SeverityRule(severity: "critical", priority: .p1)
    #expect(try Self.alerted([rule], usual: .p3) == .p1)
    #expect(try Self.alerted([], usual: .p3) == .p3)
    #expect(try Self.alerted([], usual: nil) == .p2)
    // As it was decided before level 2.
    #expect(try Self.alerted([], usual: .p3, isRaised: false) == .p2)
  }

  @Test func `of what people declare is theirs, else the service's, else P2`() throws {
    var office = try Office(isRaised: true)
    try office.run(
      .addService(
        NewService(
          id: ID(high: 30, low: 9), key: "parking", name: "Parking", defaultPriority: .p4)))
    let parking = ID(high: 30, low: 9)
    try office.declare(.level(.p1), service: parking)
    try office.declare(nil, service: parking, id: Office.incident(2))
    try office.declare(nil, service: Office.payments, id: Office.incident(3))
    #expect(
      [1, 2, 3].map { office.state(Office.incident($0)).classification }
        == [Priority.p1, .p4, .p2].map {
          Classification(.level($0), isConfirmed: false)
        })
  }
}
