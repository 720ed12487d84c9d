internal import Bytes
internal import Raft
internal import SQLite

// What raft.db says, read back with everything that guards it. Rows at and before the base are not
// part of the log: they were trimmed and wait for their removal.
extension LogStore {
  /// Reads term and vote, both ends of the log, its configurations and its newest entries.
  static func recover(
    _ database: consuming Database, path: String
  ) throws(StoreError) -> LogStore {
    let (hardState, epoch, incarnation) = try recoverHardState(database, path: path)
    let base = try recoverBase(database, path: path)
    try checkFirstEntry(database, path: path, after: base)
    let (tail, chain) = try recoverTail(database, path: path, after: base)
    let last = tail.last?.position ?? base.position
    guard last.term <= hardState.term else {
      throw .corrupt("\(path): the log is of a later term than the vote")
    }
    let log = LogRecovery(
      first: base.position.index.next, last: last, terms: try recoverTerms(database, after: base),
      tail: tail, lastStamp: tail.last?.stamp ?? 0)
    let recovered = RecoveredLog(
      hardState: hardState,
      configurations: try recoverConfigurations(database, path: path, after: base), log: log,
      base: base, epoch: epoch, incarnation: incarnation)
    do throws(SQLiteError) {
      let oldest = try database.row("SELECT min(idx) FROM log") { row throws(SQLiteError) in
        (try row.next() as UInt64?).map(LogIndex.init)
      }
      let bounds = Bounds(
        base: base, oldest: (oldest ?? nil) ?? base.position.index.next, last: last, chain: chain)
      return try LogStore(database: database, recovered: recovered, bounds: bounds)
    } catch {
      throw StoreError(error)
    }
  }

  private static func recoverHardState(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> (HardState, epoch: UInt64, incarnation: UInt64) {
    let stored = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT term, vote, checksum, epoch, incarnation FROM hard_state WHERE id = 0"
      ) { row throws(SQLiteError) in
        let term = Term(rawValue: try row.next())
        let vote: UInt64? = try row.next()
        return (
          HardState(term: term, vote: vote.map(NodeID.init)), try row.next() as UInt32,
          try row.next() as UInt64, try row.next() as Int64
        )
      }
    }
    guard let (hardState, checksum, epoch, signed) = stored else {
      throw .corrupt("\(path) does not say what it voted")
    }
    let incarnation = UInt64(bitPattern: signed)
    guard hardState.checksum(epoch: epoch, incarnation: incarnation) == checksum else {
      throw .corrupt("\(path): term, vote, epoch and incarnation do not match their checksum")
    }
    return (hardState, epoch, incarnation)
  }

  private static func recoverBase(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> RecoveredLog.Base {
    let stored = try storing { () throws(SQLiteError) in
      try database.row(
        "SELECT idx, term, chain, configuration, state_file, checksum FROM base WHERE id = 0"
      ) { row throws(SQLiteError) in
        let index = LogIndex(rawValue: try row.next())
        let term = Term(rawValue: try row.next())
        let chain: Int64 = try row.next()
        return (
          Position(term: term, index: index), UInt64(bitPattern: chain),
          try row.next() as [UInt8], try row.next() as String, try row.next() as UInt32
        )
      }
    }
    guard let (position, chain, configuration, stateFile, checksum) = stored else {
      throw .corrupt("\(path) does not say where its log begins")
    }
    let base = RecoveredLog.Base(
      position: position, configuration: try decode(configuration, path: path),
      stateFile: stateFile, chain: chain)
    guard base.checksum == checksum else {
      throw .corrupt("\(path): where the log begins does not match its checksum")
    }
    return base
  }

  /// How terms follow each other: from a table of few rows, so that a start need not read the log.
  private static func recoverTerms(
    _ database: borrowing Database, after base: RecoveredLog.Base
  ) throws(StoreError) -> [LogRecovery.TermRun] {
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
    return terms
  }

  private static func recoverConfigurations(
    _ database: borrowing Database, path: String, after base: RecoveredLog.Base
  ) throws(StoreError) -> [PlacedConfiguration] {
    let stored = try storing { () throws(SQLiteError) in
      try database.rows(
        """
          SELECT idx, payload
            FROM log
           WHERE kind = 2 AND idx > \(base.position.index.rawValue)
        ORDER BY idx
        """
      ) { row throws(SQLiteError) in
        (LogIndex(rawValue: try row.next()), try row.next() as [UInt8])
      }
    }
    var configurations = [
      PlacedConfiguration(index: base.position.index, configuration: base.configuration)
    ]
    for (index, bytes) in stored {
      configurations.append(
        PlacedConfiguration(index: index, configuration: try decode(bytes, path: path)))
    }
    return configurations
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

  /// Checks that the entries begin right after the base: its chain value belongs before the first.
  private static func checkFirstEntry(
    _ database: borrowing Database, path: String, after base: RecoveredLog.Base
  ) throws(StoreError) {
    let follows = try storing { () throws(SQLiteError) in
      try database.row(
        """
          SELECT chain, idx, term, kind, stamp, checksum, payload
            FROM log
           WHERE idx > \(base.position.index.rawValue)
        ORDER BY idx
           LIMIT 1
        """
      ) { row throws(SQLiteError) in
        let chain: Int64 = try row.next()
        guard let entry = try Entry(checking: &row),
          entry.position.index == base.position.index.next
        else { return false }
        let expected = entry.chain(after: base.chain, checksum: entry.checksum)
        return UInt64(bitPattern: chain) == expected
      }
    }
    guard follows ?? true else {
      throw .corrupt("\(path): the first entry does not follow where the log begins")
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
           WHERE idx > ?
        ORDER BY idx DESC
        """)
      select.bind(base.position.index.rawValue, at: 1)
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
