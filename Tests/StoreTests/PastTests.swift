import Bytes
import Crypto
import EventLoop
import Incidents
import Raft
import Store
import Testing

@Suite("The past of an incident, as the store has it")
struct PastTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private static func alert(_ status: AlertMember.Status, _ number: UInt64, at: Int64) -> Action {
    .alert(
      AlertNotification(
        incident: Story.incident(number), group: ID(high: 60, low: 1), source: "alertmanager",
        receiver: "muster", groupKey: "group", service: nil,
        members: [
          AlertMember(
            fingerprint: "a", status: status, startsAt: at, name: "Down", severity: "critical")
        ]))
  }

  /// Two lives that meet, over a rise of the level.
  private func story() -> Story {
    var story = Story()
    func act(_ number: UInt64, _ action: IncidentAction) {
      story.add(.incident(Story.incident(number), action))
    }
    story.add(Self.alert(.firing, 1, at: story.clock))
    act(1, .acknowledge(happenedAt: nil))
    story.raise(to: 2)
    act(1, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    act(1, .move(StatusChange(to: .mitigated)))
    story.declare(2)
    act(2, .setPriority(PriorityChange(choice: .level(.p3), confirm: true)))
    act(1, .resolve(Resolution(fix: "x", takesLead: true)))
    act(1, .duplicate(of: Story.incident(2), reason: nil))
    act(2, .note(Note(kind: .finding, text: "seen")))
    act(2, .resolve(Resolution(fix: "y", takesLead: true)))
    act(
      2,
      .review(
        Review(
          summary: "s", impact: "i", cause: .established("c"), actions: .none(because: "n"))))
    act(2, .close(overrideReason: nil))
    return story
  }

  @Test func `is what it was after each command, also once another was purged`() throws {
    var story = story()
    story.add(
      .changeSettings(
        SettingsChange(
          extras: Settings.Extras(retention: RetentionPeriods(ordinary: 1, serious: 1)))))
    var state = try folder.state()
    var after: [(position: UInt64, stamp: Int64, incidents: [Incident?])] = []
    let ids = [Story.incident(1), Story.incident(2)]
    for entry in story.entries {
      for result in try state.apply([entry]) { #expect(result.rule == nil, "\(result)") }
      let reader = try folder.reader()
      after.append(
        (try reader.stateHead().ledgerPosition, entry.stamp, ids.map { reader.incident($0) }))
    }
    func compare(_ ids: ArraySlice<ID>) throws {
      let reader = try folder.reader()
      for (position, stamp, incidents) in after {
        #expect(try reader.position(at: stamp) == position)
        #expect(try reader.position(at: stamp + 1) == position)
        for place in ids.indices {
          var stored = incidents[place]
          stored?.forgetAlerts()
          #expect(reader.incident(ids[place], asOf: position) == stored, "\(position)")
        }
      }
      #expect(try reader.position(at: 0) == 0)
    }
    try compare(ids[...])

    story.clock += 3 * Span.day
    story.add(.purge(ids[0]), by: .system)
    story.add(
      .incident(ids[1], .note(Note(kind: .finding, text: "It is quiet."))))
    for result in try state.apply(Array(story.entries.suffix(2))) {
      #expect(result.rule == nil, "\(result)")
    }
    let reader = try folder.reader()
    for (position, _, incidents) in after {
      #expect(reader.incident(ids[0], asOf: position) == nil)
      let past = reader.incident(ids[1], asOf: position)
      #expect(past?.status == incidents[1]?.status)
      #expect(past?.clocks == incidents[1]?.clocks)
    }
  }

  @Test func `has its report kept once it is reviewed, until it is purged`() throws {
    var story = story()
    var state = try folder.state()
    for result in try state.apply(story.entries) { #expect(result.rule == nil, "\(result)") }
    let id = Story.incident(2)
    let owed = try #require(try folder.reader().owedReport())
    #expect(owed.incident == id && owed.version == 1)
    #expect(try folder.reader().stamp(of: owed.review.position) == owed.review.stamp)

    let bytes = Array("{\"secret\":\"Xanthippe\"}".utf8)
    let report = KeptReport(
      name: .reviewed(1), format: .json, asOf: owed.review.position, hash: SHA256.hash(bytes),
      size: UInt32(bytes.count))
    story.add(.keepReport(id, WrittenReport(report: report, bytes: bytes)), by: .system)
    // Said once more by a leader that did not know: nothing.
    story.add(.keepReport(id, WrittenReport(report: report, bytes: bytes)), by: .system)
    let before = try folder.reader().stateHead().ledgerPosition
    for result in try state.apply(Array(story.entries.suffix(2))) {
      #expect(result.rule == nil, "\(result)")
    }
    var reader = try folder.reader()
    #expect(try reader.stateHead().ledgerPosition == before + 2)
    #expect(try reader.owedReport() == nil)
    let kept = try reader.keptReports(of: id)
    #expect(kept.map(\.report) == [report])
    #expect(try reader.bytes(of: kept[0]) == bytes)
    #expect(try reader.verify().digest == state.digest)
    // Its row is in the timeline, and its bytes are not.
    let kinds = try reader.timeline(of: id, limit: 200).items.map(\.event.kind)
    #expect(kinds.contains(Fact.reportKeptKind) && !kinds.contains(Fact.reportBytesKind))

    story.clock += 3_000 * Span.day
    story.add(.purge(id), by: .system)
    for result in try state.apply(Array(story.entries.suffix(1))) {
      #expect(result.rule == nil, "\(result)")
    }
    reader = try folder.reader()
    #expect(try reader.keptReports(of: id).isEmpty)
    #expect(throws: StoreError.self) { try reader.bytes(of: kept[0]) }
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `owes no report of a review from before the level`() throws {
    var story = Story()
    story.declare(1)
    let id = Story.incident(1)
    for action in [
      IncidentAction.setPriority(PriorityChange(choice: .level(.p1), confirm: true)),
      .resolve(Resolution(fix: "x", takesLead: true)),
      .review(
        Review(summary: "s", impact: "i", cause: .established("c"), actions: .none(because: "n"))),
    ] {
      story.add(.incident(id, action))
    }
    story.raise(to: 2)
    var state = try folder.state()
    for result in try state.apply(story.entries) { #expect(result.rule == nil, "\(result)") }
    #expect(try folder.reader().owedReport() == nil)
    #expect(try folder.reader().verify().digest == state.digest)
  }
}
