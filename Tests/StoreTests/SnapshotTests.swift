import Bytes
import Crypto
import EventLoop
import FaultyDisk
import Glibc
import Raft
import SQLite
import Store
import Testing

@Suite("A snapshot")
struct SnapshotTests {
  private let folder: Folder
  private let story: Story

  private static let wider = Configuration(voters: [1, 2, 3, 4].map(NodeID.init))

  init() throws {
    folder = try Folder()
    var story = Story()
    story.add(kind: .configuration, payload: Self.wider.encoded())
    for number in 1...30 as ClosedRange<UInt64> {
      story.declare(number, reference: "load-\(number)")
      story.note(number, "Something was found.")
    }
    self.story = story
    var state = try folder.state()
    _ = try state.apply(story.entries)
  }

  private func make(_ system: String? = nil) throws(StoreError) -> StateSnapshot {
    try StateSnapshot.make(folder: folder.path, stateFile: "state-1.db", system: system)
  }

  /// Sends all of a snapshot in chunks of `size` bytes, from where the receiver is.
  private func send(
    _ snapshot: StateSnapshot, to incoming: inout IncomingSnapshot, through end: UInt64 = .max,
    size: Int = 10_000
  ) throws {
    while !incoming.isComplete && incoming.offset < end {
      let chunk = try snapshot.chunk(at: incoming.offset)
      try incoming.append(Array(chunk.prefix(size)), at: incoming.offset)
    }
  }

  /// A folder of another node that has applied nothing but made its files.
  private func receiver() throws -> Folder {
    let other = try Folder()
    _ = try other.state()
    return other
  }

  private let cluster = NodeIdentity.first.cluster

