import Bytes
import EventLoop
import Incidents
import Raft
import SQLite
import Store
import Testing

@Suite("A purge")
struct PurgeTests {
  private let folder: Folder
  private static let secret = "Xanthippe said so"

  init() throws { folder = try Folder() }

  /// Alerts of one group, whose incident is `number` if it opens one.
  private func alert(
    _ status: AlertMember.Status, _ number: UInt64, at: Int64, of group: UInt64 = 1
  ) -> Action {
    .alert(
      AlertNotification(
        incident: Story.incident(number), group: ID(high: 60, low: group), source: "alertmanager",
        receiver: "muster", groupKey: "group \(group)", service: nil,
        members: [
          AlertMember(
            fingerprint: "a", status: status, startsAt: at, name: "Down", severity: "critical",
            summary: Self.secret)
        ]))
  }

  /// A story in which alerts went from one incident to another, and one is another's duplicate; all is
  /// old enough to go.
  private func story() -> Story {
    var story = Story()
    story.raise(keeping: 1, serious: 2)
    story.add(alert(.firing, 1, at: story.clock))
    story.note(1, Self.secret)
    for action in [
      IncidentAction.setPriority(PriorityChange(choice: .level(.p3), confirm: true)),
      .resolve(Resolution(fix: "x", takesLead: true)), .close(overrideReason: Self.secret),
    ] {
      story.add(.incident(Story.incident(1), action))
    }
    // It still fires for the first when it begins anew: the second takes the group from it.
    story.clock += 2 * Span.hour
    story.add(alert(.firing, 2, at: story.clock))
    story.declare(3)
    story.declare(4)
    story.add(alert(.firing, 5, at: story.clock, of: 2))
    story.add(
      .incident(Story.incident(5), .duplicate(of: Story.incident(4), reason: "the same")))
    story.add(.incident(Story.incident(3), .cancel(reason: "never one")))
    story.clock += 3 * Span.day
    return story
  }

  private func purge(_ number: UInt64, in story: inout Story) {
    story.add(.purge(Story.incident(number)), by: .system)
  }

