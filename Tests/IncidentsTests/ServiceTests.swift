import Bytes
import Incidents
import Testing

extension Office {
  /// How the payments service is run, with everything that it needs.
  static let wholeProfile = ArrangementProfile(
    productTeam: product, infrastructureTeam: other,
    activities: Activity.allCases.map {
      ActivityRoles(
        activity: $0, accountable: .role(.lead), responsible: [.team(liveServices)],
        consulted: [.person(Who.engineer.id)], informed: [.team(helpDesk)])
    },
    stakeholders: [
      Stakeholder(who: .party(.person(Who.outsider.id)), least: .p3),
      Stakeholder(who: .other(name: "The bank", email: "desk@bank.example"), least: .p1),
    ],
    suppliers: [
      Supplier(name: "Cards Ltd", reference: "C-7", outOfHours: "+44 20 7946 0000")
    ], manual: "https://manuals.example/payments", channels: [.mail])

  /// Says how the payments service is run.
  mutating func arrange(_ profile: ArrangementProfile = Office.wholeProfile) throws(Refusal) {
    let seen = department.arrangement(of: Self.payments)?.version ?? 0
    try run(
      .arrangeService(ArrangementChange(service: Self.payments, seen: seen, profile: profile)),
      as: Who.delivery.actor)
  }

  /// What the payments service lacks.
  var gaps: [String] {
    department.service(Self.payments).map { department.gaps(of: $0, at: clock) }?.map(\.slug) ?? []
  }

  /// What the payments service is owed.
  var serviceDuties: [String] {
    department.service(Self.payments).map { department.duties(of: $0, at: clock) }?.map(\.slug)
      ?? []
  }
}

@Suite("A service")
struct ServiceTests {
  private static let live = Action.setLive(LiveChange(service: Office.payments, step: .live))

  @Test func `exists without anybody having said how it is run, and is refused only to be live`()
    throws
  {
    var office = try Office(isRaised: true)
    let missing =
      ["product-team", "infrastructure-team", "stakeholders", "manual"]
      + (1...9).map { "raci-\($0)" }
    #expect(office.gaps == missing)
    let refusal = #expect(throws: Refusal.self) { try office.run(Self.live) }
    #expect(refusal?.rule == .serviceIncomplete)
    #expect(refusal?.guidance == "4")
    #expect(refusal?.missing == missing)
    try office.declare()
    #expect(office.state().teams.second == Office.liveServices)
  }

  @Test func `goes live once it lacks nothing, and says what it lacks from then on`() throws {
    var office = try Office(isRaised: true)
    try office.arrange()
    #expect(office.gaps == [])
    let stamp = office.clock
    let events = try office.run(Self.live, as: Office.Who.teamLead.actor)
    #expect(events.map(\.fact) == [.serviceWentLive])
    #expect(office.department.arrangement(of: Office.payments)?.liveSince == stamp)
    #expect(try office.run(Self.live).isEmpty)
    #expect(office.serviceDuties == ["confirm-manual"])
    // Nobody is on call any more a day later, and whoever was consulted is nobody's condition.
    office.clock += Span.day
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    #expect(office.gaps == ["on-call"])
    #expect(office.serviceDuties == ["confirm-manual", "replace-contact", "complete-service"])
    let withdrawn = LiveChange(service: Office.payments, step: .withdrawn(reason: "It moves."))
    try office.run(.setLive(withdrawn))
    #expect(office.serviceDuties == ["confirm-manual", "replace-contact"])
  }

