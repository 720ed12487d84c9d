import Bytes
import Directory
import Incidents
import Testing

@Suite("A plan of an import")
struct PlanTests {
  private func details(
    _ document: DirectoryDocument, in town: Town, isPruning: Bool = false
  ) -> [DirectoryMistake] {
    var town = town
    do throws(DirectoryMistakes) {
      _ = try town.plan(document, isPruning: isPruning)
      return []
    } catch {
      return error.list
    }
  }

  private func person(_ number: Int, _ name: String, line: Int = 0) -> PersonRow {
    PersonRow(line: line, id: "P-\(number)", name: name, email: "p\(number)@example.org")
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `brings what it says, and is empty the second time`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var town = try Town()
    let first = DirectoryDocument.chance(&random).withFounders(of: town)
    try town.take(first)
    #expect(town.document.csv() == first.csv(), "seed \(seed)")
    #expect(town.document.json() == first.json(), "seed \(seed)")
    #expect(try town.plan(first).rows == [], "seed \(seed)")
    #expect(try town.plan(town.document, isPruning: true).rows == [], "seed \(seed)")

    // Another town that is told to become the same, from whatever it was: what left is to stay away.
    var second = DirectoryDocument.chance(&random).withFounders(of: try Town())
    let left = Set(first.people.map(\.id)).subtracting(second.people.map(\.id))
    let plan = try town.take(second, isPruning: true)
    #expect(town.document.csv() == second.csv(), "seed \(seed)")
    #expect(try town.plan(second, isPruning: true).rows == [], "seed \(seed)")
    #expect(
      Set(plan.rows.filter { $0.act == .remove && $0.kind == .person }.map(\.id)) == left,
      "seed \(seed)")
    second = DirectoryDocument(people: first.people, teams: first.teams)
    let back = details(second, in: town)
    #expect(back.count == left.count, "seed \(seed): nobody comes back by an import")
  }

  @Test func `says what becomes what`() throws {
    var town = try Town()
    try town.take(
      DirectoryDocument(
        people: [person(1, "Al")], teams: [TeamRow(id: "T-1", name: "Old", support: .third)],
        memberships: [MembershipRow(team: "T-1", person: "P-1", role: .member)]))
    var al = person(1, "Al Smith", line: 2)
    al.zone = .london
    al.contacts = [ContactMethod(.sms, "+447700900123"), ContactMethod(.email, "a@b")]
    let plan = try town.plan(
      DirectoryDocument(
        people: [al, person(2, "Bo", line: 3)],
        teams: [TeamRow(line: 4, id: "T-1", name: "New", support: .third)],
        memberships: [MembershipRow(line: 5, team: "T-1", person: "P-1", role: .teamLead)],
        services: [ServiceRow(line: 6, id: "S-1", key: "pay", name: "Pay", thirdLine: "T-1")]))
    struct Said: Equatable {
      var line: UInt32
      var act: PlannedRow.Act
      var id: String
      var differences: [PlannedRow.Difference]
    }
    #expect(
      plan.rows.map { Said(line: $0.row.line, act: $0.act, id: $0.id, differences: $0.differences) }
        == [
          Said(
            line: 4, act: .change, id: "T-1", differences: [.init("name", "Old", "New")]),
          Said(
            line: 2, act: .change, id: "P-1",
            differences: [
              .init("name", "Al", "Al Smith"), .init("timeZone", nil, "Europe/London"),
              .init("contacts", nil, "sms:+447700900123 email:a@b"),
            ]),
          Said(line: 3, act: .add, id: "P-2", differences: []),
          Said(line: 6, act: .add, id: "S-1", differences: []),
          Said(
            line: 5, act: .change, id: "T-1/P-1",
            differences: [.init("role", "member", "team-lead")]),
        ])
    #expect(PlannedRow.Act.allCases.map(plan.count) == [2, 3, 0])
    #expect(plan.rows.map(\.name) == ["New", "Al Smith", "Bo", "Pay", "Al Smith"])
  }

  @Test func `removes only when it is asked to`() throws {
    var town = try Town()
    let founders = DirectoryDocument().withFounders(of: town)
    let full = DirectoryDocument(
      people: [person(1, "Al"), person(2, "Bo")],
      teams: [TeamRow(id: "T-1", name: "One", support: .second)],
      memberships: [
        MembershipRow(team: "T-1", person: "P-1", role: .member),
        MembershipRow(team: "\(Town.team)", person: "P-2", role: .member),
      ], services: [ServiceRow(id: "S-1", key: "pay", name: "Pay", secondLine: "T-1")]
    ).withFounders(of: town)
    try town.take(full)
    #expect(try town.plan(founders).rows == [])
    let plan = try town.take(
      DirectoryDocument(people: [person(2, "Bo")]).withFounders(of: try Town()), isPruning: true)
    #expect(plan.rows.map(\.act) == [.remove, .remove, .remove, .remove])
    #expect(plan.rows.map(\.id) == ["\(Town.team)/P-2", "S-1", "T-1", "P-1"])
    #expect(plan.rows.map(\.row.line) == [0, 0, 0, 0])
    let left = town.state.people.first { $0.name == "Al" }
    #expect(left?.isActive == false)
  }

  @Test func `takes back a team and a service that were removed, but nobody who left`() throws {
    var town = try Town()
    let full = DirectoryDocument(
      people: [person(1, "Al", line: 2)],
      teams: [TeamRow(id: "T-1", name: "One", support: .second)],
      services: [ServiceRow(id: "S-1", key: "pay", name: "Pay", secondLine: "T-1")]
    ).withFounders(of: town)
    try town.take(full)
    try town.take(DirectoryDocument().withFounders(of: try Town()), isPruning: true)
    #expect(
      details(full, in: town) == [
        DirectoryMistake(
          line: 2,
          "Al has left. Take the row out; somebody who comes back is a new person, with another id "
            + "and address.")
      ])
    let rest = DirectoryDocument(teams: full.teams, services: full.services)
    let plan = try town.take(rest)
    #expect(
      plan.rows.map(\.differences) == [
        [.init("retired", "yes", nil)], [.init("retired", "yes", nil)],
      ])
    #expect(try town.plan(rest).rows == [])
  }

  @Test func `gives an id to who was added by hand, and does not add them twice`() throws {
    var town = try Town()
    let byHand = NewPerson(id: ID(high: 5, low: 5), name: "Bo", email: "p2@example.org")
    try town.run(.addPerson(byHand))
    #expect(town.document.people.contains { $0.id == "\(byHand.id)" })
    let plan = try town.take(DirectoryDocument(people: [person(2, "Bo")]))
    #expect(
      plan.rows.map(\.differences) == [[.init("id", "\(byHand.id)", "P-2")]])
    #expect(town.state.people.count == 2)
    #expect(
      details(
        DirectoryDocument(people: [PersonRow(id: "\(byHand.id)", name: "Bo", email: "x@y")]),
        in: town
      )
      .map(\.detail) == [
        "No person of ours has the id \(byHand.id). Give a new one an id of your own."
      ])
  }

  @Test func `tells what cannot be`() throws {
    var town = try Town()
    try town.take(
      DirectoryDocument(
        people: [person(1, "Al")], teams: [TeamRow(id: "T-1", name: "One", support: .second)]))
    let wrong = DirectoryDocument(
      people: [PersonRow(line: 2, id: "P-9", name: "Al", email: "p1@example.org")],
      memberships: [MembershipRow(line: 3, team: "T-7", person: "P-1", role: .member)],
      services: [
        ServiceRow(line: 4, id: "S-1", key: "pay", name: "Pay", firstLine: "T-8", owner: "P-8")
      ])
    #expect(
      details(wrong, in: town) == [
        DirectoryMistake(
          line: 2,
          "The address p1@example.org is that of P-1, Al. Give the row that id, or another address."
        ),
        DirectoryMistake(
          line: 3, "No team has the id T-7, neither in this file nor here."),
        DirectoryMistake(
          line: 4, "No team has the id T-8, neither in this file nor here."),
        DirectoryMistake(
          line: 4, "No person has the id P-8, neither in this file nor here."),
      ])
    // Pruning would take away what this names, and the default team with it.
    let bare = DirectoryDocument(
      memberships: [MembershipRow(line: 2, team: "T-1", person: "P-1", role: .member)])
    #expect(details(bare, in: town, isPruning: true).map(\.line) == [0, 2, 2])
    #expect(details(bare, in: town) == [])
  }

  @Test func `goes on naming an owner who has left`() throws {
    var town = try Town()
    let service = ServiceRow(id: "S-1", key: "pay", name: "Pay", owner: "P-1")
    try town.take(DirectoryDocument(people: [person(1, "Al")], services: [service]))
    try town.run(
      .deactivatePerson(try #require(town.department.person(email: "p1@example.org")).id))
    #expect(town.document.services == [service])
    #expect(try town.plan(town.document, isPruning: true).rows == [])
    let other = ServiceRow(id: "S-2", key: "maps", name: "Maps", owner: "P-1")
    #expect(
      details(DirectoryDocument(services: [other]), in: town).map(\.detail) == [
        "The person P-1, Al, is not in the directory any more."
      ])
  }

  @Test func `is refused as stale when it was made before another`() throws {
    var town = try Town()
    let plan = try town.plan(DirectoryDocument(people: [person(1, "Al")]))
    try town.take(DirectoryDocument(people: [person(2, "Bo")]))
    #expect {
      try town.run(.importDirectory(plan.change))
    } throws: { ($0 as? Refusal)?.rule == .staleVersion }
  }

  @Test func `that would be refused says so of each row, and changes nothing`() throws {
    var town = try Town()
    var cy = person(3, "Cy", line: 4)
    cy.contacts = [ContactMethod(.sms, "nonsense")]
    let document = DirectoryDocument(
      people: [
        person(1, "Al", line: 2), PersonRow(line: 3, id: "P-2", name: "Bo", email: "nowhere"), cy,
      ])
    let plan = try town.plan(document)
    let ana = try #require(town.department.person(Town.ana))
    let refused = refusals(
      of: plan.change, by: ana, at: 1_795_424_400_000, facts: town.department, most: 10)
    #expect(refused.map(\.line) == [3, 4])
    #expect(refused.map(\.refusal.rule) == [.invalidField, .invalidField])
    let before = town.department
    #expect(throws: Refusal.self) { try town.run(.importDirectory(plan.change)) }
    #expect(town.department == before)
  }
}
