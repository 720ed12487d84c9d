import Bytes
import Incidents
import Testing

/// What the record keeps of who tried and who looked.
@Suite("Access in the record")
struct AccessTests {
  private static let who = Office.Who.engineer

  private func attempts(_ count: Int, _ incident: ID? = nil, times: UInt32 = 1) -> Action {
    let attempt = DeniedAttempt(
      what: "POST /v1/settings", incident: incident, at: Office.morning, count: times)
    return .noteAttempts([DeniedAttempt](repeating: attempt, count: count))
  }

  private func counts(_ events: [Event]) -> [UInt32] {
    events.map { event in
      guard case .attemptDenied(let attempt) = event.fact else { return 0 }
      return attempt.count
    }
  }

  @Test func `has ten rows a minute of one credential, and counts the rest in one`() throws {
    var office = try Office(isRaised: true)
    office.clock = Office.morning + Span.hour
    #expect(counts(try office.run(attempts(6), as: Self.who.actor)) == [1, 1, 1, 1, 1, 1])
    #expect(counts(try office.run(attempts(7), as: Self.who.actor)) == [1, 1, 1, 1, 3])
    #expect(counts(try office.run(attempts(1, times: 9), as: Self.who.actor)) == [9])
    // Another credential has its own ten, and so has the next minute.
    #expect(counts(try office.run(attempts(1), as: Office.Who.admin.actor)) == [1])
    office.clock = Office.morning + Span.hour + Span.minute
    #expect(counts(try office.run(attempts(1), as: Self.who.actor)) == [1])
  }

  @Test func `names the incident that was tried, and gives no sight of it`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    let events = try office.run(attempts(1, Office.incident), as: Self.who.actor)
    #expect(events[0].subject == Subject(kind: .incident, id: Office.incident))
    #expect(events[0].visibility == 1 && events[0].happenedAt == Office.morning)
    #expect(!office.department.hasActed(Self.who.id, on: Office.incident))
    let nowhere = try office.run(attempts(1, Office.incident(99)), as: Self.who.actor)
    #expect(nowhere[0].subject == Subject(kind: .person, id: Self.who.id))
  }

  @Test func `is noted of credentials that there are`() throws {
    let office = try Office(isRaised: true)
    let stranger = Actor.credential(id: ID(high: 9, low: 9), person: Self.who.id)
    #expect(office.rule(attempts(1), by: stranger) == .notFound)
    #expect(office.rule(attempts(1), by: .system) == .rightMissing)
    #expect(office.rule(attempts(12), by: Self.who.actor) == .tooMany)
  }

  private func read(by who: Office.Who, _ incident: ID = Office.incident) -> Action {
    .noteReads([
      RestrictedRead(
        incident: incident, person: who.id, credential: who.credential, at: Office.morning)
    ])
  }

  @Test func `tells who was shown what is restricted, if they may be`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    let events = try office.run(read(by: .onCall), as: Office.Who.onCall.actor)
    #expect(events.map(\.fact.kind) == [32] && events[0].visibility == 1)
    #expect(office.rule(read(by: .engineer), by: Office.Who.engineer.actor) == .notFound)
    // In the name of another, and of what is not there.
    #expect(office.rule(read(by: .onCall), by: Office.Who.delivery.actor) == .notFound)
    #expect(
      office.rule(read(by: .onCall, Office.incident(99)), by: Office.Who.onCall.actor)
        == .notFound)
  }

  @Test func `takes later what a node showed without a quorum, whoever has left since`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    #expect(try office.run(read(by: .onCall), as: .system).map(\.happenedAt) == [Office.morning])
    #expect(try office.run(read(by: .onCall, Office.incident(99)), as: .system) == [])
  }
}
