import Bytes
import Incidents
import Testing

/// The chain that wakes people (policy section 6).
@Suite("The chain")
struct PagingTests {
  /// An office with somebody at every step.
  private func manned() throws -> Office {
    var office = try Office(isRaised: true)
    try office.run(
      .assignOnCall(
        OnCallAssignment(
          id: ID(high: 50, low: 2), service: Office.payments, person: Office.Who.delivery.id,
          role: .second, from: Office.morning, until: Office.morning + Span.day)))
    try office.run(
      .changeSettings(
        SettingsChange(extras: Settings.Extras(seniorManagement: [Office.Who.outsider.id]))))
    return office
  }

  /// Each page with the minutes from declaration.
  private func pages(_ office: Office, _ events: [Event]) -> [String] {
    let declared = office.state().declaredAt
    var time = declared
    return events.compactMap { event in
      guard case .paged(let paged) = event.fact else { return nil }
      let who = paged.people.map { id in "\(Office.Who.allCases.first { $0.id == id }!)" }
      defer { time = paged.nextAt ?? time }
      let next = paged.nextAt.map { "\(($0 - declared) / Span.minute)" } ?? "never"
      return "\(paged.step) \(who.joined(separator: "+")) next \(next)"
    }
  }

  @Test(arguments: [(Priority.p1, 5 as Int64), (.p2, 15)])
  func `goes from step to step until somebody takes it`(priority: Priority, wait: Int64) throws {
    var office = try manned()
    try office.declare(.level(priority))
    #expect(
      office.story.last?.events.last?.fact
        == .leadNotified(person: Office.Who.onCall.id, shift: ID(high: 50, low: 1)))
    let declared = office.state().declaredAt
    let events = try office.fireAll(until: declared + (4 * wait + 20) * Span.minute)
    #expect(
      pages(office, events) == [
        "second delivery next \(2 * wait)",
        "teamLeads teamLead next \(3 * wait)",
        "dutyContact admin next \(4 * wait)",
        "seniorManagement outsider next \(4 * wait + 10)",
        "again onCall+delivery+teamLead+admin+outsider next \(4 * wait + 20)",
        "again onCall+delivery+teamLead+admin+outsider next \(4 * wait + 30)",
      ])
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.state().watch.paging.nextAt == nil)
    #expect(!office.state().watch.paging.pages.contains { $0.state == .waiting })
  }

  @Test(arguments: [(Priority.p3, 1 as Int64, 15 as Int64), (.p4, 2, 9)])
  func `begins for a P3 or P4 that nobody acknowledged in half of its time, in working hours`(
    priority: Priority, half: Int64, hour: Int64
  ) throws {
    var office = try manned()
    // It is a Monday, on which work ends at 17:00.
    office.clock = Office.morning + (hour - 9) * Span.hour
    try office.declare(.level(priority))
    #expect(office.story.last?.events.map(\.kind) == [100])
    let declared = office.state().declaredAt
    let calendar = WorkCalendar.englandAndWales
    let steps = (1...6).map { calendar.adding($0 * half * Span.hour, to: declared) }
    let events = try office.fireAll(until: steps[4])
    let pages = events.compactMap { event -> Paged? in
      if case .paged(let paged) = event.fact { paged } else { nil }
    }
    #expect(pages.map(\.step) == [.lead, .second, .teamLeads, .dutyContact, .seniorManagement])
    #expect(pages.map(\.nextAt) == steps.dropFirst().map { $0 })
    #expect(pages.allSatisfy { $0.cause == .unacknowledged })
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.state().watch.paging.nextAt == nil)
    #expect(
      try office.fireAll(until: steps[4] + 30 * Span.day).allSatisfy {
        if case .paged = $0.fact { false } else { true }
      })
  }

  @Test func `wakes nobody for a P3 that somebody put into the backlog, or a P5`() throws {
    for priority in [Priority.p3, .p5] {
      var office = try manned()
      try office.declare(.level(priority))
      if priority == .p3 { try office.act(.delivery, .move(StatusChange(to: .backlog))) }
      let events = try office.fireAll(until: office.clock + 30 * Span.day)
      #expect(
        events.allSatisfy { if case .paged = $0.fact { false } else { true } }, "\(priority)")
    }
  }

  @Test func `passes over who is not there at once`() throws {
    var office = try manned()
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    try office.run(.deactivatePerson(Office.Who.delivery.id))
    try office.declare(.level(.p1))
    #expect(
      office.story.last?.events.last?.fact
        == .paged(
          Paged(
            step: .teamLeads, woken: [.init(Office.Who.teamLead.id, as: .teamLeads)],
            skipped: [.lead, .second],
            cause: .declared, nextAt: office.state().declaredAt + 5 * Span.minute)))
    #expect(office.state().hadNobodyOnCall)
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    #expect(
      office.story.last?.events.last?.sentence(by: .system, names: names)
        == "Nobody was on call as lead or on call as second. teamLead was paged, as lead of the owning "
        + "team.")
  }

  @Test func `goes on at once when everybody it woke cannot help`() throws {
    var office = try manned()
    try office.declare(.level(.p1))
    let events = try office.act(.onCall, .answerPage(.cannotHelp))
    #expect(
      events.map(\.fact) == [
        .pageAnswered(
          PageAnswered(
            person: Office.Who.onCall.id, answer: .cannotHelp,
            nextAt: office.state().declaredAt + 5 * Span.minute)),
        .paged(
          Paged(
            step: .second, woken: [.init(Office.Who.delivery.id, as: .second)], skipped: [],
            cause: .cannotHelp,
            nextAt: office.clock - Span.second + 5 * Span.minute)),
      ])
    // Whoever cannot help is not woken again.
    let later = try office.fireAll(until: office.clock + 40 * Span.minute)
    #expect(pages(office, later).last?.contains("onCall") == false)
  }

  @Test func `waits once more for who is on it, and as long as a short way takes`() throws {
    var office = try manned()
    try office.declare(.level(.p1))
    let declared = office.state().declaredAt
    office.clock = declared + 4 * Span.minute
    try office.act(.onCall, .answerPage(.onIt))
    #expect(office.state().watch.paging.nextAt == declared + 9 * Span.minute)
    office.clock = declared + 8 * Span.minute
    try office.act(.onCall, .answerPage(.eta(minutes: 3)))
    #expect(office.state().watch.paging.nextAt == declared + 11 * Span.minute)
    try office.act(.onCall, .answerPage(.eta(minutes: 30)))
    #expect(office.state().watch.paging.nextAt == declared + 11 * Span.minute)
    #expect(try office.act(.onCall, .answerPage(.eta(minutes: 30))) == [], "Said twice.")
    #expect(office.state().acknowledgement == nil, "A page is not an acknowledgement.")
    #expect(office.rule(.onCall, .answerPage(.eta(minutes: 0))) == .invalidField)
    #expect(office.rule(.engineer, .answerPage(.onIt)) == .rightMissing)
  }

  @Test func `wakes the next together with who leads another P1`() throws {
    var office = try manned()
    try office.declare(.level(.p1), id: Office.incident(2))
    try office.act(.onCall, .acknowledge(happenedAt: nil), on: Office.incident(2))
    try office.declare(.level(.p1))
    #expect(
      office.story.last?.events.last?.fact
        == .paged(
          Paged(
            step: .second,
            woken: [
              .init(Office.Who.onCall.id, as: .lead), .init(Office.Who.delivery.id, as: .second),
            ], skipped: [], cause: .declared,
            nextAt: office.state().declaredAt + 5 * Span.minute)))
    #expect(office.state().watch.paging.pages.map(\.step) == [.lead, .second])
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    #expect(
      office.story.last?.events.last?.sentence(by: .system, names: names)
        == "onCall as on call as lead; delivery as on call as second: they were paged.")
  }

  @Test func `is where the roster is: who has left is not on call`() throws {
    var office = try manned()
    let both = ID(high: 50, low: 3)
    try office.run(
      .assignOnCall(
        OnCallAssignment(
          id: both, service: Office.payments, person: Office.Who.engineer.id, role: .lead,
          from: Office.morning - Span.hour, until: Office.morning + Span.day)))
    func lead() -> ID? {
      office.department.onCall(service: Office.payments, role: .lead, at: office.clock)?.person
    }
    #expect(lead() == Office.Who.onCall.id, "The shift that begun latest counts.")
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    #expect(lead() == Office.Who.engineer.id)
    try office.declare(.level(.p1))
    #expect(office.state().watch.paging.pages.map(\.person) == [Office.Who.engineer.id])
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    #expect(lead() == nil)
  }

  @Test func `waits for who was woken to say whether it is reopened`() throws {
    var office = try manned()
    try office.run(Office.alert(.firing))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, Office.fixed)
    #expect(office.rule(.onCall, .answerPage(.onIt)) == .alreadyResolved)
    try office.run(Office.alert(.firing, at: office.clock))
    #expect(office.state().reopenProposedAt != nil)
    #expect(office.state().watch.paging.pages.last?.state == .waiting)
    #expect(office.state().watch.paging.nextAt == nil, "It pages once.")
    var answered = office
    try answered.act(.onCall, .answerPage(.onIt))
    guard case .answered(.onIt, _)? = answered.state().watch.paging.pages.last?.state else {
      Issue.record("It was not answered.")
      return
    }
    try office.act(.engineer, .note(Note(kind: .finding, text: "It is the same again.")))
    #expect(office.state().watch.paging.pages.last?.state == .waiting)
    try office.act(.onCall, .reopen(reason: "It fires again."))
    #expect(office.state().reopenProposedAt == nil)
  }

  @Test func `begins when it is raised, and rests when it is lowered`() throws {
    var office = try manned()
    try office.declare(.level(.p4))
    #expect(office.state().watch.paging.pages == [])
    try office.act(.delivery, .setPriority(PriorityChange(choice: .level(.p2), confirm: true)))
    #expect(office.state().watch.paging.pages.map(\.person) == [Office.Who.onCall.id])
    #expect(office.state().watch.paging.nextAt == office.clock - Span.second + 15 * Span.minute)
    try office.act(.delivery, .setPriority(PriorityChange(choice: .level(.p3), confirm: true)))
    #expect(office.state().watch.paging.nextAt == nil)
  }

  @Test func `waits as long as the settings say`() throws {
    var office = try manned()
    let waits = EscalationWaits(p1: 2, p2: 3, again: 4)
    try office.run(
      .changeSettings(SettingsChange(extras: Settings.Extras(escalation: waits))))
    try office.declare(.level(.p1))
    #expect(office.state().watch.paging.nextAt == office.state().declaredAt + 2 * Span.second)
    let none = EscalationWaits(p1: 0, p2: 3, again: 4)
    #expect(
      office.rule(.changeSettings(SettingsChange(extras: Settings.Extras(escalation: none))))
        == .invalidField)
  }

  @Test func `fits into the time for a response, of the department and of a service`() throws {
    var office = try manned()
    func settle(_ extras: Settings.Extras) -> Action {
      .changeSettings(SettingsChange(extras: extras))
    }
    let slow = EscalationWaits(p1: 301, p2: 900, again: 600)
    #expect(office.rule(settle(Settings.Extras(escalation: slow))) == .invalidField)
    var terms = PolicyTerms()
    terms.targets[.p1] = PriorityTarget(
      response: .minutes(8), resolution: .minutes(60), isAlways: true)
    #expect(office.rule(settle(Settings.Extras(terms: terms))) == .invalidField)

    var policy = ServicePolicyChange(of: Office.payments)
    policy.terms = terms
    try office.run(.changeServicePolicy(policy))
    try office.declare(.level(.p1))
    #expect(office.state().watch.paging.nextAt == office.state().declaredAt + 2 * Span.minute)
  }

  @Test func `begins again with whoever is told that the lead has left`() throws {
    var office = try manned()
    try office.declare(.level(.p1))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    try office.run(
      .releaseLeavers([Release(person: Office.Who.onCall.id, incident: Office.incident)]),
      as: .system)
    #expect(office.state().watch.paging.nextAt == office.clock - Span.second + 5 * Span.minute)
    try office.act(.teamLead, .changeRole(RoleChange(role: .lead, step: .take)))
    #expect(office.state().watch.paging.nextAt == nil)
  }

  @Test func `goes on as soon as the service has it once the lead has left`() throws {
    var office = try manned()
    var policy = ServicePolicyChange(of: Office.payments)
    policy.terms.targets[.p1] = PriorityTarget(
      response: .minutes(8), resolution: .minutes(60), isAlways: true)
    try office.run(.changeServicePolicy(policy))
    try office.declare(.level(.p1))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    let events = try office.run(
      .releaseLeavers([Release(person: Office.Who.onCall.id, incident: Office.incident)]),
      as: .system)
    let now = office.clock - Span.second
    #expect(office.state().watch.paging.nextAt == now + 2 * Span.minute)
    #expect(office.state().watch.paging.pages.last?.at == now)
    guard case .paged(let paged)? = events.last?.fact else {
      Issue.record("Nobody is woken: \(events)")
      return
    }
    // The on-call lead is who left, so it is the second.
    #expect(paged.people == [Office.Who.delivery.id] && paged.cause == .unanswered)
    #expect(paged.step == .second && paged.skipped == [.lead])
  }

  @Test func `leaves a P1 to any responder once nobody acknowledged it in time`() throws {
    var office = try manned()
    try office.declare(.level(.p1))
    #expect(office.rule(.outsider, .acknowledge(happenedAt: nil)) == .rightMissing)
    office.clock += 20 * Span.minute
    let events = try office.act(.outsider, .acknowledge(happenedAt: nil))
    #expect(office.state().roles.lead?.person == Office.Who.outsider.id)
    // It is recorded once, and the owners are told.
    #expect(events.first?.fact == .takenUpInEmergency(by: Office.Who.outsider.id))
    #expect(office.state().around.emergency == [Office.Who.outsider.id])
    let told = office.department.allMessages.filter {
      $0.about == .takenUpInEmergency(by: Office.Who.outsider.id)
    }
    #expect(told.map(\.recipient) == [.team(Office.liveServices)])
    let more = try office.act(.outsider, .move(StatusChange(to: .mitigated)))
    #expect(!more.contains { $0.fact == .takenUpInEmergency(by: Office.Who.outsider.id) })
  }

  @Test func `is no emergency for the specialist team of its flag`() throws {
    var office = try manned()
    let contacts = SpecialContacts(cyber: Contact(recipient: .team(Office.other)))
    try office.run(.changeSettings(SettingsChange(extras: Settings.Extras(contacts: contacts))))
    try office.declare(.level(.p1))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    office.clock += 20 * Span.minute
    let report = FlagReport(flag: .cyber, reportedAt: office.clock, by: "Cyber Security")
    let events = try office.act(.outsider, .recordFlagReport(report))
    #expect(!events.contains { $0.fact == .takenUpInEmergency(by: Office.Who.outsider.id) })
    #expect(!events.isEmpty && office.state().around.emergency.isEmpty)
  }

  @Test func `is no emergency for whoever belongs to it`() throws {
    var office = try manned()
    try office.declare(.level(.p1))
    office.clock += 20 * Span.minute
    let events = try office.act(.engineer, .acknowledge(happenedAt: nil))
    #expect(events.first?.fact != .takenUpInEmergency(by: Office.Who.engineer.id))
    #expect(office.state().around.emergency.isEmpty)
  }

  @Test func `is broken for a fortnight where nobody is on call`() throws {
    let morning = Office.morning
    func shift(_ number: UInt64, _ who: Office.Who, _ from: Int64, _ until: Int64) -> OnCallShift {
      OnCallShift(
        OnCallAssignment(
          id: ID(high: 50, low: number), service: Office.payments, person: who.id, role: .lead,
          from: morning + from * Span.day, until: morning + until * Span.day), version: 1)
    }
    let shifts = [
      shift(1, .onCall, 5, 7), shift(2, .engineer, -1, 1), shift(3, .delivery, 1, 3),
      shift(4, .teamLead, 8, 9),
    ]
    let gaps = OnCallGap.gaps(
      of: Office.payments, in: shifts, from: morning, until: morning + OnCallGap.horizon
    ) { $0.person != Office.Who.teamLead.id }
    #expect(
      gaps.map { [($0.from - morning) / Span.day, ($0.until - morning) / Span.day] }
        == [[3, 5], [7, 14]])
  }
}
