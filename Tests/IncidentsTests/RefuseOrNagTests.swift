import Bytes
import Incidents
import Testing

/// Policy section 5, row by row: what is refused, with all that a refusal says, and what is a duty instead.
/// That an entry cannot be changed or removed shows in the addresses; what is sent, in the tests of updates.
@Suite("Refuse, or nag")
struct RefuseOrNagTests {
  private static func slugs(_ office: Office) -> [String] {
    office.state().duties(at: office.clock).map(\.slug)
  }

  // MARK: Refused

  @Test func `refuses what is malformed, unknown, stale or not for who asks, without an override`()
    throws
  {
    var office = try Office(isRaised: true)
    try office.declare()
    let stranger = Office.incident(7)
    let refusals = [
      office.refusal(.onCall, .note(Note(kind: .action, text: " "))),
      office.refusal(.onCall, .acknowledge(happenedAt: nil), on: stranger),
      office.refusal(.outsider, .cancel(reason: "x")),
    ]
    #expect(refusals.map { $0?.rule } == [.invalidField, .notFound, .rightMissing])
    #expect(refusals.allSatisfy { $0?.override == nil })
    let before = office.department
    let stale = #expect(throws: Refusal.self) {
      try office.run(
        .incident(Office.incident, .cancel(reason: "x")), as: Office.Who.delivery.actor,
        expecting: 99)
    }
    #expect(stale?.rule == .staleVersion)
    #expect(stale?.missing == ["version"])
    // A refused command changes nothing.
    #expect(office.department == before)
  }

  @Test func `takes a correction, and never a change of an entry`() throws {
    var office = try Office(isRaised: true)
    try office.declare()
    try office.act(.onCall, .note(Note(kind: .finding, text: "The certificat ran out.")))
    try office.act(
      .onCall, .note(Note(kind: .correction, text: "The certificate ran out.", corrects: 40)))
    #expect(office.story.flatMap(\.events).filter { $0.fact.kind == 110 }.count == 2)
  }

  @Test
  func `closes a confirmed P1 without its review for Service Delivery, with a reason, counted`()
    throws
  {
    var office = try Office.led()
    try office.act(.onCall, Office.fixed)
    let wanted = Refusal(
      .reviewRequired, title: "A P1 incident closes after its post-incident review",
      detail:
        "Finish the review first. Service Delivery of the owning team may close it without one, "
        + "with a reason, which is counted.",
      guidance: "6.2 step 9", missing: ["review"],
      override: Refusal.Override(right: "service-delivery", needs: ["reason"]))
    #expect(office.refusal(.delivery, .close(overrideReason: nil)) == wanted)
    // Not for the lead; nor without a reason, as long as none is asked for afterwards.
    #expect(office.rule(.onCall, .close(overrideReason: "Never one.")) == .reviewRequired)
    // One that nobody ever confirmed does not get round it.
    var unconfirmed = try Office(isRaised: true)
    try unconfirmed.declare(.level(.p1))
    try unconfirmed.act(.onCall, .acknowledge(happenedAt: nil))
    try unconfirmed.act(.onCall, Office.fixed)
    let refusal = unconfirmed.refusal(.onCall, .close(overrideReason: nil))
    #expect(refusal?.rule == .reviewRequired)
    #expect(refusal?.missing == ["confirmed-priority", "review"])
    try unconfirmed.act(
      .onCall, .setPriority(PriorityChange(choice: .level(.p3), confirm: true)))
    try unconfirmed.act(.onCall, .close(overrideReason: nil))
    #expect(office.rule(.delivery, .close(overrideReason: " ")) == .reviewRequired)
    let events = try office.act(.delivery, .close(overrideReason: "Never a P1."))
    #expect(
      events.map(\.fact) == [.closedByOverride(reason: "Never a P1.", by: Office.Who.delivery.id)])
  }

  @Test func `closes nothing with an open cyber or data duty, whoever asks`() throws {
    var office = try Office.led(.p3)
    try office.act(.onCall, Office.fixed)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .cyber)))
    let refusal = office.refusal(.delivery, .close(overrideReason: "Please."))
    #expect(refusal?.rule == .openFlagDuty)
    #expect(refusal?.guidance == "1")
    #expect(refusal?.missing == ["cyber-report"])
    #expect(refusal?.override == nil)
    let report = IncidentAction.recordFlagReport(
      FlagReport(flag: .cyber, reportedAt: office.clock, by: "Dee"))
    try office.act(.onCall, report)
    try office.act(.onCall, .close(overrideReason: nil))
    // Recording it late is always possible.
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    #expect(office.rule(.onCall, report) == nil)
  }

  // MARK: Not refused, but owed

  @Test func `resolves with an open cyber or data duty, which is overdue from then on`() throws {
    var office = try Office.led()
    try office.act(.onCall, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    func due(_ slug: String) -> Int64? {
      office.state().duties(at: office.clock).first { $0.slug == slug }?.dueAt
    }
    #expect(due("report-cyber") == nil)
    try office.act(.onCall, Office.fixed)
    let resolvedAt = office.state().resolved?.at
    #expect(due("report-cyber") == resolvedAt)
    #expect(due("report-data") == resolvedAt)
  }

  @Test func `lets people act before triage and with empty roles, which are duties`() throws {
    var office = try Office(isRaised: true)
    try office.declare(nil)
    for action in [
      IncidentAction.note(Note(kind: .action, text: "Restarted it.")),
      .move(StatusChange(to: .mitigated)), .proposeRestored(text: nil),
      .resolve(Resolution(fix: "x", takesLead: true)),
    ] {
      #expect(office.rule(.engineer, action) == nil)
    }
    let owed = ["confirm-priority", "fill-lead", "fill-comms-lead", "fill-documenter"]
    #expect(Set(owed).subtracting(Self.slugs(office)).isEmpty)
  }

  @Test func `closes by override without a reason, which is owed by the next working day`() throws {
    var office = try Office.raised()
    try office.act(.onCall, Office.fixed)
    #expect(office.rule(.onCall, .close(overrideReason: "")) == .reviewRequired)
    try office.act(.delivery, .close(overrideReason: " "))
    let closedAt = office.clock - Span.second
    #expect(office.state().ending == .overridden(at: closedAt, reason: ""))
    #expect(office.state().marks.overrides == 1)
    let duty = office.state().duties(at: office.clock).first { $0.slug == "give-reason" }
    #expect(duty?.text == "Give the reason why it was closed without its review.")
    // It is a Monday in November: the next working day ends on Tuesday at 17:00.
    #expect(duty?.dueAt == Office.morning + Span.day + 8 * Span.hour)
    var reopened = office
    try reopened.act(.delivery, .reopen(reason: "It is back."))
    #expect(!Self.slugs(reopened).contains("give-reason"))
    try office.act(.delivery, .giveReason("Never a P1."))
    #expect(!Self.slugs(office).contains("give-reason"))
    #expect(office.state().ending == .overridden(at: closedAt, reason: "Never a P1."))
  }

  @Test func `hands over without a reason`() throws {
    var office = try Office.led(.p3)
    #expect(
      try office.act(.onCall, .handOver(HandOver(to: .third))).map(\.fact.kind) == [105])
  }

  @Test func `neither cancels a confirmed P1 nor lets it be the duplicate of a closed one`() throws
  {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    try office.act(.delivery, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    let closed = Office.incident(2)
    try office.declare(.level(.p5), id: closed)
    try office.act(
      .delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: closed)
    #expect(office.state(closed).status == .closed)
    for action in [
      IncidentAction.cancel(reason: "x"), .duplicate(of: closed, reason: nil),
      .propose(Proposal(.duplicate(of: closed), reason: "x")),
    ] {
      let refusal = office.refusal(.delivery, action)
      #expect(refusal?.rule == .reviewRequired)
      #expect(refusal?.missing == ["resolution", "review-waiver"])
      #expect(refusal?.override?.right == "service-delivery")
    }
    try office.act(.delivery, .resolve(Resolution(fix: "None was needed.", takesLead: true)))
    let same = IncidentAction.duplicate(of: closed, reason: nil)
    #expect(office.refusal(.delivery, same)?.missing == ["review-waiver"])
    try office.act(.delivery, .waiveReview(.falseAlarm))
    try office.act(.delivery, same)
    #expect(office.state().status == .duplicate)
  }

  @Test func `says what would satisfy it wherever anything would`() throws {
    // Nothing makes up for what is not there, wrong in itself, taken, done or too much.
    let final: Set<Refusal.Rule> = [
      .notFound, .invalidField, .alreadyExists, .alreadyFounded, .tooMany, .reviewNotOwed,
      .noSuchProposal, .nothingOwed,
    ]
    for rule in Refusal.Rule.allCases {
      #expect(rule.need.isEmpty == final.contains(rule), "\(rule)")
      #expect(Refusal(rule, title: "", detail: "").missing == rule.need)
    }
    var office = try Office(isRaised: true)
    try office.declare()
    let ahead = FlagRaising(flag: .cyber, awareAt: office.clock + Span.day)
    #expect(office.refusal(.onCall, .setFlag(ahead))?.missing == ["awareAt"])
  }
}
