import Bytes
import Incidents
import Testing

extension Office {
  /// An office of the newest level whose clock is put to a local time of London.
  static func at(_ text: String) throws -> Office {
    var office = try Office(isRaised: true)
    office.set(text)
    return office
  }

  mutating func set(_ text: String) { clock = Timestamp.parse(text)! }

  /// "due 2026-04-07T15:00:00.000Z, limit …" of a clock.
  func dues(_ path: KeyPath<Clocks, Clock>) -> [String] {
    let clock = state().clocks[keyPath: path]
    return [clock.dueAt, clock.limitAt].compactMap {
      $0.map { String(Timestamp.format($0).prefix(16)) }
    }
  }

  func clockState(_ kind: Clock.Kind, at text: String) -> Clock.State? {
    state().clocks.state(of: kind, at: Timestamp.parse(text)!)
  }

  mutating func confirm(_ priority: Priority) throws(Refusal) {
    try act(.delivery, .setPriority(PriorityChange(choice: .level(priority), confirm: true)))
  }

  func duty(_ slug: String) -> String? {
    state().duties(at: clock).first { $0.slug == slug }?.dueAt.map {
      String(Timestamp.format($0).prefix(16))
    }
  }
}

@Suite("Clocks in working hours")
struct ClockTests {
  @Test(arguments: [
    (Priority.p3, ["2026-04-07T09:00"], ["2026-04-07T15:00", "2026-04-08T15:00"]),
    (.p4, ["2026-04-07T11:00"], ["2026-04-09T15:00", "2026-04-13T15:00"]),
    (.p5, ["2026-04-07T15:00"], []),
    (.p6, ["2026-04-08T15:00"], []),
    (.p2, ["2026-04-02T16:00"], ["2026-04-02T19:00", "2026-04-02T23:00"]),
    (.p1, ["2026-04-02T15:20"], ["2026-04-02T16:00", "2026-04-02T16:00"]),
  ])
  func `begin as the table of policy says`(
    priority: Priority, response: [String], resolution: [String]
  ) throws {
    // The Thursday before Easter, 16:00 by the clocks of London.
    var office = try Office.at("2026-04-02T16:00:00+01:00")
    try office.declare(.level(priority))
    #expect(office.dues(\.response) == response)
    #expect(office.dues(\.resolution) == resolution)
    #expect(try Incident(decoding: office.state().encoded()) == office.state())
  }

