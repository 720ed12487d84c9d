import Bytes
import Incidents
import Testing

/// The table of policy section 9, as far as its commands are in play: one standing at a time.
@Suite("Rights")
struct RightsTests {
  private static let columns: [Standing] = [
    .signedIn, .firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead,
    .administrator,
  ]

  /// A row: the kinds it is about, and for each column whether it is admitted at all. Where the
  /// policy says "propose", "draft", "taking it" or "own queue" a person is admitted, and what
  /// exactly they ask for decides.
  private static let rows: [(kinds: [IncidentAction.Kind], cells: String)] = [
    ([.setPriority, .propose], "-yyyy-y-"),
    ([.cancel, .duplicate, .decideProposal, .dismissFlag], "---yy-y-"),
    ([.update, .draftCommunication, .moveCommunication, .changeStakeholders], "--yyyy--"),
    ([.moveFace], "--yyyy--"),
    ([.stateReach, .explainDelay], "--yyyyy-"),
    ([.note, .setFlag, .changeRole, .answerPage, .completeAction], "y-------"),
    ([.resolve, .close], "--yyy-y-"),
    ([.review, .arrangeReview, .escalate, .keepRedacted], "---yy-y-"),
    ([.waiveReview], "---y----"),
    ([.clearFlag, .agreeResolution, .decideNotification, .changeSight], "----y---"),
    ([.move, .proposeRestored, .reopen, .wait, .endWait, .assess], "--yyy-y-"),
    ([.handOver, .recordFlagReport, .recordTicket], "-yyyyyy-"),
    ([.acknowledge], "--yyyyy-"),
    ([.answer], "--yyyyy-"),
    ([.giveReason, .setService], "-yyyyyy-"),
    ([.affect, .relate, .engage], "--yyy-y-"),
  ]

  @Test func `are those of the table`() {
    var seen: Set<IncidentAction.Kind> = []
    for row in Self.rows {
      for kind in row.kinds {
        seen.insert(kind)
        for (standing, cell) in zip(Self.columns, row.cells) {
          #expect(kind.isOpen(to: standing) == (cell == "y"), "\(kind) \(standing.rawValue)")
        }
        // Nobody at all may do nothing at all.
        #expect(!kind.isOpen(to: []))
      }
    }
    #expect(seen == Set(IncidentAction.Kind.allCases))
  }

  @Test(arguments: [
    (Office.Who.admin, "acknowledge update"), (.onCall, "acknowledge update lower resolve"),
    (.engineer, "acknowledge update"), (.delivery, "acknowledge update lower"),
    (.teamLead, "acknowledge update lower"), (.firstLine, ""), (.outsider, ""), (.auditor, ""),
  ])
  func `hold for people`(who: Office.Who, may: String) throws {
    let office = try Office.led()
    let asked: [(String, IncidentAction)] = [
      ("acknowledge", .acknowledge(happenedAt: nil)),
      ("update", .update(CommunicationUpdate(audience: .team, text: "x"))),
      ("lower", .setPriority(PriorityChange(choice: .level(.p4), confirm: true))),
      ("resolve", Office.fixed),
    ]
    let allowed = Set(may.split(separator: " ").map(String.init))
    for (word, action) in asked where !(who == .admin && word == "lower") {
      let rule = office.rule(who, action)
      if word == "resolve", rule == .leadAgrees { continue }
      #expect(
        (rule == nil) == allowed.contains(word), "\(who) \(word): \(String(describing: rule))")
      if let rule { #expect(rule == .rightMissing) }
    }
  }

  @Test func `say what is missing and who has it`() throws {
    let office = try Office.led()
    let refusal = try #require(office.refusal(.outsider, Office.fixed))
    #expect(refusal.kind == .forbidden)
    #expect(refusal.missing.contains("service-delivery"))
    #expect(refusal.detail.contains("the incident lead"))
  }

  @Test func `of an auditor end at reading`() throws {
    let office = try Office.led()
    #expect(office.rule(.auditor, .note(Note(kind: .finding, text: "x"))) == .rightMissing)
    var copy = office
    let refusal = #expect(throws: Refusal.self) {
      try copy.run(
        .declare(Declaration(id: Office.incident(2), title: "x")), as: Office.Who.auditor.actor)
    }
    #expect(refusal?.rule == .rightMissing)
  }

  @Test func `open to every responder when nobody answers a P1 in time`() throws {
    var office = try Office()
    try office.declare()
    #expect(office.rule(.outsider, .acknowledge(happenedAt: nil)) == .rightMissing)
    office.clock = try #require(office.state().clocks.response.dueAt)
    #expect(office.rule(.outsider, .acknowledge(happenedAt: nil)) == .rightMissing)
    office.clock += 1
    #expect(office.rule(.outsider, .acknowledge(happenedAt: nil)) == nil)
    // Not to the 1st line.
    #expect(office.rule(.firstLine, .acknowledge(happenedAt: nil)) == .rightMissing)
  }
}
