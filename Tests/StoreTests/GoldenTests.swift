import Bytes
import EventLoop
import Glibc
import Raft
import SQLite
import Store
import Testing

/// Files of the first format, as its first version wrote them: every later one must read them.
///
/// They are made anew with `MUSTER_GOLDEN=1`, which is right only as long as no version has gone
/// out that wrote the format.
@Suite("A file of format 1", .serialized)
struct GoldenTests {
  private static let golden = Files.folder(of: #filePath) + "/Golden"
  private static let names = ["raft.db", "state-1.db"]
  private static let wider = Configuration(voters: [1, 2, 3, 4].map(NodeID.init))
  private static let voted = HardState(term: Term(rawValue: 1), vote: NodeID(rawValue: 2))

  /// What is in them.
  private static var story: Story {
    var story = Story()
    story.add(kind: .barrier, payload: [])
    story.add(kind: .configuration, payload: wider.encoded())
    story.declare(1, key: Story.key("one"))
    story.declare(2, reference: "load-2")
    story.note(1, "The disk is full.")
    story.note(99, "Nobody declared this one.")
    return story
  }

  private let folder: Folder

  init() throws {
    folder = try Folder()
    if unsafe getenv("MUSTER_GOLDEN") != nil { try Self.make() }
    for name in Self.names {
      try folder.write(Files.read("\(Self.golden)/\(name)", atMost: 1 << 20), to: name)
    }
  }

  private static func make() throws {
    let folder = try Folder()
    do {
      var log = try LogStore.open(folder: folder.path, identity: .first)
      try log.persist([.of(story.entries, hardState: voted)])
      let base = LogBase(
        position: story.entries[1].position, configuration: NodeIdentity.first.founding)
      var state = try StateStore.open(
        folder: folder.path, identity: .first, recovered: log.recovered.ending(at: story.last))
      _ = try state.apply(story.entries)
      try state.checkpoint()
      try log.persist([PersistBatch(sequence: 2, trim: base)])
    }
    do {
      let database = try Database(path: "\(folder.path)/raft.db", access: .write)
      try database.execute("VACUUM")
    }
    try Files.makeFolder(golden, mode: 0o755)
    for name in names {
      try Files.write(folder.bytes(of: name), to: "\(golden)/\(name)", mode: 0o644)
    }
  }

  @Test func `is read, verified and gone on with`() throws {
    let entries = Self.story.entries
    let log = try LogStore.open(folder: folder.path, identity: .first)
    let recovered = log.recovered
    #expect(recovered.hardState == Self.voted)
    #expect(recovered.incarnation != 0)
    #expect(recovered.epoch == 1)
    #expect(recovered.base.logBase.position == entries[1].position)
    #expect(recovered.log.tail == Array(entries[2...]))
    #expect(
      recovered.configurations == [
        PlacedConfiguration(
          index: LogIndex(rawValue: 2), configuration: NodeIdentity.first.founding),
        PlacedConfiguration(index: LogIndex(rawValue: 3), configuration: Self.wider),
      ])

    var state = try StateStore.open(
      folder: folder.path, identity: .first, recovered: recovered)
    let applied = state.applied
    #expect(applied == recovered.log.last)
    let reader = try folder.reader()
    #expect(try reader.verify().applied == applied)
    // The digest is that of the same story today: what an entry comes to has not changed either.
    let fresh = try Folder()
    var today = try fresh.state()
    _ = try today.apply(entries)
    let (then, now) = (state.digest, today.digest)
    #expect(then == now)
    var longer = Self.story
    longer.declare(3)
    #expect(try state.apply([longer.entries[entries.count]])[0].outcome != nil)
  }

  @Test(arguments: [0, 1])
  func `is refused in plain words once a newer version wrote it`(place: Int) throws {
    let name = Self.names[place]
    do {
      let database = try Database(path: "\(folder.path)/\(name)", access: .write)
      try database.execute("PRAGMA user_version = 2")
    }
    let error = #expect(throws: StoreError.self) {
      let log = try LogStore.open(folder: folder.path, identity: .first)
      _ = try StateStore.open(
        folder: folder.path, identity: .first, recovered: log.recovered)
    }
    #expect(error == .newer(file: "\(folder.path)/\(name)", format: 2))
    #expect(error?.description.contains("start that version") == true)
  }
}

extension RecoveredLog {
  /// The same with a log that ends elsewhere.
  fileprivate func ending(at last: UInt64) -> RecoveredLog {
    RecoveredLog(
      hardState: hardState, configurations: configurations, log: .ending(at: last), base: base)
  }
}
