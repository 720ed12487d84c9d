import Bytes
import Incidents
import Testing

/// What becomes of the roles of somebody who leaves (policy section 10).
@Suite("Somebody who leaves")
struct LeaverTests {
  private func release(_ who: Office.Who, _ id: ID = Office.incident) -> Action {
    .releaseLeavers([Release(person: who.id, incident: id), Release(person: who.id, incident: id)])
  }

  private func give(_ role: Role, to who: Office.Who) -> IncidentAction {
    .changeRole(RoleChange(role: role, step: .give(to: who.id)))
  }

  @Test func `is never kept by what they hold, which goes to the next`() throws {
    var office = try Office.led()
    try office.act(.onCall, .changeRole(RoleChange(role: .documenter, step: .take)))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    #expect(office.state().team == [Office.Who.onCall.id])
    let events = try office.run(release(.onCall), as: .system)
    #expect(
      events.map(\.fact) == [
        .leaverReleased(
          person: Office.Who.onCall.id, roles: [.lead, .documenter], told: Office.Who.teamLead.id)
      ])
    #expect(office.state().team == [])
    #expect(office.state().roles == Roles())
    #expect(office.state().paged == [Office.Who.onCall.id, Office.Who.teamLead.id])
    #expect(office.state().duties(at: office.clock).contains { $0.slug == "fill-lead" })
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    #expect(
      events[0].sentence(by: .system, names: names)
        == "onCall has left and is no longer incident lead, documenter. teamLead was told to see to "
        + "it.")
    #expect(try office.run(release(.onCall), as: .system) == [])
  }

  @Test func `leaves it to the duty contact where nobody leads the team`() throws {
    var office = try Office.led()
    try office.run(.deactivatePerson(Office.Who.teamLead.id))
    try office.run(.changeSettings(SettingsChange(dutyContact: Office.Who.delivery.id)))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    let events = try office.run(release(.onCall), as: .system)
    #expect(
      events.map(\.fact) == [
        .leaverReleased(
          person: Office.Who.onCall.id, roles: [.lead], told: Office.Who.delivery.id)
      ])
  }

  @Test func `is offered nothing any more`() throws {
    var office = try Office.led()
    try office.act(.delivery, give(.commsLead, to: .engineer))
    try office.act(.delivery, give(.commsLead, to: .teamLead))
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    let events = try office.run(release(.engineer), as: .system)
    #expect(
      events.map(\.fact) == [
        .leaverReleased(person: Office.Who.engineer.id, roles: [], told: nil)
      ])
    #expect(office.state().roles.offers.map(\.to) == [Office.Who.teamLead.id])
    #expect(office.state().roles.lead?.person == Office.Who.onCall.id)
  }

  @Test func `keeps their name on what is over, and nobody who is there is touched`() throws {
    var office = try Office.led()
    #expect(try office.run(release(.onCall), as: .system) == [])
    try office.act(.delivery, .cancel(reason: "A drill of the power company"))
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    #expect(office.state().team == [])
    #expect(try office.run(release(.onCall), as: .system) == [])
    #expect(office.state().roles.lead?.person == Office.Who.onCall.id)
  }

  @Test func `is released by the cluster alone`() throws {
    var office = try Office.led()
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    #expect(throws: Refusal.self) { try office.run(release(.onCall)) }
    #expect(office.state().roles.lead?.person == Office.Who.onCall.id)
  }
}
