import Bytes
import Incidents
import Testing

@Suite("Lines of support")
struct LineTests {
  private func slugs(_ office: Office, _ id: ID = Office.incident) -> [String] {
    office.state(id).duties(at: office.clock).map(\.slug)
  }

  /// An office at behaviour level 2 with an incident of this priority.
  private func office(_ priority: Priority, service: ID? = Office.payments) throws -> Office {
    var office = try Office(isRaised: true)
    try office.declare(.level(priority), service: service)
    return office
  }

  @Test func `say how long an incident lay where it did not belong`() throws {
    var office = try office(.p3)
    office.clock += Span.hour
    let there = try office.act(.delivery, .handOver(HandOver(to: .third, reason: "A defect.")))
    let declared = office.state().declaredAt
    let lay = office.clock - Span.second - declared
    guard case .ownerMoved(let move)? = there.first?.fact else { return #expect(there.isEmpty) }
    #expect(there.count == 1 && move.extras?.lay == lay && !move.isBounce)
    let since = office.clock - Span.second
    office.clock += 2 * Span.hour + 10 * Span.minute
    let back = try office.act(.engineer, .handOver(HandOver(to: .second, reason: "No defect.")))
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    #expect(
      back[0].sentence(by: Office.Who.engineer.actor, names: names)
        == "engineer handed it from 3rd line to 2nd line, which had it before; it lay there for "
        + "2 h 10 min: No defect.")
    #expect(office.state().bounces == 1)
    #expect(office.state().around.bouncedFor == office.clock - Span.second - since)
    #expect(office.state().around.ownerSince == office.clock - Span.second)
    #expect(office.state().around.unexplained.isEmpty)
  }

  @Test func `are asked for the reason of a hand-over that had none`() throws {
    var office = try office(.p3)
    #expect(office.rule(.delivery, .giveReason("Late.")) == .nothingOwed)
    try office.act(.delivery, .handOver(HandOver(to: .third)))
    // It is a Monday in November: the next working day ends on Tuesday at 17:00.
    let due = Office.morning + Span.day + 8 * Span.hour
    let duty = office.state().duties(at: office.clock).first { $0.slug == "give-reason" }
    #expect(duty?.dueAt == due)
    // A later one with its reason does not explain the earlier.
    try office.act(.engineer, .handOver(HandOver(to: .second, reason: "No defect.")))
    #expect(slugs(office).contains("give-reason"))
    #expect(office.rule(.delivery, .giveReason(" ")) == .invalidField)
    try office.act(.delivery, .giveReason("We took it for a defect."))
    #expect(!slugs(office).contains("give-reason"))
  }

  @Test func `are asked for each reason that is missing, the earliest first`() throws {
    var office = try office(.p3)
    try office.act(.delivery, .handOver(HandOver(to: .third)))
    try office.act(.engineer, .handOver(HandOver(to: .second)))
    func asked() -> [String] {
      office.state().duties(at: office.clock).filter { $0.slug == "give-reason" }.map(\.text)
    }
    let there = "Give the reason why it went from 2nd line to 3rd line."
    let back = "Give the reason why it went from 3rd line to 2nd line."
    #expect(asked() == [there, back])
    try office.act(.delivery, .giveReason("We took it for a defect."))
    #expect(asked() == [back])
    try office.act(.engineer, .giveReason("It was none."))
    #expect(asked().isEmpty)
    #expect(office.rule(.delivery, .giveReason("Late.")) == .nothingOwed)
  }

  @Test func `owe no reason where it follows from the priority, nor before level 2`() throws {
    var office = try office(.p3)
    try office.act(.engineer, .handOver(HandOver(to: .third, reason: "A defect.")))
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    #expect(office.state().teams.ownerLine == .second)
    #expect(!slugs(office).contains("give-reason"))
    var before = try Office()
    try before.declare(.level(.p3))
    let events = try before.act(.delivery, .handOver(HandOver(to: .third)))
    guard case .ownerMoved(let move)? = events.first?.fact else {
      return #expect(events.isEmpty)
    }
    #expect(move.extras == nil)
    #expect(before.state().around == Incident.Surroundings())
  }

