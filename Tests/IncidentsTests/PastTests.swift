import Bytes
import Incidents
import Testing

/// The ledger of an office, kept in memory with its positions.
struct OfficeLedger: History {
  private(set) var office: Office
  private(set) var entries: [TimelineEntry] = []
  /// What each incident was after the row of this position, since the last that changed it.
  private(set) var states: [(position: UInt64, incidents: [ID: Incident])] = []

  init(_ office: Office) {
    self.office = office
    for told in office.story { add(told.events, told.stamp, told.command.actor) }
  }

  var today: Department { office.department }
  var end: UInt64 { UInt64(entries.count) }

  func entries(of incident: ID, upTo position: UInt64) -> [TimelineEntry] {
    entries.prefix(Int(clamping: position)).filter {
      $0.event.subject == Subject(kind: .incident, id: incident)
    }
  }

  func settlements(upTo position: UInt64) -> [TimelineEntry] {
    entries.prefix(Int(clamping: position)).filter {
      Fact.kindsOfSettlement.contains($0.event.kind)
    }
  }

  /// From the next row on the newest level is in force.
  mutating func raise() {
    office.department.raise(to: Command.newestLevel, at: office.clock)
    let raised = Event(
      subject: Subject(kind: .settings, id: Settings.id),
      fact: .levelRaised(to: Command.newestLevel))
    add([raised], office.clock, .system)
  }

  /// Has something done, if it is not refused.
  mutating func run(_ action: Action, as actor: Actor, _ incidents: [ID]) throws(Refusal) {
    let before = office.story.count
    try office.run(action, as: actor)
    for told in office.story[before...] { add(told.events, told.stamp, told.command.actor) }
    states.append((end, incidents.reduce(into: [:]) { $0[$1] = office.department.incident($1) }))
  }

  mutating func wait(_ milliseconds: Int64) { office.clock += milliseconds }

  private mutating func add(_ events: [Event], _ stamp: Int64, _ actor: Actor) {
    for event in events {
      entries.append(
        TimelineEntry(position: end + 1, stamp: stamp, actor: actor, event: event))
    }
  }
}

@Suite("An incident as it was")
struct PastTests {
  private static let incidents = (1...3 as ClosedRange<UInt64>).map(Office.incident)

  private func ledger(seed: UInt64, isRaised: Bool) throws -> OfficeLedger {
    var random = SplitMix(state: seed)
    var ledger = OfficeLedger(try Office())
    if isRaised { ledger.raise() }
    for step in 0..<300 {
      // The level rises in the midst of some lives.
      if !isRaised, step == 150 { ledger.raise() }
      let (action, who) = Office.chance(&random, at: ledger.office.clock)
      do throws(Refusal) {
        try ledger.run(action, as: who.actor, Self.incidents)
      } catch {
        ledger.wait(Span.minute)
      }
      // Now and then long enough for alerts to be another incident's.
      if Int.random(in: 0..<20, using: &random) == 0 { ledger.wait(31 * Span.minute) }
    }
    return ledger
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `is what it was, at every point of a life by chance`(seed: UInt64) throws {
    let ledger = try ledger(seed: seed, isRaised: seed.isMultiple(of: 2))
    var compared = 0
    for (position, states) in ledger.states {
      for id in Self.incidents {
        var stored = states[id]
        stored?.forgetAlerts()
        #expect(
          ledger.incident(id, asOf: position) == stored, "seed \(seed), position \(position)")
        compared += stored == nil ? 0 : 1
      }
    }
    #expect(compared > 30)
  }

  @Test func `is counted by the calendar of then, whatever the department works by now`() throws {
    var ledger = OfficeLedger(try Office(isRaised: true))
    ledger.raise()
    // Friday 27 November 2026: the Monday after is no working day in Scotland.
    ledger.wait(4 * Span.day)
    let admin = Office.Who.admin.actor
    func change(_ extras: Settings.Extras) throws {
      try ledger.run(
        .changeSettings(SettingsChange(extras: extras)), as: admin, Self.incidents)
    }
    func declare(_ number: UInt64) throws {
      try ledger.run(
        .declare(
          Declaration(
            id: Office.incident(number), title: "x", service: Office.payments, choice: .level(.p4)
          )), as: Office.Who.firstLine.actor, Self.incidents)
    }
    try declare(1)
    try change(Settings.Extras(calendar: "scotland"))
    try declare(2)
    try ledger.run(.keepTime([Office.incident]), as: .system, Self.incidents)
    try ledger.run(
      .incident(
        Office.incident, .setPriority(PriorityChange(choice: .level(.p3), confirm: true))),
      as: Office.Who.delivery.actor, Self.incidents)
    try change(Settings.Extras(calendar: "england-and-wales"))
    try declare(3)
    let dues = Self.incidents.map { ledger.today.incident($0)?.clocks.resolution.dueAt }
    #expect(Set(dues).count == 3)
    for (position, states) in ledger.states {
      for id in Self.incidents {
        var stored = states[id]
        stored?.forgetAlerts()
        #expect(ledger.incident(id, asOf: position) == stored, "position \(position)")
      }
    }
  }

  @Test func `is absent before it was declared`() throws {
    var ledger = OfficeLedger(try Office())
    let before = ledger.end
    try ledger.run(Office.alert(.firing), as: Office.Who.admin.actor, [])
    #expect(ledger.incident(Office.incident, asOf: before) == nil)
    #expect(ledger.incident(Office.incident, asOf: before + 1)?.status == .open)
    #expect(ledger.incident(Office.incident(2), asOf: ledger.end) == nil)
  }
}
