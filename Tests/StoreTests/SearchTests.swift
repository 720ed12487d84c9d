import Bytes
import EventLoop
import FaultyDisk
import Incidents
import Raft
import SQLite
import Store
import Testing

@Suite("A search")
struct SearchTests {
  private let folder: Folder
  private static let secret = "Xanthippe"

  init() throws { folder = try Folder() }

  private func index(_ folder: Folder, system: String? = nil) throws(StoreError) -> SearchStore {
    try SearchStore.open(
      folder: folder.path, cluster: NodeIdentity.first.cluster, system: system)
  }

  /// Feeds the index to the end of the ledger.
  private func feed(_ store: inout SearchStore, _ folder: Folder) throws {
    let reader = try folder.reader()
    while true {
      guard case .indexed(_, _, let isAtEnd) = try store.goOn(reader) else {
        Issue.record("The ledger is strange.")
        return
      }
      if isAtEnd { return }
    }
  }

  /// The titles of what is found.
  private func found(
    _ text: String, after cursor: Cursor? = nil, limit: Int = 50
  ) throws -> Page<SearchHit> {
    let query = try SearchQuery(text)
    let searcher = try SearchReader.open(folder: folder.path)
    return try folder.reader().read { reader throws(StoreError) in
      try searcher.find(query, after: cursor, limit: limit, in: reader)
    }
  }

  private func titles(_ text: String) throws -> [String] {
    try found(text).items.map(\.incident.title)
  }

  private func prepare() throws -> Story {
    var story = Story()
    story.raise(to: 2)
    story.declare(1, reference: "OSS-4711")
    story.note(1, "The certificate of the café's till expired.")
    story.declare(2)
    story.note(2, "Nobody renewed a certificate: it was \(Self.secret)'s.")
    story.note(2, "The till prints \"nothing\" in Zürich.")
    story.add(.incident(Story.incident(2), .cancel(reason: "False alarm.")))
    story.declare(3)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    var store = try index(folder)
    try feed(&store, folder)
    return story
  }

  @Test func `finds what has all of the words, the latest first`() throws {
    _ = try prepare()
    #expect(try titles("certificate") == ["Incident 2", "Incident 1"])
    #expect(try titles("CERTIFICATE expired") == ["Incident 1"])
    // In different entries, and in the title.
    #expect(try titles("renewed zurich incident") == ["Incident 2"])
    #expect(try titles("cafe") == ["Incident 1"])
    #expect(try titles("\"certificate of the\"") == ["Incident 1"])
    #expect(try titles("\"of certificate\"").isEmpty)
    #expect(try titles("cert*") == ["Incident 2", "Incident 1"])
    #expect(try titles("\"a certif\"*") == ["Incident 2"])
    #expect(try titles("false alarm") == ["Incident 2"])
    #expect(try titles("oss-4711") == ["Incident 1"])
    #expect(try titles("certificat").isEmpty)
  }

  @Test func `finds an incident by what people call it`() throws {
    var story = try prepare()
    let reference = Reference(Story.incident(1)).text
    #expect(try titles(reference) == ["Incident 1"])
    #expect(try titles(reference.lowercased()) == ["Incident 1"])
    story.note(3, "It looks like \(reference).")
    var state = try folder.state()
    _ = try state.apply([story.entries[story.entries.count - 1]])
    var store = try index(folder)
    try feed(&store, folder)
    let page = try found(reference, limit: 1)
    #expect(page.items.map(\.incident.title) == ["Incident 1"])
    let next = try found(reference, after: page.next, limit: 1)
    #expect(next.items.map(\.incident.title) == ["Incident 3"])
    #expect(next.next == nil)
  }

