import Bytes
import Incidents
import Testing

@Suite("An incident report")
struct ReportTests {
  private let names = Names { kind, id in
    kind == .person ? Office.Who.allCases.first { $0.id == id }.map { "\($0)" } : nil
  }

  /// A P1 from its declaration to the close, with everything that a report tells of.
  private func story() throws -> OfficeLedger {
    var ledger = OfficeLedger(try Office(isRaised: true))
    ledger.raise()
    func run(_ who: Office.Who, _ action: IncidentAction) throws {
      try ledger.run(.incident(Office.incident, action), as: who.actor, [])
    }
    try ledger.run(
      .declare(
        Declaration(
          id: Office.incident, title: "Nobody can <pay>", description: "It says \"no\".",
          service: Office.payments, choice: .matrix(impact: .high, urgency: .high))),
      as: Office.Who.firstLine.actor, [])
    try run(.onCall, .acknowledge(happenedAt: nil))
    try run(
      .onCall,
      .setPriority(
        PriorityChange(
          choice: .matrix(impact: .high, urgency: .high), confirm: true, reason: "All shops.")))
    try run(.delivery, .changeRole(RoleChange(role: .commsLead, step: .take)))
    try run(
      .delivery, .update(CommunicationUpdate(audience: .stakeholders, text: "We are on it.")))
    try run(.onCall, .note(Note(kind: .finding, text: "Disk full.")))
    let wrong = try #require(ledger.entries.last { $0.event.fact.isFinding }).position
    try run(.onCall, .note(Note(kind: .correction, text: "Disk slow.", corrects: wrong)))
    try run(.onCall, .note(Note(kind: .correction, text: "Disk gone.", corrects: ledger.end)))
    try run(.onCall, .move(StatusChange(to: .mitigated)))
    try run(.delivery, .changeRole(RoleChange(role: .lead, step: .take)))
    try run(.delivery, Office.fixed)
    try run(.delivery, Office.reviewed)
    return ledger
  }

  private func report(_ ledger: OfficeLedger) throws -> (IncidentReport, [TimelineEntry]) {
    let timeline = ledger.entries(of: Office.incident, upTo: ledger.end)
    let incident = try #require(ledger.incident(Office.incident, asOf: ledger.end))
    return (
      IncidentReport(
        incident, timeline: timeline, names: names, at: ledger.office.clock, asOf: ledger.end),
      timeline
    )
  }

  private func rows(_ report: IncidentReport, _ section: ReportSection) -> [[String]] {
    let parts = report.sections.first { $0.section == section }?.parts ?? []
    return parts.compactMap { part -> [[String]]? in
      if case .table(let table) = part.content { table.rows } else { nil }
    }.first ?? []
  }

