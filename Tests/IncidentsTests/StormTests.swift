import Bytes
import Incidents
import Testing

/// More than ten new incidents for a service within five minutes (policy section 10).
@Suite("A storm of alerts")
struct StormTests {
  /// An office for whose service alerts of `count` groups have fired, a second after each other.
  private func storm(_ count: UInt64, level: Bool = true) throws -> (Office, [[Event]]) {
    var office = try Office(isRaised: level)
    var events: [[Event]] = []
    for number in 1...count {
      events.append(try office.run(Office.alert(.firing, incident: number)))
    }
    return (office, events)
  }

  private func known(_ office: Office, _ numbers: ClosedRange<UInt64>) -> [UInt64] {
    numbers.filter { office.department.incident(Office.incident($0)) != nil }
  }

  @Test func `is gathered by the eleventh, and those that follow page nobody`() throws {
    let (office, events) = try storm(25)
    #expect(known(office, 1...25) == Array(1...11))
    let umbrella = office.state(Office.incident(11))
    #expect(umbrella.around.isUmbrella)
    #expect(umbrella.title == "Alert storm: PaymentsDown")
    #expect(umbrella.around.children == (1...10).map { Office.incident($0) })
    for number in 1...10 as ClosedRange<UInt64> {
      let child = office.state(Office.incident(number))
      #expect(child.around.parent == umbrella.id && !child.isTouched)
    }
    #expect(!umbrella.isTouched)
    #expect(events.map { $0.contains(where: \.isPage) } == (1...25).map { $0 <= 11 })
    // None is dropped: each is an entry, and each group is the umbrella's.
    for number in 12...25 as ClosedRange<UInt64> {
      #expect(
        office.department.alertGroup(id: ID(high: 60, low: number))?.incident == umbrella.id)
      #expect(events[Int(number) - 1].map(\.subject.id) == [umbrella.id])
    }
  }

  @Test func `is none where they come slowly, for another service, or before level 2`() throws {
    let (first, _) = try storm(15, level: false)
    #expect(known(first, 1...15).count == 15)
    var office = try Office(isRaised: true)
    for number in 1...15 as ClosedRange<UInt64> {
      try office.run(Office.alert(.firing, incident: number))
      office.clock += 30 * Span.second
    }
    #expect(known(office, 1...15).count == 15)
    var (other, _) = try storm(10)
    try other.run(Office.alert(.firing, incident: 20, service: "sign-in"))
    #expect(other.department.incident(Office.incident(20))?.around.isUmbrella == false)
  }

  @Test func `ends when nothing came for five minutes, or somebody resolved its umbrella`() throws {
    var (calm, _) = try storm(14)
    calm.clock += 5 * Span.minute
    try calm.run(Office.alert(.firing, incident: 15))
    #expect(calm.department.incident(Office.incident(15))?.around.isUmbrella == false)
    var (office, _) = try storm(14)
    try office.act(
      .delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: Office.incident(11))
    try office.run(Office.alert(.firing, incident: 15))
    #expect(office.department.incident(Office.incident(15)) != nil)
  }

  @Test func `clears once all that it lists are clear, but never while others fire`() throws {
    var (office, _) = try storm(14)
    for number in 11...14 as ClosedRange<UInt64> {
      #expect(office.state(Office.incident(11)).alertsClearedAt == nil)
      try office.run(Office.alert(.resolved, incident: number, at: Office.morning))
    }
    #expect(office.state(Office.incident(11)).alertsClearedAt != nil)
    // More than it lists: who knows what else fires?
    (office, _) = try storm(130)
    for number in 11...130 as ClosedRange<UInt64> {
      try office.run(Office.alert(.resolved, incident: number, at: Office.morning))
    }
    #expect(office.state(Office.incident(11)).around.firesUnlisted)
    #expect(office.state(Office.incident(11)).alertsClearedAt == nil)
  }

  @Test func `is remembered by its last ten openings, whatever its form`() throws {
    let (office, _) = try storm(12)
    let known = try #require(office.department.storm(of: Office.payments))
    #expect(try AlertStorm(decoding: known.encoded()) == known)
    #expect(known.openings.map(\.incident) == (1...10).map { Office.incident($0) })
    #expect(known.umbrella?.incident == Office.incident(11))
    #expect(known.umbrella?.at == office.clock - Span.second)
    #expect(office.department.storm(of: Office.signIn) == nil)
  }
}

extension Event {
  /// Whether somebody is woken by it.
  fileprivate var isPage: Bool {
    switch fact {
    case .leadNotified, .noLeadOnCall, .paged: true
    default: false
    }
  }
}
