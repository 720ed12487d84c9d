import Bytes
import Incidents
import Testing

@Suite("A redacted report")
struct RedactionTests {
  private let names = Names { kind, id in
    kind == .person ? (id == Office.Who.onCall.id ? "Zoë Straße" : "Max Weber") : nil
  }

  private func whole() throws -> (report: IncidentReport, timeline: [TimelineEntry]) {
    var ledger = OfficeLedger(try Office(isRaised: true))
    ledger.raise()
    func run(_ who: Office.Who, _ action: IncidentAction) throws {
      try ledger.run(.incident(Office.incident, action), as: who.actor, [])
    }
    try ledger.run(
      .declare(
        Declaration(
          id: Office.incident, title: "Nobody at Acme & Co can pay",
          description: "Call\u{00AD}ed in by ZOE STRASSE.", service: Office.payments,
          choice: .level(.p1))),
      as: Office.Who.firstLine.actor, [])
    try run(.onCall, .acknowledge(happenedAt: nil))
    try run(.onCall, .note(Note(kind: .finding, text: "The key is hunter*two_x <b>.")))
    try run(
      .onCall, .note(Note(kind: .finding, text: "acme\n\u{FF06}  co was told, by Zoe\u{0308}.")))
    try run(
      .onCall,
      .update(
        CommunicationUpdate(audience: .stakeholders, text: "The key is hunter*two_x <b>.")))
    let change = ChangeLink(reference: "CHG-1", link: nil, text: "Somebody dropped the table")
    try run(.onCall, .relate(.causedBy(change)))
    let supplier = EngagedSupplier(
      name: "Initech", reference: nil, outOfHours: "0800 555 111",
      nextUpdateAt: ledger.office.clock + 3_600_000)
    try run(.onCall, .engage(.supplier(supplier)))
    let timeline = ledger.entries(of: Office.incident, upTo: ledger.end)
    return (
      IncidentReport(
        ledger.office.state(), timeline: timeline, names: names, at: ledger.office.clock),
      timeline
    )
  }

  /// Makes it, and looks at the bytes of each form.
  private func withhold(_ what: Withholding.What) throws -> [String] {
    let (report, timeline) = try whole()
    let redacted = try RedactedReport(
      report, timeline: timeline, withholding: [Withholding(what, reason: "Not for all.")])
    #expect(redacted.report.withheld.count == 1)
    return try [
      (ReportFormat.html, redacted.report.html), (.markdown, redacted.report.markdown),
    ].map { format, text in
      #expect(redacted.leak(in: Array(text.utf8), written: format) == nil, "\(what)")
      // The whole report has it, and is found out.
      let open = format == .html ? report.html : report.markdown
      let found = redacted.leak(in: Array(open.utf8), written: format)
      try #require(found == 1, "\(what) is not found in the whole report.")
      return text
    }
  }

