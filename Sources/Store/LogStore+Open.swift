internal import Bytes
internal import EventLoop
internal import Raft
internal import SQLite

extension LogStore {
  /// Opens raft.db in `folder`, or makes both.
  ///
  /// Looks at the write-ahead log before SQLite does, and returns only after a checkpoint has
  /// brought everything into the database file and synced it: after a failed sync of an earlier
  /// run, what was read back could be a page that the disk does not have.
  ///
  /// - Parameters:
  ///   - folder: The data folder; made, with mode 0700, if it is not there.
  ///   - identity: Whose files they are, or shall be.
  ///   - system: The SQLite VFS that reaches the disk; tests name one that fails.
  /// - Throws: Why the node may not vote with this file; the description says what to do.
  package static func open(
    folder: String, identity: NodeIdentity, system: String? = nil
  ) throws(StoreError) -> LogStore {
    try filing { () throws(FileError) in try Files.makeFolder(folder, mode: 0o700) }
    let path = "\(folder)/\(fileName)"
    let database = try connect(path: path, access: .create, system: system)
    let file = FileFormat(path: path, mark: mark, format: format)
    if try file.isNew(database) {
      try file.create(database, script: schema) { () throws(SQLiteError) in
        try found(database, identity)
      }
    }
    try settle(database, path: path)
    try compare(database, with: identity, path: path)
    return try recover(database, path: path)
  }

  /// Opens the raft.db that is in `folder`, whoever's it is: for tools that look at the folder of a
  /// node that is stopped.
  static func openStopped(folder: String, system: String? = nil) throws(StoreError) -> LogStore {
    let path = "\(folder)/\(fileName)"
    guard Files.exists(path) else {
      throw .foreign("\(folder) holds no \(fileName): no node ran there.")
    }
    let database = try connect(path: path, access: .write, system: system)
    guard try !FileFormat(path: path, mark: mark, format: format).isNew(database) else {
      throw .foreign("\(path) is empty: no node ever ran there.")
    }
    try settle(database, path: path)
    return try recover(database, path: path)
  }

  /// SQLite's application id.
  private static let mark: Int64 = 0x4D53_5452

  /// Looks at the write-ahead log, and only then lets SQLite open the file.
  private static func connect(
    path: String, access: Database.Access, system: String?
  ) throws(StoreError) -> Database {
    if case .damaged(let frame, let commits) = try WriteAheadLog.scan(besideDatabase: path) {
      throw .corrupt(
        "\(path)-wal is damaged at frame \(frame), and \(commits) commits that were acknowledged "
          + "stand there and after it")
    }

    let database = try storing { () throws(SQLiteError) in
      try Database(path: path, access: access, system: system)
    }
    try database.configure(path: path, isShared: false, synchronous: "FULL")
    return database
  }

  /// Brings everything into the database file, and syncs it.
  private static func settle(
    _ database: borrowing Database, path: String
  ) throws(StoreError) {
    let checkpoint = try storing { () throws(SQLiteError) in try database.checkpoint(.truncate) }
    guard checkpoint.isComplete else { throw .inUse(path) }
  }

  /// Every entry is one row; the term runs make a start independent of the length of the log.
  private static let schema = """
    CREATE TABLE hard_state (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      term INTEGER NOT NULL,
      vote INTEGER,
      checksum INTEGER NOT NULL,
      cluster BLOB NOT NULL,
      node INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      incarnation INTEGER NOT NULL,
      level INTEGER NOT NULL
    );
    CREATE TABLE log (
      idx INTEGER PRIMARY KEY,
      term INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      stamp INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      chain INTEGER NOT NULL,
      payload BLOB NOT NULL
    );
    CREATE INDEX log_configuration ON log (idx) WHERE kind = 2;
    CREATE TABLE term_run (
      first INTEGER PRIMARY KEY,
      term INTEGER NOT NULL
    );
    CREATE TABLE base (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      idx INTEGER NOT NULL,
      term INTEGER NOT NULL,
      chain INTEGER NOT NULL,
      configuration BLOB NOT NULL,
      state_file TEXT NOT NULL,
      checksum INTEGER NOT NULL
    );
    """

  /// Writes who we are, that we never voted, and who votes at the beginning.
  private static func found(
    _ database: borrowing Database, _ identity: NodeIdentity
  ) throws(SQLiteError) {
    let incarnation = UInt64.random(in: 1 ... .max)
    let checksum = HardState.initial.checksum(epoch: identity.epoch, incarnation: incarnation)
    try database.run(
      """
      INSERT INTO hard_state(id, term, vote, checksum, cluster, node, epoch, incarnation, level)
      VALUES (0, 0, NULL, \(checksum), \(identity.cluster),
              \(identity.node.rawValue), \(Int64(bitPattern: identity.epoch)), \(Int64(bitPattern: incarnation)), 1)
      """)
    let base = RecoveredLog.Base(
      position: .start, configuration: identity.founding,
      stateFile: StateStore.fileName(generation: 1), chain: 0)
    try database.run(
      """
      INSERT INTO base(id, idx, term, chain, configuration, state_file, checksum)
      VALUES (0, 0, 0, 0, \(base.configuration.encoded()), \(base.stateFile), \(base.checksum))
      """)
  }

  private static func compare(
    _ database: borrowing Database, with identity: NodeIdentity, path: String
  ) throws(StoreError) {
    let stored = try storing { () throws(SQLiteError) in
      try database.row("SELECT cluster, node FROM hard_state WHERE id = 0") {
        row throws(SQLiteError) in (try row.next() as ID, try row.next() as UInt64)
      }
    }
    guard let (cluster, node) = stored else { throw .corrupt("\(path) does not say whose it is") }
    guard cluster == identity.cluster else {
      throw .foreign(
        "\(path) belongs to cluster \(cluster), but this node is configured for "
          + "\(identity.cluster). Use an empty data folder, or the right configuration.")
    }
    guard node == identity.node.rawValue else {
      throw .foreign(
        "\(path) belongs to node \(node), but this node is configured as "
          + "\(identity.node.rawValue). A node that takes another's log could vote twice.")
    }
  }
}
