import Bytes
import Incidents
import Testing

/// Policy section 4: P3 to P5 wait in a ranked backlog, a P5 with a date to look again.
@Suite("The backlog")
struct BacklogTests {
  private static func move(_ place: BacklogPlace = BacklogPlace()) -> IncidentAction {
    .move(StatusChange(to: .backlog, place: place))
  }

  private static func slugs(_ office: Office) -> [String] {
    office.state().duties(at: office.clock).map(\.slug)
  }

  @Test func `gives a place, which is kept while it waits and can be changed`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p4))
    let again = office.clock + Span.day
    try office.act(.engineer, Self.move(BacklogPlace(rank: 3)))
    let since = office.state().statusSince
    let events = try office.act(.engineer, Self.move(BacklogPlace(rank: 1, lookAgainAt: again)))
    #expect(
      events[0].sentence(by: Office.Who.engineer.actor, names: Names { _, _ in "Eve" })
        == "Eve gave it another place in the backlog, at rank 1, to be looked at again "
        + "\(DisplayTime.text(again)).")
    #expect(office.state().backlogPlace == BacklogPlace(rank: 1, lookAgainAt: again))
    #expect(office.state().statusSince == since)
    // What is not said stays; what is said again is not news.
    #expect(try office.act(.engineer, Self.move(BacklogPlace(rank: 1))).isEmpty)
    #expect(try office.act(.engineer, Self.move()).isEmpty)
    try office.act(.engineer, Self.move(BacklogPlace(rank: 2)))
    #expect(office.state().backlogPlace == BacklogPlace(rank: 2, lookAgainAt: again))
    #expect(Self.slugs(office).contains("look-at-backlog"))
    let incident = office.state()
    #expect(try Incident(decoding: incident.encoded()) == incident)
    for entry in office.story {
      #expect(try Command(decoding: entry.command.encoded()) == entry.command)
      for event in entry.events { #expect(try Event(decoding: event.encoded()) == event) }
    }
    try office.act(.engineer, .move(StatusChange(to: .investigating)))
    #expect(office.state().backlogPlace.isEmpty)
  }

  @Test func `asks a P5 for a date to look again`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p5))
    try office.act(.engineer, Self.move())
    #expect(Self.slugs(office).contains("set-look-again"))
    try office.act(.engineer, Self.move(BacklogPlace(lookAgainAt: office.clock + Span.day)))
    #expect(!Self.slugs(office).contains("set-look-again"))
  }

  @Test func `is offered to what was a P1 or P2 and is less`() throws {
    var office = try Office.led()
    try office.act(.onCall, .move(StatusChange(to: .investigating)))
    #expect(!Self.slugs(office).contains("consider-backlog"))
    try office.act(.onCall, .setPriority(PriorityChange(choice: .level(.p4), confirm: true)))
    #expect(office.state().status == .investigating)
    #expect(office.state().roles.lead != nil)
    #expect(Self.slugs(office).contains("consider-backlog"))
    try office.act(.onCall, Self.move())
    #expect(!Self.slugs(office).contains("consider-backlog"))
  }

  @Test func `takes a rank and a date to come, and only of what is there`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p4))
    for place in [
      BacklogPlace(rank: 0), BacklogPlace(rank: 10_000),
      BacklogPlace(lookAgainAt: office.clock - 1),
    ] {
      #expect(office.rule(.engineer, Self.move(place)) == .invalidField)
    }
    let wrong = StatusChange(to: .mitigated, place: BacklogPlace(rank: 1))
    #expect(office.rule(.engineer, .move(wrong)) == .invalidField)
    var old = try Office()
    try old.declare(.level(.p4))
    #expect(old.rule(.engineer, Self.move(BacklogPlace(rank: 1))) == .levelUnknown)
  }

  @Test func `is in the order of ranks, then of priority, then the older first`() throws {
    var office = try Office(isRaised: true)
    for (number, priority, rank) in [
      (1, Priority.p5, nil), (2, .p4, nil), (3, .p5, 2), (4, .p4, nil), (5, .p3, 9),
    ] as [(UInt64, Priority, UInt32?)] {
      let id = Office.incident(number)
      try office.declare(.level(priority), id: id)
      try office.act(.engineer, Self.move(BacklogPlace(rank: rank)), on: id)
    }
    let all = (1...5 as ClosedRange<UInt64>).map { office.state(Office.incident($0)) }
    #expect(
      all.sorted { $0.precedes($1) }.map(\.id) == [3, 5, 2, 4, 1].map { Office.incident($0) })
  }
}
