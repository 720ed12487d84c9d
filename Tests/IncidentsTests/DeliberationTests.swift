import Bytes
import Incidents
import Testing

/// How a priority is found on an incident: triage that is kept, questions that it asks, and proposals.
@Suite("A priority")
struct DeliberationTests {
  private static let degraded = Triage(
    scope: .department, function: .degradedOrImportantBlocked,
    workaround: Triage.Workaround.none)
  private static let lowering = IncidentAction.propose(
    Proposal(.priority(.level(.p4), Triage()), reason: "One user only."))

  private static func declared(
    _ choice: PriorityChoice? = .level(.p1), _ triage: Triage = Triage()
  ) throws(Refusal) -> Office {
    var office = try Office(isRaised: true)
    try office.run(
      .declare(
        Declaration(
          id: Office.incident, title: "Nobody can pay", service: Office.payments, choice: choice,
          extras: Declaration.Extras(triage: triage))), as: Office.Who.firstLine.actor)
    return office
  }

  // MARK: Triage

  @Test func `comes from the answers at declaration, which are kept with what they suggest`() throws
  {
    let office = try Self.declared(nil, Self.degraded)
    let incident = office.state()
    #expect(
      incident.classification
        == Classification(.matrix(impact: .medium, urgency: .high), isConfirmed: false))
    let triaged = Triaged(Self.degraded, by: .standard, chosen: .p2)
    #expect(incident.deliberation.triaged == triaged)
    #expect(office.story.last?.events.map(\.fact.kind) == [100, 101, 131])
    let report = IncidentReport(
      incident, timeline: [], names: Names { _, _ in nil }, at: office.clock)
    guard
      case .particulars(let particulars)? = report.sections.flatMap(\.parts).first(where: {
        $0.title == "Triage"
      })?.content
    else {
      Issue.record("The report says nothing of triage.")
      return
    }
    #expect(
      particulars.map { "\($0.label) \($0.value)" } == [
        "How many staff are affected? the whole department",
        "What business function is blocked? a critical service is degraded, or an important one is "
          + "blocked",
        "Is there an easy, temporary workaround for staff? none",
        "Not answered seniority, data, deadline, rate", "Suggested P2",
        "Because A critical service is degraded or an important one blocked for the whole department: "
          + "medium impact. The whole department has no workaround: high urgency.",
        "Chosen P2",
      ])
  }

  @Test func `comes from a definition alone, and from a choice before all`() throws {
    #expect(
      try Self.declared(nil, Triage(anchor: .cosmetic)).state().classification.priority == .p5)
    let chosen = try Self.declared(.level(.p3), Triage(anchor: .cosmetic)).state()
    #expect(chosen.classification.priority == .p3)
    // Two levels from the definition: flagged and counted, and not forbidden.
    #expect(chosen.deliberation.triaged?.doubts == [.choice])
    #expect(chosen.deliberation.doubtedChoices == 1)
  }

  @Test func `is triaged when it is confirmed, and again when it stays`() throws {
    var office = try Self.declared(.level(.p3))
    let change = PriorityChange(
      choice: .level(.p2), confirm: true, reason: "By the questions.", triage: Self.degraded)
    let events = try office.act(.delivery, .setPriority(change))
    #expect(events.map(\.fact.kind) == [131, 104, 101])
    let names = Names { _, _ in "Dee" }
    #expect(
      events[0].sentence(by: Office.Who.delivery.actor, names: names)
        == "Dee triaged it: medium impact and high urgency suggest P2. A critical service is degraded "
        + "or an important one blocked for the whole department: medium impact. The whole department "
        + "has no workaround: high urgency.")
    // The same again is not news; other answers are, although the priority stays.
    #expect(try office.act(.delivery, .setPriority(change)).isEmpty)
    var other = change
    other.triage.rate = .fast
    #expect(try office.act(.delivery, .setPriority(other)).map(\.fact.kind) == [131])
  }

  @Test func `asks of unauthorised access and sensitive data whether a flag holds`() throws {
    var office = try Self.declared(nil, Triage(data: .sensitive, anchor: .unauthorisedAccess))
    #expect(office.state().deliberation.questions == [.cyber, .data])
    #expect(
      office.state().duties(at: office.clock).filter { $0.slug.hasPrefix("consider") }.map(\.text)
        == [
          "Is this a cyber security incident? Set the flag, or say why not.",
          "Is this a data breach? Set the flag, or say why not.",
        ])
    let no = IncidentAction.dismissFlag(.data, reason: "It is test data.")
    #expect(office.rule(.engineer, no) == .rightMissing)
    #expect(office.rule(.delivery, .dismissFlag(.data, reason: " ")) == .invalidField)
    try office.act(.delivery, no)
    #expect(try office.act(.delivery, no).isEmpty)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(office.state().deliberation.questions.isEmpty)
  }

  @Test func `is triaged at behaviour level 2 only`() throws {
    var office = try Office()
    try office.declare()
    let change = PriorityChange(choice: .level(.p2), confirm: true, triage: Self.degraded)
    #expect(office.rule(.delivery, .setPriority(change)) == .levelUnknown)
    #expect(office.rule(.engineer, Self.lowering) == .levelUnknown)
  }

  // MARK: Proposals (policy section 9)

  @Test func `is proposed by 1st line and responders, and confirmed by who accepts it`() throws {
    var office = try Self.declared(.level(.p3))
    let raising = IncidentAction.propose(
      Proposal(.priority(.level(.p2), Self.degraded), reason: "All staff."))
    try office.act(.firstLine, raising)
    // Nothing has happened yet, but that it is known and owed.
    #expect(office.state().classification.priority == .p3)
    #expect(
      office.state().duties(at: office.clock).filter { $0.slug == "decide-proposal" }.map(\.text)
        == ["Decide proposal 1, to make it a P2: All staff."])
    // Said again it is not news.
    #expect(try office.act(.engineer, raising).isEmpty)
    let accept = IncidentAction.decideProposal(ProposalDecision(accepts: true))
    for who in [Office.Who.firstLine, .engineer, .outsider] {
      #expect(office.rule(who, accept) == .rightMissing)
    }
    let events = try office.act(.delivery, accept)
    #expect(events.map(\.fact.kind) == [133, 131, 104, 101])
    let names = Names { _, id in id == Office.Who.delivery.id ? "Dee" : "Fay" }
    #expect(
      events[0].sentence(by: Office.Who.delivery.actor, names: names)
        == "Dee accepted proposal 1, by Fay.")
    let incident = office.state()
    #expect(incident.classification == Classification(.level(.p2), isConfirmed: true))
    #expect(incident.deliberation.proposals.isEmpty)
    #expect(incident.deliberation.triaged?.triage == Self.degraded)
    #expect(office.rule(.delivery, accept) == .noSuchProposal)
  }

  @Test func `of a P1 is proposed to be less by responders, not by 1st line`() throws {
    var office = try Self.declared()
    #expect(office.rule(.firstLine, Self.lowering) == .rightMissing)
    #expect(office.rule(.outsider, Self.lowering) == .rightMissing)
    // Whoever may only propose it is told so.
    let change = PriorityChange(choice: .level(.p4), confirm: false)
    #expect(
      office.refusal(.engineer, .setPriority(change))?.detail.hasSuffix(
        "You may propose it to them.")
        == true)
    #expect(
      office.refusal(.engineer, .cancel(reason: "x"))?.detail.hasSuffix(
        "You may propose it to them.") == true)
    try office.act(.engineer, Self.lowering)
    let no = IncidentAction.decideProposal(ProposalDecision(number: 1, accepts: false))
    #expect(office.rule(.delivery, no) == .invalidField)
    let because = ProposalDecision(number: 1, accepts: false, reason: "It is everybody.")
    try office.act(.delivery, .decideProposal(because))
    #expect(office.state().deliberation.proposals.isEmpty)
    #expect(office.state().classification.priority == .p1)
    // The next one has the next number.
    try office.act(.engineer, Self.lowering)
    #expect(office.state().deliberation.proposals.map(\.number) == [2])
  }

  @Test func `that was decided answers the proposals of one`() throws {
    var office = try Self.declared()
    try office.act(.engineer, Self.lowering)
    try office.act(
      .engineer, .propose(Proposal(.cancel, reason: "False alarm, no one affected")))
    try office.act(.delivery, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    #expect(office.state().deliberation.proposals.map(\.proposal.matter) == [.cancel])
    // To cancel is proposed no more once it is resolved.
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)))
    #expect(office.state().deliberation.proposals.isEmpty)
    #expect(
      office.rule(.engineer, .propose(Proposal(.cancel, reason: "x"))) == .alreadyResolved)
  }

  @Test func `and its end are proposed with the gates in place when that is accepted`() throws {
    var office = try Self.declared()
    #expect(office.rule(.engineer, .propose(Proposal(.cancel))) == .invalidField)
    #expect(office.rule(.firstLine, .propose(Proposal(.cancel, reason: "x"))) == .rightMissing)
    try office.act(.engineer, .propose(Proposal(.cancel, reason: "False alarm")))
    try office.act(.engineer, .setFlag(FlagRaising(flag: .cyber)))
    let accept = IncidentAction.decideProposal(ProposalDecision(accepts: true))
    #expect(office.rule(.delivery, accept) == .openFlagDuty)
    try office.act(
      .delivery,
      .recordFlagReport(FlagReport(flag: .cyber, reportedAt: office.clock, by: "Dee")))
    let events = try office.act(.delivery, accept)
    #expect(events.map(\.fact.kind) == [133, 120])
    #expect(office.state().status == .cancelled)
  }

  @Test func `of a duplicate is given to the survivor by who may do it there`() throws {
    var office = try Self.declared()
    let other = Office.incident(2)
    try office.declare(.level(.p1), id: other)
    let proposal = IncidentAction.propose(Proposal(.duplicate(of: other)))
    #expect(
      office.rule(.engineer, .propose(Proposal(.duplicate(of: Office.incident)))) == .invalidField)
    #expect(
      office.rule(.engineer, .propose(Proposal(.duplicate(of: Office.incident(3))))) == .notFound)
    try office.act(.engineer, proposal)
    try office.act(.engineer, Self.lowering)
    // Two are open: which is meant must be said.
    #expect(
      office.rule(.delivery, .decideProposal(ProposalDecision(accepts: true))) == .invalidField)
    let accept = IncidentAction.decideProposal(ProposalDecision(number: 1, accepts: true))
    #expect(try office.act(.delivery, accept).map(\.fact.kind) == [133, 121, 122])
    #expect(office.state().status == .duplicate)
    #expect(office.state().deliberation.proposals.isEmpty)
  }

  @Test func `hides a restricted survivor from who proposes and from who accepts`() throws {
    var office = try Self.declared()
    let other = Office.incident(2)
    try office.declare(.level(.p1), id: other)
    try office.act(.engineer, .propose(Proposal(.duplicate(of: other))))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)), on: other)
    #expect(office.rule(.outsider, .propose(Proposal(.duplicate(of: other)))) == .notFound)
    // The lead of the first may not know of the second any more.
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(
      .onCall, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.outsider.id))))
    try office.act(.outsider, .changeRole(RoleChange(role: .lead, step: .accept)))
    let accept = IncidentAction.decideProposal(ProposalDecision(accepts: true))
    #expect(office.rule(.outsider, accept) == .notFound)
    #expect(office.rule(.onCall, accept) == .rightMissing)
    #expect(office.rule(.delivery, accept) == nil)
  }

  @Test func `is held to its bounds, and comes back from its bytes`() throws {
    var office = try Self.declared()
    for number in 2...UInt64(Bound.proposals) + 2 {
      try office.declare(.level(.p3), id: Office.incident(number))
    }
    for number in 2...UInt64(Bound.proposals) + 1 {
      let proposal = Proposal(.duplicate(of: Office.incident(number)))
      try office.act(.engineer, .propose(proposal))
    }
    let last = Proposal(.duplicate(of: Office.incident(UInt64(Bound.proposals) + 2)))
    #expect(office.rule(.engineer, .propose(last)) == .tooMany)
    let incident = office.state()
    #expect(try Incident(decoding: incident.encoded()) == incident)
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: office.clock)
    for entry in office.story {
      #expect(try Command(decoding: entry.command.encoded()) == entry.command)
      for event in entry.events {
        let read = try Event(decoding: event.encoded())
        #expect(read == event)
        evolve(read, at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
  }
}

extension Office {
  /// One of each kind of command and event that there is to finding a priority.
  mutating func deliberate() throws(Refusal) {
    let id = Office.incident(30)
    let triage = Triage(data: .sensitive, anchor: .unauthorisedAccess)
    try run(
      .declare(
        Declaration(
          id: id, title: "x", service: Office.payments,
          extras: Declaration.Extras(triage: triage))))
    try act(.admin, .dismissFlag(.data, reason: "It is test data."), on: id)
    let proposal = Proposal(.priority(.level(.p2), triage), reason: "Over")
    try act(.admin, .propose(proposal), on: id)
    try act(.admin, .decideProposal(ProposalDecision(accepts: false, reason: "No")), on: id)
    try act(.admin, .propose(proposal), on: id)
    try act(.admin, .decideProposal(ProposalDecision(number: 2, accepts: true)), on: id)
  }
}
