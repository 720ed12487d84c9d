internal import Bytes
internal import EventLoop
package import Raft
internal import SQLite

extension StateStore {
  /// Opens the state file that `recovered` names, or makes it.
  ///
  /// - Parameters:
  ///   - folder: The data folder, which ``LogStore`` has made.
  ///   - identity: Whose files they are.
  ///   - recovered: What the log said; it names the file and must hold what the file has applied.
  ///   - system: The SQLite VFS that reaches the disk; tests name one that fails.
  /// - Throws: ``StoreError/logLost(last:applied:)`` when the state knows entries that the log does
  ///   not: acknowledged writes are missing there, and the node must not vote.
  package static func open(
    folder: String, identity: NodeIdentity, recovered: RecoveredLog, system: String? = nil
  ) throws(StoreError) -> StateStore {
    let base = recovered.base.logBase
    let path = "\(folder)/\(recovered.base.stateFile)"
    let database = try connect(path, beginsEmpty: base.position == .start, system: system)
    let file = FileFormat(path: path, mark: mark, format: format)
    if try file.isNew(database) {
      // Only the first file begins empty; a later one was received, and is lost.
      guard base.position == .start else { throw .corrupt("\(path) is empty") }
      try file.create(database, script: StateSchema.script) { () throws(SQLiteError) in
        try found(database, identity, base.configuration)
      }
    }
    try compare(database, with: identity, path: path)
    let store = try settle(database, path: path, base: base.position)
    guard store.applied.index <= recovered.log.last.index else {
      throw .logLost(
        last: recovered.log.last.index.rawValue, applied: store.applied.index.rawValue)
    }
    return store
  }

  /// Opens the state file that an install has just made the active one, in place of another that
  /// is closed. To be called once the install's batch is durable.
  package static func open(
    folder: String, identity: NodeIdentity, installed install: SnapshotInstall,
    system: String? = nil
  ) throws(StoreError) -> StateStore {
    let path = "\(folder)/\(fileName(generation: install.generation))"
    let database = try connect(path, beginsEmpty: false, system: system)
    guard try !FileFormat(path: path, mark: mark, format: format).isNew(database) else {
      throw .corrupt("\(path) is empty")
    }
    try compare(database, with: identity, path: path)
    return try settle(database, path: path, base: install.base.position)
  }

  private static func connect(
    _ path: String, beginsEmpty: Bool, system: String?
  ) throws(StoreError) -> Database {
    guard beginsEmpty || Files.exists(path) else {
      throw .corrupt("\(path) is missing, and the log begins after what it held")
    }
    let database = try storing { () throws(SQLiteError) in
      try Database(path: path, access: beginsEmpty ? .create : .write, system: system)
    }
    try database.configure(path: path, isShared: true, synchronous: "NORMAL")
    return database
  }

  private static func found(
    _ database: borrowing Database, _ identity: NodeIdentity, _ configuration: Configuration
  ) throws(SQLiteError) {
    try database.run(
      """
      INSERT INTO meta(id, cluster, level, applied, term, stamp, digest, position, hash,
                       configuration_index, configuration)
      VALUES (0, \(identity.cluster), \(configuration.level), 0, 0, 0, \(LedgerHashes.origin), 0,
              \(LedgerHashes.origin), 0, \(configuration.encoded()))
      """)
  }

  /// Makes a store of an open file that must have applied what lies before the log.
  private static func settle(
    _ database: consuming Database, path: String, base: Position
  ) throws(StoreError) -> StateStore {
    database.denyChanceAndTime()
    var store = try make(database)
    // Without it a checkpoint only takes longer.
    store.earlyWriting = try? EarlyWriting("\(path)-wal")
    guard store.applied.index >= base.index else {
      throw .corrupt(
        "\(path) has applied \(store.applied.index), but the log begins after \(base.index): "
          + "what lies between is nowhere on this disk")
    }
    // The log was only trimmed to what the disk had, and only a synced file is installed.
    store.durable = base.index
    store.purged = try store.tables.stored.lastPurge()
    return store
  }

  private static func make(_ database: consuming Database) throws(StoreError) -> StateStore {
    do throws(SQLiteError) {
      return try StateStore(database: database)
    } catch {
      throw StoreError(error)
    }
  }

  private static func compare(
    _ database: borrowing Database, with identity: NodeIdentity, path: String
  ) throws(StoreError) {
    let stored = try storing { () throws(SQLiteError) in
      try database.row("SELECT cluster, level FROM meta WHERE id = 0") {
        row throws(SQLiteError) in (try row.next() as ID, try row.next() as Int)
      }
    }
    guard let (cluster, level) = stored else { throw .corrupt("\(path) does not say whose it is") }
    guard cluster == identity.cluster else {
      throw .foreign(
        "\(path) belongs to cluster \(cluster), but this node is configured for "
          + "\(identity.cluster).")
    }
    guard level <= Int(Self.newestLevel) else { throw .newer(file: path, format: level) }
  }
}
