import Bytes
import Incidents
import Testing

/// What a monitoring system may do (policy section 10).
@Suite("Alerts")
struct AlertTests {
  private func alert(
    _ fingerprint: String, _ status: AlertMember.Status = .firing, at: Int64 = Office.morning,
    severity: String = "critical"
  ) -> AlertMember {
    AlertMember(
      fingerprint: fingerprint, status: status, startsAt: at,
      endsAt: status == .resolved ? at + Span.minute : nil, name: "PaymentsDown",
      severity: severity, summary: "Payments fail")
  }

  private func notification(
    _ members: [AlertMember], incident: UInt64 = 1, service: String? = "payments",
    truncated: UInt32 = 0
  ) -> Action {
    .alert(
      AlertNotification(
        incident: Office.incident(incident), group: ID(high: 60, low: incident),
        source: "alertmanager", receiver: "muster", groupKey: "{}:{service=\"payments\"}",
        groupLabels: "service=payments", service: service, members: members,
        truncated: truncated))
  }

  private func group(_ office: Office, service: String = "payments") -> AlertGroup? {
    office.department.alertGroup(
      AlertGroupKey(source: "alertmanager", group: "{}:{service=\"payments\"}", service: service))
  }

  @Test func `declare one incident for a group, and are counted`() throws {
    var office = try Office()
    try office.run(notification([alert("a"), alert("b", severity: "warning")]))
    let incident = office.state()
    #expect(incident.title == "Payments fail (and 1 more)")
    #expect(incident.classification.priority == .p1 && !incident.classification.isConfirmed)
    #expect(incident.service == Office.payments)
    #expect(incident.reporter == nil && !incident.isTouched)
    #expect(incident.paged == [Office.Who.onCall.id])
    try office.run(notification([alert("a"), alert("b", severity: "warning")], incident: 2))
    #expect(office.department.incident(Office.incident(2)) == nil)
    #expect(group(office)?.repeats == 2)
    #expect(office.state().paged.count == 1)
  }

  @Test func `of an unknown service go to the default team`() throws {
    var office = try Office()
    try office.run(notification([alert("a")], service: "parking"))
    #expect(office.state().service == nil)
    #expect(office.state().unknownService == "parking")
    #expect(office.state().teams.second == Office.liveServices)
  }

  @Test func `that resolve what nobody knows open nothing`() throws {
    var office = try Office()
    let events = try office.run(notification([alert("a", .resolved)]))
    #expect(events.count == 1)
    #expect(office.department.incident(Office.incident) == nil)
  }

  @Test func `raise a provisional priority, never lower it, never touch a confirmed one`() throws {
    var office = try Office()
    try office.run(notification([alert("a", severity: "warning")]))
    #expect(office.state().classification.priority == .p3)
    try office.run(notification([alert("b")]))
    #expect(office.state().classification.priority == .p1)
    try office.run(notification([alert("c", severity: "info")]))
    #expect(office.state().classification.priority == .p1)
    try office.act(.delivery, .setPriority(PriorityChange(choice: .level(.p4), confirm: true)))
    try office.run(notification([alert("d")]))
    #expect(office.state().classification.priority == .p4)
  }

  @Test func `that all clear ask whether service is restored, and resolve nothing`() throws {
    var office = try Office()
    try office.run(notification([alert("a"), alert("b")]))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.run(notification([alert("a", .resolved)]))
    #expect(office.state().alertsClearedAt == nil)
    try office.run(notification([alert("b", .resolved)]))
    #expect(office.state().alertsClearedAt != nil)
    #expect(office.state().status.isLive)
    // A firing that began no later than what is known to be over is a late repeat.
    try office.run(notification([alert("b")]))
    #expect(group(office)?.clearedAt != nil)
  }

  @Test func `never clear by themselves while some are not listed`() throws {
    var office = try Office()
    try office.run(notification([alert("a")], truncated: 3))
    try office.run(notification([alert("a", .resolved)], truncated: 3))
    #expect(group(office)?.isIncomplete == true)
    #expect(office.state().alertsClearedAt == nil)
  }

