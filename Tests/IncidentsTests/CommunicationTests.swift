import Bytes
import Incidents
import Testing

/// Policy section 7, and the rules of section 5 about what is told.
@Suite("A communication")
struct CommunicationTests {
  private static let id = ID(high: 16, low: 1)

  private func draft(
    _ audience: CommunicationUpdate.Audience, approver: Office.Who? = nil, next: Int64? = nil
  ) -> IncidentAction {
    .draftCommunication(
      CommunicationDraft(
        id: Self.id, audience: audience, what: "Nobody can pay.", affected: "All shops",
        nextUpdateAt: next, approver: approver?.id))
  }

  private func step(_ step: CommunicationStep.Step) -> IncidentAction {
    .moveCommunication(CommunicationStep(communication: Self.id, step: step))
  }

  private func told(_ office: Office) throws -> Communication {
    try #require(office.department.communication(Self.id))
  }

  @Test func `is drafted, agreed to and sent, by whom and when`() throws {
    var office = try Office.raised(.p2)
    let next = office.clock + Span.hour
    let drafted = office.clock
    try office.act(.engineer, draft(.stakeholders, next: next))
    let text = try told(office).text
    #expect(text.subject.contains("Card payments: Nobody can pay (P2, INC-"))
    #expect(text.body.contains("Who is affected\nAll shops"))
    #expect(text.body.contains("We will update you by \(DisplayTime.text(next))."))
    // A responder drafts, and does not send beyond the team.
    #expect(office.rule(.engineer, step(.send(overrideReason: nil))) == .rightMissing)
    #expect(office.rule(.engineer, step(.approve)) == .rightMissing)
    try office.act(.delivery, step(.approve))
    let sent = office.clock
    try office.act(.onCall, step(.send(overrideReason: nil)))
    let known = try told(office)
    #expect(known.state == .sent && known.author == Office.Who.engineer.id)
    #expect(known.approval?.person == Office.Who.delivery.id && known.draftedAt == drafted)
    #expect(known.ending?.person == Office.Who.onCall.id && known.ending?.at == sent)
    #expect(office.state().clocks.lastUpdateAt == sent)
    #expect(try office.act(.onCall, step(.send(overrideReason: nil))).isEmpty)
    #expect(office.rule(.onCall, step(.withdraw(reason: nil))) == .communicationOver)
  }