  @Test
  func `has its Service Delivery apart from product and infrastructure, but for an exception`()
    throws
  {
    var office = try Office(isRaised: true)
    var profile = Office.wholeProfile
    profile.infrastructureTeam = Office.liveServices
    try office.arrange(profile)
    #expect(office.gaps == ["distinct-infrastructure-team"])
    let review = office.clock + 7 * Span.day
    profile.smallerTeam = SmallerTeam(agreedBy: Office.Who.teamLead.id, reviewAt: review)
    try office.arrange(profile)
    #expect(office.gaps == [])
    try office.run(Self.live)
    office.clock = review
    #expect(office.gaps == ["distinct-infrastructure-team", "on-call"])
    #expect(
      office.serviceDuties == ["confirm-manual", "review-smaller-team", "complete-service"])
  }

  @Test func `is owned by the default team while nobody active is in its own`() throws {
    var office = try Office(isRaised: true)
    let empty = ID(high: 20, low: 9)
    try office.run(.addTeam(NewTeam(id: empty, name: "Empty", line: .second)))
    let parking = ID(high: 30, low: 3)
    try office.run(
      .addService(NewService(id: parking, key: "parking", name: "Parking", secondLine: empty)))
    try office.declare(service: parking)
    #expect(office.state().teams.second == Office.liveServices)
    try office.run(
      .setMember(
        MembershipChange(team: empty, person: Office.Who.outsider.id, role: .serviceDelivery)))
    try office.declare(service: parking, id: Office.incident(2))
    #expect(office.state(Office.incident(2)).teams.second == empty)
  }

  @Test func `has a manual that somebody confirms once a year`() throws {
    var office = try Office(isRaised: true)
    let reading = Action.confirmManual(ManualReading(service: Office.payments))
    #expect(office.rule(reading) == .serviceIncomplete)
    try office.arrange()
    let read = office.clock
    try office.run(reading, as: Office.Who.delivery.actor)
    let confirmation = ManualConfirmation(by: Office.Who.delivery.id, at: read)
    #expect(office.department.arrangement(of: Office.payments)?.confirmation == confirmation)
    #expect(office.serviceDuties == [])
    office.clock = read + ManualConfirmation.holds - 1
    #expect(office.serviceDuties == [])
    office.clock += 1
    #expect(office.serviceDuties == ["confirm-manual"])
    // Another manual is one that nobody has read.
    try office.run(reading, as: Office.Who.delivery.actor)
    var profile = Office.wholeProfile
    profile.manual = "https://manuals.example/cards"
    try office.arrange(profile)
    #expect(office.serviceDuties == ["confirm-manual"])
  }

  @Test func `may have a supplier as its 3rd line`() throws {
    var office = try Office(isRaised: true)
    var profile = Office.wholeProfile
    profile.thirdLineSupplier = "Cards Ltd"
    #expect(
      office.rule(
        .arrangeService(ArrangementChange(service: Office.payments, seen: 0, profile: profile)))
        == .invalidField)
    let change = ArrangementChange(service: Office.signIn, seen: 0, profile: profile)
    try office.run(.arrangeService(change))
    let service = try #require(office.department.service(Office.signIn))
    let gaps = office.department.gaps(of: service, at: office.clock).map(\.slug)
    #expect(gaps == ["first-line", "second-line", "on-call"])
  }

  @Test func `is arranged by administrators, its Service Delivery and the leads of its teams`()
    throws
  {
    var office = try Office(isRaised: true)
    let change = Action.arrangeService(
      ArrangementChange(service: Office.payments, seen: 0, profile: Office.wholeProfile))
    for who in Office.Who.allCases {
      let may = [.admin, .delivery, .teamLead].contains(who)
      #expect(office.rule(change, by: who.actor) == (may ? nil : .rightMissing), "\(who)")
    }
    try office.arrange()
    #expect(office.rule(change) == .staleVersion)
  }

  @Test func `is described with what makes sense by itself`() throws {
    let office = try Office(isRaised: true)
    func rule(_ change: (inout ArrangementProfile) -> Void) -> Refusal.Rule? {
      var profile = Office.wholeProfile
      change(&profile)
      return office.rule(
        .arrangeService(ArrangementChange(service: Office.payments, seen: 0, profile: profile)))
    }
    let nobody = ID(high: 9, low: 9)
    #expect(rule { $0.activities[0].responsible = [] } == .invalidField)
    #expect(rule { $0.activities.swapAt(0, 1) } == .invalidField)
    #expect(rule { $0.activities[3].informed = [.person(nobody)] } == .notFound)
    #expect(rule { $0.activities[3].informed = [.team(nobody)] } == .notFound)
    #expect(rule { $0.productTeam = nobody } == .notFound)
    #expect(rule { $0.suppliers.append($0.suppliers[0]) } == .invalidField)
    #expect(rule { $0.stakeholders.append($0.stakeholders[0]) } == .invalidField)
    #expect(rule { $0.stakeholders[0].who = .party(.role(.lead)) } == .invalidField)
    #expect(rule { $0.manual = "on the shelf" } == .invalidField)
    #expect(rule { $0.thirdLineSupplier = "Nobody Ltd" } == .invalidField)
    #expect(
      rule { $0.smallerTeam = SmallerTeam(agreedBy: nobody, reviewAt: .max) } == .notFound)
    #expect(
      rule {
        $0.smallerTeam = SmallerTeam(
          agreedBy: Office.Who.teamLead.id, reviewAt: Office.morning - 1)
      } == .invalidField)
    #expect(
      rule {
        $0.suppliers = (0...Bound.suppliers).map { Supplier(name: "Supplier \($0)") }
      } == .tooMany)
  }

  @Test func `is owed somebody else in the place of each whom it names and who has left`() throws {
    var office = try Office(isRaised: true)
    try office.arrange()
    #expect(!office.serviceDuties.contains("replace-contact"))
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    try office.run(.deactivatePerson(Office.Who.outsider.id))
    let service = try #require(office.department.service(Office.payments))
    let duty = office.department.duties(of: service, at: office.clock)
      .first { $0.slug == "replace-contact" }
    #expect(
      duty?.text
        == "engineer, outsider have left, and its arrangement names them still: name somebody else."
    )
  }

  @Test func `has its settings' contacts replaced once they have left`() throws {
    var office = try Office(isRaised: true)
    func duties() throws -> [String] {
      office.department.contactDuties(try #require(office.department.settings())).map(\.text)
    }
    let extras = Settings.Extras(
      seniorManagement: [Office.Who.engineer.id],
      contacts: SpecialContacts(data: Contact(recipient: .person(Office.Who.outsider.id))))
    try office.run(.changeSettings(SettingsChange(extras: extras)))
    #expect(try duties() == [])
    try office.run(.deactivatePerson(Office.Who.engineer.id))
    try office.run(.deactivatePerson(Office.Who.outsider.id))
    #expect(
      try duties() == [
        "The settings name engineer as senior management, who has left: name somebody else.",
        "The settings name outsider as the contact for the Cabinet Office Data Privacy & Compliance "
          + "Team, who has left: name somebody else.",
      ])
  }

  @Test func `falls to Service Delivery of a team that nobody leads, and else to nobody of it`()
    throws
  {
    var office = try Office(isRaised: true)
    #expect(office.department.keepers(of: Office.liveServices) == [.leads(of: Office.liveServices)])
    try office.run(.deactivatePerson(Office.Who.teamLead.id))
    #expect(
      office.department.keepers(of: Office.liveServices)
        == [.person(Office.Who.admin.id), .person(Office.Who.delivery.id)])
    #expect(office.department.keepers(of: Office.product) == [])
  }

  @Test func `is told about in sentences`() throws {
    var office = try Office(isRaised: true)
    try office.arrange()
    try office.run(
      .confirmManual(ManualReading(service: Office.payments)), as: Office.Who.delivery.actor)
    try office.run(Self.live)
    let withdrawn = LiveChange(service: Office.payments, step: .withdrawn(reason: "It moves."))
    try office.run(.setLive(withdrawn))
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    let told = office.story.suffix(4).flatMap { entry in
      entry.events.map { $0.sentence(by: entry.command.actor, names: names) }
    }
    #expect(
      told == [
        "delivery said how this service is run.",
        "delivery confirmed that its manual has both reporting requirements, as read on "
          + "\(DisplayTime.text(office.clock - 3 * Span.second)).",
        "admin took this service live.",
        "admin said that this service is not live any more: It moves.",
      ])
  }
}
