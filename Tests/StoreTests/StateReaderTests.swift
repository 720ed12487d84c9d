import Bytes
import Incidents
import Raft
import Store
import Testing

@Suite("A reader")
struct StateReaderTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// A state and the story that it came from.
  private struct Prepared: ~Copyable {
    var story: Story
    var state: StateStore
  }

  /// A state of `count` incidents, each with a note.
  private func prepare(_ count: UInt64) throws -> Prepared {
    var story = Story()
    for number in 1...count {
      story.declare(number, reference: number % 2 == 0 ? "even-\(number)" : nil)
      story.note(number, "Note \(number).")
    }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    return Prepared(story: story, state: state)
  }

  /// All pages of a list, and how many rows each had.
  private func pages<Row>(
    _ page: (Cursor?) throws -> Page<Row>
  ) throws -> (rows: [Row], sizes: [Int]) {
    var rows: [Row] = []
    var sizes: [Int] = []
    var cursor: Cursor?
    repeat {
      let page = try page(cursor)
      rows += page.items
      sizes.append(page.items.count)
      // As a client gives it back.
      cursor = try page.next.map { try #require(Cursor($0.text)) }
    } while cursor != nil
    return (rows, sizes)
  }

  /// The list of a filter, as the administrator asks for it.
  private func list(_ filter: IncidentFilter = IncidentFilter(), at now: Int64 = 0)
    -> IncidentSearch
  {
    IncidentSearch(filter, asker: Story.administrator, at: now)
  }

  @Test func `finds things by their keys`() throws {
    let prepared = try prepare(3)
    let reader = try folder.reader()
    let id = Story.incident(2)
    try reader.read { reader throws(StoreError) in
      #expect(reader.incident(id)?.title == "Incident 2")
      #expect(try reader.incident(reference: Reference(id))?.id == id)
      #expect(reader.incident(Story.incident(9)) == nil)
      #expect(reader.credential(hash: Story.tokenHash)?.person == Story.administrator)
      #expect(reader.person(email: "ana@example.org")?.id == Story.administrator)
      #expect(reader.settings()?.defaultTeam == Story.team)
      #expect(try reader.people().map(\.id) == [Story.administrator])
      #expect(try reader.teams().map(\.id) == [Story.team])
      #expect(try reader.services().isEmpty)
      #expect(try reader.applied().rawValue == 7)
    }
    _ = consume prepared
  }

  @Test func `sees one state, whatever is applied meanwhile`() throws {
    var prepared = try prepare(1)
    let reader = try folder.reader()
    prepared.story.declare(2)
    try reader.read { reader throws(StoreError) in
      #expect(try reader.applied().rawValue == 3)
      _ = try prepared.state.apply([prepared.story.entries[3]])
      #expect(try reader.applied().rawValue == 3)
      #expect(reader.incident(Story.incident(2)) == nil)
    }
    try reader.read { reader throws(StoreError) in
      #expect(try reader.applied().rawValue == 4)
      #expect(reader.incident(Story.incident(2)) != nil)
    }
  }

  @Test func `gives every incident once, newest first, page by page`() throws {
    let prepared = try prepare(11)
    let reader = try folder.reader()
    let (rows, sizes) = try pages { try reader.incidents(list(), after: $0, limit: 4) }
    #expect(rows.map(\.title) == (1...11).reversed().map { "Incident \($0)" })
    #expect(sizes == [4, 4, 3])
    _ = consume prepared
  }

  @Test func `lists by the beginning of a reference, in the order of the references`() throws {
    let prepared = try prepare(12)
    let reader = try folder.reader()
    let (rows, sizes) = try pages {
      try reader.incidents(list(IncidentFilter(referencePrefix: "even-")), after: $0, limit: 4)
    }
    #expect(
      rows.map(\.externalReference) == [
        "even-10", "even-12", "even-2", "even-4", "even-6", "even-8",
      ])
    #expect(sizes == [4, 2])
    let none = try reader.incidents(list(IncidentFilter(referencePrefix: "odd")), limit: 4)
    #expect(none.items.isEmpty && none.next == nil)
    _ = consume prepared
  }

  @Test func `narrows a list by status, team, service and priority`() throws {
    let prepared = try prepare(3)
    let reader = try folder.reader()
    let one = try #require(reader.incident(Story.incident(1)))
    func count(_ filter: IncidentFilter) throws -> Int {
      try reader.incidents(list(filter), limit: 200).items.count
    }
    #expect(try count(IncidentFilter(statuses: [one.status])) == 3)
    #expect(try count(IncidentFilter(statuses: [.closed, .cancelled])) == 0)
    #expect(try count(IncidentFilter(teams: [Story.team])) == 3)
    #expect(try count(IncidentFilter(teams: [Story.incident(1)])) == 0)
    #expect(try count(IncidentFilter(services: [Story.team])) == 0)
    #expect(try count(IncidentFilter(priorities: [one.classification.priority])) == 3)
    _ = consume prepared
  }

  @Test func `gives the timeline of one incident, oldest first, page by page`() throws {
    var prepared = try prepare(2)
    let before = prepared.story.entries.count
    for line in 1...5 { prepared.story.note(1, "Line \(line).") }
    _ = try prepared.state.apply(Array(prepared.story.entries[before...]))
    let reader = try folder.reader()
    let (rows, sizes) = try pages {
      try reader.timeline(of: Story.incident(1), after: $0, limit: 3)
    }
    #expect(sizes.dropLast().allSatisfy { $0 == 3 })
    #expect(rows.map(\.position) == rows.map(\.position).sorted())
    #expect(rows.allSatisfy { $0.event.subject.id == Story.incident(1) })
    #expect(rows.allSatisfy { $0.actor == Story.person })
    let notes = rows.compactMap { row -> String? in
      if case .noted(let note) = row.event.fact { note.text } else { nil }
    }
    #expect(notes == ["Note 1."] + (1...5).map { "Line \($0)." })
  }

  @Test func `knows before the log what a command would come to`() throws {
    var story = Story()
    story.declare(1, key: Story.key("one"))
    var state = try folder.state()
    let results = try state.apply(story.entries)
    let reader = try folder.reader()
    func preflight(_ action: Action, key: IdempotencyKey? = nil) throws -> Preflight {
      let salt = [UInt8](repeating: 0, count: Bound.salt)
      let command = Command(
        actor: Story.person, key: key, receivedAt: story.clock, salt: salt, action: action)
      return try reader.read { reader throws(StoreError) in
        try reader.preflight(command, now: story.clock)
      }
    }
    let declare = Action.declare(Declaration(id: Story.incident(2), title: "Another"))
    #expect(try preflight(declare) == .proceed)
    #expect(try preflight(declare, key: Story.key("two")) == .proceed)
    #expect(
      try preflight(declare, key: Story.key("one"))
        == .remembered(try #require(results[1].outcome), results[1].position))
    #expect(try preflight(declare, key: Story.key("one", request: 2)) == .keyReused)
    let note = Action.incident(Story.incident(9), .note(Note(kind: .finding, text: "?")))
    guard case .refused(let refusal) = try preflight(note) else {
      Issue.record("A note to an unknown incident was not refused.")
      return
    }
    #expect(refusal.rule == .notFound)
  }

  @Test(arguments: ["", "AAAA", "not a cursor!", "AQ", "AQEAAAAAAAAAAQ"])
  func `refuses a cursor that it did not make`(text: String) {
    #expect(Cursor(text) == nil)
  }
}