  @Test func `is withdrawn by its author, and then neither sent nor changed`() throws {
    var office = try Office.raised()
    try office.act(.engineer, draft(.stakeholders))
    try office.act(.engineer, step(.withdraw(reason: "It is not so.")))
    #expect(try told(office).state == .withdrawn)
    #expect(office.rule(.onCall, step(.send(overrideReason: nil))) == .communicationOver)
    #expect(
      office.rule(.engineer, draft(.stakeholders, next: office.clock + 9)) == .communicationOver)
  }

  @Test func `has the result for each group of its recipients, the latest of each`() throws {
    var office = try Office.raised()
    try office.act(.onCall, draft(.stakeholders))
    let queued = Communication.Delivery(group: "Shops", outcome: .queued, at: office.clock)
    #expect(office.rule(.onCall, step(.record(queued))) == .communicationOver)
    try office.act(.onCall, step(.send(overrideReason: nil)))
    for outcome in Communication.Delivery.Outcome.allCases {
      let delivery = Communication.Delivery(group: "Shops", outcome: outcome, at: office.clock)
      try office.act(.onCall, step(.record(delivery)))
    }
    #expect(try told(office).deliveries.map(\.outcome) == [.uncertain])
  }

  @Test func `to all staff on a P2 waits five minutes for a second person, and then for a reason`()
    throws
  {
    var office = try Office.raised(.p2)
    try office.act(.delivery, draft(.allStaff))
    let send = step(.send(overrideReason: nil))
    let forced = step(.send(overrideReason: "The mail goes at noon."))
    let refusal = try #require(office.refusal(.delivery, forced))
    #expect(refusal.rule == .approvalRequired && refusal.override?.needs == ["reason"])
    office.clock += Communication.approvalWait
    #expect(office.rule(.delivery, send) == .approvalRequired)
    try office.act(.delivery, forced)
    #expect(try told(office).reason == "The mail goes at noon.")
    // Told to both: whoever sent it, and the lead, who would have been the second person.
    for who in [Office.Who.delivery, .onCall] {
      #expect(office.inbox(who).contains { $0.message.about.isOverride }, "\(who)")
    }
  }

  @Test func `to all staff on a P2 is agreed to by whoever sends another's, and on a P1 by nobody`()
    throws
  {
    var office = try Office.raised(.p2)
    try office.act(.delivery, draft(.allStaff))
    try office.act(.onCall, step(.send(overrideReason: nil)))
    #expect(try told(office).approval?.person == Office.Who.onCall.id)
    office = try Office.raised(.p1)
    try office.act(.onCall, draft(.allStaff))
    try office.act(.onCall, step(.send(overrideReason: nil)))
    #expect(try told(office).approval == nil)
  }

  @Test func `asks its approver, who may know of the incident by that`() throws {
    var office = try Office.raised(.p2)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    #expect(office.rule(.outsider, step(.approve)) == .notFound)
    try office.act(.onCall, draft(.stakeholders, approver: .outsider))
    #expect(office.inbox(.outsider).count == 1)
    #expect(office.rule(.onCall, step(.approve)) == .approvalRequired)
    // Who is asked may agree, and do nothing else with it.
    #expect(office.rule(.outsider, step(.send(overrideReason: nil))) == .rightMissing)
    #expect(office.rule(.outsider, step(.withdraw(reason: nil))) == .rightMissing)
    try office.act(.outsider, step(.approve))
    #expect(try told(office).approval?.person == Office.Who.outsider.id)
    #expect(try told(office).state == .approved)
    #expect(office.rule(.onCall, draft(.team, approver: .onCall)) == .invalidField)
  }

  @Test func `names a restricted incident to no more people than it concerns`() throws {
    for audience in [CommunicationUpdate.Audience.allStaff, .statusPage] {
      var office = try Office.raised(.p1)
      try office.act(.onCall, draft(audience))
      try office.act(.onCall, .setFlag(FlagRaising(flag: .cyber)))
      let update = CommunicationUpdate(audience: audience, text: "Nobody can pay.")
      #expect(office.rule(.onCall, .update(update)) == .toldByFace)
      #expect(office.rule(.onCall, draft(audience, next: office.clock + 99_000)) == .toldByFace)
      #expect(office.rule(.onCall, step(.send(overrideReason: nil))) == .toldByFace)
      try office.act(.onCall, step(.withdraw(reason: nil)))
      // Once it may be known to everybody, it may be named.
      try office.act(.onCall, .changeSight(.widen(reason: "All know.")))
      try office.act(.onCall, .update(update))
    }
  }

  @Test func `of a restricted incident to all staff is its public face`() throws {
    var office = try Office.raised(.p1)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    try office.act(.onCall, .stateReach(.department(true)))
    func owed() -> [String] {
      office.state().duties(at: office.clock).filter { $0.slug == "tell-all-staff" }.map(\.text)
    }
    #expect(owed().count == 1 && owed().allSatisfy { $0.contains("public face") })
    let text = NoticeText(title: "Do not open the mail", body: "Delete it.")
    try office.act(.onCall, .moveFace(.draft(text)))
    #expect(owed().count == 1)
    let notice = ID(high: 80, low: 1)
    try office.act(.delivery, .moveFace(.approve(number: 1, notice: notice)))
    #expect(owed().isEmpty)
  }

  @Test func `that is recorded at once has a row too, from the newest level on`() throws {
    var office = try Office.raised()
    let update = CommunicationUpdate(audience: .stakeholders, text: "We are on it.")
    try office.act(.onCall, .update(update))
    let id = ID(following: Office.incident, version: office.state().version, place: 255)
    let row = try #require(office.department.communication(id))
    #expect(row.state == .sent && row.text.body == "We are on it.")
    #expect(row.author == Office.Who.onCall.id)
    var old = try Office.led()
    try old.act(.onCall, .update(update))
    let none = ID(following: Office.incident, version: old.state().version, place: 255)
    #expect(old.department.communication(none) == nil)
    #expect(old.state().extras == Incident.Extras())
  }

  @Test func `of an exercise stays at home, and says what it is`() throws {
    var office = try Office.raised(.p1, exercise: true)
    try office.act(.onCall, draft(.allStaff))
    let events = try office.act(.onCall, step(.send(overrideReason: nil)))
    let known = try told(office)
    #expect(known.state == .wouldHaveBeenSent)
    #expect(known.text.subject.hasPrefix("EXERCISE: ") && known.text.body.hasPrefix("EXERCISE: "))
    let names = Names { _, _ in "Ana" }
    #expect(
      events[0].sentence(by: Office.Who.onCall.actor, names: names)
        == "EXERCISE: Ana would have told all staff, were this no exercise: Nobody can pay.")
    let update = CommunicationUpdate(audience: .statusPage, text: "Down.")
    try office.act(.onCall, .update(update))
    let id = ID(following: Office.incident, version: office.state().version, place: 255)
    #expect(office.department.communication(id)?.state == .wouldHaveBeenSent)
    #expect(office.department.communication(id)?.text.body == "EXERCISE: Down.")
    var old = try Office()
    try old.declare(exercise: true)
    try old.act(.onCall, .acknowledge(happenedAt: nil))
    #expect(old.rule(.onCall, .update(update)) == .invalidField)
  }

  // MARK: What is owed

  private func slugs(_ office: Office) -> [String] {
    office.state().duties(at: office.clock).map(\.slug)
  }

  @Test func `to all staff is owed on a P1 or P2 of the whole department, until one of two`() throws
  {
    var office = try Office.raised(.p1)
    #expect(!slugs(office).contains("tell-all-staff"))
    try office.act(.engineer, .stateReach(.department(true)))
    #expect(slugs(office).contains("tell-all-staff"))
    let notNeeded = IncidentAction.stateReach(.allStaffNotNeeded(because: "They know."))
    #expect(office.rule(.delivery, notNeeded) == .rightMissing)
    var excused = office
    try excused.act(.onCall, notNeeded)
    #expect(!slugs(excused).contains("tell-all-staff"))
    try office.act(.onCall, Office.fixed)
    #expect(slugs(office).contains("tell-all-staff"))
    try office.act(.onCall, .update(CommunicationUpdate(audience: .allStaff, text: "Fixed.")))
    #expect(!slugs(office).contains("tell-all-staff"))
    var small = try Office.raised(.p3)
    try small.act(.onCall, .stateReach(.department(true)))
    #expect(!slugs(small).contains("tell-all-staff"))
  }

  @Test func `that is late has a reason, before or after, or one is owed`() throws {
    var office = try Office.raised(.p1)
    let update = CommunicationUpdate(audience: .stakeholders, text: "No change.")
    office.clock = try #require(office.state().clocks.update?.dueAt) + Span.minute
    var explained = office
    try explained.act(.onCall, .explainDelay(reason: "Nobody was free."))
    try explained.act(.onCall, .update(update))
    #expect(!slugs(explained).contains("explain-delay"))
    var said = office
    var late = update
    late.extras.delayReason = "Nobody was free."
    try said.act(.onCall, .update(late))
    #expect(!slugs(said).contains("explain-delay"))
    try office.act(.onCall, .update(update))
    #expect(office.state().clocks.missedUpdates == 1)
    // By the end of the next working day: it is a Monday.
    let owed = office.state().duties(at: office.clock).first { $0.slug == "explain-delay" }
    #expect(owed?.dueAt == Office.morning + Span.day + 8 * Span.hour)
    try office.act(.onCall, .explainDelay(reason: "Nobody was free."))
    #expect(!slugs(office).contains("explain-delay"))
    // What is told to the team alone is nobody's update.
    try office.act(.onCall, .update(CommunicationUpdate(audience: .team, text: "x")))
    #expect(office.state().clocks.missedUpdates == 1)
  }

  @Test func `goes to named stakeholders, who are added and taken off`() throws {
    var office = try Office.raised()
    let other = InformedParty.address("press@example.org")
    for stakeholder in [other, .person(Office.Who.outsider.id), .team(Office.other)] {
      try office.act(.onCall, .changeStakeholders(StakeholderChange(stakeholder, isAdded: true)))
    }
    #expect(office.state().outreach.stakeholders.count == 3)
    #expect(
      try office.act(.onCall, .changeStakeholders(StakeholderChange(other, isAdded: true))).isEmpty)
    try office.act(.onCall, .changeStakeholders(StakeholderChange(other, isAdded: false)))
    #expect(office.state().outreach.stakeholders.count == 2)
    let bad = StakeholderChange(.address("nobody"), isAdded: true)
    #expect(office.rule(.onCall, .changeStakeholders(bad)) == .invalidField)
    // A duplicate leaves them to the one that lives on.
    let second = Office.incident(2)
    try office.declare(.level(.p1), id: second)
    try office.act(.delivery, .duplicate(of: second, reason: nil))
    #expect(office.state(second).outreach.stakeholders.count == 2)
  }

  // MARK: Templates

  @Test func `has the words of its audience, priority and language`() throws {
    var office = try Office.raised(.p1)
    try office.run(.changeTemplate(Office.template("Sorry: {what}")))
    var change = Office.template("Very sorry: {what} {next}")
    change.key.priority = .p1
    try office.run(.changeTemplate(change))
    try office.act(.onCall, draft(.allStaff))
    #expect(
      try told(office).text
        == CommunicationText(
          subject: "Nobody can pay",
          body: "Very sorry: Nobody can pay. a time that we will tell"))
    change.text = nil
    try office.run(.changeTemplate(change))
    try office.act(.onCall, draft(.allStaff, next: office.clock + Span.hour))
    #expect(try told(office).text.body == "Sorry: Nobody can pay.")
    let welsh = CommunicationDraft(id: Self.id, audience: .team, language: "cy", what: "x")
    #expect(office.rule(.onCall, .draftCommunication(welsh)) == .invalidField)
  }

  @Test func `has a template without unknown placeholders, which administrators change`() throws {
    let office = try Office.raised()
    for body in ["{titel}", "{", "{title", "{}", "{ title }"] {
      #expect(office.rule(.changeTemplate(Office.template(body))) == .invalidField, "\(body)")
    }
    #expect(office.rule(.changeTemplate(Office.template("{title} }"))) == nil)
    let change = Action.changeTemplate(Office.template("x"))
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(change, by: who.actor) == .rightMissing, "\(who)")
    }
    // What was put in is not looked through again.
    let values = TemplateValues(
      title: "{what}", reference: "r", service: nil, priority: .p1,
      draft: CommunicationDraft(id: Self.id, audience: .team, what: "secret"))
    let text = CommunicationText(subject: "{title}", body: "").filled(with: values)
    #expect(text.subject == "{what}")
  }

  @Test func `of a restricted incident is as absent as the incident`() throws {
    var office = try Office.raised()
    try office.act(.onCall, draft(.stakeholders))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    #expect(office.rule(.engineer, step(.approve)) == .notFound)
    // Nor can it be moved by way of another incident.
    let other = Office.incident(2)
    try office.declare(.level(.p1), id: other)
    #expect(office.rule(.onCall, step(.approve), on: other) == .notFound)
  }

  @Test func `goes with its incident, and the fold of what is left has none`() throws {
    var office = try Office.raised(.p3)
    try office.act(.onCall, draft(.stakeholders))
    try office.act(.onCall, step(.send(overrideReason: nil)))
    try office.act(
      .onCall, .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.outsider.id))))
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, .close(overrideReason: "Never one"))
    #expect(!office.department.allMessages.isEmpty)
    office.clock += 800 * Span.day
    try office.run(.purge(Office.incident), as: .system)
    #expect(office.department.communication(Self.id) == nil)
    #expect(office.department.allMessages.isEmpty)
  }
}

extension Message.About {
  /// Whether it tells that somebody was not asked.
  fileprivate var isOverride: Bool {
    if case .sentWithoutApproval = self { true } else { false }
  }
}
