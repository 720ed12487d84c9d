import Bytes
import Incidents
import Testing

/// Policy section 8: who is kept in when an incident is restricted.
@Suite("A restricted incident")
struct VisibilityTests {
  /// Who may know of it, of those who did not act on it.
  private func seers(_ office: Office) throws -> [Office.Who] {
    let incident = office.state()
    return try Office.Who.allCases.filter { who in
      let person = try #require(office.department.person(who.id))
      return incident.isVisible(to: person, hasActed: false)
    }
  }

  private func restricted(_ flag: Flag) throws -> Office {
    var office = try Office.led()
    try office.act(.firstLine, .setFlag(FlagRaising(flag: flag)))
    return office
  }

  @Test func `is everybody's until a flag is set, and again when it is cleared`() throws {
    var office = try Office.led()
    #expect(try seers(office) == Office.Who.allCases)
    office = try restricted(.data)
    #expect(try seers(office).count < Office.Who.allCases.count)
    try office.act(.onCall, .clearFlag(.data, reason: "No data was in it."))
    #expect(try seers(office) == Office.Who.allCases)
  }

  @Test(arguments: Flag.allCases)
  func `keeps in who was paged or has a role, and the leads of its team`(flag: Flag) throws {
    // The administrator is of the team's Service Delivery; being an administrator is not enough.
    #expect(try seers(try restricted(flag)) == [.admin, .onCall, .delivery, .teamLead])
  }

  @Test func `grants sight with every role, and with the offer of one`() throws {
    var office = try restricted(.data)
    try office.act(
      .onCall,
      .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.outsider.id))))
    #expect(try seers(office).contains(.outsider))
    #expect(try !seers(office).contains(.engineer))
  }

  @Test func `is as absent to a command as one that never was`() throws {
    let office = try restricted(.data)
    let note = IncidentAction.note(Note(kind: .finding, text: "x"))
    let never = Office.incident(99)
    for action in [
      note, .acknowledge(happenedAt: nil), .setFlag(FlagRaising(flag: .cyber)),
      .close(overrideReason: nil),
    ] {
      let hidden = office.refusal(.engineer, action)
      let absent = office.refusal(.engineer, action, on: never)
      #expect(hidden?.rule == .notFound && hidden?.title == absent?.title)
      #expect(hidden?.detail == "No incident has the id \(Office.incident).")
      #expect(absent?.detail == "No incident has the id \(never).")
    }
  }

  @Test func `goes on for whoever has acted on it before it was restricted`() throws {
    var office = try Office.led()
    try office.act(.outsider, .note(Note(kind: .finding, text: "I saw it.")))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    try office.act(.outsider, .note(Note(kind: .finding, text: "And again.")))
    #expect(office.department.hasActed(Office.Who.outsider.id, on: Office.incident))
    #expect(!office.department.hasActed(Office.Who.auditor.id, on: Office.incident))
  }

  @Test func `cannot be named as the one that another is the same as`() throws {
    var office = try restricted(.data)
    let other = Office.incident(2)
    try office.run(.declare(Declaration(id: other, title: "Slow")), as: Office.Who.engineer.actor)
    let same = IncidentAction.duplicate(of: Office.incident, reason: nil)
    #expect(office.rule(.engineer, same, on: other) == .notFound)
    #expect(office.rule(.delivery, same, on: other) == nil)
  }

  @Test func `is seen by whoever acted on it, whatever they are`() throws {
    let office = try restricted(.data)
    let stranger = try #require(office.department.person(Office.Who.firstLine.id))
    #expect(!office.state().isVisible(to: stranger, hasActed: false))
    #expect(office.state().isVisible(to: stranger, hasActed: true))
  }

  @Test func `is named by nothing but a duplicate`() {
    let other = Office.incident(2)
    #expect(
      Action.incident(Office.incident, .duplicate(of: other, reason: nil)).incidentsNamed
        == [other])
    #expect(Action.incident(Office.incident, Office.fixed).incidentsNamed == [])
  }
}
