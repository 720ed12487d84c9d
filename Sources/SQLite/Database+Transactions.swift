internal import CSQLite

extension Database {
  /// Begins a transaction that reads one state of the file, whatever is committed meanwhile.
  package func beginReading() throws(SQLiteError) { try run("BEGIN") }

  /// Begins a transaction that holds the file's write lock.
  package func beginWriting() throws(SQLiteError) { try run("BEGIN IMMEDIATE") }

  /// Makes what was written since the beginning true, as one.
  package func commit() throws(SQLiteError) { try run("COMMIT") }

  /// Undoes what was written since the beginning. Without a transaction it does nothing: SQLite
  /// has already undone some of those that failed.
  package func rollBack() throws(SQLiteError) {
    guard isInTransaction else { return }
    try run("ROLLBACK")
  }

  /// Whether a transaction has begun and neither ended nor failed.
  package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Does all of `body` or none of it.
  package func transaction<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    try beginWriting()
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      // The first error is the one that explains; a rollback that fails too adds nothing.
      try? rollBack()
      throw error
    }
  }
}

/// What a checkpoint did (SQLite's three numbers).
package struct Checkpoint: Hashable, Sendable {
  /// How it was asked for.
  package enum Mode: Hashable, Sendable {
    /// As much as goes without waiting for anybody.
    case passive
    /// All of it, and then the log is cut to no bytes. Waits for readers as long as the busy
    /// timeout says.
    case truncate
  }

  /// A reader or writer was in the way.
  package let isBusy: Bool
  /// Frames in the write-ahead log, or -1 when there is none.
  package let logFrames: Int
  /// How many of them are in the database file now.
  package let checkpointedFrames: Int

  package init(isBusy: Bool, logFrames: Int, checkpointedFrames: Int) {
    self.isBusy = isBusy
    self.logFrames = logFrames
    self.checkpointedFrames = checkpointedFrames
  }

  /// Whether everything committed before it is in the database file. A passive checkpoint behind
  /// an old reader answers success with fewer frames than the log has, which is not this.
  package var isComplete: Bool { !isBusy && logFrames == checkpointedFrames }
}

extension Database {
  /// Copies the write-ahead log into the database file.
  ///
  /// - Throws: Whatever failed but a lock; that is told by ``Checkpoint/isBusy``.
  package func checkpoint(_ mode: Checkpoint.Mode) throws(SQLiteError) -> Checkpoint {
    var log: Int32 = -1
    var done: Int32 = -1
    let flag = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
    let status = unsafe sqlite3_wal_checkpoint_v2(handle, "main", flag, &log, &done)
    guard status == SQLITE_OK || status & 0xFF == SQLITE_BUSY else {
      throw unsafe .last(status, of: handle, during: "wal_checkpoint \(mode)")
    }
    if mode == .truncate && status == SQLITE_OK { unsafe watch.pointee.walFrames = 0 }
    return Checkpoint(
      isBusy: status != SQLITE_OK, logFrames: Int(log), checkpointedFrames: Int(done))
  }

  /// Frames in the write-ahead log at this connection's last commit, or 0 after it was truncated.
  package var walFrames: Int { Int(unsafe watch.pointee.walFrames) }
}
