import Bytes
import Incidents

/// A small department to decide in: two services, three teams, and one person of each standing.
struct Office {
  /// 23 November 2026, 09:00 UTC.
  static let morning: Int64 = 1_795_424_400_000

  /// Who works here. The raw value is the low half of the person's id.
  enum Who: UInt64, CaseIterable {
    /// Founds the cluster: an administrator, and Service Delivery of the default team.
    case admin = 1
    case onCall, engineer, delivery, teamLead, firstLine, outsider, auditor

    var id: ID { ID(high: 10, low: rawValue) }
    var credential: ID { ID(high: 11, low: rawValue) }
    /// No other credential of a test has it: they count from 8.
    var hashByte: UInt8 { rawValue < 8 ? UInt8(rawValue) : 100 + UInt8(rawValue) }
    var actor: Actor { .credential(id: credential, person: id) }
  }

  static let liveServices = ID(high: 20, low: 1)
  static let product = ID(high: 20, low: 2)
  static let helpDesk = ID(high: 20, low: 3)
  static let other = ID(high: 20, low: 4)
  static let payments = ID(high: 30, low: 1)
  static let signIn = ID(high: 30, low: 2)
  static let incident = Office.incident(1)

  static func incident(_ number: UInt64) -> ID {
    ID(high: 40, low: number &* 0x9E37_79B9_7F4A_7C15)
  }

  var department = Department()
  /// The stamp of the next command; each is a second later than the one before.
  var clock = Office.morning
  /// Every command that was decided, with its events.
  private(set) var story: [(command: Command, stamp: Int64, events: [Event])] = []

  /// - Parameter isRaised: Whether the newest behaviour level is in force.
  init(isRaised: Bool = false) throws(Refusal) {
    if isRaised { department.raise(to: Command.newestLevel, at: Office.morning) }
    try run(
      .found(
        Founding(
          person: Who.admin.id, name: "Ana Admin", email: "admin@example.org",
          credential: Who.admin.credential, tokenHash: [UInt8](repeating: 1, count: Bound.hash),
          team: Self.liveServices, teamName: "Live Services")),
      as: .system)
    for who in Who.allCases.dropFirst() {
      try run(
        .addPerson(
          NewPerson(
            id: who.id, name: "\(who)", email: "\(who)@example.org", isAuditor: who == .auditor)))
      try run(
        .issueCredential(
          NewCredential(
            id: who.credential, person: who.id,
            hash: [UInt8](repeating: who.hashByte, count: Bound.hash), label: "laptop")))
    }
    let member = { (who: Who, role: MemberRole) in Team.Member(person: who.id, role: role) }
    for (who, role) in [
      (Who.onCall, MemberRole.member), (.delivery, .serviceDelivery), (.teamLead, .teamLead),
    ] {
      try run(.setMember(MembershipChange(team: Self.liveServices, person: who.id, role: role)))
    }
    try run(
      .addTeam(
        NewTeam(
          id: Self.product, name: "Payments Product", line: .third,
          members: [member(.engineer, .member)])))
    try run(
      .addTeam(
        NewTeam(
          id: Self.helpDesk, name: "Help Desk", line: .first,
          members: [member(.firstLine, .member)])))
    try run(
      .addTeam(
        NewTeam(
          id: Self.other, name: "Other", line: .second, members: [member(.outsider, .member)])))
    try run(
      .addService(
        NewService(
          id: Self.payments, key: "payments", name: "Card payments", firstLine: Self.helpDesk,
          secondLine: Self.liveServices, thirdLine: Self.product)))
    try run(.addService(NewService(id: Self.signIn, key: "sign-in", name: "Sign-in")))
    try run(
      .assignOnCall(
        OnCallAssignment(
          id: ID(high: 50, low: 1), service: Self.payments, person: Who.onCall.id, role: .lead,
          from: Self.morning, until: Self.morning + Span.day)))
  }

  /// Has something decided and made true.
  @discardableResult
  mutating func run(
    _ action: Action, as actor: Actor = Who.admin.actor, expecting version: UInt64? = nil
  ) throws(Refusal) -> [Event] {
    let command = Command(
      actor: actor, receivedAt: clock,
      salt: [UInt8](repeating: UInt8(truncatingIfNeeded: story.count), count: Bound.salt),
      expectedVersion: version, action: action)
    let events = try department.apply(command, at: clock).events
    story.append((command, clock, events))
    clock += Span.second
    return events
  }

