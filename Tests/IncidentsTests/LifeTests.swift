import Bytes
import Incidents
import Testing

@Suite("An incident's life")
struct LifeTests {
  // MARK: Declaring (policy sections 1 and 2)

  @Test(arguments: [
    (PriorityChoice.level(.p1), 20 * Span.minute as Int64?), (.level(.p2), Span.hour),
    (.level(.p3), nil), (.level(.p4), nil), (.level(.p5), nil), (.level(.p6), nil),
    (.matrix(impact: .high, urgency: .high), 20 * Span.minute),
  ])
  func `begins with clocks by its priority`(choice: PriorityChoice, response: Int64?) throws {
    var office = try Office()
    let stamp = office.clock
    try office.declare(choice)
    let incident = office.state()
    #expect(incident.classification.priority == choice.priority())
    #expect(!incident.classification.isConfirmed)
    #expect(incident.status == .open)
    #expect(incident.declaredAt == stamp)
    #expect(incident.clocks.response.dueAt.map { $0 - stamp } == response)
    #expect((incident.clocks.resolution.dueAt != nil) == choice.priority().isHigh)
    #expect(incident.paged == (choice.priority().isHigh ? [Office.Who.onCall.id] : []))
  }

  @Test func `is never refused for want of service, team or priority`() throws {
    var office = try Office()
    try office.declare(nil, service: nil)
    #expect(office.state().classification.priority == .p2)
    #expect(office.state().teams.second == Office.liveServices)
    // Nobody is on call for no service: the duty contact is told.
    #expect(office.state().hadNobodyOnCall)
  }

