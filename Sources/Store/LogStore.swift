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
  private let statements: Statements

  /// The last entry, its chain value, and the term run that it belongs to.
  private var last: Position
  private var chain: UInt64
  private var hardState: HardState

  /// Frames of 4 KiB in 16 MiB: beyond that a restart would read for too long.
  private static let framesBeforeCheckpoint = 4_096

  init(database: consuming Database, recovered: RecoveredLog, chain: UInt64) throws(SQLiteError) {
    let statements = try Statements(of: database)
    self.init(
      database: database, statements: statements, recovered: recovered, chain: chain)
  }

  private init(
    database: consuming Database, statements: consuming Statements, recovered: RecoveredLog,
    chain: UInt64
  ) {
    self.database = database
    self.statements = statements
    self.recovered = recovered
    self.chain = chain
    last = recovered.log.last
    hardState = recovered.hardState
  }

  /// Makes batches durable, all of them or none, in their order: one transaction, one fsync.
  ///
  /// Batches that store nothing cost nothing, not even the fsync.
  ///
  /// - Throws: ``StoreError/diskFull``: nothing was stored, and the same batches may be given
  ///   again. Anything else: whether it was stored is unknown, and the process must end.
  package mutating func persist(_ batches: [PersistBatch]) throws(StoreError) {
    guard batches.contains(where: { !$0.storesNothing }) else { return }
    let before = (last, chain, hardState)
    do throws(SQLiteError) {
      try database.beginWriting()
      for batch in batches { try write(batch) }
      try database.commit()
    } catch {
      (last, chain, hardState) = before
      // The first error explains; the caller ends the process unless it was the disk's room.
      try? database.rollBack()
      throw StoreError(error)
    }
    guard database.walFrames > Self.framesBeforeCheckpoint else { return }
    do throws(StoreError) {
      try checkpoint()
    } catch .diskFull {
      // The batches are durable all the same; the next one is what has to wait.
    }
  }

  /// The entries from `from` through `through`, as many of them as `maxBytes` of payload hold, but
  /// at least one. Each is checked against its checksum.
  package mutating func entries(
    from: LogIndex, through: LogIndex, maxBytes: Int
  ) throws(StoreError) -> [Entry] {
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
    if let truncateFrom = batch.truncateFrom { try truncate(from: truncateFrom) }
    for entry in batch.entries { try append(entry) }
  }

  private mutating func write(_ hardState: HardState) throws(SQLiteError) {
    statements.updateHardState.bind(hardState.term.rawValue, at: 1)
    statements.updateHardState.bind((hardState.vote?.rawValue).map(Int64.init), at: 2)
    statements.updateHardState.bind(Int64(hardState.checksum), at: 3)
    try statements.updateHardState.run()
    self.hardState = hardState
  }

  private mutating func truncate(from index: LogIndex) throws(SQLiteError) {
    guard index <= last.index else { return }
    statements.removeEntries.bind(index.rawValue, at: 1)
    try statements.removeEntries.run()
    statements.removeRuns.bind(index.rawValue, at: 1)
    try statements.removeRuns.run()
    (last, chain) = try position(before: index)
  }

  private mutating func append(_ entry: Entry) throws(SQLiteError) {
    precondition(
      entry.position.index == last.index.next && entry.position.term >= last.term,
      "An entry at \(entry.position) cannot follow \(last).")
    if entry.position.term != last.term {
      statements.insertRun.bind(entry.position.index.rawValue, at: 1)
      statements.insertRun.bind(entry.position.term.rawValue, at: 2)
      try statements.insertRun.run()
    }
    let checksum = entry.checksum
    chain = entry.chain(after: chain, checksum: checksum)
    statements.insertEntry.bind(entry.position.index.rawValue, at: 1)
    statements.insertEntry.bind(entry.position.term.rawValue, at: 2)
    statements.insertEntry.bind(Int64(entry.kind.rawValue), at: 3)
    statements.insertEntry.bind(entry.stamp, at: 4)
    statements.insertEntry.bind(Int64(checksum), at: 5)
    statements.insertEntry.bind(Int64(bitPattern: chain), at: 6)
    try statements.insertEntry.run(lending: entry.payload, at: 7)
    last = entry.position
  }

  /// The position before `index`, which is in the log or is where it begins, and its chain value.
  private func position(before index: LogIndex) throws(SQLiteError) -> (Position, UInt64) {
    guard index.rawValue > recovered.base.position.index.rawValue + 1 else {
      return (recovered.base.position, recovered.base.chain)
    }
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

/// The statements that raft.db is used by.
private struct Statements: ~Copyable {
  let insertEntry: Statement
  let removeEntries: Statement
  let selectEntries: Statement
  let selectChain: Statement
  let insertRun: Statement
  let removeRuns: Statement
  let updateHardState: Statement
}

extension Statements {
  init(of database: borrowing Database) throws(SQLiteError) {
    self.init(
      insertEntry: try database.prepare(
        """
        INSERT INTO log(idx, term, kind, stamp, checksum, chain, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """),
      removeEntries: try database.prepare("DELETE FROM log WHERE idx >= ?"),
      selectEntries: try database.prepare(
        """
          SELECT idx, term, kind, stamp, checksum, payload
            FROM log
           WHERE idx BETWEEN ? AND ?
        ORDER BY idx
        """),
      selectChain: try database.prepare("SELECT term, chain FROM log WHERE idx = ?"),
      insertRun: try database.prepare("INSERT INTO term_run(first, term) VALUES (?, ?)"),
      removeRuns: try database.prepare("DELETE FROM term_run WHERE first >= ?"),
      updateHardState: try database.prepare(
        "UPDATE hard_state SET term = ?, vote = ?, checksum = ? WHERE id = 0"))
  }
}

/// What raft.db said when it was opened.
package struct RecoveredLog: Hashable, Sendable {
  /// Term and vote.
  package let hardState: HardState
  /// The last configuration in the log, or that of ``base``.
  package let configuration: Configuration
  /// Bounds, terms and newest entries of the log.
  package let log: LogRecovery
  /// Where the log begins.
  package let base: Base

  /// What a node starts from.
  package init(
    hardState: HardState, configuration: Configuration, log: LogRecovery, base: Base
  ) {
    self.hardState = hardState
    self.configuration = configuration
    self.log = log
    self.base = base
  }

  /// Where a log begins, and which state file goes with it.
  package struct Base: Hashable, Sendable {
    /// The entry before the first one; ``Raft/Position/start`` in a log that was never trimmed.
    package let position: Position
    /// Who voted there.
    package let configuration: Configuration
    /// The name of the state file in the data folder.
    package let stateFile: String
    /// The chain value of the entry at ``position``.
    let chain: UInt64
  }
}

extension PersistBatch {
  /// Whether the disk need not hear of it.
  var storesNothing: Bool { hardState == nil && truncateFrom == nil && entries.isEmpty }
}

extension HardState {
  /// Guards term and vote against a flipped bit in the database file.
  var checksum: UInt32 {
    var writer = ByteWriter(reserving: 17)
    writer.put(term.rawValue)
    writer.put(optional: vote) { $0.put($1.rawValue) }
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
