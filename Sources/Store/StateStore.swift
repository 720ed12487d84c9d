internal import EventLoop
internal import Incidents
package import Raft
internal import SQLite

/// The state of one node: everything that the commands so far came to, in one file.
///
/// Only the apply lane uses it. It is the file's only writer and its only checkpointer; readers
/// open their own ``StateReader``. The index of the last applied entry is written in the same
/// transaction as what it changed, so a restart goes on exactly there.
package struct StateStore: ~Copyable, @unchecked Sendable {
  // Sendable: it cannot be copied and its connection is private, so it is on one thread at a time.

  /// The format that this code writes and reads.
  package static let format = 1
  /// SQLite's application id.
  static let mark: Int64 = 0x4D53_5453
  /// The newest behaviour level that this code applies. It applies all before it too: a cluster is
  /// raised to a level by an entry of its log, once every member knows it.
  package static let newestLevel = Command.newestLevel
  /// The name in the data folder of the state file of a generation, counted from 1. A snapshot that
  /// is installed is the next generation.
  package static func fileName(generation: UInt64) -> String { "state-\(generation).db" }

  /// The last entry that was applied.
  package var applied: Position { head.applied }
  /// The stamp of that entry, in milliseconds since 1970; 0 before the first. A log that begins
  /// after everything that it held no longer knows it, and stamps may not fall.
  package var stamp: Int64 { head.stamp }
  /// Stands for everything that was changed so far; equal on every node at the same index.
  package var digest: [UInt8] { head.digest }
  /// The newest digest that was kept since the file was opened, for other nodes to compare with.
  package internal(set) var newestDigest: StateDigest?
  /// Who is in the cluster by what was applied, and the entry that said so.
  package var configuration: PlacedConfiguration { head.configuration }
  /// The last entry that a power cut cannot undo here; the log may be trimmed no further.
  package internal(set) var durable: LogIndex

  /// The last entry that purged something: the log must not hold what stands before it.
  package internal(set) var purged = LogIndex.zero
  /// The write-ahead log still has pages from before a purge.
  var owesTruncation = false

  let tables: RecordTables
  let ledger: Ledger
  let bookkeeping: Bookkeeping
  var head: Head
  /// Begins to write the write-ahead log long before the checkpoint has it synced.
  var earlyWriting: EarlyWriting?
  /// How long the write-ahead log was when it was last tried to be copied; 0 after it went well.
  private var framesAtLastTry = 0

  /// Frames of 4 KiB in 32 MiB: from here on the write-ahead log is copied into the file, which
  /// holds one write back by the two syncs that it takes.
  private static let framesBeforeCheckpoint = 8_192
  /// Frames in 1 MiB: how much more must have come before a checkpoint that a reader held back is
  /// tried again.
  private static let framesBetweenTries = 256
  /// Frames in 64 MiB.
  private static let mostFrames = 16_384

  /// How far the state has come, as the meta row says it.
  struct Head: Hashable {
    var applied: Position
    var stamp: Int64
    var digest: [UInt8]
    var ledger: LedgerHead
    var configuration: PlacedConfiguration
  }

  init(database: consuming Database) throws(SQLiteError) {
    let ledger = try Ledger(of: database)
    let bookkeeping = try Bookkeeping(of: database)
    let tables = try RecordTables(database: database)
    let head = try bookkeeping.head()
    self.ledger = ledger
    self.bookkeeping = bookkeeping
    self.tables = tables
    self.head = head
    tables.level = head.configuration.configuration.level
    // What the last run wrote may be in the operating system's memory only.
    durable = .zero
  }

  /// Whether the write-ahead log is over 64 MiB because readers hold it: applying should pause.
  package var isBackedUp: Bool {
    framesAtLastTry > 0 && tables.stored.database.walFrames > Self.mostFrames
  }

  /// Tries again to copy the write-ahead log into the file. Never waits for a reader.
  package mutating func checkpointPassively() throws(StoreError) { try checkpoint(.passive) }

  /// Copies the write-ahead log into the file once it is over 32 MiB, or empties it after a purge. Never
  /// waits for a reader.
  mutating func checkpointIfLong() throws(StoreError) {
    if owesTruncation {
      try checkpoint(.truncate)
      owesTruncation = durable != applied.index
      return
    }
    let frames = tables.stored.database.walFrames
    earlyWriting?.written(upTo: frames * (4_096 + 24))
    guard frames > Self.framesBeforeCheckpoint,
      frames < framesAtLastTry || frames >= framesAtLastTry + Self.framesBetweenTries
    else { return }
    try checkpoint(.passive)
  }

  /// Copies the write-ahead log into the file and empties it, as a node does before it ends.
  ///
  /// - Returns: Whether everything applied is now durable; `false` when a reader was in the way.
  @discardableResult
  package mutating func checkpoint() throws(StoreError) -> Bool {
    try checkpoint(.truncate)
    return durable == applied.index
  }

  private mutating func checkpoint(_ mode: Checkpoint.Mode) throws(StoreError) {
    let applied = applied.index
    var isComplete = false
    do throws(SQLiteError) {
      isComplete = try tables.stored.database.checkpoint(mode).isComplete
    } catch {
      // What was applied stays applied without room to copy it; the next batch is what waits.
      guard error.kind == .full else { throw StoreError(error) }
    }
    if isComplete {
      durable = applied
      framesAtLastTry = 0
    } else {
      framesAtLastTry = tables.stored.database.walFrames
    }
  }
}