  @Test func `is declared once`() throws {
    var office = try Office()
    try office.declare()
    #expect(throws: Refusal.self) { try office.declare() }
    let refusal = #expect(throws: Refusal.self) {
      try office.declare(service: ID(high: 9, low: 9), id: Office.incident(2))
    }
    #expect(refusal?.rule == .notFound)
  }

  // MARK: Acknowledging and roles (policy section 4, steps 2 to 4)

  @Test func `has whoever acknowledges a P1 first as its lead`() throws {
    var office = try Office()
    try office.declare()
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    let incident = office.state()
    #expect(incident.acknowledgement?.person == Office.Who.onCall.id)
    #expect(incident.roles.has(.lead, Office.Who.onCall.id))
    #expect(incident.clocks.response.stoppedAt == incident.acknowledgement?.at)
    // Said again by the same person it is not news, and by another it takes nothing away.
    #expect(try office.act(.onCall, .acknowledge(happenedAt: nil)).isEmpty)
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.state().acknowledgement?.person == Office.Who.onCall.id)
    // The lead that came unasked can be declined.
    try office.act(.onCall, .changeRole(RoleChange(role: .lead, step: .decline)))
    #expect(office.state().roles.lead == nil)
  }

  @Test func `stops its response clock when it was really said, if recorded in time`() throws {
    var office = try Office()
    try office.declare()
    let declared = office.state().declaredAt
    office.clock += Span.hour
    try office.act(.onCall, .acknowledge(happenedAt: declared + Span.minute))
    #expect(office.state().clocks.response.stoppedAt == declared + Span.minute)
    #expect(office.state().clocks.response.state(at: office.clock) == .met)
    #expect(
      office.rule(.delivery, .acknowledge(happenedAt: office.clock + Span.hour)) == .invalidField)
  }

  @Test func `gives a role, which the other takes, declines or loses`() throws {
    var office = try Office.led()
    let comms = { (step: RoleChange.Step) in
      IncidentAction.changeRole(RoleChange(role: .commsLead, step: step))
    }
    #expect(office.rule(.delivery, comms(.accept)) == .roleNotOffered)
    try office.act(.onCall, comms(.give(to: Office.Who.delivery.id)))
    #expect(office.state().roles.commsLead == nil)
    try office.act(.delivery, comms(.decline))
    #expect(office.state().roles.offers.isEmpty)
    try office.act(.onCall, comms(.give(to: Office.Who.delivery.id)))
    try office.act(.delivery, comms(.accept))
    #expect(office.state().roles.commsLead?.person == Office.Who.delivery.id)
    try office.act(.teamLead, comms(.take))
    #expect(office.state().roles.commsLead?.person == Office.Who.teamLead.id)
    #expect(office.rule(.delivery, comms(.leave)) == .roleNotHeld)
    try office.act(.teamLead, comms(.leave))
    #expect(office.state().roles.commsLead == nil)
    // An auditor cannot be given one, nor somebody who does not exist.
    #expect(office.rule(.onCall, comms(.give(to: Office.Who.auditor.id))) == .personUnavailable)
    #expect(office.rule(.onCall, comms(.give(to: ID(high: 1, low: 99)))) == .notFound)
  }

  // MARK: Priority (policy section 1)

  @Test func `is paged for and taken out of the backlog when it becomes high`() throws {
    var office = try Office.led(.p4)
    try office.act(.onCall, .move(StatusChange(to: .backlog)))
    let change = PriorityChange(choice: .level(.p2), confirm: true)
    try office.act(.onCall, .setPriority(change))
    #expect(office.state().status == .investigating)
    #expect(office.state().paged == [Office.Who.onCall.id])
    #expect(office.state().owesReview)
    #expect(office.state().clocks.response.kind == .response)
    #expect(office.rule(.onCall, .move(StatusChange(to: .backlog))) == .backlogPriority)
    // Once a confirmed P1 or P2, it owes its review whatever it is later.
    try office.act(.onCall, .setPriority(PriorityChange(choice: .level(.p4), confirm: true)))
    #expect(office.state().owesReview)
  }

  // MARK: Resolving (policy section 4, step 8)

  @Test func `of P1 or P2 is resolved when its lead agrees`() throws {
    var office = try Office.led()
    let refusal = try #require(office.refusal(.delivery, Office.fixed))
    #expect(refusal.rule == .leadAgrees)
    #expect(refusal.guidance == "6.2 step 8")
    #expect(refusal.missing == ["lead's agreement"])
    // The lead, whoever takes the lead, and a name by phone.
    #expect(office.rule(.onCall, Office.fixed) == nil)
    let taking = IncidentAction.resolve(Resolution(fix: "Done.", takesLead: true))
    #expect(office.rule(.delivery, taking) == nil)
    let phone = IncidentAction.resolve(Resolution(fix: "Done.", leadAgreedByPhone: "Ana"))
    try office.act(.delivery, phone)
    #expect(office.state().resolved?.agreement == .phone(name: "Ana"))
    #expect(office.rule(.delivery, .agreeResolution) == .rightMissing)
    try office.act(.onCall, .agreeResolution)
    #expect(office.rule(.onCall, .agreeResolution) == .nothingToAgree)
  }

  @Test(arguments: [
    (Priority.p3, Incident.Status.resolved), (.p4, .resolved), (.p5, .closed), (.p6, .closed),
  ])
  func `of P3 or lower needs no agreement, and P5 and P6 close at once`(
    priority: Priority, status: Incident.Status
  ) throws {
    var office = try Office()
    try office.declare(.level(priority))
    try office.act(.delivery, Office.fixed)
    #expect(office.state().status == status)
    #expect(office.state().acknowledgement != nil)
  }

  @Test func `needs to say what restored it`() throws {
    let office = try Office.led()
    #expect(office.rule(.onCall, .resolve(Resolution(fix: " \n"))) == .invalidField)
    let early = Resolution(fix: "Done.", happenedAt: office.clock + Span.hour)
    #expect(office.rule(.onCall, .resolve(early)) == .invalidField)
  }

  // MARK: Closing (policy section 4, step 9, and section 5)

  @Test func `of P1 closes after its review, or by Service Delivery with a reason`() throws {
    var office = try Office.led()
    #expect(office.rule(.onCall, .close(overrideReason: nil)) == .notResolved)
    try office.act(.onCall, Office.fixed)
    let refusal = try #require(office.refusal(.onCall, .close(overrideReason: nil)))
    #expect(refusal.rule == .reviewRequired)
    #expect(refusal.guidance == "6.2 step 9")
    #expect(refusal.missing == ["review"])
    #expect(refusal.override == .init(right: "service-delivery", needs: ["reason"]))
    #expect(office.rule(.teamLead, .close(overrideReason: "Because")) == .reviewRequired)
    #expect(office.rule(.delivery, .close(overrideReason: " ")) == .reviewRequired)
    #expect(office.rule(.delivery, .close(overrideReason: "Never a P1")) == nil)

    try office.act(.onCall, Office.reviewed)
    #expect(office.state().status == .inReview)
    #expect(office.state().review?.version == 1)
    try office.act(.onCall, Office.reviewed)
    #expect(office.state().review?.version == 2)
    try office.act(.onCall, .close(overrideReason: nil))
    #expect(office.state().status == .closed)
    #expect(office.rule(.onCall, .close(overrideReason: nil)) == .alreadyOver)
  }

  @Test func `does not end with an open cyber or data duty, and nobody may override it`() throws {
    var office = try Office.led(.p3)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    #expect(office.state().isRestricted)
    try office.act(.onCall, Office.fixed)
    let refusal = try #require(office.refusal(.delivery, .close(overrideReason: "Quickly")))
    #expect(refusal.rule == .openFlagDuty)
    #expect(refusal.override == nil)
    #expect(refusal.missing == ["data-report"])
    try office.act(
      .onCall,
      .recordFlagReport(FlagReport(flag: .data, reportedAt: office.clock, by: "Ana")))
    #expect(office.rule(.onCall, .close(overrideReason: nil)) == nil)
  }

  @Test func `that is an exercise closes without review and tells no specialist team`() throws {
    var office = try Office()
    try office.declare(exercise: true)
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, .close(overrideReason: nil))
    #expect(office.state().status == .closed)
  }

  // MARK: Other ways (policy section 4)

  @Test func `is reopened for seven days`() throws {
    var office = try Office.led(.p3)
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, .close(overrideReason: nil))
    #expect(office.rule(.onCall, .reopen(reason: " ")) == .invalidField)
    #expect(office.rule(.onCall, .reopen(reason: "Again")) == nil)
    office.clock += 8 * Span.day
    #expect(office.rule(.onCall, .reopen(reason: "Again")) == .reopenTooLate)
  }

  @Test func `is the same as another, which inherits what it owes`() throws {
    var office = try Office.led()
    try office.declare(.level(.p4), id: Office.incident(2))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(office.rule(.onCall, .duplicate(of: Office.incident, reason: nil)) == .invalidField)
    try office.act(.delivery, .duplicate(of: Office.incident(2), reason: nil))
    #expect(office.state().status == .duplicate)
    let survivor = office.state(Office.incident(2))
    #expect(survivor.owesReview && survivor.isRestricted)
    #expect(office.rule(.onCall, .acknowledge(happenedAt: nil)) == .alreadyOver)
    #expect(office.rule(.onCall, .note(Note(kind: .finding, text: "Late."))) == nil)
    // Not in a circle.
    #expect(
      office.rule(.delivery, .duplicate(of: Office.incident, reason: nil), on: Office.incident(2))
        == .invalidField)
  }

  @Test func `is handed to a line that there is`() throws {
    var office = try Office.led(.p3)
    try office.act(.onCall, .handOver(HandOver(to: .third, reason: "It is in their code.")))
    #expect(office.state().teams.ownerLine == .third)
    // Where it is already, it stays without a word.
    #expect(try office.act(.onCall, .handOver(HandOver(to: .third))).isEmpty)
    try office.act(.engineer, .handOver(HandOver(to: .second)))
    #expect(office.state().bounces == 1)
    try office.declare(.level(.p3), service: Office.signIn, id: Office.incident(2))
    #expect(
      office.rule(.delivery, .handOver(HandOver(to: .third)), on: Office.incident(2))
        == .lineUnavailable)
  }

  @Test func `is refused a change by who saw another version`() throws {
    var office = try Office.led()
    let version = office.state().version
    #expect(throws: Refusal.self) {
      try office.run(
        .incident(Office.incident, .note(Note(kind: .finding, text: "x"))), expecting: version - 1)
    }
    try office.run(
      .incident(Office.incident, .note(Note(kind: .finding, text: "x"))), expecting: version)
  }

  @Test func `takes updates that set the next one's clock`() throws {
    var office = try Office.led()
    let update = CommunicationUpdate(audience: .stakeholders, text: "We are on it.")
    try office.act(.onCall, .update(update))
    let clock = try #require(office.state().clocks.update)
    #expect(clock.startedAt == office.clock - Span.second)
    #expect(clock.dueAt != nil)
    #expect(office.rule(.firstLine, .update(update)) == .rightMissing)
    #expect(
      office.rule(.onCall, .update(CommunicationUpdate(audience: .allStaff, text: "")))
        == .invalidField)
  }

  @Test func `is in review from its resolution on, if it owes a review`() throws {
    var office = try Office.led()
    try office.act(.onCall, Office.fixed)
    #expect(office.state().status == .inReview)
    var late = try Office()
    try late.declare()
    try late.act(.onCall, .acknowledge(happenedAt: nil))
    try late.act(.onCall, Office.fixed)
    #expect(late.state().status == .resolved)
    try late.act(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    #expect(late.state().status == .inReview)
    // Or inherits one.
    var heir = try Office.led()
    try heir.declare(.level(.p4), id: Office.incident(2))
    try heir.act(.delivery, Office.fixed, on: Office.incident(2))
    try heir.act(.delivery, .duplicate(of: Office.incident(2), reason: nil))
    #expect(heir.state(Office.incident(2)).status == .inReview)
  }

  // MARK: What outlasts a change

  @Test func `owes a review again when it was reopened after one`() throws {
    var office = try Office.led()
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, Office.reviewed)
    try office.act(.onCall, .reopen(reason: "It fails again."))
    try office.act(.onCall, Office.fixed)
    #expect(office.rule(.onCall, .close(overrideReason: nil)) == .reviewRequired)
    #expect(office.state().duties(at: office.clock).contains { $0.slug == "finish-review" })
    try office.act(.onCall, Office.reviewed)
    #expect(office.state().review?.version == 2)
    #expect(office.rule(.onCall, .close(overrideReason: nil)) == nil)
  }

  @Test func `ends its update clock with its life, and keeps what was missed`() throws {
    var office = try Office.led()
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, Office.reviewed)
    var late = office
    try office.act(.onCall, .close(overrideReason: nil))
    #expect(office.state().clocks.update == nil)
    late.clock += Span.hour
    try late.act(.onCall, .close(overrideReason: nil))
    #expect(late.state().clocks.update?.state(at: late.clock + Span.day) == .missed)
    #expect(late.state().clocks.missedUpdates == office.state().clocks.missedUpdates + 1)
  }

  @Test func `says that a clock was missed when another takes its place`() throws {
    var office = try Office.led(.p2)
    office.clock += 5 * Span.hour
    try office.act(.onCall, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    let past = office.state().clocks.superseded.filter { $0.kind == .resolution }
    #expect(past.map(\.stateOnceSuperseded) == [.missed])
    let report = IncidentReport(
      office.state(), timeline: [], names: Names { _, _ in nil }, at: office.clock)
    let missed = report.sections.compactMap { section -> [String]? in
      guard case .particulars(let clocks)? = section.parts.first?.content,
        section.section == .clocks
      else {
        return nil
      }
      return clocks.filter { $0.value.hasPrefix("missed") }.map { "\($0.label): \($0.value)" }
    }
    let due = DisplayTime.text(Office.morning + 12 * Span.second + 4 * Span.hour)
    #expect(missed == [["Resolution: missed, superseded; due \(due)"]])
  }

  @Test func `hears the same person say it once, whoever said it first`() throws {
    var office = try Office.led()
    let clock = office.state().clocks.response
    #expect(try office.act(.delivery, .acknowledge(happenedAt: nil)).count == 1)
    #expect(try office.act(.delivery, .acknowledge(happenedAt: nil)).isEmpty)
    #expect(office.state().clocks.response == clock)
  }

  @Test func `can be agreed to by phone when there is a lead, and confirmed by another`() throws {
    var office = try Office.led()
    let phone = IncidentAction.resolve(Resolution(fix: "Done.", leadAgreedByPhone: "Ana"))
    var alone = office
    try alone.act(.onCall, .changeRole(RoleChange(role: .lead, step: .leave)))
    #expect(alone.rule(.delivery, phone) == .leadAgrees)
    try office.act(.delivery, phone)
    try office.act(.delivery, .changeRole(RoleChange(role: .lead, step: .take)))
    #expect(office.rule(.delivery, .agreeResolution) == .leadAgrees)
  }

  @Test func `is led after its end while a flag stands, and not otherwise`() throws {
    var office = try Office()
    try office.declare(.level(.p5))
    try office.act(.delivery, Office.fixed)
    let take = IncidentAction.changeRole(RoleChange(role: .lead, step: .take))
    #expect(office.rule(.delivery, take) == .alreadyOver)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(.delivery, take)
    try office.act(.delivery, .clearFlag(.cyber, reason: "It was a test."))
    #expect(!office.state().isRestricted)
  }

  @Test func `is a duplicate where the asker may say so on both sides`() throws {
    var office = try Office.led()
    try office.run(
      .addService(
        NewService(
          id: ID(high: 30, low: 3), key: "parking", name: "Parking", secondLine: Office.other)))
    try office.declare(service: ID(high: 30, low: 3), id: Office.incident(2))
    #expect(
      office.rule(.delivery, .duplicate(of: Office.incident(2), reason: nil)) == .rightMissing)
  }
}