  private func apply(_ story: Story, to state: inout StateStore) throws {
    let results = try state.apply(Array(story.entries[Int(state.applied.index.rawValue)...]))
    for result in results { #expect(result.rule == nil, "\(result)") }
  }

  @Test(arguments: [[1], [3], [5], [1, 5, 3], [3, 5, 1]] as [[UInt64]])
  func `lets go of incidents, and what is left is still what the ledger says`(
    numbers: [UInt64]
  ) throws {
    var story = story()
    var state = try folder.state()
    try apply(story, to: &state)
    for number in numbers { purge(number, in: &story) }
    // Life goes on with what is left, and with the alerts that the purged one had.
    story.declare(6)
    story.note(4, "It is still slow.")
    story.add(alert(.resolved, 8, at: story.clock))
    story.add(alert(.resolved, 9, at: story.clock, of: 2))
    try apply(story, to: &state)
    let reader = try folder.reader()
    for number in 1...6 as ClosedRange<UInt64> {
      let isGone = numbers.contains(number)
      #expect((reader.incident(Story.incident(number)) == nil) == isGone, "\(number)")
    }
    // The alerts that went on to the second incident clear there.
    #expect(reader.incident(Story.incident(2))?.alertsClearedAt != nil)
    let purged = try reader.purged(limit: 10)
    #expect(Set(purged.map(\.incident)) == Set(numbers.map(Story.incident)))
    #expect(purged.allSatisfy { $0.rows > 0 })
    #expect(try reader.verify().digest == state.digest)
    // A row of the purge itself stands in the record, and those before it say nothing.
    let rows = try reader.audit(after: 0, limit: 1_000)
    for number in numbers {
      let own = rows.compactMap(\.content).filter { $0.subject.id == Story.incident(number) }
      #expect(own.last?.kind == Fact.purgedKind && own.last?.said != nil)
      #expect(own.dropLast().allSatisfy { $0.said == nil } && own.count > 1)
    }
    var scrub = LedgerScrub()
    while try !scrub.goOn(reader, rows: 5) {}
  }

  @Test func `takes what was told of an incident, and what was to be told, with it`() throws {
    var story = story()
    let (first, other) = (Story.incident(3), Story.incident(4))
    // Each has a communication and a message to somebody; one message of each was read.
    let ben = ID(high: 1, low: 8)
    story.add(.addPerson(NewPerson(id: ben, name: "Ben", email: "ben@example.org")))
    story.declare(7)
    for number in [4, 7] as [UInt64] {
      let id = Story.incident(number)
      story.add(
        .incident(
          id, .update(CommunicationUpdate(audience: .stakeholders, text: Self.secret))))
      story.add(
        .incident(
          id, .changeRole(RoleChange(role: .documenter, step: .give(to: Story.administrator)))))
      story.add(
        .incident(id, .changeRole(RoleChange(role: .commsLead, step: .give(to: ben)))))
      story.add(
        .incident(
          id,
          .draftCommunication(
            CommunicationDraft(
              id: ID(high: 16, low: number), audience: .allStaff, what: Self.secret,
              approver: ben))))
    }
    var state = try folder.state()
    try apply(story, to: &state)
    let before = try folder.reader()
    #expect(try before.communications(on: other, limit: 9).items.count == 2)
    let offered = try before.messages(on: Story.incident(7))
    #expect(offered.count == 2)
    for action in [
      IncidentAction.setPriority(PriorityChange(choice: .level(.p3), confirm: true)),
      .resolve(Resolution(fix: "x", takesLead: true)), .close(overrideReason: "enough"),
    ] {
      story.add(.incident(Story.incident(7), action))
    }
    story.clock += 3 * Span.day
    purge(7, in: &story)
    purge(3, in: &story)
    // What staff were told in the stead of the other says nothing of it, and stays.
    let notice = ID(high: 80, low: 1)
    story.add(
      .incident(other, .moveFace(.draft(NoticeText(title: "Beware", body: "Delete it.")))))
    story.add(.incident(other, .moveFace(.draft(NoticeText(title: "Beware", body: "x")))))
    // What is old goes by itself; what is gone already is passed over.
    story.clock += Message.kept
    let kept = try before.messages(on: other).map(\.id)
    story.add(.pruneMessages(kept + offered.map(\.id)), by: .system)
    story.note(4, "It is still slow.")
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect(reader.incident(first) == nil && reader.incident(Story.incident(7)) == nil)
    #expect(try reader.communications(on: Story.incident(7), limit: 9).items.isEmpty)
    #expect(try reader.messages(on: Story.incident(7)).isEmpty)
    #expect(reader.communication(ID(high: 16, low: 7)) == nil)
    #expect(reader.communication(ID(high: 16, low: 4)) != nil)
    #expect(try reader.messages(on: other).isEmpty)
    #expect(try reader.messages(until: story.clock).isEmpty)
    #expect(reader.notice(notice) == nil)
    #expect(try reader.notices(limit: 9).items.isEmpty)
    #expect(reader.incident(other)?.sensitive.faces.count == 2)
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `of a survivor leaves its duplicate without the alerts that it had given away`() throws
  {
    var story = story()
    story.add(
      .hold(
        HoldChange(
          incident: Story.incident(5), reason: "A court asks.", reviewAt: story.clock + Span.day)))
    for action in [
      IncidentAction.setPriority(PriorityChange(choice: .level(.p3), confirm: true)),
      .resolve(Resolution(fix: "x", takesLead: true)), .close(overrideReason: "enough"),
    ] {
      story.add(.incident(Story.incident(4), action))
    }
    story.clock += 3 * Span.day
    purge(4, in: &story)
    var state = try folder.state()
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect(reader.incident(Story.incident(4)) == nil)
    #expect(reader.incident(Story.incident(5))?.firingGroups == [])
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `gives no number twice, though the newest is gone`() throws {
    var story = story()
    story.declare(6)
    story.add(.incident(Story.incident(6), .cancel(reason: "never one")))
    story.clock += 3 * Span.day
    purge(6, in: &story)
    var state = try folder.state()
    try apply(story, to: &state)
    story.declare(7)
    try apply(story, to: &state)
    #expect(try folder.reader().verify().digest == state.digest)
  }

  @Test func `is of what is old enough and held by nobody`() throws {
    var story = story()
    let held = HoldChange(
      incident: Story.incident(3), reason: "A court asks.", reviewAt: story.clock + Span.day)
    story.add(.hold(held))
    for number in 2...4 as ClosedRange<UInt64> { purge(number, in: &story) }
    var state = try folder.state()
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect(try reader.purged(limit: 10).isEmpty)
    #expect(reader.incident(Story.incident(3))?.hold?.reason == "A court asks.")
    #expect(try reader.expired(after: 0, most: 100, at: story.clock).incident == Story.incident(1))
    #expect(try reader.expired(after: 1, most: 1, at: story.clock).last == 2)
    #expect(try reader.expired(after: 100, most: 9, at: story.clock).last == nil)

    story.add(
      .hold(HoldChange(incident: Story.incident(3), reason: "It is over.", reviewAt: nil)))
    purge(3, in: &story)
    try apply(story, to: &state)
    #expect(try reader.purged(limit: 10).map(\.incident) == [Story.incident(3)])
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `leaves nothing of what was said in the state's files`() throws {
    var story = story()
    var state = try folder.state()
    try apply(story, to: &state)
    #expect(try holdsSecret())
    purge(1, in: &story)
    // The group that went on to the second incident has the words too.
    story.add(alert(.resolved, 2, at: story.clock))
    for action in [
      IncidentAction.setPriority(PriorityChange(choice: .level(.p3), confirm: true)),
      .resolve(Resolution(fix: "x", takesLead: true)), .close(overrideReason: "enough"),
    ] {
      story.add(.incident(Story.incident(2), action))
    }
    story.clock += 3 * Span.day
    purge(5, in: &story)
    purge(2, in: &story)
    try apply(story, to: &state)
    #expect(state.purged == LogIndex(rawValue: story.last))
    #expect(state.durable == state.applied.index)
    #expect(try !holdsSecret())
    #expect(try folder.reader().verify().digest == state.digest)
  }

  @Test(arguments: [[1], [2], [1, 2], [2, 1]] as [[UInt64]])
  func `of an incident leaves those that had to do with it as the ledger says`(
    numbers: [UInt64]
  ) throws {
    var story = Story()
    story.raise(keeping: 1, serious: 1)
    for number in 1...3 as ClosedRange<UInt64> { story.declare(number) }
    let (parent, child) = (Story.incident(1), Story.incident(2))
    let actions: [(UInt64, IncidentAction)] = [
      (2, .relate(.childOf(parent))), (3, .relate(.childOf(parent))),
      (2, .relate(.recurrenceOf(parent))),
      (1, .engage(.supplier(EngagedSupplier(name: Self.secret)))),
      (2, .relate(.causedBy(ChangeLink(reference: "CHG-1", text: Self.secret)))),
      (1, .update(CommunicationUpdate(audience: .stakeholders, text: Self.secret))),
      (2, .cancel(reason: Self.secret)), (1, .cancel(reason: Self.secret)),
    ]
    for (number, action) in actions { story.add(.incident(Story.incident(number), action)) }
    story.clock += 2 * Span.day
    for number in numbers { purge(number, in: &story) }
    // Life goes on with what is left.
    story.declare(4)
    story.add(.incident(Story.incident(3), .relate(.childOf(Story.incident(4)))))
    var state = try folder.state()
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect((reader.incident(parent) == nil) == numbers.contains(1))
    #expect((reader.incident(child) == nil) == numbers.contains(2))
    #expect(reader.incident(Story.incident(3))?.around.parent == Story.incident(4))
    #expect(try reader.verify().digest == state.digest)
    if numbers.count == 2 { #expect(try !holdsSecret()) }
  }

  @Test func `of a duplicate leaves its survivor with the alerts that fire still`() throws {
    var story = Story()
    story.raise(keeping: 1, serious: 2)
    let began = story.clock
    story.add(alert(.firing, 1, at: began))
    story.clock += Span.minute
    story.add(alert(.resolved, 2, at: began))
    var state = try folder.state()
    try apply(story, to: &state)
    #expect(try folder.reader().incident(Story.incident(1))?.alertsClearedAt != nil)
    story.add(alert(.firing, 3, at: story.clock, of: 2))
    story.add(.incident(Story.incident(3), .duplicate(of: Story.incident(1), reason: "the same")))
    story.clock += 3 * Span.day
    purge(3, in: &story)
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect(reader.incident(Story.incident(3)) == nil)
    let survivor = try #require(reader.incident(Story.incident(1)))
    #expect(survivor.firingGroups.count == 1 && survivor.alertsClearedAt == nil)
    #expect(try reader.verify().digest == state.digest)
  }

  private func holdsSecret() throws -> Bool {
    for suffix in ["", "-wal"] {
      let path = "\(folder.path)/\(StateStore.fileName(generation: 1))\(suffix)"
      let bytes = try Files.read(path, atMost: 1 << 24)
      if String(decoding: bytes, as: UTF8.self).contains(Self.secret) { return true }
    }
    return false
  }

  @Test func `is no excuse for other rows that say nothing`() throws {
    var story = story()
    purge(1, in: &story)
    story.note(4, "Still here.")
    var state = try folder.state()
    try apply(story, to: &state)
    let file = "\(folder.path)/\(StateStore.fileName(generation: 1))"
    let vandal = try Database(path: file, access: .write)
    try vandal.execute(
      "DELETE FROM event_body WHERE position = (SELECT max(position) FROM event)")
    #expect(throws: StoreError.self) { _ = try folder.reader().verify() }
  }
}
