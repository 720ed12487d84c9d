import Bytes
import Incidents
import Testing

@Suite("Insights")
struct InsightsTests {
  @Test(
    arguments: [
      ([], nil, nil), ([7], 7, 7), ([1, 2], 1, 2), ([3, 1, 2], 2, 3),
      (Array(1...10), 5, 9), (Array((1...11).reversed()), 6, 10), (Array(1...100), 50, 90),
    ] as [([Int64], Int64?, Int64?)])
  func `have percentiles that occurred`(times: [Int64], median: Int64?, p90: Int64?) {
    var all = OccurredTimes()
    for time in times { all.add(time) }
    all.sort()
    let sum = OccurredTimes.sum(of: [all])
    #expect(sum.count == times.count)
    #expect(sum.median == median)
    #expect(sum.p90 == p90)
  }

  /// Times around the longest of four bytes, cut into sets of every size, against all of them in order.
  @Test(arguments: [1, 2, 3, 7, 50, 401])
  func `have the percentiles of all sets together`(parts: Int) {
    var random = SplitMix(state: UInt64(parts))
    var sets = [OccurredTimes](repeating: OccurredTimes(), count: parts)
    var times: [Int64] = []
    for number in 0..<400 {
      let range: ClosedRange<Int64> =
        switch number % 4 {
        case 0: 0...3
        case 1: 0...Span.day
        case 2: Int64(UInt32.max) - 2...Int64(UInt32.max) + 2
        default: 0...400 * Span.day
        }
      let time = Int64.random(in: range, using: &random)
      times.append(time)
      sets[Int.random(in: 0..<parts, using: &random)].add(time)
      guard number % 9 == 0 else { continue }
      let sorted = times.sorted()
      for place in sets.indices { sets[place].sort() }
      for percent in [1, 10, 50, 90, 99, 100] {
        let expected = sorted[(percent * sorted.count + 99) / 100 - 1]
        #expect(OccurredTimes.percentile(percent, of: sets) == expected)
      }
    }
  }

  @Test func `count choices that do not fit, by service and altogether`() throws {
    var office = try Office(isRaised: true)
    let anchored = Triage(scope: .one, function: .nothingBlocked, anchor: .criticalOutage)
    let fitting = Triage(scope: .department, function: .criticalBlocked)
    var tally = InsightTally()
    for (number, triage) in [(1, anchored), (2, fitting), (3, Triage())] as [(UInt64, Triage)] {
      try office.declare(.level(.p1), id: Office.incident(number))
      try office.act(
        .delivery,
        .setPriority(PriorityChange(choice: .level(.p1), confirm: true, triage: triage)),
        on: Office.incident(number))
      tally.take(office.state(Office.incident(number)), actions: [], at: office.clock)
    }
    let insights = tally.insights()
    #expect(insights.all.doubtedChoices == 1)
    #expect(insights.byPriority.map(\.doubtedChoices) == [1, 0, 0, 0, 0, 0])
    #expect(insights.byService.map(\.line.doubtedChoices) == [1])
  }

  @Test func `count what happened, and exercises apart`() throws {
    var office = try Office(isRaised: true)
    let declare = { (office: inout Office, number: UInt64, priority: Priority, exercise: Bool) in
      try office.declare(.level(priority), id: Office.incident(number), exercise: exercise)
    }
    try declare(&office, 1, .p1, false)
    let first = Office.incident(1)
    try office.act(.onCall, .acknowledge(happenedAt: nil), on: first)
    try office.act(
      .onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)), on: first)
    office.clock += Span.minute
    try office.act(.onCall, .move(StatusChange(to: .mitigated)), on: first)
    office.clock += 2 * Span.hour
    try office.act(.onCall, Office.fixed, on: first)
    try office.act(.delivery, .close(overrideReason: "Never one."), on: first)
    try declare(&office, 2, .p3, false)
    try office.act(.delivery, .cancel(reason: "Not one."), on: Office.incident(2))
    try declare(&office, 3, .p1, true)
    try declare(&office, 4, .p4, false)

    var tally = InsightTally()
    let due = office.clock - Span.day
    for number in 1...4 as ClosedRange<UInt64> {
      let actions =
        number == 1
        ? [
          ReviewAction(what: "x", owner: Office.Who.admin.id, due: due),
          ReviewAction(what: "y", owner: Office.Who.admin.id, due: office.clock + Span.day),
        ] : []
      tally.take(office.state(Office.incident(number)), actions: actions, at: office.clock)
    }
    let insights = tally.insights()
    #expect(insights.exercises == 1)
    let all = insights.all
    #expect([all.declared, all.open, all.dropped] == [3, 1, 1])
    #expect([all.response.met, all.response.missed] == [1, 0])
    #expect([all.resolution.met, all.resolution.missed] == [0, 1])
    #expect([all.overrides, all.waivers, all.reopened, all.actionsDue] == [1, 0, 0, 1])
    let state = office.state(first)
    #expect(all.toAcknowledge.median == Span.second)
    #expect(
      all.toMitigate.p90 == state.marks.mitigatedAt.map { $0 - state.declaredAt })
    #expect(all.toResolve.p90 == state.resolved.map { $0.at - state.declaredAt })
    #expect(insights.byPriority.map(\.declared) == [1, 0, 1, 1, 0, 0])
    #expect(insights.byService.map(\.service) == [Office.payments])
    #expect(insights.byService.map(\.line) == [all])
  }
}

