import Bytes
import Incidents
import Testing

extension Office {
  static let newcomer = ID(high: 10, low: 90)
  static let newTeam = ID(high: 20, low: 90)
  static let newService = ID(high: 30, low: 90)

  /// A change with one row of each kind that adds or changes.
  static func wholeChange(seen: UInt64) -> DirectoryChange {
    let contacts = [
      ContactMethod(.sms, "+447700900123"), ContactMethod(.webhook, "https://pager.example.org/a"),
    ]
    let steps: [DirectoryStep] = [
      .addTeam(newTeam, TeamProfile(name: "Platform", line: .second, externalID: "T-9")),
      .changeTeam(other, TeamProfile(name: "Other Services", line: .second, externalID: "T-4")),
      .addPerson(
        newcomer,
        PersonProfile(
          name: "Nia New", email: "nia@example.org",
          details: PersonDetails(externalID: "P-90", zone: .london, contacts: contacts))),
      .changePerson(
        Who.outsider.id,
        PersonProfile(
          name: "Olu Out", email: "olu@example.org",
          details: PersonDetails(externalID: "P-7", zone: .tokyo))),
      .setMember(MembershipChange(team: newTeam, person: newcomer, role: .teamLead)),
      .addService(
        newService,
        ServiceProfile(
          key: "maps", name: "Maps", secondLine: newTeam, owner: newcomer, defaultPriority: .p3,
          externalID: "S-9")),
      .changeService(
        signIn,
        ServiceProfile(key: "sign-in", name: "Sign in", secondLine: other, externalID: "S-2")),
    ]
    return change(seen, steps)
  }

  /// What takes away again what ``wholeChange(seen:)`` brought.
  static func wholeUndoing(seen: UInt64) -> DirectoryChange {
    change(seen, [.removeService(newService), .removeTeam(newTeam), .removePerson(newcomer)])
  }

  static func change(_ seen: UInt64, _ steps: [DirectoryStep]) -> DirectoryChange {
    let rows = steps.enumerated().map { place, step in
      DirectoryRow(line: UInt32(place + 2), step: step)
    }
    return DirectoryChange(seen: seen, rows: rows)
  }
}