  @Test func `tells who had which role, each priority, and what was sent`() throws {
    let ledger = try story()
    let (report, timeline) = try report(ledger)
    let at = { (place: Int) in DisplayTime.text(timeline[place].stamp) }
    let lead = timeline.indices.filter {
      if case .roleTaken(let taken) = timeline[$0].event.fact { taken.role == .lead } else { false }
    }
    #expect(lead.count == 2)
    #expect(
      rows(report, .team) == [
        ["incident lead", "onCall", at(lead[0]), at(lead[1])],
        ["comms lead", "delivery", at(5), ""],
        ["incident lead", "delivery", at(lead[1]), ""],
      ])
    #expect(
      rows(report, .priority).map { Array($0[1...]) } == [
        ["P1", "provisional", "high impact, high urgency", "firstLine", "declared"],
        ["P1", "confirmed", "high impact, high urgency", "onCall", "All shops."],
      ])
    #expect(
      rows(report, .communications).map { Array($0[1...]) } == [
        ["stakeholders", "delivery", "", "delivery", "", "", "We are on it."]
      ])
    #expect(rows(report, .versions).map { $0.prefix(3) } == [["1", "review finished", "delivery"]])
    #expect(ledger.office.state().marks.mitigatedAt != nil)
  }

  @Test func `says who wrote and agreed to what was told, and what it belongs to`() throws {
    var office = try Office.raised(.p2)
    let parent = Office.incident(2)
    try office.declare(.level(.p2), id: parent)
    try office.act(.onCall, .relate(.childOf(parent)))
    try office.act(.onCall, .relate(.causedBy(ChangeLink(reference: "CHG-1", text: "New keys."))))
    let (told, forced) = (ID(high: 16, low: 1), ID(high: 16, low: 2))
    func move(_ who: Office.Who, _ id: ID, _ step: CommunicationStep.Step) throws {
      try office.act(
        who, .moveCommunication(CommunicationStep(communication: id, step: step)))
    }
    try office.act(
      .engineer,
      .draftCommunication(
        CommunicationDraft(id: told, audience: .stakeholders, what: "Nobody can pay.")))
    try move(.delivery, told, .approve)
    try move(.onCall, told, .send(overrideReason: nil))
    try move(
      .onCall, told,
      .record(Communication.Delivery(group: "Shops", outcome: .sent, at: office.clock)))
    try office.act(
      .delivery,
      .draftCommunication(CommunicationDraft(id: forced, audience: .allStaff, what: "Wait.")))
    office.clock += Communication.approvalWait
    try move(.delivery, forced, .send(overrideReason: "The mail goes at noon."))
    let ledger = OfficeLedger(office)
    let report = IncidentReport(
      office.state(), timeline: ledger.entries(of: Office.incident, upTo: ledger.end),
      names: names, at: office.clock, asOf: ledger.end)
    #expect(
      rows(report, .communications).map { Array($0[1...]) } == [
        [
          "stakeholders", "engineer", "delivery", "onCall", "", "was sent to Shops",
          "Nobody can pay.",
        ],
        ["all staff", "delivery", "", "delivery", "", "", "Wait."],
      ])
    let text = report.markdown
    for piece in ["Belongs to", Reference(parent).text, "Caused by change", "New keys."] {
      #expect(text.contains(piece), "\(piece)")
    }
    #expect(office.state().marks.overrides == 1)
    #expect(
      report.sections.first { $0.section == .exceptions }?.parts.contains { part in
        if case .points(let points) = part.content {
          points.contains { $0.hasSuffix("agreement: The mail goes at noon.)") }
        } else {
          false
        }
      } == true)
  }

  @Test func `has a correction beside what it corrects, and nowhere else`() throws {
    let (report, timeline) = try report(try story())
    let lines = report.sections.flatMap(\.parts).flatMap { part -> [IncidentReport.Line] in
      if case .timeline(let lines) = part.content { lines } else { [] }
    }
    let corrected = try #require(lines.first { $0.text == "Finding, by onCall: Disk full." })
    #expect(
      corrected.corrections.map(\.text) == [
        "Correction of entry \(corrected.position), by onCall: Disk slow.",
        "Correction of entry \(corrected.corrections[0].position), by onCall: Disk gone.",
      ])
    #expect(lines.count == timeline.count - 2)
    #expect(lines.allSatisfy { $0.type != "correction" })
  }

  @Test func `has the sections of the department's template, which asks for what is missing`()
    throws
  {
    var office = try Office(isRaised: true)
    try office.declare()
    let template = ReportTemplate(parts: [
      .init(.fix, title: "What helped", help: "Say what helped."), .init(.review), .init(.glance),
    ])
    let report = IncidentReport(
      office.state(), timeline: [], names: names, at: office.clock, template: template)
    #expect(report.sections.map(\.title) == ["What helped", "At a glance"])
    #expect(report.sections[0].help == "Say what helped.")
    #expect(report.markdown.contains("## What helped\n\n*Nothing yet. Say what helped.*\n"))
    #expect(report.html.contains("<p class=\"help\">Nothing yet. Say what helped.</p>"))

    let change = { (template: ReportTemplate) in
      Action.changeSettings(
        SettingsChange(extras: Settings.Extras(reportTemplate: template)))
    }
    #expect(office.rule(change(ReportTemplate(parts: []))) == .invalidField)
    #expect(
      office.rule(change(ReportTemplate(parts: [.init(.fix), .init(.fix)]))) == .invalidField)
    #expect(
      office.rule(change(ReportTemplate(parts: [.init(.fix, title: "a\nb")]))) == .invalidField)
    try office.run(change(template))
    #expect(office.department.settings()?.reportTemplate == template)
  }

  @Test func `is a page in which nothing that people wrote is markup`() throws {
    let (report, _) = try report(try story())
    let page = report.html
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en-GB\">\n"))
    #expect(page.contains("<title>INC-"))
    #expect(page.contains("Nobody can &lt;pay&gt;") && !page.contains("<pay>"))
    #expect(page.contains("It says &quot;no&quot;."))
    for unsafe in ["<script", "http:", "https:", "src=", "href=", "@import", "url("] {
      #expect(!page.contains(unsafe), "\(unsafe)")
    }
    // Each header has a scope, and each table is called something.
    #expect(page.components("<th") == page.components("<thead") + page.components(" scope=\""))
    #expect(page.components("<table") == page.components("<table aria-label="))
    #expect(page.components("<h1") == 1)
    var writer = report
    writer.heading = "a\u{0}\u{1B}[31m\u{202E}b\n\u{FFFE}c"
    #expect(writer.html.contains("<title>a\u{FFFD}\u{FFFD}[31m\u{FFFD}b<br>\u{FFFD}c</title>"))
  }

  @Test func `fits a bound, and says what it left out`() throws {
    var ledger = try story()
    for number in 0..<200 {
      let note = Note(kind: .action, text: "step \(number) \(String(repeating: "x", count: 200))")
      try ledger.run(
        .incident(Office.incident, .note(note)), as: Office.Who.onCall.actor, [])
    }
    let (report, _) = try report(ledger)
    for bound in [40_000, 20_000, 4_000, 2_000] {
      let fitted = report.fitted { $0.markdown.utf8.count <= bound }
      #expect(fitted.markdown.utf8.count <= bound)
      #expect(
        fitted.banners.contains { $0.hasPrefix("This version does not hold") } || bound < 20_000)
      #expect(fitted.heading.hasPrefix("INC") || bound < 4_000)
    }
    #expect(report.fitted { _ in true } == report)
  }

  @Test func `says spans of time by their two largest units`() {
    let spans: [Int64] = [0, 999, 59_000, 60_000, 61_000, 3_600_000, 7_860_000, 86_405_000]
    #expect(
      spans.map(Span.words) == [
        "0 s", "0 s", "59 s", "1 min", "1 min 1 s", "1 h", "2 h 11 min", "1 d",
      ])
  }
}

extension Fact {
  fileprivate var isFinding: Bool {
    if case .noted(let note) = self { note.kind == .finding } else { false }
  }
}

extension String {
  /// How often a piece stands in it.
  fileprivate func components(_ piece: String) -> Int {
    split(separator: piece, omittingEmptySubsequences: false).count - 1
  }
}
