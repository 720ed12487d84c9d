import Bytes
import Incidents
import Testing

/// Where two rules of the policy meet.
@Suite("At its edges the policy")
struct EdgeTests {
  private static let minute = Span.minute

  private func confirm(_ priority: Priority) -> IncidentAction {
    .setPriority(PriorityChange(choice: .level(priority), confirm: true))
  }

  private func paged(_ events: [Event]) -> [Paged] {
    events.compactMap { if case .paged(let paged) = $0.fact { paged } else { nil } }
  }

  @Test func `wakes the next of a P1's chain in its time, where a P2 turns out to be one`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p2))
    #expect(office.state().watch.paging.nextAt == office.state().declaredAt + 15 * Self.minute)
    office.clock += Self.minute
    try office.act(.delivery, confirm(.p1))
    let raised = office.clock - Span.second
    #expect(office.state().watch.paging.nextAt == raised + 5 * Self.minute)
    // The other way round nobody is woken later than was said.
    try office.act(.delivery, confirm(.p2))
    #expect(office.state().watch.paging.nextAt == raised + 5 * Self.minute)
  }

  @Test func `tells whoever leads it of a raise, and wakes nobody after them`() throws {
    var office = try Office.raised(.p3)
    // Nobody is on call any more.
    office.clock += 2 * Span.day
    let events = try office.act(.onCall, confirm(.p1))
    #expect(paged(events).count == 1 || events.contains { $0.kind == 102 })
    #expect(office.state().watch.paging.nextAt == nil)
    #expect(paged(try office.fireAll(until: office.clock + 15 * Self.minute)).isEmpty)
  }

  @Test func `asks everybody again once all have said that they cannot help`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    try office.act(.onCall, .answerPage(.cannotHelp))
    var woken: [Office.Who] = [.teamLead, .admin]
    for who in woken { try office.act(who, .answerPage(.cannotHelp)) }
    let last = try #require(office.state().watch.paging.pages.last)
    #expect(last.step == .again)
    woken.append(.onCall)
    let open = office.state().watch.paging.pages.filter { $0.state == .waiting }.map(\.person)
    #expect(Set(open) == Set(woken.map(\.id)))
  }

  @Test func `asks nobody else once the lead says that they are still on it`() throws {
    var office = try Office.raised()
    let silent = try #require(office.state().watch.lastEntryAt) + 25 * Self.minute
    let events = try office.fireAll(until: silent)
    #expect(paged(events).last?.cause == .silence)
    try office.act(.onCall, .answerPage(.onIt))
    #expect(office.state().watch.paging.nextAt == nil)
    #expect(paged(try office.fireAll(until: office.clock + 15 * Self.minute)).isEmpty)
    // After as long a silence it is asked anew.
    #expect(!paged(try office.fireAll(until: office.clock + 26 * Self.minute)).isEmpty)
  }

  @Test func `leaves what was promised, where the same priority is confirmed`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, .move(StatusChange(to: .mitigated)))
    try office.act(
      .onCall, .update(CommunicationUpdate(audience: .stakeholders, text: "It is better.")))
    let due = try #require(office.state().clocks.update?.dueAt)
    office.clock += 25 * Self.minute
    try office.act(.onCall, confirm(.p1))
    #expect(office.state().clocks.update?.dueAt == due)
    #expect(office.state().clocks.missedUpdates == 0)
  }

  @Test func `runs by the service that it has now`() throws {
    var office = try Office(isRaised: true)
    var change = ServicePolicyChange(of: Office.payments)
    change.terms.targets[.p3] = PriorityTarget(
      response: .minutes(30), resolution: .minutes(240), limit: .businessDays(3))
    try office.run(.changeServicePolicy(change))
    try office.declare(.level(.p3), service: nil)
    #expect(office.state().clocks.response.dueAt != office.state().declaredAt + 30 * Self.minute)
    try office.act(
      .delivery, .setService(LeadServiceChange(service: Office.payments, reason: nil)))
    #expect(office.state().clocks.extras.servicePolicy == 1)
    #expect(office.state().clocks.response.dueAt == office.state().declaredAt + 30 * Self.minute)
  }

  @Test func `wakes the second of a service that is found out, where nobody leads it`() throws {
    var office = try Office(isRaised: true)
    try office.run(
      .assignOnCall(
        OnCallAssignment(
          id: ID(high: 50, low: 2), service: Office.signIn, person: Office.Who.engineer.id,
          role: .second, from: Office.morning, until: Office.morning + Span.day)))
    try office.declare(.level(.p1))
    let events = try office.act(
      .delivery, .setService(LeadServiceChange(service: Office.signIn, reason: nil)))
    #expect(paged(events).map(\.people) == [[Office.Who.engineer.id]])
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, Office.fixed)
    let reopened = try office.act(.onCall, .reopen(reason: "It was not."))
    #expect(paged(reopened).map(\.people) == [[Office.Who.engineer.id]])
    // Its lead has it still.
    #expect(office.state().watch.paging.nextAt == nil)
  }

  @Test func `asks 2nd line for an answer of its own, where a P5 turns out to be a P3`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p5))
    try office.act(.engineer, .acknowledge(happenedAt: nil))
    try office.act(.delivery, confirm(.p5))
    office.clock += Span.hour
    let raised = office.clock
    try office.act(.delivery, confirm(.p3))
    #expect(office.state().teams.ownerLine == .second)
    #expect(office.state().acknowledgement == nil)
    #expect(office.state().clocks.response.startedAt == raised)
    // Among P3 and P4 it is with whoever triaged it.
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    try office.act(.delivery, confirm(.p4))
    try office.act(.delivery, confirm(.p3))
    #expect(office.state().acknowledgement != nil)
  }

  @Test func `takes alerts soon after a close, but long after the fix, for a new outage`() throws {
    var office = try Office.raised(.p3)
    try office.run(Office.alert(.firing, incident: 2))
    let id = Office.incident(2)
    try office.act(.delivery, confirm(.p3), on: id)
    try office.act(.onCall, .resolve(Resolution(fix: "x", takesLead: true)), on: id)
    try office.run(Office.alert(.resolved, incident: 2))
    let calm = office
    office.clock += Span.day
    try office.act(.onCall, .close(overrideReason: nil), on: id)
    office.clock += 10 * Self.minute
    let again = Office.alert(.firing, incident: 3, group: 2, at: office.clock)
    try office.run(again)
    #expect(office.department.incident(Office.incident(3))?.recurrenceOf == id)
    // Soon after the fix it is asked whether it is reopened.
    office = calm
    office.clock += 10 * Self.minute
    try office.run(Office.alert(.firing, incident: 3, group: 2, at: office.clock))
    #expect(office.department.incident(Office.incident(3)) == nil)
    #expect(office.state(id).asksToReopen)
  }

  @Test func `follows a duplicate's actions, and leaves flags and reach to its survivor`() throws {
    var office = try Office.raised()
    let survivor = Office.incident(2)
    try office.declare(.level(.p1), id: survivor)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    try office.act(.onCall, .stateReach(.department(true)))
    try office.act(.onCall, .recordFlagReport(FlagReport(flag: .data, reportedAt: 0, by: "Ana")))
    try office.act(.onCall, Office.fixed)
    try office.act(
      .delivery,
      .review(
        Review(
          summary: "s", impact: "i", cause: .established("c"),
          actions: .some([
            ReviewAction(
              what: "Renew it.", owner: Office.Who.onCall.id, due: office.clock + Span.day)
          ]))))
    try office.act(.delivery, .duplicate(of: survivor, reason: nil))
    #expect(office.state(survivor).affectsDepartment)
    func owed(_ id: ID) -> [String] { office.state(id).duties(at: office.clock).map(\.slug) }
    #expect(!owed(Office.incident).contains("decide-notification"))
    #expect(owed(survivor).contains("decide-notification"))
    #expect(owed(Office.incident).contains("complete-action"))
    try office.act(.onCall, .completeAction(1))
    #expect(owed(Office.incident) == [])
    // A flag that comes later is its own.
    try office.act(.delivery, .setFlag(FlagRaising(flag: .cyber)))
    #expect(owed(Office.incident) == ["report-cyber"])
  }

  @Test func `reminds nobody of a flag in an exercise`() throws {
    var office = try Office.raised(exercise: true)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    let kinds = try office.fireAll(until: office.clock + 4 * Span.day).flatMap(\.reminders)
      .map(\.kind)
    #expect(!kinds.contains(.reportData) && !kinds.contains(.decideNotification))
  }

  @Test func `lets nobody agree to their own words, whoever began them`() throws {
    var office = try Office.raised(.p2)
    let id = ID(high: 16, low: 1)
    func draft(_ what: String) -> IncidentAction {
      .draftCommunication(
        CommunicationDraft(
          id: id, audience: .allStaff, what: what, nextUpdateAt: office.clock + Span.hour))
    }
    try office.act(.onCall, draft("It is slow."))
    try office.act(.delivery, draft("It is down."))
    let send = IncidentAction.moveCommunication(
      CommunicationStep(communication: id, step: .send(overrideReason: nil)))
    #expect(office.rule(.delivery, send) == .approvalRequired)
    #expect(office.rule(.onCall, send) == nil)
  }

  @Test func `shows a duplicate's cyber flag to few, whatever was said of its survivor's`() throws {
    var office = try Office.raised()
    try office.act(.onCall, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(.onCall, .changeSight(.widen(reason: "Everybody has seen it.")))
    try office.act(.onCall, .clearFlag(.cyber, reason: "It was none."))
    let other = Office.incident(2)
    try office.declare(.level(.p1), id: other)
    try office.act(.delivery, .setFlag(FlagRaising(flag: .cyber)), on: other)
    try office.act(.delivery, .duplicate(of: Office.incident, reason: nil), on: other)
    #expect(office.state().isRestricted)
  }

  @Test func `names no incident that covers a review to whoever may not see it`() {
    let reason = WaiverReason.covered(by: Office.incident)
    let seen = Names { _, _ in nil }
    let hidden = Names(isSeen: { _ in false }, { _, _ in nil })
    #expect(reason.words(seen).contains(Reference(Office.incident).text))
    #expect(reason.words(hidden) == "covered by the review of another incident")
  }

  @Test func `wakes the lead for another alert where the service asks for that`() throws {
    for asks in [false, true] {
      var office = try Office(isRaised: true)
      if asks {
        var change = ServicePolicyChange(of: Office.payments)
        change.terms.pagesNewAlerts = true
        try office.run(.changeServicePolicy(change))
      }
      func alert(_ fingerprint: String) -> Action {
        .alert(
          AlertNotification(
            incident: Office.incident, group: ID(high: 60, low: 1), source: "alertmanager",
            receiver: "muster", groupKey: "g", service: "payments",
            members: [
              AlertMember(
                fingerprint: fingerprint, status: .firing, startsAt: office.clock,
                name: "PaymentsDown", severity: "critical")
            ]))
      }
      try office.run(alert("a"))
      // While the chain runs, and for what is only said again, nobody is woken beside it.
      #expect(paged(try office.run(alert("b"))).isEmpty)
      try office.act(.delivery, .acknowledge(happenedAt: nil))
      #expect(paged(try office.run(alert("a"))).isEmpty)
      let events = try office.run(alert("c"))
      #expect(paged(events).map(\.people) == (asks ? [[Office.Who.delivery.id]] : []))
      #expect(office.state().watch.paging.nextAt == nil)
    }
  }

  @Test func `reminds within the hours in which a clock runs`() throws {
    var office = try Office.at("2026-11-27T16:00:00Z")
    try office.declare(.level(.p4))
    let due = try #require(office.state().clocks.response.dueAt)
    let first = try office.fireAll(until: due).flatMap(\.reminders).first {
      $0.kind == .acknowledge
    }
    // A Friday at 16:00, with four hours of work: three of them have run on Monday at 11:00.
    #expect(due == Timestamp.parse("2026-11-30T12:00:00Z"))
    #expect(first?.at == Timestamp.parse("2026-11-30T11:00:00Z"))
  }
}