@Suite("A change of the directory")
struct DirectoryTests {
  @Test func `is said once as a whole, and then by each row`() throws {
    var office = try Office(isRaised: true)
    let events = try office.run(.importDirectory(Office.wholeChange(seen: 0)))
    #expect(events.map { $0.fact.kind } == [22, 4, 24, 2, 23, 5, 6, 26])
    #expect(
      events[0].fact
        == .directoryImported(DirectoryImport(version: 1, added: 3, changed: 4, removed: 0)))
    let names = Names { _, _ in "Ana Admin" }
    #expect(
      events[0].sentence(by: Office.Who.admin.actor, names: names)
        == "Ana Admin imported the directory: 3 added, 4 changed, 0 removed.")
    let newcomer = try #require(office.department.person(Office.newcomer))
    #expect(
      newcomer
        == Person(
          id: Office.newcomer, version: 2, name: "Nia New", email: "nia@example.org",
          memberships: [.init(team: Office.newTeam, line: .second, role: .teamLead)],
          details: PersonDetails(
            externalID: "P-90", zone: .london,
            contacts: [
              ContactMethod(.sms, "+447700900123"),
              ContactMethod(.webhook, "https://pager.example.org/a"),
            ])))
    #expect(office.department.person(email: "outsider@example.org") == nil)
    #expect(office.department.person(email: "olu@example.org")?.id == Office.Who.outsider.id)
    #expect(office.department.team(named: "Other Services")?.listing == Listing(externalID: "T-4"))
    #expect(office.department.service(Office.signIn)?.secondLine == Office.other)
    #expect(office.department.settings()?.directory == 1)
  }

  @Test func `removes people as leavers, and keeps teams and services for their incidents`() throws
  {
    var office = try Office(isRaised: true)
    try office.run(.importDirectory(Office.wholeChange(seen: 0)))
    let events = try office.run(.importDirectory(Office.wholeUndoing(seen: 1)))
    #expect(
      events.map(\.fact) == [
        .directoryImported(DirectoryImport(version: 2, removed: 3)), .serviceRetired, .teamRetired,
        .personDeactivated,
      ])
    let left = try #require(office.department.person(Office.newcomer))
    #expect(!left.isActive && left.memberships.isEmpty)
    let team = try #require(office.department.team(Office.newTeam))
    #expect(team.isRetired && team.members.isEmpty && team.listing?.externalID == "T-9")
    #expect(office.department.service(Office.newService)?.isRetired == true)
    // Nothing new is given to it, and it can come back.
    let join = MembershipChange(team: team.id, person: Office.Who.outsider.id, role: .member)
    #expect(office.rule(.setMember(join)) == .invalidField)
    #expect(office.rule(.changeSettings(SettingsChange(defaultTeam: team.id))) == .invalidField)
    let back = DirectoryStep.changeTeam(team.id, team.profile)
    try office.run(.importDirectory(Office.change(2, [back, .setMember(join)])))
    #expect(office.department.team(team.id)?.members.map(\.person) == [Office.Who.outsider.id])
  }

  @Test func `names somebody else when the duty contact leaves`() throws {
    var office = try Office(isRaised: true)
    try office.run(.changeSettings(SettingsChange(dutyContact: Office.Who.onCall.id)))
    try office.run(.importDirectory(Office.change(0, [.removePerson(Office.Who.onCall.id)])))
    #expect(office.department.settings()?.dutyContact == Office.Who.admin.id)
  }

  /// What a row may be wrong in, and the rule that says so.
  static let wrong: [(DirectoryStep, Refusal.Rule)] = {
    let id = Office.newcomer
    func person(_ email: String = "x@example.org", _ details: PersonDetails = PersonDetails())
      -> DirectoryStep
    { .addPerson(id, PersonProfile(name: "X", email: email, details: details)) }
    func contact(_ kind: ContactMethod.Kind, _ address: String) -> DirectoryStep {
      person("x@example.org", PersonDetails(contacts: [ContactMethod(kind, address)]))
    }
    let six = [ContactMethod](repeating: ContactMethod(.email, "a@b"), count: 6)
    return [
      (person("nobody"), .invalidField), (person("onCall@example.org"), .alreadyExists),
      (person("x@example.org", PersonDetails(externalID: "a b")), .invalidField),
      (person("x@example.org", PersonDetails(externalID: "\(id)")), .invalidField),
      (person("x@example.org", PersonDetails(contacts: six)), .tooMany),
      (contact(.sms, "07700900123"), .invalidField), (contact(.voice, "+44 1"), .invalidField),
      (contact(.webhook, "http://a"), .invalidField), (contact(.email, "a"), .invalidField),
      (
        .changePerson(Office.Who.onCall.id, PersonProfile(name: "O", email: "admin@example.org")),
        .alreadyExists
      ),
      (.changePerson(id, PersonProfile(name: "O", email: "o@example.org")), .notFound),
      (.removePerson(Office.Who.admin.id), .lastAdministrator), (.removePerson(id), .notFound),
      (.changeTeam(Office.other, TeamProfile(name: "Other", line: .third)), .invalidField),
      (.changeTeam(Office.other, TeamProfile(name: "Help Desk", line: .second)), .alreadyExists),
      (.addTeam(Office.newTeam, TeamProfile(name: "Other", line: .first)), .alreadyExists),
      (.removeTeam(Office.liveServices), .lineUnavailable), (.removeTeam(id), .notFound),
      (
        .changeService(Office.signIn, ServiceProfile(key: "other", name: "S")), .invalidField
      ),
      (
        .changeService(
          Office.signIn, ServiceProfile(key: "sign-in", name: "S", firstLine: Office.other)),
        .invalidField
      ),
      (.addService(Office.newService, ServiceProfile(key: "payments", name: "S")), .alreadyExists),
      (.removeService(id), .notFound),
    ]
  }()

  @Test(arguments: wrong.indices)
  func `changes nothing for one bad row, and names its line`(place: Int) throws {
    var office = try Office(isRaised: true)
    let before = office.department
    let (step, rule) = Self.wrong[place]
    let good = DirectoryStep.addTeam(
      ID(high: 20, low: 91), TeamProfile(name: "Good", line: .second))
    do throws(Refusal) {
      try office.run(.importDirectory(Office.change(0, [good, step])))
      Issue.record("\(step) was done.")
    } catch {
      #expect(error.rule == rule, "\(step): \(error)")
      #expect(error.detail.hasPrefix("Line 3: "))
    }
    #expect(office.department == before)
  }

  @Test func `names who is meant where the file has no line`() throws {
    var office = try Office(isRaised: true)
    let row = DirectoryRow(line: 0, step: .removePerson(Office.Who.admin.id))
    do throws(Refusal) {
      try office.run(.importDirectory(DirectoryChange(seen: 0, rows: [row])))
      Issue.record("It was done.")
    } catch {
      #expect(error.detail.hasPrefix("Not in the file, Ana Admin: "))
    }
  }

  @Test func `sees each row after those before it`() throws {
    var office = try Office(isRaised: true)
    func person(_ email: String) -> PersonProfile { PersonProfile(name: "X", email: email) }
    let moved = PersonProfile(name: "onCall", email: "new@example.org")
    let free: [DirectoryStep] = [
      .changePerson(Office.Who.onCall.id, moved),
      .addPerson(Office.newcomer, person("onCall@example.org")),
    ]
    let twice: [DirectoryStep] = [
      .addPerson(Office.newcomer, person("x@example.org")),
      .addPerson(ID(high: 10, low: 91), person("x@example.org")),
    ]
    #expect(office.rule(.importDirectory(Office.change(0, twice))) == .alreadyExists)
    try office.run(.importDirectory(Office.change(0, free)))
    #expect(office.department.person(email: "onCall@example.org")?.id == Office.newcomer)
  }

  @Test func `gives one id to one thing`() throws {
    let office = try Office(isRaised: true)
    func person(_ low: UInt64, _ email: String) -> DirectoryStep {
      .addPerson(
        ID(high: 10, low: low),
        PersonProfile(name: "X", email: email, details: PersonDetails(externalID: "P-1")))
    }
    let steps = [person(90, "x@example.org"), person(91, "y@example.org")]
    #expect(office.rule(.importDirectory(Office.change(0, steps))) == .alreadyExists)
  }

  @Test func `is refused as stale when another came in between`() throws {
    var office = try Office(isRaised: true)
    try office.run(.importDirectory(Office.wholeChange(seen: 0)))
    let before = office.department
    #expect(office.rule(.importDirectory(Office.wholeUndoing(seen: 0))) == .staleVersion)
    #expect(office.rule(.importDirectory(Office.wholeUndoing(seen: 2))) == .staleVersion)
    #expect(office.department == before)
    // What changes nothing is never stale.
    #expect(office.rule(.importDirectory(DirectoryChange(seen: 9, rows: []))) == nil)
  }

  @Test func `is refused as stale when somebody changed one of its things by hand`() throws {
    var office = try Office(isRaised: true)
    let team = try #require(office.department.team(Office.other))
    let rename = DirectoryRow(
      line: 2, seen: team.version,
      step: .changeTeam(team.id, TeamProfile(name: "Another", line: .second)))
    let change = Action.importDirectory(DirectoryChange(seen: 0, rows: [rename]))
    #expect(office.rule(change) == nil)
    try office.run(
      .setMember(MembershipChange(team: team.id, person: Office.Who.onCall.id, role: .member)))
    #expect(office.rule(change) == .staleVersion)
  }

  @Test func `is for administrators`() throws {
    let office = try Office(isRaised: true)
    let action = Action.importDirectory(Office.wholeChange(seen: 0))
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(action, by: who.actor) == .rightMissing, "\(who)")
    }
    #expect(office.rule(action, by: .system) == .rightMissing)
  }

  @Test func `that makes no difference causes nothing`() throws {
    var office = try Office(isRaised: true)
    try office.run(.importDirectory(Office.wholeChange(seen: 0)))
    let person = try #require(office.department.person(Office.newcomer))
    let same = Office.change(1, [.changePerson(person.id, person.profile)])
    #expect(try office.run(.importDirectory(same)) == [])
    #expect(office.department.settings()?.directory == 1)
  }

  @Test func `of usual people fits a command as long as it may be`() throws {
    var office = try Office(isRaised: true)
    let rows = (0..<Bound.directoryRows).map { number in
      DirectoryRow(
        line: UInt32(number + 2),
        step: .addPerson(
          ID(high: 99, low: UInt64(number)),
          PersonProfile(
            name: "Person Number \(number)", email: "person.\(number)@example.org",
            details: PersonDetails(externalID: "P-\(number)", zone: .london))))
    }
    let action = Action.importDirectory(DirectoryChange(seen: 0, rows: rows))
    #expect(try office.run(action).count == Bound.directoryRows + 1)
    #expect(try #require(office.story.last).command.encoded().count <= Command.largest)
    let more = Action.importDirectory(DirectoryChange(seen: 1, rows: rows + rows.prefix(1)))
    #expect(office.rule(more) == .tooMany)
  }

  @Test func `leaves records that read as they were written`() throws {
    var office = try Office(isRaised: true)
    try office.run(.importDirectory(Office.wholeChange(seen: 0)))
    let person = try #require(office.department.person(Office.newcomer))
    let team = try #require(office.department.team(Office.newTeam))
    let service = try #require(office.department.service(Office.newService))
    let settings = try #require(office.department.settings())
    #expect(try Person(decoding: person.encoded()) == person)
    #expect(try Team(decoding: team.encoded()) == team)
    #expect(try Service(decoding: service.encoded()) == service)
    #expect(try Settings(decoding: settings.encoded()) == settings)
  }

  /// What stands behind what was always written, byte by byte: files hold it for ever.
  @Test func `adds to records and events at their end, and nowhere else`() throws {
    let id = ID(high: 1, low: 2)
    let details = PersonDetails(
      externalID: "P", zone: .london,
      contacts: [ContactMethod(.sms, "+4"), ContactMethod(.email, "a")])
    let detailsTail =
      "01" + "01000000" + "50" + "0102" + "02000000" + "02020000002b34" + "010100000061"
    let listing = Listing(externalID: "T", isRetired: true)
    let listingTail = "01" + "01000000" + "54" + "01"
    func person(_ details: PersonDetails?) -> [UInt8] {
      Person(id: id, version: 1, name: "A", email: "a@b", details: details).encoded()
    }
    func team(_ listing: Listing?) -> [UInt8] {
      Team(id: id, version: 1, name: "A", line: .first, listing: listing).encoded()
    }
    func service(_ listing: Listing?) -> [UInt8] {
      Service(NewService(id: id, key: "a", name: "A", listing: listing), version: 1).encoded()
    }
    func settings(_ directory: UInt64) -> [UInt8] {
      Settings(version: 1, defaultTeam: id, dutyContact: id, directory: directory).encoded()
    }
    func event(_ fact: Fact) -> [UInt8] {
      Event(subject: Subject(kind: .person, id: id), fact: fact).encoded()
    }
    func added(_ details: PersonDetails?) -> [UInt8] {
      event(.personAdded(NewPerson(id: id, name: "A", email: "a@b", details: details)))
    }
    func teamAdded(_ listing: Listing?) -> [UInt8] {
      event(.teamAdded(NewTeam(id: id, name: "A", line: .first, listing: listing)))
    }
    func serviceAdded(_ listing: Listing?) -> [UInt8] {
      event(.serviceAdded(NewService(id: id, key: "a", name: "A", listing: listing)))
    }
    for (before, after, tail) in [
      (person(nil), person(details), detailsTail), (added(nil), added(details), detailsTail),
      (team(nil), team(listing), listingTail), (teamAdded(nil), teamAdded(listing), listingTail),
      (service(nil), service(listing), listingTail),
      (serviceAdded(nil), serviceAdded(listing), listingTail),
      (settings(0), settings(7), "0700000000000000"),
    ] {
      let bytes = stride(from: 0, to: tail.count, by: 2).map { place in
        let digits = tail.dropFirst(place).prefix(2)
        return UInt8(digits, radix: 16) ?? 0
      }
      #expect(after == before + bytes)
    }
  }
}

@Suite("Time zones by name")
struct ZoneTests {
  @Test(arguments: Zone.allCases)
  func `have a rule, and one name each`(zone: Zone) {
    #expect(Zone(named: zone.name) == zone)
    _ = zone.rule
  }

  @Test func `know summer`() {
    let july: Int64 = 1_783_000_000_000
    #expect(Zone.london.rule.offset(at: july) == (3_600, "BST"))
    #expect(Zone.kolkata.rule.offset(at: july) == (19_800, "IST"))
    #expect(Zone.newYork.rule.offset(at: july) == (-14_400, "EDT"))
    #expect(Zone.sydney.rule.offset(at: july) == (36_000, "AEST"))
    #expect(Zone(named: "Asia/Dubai") == nil)
  }
}
