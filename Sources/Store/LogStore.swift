internal import Bytes
internal import EventLoop
package import Raft
internal import SQLite

/// The log and the vote of one node: raft.db.
///
/// What `persist(_:)` has returned from is on the disk. Only the log lane uses it; there is no
/// other connection to the file, in this process or another.
package struct LogStore: ~Copyable, @unchecked Sendable {
  // Sendable: it cannot be copied and its connection is private, so it is on one thread at a time.

  /// The name of the file in the data folder.
  package static let fileName = "raft.db"
  /// The format that this code writes and reads.
  package static let format = 1
  /// How many bytes of the newest entries ``recovered`` holds.
  package static let largestTail = 8 << 20

  /// What the file said when it was opened.
  package let recovered: RecoveredLog

  let database: Database
  let statements: LogStatements

  /// Where the log begins by now.
  package var base: RecoveredLog.Base { bounds.base }

  /// What a batch may change and a failed one must not have changed.
  var bounds: Bounds
  private var hardState: HardState
  /// How often the cluster was rebuilt.
  private var epoch: UInt64

  /// Both ends of the log.
  struct Bounds {
    var base: RecoveredLog.Base
    /// The first row: before the base's index as long as entries that were trimmed wait for their
    /// removal.
    var oldest: LogIndex
    /// The last entry and its chain value.
    var last: Position
    var chain: UInt64
  }

  /// Frames of 4 KiB in 16 MiB: beyond that a restart would read for too long.
  private static let framesBeforeCheckpoint = 4_096

  init(
    database: consuming Database, recovered: RecoveredLog, bounds: Bounds
  ) throws(SQLiteError) {
    let statements = try LogStatements(of: database)
    self.init(
      database: database, statements: statements, recovered: recovered, bounds: bounds)
  }

  private init(
    database: consuming Database, statements: consuming LogStatements, recovered: RecoveredLog,
    bounds: Bounds
  ) {
    self.database = database
    self.statements = statements
    self.recovered = recovered
    self.bounds = bounds
    hardState = recovered.hardState
    epoch = recovered.epoch
  }

  /// Makes batches durable, all of them or none, in their order: one transaction, one fsync.
  ///
  /// Batches that store nothing cost nothing, not even the fsync.
  ///
  /// - Throws: ``StoreError/diskFull``: nothing was stored, and the same batches may be given
  ///   again. Anything else: whether it was stored is unknown, and the process must end.
  package mutating func persist(_ batches: [PersistBatch]) throws(StoreError) {
    guard batches.contains(where: { !$0.storesNothing }) else { return }
    try change { store throws(SQLiteError) in
      for batch in batches { try store.write(batch) }
      try store.removeLeftovers()
    }
    guard database.walFrames > Self.framesBeforeCheckpoint else { return }
    do throws(StoreError) {
      try checkpoint()
    } catch .diskFull {
      // The batches are durable all the same; the next one is what has to wait.
    }
  }

  /// Does all of `body` in one transaction, or nothing of it.
  mutating func change(
    _ body: (inout LogStore) throws(SQLiteError) -> Void
  ) throws(StoreError) {
    let before = (bounds, hardState)
    do throws(SQLiteError) {
      try database.beginWriting()
      try body(&self)
      try database.commit()
    } catch {
      (bounds, hardState) = before
      // The first error explains; the caller ends the process unless it was the disk's room.
      try? database.rollBack()
      throw StoreError(error)
    }
  }

  /// The entries from `from` through `through`, as many of them as `maxBytes` of payload hold, but
  /// at least one. Each is checked against its checksum.
  ///
  /// None when the log begins after `from` by now: who needs those needs a snapshot.
  package mutating func entries(
    from: LogIndex, through: LogIndex, maxBytes: Int
  ) throws(StoreError) -> [Entry] {
    guard from > base.position.index else { return [] }
    var entries: [Entry] = []
    var bytes = 0
    var damage: String?
    statements.selectEntries.bind(from.rawValue, at: 1)
    statements.selectEntries.bind(through.rawValue, at: 2)
    try storing { () throws(SQLiteError) in
      try statements.selectEntries.visit { row throws(SQLiteError) in
        guard let entry = try Entry(checking: &row) else {
          damage = "an entry at or after \(from) does not match its checksum"
          return false
        }
        guard entry.position.index.rawValue == from.rawValue + UInt64(entries.count) else {
          damage = "\(from) to \(through) has a gap before \(entry.position.index)"
          return false
        }
        bytes += entry.payload.count
        guard entries.isEmpty || bytes <= maxBytes else { return false }
        entries.append(entry)
        return true
      }
    }
    if let damage { throw .corrupt("\(Self.fileName): \(damage)") }
    return entries
  }

  /// Gives the write-ahead log its whole length before the first write.
  ///
  /// The sync of a write into a file that grows costs about three times that of one that does not,
  /// for the file system then has its own journal to write. Without room the log grows as before.
  /// To be called once, right after the file was opened.
  ///
  /// - Parameter folder: The data folder that it was opened in.
  package mutating func reserve(in folder: String) {
    precondition(database.walFrames == 0, "The log is given its length before it is written.")
    let length = Self.framesBeforeCheckpoint * (4_096 + 24)
    try? Files.lengthen("\(folder)/\(Self.fileName)-wal", to: length)
  }

  /// Copies everything into the database file proper. The next write begins the write-ahead log
  /// anew, over the old one: its length is kept.
  private mutating func checkpoint() throws(StoreError) {
    let result = try storing { () throws(SQLiteError) in try database.checkpoint(.passive) }
    guard result.isComplete else {
      throw .failed("\(Self.fileName) could not be checkpointed: \(result)")
    }
  }

  private mutating func write(_ batch: PersistBatch) throws(SQLiteError) {
    if let hardState = batch.hardState, hardState != self.hardState {
      try write(hardState)
    }
    if let install = batch.install { try carryOut(install) }
    if let trim = batch.trim { try begin(after: trim) }
    if let truncateFrom = batch.truncateFrom { try truncate(from: truncateFrom) }
    for entry in batch.entries { try append(entry) }
  }

  mutating func write(_ hardState: HardState) throws(SQLiteError) {
    statements.updateHardState.bind(hardState.term.rawValue, at: 1)
    statements.updateHardState.bind((hardState.vote?.rawValue).map(Int64.init), at: 2)
    statements.updateHardState.bind(Int64(bitPattern: epoch), at: 3)
    let checksum = hardState.checksum(epoch: epoch, incarnation: recovered.incarnation)
    statements.updateHardState.bind(Int64(checksum), at: 4)
    try statements.updateHardState.run()
    self.hardState = hardState
  }

  /// Enters the next epoch with this term and vote: the cluster is rebuilt from this node.
  mutating func beginEpoch(_ hardState: HardState) throws(SQLiteError) {
    epoch += 1
    try write(hardState)
  }

  private mutating func truncate(from index: LogIndex) throws(SQLiteError) {
    precondition(index > base.position.index, "\(index) is no longer in the log.")
    guard index <= bounds.last.index else { return }
    statements.removeEntries.bind(index.rawValue, at: 1)
    try statements.removeEntries.run()
    statements.removeRuns.bind(index.rawValue, at: 1)
    try statements.removeRuns.run()
    (bounds.last, bounds.chain) = try position(before: index)
  }

  mutating func append(_ entry: Entry) throws(SQLiteError) {
    precondition(
      entry.position.index == bounds.last.index.next && entry.position.term >= bounds.last.term,
      "An entry at \(entry.position) cannot follow \(bounds.last).")
    if entry.position.term != bounds.last.term {
      statements.insertRun.bind(entry.position.index.rawValue, at: 1)
      statements.insertRun.bind(entry.position.term.rawValue, at: 2)
      try statements.insertRun.run()
    }
    let checksum = entry.checksum
    bounds.chain = entry.chain(after: bounds.chain, checksum: checksum)
    statements.insertEntry.bind(entry.position.index.rawValue, at: 1)
    statements.insertEntry.bind(entry.position.term.rawValue, at: 2)
    statements.insertEntry.bind(Int64(entry.kind.rawValue), at: 3)
    statements.insertEntry.bind(entry.stamp, at: 4)
    statements.insertEntry.bind(Int64(checksum), at: 5)
    statements.insertEntry.bind(Int64(bitPattern: bounds.chain), at: 6)
    try statements.insertEntry.run(lending: entry.payload, at: 7)
    bounds.last = entry.position
  }

  /// The position before `index`, which is in the log or is where it begins, and its chain value.
  func position(before index: LogIndex) throws(SQLiteError) -> (Position, UInt64) {
    guard index.previous > base.position.index else { return (base.position, base.chain) }
    statements.selectChain.bind(index.previous.rawValue, at: 1)
    let found = try statements.selectChain.row { row throws(SQLiteError) in
      let term = Term(rawValue: try row.next())
      let chain: Int64 = try row.next()
      return (Position(term: term, index: index.previous), UInt64(bitPattern: chain))
    }
    guard let found else { preconditionFailure("The log has no entry before \(index).") }
    return found
  }
}

