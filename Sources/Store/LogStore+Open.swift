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
    do throws(FileError) {
      try Files.makeFolder(folder, mode: 0o700)
    } catch {
      throw .failed(error.description)
    }
    let path = "\(folder)/\(fileName)"
    if case .damaged(let frame, let commits) = try WriteAheadLog.scan(besideDatabase: path) {
      throw .corrupt(
        "\(path)-wal is damaged at frame \(frame), and \(commits) commits that were acknowledged "
          + "stand there and after it")
    }

    let database = try storing { () throws(SQLiteError) in
      try Database(path: path, access: .create, system: system)
    }
    try database.configure(path: path, isShared: false, synchronous: "FULL")
    let file = FileFormat(path: path, mark: 0x4D53_5452, format: format)
    if try file.isNew(database) {
      try file.create(database, script: schema) { () throws(SQLiteError) in
        try found(database, identity)
      }
    }
    let checkpoint = try storing { () throws(SQLiteError) in try database.checkpoint(.truncate) }
    guard checkpoint.isComplete else { throw .inUse(path) }
    try compare(database, with: identity, path: path)
    return try recover(database, path: path)
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
      state_file TEXT NOT NULL
    );
    """

  /// Writes who we are, that we never voted, and who votes at the beginning.
  private static func found(
    _ database: borrowing Database, _ identity: NodeIdentity
  ) throws(SQLiteError) {
    try database.run(
      """
      INSERT INTO hard_state(id, term, vote, checksum, cluster, node, incarnation, level)
      VALUES (0, 0, NULL, \(HardState.initial.checksum), \(identity.cluster),
              \(identity.node.rawValue), 1, 1)
      """)
    try database.run(
      """
      INSERT INTO base(id, idx, term, chain, configuration, state_file)
      VALUES (0, 0, 0, 0, \(identity.founding.encoded()), \(StateStore.fileName(generation: 1)))
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

  private static func recover(
    _ database: consuming Database, path: String
  ) throws(StoreError) -> LogStore {
    let hardState = try recoverHardState(database, path: path)
    let base = try recoverBase(database, path: path)
    var terms = try storing { () throws(SQLiteError) in
      try database.rows("SELECT first, term FROM term_run ORDER BY first") {
        row throws(SQLiteError) in
        LogRecovery.TermRun(
          from: LogIndex(rawValue: try row.next()), term: Term(rawValue: try row.next()))
      }
    }
    if base.position.index > .zero {
      terms.insert(.init(from: base.position.index, term: base.position.term), at: 0)
    }
    let (tail, chain) = try recoverTail(database, path: path, after: base)
    guard let last = tail.last?.position ?? base.position as Position?, last.term <= hardState.term
    else { throw .corrupt("\(path): the log is of a later term than the vote") }
    let configuration = try recoverConfiguration(database, path: path) ?? base.configuration
    let log = LogRecovery(
      first: base.position.index.next, last: last, terms: terms, tail: tail,
      lastStamp: tail.last?.stamp ?? 0)
    let recovered = RecoveredLog(
      hardState: hardState, configuration: configuration, log: log, base: base)
    do throws(SQLiteError) {
      return try LogStore(database: database, recovered: recovered, chain: chain)
    } catch {
      throw StoreError(error)
    }
  }

  private static func recoverHardState(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> HardState {
    let stored = try storing { () throws(SQLiteError) in
      try database.row("SELECT term, vote, checksum FROM hard_state WHERE id = 0") {
        row throws(SQLiteError) in
        let term = Term(rawValue: try row.next())
        let vote: UInt64? = try row.next()
        return (HardState(term: term, vote: vote.map(NodeID.init)), try row.next() as UInt32)
      }
    }
    guard let (hardState, checksum) = stored, hardState.checksum == checksum else {
      throw .corrupt("\(path): term and vote do not match their checksum")
    }
    return hardState
  }

  private static func recoverBase(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> RecoveredLog.Base {
    let stored = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT idx, term, chain, configuration, state_file FROM base WHERE id = 0"
      ) { row throws(SQLiteError) in
        let index = LogIndex(rawValue: try row.next())
        let term = Term(rawValue: try row.next())
        let chain: Int64 = try row.next()
        return (
          Position(term: term, index: index), UInt64(bitPattern: chain),
          try row.next() as [UInt8], try row.next() as String
        )
      }
    }
    guard let (position, chain, configuration, stateFile) = stored else {
      throw .corrupt("\(path) does not say where its log begins")
    }
    return RecoveredLog.Base(
      position: position, configuration: try decode(configuration, path: path),
      stateFile: stateFile, chain: chain)
  }

  private static func recoverConfiguration(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> Configuration? {
    let stored = try storing { () throws(SQLiteError) in
      try database.row("SELECT payload FROM log WHERE kind = 2 ORDER BY idx DESC LIMIT 1") {
        row throws(SQLiteError) in try row.next() as [UInt8]
      }
    }
    guard let stored else { return nil }
    return try decode(stored, path: path)
  }

  private static func decode(
    _ configuration: [UInt8], path: String
  ) throws(StoreError) -> Configuration {
    do throws(MalformedBytes) {
      return try Configuration(decoding: configuration)
    } catch {
      throw .corrupt("\(path): a configuration cannot be read: \(error)")
    }
  }

  /// The newest entries, oldest first, and the chain value of the last; each entry is checked
  /// against its checksum and against the entry before it.
  private static func recoverTail(
    _ database: borrowing Database, path: String, after base: RecoveredLog.Base
  ) throws(StoreError) -> (tail: [Entry], chain: UInt64) {
    var newestFirst: [(entry: Entry, chain: UInt64)] = []
    var bytes = 0
    var isDamaged = false
    try storing { () throws(SQLiteError) in
      let select = try database.prepare(
        """
          SELECT chain, idx, term, kind, stamp, checksum, payload
            FROM log
        ORDER BY idx DESC
        """)
      try select.visit { row throws(SQLiteError) in
        let chain: Int64 = try row.next()
        guard let entry = try Entry(checking: &row) else {
          isDamaged = true
          return false
        }
        newestFirst.append((entry, UInt64(bitPattern: chain)))
        bytes += entry.payload.count
        return bytes < largestTail
      }
    }
    var previous: (index: LogIndex, chain: UInt64)?
    if let oldest = newestFirst.last?.entry, oldest.position.index == base.position.index.next {
      previous = (base.position.index, base.chain)
    }
    for (entry, chain) in newestFirst.reversed() where !isDamaged {
      if let previous {
        isDamaged =
          entry.position.index != previous.index.next
          || entry.chain(after: previous.chain, checksum: entry.checksum) != chain
      }
      previous = (entry.position.index, chain)
    }
    guard !isDamaged else {
      throw .corrupt("\(path): an entry of the log does not match its checksum or its chain")
    }
    return (newestFirst.reversed().map(\.entry), newestFirst.first?.chain ?? base.chain)
  }
}