@Suite("The department")
struct DepartmentTests {
  @Test func `is founded once, by itself`() throws {
    let founding = Action.found(
      Founding(
        person: ID(high: 1, low: 1), name: "Eve", email: "eve@example.org",
        credential: ID(high: 1, low: 2), tokenHash: [UInt8](repeating: 0, count: Bound.hash),
        team: ID(high: 1, low: 3)))
    var office = try Office()
    for actor in [Actor.system, Office.Who.admin.actor] {
      let refusal = #expect(throws: Refusal.self) { try office.run(founding, as: actor) }
      #expect(refusal?.rule == .alreadyFounded)
    }
    var empty = Department()
    let command = Command(
      actor: Office.Who.admin.actor, receivedAt: 0,
      salt: [UInt8](repeating: 0, count: Bound.salt), action: founding)
    let refusal = #expect(throws: Refusal.self) {
      try empty.apply(command, at: Office.morning)
    }
    #expect(refusal?.rule == .notFounded)
  }

  @Test func `listens to nobody who left or whose token was revoked`() throws {
    var office = try Office.led()
    try office.run(.revokeCredential(Office.Who.engineer.credential))
    let note = IncidentAction.note(Note(kind: .finding, text: "x"))
    #expect(office.rule(.engineer, note) == .credentialRevoked)
    try office.run(.deactivatePerson(Office.Who.delivery.id))
    #expect(office.rule(.delivery, note) == .credentialRevoked)
    // Nor to one who shows another's credential.
    let forged = Actor.credential(id: Office.Who.onCall.credential, person: Office.Who.admin.id)
    let refusal = #expect(throws: Refusal.self) {
      try office.run(.incident(Office.incident, note), as: forged)
    }
    #expect(refusal?.rule == .credentialRevoked)
  }

  @Test func `never pages who has left, and keeps them in no team`() throws {
    var office = try Office()
    try office.run(.changeSettings(SettingsChange(dutyContact: Office.Who.delivery.id)))
    try office.run(.deactivatePerson(Office.Who.delivery.id))
    #expect(office.department.settings()?.dutyContact == Office.Who.admin.id)
    let team = office.department.team(Office.liveServices)
    #expect(team?.members.contains { $0.person == Office.Who.delivery.id } == false)
  }

  @Test func `keeps its last administrator`() throws {
    var office = try Office()
    let refusal = #expect(throws: Refusal.self) {
      try office.run(.deactivatePerson(Office.Who.admin.id))
    }
    #expect(refusal?.rule == .lastAdministrator)
  }

  @Test func `has names, keys and addresses once`() throws {
    var office = try Office()
    for action in [
      Action.addPerson(NewPerson(id: ID(high: 1, low: 9), name: "x", email: "admin@example.org")),
      .addTeam(NewTeam(id: ID(high: 1, low: 9), name: "Live Services", line: .second)),
      .addService(NewService(id: ID(high: 1, low: 9), key: "payments", name: "x")),
      .addTeam(NewTeam(id: Office.product, name: "New", line: .second)),
    ] {
      let refusal = #expect(throws: Refusal.self) { try office.run(action) }
      #expect(refusal?.rule == .alreadyExists)
    }
  }

  @Test func `is changed by administrators`() throws {
    let office = try Office()
    for who in Office.Who.allCases.dropFirst() {
      for action in [
        Action.addPerson(NewPerson(id: ID(high: 1, low: 9), name: "x", email: "x@example.org")),
        .changeSettings(SettingsChange(dutyContact: who.id)),
        .deactivatePerson(Office.Who.admin.id),
      ] {
        var copy = office
        let refusal = #expect(throws: Refusal.self) { try copy.run(action, as: who.actor) }
        #expect(refusal?.rule == .rightMissing)
        #expect(copy.department == office.department)
      }
      // Another's token is not even admitted to exist.
      var copy = office
      let refusal = #expect(throws: Refusal.self) {
        try copy.run(.revokeCredential(Office.Who.admin.credential), as: who.actor)
      }
      #expect(refusal?.rule == .notFound)
    }
  }
}
