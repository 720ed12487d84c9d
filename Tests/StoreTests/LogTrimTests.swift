import FaultyDisk
import Raft
import SQLite
import Store
import Testing

@Suite("A log that begins later")
struct LogTrimTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func open(_ system: String? = nil) throws(StoreError) -> LogStore {
    try LogStore.open(folder: folder.path, identity: .first, system: system)
  }

  private static let voted = HardState(term: Term(rawValue: 3), vote: nil)
  private static let wider = Configuration(voters: [1, 2, 3, 4].map(NodeID.init))

  /// Ten entries of three terms, with a configuration at index 6.
  private static let all: [Entry] = (1...10).map { index in
    .at(
      index, term: index <= 4 ? 1 : index <= 8 ? 2 : 3,
      kind: index == 6 ? .configuration : .command,
      payload: index == 6 ? wider.encoded() : nil)
  }

  /// What a node should find that trimmed ``all`` through `index`.
  private static func log(after index: Int, of entries: [Entry] = all) -> LogRecovery {
    let base = entries[index - 1].position
    var terms = [LogRecovery.TermRun(from: base.index, term: base.term)]
    for entry in entries[index...] where terms.last?.term != entry.position.term {
      terms.append(LogRecovery.TermRun(from: entry.position.index, term: entry.position.term))
    }
    return LogRecovery(
      first: base.index.next, last: entries.last?.position ?? base, terms: terms,
      tail: Array(entries[index...]), lastStamp: entries[index...].last?.stamp ?? 0)
  }

  /// The rows of the log, by their index.
  private func rows() throws -> [UInt64] {
    let database = try Database(path: "\(folder.path)/raft.db", access: .read)
    return try database.rows("SELECT idx FROM log ORDER BY idx") { row throws(SQLiteError) in
      try row.next() as UInt64
    }
  }

  @Test func `holds nothing of what stood before it once it was scrubbed`() throws {
    let words = Array("Xanthippe said so".utf8)
    let copy = try Folder()
    do {
      var store = try open()
      store.reserve(in: folder.path)
      let length = try folder.bytes(of: "raft.db-wal").count
      let entries: [Entry] = (1...3_000).map { index in
        // Some fill pages of their own, which are freed as a whole.
        .at(index, payload: index < 2_990 ? words + [UInt8](repeating: 1, count: Int(index)) : [2])
      }
      for start in stride(from: 0, to: 3_000, by: 500) {
        try store.persist([.of(Array(entries[start..<start + 500]), hardState: Self.voted)])
      }
      try store.persist([.trim(to: entries[2_989].position)])
      #expect(try holds(words))
      try store.scrub(in: folder.path)
      #expect(try !holds(words))
      #expect(try folder.bytes(of: "raft.db-wal").count == length)
      try store.persist([.of([.at(3_001, payload: [3])], hardState: Self.voted)])
      for name in ["raft.db", "raft.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    }
    let store = try LogStore.open(folder: copy.path, identity: .first)
    #expect(store.recovered.log.first == LogIndex(rawValue: 2_991))
    #expect(store.recovered.log.last.index == LogIndex(rawValue: 3_001))
  }

  private func holds(_ words: [UInt8]) throws -> Bool {
    for name in ["raft.db", "raft.db-wal"] {
      let text = String(decoding: try folder.bytes(of: name), as: UTF8.self)
      if text.contains(String(decoding: words, as: UTF8.self)) { return true }
    }
    return false
  }

  @Test(arguments: 1...10)
  func `has the terms, entries and configurations after its base`(index: Int) throws {
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      try store.persist([.trim(to: Self.all[index - 1].position)])
      let base = store.base.position
      #expect(base == Self.all[index - 1].position)
    }
    var store = try open()
    let recovered = store.recovered
    #expect(recovered.log == Self.log(after: index))
    var configurations = [
      PlacedConfiguration(
        index: LogIndex(rawValue: UInt64(index)), configuration: NodeIdentity.first.founding)
    ]
    if index < 6 {
      configurations.append(
        PlacedConfiguration(index: LogIndex(rawValue: 6), configuration: Self.wider))
    }
    #expect(recovered.configurations == configurations)
    #expect(recovered.base.stateFile == "state-1.db")
    // What lies before is gone at once, whether its rows are or not.
    let ten = LogIndex(rawValue: 10)
    #expect(try store.entries(from: LogIndex(rawValue: 1), through: ten, maxBytes: .max).isEmpty)
    #expect(
      try store.entries(from: LogIndex(rawValue: UInt64(index + 1)), through: ten, maxBytes: .max)
        == Array(Self.all[index...]))
  }

  @Test func `goes on after its base, also when everything after it was taken back`() throws {
    let fresh = [Entry.at(8, term: 3), .at(9, term: 3)]
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      var batch = PersistBatch.trim(to: Self.all[6].position)
      batch.truncateFrom = LogIndex(rawValue: 8)
      batch.entries = fresh
      try store.persist([batch])
    }
    #expect(try open().recovered.log == Self.log(after: 7, of: Array(Self.all[..<7]) + fresh))
  }

  @Test func `does not begin earlier because an older trim comes late`() throws {
    var store = try open()
    try store.persist([.of(Self.all, hardState: Self.voted)])
    try store.persist([.trim(to: Self.all[6].position), .trim(to: Self.all[2].position)])
    let base = store.base.position
    #expect(base == Self.all[6].position)
  }

  @Test func `loses its rows little by little, and a restart in between matters to nobody`() throws
  {
    let many = (1...4_500).map { Entry.at(UInt64($0)) }
    do {
      var store = try open()
      try store.persist([.of(many, hardState: Self.voted)])
      try store.persist([.trim(to: many[4_399].position)])
    }
    #expect(try rows() == Array(2_001...4_500))
    do {
      var store = try open()
      #expect(store.recovered.log == Self.log(after: 4_400, of: many))
      try store.persist([.of([], hardState: HardState(term: Term(rawValue: 4), vote: nil))])
    }
    #expect(try rows() == Array(4_001...4_500))
    do {
      var store = try open()
      try store.persist([.of([], hardState: HardState(term: Term(rawValue: 5), vote: nil))])
    }
    #expect(try rows() == Array(4_401...4_500))
    #expect(try open().recovered.log == Self.log(after: 4_400, of: many))
  }

  @Test func `gives way to an installed state, whole`() throws {
    let base = LogBase(
      position: Position(term: Term(rawValue: 3), index: LogIndex(rawValue: 50)),
      configuration: Self.wider)
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      let install = SnapshotInstall(base: base, generation: 2, keepsEntries: false)
      try store.persist([
        PersistBatch(sequence: 2, entries: [.at(51, term: 3)], install: install)
      ])
    }
    let recovered = try open().recovered
    #expect(
      recovered.log
        == LogRecovery(
          first: LogIndex(rawValue: 51), last: Entry.at(51, term: 3).position,
          terms: [LogRecovery.TermRun(from: base.position.index, term: base.position.term)],
          tail: [.at(51, term: 3)], lastStamp: 510))
    #expect(recovered.base.logBase == base)
    #expect(recovered.base.stateFile == "state-2.db")
    #expect(try rows() == [51])
  }

  @Test func `keeps the entries after an installed state that it agrees with`() throws {
    let base = LogBase(position: Self.all[6].position, configuration: Self.wider)
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      let install = SnapshotInstall(base: base, generation: 9, keepsEntries: true)
      try store.persist([PersistBatch(sequence: 2, install: install)])
    }
    let recovered = try open().recovered
    #expect(recovered.log == Self.log(after: 7))
    #expect(recovered.configurations.map(\.configuration) == [Self.wider])
    #expect(recovered.base.stateFile == "state-9.db")
  }

  @Test func `is empty after an install, and a configuration before it is forgotten`() throws {
    let base = LogBase(position: Self.all[9].position, configuration: NodeIdentity.first.founding)
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      let install = SnapshotInstall(base: base, generation: 2, keepsEntries: false)
      try store.persist([PersistBatch(sequence: 2, install: install)])
    }
    var store = try open()
    let recovered = store.recovered
    #expect(recovered.log == Self.log(after: 10))
    #expect(recovered.configuration == NodeIdentity.first.founding)
    try store.persist([.of([.at(11, term: 3)])])
    let last = try open11(consume store)
    #expect(last == .at(11, term: 3))
  }

  /// Closes a log and answers the last entry that it has when it is opened again.
  private func open11(_ store: consuming LogStore) throws -> Entry? {
    _ = consume store
    return try open().recovered.log.tail.last
  }

  @Test func `is refused when damaged, and says that the node must be replaced`() throws {
    do {
      var store = try open()
      try store.persist([.of(Self.all, hardState: Self.voted)])
      try store.persist([.trim(to: Self.all[4].position)])
    }
    let sound = try folder.bytes(of: "raft.db")
    for damage in [
      "UPDATE log SET payload = x'00' WHERE idx = 6", "UPDATE log SET chain = 1 WHERE idx = 6",
      "DELETE FROM log WHERE idx = 6", "DELETE FROM log WHERE idx = 8",
      "UPDATE base SET idx = 4", "UPDATE base SET term = 1", "UPDATE base SET chain = chain + 1",
      "UPDATE base SET state_file = 'state-2.db'", "UPDATE base SET configuration = x'01000000'",
      "DELETE FROM base", "DELETE FROM hard_state",
    ] {
      try folder.write(sound, to: "raft.db")
      do {
        let database = try Database(path: "\(folder.path)/raft.db", access: .write)
        try database.execute(damage)
      }
      let error = #expect(throws: StoreError.self, "\(damage)") { _ = try open() }
      #expect(error?.description.contains("must be replaced") == true, "\(damage)")
    }
  }

  @Test func `is refused when its write-ahead log is damaged`() throws {
    let copy = try Folder()
    var store = try open()
    try store.persist([.of(Self.all, hardState: Self.voted)])
    try store.persist([.trim(to: Self.all[4].position)])
    for index in 11...14 as ClosedRange<UInt64> { try store.persist([.of([.at(index, term: 3)])]) }
    for name in ["raft.db", "raft.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    try copy.flip(at: 32 + 24 + 2_000, of: "raft.db-wal")
    let error = #expect(throws: StoreError.self) {
      _ = try LogStore.open(folder: copy.path, identity: .first)
    }
    #expect(error?.description.contains("must be replaced") == true)
  }

  @Test func `would rather stop than begin after an entry that it does not hold`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try Folder()
      var store = try LogStore.open(folder: folder.path, identity: .first)
      try store.persist([.of([.at(1)])])
      try store.persist([.trim(to: Entry.at(2).position)])
    }
    await #expect(processExitsWith: .failure) {
      let folder = try Folder()
      var store = try LogStore.open(folder: folder.path, identity: .first)
      try store.persist([.of([.at(1), .at(2)])])
      try store.persist([.trim(to: Entry.at(1, term: 9).position)])
    }
  }

  @Test func `would rather stop than install into the file that is active`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try Folder()
      var store = try LogStore.open(folder: folder.path, identity: .first)
      let base = LogBase(
        position: Entry.at(9).position, configuration: NodeIdentity.first.founding)
      let install = SnapshotInstall(base: base, generation: 1, keepsEntries: false)
      try store.persist([PersistBatch(sequence: 1, install: install)])
    }
  }

  @Test(arguments: FaultyDisk.Fault.allCases, [true, false])
  func `is wholly before or wholly after a trim or an install when the disk fails`(
    fault: FaultyDisk.Fault, isTrim: Bool
  ) throws {
    let disk = FaultyDisk(name: "faulty-base-\(fault)-\(isTrim)")
    let base = LogBase(position: Self.all[6].position, configuration: Self.wider)
    let batch =
      isTrim
      ? PersistBatch(sequence: 2, entries: [.at(11, term: 3)], trim: base)
      : PersistBatch(
        sequence: 2, hardState: HardState(term: Term(rawValue: 4), vote: nil),
        install: SnapshotInstall(base: base, generation: 2, keepsEntries: false))
    let after =
      isTrim
      ? Self.log(after: 7, of: Self.all + [.at(11, term: 3)])
      : Self.log(after: 7, of: Array(Self.all[..<7]))
    var succeeded = false
    var timesFull = 0
    for count in 0..<80 where !succeeded {
      disk.revive()
      let folder = try Folder()
      do {
        var store = try LogStore.open(folder: folder.path, identity: .first, system: disk.name)
        try store.persist([.of(Self.all, hardState: Self.voted)])
        disk.arm(after: count, with: fault)
        do throws(StoreError) {
          try store.persist([batch])
          succeeded = !disk.disarm()
        } catch {
          disk.disarm()
          // Bounds in memory are those of before, so the same batch fits once there is room.
          if error == .diskFull {
            try store.persist([batch])
            timesFull += 1
          }
        }
      }
      let recovered = try LogStore.open(folder: folder.path, identity: .first).recovered
      if recovered.base.position == .start {
        #expect(recovered.log == LogRecovery(entries: Self.all), "failed after \(count)")
        #expect(recovered.hardState == Self.voted)
        #expect(recovered.base.stateFile == "state-1.db")
      } else {
        #expect(recovered.log == after, "failed after \(count)")
        #expect(recovered.base.logBase == base)
        #expect(recovered.base.stateFile == (isTrim ? "state-1.db" : "state-2.db"))
        #expect(recovered.hardState.term.rawValue == (isTrim ? 3 : 4))
      }
    }
    #expect(succeeded)
    #expect(timesFull > 0 || fault != .full)
  }
}

extension PersistBatch {
  /// A batch that makes the log begin after a position, where the founders were members.
  fileprivate static func trim(to position: Position) -> PersistBatch {
    PersistBatch(
      sequence: 2,
      trim: LogBase(position: position, configuration: NodeIdentity.first.founding))
  }
}