  @Test func `are as behaviour level 1 has them until it rises, and until the priority changes`()
    throws
  {
    var office = try Office()
    try office.declare(.level(.p3))
    #expect(office.dues(\.response).isEmpty)
    office.department.raise(to: 2, at: office.clock)
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.dues(\.resolution).isEmpty)
    #expect(office.clockState(.resolution, at: "2026-11-24T09:00:00Z") == .noDueTime)
    try office.confirm(.p4)
    #expect(office.dues(\.resolution) == ["2026-11-26T09:00", "2026-11-30T09:00"])
  }

  @Test func `are due soon once three quarters of their own hours have run`() throws {
    var office = try Office.at("2026-04-02T16:00:00+01:00")
    try office.declare(.level(.p3))
    // 360 of 480 minutes: an hour on Thursday, five on Tuesday.
    let states = ["2026-04-07T12:59:59Z", "2026-04-07T13:00:00Z", "2026-04-07T15:00:01Z"].map {
      office.clockState(.resolution, at: $0)
    }
    #expect(states == [.onTime, .dueSoon, .overdue])
    #expect(
      !office.state().clocks.resolution.isPastLimit(at: Timestamp.parse("2026-04-08T15:00:00Z")!))
    #expect(
      office.state().clocks.resolution.isPastLimit(at: Timestamp.parse("2026-04-08T15:00:01Z")!))
  }

  @Test func `stand still while a P3 waits, until the opening of the day to look again`() throws {
    var office = try Office.at("2026-11-23T10:00:00Z")
    try office.declare(.level(.p3))
    office.set("2026-11-23T12:00:00Z")
    let day = CalendarDefinition.Holiday.day("2026-11-26")!
    try office.act(.delivery, .wait(Waiting(for: .supplier, lookAgain: day)))
    // Six hours were left of eight.
    #expect(office.dues(\.resolution) == ["2026-11-26T15:00", "2026-11-27T15:00"])
    #expect(office.duty("look-again") == "2026-11-26T09:00")
    let states = ["2026-11-25T12:00:00Z", "2026-11-26T08:59:59Z", "2026-11-26T09:00:00Z"].map {
      office.clockState(.resolution, at: $0)
    }
    #expect(states == [.paused, .paused, .onTime])
    #expect(office.clockState(.resolution, at: "2026-11-26T13:00:00Z") == .dueSoon)
    // The response does not wait.
    #expect(office.clockState(.response, at: "2026-11-23T12:30:00Z") == .overdue)
    // The supplier answers early: it runs from then.
    office.set("2026-11-24T11:00:00Z")
    try office.act(.delivery, .endWait(happenedAt: nil))
    #expect(office.dues(\.resolution) == ["2026-11-24T17:00", "2026-11-25T17:00"])
    #expect(office.duty("look-again") == nil)
    #expect(try office.act(.delivery, .endWait(happenedAt: nil)).isEmpty)
  }

  @Test func `of a P1 never stand still: what it waits for is attributed`() throws {
    var office = try Office.at("2026-11-23T10:00:00Z")
    try office.declare(.level(.p1))
    let day = CalendarDefinition.Holiday.day("2026-11-26")!
    #expect(office.rule(.delivery, .wait(Waiting(for: .user, lookAgain: day))) == .invalidField)
    office.set("2026-11-23T10:30:00Z")
    try office.act(.delivery, .wait(Waiting(for: .supplier)))
    #expect(office.dues(\.resolution) == ["2026-11-23T11:00", "2026-11-23T11:00"])
    #expect(office.clockState(.resolution, at: "2026-11-23T11:30:00Z") == .overdue)
    office.set("2026-11-23T12:40:00Z")
    try office.act(.delivery, .endWait(happenedAt: nil))
    let attributed = office.state().clocks.attributed(at: Timestamp.parse("2026-11-23T13:00:00Z")!)
    #expect(attributed.map { $0.cause } == [.supplier])
    #expect(attributed.map { $0.milliseconds } == [130 * Span.minute])
    // What is over can be recorded as such.
    let late = Waiting(
      for: .user, happenedAt: office.clock - 600_000, until: office.clock - 300_000)
    try office.act(.delivery, .wait(late))
    #expect(office.state().clocks.wait(at: office.clock) == nil)
  }

  @Test func `that pause name a day to come`() throws {
    var office = try Office.at("2026-11-23T10:00:00Z")
    try office.declare(.level(.p4))
    let days = [nil, "2026-11-22", "2026-11-23", "2028-11-23"].map { text in
      text.flatMap { CalendarDefinition.Holiday.day($0) }
    }
    for day in days {
      let rule = office.rule(.delivery, .wait(Waiting(for: .plannedDate, lookAgain: day)))
      #expect(rule == .invalidField)
    }
  }

  @Test
  func
    `of a raise start there, and pauses end; lowered, they count from declaration less the pauses`()
    throws
  {
    var office = try Office.at("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    try office.confirm(.p3)
    office.set("2026-11-23T11:00:00Z")
    let day = CalendarDefinition.Holiday.day("2026-11-27")!
    try office.act(.delivery, .wait(Waiting(for: .supplier, lookAgain: day)))
    office.set("2026-11-23T13:00:00Z")
    try office.confirm(.p2)
    #expect(office.dues(\.resolution) == ["2026-11-23T17:00", "2026-11-23T21:00"])
    #expect(office.clockState(.resolution, at: "2026-11-23T13:00:01Z") == .onTime)
    #expect(office.state().clocks.superseded.last?.kind == .resolution)
    office.set("2026-11-23T14:00:00Z")
    try office.confirm(.p3)
    // Two hours of pause were taken, so one business day from nine is eleven.
    #expect(office.dues(\.resolution) == ["2026-11-24T11:00", "2026-11-25T11:00"])
  }

  @Test func `go on where they stopped after it was reopened`() throws {
    var office = try Office.at("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    try office.confirm(.p3)
    office.set("2026-11-23T15:00:00Z")
    try office.act(.delivery, .resolve(Resolution(fix: "x")))
    #expect(office.clockState(.resolution, at: "2026-11-30T09:00:00Z") == .met)
    office.set("2026-11-26T16:00:00Z")
    try office.act(.delivery, .reopen(reason: "It is back."))
    // Two hours were left.
    #expect(office.dues(\.resolution) == ["2026-11-27T10:00", "2026-11-30T10:00"])
  }

  @Test func `always count from declaration where that is settled`() throws {
    var office = try Office.at("2026-11-23T09:00:00Z")
    let terms = PolicyTerms(countsFromDeclaration: true)
    try office.run(.changeSettings(SettingsChange(extras: Settings.Extras(terms: terms))))
    office.set("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    #expect(office.state().policyVersion == 2)
    try office.confirm(.p3)
    office.set("2026-11-23T10:00:00Z")
    try office.confirm(.p2)
    #expect(office.dues(\.resolution) == ["2026-11-23T13:00", "2026-11-23T17:00"])
  }

  @Test func `go by what a responder recorded within one business day`() throws {
    var office = try Office.at("2026-04-02T15:00:00+01:00")
    try office.declare(.level(.p3))
    let said = office.clock
    office.set("2026-04-07T14:59:00+01:00")
    #expect(office.rule(.delivery, .acknowledge(happenedAt: said)) == nil)
    try office.act(.delivery, .acknowledge(happenedAt: said))
    #expect(office.state().clocks.response.stoppedAt == said)
    var late = try Office.at("2026-04-02T15:00:00+01:00")
    try late.declare(.level(.p3))
    late.set("2026-04-07T15:00:02+01:00")
    try late.act(.delivery, .acknowledge(happenedAt: said))
    #expect(late.state().clocks.response.stoppedAt == late.clock - Span.second)
  }

  @Test func `run under the version that it began with`() throws {
    var office = try Office.at("2026-11-23T09:00:00Z")
    var change = ServicePolicyChange(of: Office.payments)
    change.terms.targets[.p3] = PriorityTarget(
      response: .minutes(30), resolution: .minutes(240), limit: .businessDays(1))
    change.terms.cadence = ByPriority(UpdateRule.gdsWay)
    try office.run(.changeServicePolicy(change))
    office.set("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    #expect(office.dues(\.resolution) == ["2026-11-23T13:00", "2026-11-23T17:00"])
    #expect(office.state().clocks.update?.dueAt == Timestamp.parse("2026-11-24T17:00:00Z"))
    var undo = ServicePolicyChange(of: Office.payments)
    undo.clears = [.targets, .cadence]
    try office.run(.changeServicePolicy(undo))
    try office.confirm(.p3)
    #expect(office.dues(\.resolution) == ["2026-11-23T13:00", "2026-11-23T17:00"])
    // The next one begins under the newest.
    let next = Office.incident(2)
    office.set("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3), id: next)
    #expect(office.state(next).clocks.resolution.dueAt == Timestamp.parse("2026-11-23T17:00:00Z"))
    #expect(office.state(next).clocks.update == nil)
    #expect(office.department.servicePolicy(Office.payments, version: 1)?.terms == change.terms)
  }

  @Test func `are counted anew when a calendar changes, with an entry on each`() throws {
    var office = try Office.at("2026-11-23T09:00:00Z")
    try office.declare(.level(.p3))
    try office.declare(.level(.p1), id: Office.incident(2))
    var calendar = WorkCalendar.englandAndWales.definition
    let place = calendar.holidays.firstIndex { $0.day > Int32(office.clock / Span.day) }!
    let tuesday = CalendarDefinition.Holiday.day("2026-11-24")!
    calendar.holidays.insert(.init(day: tuesday, name: "A funeral"), at: place)
    try office.run(.setCalendars([CalendarChange(calendar, seen: 0)]))
    #expect(office.rule(.setCalendars([CalendarChange(calendar, seen: 0)])) == .staleVersion)
    let due = try #require(office.state().timer?.epoch)
    #expect(due < office.department.settings()!.extras.calendarEpoch)
    #expect(office.state(Office.incident(2)).timer == nil)
    let events = try office.run(
      .keepTime([Office.incident, Office.incident(2), Office.incident(9)]), as: .system)
    #expect(events.map(\.kind) == [139])
    #expect(office.dues(\.resolution) == ["2026-11-23T17:00", "2026-11-25T17:00"])
    #expect(try office.run(.keepTime([Office.incident]), as: .system).isEmpty)
    #expect(office.rule(.keepTime([Office.incident])) == .rightMissing)
  }

  @Test func `close a P3 by themselves five business days after it was resolved`() throws {
    var office = try Office.at("2026-11-23T12:00:00Z")
    try office.declare(.level(.p3))
    try office.act(.delivery, .resolve(Resolution(fix: "x")))
    let closes = try #require(office.state().closesByItselfAt)
    #expect(Timestamp.format(closes) == "2026-11-30T12:00:01.000Z")
    office.clock = closes - 1
    #expect(try office.run(.keepTime([Office.incident]), as: .system).isEmpty)
    office.clock = closes
    try office.act(.delivery, .setFlag(FlagRaising(flag: .cyber, awareAt: nil)))
    #expect(try office.run(.keepTime([Office.incident]), as: .system).isEmpty)
    let report = FlagReport(flag: .cyber, reportedAt: office.clock, by: "Ana")
    try office.act(.delivery, .recordFlagReport(report))
    let events = try office.run(.keepTime([Office.incident]), as: .system)
    #expect(events.map(\.kind) == [140])
    #expect(office.state().status == .closed)
    // Closed on Monday: it can be reopened until the Monday after.
    office.set("2026-12-07T12:00:00Z")
    #expect(office.rule(.delivery, .reopen(reason: "x")) == nil)
    office.set("2026-12-07T12:01:00Z")
    #expect(office.rule(.delivery, .reopen(reason: "x")) == .reopenTooLate)
  }

  @Test func `give the review its dates`() throws {
    var office = try Office.at("2026-11-23T12:00:00Z")
    try office.declare(.level(.p2))
    try office.confirm(.p2)
    office.set("2026-11-23T12:00:00Z")
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)))
    #expect(office.duty("finish-review") == "2026-12-07T12:00")
    #expect(office.state().clocks.extras.setReviewBy == Timestamp.parse("2026-11-25T12:00:00Z"))
    #expect(office.state().closesByItselfAt == nil)
  }

  @Test func `of updates double once it is mitigated, and come sooner after a raise`() throws {
    var office = try Office.at("2026-11-23T12:00:00Z")
    let terms = PolicyTerms(cadence: ByPriority(UpdateRule.gdsWay))
    try office.run(.changeSettings(SettingsChange(extras: Settings.Extras(terms: terms))))
    office.set("2026-11-23T12:00:00Z")
    try office.declare(.level(.p2))
    func due() -> String? {
      office.state().clocks.update?.dueAt.map { String(Timestamp.format($0).prefix(16)) }
    }
    #expect(due() == "2026-11-23T14:00")
    try office.confirm(.p2)
    office.set("2026-11-23T12:30:00Z")
    try office.confirm(.p1)
    #expect(due() == "2026-11-23T13:30")
    office.set("2026-11-23T13:00:00Z")
    try office.act(.delivery, .move(StatusChange(to: .mitigated)))
    #expect(due() == "2026-11-23T13:30")
    office.set("2026-11-23T13:20:00Z")
    let update = CommunicationUpdate(audience: .stakeholders, text: "x")
    try office.act(.delivery, .update(update))
    #expect(due() == "2026-11-23T15:20")
    office.set("2026-11-23T14:00:00Z")
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)))
    #expect(due() == "2026-11-23T15:00")
  }
}
