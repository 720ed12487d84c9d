import Bytes
import Incidents
import Testing

/// Policy section 9: an administrator may see or do the rest for 60 minutes.
@Suite("Breaking the glass")
struct GlassTests {
  private static let breaker = Office.Who.outsider

  private static func glass(
    _ scope: GlassBreak.Scope, _ number: UInt64 = 1, reason: String = "The lead is unreachable."
  ) -> Action {
    .breakGlass(GlassBreak(id: ID(high: 70, low: number), scope: scope, reason: reason))
  }

  /// An office with a restricted P1, and an administrator who is in none of its teams.
  private func office() throws -> Office {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    var person = try #require(office.department.person(Self.breaker.id))
    person.isAdministrator = true
    office.department.put(person)
    return office
  }

  private static let fixed = IncidentAction.resolve(
    Resolution(fix: "It was found.", takesLead: true))
  private let note = IncidentAction.note(Note(kind: .finding, text: "Looked."))

  @Test func `lets nobody stay by themselves who is here by it alone`() throws {
    var office = try office()
    try office.run(Self.glass(.incident(Office.incident)), as: Self.breaker.actor)
    let themselves = Self.breaker.id
    #expect(office.rule(Self.breaker, .changeSight(.add(themselves))) == .rightMissing)
    #expect(office.rule(Self.breaker, .engage(.specialist(.person(themselves)))) == .rightMissing)
    #expect(office.rule(Self.breaker, .changeSight(.add(Office.Who.engineer.id))) == nil)
    // Whoever takes a role is there for good.
    try office.act(Self.breaker, .changeRole(RoleChange(role: .commsLead, step: .take)))
    #expect(office.rule(Self.breaker, .changeSight(.add(themselves))) == nil)
  }

  @Test func `opens one incident for an hour, and closes by itself`() throws {
    var office = try office()
    #expect(office.rule(Self.breaker, note) == .notFound)
    let broken = office.clock
    let events = try office.run(Self.glass(.incident(Office.incident)), as: Self.breaker.actor)
    #expect(
      events.map(\.fact) == [
        .glassBroken(
          GlassBreak(
            id: ID(high: 70, low: 1), scope: .incident(Office.incident),
            reason: "The lead is unreachable."), until: broken + 60 * Span.minute)
      ])
    #expect(events[0].subject.id == Office.incident && events[0].visibility == 1)
    for action in [note, Self.fixed, .clearFlag(.data, reason: "No data was in it.")] {
      #expect(office.rule(Self.breaker, action) == nil, "\(action.kind)")
    }
    office.clock = broken + 60 * Span.minute - 1
    #expect(office.rule(Self.breaker, note) == nil)
    office.clock = broken + 60 * Span.minute
    #expect(office.rule(Self.breaker, note) == .notFound)
  }

  @Test func `gives no sight of what was done through it, once it is whole`() throws {
    var office = try office()
    try office.run(Self.glass(.incident(Office.incident)), as: Self.breaker.actor)
    try office.act(Self.breaker, note)
    #expect(!office.department.hasActed(Self.breaker.id, on: Office.incident))
    office.clock += 60 * Span.minute
    #expect(office.rule(Self.breaker, note) == .notFound)
  }

  @Test func `opens what a team has to do with, and nothing else`() throws {
    var office = try office()
    let other = Office.incident(2)
    try office.run(
      .declare(Declaration(id: other, title: "Slow", service: Office.signIn)),
      as: Office.Who.engineer.actor)
    try office.run(Self.glass(.team(Office.product)), as: Self.breaker.actor)
    #expect(office.rule(Self.breaker, Self.fixed) == nil)
    #expect(office.rule(Self.breaker, Self.fixed, on: other) == .rightMissing)
  }

  @Test func `is for an administrator, with a reason, before what there is`() throws {
    let office = try office()
    let incident = GlassBreak.Scope.incident(Office.incident)
    for who in Office.Who.allCases where ![Self.breaker, .admin].contains(who) {
      #expect(office.rule(Self.glass(incident), by: who.actor) == .rightMissing)
    }
    #expect(
      office.rule(Self.glass(incident, reason: ""), by: Self.breaker.actor) == .invalidField)
    let nowhere: [GlassBreak.Scope] = [
      .incident(Office.incident(99)), .team(Office.incident(99)),
    ]
    for scope in nowhere {
      #expect(office.rule(Self.glass(scope), by: Self.breaker.actor) == .notFound)
    }
  }

  @Test func `is over for whoever is no administrator any more`() throws {
    var office = try office()
    try office.run(Self.glass(.incident(Office.incident)), as: Self.breaker.actor)
    var person = try #require(office.department.person(Self.breaker.id))
    person.isAdministrator = false
    office.department.put(person)
    #expect(office.rule(Self.breaker, note) == .notFound)
  }
}
