import Bytes
import Incidents
import Testing

@Suite("What incidents have to do with each other")
struct RelationTests {
  private static let parent = Office.incident(1)
  private static let child = Office.incident(2)
  private static let other = Office.incident(3)

  /// A major incident and two others, with a lead and confirmed.
  private func office() throws -> Office {
    var office = try Office(isRaised: true)
    for id in [Self.parent, Self.child, Self.other] {
      try office.declare(.level(.p2), id: id)
      try office.act(.delivery, .acknowledge(happenedAt: nil), on: id)
      try office.act(
        .delivery, .setPriority(PriorityChange(choice: .level(.p2), confirm: true)), on: id)
    }
    return office
  }

  private func belongs(_ parent: ID?) -> IncidentAction { .relate(.childOf(parent)) }

  private func slugs(_ office: Office, _ id: ID) -> [String] {
    office.state(id).duties(at: office.clock).map(\.slug)
  }

  @Test func `is that one belongs to another, which each is told of its own side`() throws {
    var office = try office()
    let events = try office.act(.delivery, belongs(Self.parent), on: Self.child)
    #expect(
      events.map(\.fact) == [
        .familyChanged(.children(added: [Self.child], removed: [])),
        .familyChanged(.parent(Self.parent)),
      ])
    #expect(events.map(\.subject.id) == [Self.parent, Self.child])
    #expect(office.state(Self.parent).around.children == [Self.child])
    #expect(office.state(Self.child).around.parent == Self.parent)
    #expect(try office.act(.delivery, belongs(Self.parent), on: Self.child).isEmpty)
    try office.act(.delivery, belongs(Self.other), on: Self.child)
    #expect(office.state(Self.parent).around.children == [])
    #expect(office.state(Self.other).around.children == [Self.child])
    try office.act(.delivery, belongs(nil), on: Self.child)
    #expect(office.state(Self.other).around.children == [])
    #expect(office.state(Self.child).around.parent == nil)
    #expect(office.rule(.engineer, belongs(Self.parent), on: Self.child) == .rightMissing)
  }

  @Test func `never comes back to itself`() throws {
    var office = try office()
    #expect(office.rule(.delivery, belongs(Self.parent), on: Self.parent) == .invalidField)
    try office.act(.delivery, belongs(Self.parent), on: Self.child)
    #expect(office.rule(.delivery, belongs(Self.child), on: Self.parent) == .invalidField)
    #expect(office.rule(.delivery, belongs(Self.child), on: Self.other) == .invalidField)
    #expect(office.rule(.delivery, belongs(Self.other), on: Self.parent) == .invalidField)
    let later = IncidentAction.relate(.recurrenceOf(Self.child))
    #expect(office.rule(.delivery, later, on: Self.parent) == .invalidField)
    #expect(office.rule(.delivery, later, on: Self.child) == .invalidField)
    let earlier = IncidentAction.relate(.recurrenceOf(Self.parent))
    try office.act(.delivery, earlier, on: Self.child)
    #expect(office.state(Self.child).recurrenceOf == Self.parent)
    #expect(try office.act(.delivery, earlier, on: Self.child).isEmpty)
    try office.act(.delivery, .relate(.recurrenceOf(nil)), on: Self.child)
    #expect(office.state(Self.child).recurrenceOf == nil)
  }

  @Test func `has a parent's updates count for its children`() throws {
    var office = try office()
    try office.act(.delivery, belongs(Self.parent), on: Self.child)
    office.clock += 50 * Span.minute
    let before = office.state(Self.child)
    let stamp = office.clock
    let update = IncidentAction.update(
      CommunicationUpdate(audience: .stakeholders, text: "We are on it."))
    let events = try office.act(.delivery, update, on: Self.parent)
    #expect(events.last?.fact == .parentSpoke(.updated(nextUpdateAt: nil)))
    let after = office.state(Self.child)
    #expect(after.clocks.update?.startedAt == stamp)
    #expect(after.clocks.response == before.clocks.response)
    #expect(after.clocks.resolution == before.clocks.resolution)
    #expect(
      office.state(Self.parent).clocks.update?.dueAt
        == office.state(Self.child).clocks.update?.dueAt
    )
    let team = IncidentAction.update(CommunicationUpdate(audience: .team, text: "We are on it."))
    #expect(try office.act(.delivery, team, on: Self.parent).count == 1)
  }

  @Test func `asks whether a child is restored once its parent is`() throws {
    var office = try office()
    try office.act(.delivery, belongs(Self.parent), on: Self.child)
    try office.act(.delivery, Office.fixed, on: Self.parent)
    #expect(slugs(office, Self.child).contains("resolve-with-parent"))
    try office.act(.delivery, .reopen(reason: "It is back."), on: Self.parent)
    #expect(!slugs(office, Self.child).contains("resolve-with-parent"))
    try office.act(.delivery, Office.fixed, on: Self.parent)
    try office.act(.delivery, Office.fixed, on: Self.child)
    #expect(!slugs(office, Self.child).contains("resolve-with-parent"))
    // Who comes late to what is resolved is asked at once.
    try office.act(.delivery, belongs(Self.parent), on: Self.other)
    #expect(slugs(office, Self.other).contains("resolve-with-parent"))
  }

  @Test func `is as bounded as what one command may cause`() throws {
    var office = try office()
    for number in 10..<10 + UInt64(Bound.children) {
      try office.declare(.level(.p4), id: Office.incident(number))
      try office.act(.delivery, belongs(Self.parent), on: Office.incident(number))
    }
    #expect(office.rule(.delivery, belongs(Self.parent), on: Self.child) == .tooMany)
    let resolution = Resolution(
      fix: "x", takesLead: true, ticketUpdatedAt: office.clock)
    #expect(
      try office.act(.delivery, .resolve(resolution), on: Self.parent).count <= Bound.events)
  }

  @Test func `is never between an exercise and what is real`() throws {
    var office = try office()
    let exercise = Office.incident(4)
    try office.declare(.level(.p2), id: exercise, exercise: true)
    try office.act(.delivery, .acknowledge(happenedAt: nil), on: exercise)
    #expect(office.rule(.delivery, belongs(Self.parent), on: exercise) == .invalidField)
    #expect(office.rule(.delivery, belongs(exercise), on: Self.child) == .invalidField)
    let recurrence = IncidentAction.relate(.recurrenceOf(Self.parent))
    #expect(office.rule(.delivery, recurrence, on: exercise) == .invalidField)
    var declaration = Declaration(id: Office.incident(5), title: "Again", isExercise: true)
    declaration.extras.recurrenceOf = Self.parent
    #expect(office.rule(.declare(declaration)) == .invalidField)
  }

  @Test func `is not told to whoever may not know of the other`() throws {
    var office = try office()
    try office.act(.delivery, .setFlag(FlagRaising(flag: .data)), on: Self.parent)
    try office.act(
      .delivery, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.engineer.id))),
      on: Self.child)
    try office.act(
      .engineer, .changeRole(RoleChange(role: .lead, step: .accept)), on: Self.child)
    #expect(office.rule(.engineer, belongs(Self.parent), on: Self.child) == .notFound)
    #expect(
      office.refusal(.engineer, belongs(Self.parent), on: Self.child)?.title
        == office.refusal(.engineer, belongs(ID(high: 9, low: 9)), on: Self.child)?.title)
    try office.act(.delivery, belongs(Self.parent), on: Self.child)
    let names = Names(isSeen: { $0 != Self.parent }, { _, _ in nil })
    let told = office.story.last.map { entry in
      entry.events.map { $0.sentence(by: .system, names: names) }
    }
    #expect(told?.last == "It belongs to another incident from now on, says Muster.")
    // What a parent says of itself gives nobody sight of a child that is restricted.
    try office.act(.delivery, .setFlag(FlagRaising(flag: .data)), on: Self.child)
    try office.act(.delivery, .clearFlag(.data, reason: "None."), on: Self.parent)
    try office.act(
      .outsider, .note(Note(kind: .finding, text: "x")), on: Self.parent)
    #expect(
      office.rule(.outsider, .note(Note(kind: .finding, text: "x")), on: Self.child) == .notFound)
    try office.act(
      .delivery, .changeRole(RoleChange(role: .commsLead, step: .give(to: Office.Who.outsider.id))),
      on: Self.parent)
    try office.act(
      .outsider, .changeRole(RoleChange(role: .commsLead, step: .accept)), on: Self.parent)
    let update = CommunicationUpdate(audience: .stakeholders, text: "We are on it.")
    #expect(try office.act(.outsider, .update(update), on: Self.parent).count == 2)
    #expect(
      office.rule(.outsider, .note(Note(kind: .finding, text: "x")), on: Self.child) == .notFound)
  }

  @Test func `is with changes too, by what they are called`() throws {
    var office = try office()
    let change = ChangeLink(reference: "CHG-1", link: "https://changes.example/1", text: "DNS.")
    try office.act(.engineer, .relate(.causedBy(change)), on: Self.child)
    #expect(office.state(Self.child).around.changes == [change])
    let again = ChangeLink(reference: "CHG-1")
    try office.act(.engineer, .relate(.causedBy(again)), on: Self.child)
    #expect(office.state(Self.child).around.changes == [again])
    let bad = ChangeLink(reference: "CHG-2", link: "nowhere")
    #expect(office.rule(.engineer, .relate(.causedBy(bad)), on: Self.child) == .invalidField)
    #expect(office.rule(.outsider, .relate(.causedBy(change)), on: Self.child) == .rightMissing)
  }

  @Test func `is left by a duplicate to the one that lives on`() throws {
    var office = try office()
    let affected = AffectedChange(service: Office.signIn, state: .degraded)
    for action in [
      IncidentAction.affect(affected), .engage(.supplier(EngagedSupplier(name: "Cards Ltd"))),
      .engage(.specialist(.team(Office.other))), .relate(.causedBy(ChangeLink(reference: "CHG-1"))),
    ] {
      try office.act(.delivery, action, on: Self.parent)
    }
    try office.act(.delivery, belongs(Self.parent), on: Self.child)
    try office.act(.delivery, belongs(Self.parent), on: Self.other)
    try office.act(.delivery, .duplicate(of: Self.other, reason: nil), on: Self.parent)
    let survivor = office.state(Self.other).around
    #expect(survivor.affected == office.state(Self.parent).around.affected)
    #expect(survivor.suppliers.map(\.name) == ["Cards Ltd"])
    #expect(survivor.specialists == [.team(Office.other)])
    #expect(survivor.changes == [ChangeLink(reference: "CHG-1")])
    // Its children are the survivor's from now on, which belonged to it itself.
    #expect(survivor.parent == nil)
    #expect(survivor.children == [Self.child])
    #expect(office.state(Self.child).around.parent == Self.other)
    #expect(office.state(Self.parent).around.children == [])
  }

  @Test func `is said as it is declared anew`() throws {
    var office = try office()
    var declaration = Declaration(id: Office.incident(5), title: "Again")
    declaration.extras.recurrenceOf = Self.parent
    try office.run(.declare(declaration), as: Office.Who.outsider.actor)
    #expect(office.state(Office.incident(5)).recurrenceOf == Self.parent)
    try office.act(.delivery, .setFlag(FlagRaising(flag: .data)), on: Self.parent)
    var hidden = Declaration(id: Office.incident(6), title: "Again")
    hidden.extras.recurrenceOf = Self.parent
    #expect(office.rule(.declare(hidden), by: Office.Who.outsider.actor) == .notFound)
    #expect(Action.declare(hidden).level == 2)
    #expect(Action.declare(Declaration(id: Office.incident(7), title: "New")).level == 1)
  }
}
