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

  @Test func `takes a second "we have it" for one where somebody waits to hear it`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p3))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    #expect(office.state().roles.lead == nil)
    try office.act(.delivery, confirm(.p1))
    #expect(office.state().watch.paging.nextAt != nil)
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    #expect(office.state().roles.lead?.person == Office.Who.onCall.id)
    #expect(office.state().watch.paging.nextAt == nil)
    #expect(try office.act(.onCall, .acknowledge(happenedAt: nil)).isEmpty)
    // Asked whether they are still on it, a lead may say it so too.
    let silent = try #require(office.state().watch.lastEntryAt) + 25 * Self.minute
    #expect(paged(try office.fireAll(until: silent)).last?.cause == .silence)
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    #expect(office.state().watch.paging.nextAt == nil)
  }

  @Test func `opens again, and wakes people for, what closed by itself and fires again`() throws {
    var office = try Office(isRaised: true)
    try office.run(Office.alert(.firing))
    office.clock += Self.minute
    try office.run(Office.alert(.resolved))
    let at = try #require(office.state().untouchedSince)
    office.clock = at + 10 * Self.minute
    try office.run(
      .closeCleared([ClearedIncident(incident: Office.incident, clearedAt: at)]), as: .system)
    #expect(office.state().status == .closed)
    office.clock += 5 * Self.minute
    let events = try office.run(Office.alert(.firing, at: office.clock))
    let reopened = try #require(
      events.first { if case .reopened = $0.fact { true } else { false } })
    #expect(
      reopened.sentence(by: Office.Who.admin.actor, names: Names { _, _ in "Ana" })
        == "It is open again. Its alerts fire again.")
    #expect(office.state().status.isLive && !office.state().asksToReopen)
    #expect(office.state().watch.paging.nextAt != nil)
    #expect(office.state().firingGroups.count == 1)
  }

  @Test func `goes by when somebody said that it is resolved, not by when it was or is reviewed`()
    throws
  {
    var office = try Office(isRaised: true)
    try office.run(Office.alert(.firing))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.run(Office.alert(.resolved))
    office.clock += 3 * Span.hour
    try office.act(
      .onCall, .resolve(Resolution(fix: "x", happenedAt: office.clock - 2 * Span.hour)))
    let said = office
    office.clock += 20 * Self.minute
    try office.run(Office.alert(.firing, incident: 3, group: 1, at: office.clock))
    #expect(office.state().asksToReopen)
    office = said
    office.clock += Span.day
    try office.act(.delivery, confirm(.p1))
    #expect(office.state().status == .inReview)
    office.clock += 10 * Self.minute
    try office.run(Office.alert(.firing, incident: 3, group: 1, at: office.clock))
    #expect(office.department.incident(Office.incident(3))?.recurrenceOf == Office.incident)
  }

  @Test func `holds no alert that somebody posts for an entry of theirs`() throws {
    var office = try Office.raised()
    try office.run(Office.alert(.firing, incident: 2), as: Office.Who.delivery.actor)
    let id = Office.incident(2)
    try office.act(.onCall, .acknowledge(happenedAt: nil), on: id)
    let last = try #require(office.state(id).watch.lastEntryAt)
    office.clock += 10 * Self.minute
    try office.run(
      Office.alert(.firing, incident: 2, at: office.clock), as: Office.Who.admin.actor)
    #expect(office.state(id).watch.lastEntryAt == last)
    #expect(!office.department.hasActed(Office.Who.admin.id, on: id))
    try office.act(.admin, .note(Note(kind: .finding, text: "x")), on: id)
    #expect(office.department.hasActed(Office.Who.admin.id, on: id))
  }

  @Test func `leaves a P3's chain where it is, when the P3 is confirmed`() throws {
    var office = try Office.at("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    let half = try #require(office.state().clocks.extras.halfResponseAt)
    _ = try office.fireAll(until: half)
    let next = try #require(office.state().watch.paging.nextAt)
    office.clock = next - 5 * Self.minute
    try office.act(.delivery, confirm(.p3))
    #expect(office.state().watch.paging.nextAt == next)
    #expect(office.state().watch.paging.cause == .unacknowledged)
  }

  @Test func `lets a major incident's last update be that of those that belong to it`() throws {
    var office = try Office.raised()
    let child = Office.incident(2)
    try office.declare(.level(.p2), id: child)
    try office.act(.delivery, .relate(.childOf(Office.incident)), on: child)
    for id in [Office.incident, child] {
      try office.act(.onCall, .resolve(Resolution(fix: "x", takesLead: true)), on: id)
    }
    #expect(office.state(child).clocks.update?.stoppedAt == nil)
    try office.act(
      .onCall, .update(CommunicationUpdate(audience: .stakeholders, text: "It is over.")))
    #expect(office.state(child).clocks.update?.stoppedAt != nil)
  }

  @Test func `gives a mitigated incident twice the time at its new priority too`() throws {
    var office = try Office.raised()
    try office.act(.onCall, .move(StatusChange(to: .mitigated)))
    try office.act(
      .onCall, .update(CommunicationUpdate(audience: .stakeholders, text: "It is better.")))
    let told = office.clock - Span.second
    try office.act(.onCall, confirm(.p2))
    #expect(office.state().clocks.update?.dueAt == told + 2 * Span.hour)
  }

  @Test func `tells by the cadence of the service that it has now`() throws {
    var office = try Office(isRaised: true)
    var change = ServicePolicyChange(of: Office.payments)
    change.terms.cadence[.p1] = .every(.minutes(60))
    try office.run(.changeServicePolicy(change))
    try office.declare(.level(.p1), service: nil)
    let declared = office.state().declaredAt
    #expect(office.state().clocks.update?.dueAt == declared + 20 * Self.minute)
    try office.act(
      .delivery, .setService(LeadServiceChange(service: Office.payments, reason: nil)))
    #expect(office.state().clocks.update?.dueAt == declared + Span.hour)
  }

  @Test func `asks for a date of a second review, and leaves a waived one to nobody`() throws {
    var office = try Office.raised()
    try office.act(.onCall, Office.fixed)
    let plan = ReviewPlan(at: office.clock + Span.day, attendees: [])
    try office.act(.onCall, .arrangeReview(plan))
    try office.act(.onCall, .reopen(reason: "It was not."))
    #expect(office.state().watch.reviewPlan != nil)
    try office.act(.onCall, Office.fixed)
    try office.act(.delivery, .waiveReview(.falseAlarm))
    let waived = office
    try office.act(.onCall, .reopen(reason: "It was real."))
    #expect(office.state().watch.reviewPlan == nil)
    office = waived
    let survivor = Office.incident(2)
    try office.declare(.level(.p3), id: survivor)
    try office.act(.onCall, .resolve(Resolution(fix: "x", takesLead: true)), on: survivor)
    try office.act(.delivery, .duplicate(of: survivor, reason: nil))
    #expect(!office.state(survivor).owesReview && office.state(survivor).status == .resolved)
  }

  @Test func `gathers a storm on in the incident that its umbrella is the same as`() throws {
    var office = try Office(isRaised: true)
    let major = Office.incident(99)
    try office.declare(.level(.p1), id: major)
    for number in 1...11 as ClosedRange<UInt64> {
      try office.run(Office.alert(.firing, incident: number))
    }
    #expect(office.state(Office.incident(11)).around.isUmbrella)
    try office.act(.delivery, .duplicate(of: major, reason: nil), on: Office.incident(11))
    try office.run(Office.alert(.firing, incident: 12))
    #expect(office.department.incident(Office.incident(12)) == nil)
    #expect(office.state(major).firingGroups.count == 2)
  }

  @Test func `gives nobody sight of what theirs belonged to`() throws {
    var office = try Office.raised()
    let child = Office.incident(2)
    try office.declare(.level(.p3), id: child)
    try office.act(.delivery, .relate(.childOf(Office.incident)), on: child)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    try office.act(.engineer, .acknowledge(happenedAt: nil), on: child)
    #expect(!office.department.hasActed(Office.Who.delivery.id, on: Office.incident))
  }
}