  @Test func `shows where the words are`() throws {
    _ = try prepare()
    let hit = try #require(try found("till expired").items.first)
    #expect(hit.field == .entry)
    #expect(
      hit.pieces == [
        .init(text: "The certificate of the café's ", isMarked: false),
        .init(text: "till", isMarked: true), .init(text: " ", isMarked: false),
        .init(text: "expired", isMarked: true), .init(text: ".", isMarked: false),
      ])
    #expect(try found("incident").items.map(\.field) == [.title, .title, .title])
  }

  @Test(arguments: [
    "NOT", "a OR b", "NEAR(a b)", "title:certificate", "{title}: x", "^certificate", "a + b", "\"",
    "\"\"",
    "a\"b", "\"a", "cert* *", "(((", "a AND", "-- ;", "'; DROP TABLE chapter", "\u{0}x",
    "\u{1}mark\u{2}",
    "\u{FFFF}a", "🔥 x", "e-mail", "a:b:c", "[1,2]", "café\u{301}", "%_", "\\", "x\u{202E}y",
  ])
  func `takes whatever is typed for text`(text: String) throws {
    _ = try prepare()
    _ = try found(text.contains("a") || text.contains("x") ? text : text + " a")
    #expect(try titles("certificate").count == 2)
  }

  @Test(arguments: [
    "", "   ", "\"\"", "!?", "🔥", "ab*", "\"the c\"*", String(repeating: "long", count: 100),
    String(repeating: "a ", count: 17),
  ])
  func `is refused, with what to do, where it asks for nothing or too much`(text: String) {
    #expect(throws: SearchQuery.Mistake.self) { _ = try SearchQuery(text) }
  }

  @Test func `gives every incident once, page by page`() throws {
    var story = Story()
    for number in 1...23 {
      story.declare(UInt64(number))
      story.note(UInt64(number), "The same word.")
    }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    var store = try index(folder)
    try feed(&store, folder)
    var titles: [String] = []
    var cursor: Cursor?
    repeat {
      let page = try found("word", after: cursor, limit: 5)
      titles += page.items.map(\.incident.title)
      cursor = page.next.flatMap { Cursor($0.text) }
    } while cursor != nil
    #expect(titles == (1...23).reversed().map { "Incident \($0)" })
  }

  @Test func `finds an incident with a long timeline once, by its last entry too`() throws {
    var story = Story()
    story.declare(1)
    for number in 1...12 {
      story.note(1, "Entry \(number): \(String(repeating: "tick ", count: 3_000)) end\(number)")
    }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    var store = try index(folder)
    try feed(&store, folder)
    #expect(try titles("tick").count == 1)
    #expect(try titles("end1") == ["Incident 1"])
    #expect(try titles("end12 incident") == ["Incident 1"])
  }

  @Test func `hides what the asker may not see, and fills its page`() throws {
    var story = Story()
    for number in 1...9 { story.declare(UInt64(number)) }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    var store = try index(folder)
    try feed(&store, folder)
    let query = try SearchQuery("incident")
    let searcher = try SearchReader.open(folder: folder.path)
    let page = try folder.reader().read { reader throws(StoreError) in
      try searcher.find(query, limit: 4, in: reader) {
        $0.title > "Incident 3" && $0.title < "Incident 8"
      }
    }
    #expect(page.items.map(\.incident.title) == (4...7).reversed().map { "Incident \($0)" })
    #expect(page.next == nil)
  }
}

extension SearchTests {
  @Test func `goes on where it stopped, and only in its own ledger`() throws {
    var story = Story()
    for number in 1...1_200 {
      story.declare(UInt64(number))
      story.note(UInt64(number), "Note \(number).")
    }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    do {
      var store = try index(folder)
      let progress = try store.goOn(reader)
      guard case .indexed(let rows, let through, isAtEnd: false) = progress else {
        Issue.record("\(progress)")
        return
      }
      #expect(rows == SearchStore.batch)
      #expect(through < state.applied.index && through > .zero)
    }
    var store = try index(folder)
    let position = store.position
    #expect(position == UInt64(SearchStore.batch))
    try feed(&store, folder)
    #expect(try titles("1200") == ["Incident 1200"])
    #expect(try titles("\"note 1\"") == ["Incident 1"])

    let other = try Folder()
    var otherStory = Story()
    for number in 1...2_500 { otherStory.declare(UInt64(number + 7)) }
    var otherState = try other.state()
    _ = try otherState.apply(otherStory.entries)
    #expect(try store.goOn(other.reader()) == .strange)
    // One that has not come so far is another as well: it may yet become anything.
    let short = try Folder()
    var shortState = try short.state()
    _ = try shortState.apply(Array(story.entries[..<5]))
    #expect(try store.goOn(short.reader()) == .strange)
  }