extension InsightsTests {
  @Test func `count no time in which an incident was held to be over`() throws {
    var office = try Office.raised(.p2)
    let declared = office.state().declaredAt
    office.clock = declared + Span.hour
    try office.act(.onCall, Office.fixed)
    office.clock = declared + 3 * Span.day
    try office.act(.onCall, .reopen(reason: "It was not."))
    office.clock = declared + 3 * Span.day + Span.hour
    try office.act(.onCall, Office.fixed)
    var tally = InsightTally()
    tally.take(office.state(), actions: [], at: office.clock)
    #expect(tally.insights().all.toResolve.median == 2 * Span.hour)
  }
}

@Suite("The process of an incident")
struct ProcessTests {
  private func ledger() throws -> OfficeLedger {
    var ledger = OfficeLedger(try Office(isRaised: true))
    ledger.raise()
    try ledger.run(
      .declare(
        Declaration(
          id: Office.incident, title: "x", service: Office.payments, choice: .level(.p1))),
      as: Office.Who.firstLine.actor, [])
    return ledger
  }

  private func told(_ ledger: OfficeLedger) -> [String] {
    ledger.process(of: Office.incident, upTo: ledger.end).map { step in
      let late = step.late(at: ledger.office.clock).map { " late \(Span.words($0))" } ?? ""
      let done = step.done == nil ? "owed" : "done"
      return "\(step.slug) \(done)\(late)" + (step.waivedBecause.map { ": \($0)" } ?? "")
    }
  }

  @Test func `is owed from the declaration on`() throws {
    let ledger = try ledger()
    #expect(
      told(ledger) == [
        "acknowledge owed", "triage owed", "lead owed", "comms-lead owed", "documenter owed",
        "assessment owed", "ticket owed", "first-update owed", "stakeholders owed",
      ])
  }

  @Test func `still tells what was owed once it is closed`() throws {
    var ledger = try ledger()
    func run(_ who: Office.Who, _ action: IncidentAction) throws {
      try ledger.run(.incident(Office.incident, action), as: who.actor, [])
    }
    try run(.onCall, .acknowledge(happenedAt: nil))
    try run(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    try run(.onCall, .stateReach(.department(true)))
    try run(.onCall, Office.fixed)
    try run(.delivery, .waiveReview(.falseAlarm))
    try run(.delivery, .close(overrideReason: nil))
    let words = told(ledger)
    for slug in ["assessment", "ticket", "first-update", "stakeholders", "all-staff"] {
      #expect(words.contains { $0.hasPrefix("\(slug) owed") }, "\(slug) in \(words)")
    }
  }

  @Test func `knows of an action that was done before a later version of the review`() throws {
    var ledger = try ledger()
    func run(_ who: Office.Who, _ action: IncidentAction) throws {
      try ledger.run(.incident(Office.incident, action), as: who.actor, [])
    }
    try run(.onCall, .acknowledge(happenedAt: nil))
    try run(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    try run(.onCall, Office.fixed)
    let due = ledger.office.clock + 8 * Span.day
    func review(_ actions: [String]) -> IncidentAction {
      .review(
        Review(
          summary: "s", impact: "i", cause: .established("c"),
          actions: .some(
            actions.map { ReviewAction(what: $0, owner: Office.Who.engineer.id, due: due) })))
    }
    try run(.onCall, review(["Renew it.", "Watch it."]))
    try run(.engineer, .completeAction(2))
    try run(.onCall, review(["Ask for it.", "Renew it.", "Watch it."]))
    let words = told(ledger).filter { $0.hasPrefix("action") }
    #expect(words == ["action owed", "action owed", "action done"])
    let report = IncidentReport(
      ledger.office.state(),
      timeline: ledger.entries(of: Office.incident, upTo: ledger.end),
      names: Names { _, _ in nil }, at: ledger.office.clock)
    let rows = report.markdown.split(separator: "\n").filter { $0.hasPrefix("| Watch") }
    #expect(rows.count == 1 && rows[0].contains("2026 at") && !rows[0].hasSuffix("|  |"), "\(rows)")
  }

  @Test func `says of each step when it was done, by whom, and how late`() throws {
    var ledger = try ledger()
    func run(_ who: Office.Who, _ action: IncidentAction) throws {
      try ledger.run(.incident(Office.incident, action), as: who.actor, [])
    }
    ledger.wait(30 * Span.minute)
    try run(.onCall, .acknowledge(happenedAt: nil))
    try run(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    let update = IncidentAction.update(
      CommunicationUpdate(audience: .stakeholders, text: "We are on it."))
    try run(.onCall, update)
    ledger.wait(20 * Span.minute + 5 * Span.second)
    try run(.onCall, update)
    try run(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    try run(.onCall, Office.fixed)
    try run(
      .onCall, .recordFlagReport(FlagReport(flag: .cyber, reportedAt: 0, by: "Ana")))
    try run(.delivery, .waiveReview(.falseAlarm))
    let steps = ledger.process(of: Office.incident, upTo: ledger.end)
    #expect(steps.first?.by == Office.Who.onCall.id)
    #expect(steps.first { $0.slug == "update" }?.late(at: 0) != nil)
    let words = told(ledger)
    #expect(words[0] == "acknowledge done late 10 min 1 s")
    #expect(words[1].hasPrefix("triage done late 20 min"))
    #expect(words[2] == "lead done" && words[3] == "comms-lead owed")
    #expect(words.contains("stakeholders done"))
    #expect(words.contains("lead-agreement done") && words.contains("cause owed"))
    #expect(words.contains("review owed: false alarm, no one affected"))
    #expect(words.last?.hasPrefix("cyber-report done") == true)
    #expect(ledger.process(of: Office.incident(2), upTo: ledger.end).isEmpty)
  }
}
