import Bytes
import Raft
import SQLite
import Store
import Testing

@Suite("The log of a node")
struct LogStoreTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func open(_ identity: NodeIdentity = .first) throws(StoreError) -> LogStore {
    try LogStore.open(folder: folder.path, identity: identity)
  }

  private let term2 = HardState(term: Term(rawValue: 2), vote: NodeID(rawValue: 3))

  /// All entries that it holds.
  private func entries(_ store: inout LogStore) throws -> [Entry] {
    let last = store.recovered.log.last.index
    return try store.entries(from: LogIndex(rawValue: 1), through: last, maxBytes: .max)
  }

  @Test func `begins empty, with the founding configuration and no vote`() throws {
    let recovered = try open().recovered
    #expect(recovered.hardState == .initial)
    #expect(
      recovered.configurations == [
        PlacedConfiguration(index: .zero, configuration: NodeIdentity.first.founding)
      ])
    #expect(recovered.epoch == 1)
    #expect(recovered.log == .empty)
    #expect(recovered.base.stateFile == "state-1.db")
  }

  @Test func `holds what was persisted after a restart`() throws {
    let all = [Entry.at(1), .at(2), .at(3, term: 2), .at(4, term: 2, payload: [])]
    do {
      var store = try open()
      try store.persist([
        .of(Array(all[..<2]), hardState: HardState(term: Term(rawValue: 1), vote: nil)),
        .of(Array(all[2...]), hardState: term2),
      ])
    }
    var store = try open()
    #expect(store.recovered.hardState == term2)
    #expect(store.recovered.log == LogRecovery(entries: all))
    #expect(try entries(&store) == all)
  }

  @Test func `replaces a tail in the same transaction that adds another`() throws {
    let kept = [Entry.at(1), .at(2)]
    let fresh = [Entry.at(3, term: 2), .at(4, term: 2)]
    do {
      var store = try open()
      try store.persist([.of(kept + [.at(3), .at(4), .at(5)])])
      try store.persist([.of(fresh, truncateFrom: 3, hardState: term2)])
    }
    var store = try open()
    #expect(store.recovered.log == LogRecovery(entries: kept + fresh))
    #expect(try entries(&store) == kept + fresh)
  }

  @Test func `can lose all of its entries and begin again`() throws {
    do {
      var store = try open()
      try store.persist([.of([.at(1), .at(2)])])
      try store.persist([.of([.at(1, term: 2)], truncateFrom: 1, hardState: term2)])
    }
    #expect(try open().recovered.log == LogRecovery(entries: [.at(1, term: 2)]))
  }

  @Test func `knows the last configuration, and the one before when that is taken back`() throws {
    let wider = Configuration(voters: [1, 2, 3, 4].map(NodeID.init))
    let entry = Entry.at(2, kind: .configuration, payload: wider.encoded())
    do {
      var store = try open()
      try store.persist([.of([.at(1), entry, .at(3)], hardState: term2)])
    }
    do {
      var store = try open()
      #expect(store.recovered.configuration == wider)
      try store.persist([.of([.at(2, term: 2)], truncateFrom: 2)])
    }
    #expect(try open().recovered.configuration == NodeIdentity.first.founding)
  }

  @Test func `gives entries up to a size, but one at least`() throws {
    var store = try open()
    try store.persist([
      .of((1...5).map { .at($0, payload: [UInt8](repeating: 7, count: 100)) })
    ])
    let two = LogIndex(rawValue: 2)
    let five = LogIndex(rawValue: 5)
    #expect(try store.entries(from: two, through: five, maxBytes: 250).count == 2)
    #expect(try store.entries(from: two, through: five, maxBytes: 1).count == 1)
    #expect(try store.entries(from: two, through: five, maxBytes: .max).count == 4)
  }

  @Test func `does not touch the disk for batches that store nothing`() throws {
    var store = try open()
    try store.persist([.of([.at(1)], hardState: term2)])
    let before = try folder.bytes(of: "raft.db-wal")
    try store.persist([.of([]), .of([])])
    #expect(try folder.bytes(of: "raft.db-wal") == before)
  }

  @Test func `is refused to another cluster and to another node`() throws {
    _ = try open()
    let stranger = NodeIdentity(
      cluster: ID(high: 9, low: 9), node: NodeID(rawValue: 1),
      founding: NodeIdentity.first.founding)
    let other = NodeIdentity(
      cluster: NodeIdentity.first.cluster, node: NodeID(rawValue: 2),
      founding: NodeIdentity.first.founding)
    for identity in [stranger, other] {
      let error = #expect(throws: StoreError.self) { _ = try open(identity) }
      guard case .foreign = error else {
        Issue.record("\(String(describing: error)) is not “foreign”.")
        continue
      }
    }
  }

  @Test func `begins in the epoch of the cluster that its node joins, and stays in it`() throws {
    let joiner = NodeIdentity(
      cluster: NodeIdentity.first.cluster, node: NodeID(rawValue: 1),
      founding: Configuration(voters: []), epoch: 3)
    #expect(try open(joiner).recovered.epoch == 3)
    // What the configuration says later is not read any more.
    #expect(try open().recovered.epoch == 3)
  }

  @Test func `is refused to a second process`() throws {
    let first = try open()
    #expect(throws: StoreError.inUse("\(folder.path)/raft.db")) { _ = try open() }
    _ = consume first
  }

  @Test func `of a newer version is refused in plain words`() throws {
    _ = try open()
    do {
      let database = try Database(path: "\(folder.path)/raft.db", access: .write)
      try database.execute("PRAGMA user_version = 2")
    }
    let error = #expect(throws: StoreError.self) { _ = try open() }
    #expect(error == .newer(file: "\(folder.path)/raft.db", format: 2))
  }

  @Test func `notices a bit that flipped in an entry, in the vote, or in the chain`() throws {
    do {
      var store = try open()
      try store.persist([.of([.at(1), .at(2), .at(3)], hardState: term2)])
    }
    let sound = try folder.bytes(of: "raft.db")
    for damage in [
      "UPDATE log SET payload = x'00' WHERE idx = 2", "UPDATE log SET stamp = 21 WHERE idx = 2",
      "UPDATE log SET chain = chain + 1 WHERE idx = 2", "DELETE FROM log WHERE idx = 2",
      "UPDATE hard_state SET term = 3", "UPDATE hard_state SET vote = NULL",
      "UPDATE hard_state SET epoch = 2", "UPDATE hard_state SET incarnation = 7",
    ] {
      try folder.write(sound, to: "raft.db")
      do {
        let database = try Database(path: "\(folder.path)/raft.db", access: .write)
        try database.execute(damage)
      }
      let error = #expect(throws: StoreError.self, "\(damage)") { _ = try open() }
      guard case .corrupt = error, error?.description.contains("must be replaced") == true else {
        Issue.record("\(damage): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func `would rather stop than store an entry that follows no other`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try Folder()
      var store = try LogStore.open(folder: folder.path, identity: .first)
      try store.persist([.of([.at(2)])])
    }
  }
}

/// What a power cut or a bad disk leaves of the write-ahead log of raft.db.
@Suite("A write-ahead log")
struct WriteAheadLogTests {
  private let folder: Folder
  private static let frame = 24 + 4_096

  init() throws { folder = try Folder() }

  /// A folder as a crash leaves it: the log of five commits that were not checkpointed.
  private func crashed() throws -> Folder {
    let copy = try Folder()
    var store = try LogStore.open(folder: folder.path, identity: .first)
    for index in 1...5 as ClosedRange<UInt64> {
      try store.persist([
        .of([.at(index)], hardState: HardState(term: Term(rawValue: 1), vote: nil))
      ])
    }
    for name in ["raft.db", "raft.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    return copy
  }

  private func lastIndex(in folder: Folder) throws(StoreError) -> UInt64 {
    try LogStore.open(folder: folder.path, identity: .first).recovered.log.last.index.rawValue
  }

  /// Where the frames that end a commit begin.
  private func commits(_ log: [UInt8]) -> [Int] {
    stride(from: 32, to: log.count, by: Self.frame).filter { place in
      log[place + 4..<place + 8].contains { $0 != 0 }
    }
  }

  @Test func `that is whole is taken over`() throws {
    #expect(try lastIndex(in: crashed()) == 5)
  }

  @Test func `that has its whole length before it is written loses nothing`() throws {
    let copy = try Folder()
    var store = try LogStore.open(folder: folder.path, identity: .first)
    store.reserve(in: folder.path)
    let length = try folder.bytes(of: "raft.db-wal").count
    #expect(length > 16 << 20)
    let voted = HardState(term: Term(rawValue: 1), vote: nil)
    for index in 1...5 as ClosedRange<UInt64> {
      try store.persist([.of([.at(index)], hardState: voted)])
    }
    #expect(try folder.bytes(of: "raft.db-wal").count == length)
    for name in ["raft.db", "raft.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    #expect(try lastIndex(in: copy) == 5)
  }

  @Test func `that begins anew over the old one is refused when damaged, and else whole`() throws {
    let copy = try Folder()
    var store = try LogStore.open(folder: folder.path, identity: .first)
    var index: UInt64 = 0
    // Long enough to be copied into the file once, and then some.
    let voted = HardState(term: Term(rawValue: 1), vote: nil)
    while index < 4_300 {
      index += 1
      try store.persist([.of([.at(index)], hardState: voted)])
    }
    for name in ["raft.db", "raft.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    let log = try copy.bytes(of: "raft.db-wal")
    #expect(log.count > 16 << 20)
    try copy.flip(at: 32 + Self.frame + 2_000, of: "raft.db-wal")
    #expect(throws: StoreError.self) { try lastIndex(in: copy) }
    try copy.write(log, to: "raft.db-wal")
    #expect(try lastIndex(in: copy) == index)
  }

  @Test func `whose first sector is lost is refused`() throws {
    let crashed = try crashed()
    var log = try crashed.bytes(of: "raft.db-wal")
    for place in 0..<512 { log[place] = 0 }
    try crashed.write(log, to: "raft.db-wal")
    #expect(throws: StoreError.self) { try lastIndex(in: crashed) }
  }

  @Test func `that was torn in its last transaction loses that one only`() throws {
    let crashed = try crashed()
    let log = try crashed.bytes(of: "raft.db-wal")
    try crashed.write(Array(log.dropLast(100)), to: "raft.db-wal")
    #expect(try lastIndex(in: crashed) == 4)
  }

  @Test func `with a bad frame in its last transaction is taken for torn`() throws {
    let crashed = try crashed()
    let log = try crashed.bytes(of: "raft.db-wal")
    let last = try #require(commits(log).last)
    try crashed.flip(at: last + 1_000, of: "raft.db-wal")
    #expect(try lastIndex(in: crashed) == 4)
  }

  @Test func `with a flipped bit before that is refused, wherever it is`() throws {
    let crashed = try crashed()
    let log = try crashed.bytes(of: "raft.db-wal")
    let commits = commits(log)
    #expect(commits.count == 5)
    let bodies = commits.dropLast().map { $0 + 2_000 }
    let salts = commits.dropLast().map { $0 + 9 }
    for place in bodies + salts + [0, 10, 17, 25] {
      try crashed.write(log, to: "raft.db-wal")
      try crashed.flip(at: place, of: "raft.db-wal")
      let error = #expect(throws: StoreError.self, "byte \(place)") {
        try lastIndex(in: crashed)
      }
      guard case .corrupt = error else {
        Issue.record("byte \(place): \(String(describing: error))")
        continue
      }
    }
  }
}
