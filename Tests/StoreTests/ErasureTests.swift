import Bytes
import EventLoop
import Incidents
import Raft
import SQLite
import Store
import Testing

/// What becomes of the contact details of people who left (policy section 10).
@Suite("Contact details of leavers")
struct ErasureTests {
  private let folder: Folder
  private static let leaver = ID(high: 2, low: 7)
  private static let heir = ID(high: 2, low: 8)
  private static let heirsToken = ID(high: 2, low: 9)

  init() throws { folder = try Folder() }

  /// Somebody comes, is described anew, joins a team and leaves; so does the founder. It is long enough
  /// ago that their contact details go.
  private func story() -> Story {
    var story = Story()
    story.raise(keeping: 1, serious: 2)
    let contacts = PersonDetails(contacts: [ContactMethod(.sms, "+442079460000")])
    story.add(
      .addPerson(
        NewPerson(
          id: Self.leaver, name: "Pat", email: "pat@old.example", isAuditor: true,
          details: contacts)))
    story.add(
      .addPerson(
        NewPerson(id: Self.heir, name: "Bo", email: "bo@example.org", isAdministrator: true)))
    story.add(
      .issueCredential(
        NewCredential(
          id: Self.heirsToken, person: Self.heir, hash: [UInt8](repeating: 9, count: 32),
          label: "desk")))
    story.add(
      .setMember(MembershipChange(team: Story.team, person: Self.leaver, role: .teamLead)))
    story.add(
      .setMember(MembershipChange(team: Story.team, person: Self.heir, role: .teamLead)))
    story.declare(1)
    story.add(.changeSettings(SettingsChange(dutyContact: Self.heir)), by: heir)
    story.add(.deactivatePerson(Self.leaver), by: heir)
    story.add(.deactivatePerson(Story.administrator), by: heir)
    story.clock += 3 * Span.day
    return story
  }

  private var heir: Actor { .credential(id: Self.heirsToken, person: Self.heir) }

  private func apply(_ story: Story, to state: inout StateStore) throws {
    let results = try state.apply(Array(story.entries[Int(state.applied.index.rawValue)...]))
    for result in results { #expect(result.rule == nil, "\(result)") }
  }

  private func holds(_ word: String) throws -> Bool {
    for suffix in ["", "-wal"] {
      let bytes = try folder.bytes(of: StateStore.fileName(generation: 1) + suffix)
      if String(decoding: bytes, as: UTF8.self).contains(word) { return true }
    }
    return false
  }

  @Test func `are in no file once they have been gone long enough, and the record still verifies`()
    throws
  {
    var story = story()
    var state = try folder.state()
    try apply(story, to: &state)
    #expect(try holds("pat@old.example"))
    #expect(try holds("ana@example.org"))
    let reader = try folder.reader()
    #expect(try reader.erasable(at: story.clock - 2 * Span.day - Span.hour) == nil)
    for _ in 1...2 {
      let next = try #require(try reader.erasable(at: story.clock))
      story.add(.eraseContacts(next), by: .system)
      try apply(story, to: &state)
    }
    #expect(try reader.erasable(at: story.clock) == nil)
    #expect(state.purged == LogIndex(rawValue: story.last))
    for word in ["pat@old.example", "+442079460000", "ana@example.org"] {
      #expect(try !holds(word), "\(word)")
    }
    // History keeps the name, and what they were.
    let pat = try #require(reader.person(Self.leaver))
    #expect(pat.name == "Pat" && pat.isErased && pat.isAuditor && pat.details == nil)
    #expect(reader.person(Story.administrator)?.name == "Ana")
    #expect(reader.founding()?.email == Story.administrator.description)
    #expect(try reader.verify().digest == state.digest)
    var scrub = LedgerScrub()
    while try !scrub.goOn(reader, rows: 5) {}

    // Somebody else may have the address from now on, and life goes on.
    story.add(
      .addPerson(NewPerson(id: ID(high: 2, low: 10), name: "Pat", email: "pat@old.example")),
      by: heir)
    try apply(story, to: &state)
    #expect(try folder.reader().verify().digest == state.digest)
  }

  @Test func `stay where it is too early, or nobody left, and go once only`() throws {
    var story = story()
    story.clock -= 3 * Span.day - Span.hour
    let early = story.last
    story.add(.eraseContacts(Self.leaver), by: .system)
    story.clock += 3 * Span.day
    story.add(.eraseContacts(Self.heir), by: .system)
    story.add(.eraseContacts(ID(high: 2, low: 99)), by: .system)
    var state = try folder.state()
    try apply(story, to: &state)
    let reader = try folder.reader()
    let rows = try reader.audit(after: 0, limit: 1_000).count
    #expect(reader.person(Self.leaver)?.email == "pat@old.example")
    #expect(early < story.last && reader.person(Self.heir)?.isErased == false)
    for _ in 1...2 { story.add(.eraseContacts(Self.leaver), by: .system) }
    try apply(story, to: &state)
    #expect(try reader.audit(after: 0, limit: 1_000).count == rows + 1)
    #expect(state.purged == LogIndex(rawValue: story.last - 1))
  }

  @Test func `are not taken for erased where no row says so`() throws {
    var state = try folder.state()
    try apply(story(), to: &state)
    let vandal = try Database(
      path: "\(folder.path)/\(StateStore.fileName(generation: 1))", access: .write)
    try vandal.execute(
      "DELETE FROM event_body WHERE position IN (SELECT position FROM event WHERE kind = 2)")
    #expect(throws: StoreError.self) { try folder.reader().verify() }
  }
}
