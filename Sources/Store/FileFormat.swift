internal import EventLoop
internal import SQLite

/// What marks one of our files, and which format it has.
struct FileFormat {
  /// The file's path, for messages.
  let path: String
  /// SQLite's application id: four letters that tell our files from other databases and each other.
  let mark: Int64
  /// The format that this code writes and reads.
  let format: Int

  /// Whether the file has nothing in it yet; a crash while it was being made leaves it so.
  ///
  /// - Throws: When it is not ours, or was written by a newer version.
  func isNew(_ database: borrowing Database) throws(StoreError) -> Bool {
    try written(in: database) == nil
  }

  /// The format that the file was written in; `nil` while it has nothing in it.
  ///
  /// - Throws: As ``isNew(_:)``.
  func written(in database: borrowing Database) throws(StoreError) -> Int? {
    let (mark, format) = try storing { () throws(SQLiteError) in
      (try database.number("application_id"), try database.number("user_version"))
    }
    if format == 0 && mark == 0 { return nil }
    guard mark == self.mark else { throw .foreign("\(path) is not a file of Muster.") }
    guard format <= self.format else { throw .newer(file: path, format: Int(format)) }
    return Int(format)
  }

  /// Runs `script` and `body`, and marks the file as ours, all as one.
  func create(
    _ database: borrowing Database, script: String, body: () throws(SQLiteError) -> Void
  ) throws(StoreError) {
    try storing { () throws(SQLiteError) in
      try database.beginWriting()
      try database.execute(script)
      try body()
      try database.execute(
        "PRAGMA application_id = \(mark); PRAGMA user_version = \(format)")
      try database.commit()
    }
    try filing { () throws(FileError) in try Files.syncFolder(Files.folder(of: path)) }
  }
}

extension Database {
  /// The number that a pragma of this name answers.
  fileprivate borrowing func number(_ pragma: String) throws(SQLiteError) -> Int64 {
    let query = SQL(stringLiteral: "PRAGMA \(pragma)")
    return try row(query) { row throws(SQLiteError) in try row.next() as Int64 } ?? 0
  }

  /// Sets what both files have in common. Must be the first that a connection does.
  ///
  /// - Parameters:
  ///   - isShared: Whether other connections read the file. One that is not shared is locked for as
  ///     long as it is open, which also keeps other programs out.
  ///   - synchronous: `FULL` syncs at each commit, `NORMAL` only around checkpoints.
  borrowing func configure(
    path: String, isShared: Bool, synchronous: String
  ) throws(StoreError) {
    do throws(SQLiteError) {
      try configure(isShared: isShared, synchronous: synchronous)
    } catch {
      throw error.kind == .busy ? .inUse(path) : StoreError(error)
    }
  }

  /// The same, with SQLite's own errors.
  borrowing func configure(isShared: Bool, synchronous: String) throws(SQLiteError) {
    // The order matters: a lock mode set before the first access does without shared memory.
    try execute(
      """
      PRAGMA locking_mode = \(isShared ? "NORMAL" : "EXCLUSIVE");
      PRAGMA page_size = 4096;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = \(synchronous);
      PRAGMA cache_size = -8192;
      PRAGMA temp_store = MEMORY;
      PRAGMA mmap_size = 0;
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA secure_delete = ON;
      """)
  }
}