extension PersistBatch {
  /// Whether the disk need not hear of it.
  var storesNothing: Bool {
    hardState == nil && install == nil && trim == nil && truncateFrom == nil && entries.isEmpty
  }
}

extension HardState {
  /// Guards the row of term, vote, epoch and incarnation against a flipped bit in the database file.
  func checksum(epoch: UInt64, incarnation: UInt64) -> UInt32 {
    var writer = ByteWriter(reserving: 33)
    writer.put(term.rawValue)
    writer.put(optional: vote) { $0.put($1.rawValue) }
    writer.put(epoch)
    writer.put(incarnation)
    return Checksum.crc32c(writer.bytes)
  }
}

extension Entry {
  /// Reads idx, term, kind, stamp, checksum and payload; `nil` if they do not belong together.
  init?(checking row: inout RowReader) throws(SQLiteError) {
    let index = LogIndex(rawValue: try row.next())
    let term = Term(rawValue: try row.next())
    let kind = Kind(rawValue: try row.next())
    let stamp: Int64 = try row.next()
    let checksum: UInt32 = try row.next()
    let payload: [UInt8] = try row.next()
    guard let kind else { return nil }
    self.init(
      position: Position(term: term, index: index), stamp: stamp, kind: kind, payload: payload)
    guard self.checksum == checksum else { return nil }
  }
}