  @Test func `soon after clearing are the same incident, and later a new one, linked`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.run(notification([alert("a", .resolved)]))
    office.clock += 20 * Span.minute
    try office.run(notification([alert("a", at: office.clock)], incident: 2))
    #expect(office.department.incident(Office.incident(2)) == nil)
    #expect(group(office)?.flaps == 1)
    try office.run(notification([alert("a", .resolved, at: office.clock)]))
    office.clock += 31 * Span.minute
    try office.run(notification([alert("a", at: office.clock)], incident: 3))
    #expect(office.state(Office.incident(3)).recurrenceOf == Office.incident)
  }

  @Test func `after a person resolved propose to reopen, and page once`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, Office.fixed)
    let pages = { (events: [Event]) in
      events.filter { if case .leadNotified = $0.fact { true } else { false } }.count
    }
    let first = try office.run(notification([alert("b", at: office.clock)]))
    #expect(pages(first) == 1)
    #expect(office.state().reopenProposedAt != nil)
    #expect(office.state().status == .resolved)
    let second = try office.run(notification([alert("c", at: office.clock)]))
    #expect(pages(second) == 0)
  }

  @Test func `that begin again without an end are told, not counted`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.run(notification([alert("a", at: Office.morning + Span.minute)]))
    #expect(group(office)?.repeats == 0)
    #expect(group(office)?.members.map(\.startsAt) == [Office.morning + Span.minute])
  }

  @Test func `that go on after the end propose to reopen, and later are another incident`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, Office.fixed)
    try office.run(notification([alert("a")]))
    #expect(office.state().reopenProposedAt != nil)
    // Said once, it is counted from then on.
    try office.run(notification([alert("a")]))
    #expect(group(office)?.repeats == 1)
    office.clock += 31 * Span.minute
    try office.run(notification([alert("a")], incident: 2))
    #expect(office.state(Office.incident(2)).recurrenceOf == Office.incident)
    #expect(office.state(Office.incident(2)).paged == [Office.Who.onCall.id])
  }

  @Test func `after a cancel are another incident, but for those it was cancelled for`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.act(.delivery, .cancel(reason: "False alarm, no one affected"))
    try office.run(notification([alert("a")], incident: 2))
    #expect(office.department.incident(Office.incident(2)) == nil)
    try office.run(notification([alert("b", at: office.clock)], incident: 3))
    #expect(office.state(Office.incident(3)).recurrenceOf == Office.incident)
  }

  @Test func `that cleared after a cancel are still those it was cancelled for`() throws {
    var office = try Office()
    try office.run(notification([alert("a"), alert("b")]))
    try office.act(.delivery, .cancel(reason: "False alarm, no one affected"))
    // Both ended after the cancel, and before anybody was told so.
    office.clock = Office.morning + 5 * Span.minute
    try office.run(notification([alert("a", .resolved), alert("b", .resolved)]))
    try office.run(notification([alert("a", at: office.clock)], incident: 2))
    #expect(office.department.incident(Office.incident(2)) == nil)
    try office.run(notification([alert("c", at: office.clock)], incident: 3))
    #expect(office.state(Office.incident(3)).recurrenceOf == Office.incident)
  }

  @Test func `that found no room keep their incident from clearing for ever`() throws {
    var office = try Office()
    let many = (0...Bound.groupMembers).map { alert("\($0)") }
    for start in stride(from: 0, to: many.count, by: Bound.notifiedAlerts) {
      let end = min(start + Bound.notifiedAlerts, many.count)
      try office.run(notification(Array(many[start..<end])))
    }
    #expect(group(office)?.hasForgotten == true)
    try office.run(notification([alert("0", .resolved)]))
    #expect(group(office)?.isIncomplete == true)
    for member in group(office)?.members ?? [] where member.status == .firing {
      try office.run(notification([alert(member.fingerprint, .resolved)]))
    }
    #expect(group(office)?.members.contains { $0.status == .firing } == false)
    #expect(office.state().alertsClearedAt == nil)
  }

  @Test func `of two groups clear one incident when both are clear`() throws {
    var office = try Office()
    try office.run(notification([alert("a")]))
    try office.run(notification([alert("b")], incident: 2, service: "parking"))
    try office.act(.delivery, .duplicate(of: Office.incident, reason: nil), on: Office.incident(2))
    #expect(office.state().firingGroups.count == 2)
    try office.run(notification([alert("a", .resolved)]))
    #expect(office.state().alertsClearedAt == nil)
    try office.run(notification([alert("b", .resolved)], service: "parking"))
    #expect(office.state().alertsClearedAt != nil)
  }

  @Test func `that fire again ask to reopen what is closed, while it can be`() throws {
    var office = try Office.led(.p3)
    try office.run(notification([alert("a")], incident: 2))
    let second = Office.incident(2)
    try office.act(.delivery, .resolve(Resolution(fix: "Done.", takesLead: true)), on: second)
    try office.act(.delivery, .close(overrideReason: nil), on: second)
    try office.run(notification([alert("b", at: office.clock)], incident: 3))
    let asks = { (now: Int64) in
      office.state(second).duties(at: now).contains { $0.slug == "reopen" }
    }
    #expect(office.state(second).status == .closed)
    #expect(asks(office.clock))
    #expect(!asks(office.clock + 8 * Span.day))
  }
}