  @Test func `has a text nowhere, in whatever case or form it was written`() throws {
    for text in try withhold(.pattern("acme & co")) {
      #expect(!text.lowercased().contains("acme"))
      #expect(text.contains("[withheld 1]") || text.contains("\\[withheld 1\\]"))
      #expect(text.contains("Not for all."))
    }
    for text in try withhold(.pattern("ZOË STRASSE")) { #expect(!text.contains("Straße")) }
    for text in try withhold(.pattern("hunter*two_x <b>")) { #expect(!text.contains("hunter")) }
  }

  @Test func `has whole words nowhere, and leaves the words that they are part of`() throws {
    for text in try withhold(.words("pay")) {
      #expect(!text.contains("can pay"))
      #expect(text.contains("can"))
    }
    let (report, timeline) = try whole()
    let redacted = try RedactedReport(
      report, timeline: timeline, withholding: [Withholding(.words("no"), reason: "x")])
    #expect(redacted.report.heading == report.heading)
  }

  @Test func `has a person nowhere, nor a word of their name`() throws {
    let zoe = Withholding.What.person(
      id: Office.Who.onCall.id, name: "Zoë Straße", email: "zoe@example.org")
    for text in try withhold(zoe) {
      #expect(!text.contains("Zoe") && !text.contains("Zoë") && !text.contains("STRASSE"))
    }
  }

  @Test func `has an entry nowhere, nor where its words stand in another place`() throws {
    let (_, timeline) = try whole()
    let entry = try #require(
      timeline.first {
        if case .noted(let note) = $0.event.fact { note.text.hasPrefix("The key") } else { false }
      })
    for text in try withhold(.entry(entry.position)) { #expect(!text.contains("hunter")) }
    #expect(throws: RedactedReport.Impossible.self) { try withhold(.entry(1)) }
  }

  @Test func `has what became of an entry in no other section`() throws {
    let (_, timeline) = try whole()
    func isRelation(_ fact: Fact) -> Bool { if case .related = fact { true } else { false } }
    func isEngagement(_ fact: Fact) -> Bool { if case .engaged = fact { true } else { false } }
    for (words, belongs) in [
      ("dropped the table", isRelation), ("Initech", isEngagement), ("0800 555 111", isEngagement),
    ] {
      let entry = try #require(timeline.first { belongs($0.event.fact) })
      for text in try withhold(.entry(entry.position)) { #expect(!text.contains(words)) }
    }
  }

  @Test func `knows every text that an entry can have`() throws {
    for bytes in try BinaryFormTests.goldenEvents() {
      let event = try Event(decoding: bytes)
      guard event.subject.kind == .incident else { continue }
      let known = Set(event.fact.texts)
      for text in Self.strings(in: event.fact) {
        #expect(known.contains(text), "\(text) of \(event.fact)")
      }
    }
  }

  /// Each text in a value, but what only systems read and what are words of ours.
  private static func strings(in value: Any) -> [String] {
    if let text = value as? String { return text.isEmpty ? [] : [text] }
    if value is AlertGroupKey || value is KeptReport || value is Suggestion { return [] }
    if value is DeniedAttempt { return [] }
    return Mirror(reflecting: value).children.flatMap { child in
      ["fingerprint", "severity", "language", "calendar"].contains(child.label)
        ? [] : strings(in: child.value)
    }
  }

  @Test func `has a field nowhere, and refuses one that is not there`() throws {
    for text in try withhold(.field("reported")) { #expect(!text.contains("ZOE")) }
    for field in ["nothing", "glance/Nothing", "reported/Status"] {
      #expect(throws: RedactedReport.Impossible.self) { try withhold(.field(field)) }
    }
    #expect(throws: RedactedReport.Impossible.self) { try withhold(.pattern(" \u{200B}")) }
  }

  @Test(arguments: [
    ("b\u{00E9}te", "be\u{0301}te"), ("caf\u{00E9}", "CAFE\u{0301}"), ("ﬁle", "FILE"),
    ("Ｚｏｅ", "zoe"), ("𝐙𝐨𝐞", "zoe"), ("za\u{200D}p", "zap"), ("Maße", "MASSE"),
    ("two\u{00A0}\n words", "two words"),
  ])
  func `compares texts as a reader would`(written: String, looked: String) throws {
    let (report, timeline) = try whole()
    var shown = report
    shown.heading = "before \(written) after"
    let redacted = try RedactedReport(
      shown, timeline: timeline, withholding: [Withholding(.pattern(looked), reason: "r")])
    #expect(redacted.report.heading == "before [withheld 1] after")
  }

  @Test func `is not published where the bytes have it all the same`() throws {
    let (report, timeline) = try whole()
    let redacted = try RedactedReport(
      report, timeline: timeline,
      withholding: [
        Withholding(.pattern("secret"), reason: "r"), Withholding(.pattern("lang"), reason: "r"),
      ])
    #expect(redacted.leak(in: Array(redacted.report.html.utf8), written: .html) == 2)
    for (text, format) in [
      ("<p>se<b>cr</b>et</p>", ReportFormat.html), ("<p>s&#101;c</p><i>secret", .html),
      (#"{"a":"SE\u0043RET"}"#, .json), (#"se\cret"#, .markdown), ("> secret", .markdown),
    ] {
      #expect(redacted.leak(in: Array(text.utf8), written: format) == 1, "\(text)")
    }
  }
}