  @Test func `end with a supplier where one works as 3rd line`() throws {
    var office = try Office(isRaised: true)
    let profile = ArrangementProfile(
      thirdLineSupplier: "Cards Ltd",
      suppliers: [Supplier(name: "Cards Ltd", outOfHours: "+44 20 7946 0000")])
    try office.run(
      .arrangeService(ArrangementChange(service: Office.signIn, seen: 0, profile: profile)))
    try office.declare(.level(.p5), service: Office.signIn)
    #expect(office.state().teams.ownerLine == .third)
    #expect(office.state().teams.owner == Office.liveServices)
    try office.declare(.level(.p3), service: Office.signIn, id: Office.incident(2))
    let events = try office.act(
      .delivery, .handOver(HandOver(to: .third, reason: "A defect.")), on: Office.incident(2))
    #expect(
      events.dropFirst().map(\.fact) == [
        .engaged(
          .supplier(EngagedSupplier(name: "Cards Ltd", outOfHours: "+44 20 7946 0000")))
      ])
    #expect(office.state(Office.incident(2)).teams.ownerLine == .third)
    try office.declare(.level(.p4), service: Office.payments, id: Office.incident(3))
    #expect(office.state(Office.incident(3)).teams.third == Office.product)
  }

  @Test(arguments: [(Priority.p5, Line.third), (.p6, .first)])
  func `answer what is only to be logged, and that is the response`(
    priority: Priority, line: Line
  ) throws {
    var office = try office(priority)
    #expect(office.state().teams.ownerLine == line)
    let who: Office.Who = line == .first ? .firstLine : .engineer
    #expect(office.rule(who, .answer(Answer())) == .invalidField)
    #expect(office.rule(.outsider, .answer(Answer(isLogged: true))) == .rightMissing)
    let stamp = office.clock
    try office.act(who, .answer(Answer(isLogged: true)))
    #expect(office.state().around.answered?.person == who.id)
    #expect(office.state().clocks.response.stoppedAt == stamp)
    #expect(office.state().status == (priority == .p5 ? .backlog : .open))
    #expect(!slugs(office).contains("acknowledge"))
    try office.act(who, .answer(Answer(text: "It prints by itself.")))
    #expect(office.state().around.answered?.at == stamp)
    try office.act(who, .resolve(Resolution(fix: "Logged, no action.")))
    #expect(office.state().status == .closed)
    #expect(office.rule(who, .answer(Answer(isLogged: true))) == .alreadyOver)
  }

  @Test func `do not only answer what is to be worked on`() throws {
    let office = try office(.p4)
    #expect(office.rule(.delivery, .answer(Answer(isLogged: true))) == .answerPriority)
  }
}

@Suite("The services of an incident")
struct AffectedServiceTests {
  @Test func `are any number, each with its state`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    let down = AffectedChange(service: Office.signIn, state: .down)
    let stamp = office.clock
    #expect(try office.act(.onCall, .affect(down)).map(\.fact) == [.serviceAffected(down)])
    #expect(
      office.state().around.affected == [
        AffectedService(service: Office.signIn, state: .down, since: stamp)
      ])
    #expect(try office.act(.onCall, .affect(down)).isEmpty)
    try office.act(.onCall, .affect(AffectedChange(service: Office.signIn, state: .restored)))
    #expect(office.state().around.affected.map(\.state) == [.restored])
    try office.act(.onCall, .affect(AffectedChange(service: Office.signIn, state: nil)))
    #expect(office.state().around.affected == [])
    let nobody = AffectedChange(service: ID(high: 9, low: 9), state: .down)
    #expect(office.rule(.onCall, .affect(nobody)) == .notFound)
    #expect(office.rule(.outsider, .affect(down)) == .rightMissing)
  }

  @Test func `have one that leads, whose teams support it and whose lead is paged`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1), service: nil)
    #expect(office.state().teams.first == nil)
    #expect(office.state().hadNobodyOnCall)
    let change = LeadServiceChange(service: Office.payments, reason: "Cards are refused.")
    let events = try office.act(.delivery, .setService(change))
    #expect(events.map(\.kind) == [145, 101])
    #expect(
      events.last?.fact
        == .leadNotified(person: Office.Who.onCall.id, shift: ID(high: 50, low: 1)))
    #expect(office.state().service == Office.payments)
    #expect(office.state().teams.first == Office.helpDesk)
    #expect(office.state().teams.third == Office.product)
    #expect(office.state().teams.ownerLine == .second)
    #expect(try office.act(.delivery, .setService(change)).isEmpty)
    #expect(office.state().paged.contains(Office.Who.onCall.id))
  }

  @Test func `leave it with the line that has it, where the new one has such a line`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p3))
    try office.act(.delivery, .handOver(HandOver(to: .third, reason: "A defect.")))
    try office.act(
      .engineer, .setService(LeadServiceChange(service: Office.signIn, reason: "Not cards.")))
    #expect(office.state().teams.ownerLine == .second)
    #expect(office.state().teams.third == nil)
    try office.act(
      .delivery, .setService(LeadServiceChange(service: Office.payments, reason: "Cards.")))
    #expect(office.state().teams.ownerLine == .second)
  }
}