  @Test func `says what is in it, whatever is applied meanwhile`() throws {
    var state = try folder.state()
    let snapshot = try make()
    let digest = state.digest
    var longer = story
    longer.declare(31)
    _ = try state.apply([longer.entries[longer.entries.count - 1]])
    let bytes = try folder.bytes(of: "snapshot-1-\(story.last).db")
    #expect(
      snapshot.meta
        == SnapshotMeta(
          base: LogBase(
            position: story.entries[story.entries.count - 1].position, configuration: Self.wider),
          digest: digest, level: 1, bytes: UInt64(bytes.count), sha256: SHA256.hash(bytes)))
    #expect(try snapshot.chunk(at: 0) == Array(bytes.prefix(1 << 20)))
    #expect(try snapshot.chunk(at: UInt64(bytes.count - 5)) == bytes.suffix(5))
    #expect(try snapshot.chunk(at: UInt64(bytes.count)).isEmpty)
    try snapshot.remove()
    #expect(!folder.names().contains { $0.hasPrefix("snapshot") })
  }

  @Test func `becomes the state of another node`() throws {
    let snapshot = try make()
    let other = try receiver()
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    try send(snapshot, to: &incoming)
    let generation = try incoming.finish(for: cluster, above: "state-1.db")
    #expect(generation == 2)
    let install = SnapshotInstall(
      base: snapshot.meta.base, generation: generation, keepsEntries: false)
    do {
      var log = try LogStore.open(folder: other.path, identity: .first)
      try log.persist([
        PersistBatch(
          sequence: 1, hardState: HardState(term: Term(rawValue: 1), vote: nil), install: install)
      ])
      // As a node goes on that runs, and then as one that is started anew.
      let state = try StateStore.open(
        folder: other.path, identity: .first, installed: install)
      let (applied, durable) = (state.applied, state.durable)
      #expect(applied == snapshot.meta.base.position)
      #expect(durable == applied.index)
    }
    let log = try LogStore.open(folder: other.path, identity: .first)
    let removed = try StoreFolder.tidy(other.path, keeping: log.recovered.base.stateFile)
    #expect(removed == ["state-1.db"])
    var state = try StateStore.open(
      folder: other.path, identity: .first, recovered: log.recovered)
    let (applied, durable, configuration) = (state.applied, state.durable, state.configuration)
    #expect(applied == snapshot.meta.base.position)
    #expect(durable == snapshot.meta.base.position.index)
    #expect(
      configuration
        == PlacedConfiguration(index: LogIndex(rawValue: 2), configuration: Self.wider))
    let digest = state.digest
    #expect(digest == snapshot.meta.digest)
    var longer = story
    longer.declare(31)
    _ = try state.apply([longer.entries[longer.entries.count - 1]])
    let reader = try StateReader.open(folder: other.path, file: "state-2.db")
    #expect(try reader.verify().applied.index.rawValue == longer.last)
    #expect(try reader.configuration().configuration == Self.wider)
  }

  @Test func `is gone on with where it stopped, also after a restart`() throws {
    let snapshot = try make()
    let other = try receiver()
    try other.write([1], to: "incoming-1-9-00.part")
    do {
      var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
      try send(snapshot, to: &incoming, through: 50_000)
    }
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    #expect(incoming.offset == 50_000)
    #expect(other.names().count { $0.hasPrefix("incoming") } == 1)
    #expect(throws: SnapshotError.misplaced(at: 0, expected: 50_000)) {
      try incoming.append([1], at: 0)
    }
    #expect(throws: SnapshotError.incomplete(bytes: 50_000, announced: snapshot.meta.bytes)) {
      _ = try incoming.finish(for: cluster, above: "state-1.db")
    }
    try send(snapshot, to: &incoming)
    #expect(try IncomingSnapshot.begin(snapshot.meta, in: other.path).isComplete)
    #expect(try incoming.finish(for: cluster, above: "state-1.db") == 2)
  }

  @Test func `whose bytes changed on the way is not taken, and begins anew`() throws {
    let snapshot = try make()
    let other = try receiver()
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    try send(snapshot, to: &incoming)
    let part = try #require(other.names().first { $0.hasPrefix("incoming") })
    try other.flip(at: 30_000, of: part)
    #expect(throws: SnapshotError.damaged) {
      _ = try incoming.finish(for: cluster, above: "state-1.db")
    }
    #expect(try IncomingSnapshot.begin(snapshot.meta, in: other.path).offset == 0)
    #expect(throws: SnapshotError.tooLong(announced: snapshot.meta.bytes)) {
      var whole = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
      try send(snapshot, to: &whole)
      try whole.append([0], at: whole.offset)
    }
  }

  @Test func `that was installed survives the loss of all other nodes`() throws {
    let snapshot = try make()
    let other = try receiver()
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    try send(snapshot, to: &incoming)
    let generation = try incoming.finish(for: cluster, above: "state-1.db")
    do {
      var log = try LogStore.open(folder: other.path, identity: .first)
      try log.persist([
        PersistBatch(
          sequence: 1, hardState: HardState(term: Term(rawValue: 1), vote: nil),
          install: SnapshotInstall(
            base: snapshot.meta.base, generation: generation, keepsEntries: false))
      ])
    }
    let survivor = try Survivor.recover(folder: other.path)
    #expect(survivor.base == snapshot.meta.base)
    #expect(survivor.applied == snapshot.meta.base.position)
    #expect(survivor.configuration.voters == [NodeIdentity.first.node])
    // The log has no entry to take a stamp from, and stamps may not fall.
    let last = try LogStore.open(folder: other.path, identity: .first).recovered.log.tail
    #expect(last.map(\.stamp) == [story.entries[story.entries.count - 1].stamp])
    #expect(last.map(\.position.index) == [snapshot.meta.base.position.index.next])
  }

  @Test func `is made over what a crash left of another`() throws {
    try folder.write([1, 2, 3], to: "snapshot.tmp")
    try folder.write([4, 5, 6], to: "snapshot.tmp-journal")
    let snapshot = try make()
    #expect(folder.names().filter { $0.hasPrefix("snapshot") }.count == 1)
    #expect(try make() == snapshot)
  }

  /// What is done to a file before it is announced with the hash that it then has.
  enum Fraud: String, CaseIterable, Sendable {
    case newer = "PRAGMA user_version = 2"
    case stranger = "PRAGMA application_id = 7"
    case foreign = "UPDATE meta SET cluster = zeroblob(16)"
    case level = "UPDATE meta SET level = 9"
    case applied = "UPDATE meta SET applied = applied + 1"
    case digest = "UPDATE meta SET digest = zeroblob(32)"
    case configuration = "UPDATE meta SET configuration = x'01'"
    case headless = "DELETE FROM meta"
    case unsound =
      "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'event_subject'"
  }

  @Test(arguments: Fraud.allCases)
  func `that is not what it should be is refused in plain words`(fraud: Fraud) throws {
    let snapshot = try make()
    let other = try receiver()
    do {
      let database = try Database(path: snapshot.path, access: .write)
      try database.execute(fraud.rawValue)
    }
    let bytes = try folder.bytes(of: "snapshot-1-\(story.last).db")
    let meta = SnapshotMeta(
      base: snapshot.meta.base, digest: snapshot.meta.digest, level: 1,
      bytes: UInt64(bytes.count), sha256: SHA256.hash(bytes))
    var incoming = try IncomingSnapshot.begin(meta, in: other.path)
    try send(snapshot, to: &incoming)
    let error = #expect(throws: SnapshotError.self) {
      _ = try incoming.finish(for: cluster, above: "state-1.db")
    }
    let isExpected =
      switch (fraud, error) {
      case (.newer, .newer(format: 2)), (.level, .newer(format: 9)): true
      case (.stranger, .unsound), (.unsound, .unsound), (.configuration, .unsound): true
      case (.headless, .unsound), (.foreign, .foreign): true
      case (.applied, .differs), (.digest, .differs): true
      default: false
      }
    #expect(isExpected, "\(fraud): \(String(describing: error))")
    #expect(other.names().filter { !$0.hasPrefix("raft") } == ["state-1.db"])
  }

  @Test func `waits for room without losing what is there`() throws {
    let snapshot = try make()
    let other = try receiver()
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    let part = try #require(fullDevice(for: snapshot.meta, in: other))
    #expect(throws: SnapshotError.store(.diskFull)) { try incoming.append([1, 2, 3], at: 0) }
    #expect(incoming.offset == 0)
    unsafe unlink(part)
    try send(snapshot, to: &incoming)
    #expect(try incoming.finish(for: cluster, above: "state-1.db") == 2)
  }

  /// Puts a device that is always full where the bytes of a snapshot go.
  private func fullDevice(for meta: SnapshotMeta, in folder: Folder) -> String? {
    let prefix = meta.sha256.prefix(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    let position = meta.base.position
    let path =
      "\(folder.path)/incoming-\(position.term.rawValue)-\(position.index.rawValue)-"
      + prefix.joined() + ".part"
    return unsafe symlink("/dev/full", path) == 0 ? path : nil
  }

  @Test func `takes a generation that no file here has had`() throws {
    #expect(try StoreFolder.unusedGeneration(in: folder.path, above: "state-7.db") == 8)
    try folder.write([], to: "state-11.db-wal")
    try folder.write([], to: "state-x.db")
    #expect(try StoreFolder.unusedGeneration(in: folder.path, above: "state-7.db") == 12)
  }

  @Test func `and state files that nothing names are removed at a start`() throws {
    let rubbish = [
      "snapshot-1-2.db", "snapshot.tmp", "snapshot.tmp-journal", "state-12.db-wal", "state-2.db",
      "state-2.db-shm",
    ]
    try folder.write([1], to: "state-9.db")
    try StoreFolder.remove(stateFile: "state-9.db", in: folder.path)
    #expect(!folder.names().contains("state-9.db"))
    for name in rubbish + ["incoming-1-2-00.part", "state-a.db"] { try folder.write([1], to: name) }
    #expect(try StoreFolder.tidy(folder.path, keeping: "state-1.db") == rubbish)
    #expect(
      folder.names() == ["incoming-1-2-00.part", "raft.db", "state-1.db", "state-a.db"])
    // Without the active file a person should see the folder as it is.
    #expect(try StoreFolder.tidy(folder.path, keeping: "state-3.db").isEmpty)
  }

  @Test func `is not begun from nothing when its file is missing`() throws {
    let log = try LogStore.open(folder: folder.path, identity: .first).recovered
    let base = story.entries[story.entries.count - 1].position
    do {
      var store = try LogStore.open(folder: folder.path, identity: .first)
      let install = SnapshotInstall(
        base: LogBase(position: base, configuration: Self.wider), generation: 2, keepsEntries: false
      )
      try store.persist([
        PersistBatch(
          sequence: 1, hardState: HardState(term: base.term, vote: nil), install: install)
      ])
    }
    #expect(log.base.stateFile == "state-1.db")
    let recovered = try LogStore.open(folder: folder.path, identity: .first).recovered
    let error = #expect(throws: StoreError.self) {
      _ = try StateStore.open(folder: folder.path, identity: .first, recovered: recovered)
    }
    #expect(error?.description.contains("must be replaced") == true)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `is whole or not there when the disk fails while it is made`(
    fault: FaultyDisk.Fault
  ) throws {
    let disk = FaultyDisk(name: "faulty-snapshot-\(fault)")
    let expected = try make().meta
    var succeeded = false
    var timesFull = 0
    for count in 0..<400 where !succeeded {
      disk.revive()
      try StoreFolder.tidy(folder.path, keeping: "state-1.db")
      disk.arm(after: count, with: fault)
      do throws(StoreError) {
        let snapshot = try make(disk.name)
        succeeded = !disk.disarm()
        #expect(snapshot.meta == expected)
      } catch {
        disk.disarm()
        if error == .diskFull { timesFull += 1 }
        #expect(!folder.names().contains { $0.hasPrefix("snapshot-") }, "failed after \(count)")
      }
      #expect(try folder.reader().stateHead().digest == expected.digest)
    }
    #expect(succeeded)
    #expect(timesFull > 0 || fault != .full)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `is whole or not there when the disk fails while it becomes a state`(
    fault: FaultyDisk.Fault
  ) throws {
    let disk = FaultyDisk(name: "faulty-incoming-\(fault)")
    let snapshot = try make()
    let other = try receiver()
    let before = try other.bytes(of: "state-1.db")
    var succeeded = false
    for count in 0..<60 where !succeeded {
      disk.revive()
      try StoreFolder.tidy(other.path, keeping: "state-1.db")
      var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
      try send(snapshot, to: &incoming, size: 1 << 20)
      disk.arm(after: count, with: fault)
      do throws(SnapshotError) {
        let generation = try incoming.finish(
          for: cluster, above: "state-1.db", system: disk.name)
        succeeded = !disk.disarm()
        #expect(generation == 2)
      } catch {
        disk.disarm()
        #expect(!other.names().contains { $0.hasPrefix("state-2") }, "failed after \(count)")
      }
      #expect(try other.bytes(of: "state-1.db") == before)
    }
    #expect(succeeded)
    #expect(
      try StateFileHead.read("\(other.path)/state-2.db").base == snapshot.meta.base)
  }
}