  /// Has something done to an incident.
  @discardableResult
  mutating func act(
    _ who: Who, _ action: IncidentAction, on id: ID = Office.incident
  ) throws(Refusal) -> [Event] {
    try run(.incident(id, action), as: who.actor)
  }

  /// The rule that refuses something, or `nil` if it is done. Nothing is changed either way.
  func rule(_ who: Who, _ action: IncidentAction, on id: ID = Office.incident) -> Refusal.Rule? {
    refusal(who, action, on: id)?.rule
  }

  func refusal(_ who: Who, _ action: IncidentAction, on id: ID = Office.incident) -> Refusal? {
    refusal(.incident(id, action), by: who.actor)
  }

  func rule(_ action: Action, by actor: Actor = Who.admin.actor) -> Refusal.Rule? {
    refusal(action, by: actor)?.rule
  }

  private func refusal(_ action: Action, by actor: Actor) -> Refusal? {
    var copy = self
    do throws(Refusal) {
      try copy.run(action, as: actor)
      return nil
    } catch {
      return error
    }
  }

  /// Declares an incident on the payments service.
  mutating func declare(
    _ choice: PriorityChoice? = .level(.p1), service: ID? = Office.payments,
    id: ID = Office.incident, exercise: Bool = false
  ) throws(Refusal) {
    try run(
      .declare(
        Declaration(
          id: id, title: "Nobody can pay", service: service, choice: choice,
          isExercise: exercise)),
      as: Who.firstLine.actor)
  }

  func state(_ id: ID = Office.incident) -> Incident {
    guard let incident = department.incident(id) else { fatalError("There is no \(id).") }
    return incident
  }

  /// An office with an incident that was confirmed as this and has a lead.
  static func led(_ priority: Priority = .p1) throws(Refusal) -> Office {
    var office = try Office()
    try office.declare(.level(priority))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    if !priority.isHigh {
      try office.act(.onCall, .changeRole(RoleChange(role: .lead, step: .take)))
    }
    try office.act(
      .onCall, .setPriority(PriorityChange(choice: .level(priority), confirm: true)))
    return office
  }

  /// One alert that fires or is over.
  static func alert(
    _ status: AlertMember.Status, incident number: UInt64 = 1, group: UInt64? = nil,
    at: Int64 = Office.morning, service: String = "payments"
  ) -> Action {
    .alert(
      AlertNotification(
        incident: incident(number), group: ID(high: 60, low: number), source: "alertmanager",
        receiver: "muster", groupKey: "group \(group ?? number)", service: service,
        members: [
          AlertMember(
            fingerprint: "a", status: status, startsAt: at, name: "PaymentsDown",
            severity: "critical")
        ]))
  }

  static let fixed = IncidentAction.resolve(Resolution(fix: "The certificate was renewed."))
  static let reviewed = IncidentAction.review(
    Review(
      summary: "The certificate ran out.", impact: "No card payments for an hour.",
      cause: .established("Nobody renewed it."), actions: .none(because: "It renews itself now.")))
}

extension Office {
  /// Words for all staff, whatever the priority.
  static func template(_ body: String) -> TemplateChange {
    TemplateChange(
      key: CommunicationTemplate.Key(audience: .allStaff),
      text: CommunicationText(subject: "{title}", body: body))
  }

  /// The first of those for whom a message is, who may be shown it.
  func reader(of message: Message) -> Who? {
    Who.allCases.first { who in
      department.person(who.id).map { person in
        department.showing(message, to: person, at: clock) != .hidden
      } ?? false
    }
  }

  /// What somebody is shown of the messages for them, oldest first.
  func inbox(_ who: Who) -> [(message: Message, isBrief: Bool)] {
    guard let person = department.person(who.id) else { return [] }
    return department.allMessages.compactMap { message in
      switch department.showing(message, to: person, at: clock) {
      case .hidden: nil
      case .inBrief: (message, true)
      case .whole: (message, false)
      }
    }
  }

  /// An office at the newest level with an incident that was confirmed as this and has a lead.
  static func raised(_ priority: Priority = .p1, exercise: Bool = false) throws(Refusal) -> Office {
    var office = try Office(isRaised: true)
    try office.declare(.level(priority), exercise: exercise)
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    if !priority.isHigh {
      try office.act(.onCall, .changeRole(RoleChange(role: .lead, step: .take)))
    }
    try office.act(
      .onCall, .setPriority(PriorityChange(choice: .level(priority), confirm: true)))
    return office
  }
}