@Suite("Those who are brought in")
struct EngagementTests {
  @Test func `are suppliers, who are chased for what they promise`() throws {
    var office = try Office(isRaised: true)
    try office.arrange()
    try office.declare()
    let next = office.clock + Span.hour
    let engaged = EngagedSupplier(name: "Cards Ltd", reference: "S-1", nextUpdateAt: next)
    try office.act(.delivery, .engage(.supplier(engaged)))
    var known = engaged
    known.outOfHours = "+44 20 7946 0000"
    #expect(office.state().around.suppliers == [known])
    let duty = office.state().duties(at: office.clock).first { $0.slug == "chase-supplier" }
    #expect(duty?.dueAt == next)
    // They were heard of, and promise nothing: what is known of them stays.
    try office.act(.delivery, .engage(.supplier(EngagedSupplier(name: "Cards Ltd"))))
    known.nextUpdateAt = nil
    #expect(office.state().around.suppliers == [known])
    #expect(!office.state().duties(at: office.clock).contains { $0.slug == "chase-supplier" })
    let past = EngagedSupplier(name: "Cards Ltd", nextUpdateAt: office.clock - 1)
    #expect(office.rule(.delivery, .engage(.supplier(past))) == .invalidField)
    #expect(office.rule(.onCall, .engage(.supplier(engaged))) == .rightMissing)
  }

  @Test func `are people and teams, who may know of it and work on it from then on`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    try office.act(.delivery, .setFlag(FlagRaising(flag: .data)))
    let proposal = IncidentAction.proposeRestored(text: nil)
    #expect(office.rule(.outsider, proposal) == .notFound)
    try office.act(.delivery, .engage(.specialist(.team(Office.other))))
    #expect(office.rule(.outsider, proposal) == nil)
    #expect(office.rule(.engineer, .note(Note(kind: .finding, text: "x"))) == .notFound)
    try office.act(.delivery, .engage(.specialist(.person(Office.Who.engineer.id))))
    #expect(office.rule(.engineer, .note(Note(kind: .finding, text: "x"))) == nil)
    #expect(
      try office.act(.delivery, .engage(.specialist(.team(Office.other)))).isEmpty)
    #expect(
      office.rule(.delivery, .engage(.specialist(.person(Office.Who.auditor.id))))
        == .personUnavailable)
    #expect(office.rule(.delivery, .engage(.specialist(.role(.lead)))) == .invalidField)
  }

  @Test func `are responders themselves, and others by whoever decides`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p3))
    let own = IncidentAction.engage(.specialist(.person(Office.Who.engineer.id)))
    let others = IncidentAction.engage(.specialist(.team(Office.other)))
    #expect(office.rule(.engineer, own) == nil)
    #expect(office.rule(.engineer, others) == .rightMissing)
    #expect(office.rule(.firstLine, own) == .rightMissing)
  }
}