  @Test func `has nothing of what was purged, in no file`() throws {
    var story = try prepare()
    #expect(try titles(Self.secret) == ["Incident 2"])
    #expect(try filesHold(Self.secret))
    story.add(
      .changeSettings(
        SettingsChange(
          extras: Settings.Extras(retention: RetentionPeriods(ordinary: 1, serious: 2)))))
    story.clock += 3 * Span.day
    story.add(.purge(Story.incident(2)), by: .system)
    var state = try folder.state()
    _ = try state.apply(Array(story.entries[Int(state.applied.index.rawValue)...]))
    // Before the index has heard of it.
    #expect(try titles(Self.secret).isEmpty)
    var store = try index(folder)
    try feed(&store, folder)
    #expect(try titles("certificate") == ["Incident 1"])
    let owes1 = store.owesMerge
    #expect(owes1)
    // Though it ends in the midst of it.
    _ = try store.merge()
    store = try index(folder)
    let owes2 = store.owesMerge
    #expect(owes2)
    var steps = 0
    while try !store.merge(), steps < 100 { steps += 1 }
    let owes3 = store.owesMerge
    #expect(!owes3 && steps < 100)
    #expect(try !filesHold(Self.secret))
    #expect(try titles("certificate") == ["Incident 1"])
    store = try index(folder)
    let owes4 = store.owesMerge
    #expect(!owes4)
  }

  @Test func `of a ledger that was purged before has nothing of it either`() throws {
    var story = try prepare()
    story.add(
      .changeSettings(
        SettingsChange(
          extras: Settings.Extras(retention: RetentionPeriods(ordinary: 1, serious: 2)))))
    story.clock += 3 * Span.day
    story.add(.purge(Story.incident(2)), by: .system)
    var state = try folder.state()
    _ = try state.apply(Array(story.entries[Int(state.applied.index.rawValue)...]))
    try SearchStore.remove(from: folder.path)
    var store = try index(folder)
    try feed(&store, folder)
    #expect(try titles("certificate") == ["Incident 1"])
    #expect(try !filesHold(Self.secret))
  }

  private func filesHold(_ word: String) throws -> Bool {
    for name in folder.names() where name.hasPrefix("search.db") && !name.hasSuffix("-shm") {
      let text = String(decoding: try folder.bytes(of: name), as: UTF8.self).lowercased()
      if text.contains(word.lowercased()) { return true }
    }
    return false
  }

  @Test(arguments: [FaultyDisk.Fault.full, .write])
  func `is as it was or as it shall be after any failure of the disk`(
    fault: FaultyDisk.Fault
  ) throws {
    var story = Story()
    story.declare(1)
    story.note(1, "The certificate expired.")
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let disk = FaultyDisk(name: "faulty-search-\(fault)")
    var succeeded = false
    for count in 0..<200 where !succeeded {
      disk.revive()
      try SearchStore.remove(from: folder.path)
      do throws(StoreError) {
        disk.arm(after: count, with: fault)
        var store = try index(folder, system: disk.name)
        _ = try store.goOn(try folder.reader())
        succeeded = !disk.disarm()
      } catch {
        disk.disarm()
      }
      var store = try index(folder)
      try feed(&store, folder)
      #expect(try titles("certificate") == ["Incident 1"], "failed after \(count)")
    }
    #expect(succeeded)
  }

  @Test func `knows another's file, and a newer one`() throws {
    _ = try prepare()
    #expect(
      throws: StoreError.foreign(
        "The search index belongs to cluster \(NodeIdentity.first.cluster).")
    ) {
      _ = try SearchStore.open(folder: folder.path, cluster: ID(high: 5, low: 5))
    }
    let path = "\(folder.path)/search.db"
    let database = try Database(path: path, access: .write)
    try database.execute("PRAGMA user_version = 4")
    #expect(throws: StoreError.newer(file: path, format: 4)) { _ = try index(folder) }
    try database.execute("PRAGMA user_version = 1")
    #expect(throws: StoreError.corrupt("the search index is of an older format")) {
      _ = try index(folder)
    }
  }
}
