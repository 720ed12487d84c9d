import Bytes
import Incidents
import Testing

/// What the clock brings about (policy section 4): reminders, each once.
@Suite("What is due")
struct DueTests {
  /// An office at the newest level, with a P1 that its on-call lead took.
  private func led(_ priority: Priority = .p1) throws -> Office {
    var office = try Office(isRaised: true)
    try office.declare(.level(priority))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(
      .onCall, .setPriority(PriorityChange(choice: .level(priority), confirm: true)))
    return office
  }

  @Test func `is half of the time for an answer first, and the answer itself after`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    let declared = office.state().declaredAt
    // Three quarters of the ten minutes after which the page goes on: the page is sooner.
    #expect(office.state().nextDueAt == declared + 5 * Span.minute)
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    // Three quarters of the ten minutes in which the priority is confirmed.
    #expect(office.state().nextDueAt == declared + 450 * Span.second)
    let events = try office.fire(at: declared + 450 * Span.second)
    #expect(
      events.map(\.fact) == [
        .reminded([
          Reminder(
            kind: .confirmPriority, number: 0, dueAt: declared + 10 * Span.minute,
            at: declared + 450 * Span.second, to: .team(Office.liveServices))
        ])
      ])
  }

  @Test func `is reminded of once soon and once when it is overdue, and not a moment early`() throws
  {
    var office = try led()
    let declared = office.state().declaredAt
    var reminded: [Reminder] = []
    for second in 0..<(3 * 3600) {
      reminded += try office.fire(at: declared + Int64(second) * Span.second).flatMap(\.reminders)
    }
    let mine = reminded.filter { $0.kind == .assess }
    #expect(mine.map(\.at) == [declared + 1_575 * Span.second, declared + 35 * Span.minute + 1])
    #expect(mine.map(\.isOverdue) == [false, true])
    #expect(Set(reminded.map(\.once)).count == reminded.count, "each once")
  }

  @Test func `is asked of the comms lead, then of the lead, then of the leads of the team`() throws
  {
    var office = try led()
    try office.act(.delivery, .changeRole(RoleChange(role: .commsLead, step: .take)))
    let due = try #require(office.state().clocks.update?.dueAt)
    let asked = try office.fireAll(until: due + Span.hour).flatMap(\.reminders)
      .filter { $0.kind == .sendUpdate && $0.isOverdue }
    #expect(
      asked.map(\.to) == [
        .person(Office.Who.delivery.id), .person(Office.Who.onCall.id),
        .leads(of: Office.liveServices),
      ])
    #expect(asked.map { $0.at - due } == [1, 5 * Span.minute + 1, 10 * Span.minute + 1])
  }

  @Test func `goes by the raise, where a P3 that was answered becomes a P1`() throws {
    var office = try Office.raised(.p3)
    office.clock += 3 * Span.hour
    let raised = office.clock
    try office.act(
      .onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    let duties = office.state().duties(at: office.clock)
    for slug in ["assess", "record-ticket"] {
      let duty = try #require(duties.first { $0.slug == slug })
      #expect(duty.dueAt == raised + 35 * Span.minute, "\(slug)")
    }
  }

  @Test func `is what was seen: another version is passed over`() throws {
    var office = try led()
    let due = office.due()
    office.clock = try #require(office.state().nextDueAt)
    #expect(try office.run(.fireDues([due, due]), as: .system).count == 1)
    office.clock += Span.day
    #expect(try office.run(.fireDues([due]), as: .system) == [])
    #expect(try office.run(.fireDues([office.due()]), as: .system).isEmpty == false)
  }

  @Test func `comes as one event after a while in which nothing could fire`() throws {
    var office = try led()
    let events = try office.fire(at: office.state().declaredAt + Span.day)
    let kinds = events.flatMap(\.reminders).map(\.kind)
    #expect(events.map(\.kind) == [163, 162, 160])
    #expect(kinds == [.assess, .recordTicket, .sendUpdate, .anythingToRecord, .stillOnIt])
    #expect(
      events.flatMap(\.reminders).allSatisfy {
        $0.kind == .stillOnIt || $0.isOverdue || $0.kind == .anythingToRecord
      })
  }

  @Test func `is owed once nothing is heard, and asked of nobody who led it before`() throws {
    var office = try led()
    let last = try #require(office.state().watch.lastEntryAt)
    func asked(after minutes: Int64) -> [String] {
      office.state().duties(at: last + minutes * Span.minute).map(\.slug)
        .filter { ["still-on-it", "anything-to-record"].contains($0) }
    }
    #expect(asked(after: 14) == [])
    #expect(asked(after: 15) == ["anything-to-record"])
    #expect(asked(after: 20) == ["anything-to-record", "still-on-it"])

    try office.act(.onCall, .changeRole(RoleChange(role: .lead, step: .leave)))
    let silent = try #require(office.state().watch.lastEntryAt) + 20 * Span.minute
    let reminders = try office.fireAll(until: silent).flatMap(\.reminders)
    let team = office.state().teams.owner
    #expect(reminders.last { $0.kind == .stillOnIt }?.to == .leads(of: team))
  }

  @Test func `is nothing of what became due before it was owed`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p3))
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p3), confirm: true)))
    #expect(office.state().nextDueAt == nil)
    office.clock += Span.day
    try office.act(
      .firstLine, .setFlag(FlagRaising(flag: .data, awareAt: office.clock - 30 * Span.hour)))
    #expect(office.state().nextDueAt == office.state().data?.setAt)
    let events = try office.fire(at: office.clock)
    #expect(events.flatMap(\.reminders).map(\.kind) == [.reportData, .decideNotification])
    #expect(office.state().nextDueAt == office.state().data.map { $0.awareAt + 48 * Span.hour })
  }

  @Test func `is what waits in the backlog or paused, on the day on which somebody looks again`()
    throws
  {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p5))
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p5), confirm: true)))
    let again = office.clock + 20 * Span.day
    try office.act(
      .engineer, .move(StatusChange(to: .backlog, place: BacklogPlace(lookAgainAt: again))))
    #expect(office.state().nextDueAt == again)
    let looked = try office.fireAll(until: again + 60 * Span.day).flatMap(\.reminders)
    #expect(looked.map(\.kind) == [.lookAtBacklog])
    #expect(looked.map(\.to) == [.team(Office.product)])
    #expect(office.state().nextDueAt == nil)

    try office.declare(.level(.p4), id: Office.incident(2))
    try office.act(.delivery, .acknowledge(happenedAt: nil), on: Office.incident(2))
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p4), confirm: true)),
      on: Office.incident(2))
    let calendar = WorkCalendar.englandAndWales
    let day = Int32(calendar.localDay(of: office.clock) + 3)
    try office.act(
      .delivery, .wait(Waiting(for: .supplier, lookAgain: day)), on: Office.incident(2))
    let opening = calendar.opening(from: Int64(day))
    let paused = try office.fireAll(until: opening, Office.incident(2)).flatMap(\.reminders)
    #expect(paused.map(\.kind) == [.lookAgain])
    #expect(paused.map(\.at) == [opening])
  }

  @Test func `is a supplier who promised to be heard of, and a reason that is missing`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p3))
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p3), confirm: true)))
    let promised = office.clock + Span.hour
    try office.act(
      .delivery, .engage(.supplier(EngagedSupplier(name: "Netco", nextUpdateAt: promised))))
    try office.act(.delivery, .handOver(HandOver(to: .third)))
    let reason = Office.morning + Span.day + 8 * Span.hour
    let reminders = try office.fireAll(until: reason + 8 * Span.day).flatMap(\.reminders)
    #expect(reminders.map(\.kind) == [.chaseSupplier, .giveReason, .giveReason])
    #expect(reminders.map(\.at) == [promised, reason + 1, reason + 1 + 7 * Span.day])
  }

  @Test
  func `is asked of the lead where nobody documents, after every quarter of an hour of silence`()
    throws
  {
    var office = try led()
    let last = try #require(office.state().watch.lastEntryAt)
    let first = try office.fireAll(until: last + 16 * Span.minute)
      .flatMap(\.reminders).filter { $0.kind == .anythingToRecord }
    #expect(first.map(\.at) == [last + 15 * Span.minute])
    #expect(first.map(\.to) == [.person(Office.Who.onCall.id)])
    try office.act(.onCall, .note(Note(kind: .finding, text: "The certificate.")))
    let written = try #require(office.state().watch.lastEntryAt)
    let second = try office.fireAll(until: written + 16 * Span.minute)
      .flatMap(\.reminders).filter { $0.kind == .anythingToRecord }
    #expect(second.map(\.at) == [written + 15 * Span.minute])
  }

  @Test(arguments: [(Priority.p1, 20, 5), (.p2, 60, 15)])
  func `asks "still on it?" and then wakes people again`(
    priority: Priority, silent: Int64, wait: Int64
  ) throws {
    var office = try led(priority)
    let last = try #require(office.state().watch.lastEntryAt)
    let events = try office.fireAll(until: last + (silent + wait) * Span.minute)
    #expect(
      events.flatMap(\.reminders).contains {
        $0.kind == .stillOnIt && $0.at == last + silent * Span.minute
      })
    #expect(
      events.last?.fact
        == .paged(
          Paged(
            step: .lead, woken: [.init(Office.Who.onCall.id, as: .lead)], skipped: [],
            cause: .silence,
            nextAt: last + (silent + 2 * wait) * Span.minute)))
    try office.act(.onCall, .note(Note(kind: .action, text: "Renewing it.")))
    #expect(office.state().watch.paging.nextAt == nil)
  }

  @Test func `escalates a missed limit to senior management once`() throws {
    var office = try led(.p2)
    try office.run(
      .changeSettings(
        SettingsChange(extras: Settings.Extras(seniorManagement: [Office.Who.delivery.id]))))
    let limit = try #require(office.state().clocks.resolution.limitAt)
    let events = try office.fireAll(until: limit + Span.day).filter { $0.kind == 162 }
    #expect(
      events.map(\.fact) == [
        .escalated(Escalation(to: Office.Who.delivery.id, missedLimit: limit, reason: nil))
      ])
    #expect(office.state().paged.contains(Office.Who.delivery.id))
  }

  @Test func `tells nobody so high of an exercise, and says that it would have`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1), exercise: true)
    let events = try office.fireAll(until: office.clock + 2 * Span.hour).filter { $0.kind == 162 }
    #expect(events.count == 1)
    let names = Names { _, _ in nil }
    #expect(
      events[0].sentence(by: .system, names: names)
        == "EXERCISE: Its limit was 23 November 2026 at 10:00am GMT. Senior management would have been "
        + "told of it."
    )
  }

  @Test func `are the actions of a review until they are done, though the incident is over`() throws
  {
    var office = try led()
    try office.act(.onCall, Office.fixed)
    let due = office.clock + 8 * Span.day
    try office.act(
      .onCall,
      .review(
        Review(
          summary: "It ran out.", impact: "No payments.", cause: .established("Nobody renewed it."),
          actions: .some([
            ReviewAction(what: "Renew it by itself", owner: Office.Who.engineer.id, due: due)
          ]))))
    try office.act(.onCall, .recordTicket(reference: "OSS-1", updatedAt: nil))
    try office.act(.onCall, .close(overrideReason: nil))
    #expect(office.state().status == .closed)
    let until = due + 15 * Span.day
    let reminders = try office.fireAll(until: until).flatMap(\.reminders)
    let since = try #require(office.state().watch.actions.first?.since)
    #expect(
      reminders.map(\.at) == [
        since + (3 * (due - since) + 3) / 4, due + 1, due + 1 + 7 * Span.day,
        due + 1 + 14 * Span.day,
      ])
    #expect(reminders.allSatisfy { $0.to == .person(Office.Who.engineer.id) })
    #expect(office.rule(.firstLine, .completeAction(1)) == .rightMissing)
    #expect(office.rule(.engineer, .completeAction(2)) == .notFound)
    try office.act(.engineer, .completeAction(1))
    #expect(office.state().nextDueAt == nil)
    #expect(office.state().duties(at: office.clock).map(\.slug) == [])
  }

  @Test func `goes to the leads of the team once whoever owed it has left`() throws {
    var office = try led()
    try office.act(.onCall, Office.fixed)
    let due = office.clock + 8 * Span.day
    try office.act(
      .onCall,
      .review(
        Review(
          summary: "x", impact: "x", cause: .established("x"),
          actions: .some([ReviewAction(what: "x", owner: Office.Who.engineer.id, due: due)]))))
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    let reminders = try office.fireAll(until: due).flatMap(\.reminders)
      .filter { $0.kind == .completeAction }
    #expect(reminders.map(\.to) == [.leads(of: Office.liveServices)])
    let duty = try #require(
      office.state().duties(at: due).first { $0.slug == "complete-action" })
    #expect(
      office.state().bearers(of: duty, office.department) == [.leads(of: Office.liveServices)])
  }

  @Test func `stays an action that a later review says nothing of`() throws {
    var office = try led()
    try office.act(.onCall, Office.fixed)
    let due = office.clock + 8 * Span.day
    func review(_ actions: Review.Actions) -> IncidentAction {
      .review(
        Review(summary: "x", impact: "x", cause: .established("x"), actions: actions))
    }
    func owed() -> [String] { (office.state().extras.watch?.actions ?? []).map(\.action.what) }
    let (first, other) = (
      ReviewAction(what: "Watch the disk", owner: Office.Who.engineer.id, due: due),
      ReviewAction(what: "Buy another", owner: Office.Who.engineer.id, due: due)
    )
    try office.act(.onCall, review(.some([first])))
    try office.act(.onCall, review(.none(because: "See the first version.")))
    #expect(owed() == ["Watch the disk"])
    try office.act(.onCall, review(.some([other])))
    #expect(owed() == ["Buy another", "Watch the disk"])
    // In other terms it is the same one.
    var later = first
    later.due = due + Span.day
    try office.act(.onCall, review(.some([later])))
    #expect(owed() == ["Watch the disk", "Buy another"])
    try office.act(.engineer, .completeAction(2))
    try office.act(.onCall, review(.none(because: "All is said.")))
    #expect(owed() == ["Watch the disk"])
  }

  @Test func `is a date for the review, and then the review`() throws {
    var office = try led()
    try office.act(.onCall, Office.fixed)
    let resolved = try #require(office.state().resolved?.at)
    // A Monday: two working days later it is Wednesday, ten later it is the Monday after next.
    let duties = office.state().duties(at: office.clock)
    #expect(duties.first { $0.slug == "arrange-review" }?.dueAt == resolved + 2 * Span.day)
    #expect(duties.first { $0.slug == "finish-review" }?.dueAt == resolved + 14 * Span.day)
    let plan = ReviewPlan(at: resolved + 3 * Span.day, attendees: [Office.Who.engineer.id])
    try office.act(.onCall, .arrangeReview(plan))
    #expect(office.state().watch.reviewPlan == plan)
    #expect(!office.state().duties(at: office.clock).contains { $0.slug == "arrange-review" })
  }

  @Test func `is said to have waited by every incident that was open, once`() throws {
    var office = try led()
    try office.declare(.level(.p3), id: Office.incident(2))
    let first = try #require(office.state().nextDueAt)
    office.clock = first + Span.hour
    let gap = ClusterGap(from: first, until: office.clock)
    let ids = [Office.incident, Office.incident(2), Office.incident(3)]
    let events = try office.run(.noteGap(gap, ids), as: .system)
    #expect(events.map(\.fact) == [.gapNoted(gap), .gapNoted(gap)])
    #expect(office.state().nextDueAt == first, "What was due stays due.")
    office.clock += Span.minute
    let later = ClusterGap(from: first + Span.minute, until: office.clock)
    #expect(try office.run(.noteGap(later, ids), as: .system) == [])
    #expect(office.rule(.noteGap(later, ids)) == .rightMissing)
    #expect(office.rule(.fireDues([office.due()])) == .rightMissing)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `fires each thing once whatever people do, and is a fold of the events`(seed: UInt64) throws
  {
    var random = SplitMix(state: seed)
    var office = try Office(isRaised: true)
    var reminded: [ID: [Reminder]] = [:]
    for _ in 0..<200 {
      let (action, who) = Office.chance(&random, at: office.clock)
      _ = try? office.run(action, as: who.actor)
      office.clock += Int64.random(in: 0...10, using: &random) * Span.minute
      for id in (1...3).map(Office.incident) where office.department.incident(id) != nil {
        let events = try office.fireAll(until: office.clock, id)
        #expect(events.isEmpty || office.state(id).nextDueAt ?? Int64.max > office.clock)
        for reminder in events.flatMap(\.reminders) {
          #expect(reminder.at <= office.clock)
          let isNew = reminded[id]?.contains { $0.once == reminder.once } != true
          #expect(isNew, "\(reminder.kind) twice, seed \(seed)")
          reminded[id, default: []].append(reminder)
        }
        #expect(try Incident(decoding: office.state(id).encoded()) == office.state(id))
      }
    }
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: Office.morning)
    for entry in office.story {
      for event in entry.events {
        let read = try Event(decoding: event.encoded())
        #expect(read == event)
        evolve(read, at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
  }

  @Test func `is nothing at the level before, and begins where it was open when the level rises`()
    throws
  {
    var office = try Office()
    try office.declare(.level(.p1))
    #expect(office.state().extras == Incident.Extras())
    #expect(
      office.rule(.onCall, .assess(Assessment(what: "x", affected: "x", next: "x")))
        == .levelUnknown)
    let raised = office.clock + Span.day
    office.department.raise(to: 2, at: raised)
    #expect(office.state().nextDueAt == raised)
    office.clock = raised
    #expect(try office.fire(at: raised).isEmpty == false)
  }
}

extension Office {
  /// The due row of an incident.
  func due(_ id: ID = Office.incident) -> Due {
    Due(incident: id, version: state(id).watch.version)
  }

  /// Asks as the cluster does, at a time.
  mutating func fire(at time: Int64, _ id: ID = Office.incident) throws(Refusal) -> [Event] {
    let before = clock
    clock = time
    defer { clock = max(before, time) }
    return try run(.fireDues([due(id)]), as: .system)
  }

  /// Has everything happen that is due until a time, each when it is due.
  mutating func fireAll(
    until time: Int64, _ id: ID = Office.incident
  ) throws(Refusal) -> [Event] {
    var events: [Event] = []
    while let next = state(id).nextDueAt, next <= time { events += try fire(at: next, id) }
    return events
  }
}

extension Event {
  var reminders: [Reminder] {
    if case .reminded(let reminders) = fact { reminders } else { [] }
  }
}

extension Reminder {
  /// What there must be only one of.
  fileprivate var once: [Int64] { [Int64(kind.rawValue), Int64(number), dueAt, at] }
}
