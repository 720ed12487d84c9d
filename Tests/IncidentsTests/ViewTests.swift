import Bytes
import Incidents
import Testing

@Suite("A saved view")
struct ViewTests {
  private static let id = ID(high: 16, low: 9)

  private func view(
    _ owner: SavedView.Owner, id: ID = ViewTests.id, name: String = "Ours", shared: Bool = false,
    _ filter: IncidentFilter = IncidentFilter()
  ) -> Action {
    .saveView(SavedView(id: id, name: name, owner: owner, isShared: shared, filter: filter))
  }

  private func refused(_ action: Action, by actor: Actor, _ office: Office) -> Refusal? {
    var copy = office
    do throws(Refusal) {
      try copy.run(action, as: actor)
      return nil
    } catch {
      return error
    }
  }

  @Test func `is one's own or a team's of which one is, and goes as it came`() throws {
    var office = try Office(isRaised: true)
    let engineer = Office.Who.engineer
    let own = view(.person(engineer.id))
    let events = try office.run(own, as: engineer.actor)
    guard case .saveView(let saved) = own else { return }
    #expect(events.map(\.fact) == [.viewSaved(saved)])
    #expect(events.map(\.subject) == [Subject(kind: .view, id: Self.id)])
    #expect(office.department.view(Self.id) == saved)
    #expect(office.department.views(of: .person(engineer.id)) == [saved])
    #expect(refused(own, by: engineer.actor, office)?.rule == .alreadyExists)
    #expect(refused(.removeView(Self.id), by: Office.Who.outsider.actor, office)?.rule == .notFound)
    try office.run(.removeView(Self.id), as: engineer.actor)
    #expect(office.department.view(Self.id) == nil)
    #expect(refused(.removeView(Self.id), by: engineer.actor, office)?.rule == .notFound)
  }

  @Test func `is for nobody else and for no other team`() throws {
    let office = try Office(isRaised: true)
    let other = view(.person(Office.Who.delivery.id))
    #expect(refused(other, by: Office.Who.engineer.actor, office)?.rule == .invalidField)
    let foreign = view(.team(Office.liveServices))
    #expect(refused(foreign, by: Office.Who.outsider.actor, office)?.rule == .rightMissing)
    let nowhere = view(.team(ID(high: 99, low: 9)))
    #expect(refused(nowhere, by: Office.Who.engineer.actor, office)?.rule == .notFound)
    let auditor = Office.Who.auditor
    #expect(refused(view(.person(auditor.id)), by: auditor.actor, office)?.rule == .rightMissing)
  }

  @Test func `names only what there is, and nothing that excludes itself`() throws {
    let office = try Office(isRaised: true)
    let who = Office.Who.engineer
    func refusal(_ change: (inout IncidentFilter) -> Void) -> Refusal.Rule? {
      var filter = IncidentFilter()
      change(&filter)
      return refused(view(.person(who.id), filter), by: who.actor, office)?.rule
    }
    #expect(refusal { $0.services = [Office.payments] } == nil)
    #expect(refusal { $0.services = [ID(high: 99, low: 9)] } == .notFound)
    #expect(refusal { $0.teams = [ID(high: 99, low: 9)] } == .notFound)
    #expect(refusal { $0.lead = .person(ID(high: 99, low: 9)) } == .notFound)
    #expect(refusal { $0.holder = .me } == nil)
    #expect(refusal { $0.declaredFrom = -1 } == .invalidField)
    #expect(
      refusal {
        $0.order = .due
        $0.isOver = true
      } == .invalidField)
    #expect(
      refusal {
        $0.order = .due
        $0.referencePrefix = "x"
      } == .invalidField)
    #expect(
      refusal {
        $0.isOverdue = true
        $0.statuses = [.closed]
      } == .invalidField)
    #expect(refusal { $0.referencePrefix = String(repeating: "x", count: 201) } == .invalidField)
    let nameless = view(.person(who.id), name: " ")
    #expect(refused(nameless, by: who.actor, office)?.rule == .invalidField)
  }

  @Test func `of a leaver goes with them, and a team's stays`() throws {
    var office = try Office(isRaised: true)
    let delivery = Office.Who.delivery
    try office.run(view(.person(delivery.id)), as: delivery.actor)
    let team = ID(high: 16, low: 10)
    try office.run(view(.team(Office.liveServices), id: team), as: delivery.actor)
    try office.run(.deactivatePerson(delivery.id))
    #expect(office.department.view(Self.id) == nil)
    #expect(office.department.view(team) != nil)
  }

  @Test func `are fifty at most`() throws {
    var office = try Office(isRaised: true)
    let who = Office.Who.engineer
    for number in 1...UInt64(SavedView.most) {
      try office.run(view(.person(who.id), id: ID(high: 16, low: 100 + number)), as: who.actor)
    }
    #expect(refused(view(.person(who.id)), by: who.actor, office)?.rule == .tooMany)
  }

  @Test func `is unknown before every node knows it`() throws {
    let office = try Office()
    let who = Office.Who.engineer
    #expect(refused(view(.person(who.id)), by: who.actor, office)?.rule == .levelUnknown)
  }

  @Test func `gives no sight to whoever opens it`() throws {
    let person = Person(id: ID(high: 1, low: 1), version: 1, name: "A", email: "a@example.org")
    let own = SavedView(
      id: Self.id, name: "x", owner: .person(person.id), isShared: false, filter: IncidentFilter())
    #expect(own.isOpen(to: person))
    var other = own
    other.owner = .person(ID(high: 1, low: 2))
    #expect(!other.isOpen(to: person))
    other.isShared = true
    #expect(other.isOpen(to: person) && !other.belongs(to: person))
  }
}
