internal import CSQLite

/// A connection to one SQLite file; closed when it goes out of scope.
///
/// It is opened without SQLite's own mutexes (`SQLITE_OPEN_NOMUTEX`): one thread at a time may use a
/// connection and its statements. Whoever owns a connection keeps it on one lane.
@safe package struct Database: ~Copyable {
  /// What a connection may do with the file.
  package enum Access: Hashable, Sendable {
    /// Reads and writes, and makes the file if there is none.
    case create
    /// Reads and writes a file that is there.
    case write
    /// Reads a file that is there. Such a connection never checkpoints.
    case read
  }

  let handle: OpaquePointer
  /// Where callbacks of this connection leave what they saw; lives as long as the connection.
  let watch: UnsafeMutablePointer<Watch>
  private let cache = StatementCache()

  /// Opens the file at `path`.
  ///
  /// - Parameters:
  ///   - busyMilliseconds: How long to wait for another connection's lock; 0 answers at once.
  ///   - system: The name of the SQLite VFS that reaches the disk; `nil` is the default one. Tests
  ///     name one that fails.
  package init(
    path: String, access: Access, busyMilliseconds: Int32 = 0, system: String? = nil
  ) throws(SQLiteError) {
    _ = countsNoMemory
    let mode =
      switch access {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .write: SQLITE_OPEN_READWRITE
      case .read: SQLITE_OPEN_READONLY
      }
    var opened: OpaquePointer?
    let flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let status = unsafe sqlite3_open_v2(path, &opened, flags, system)
    guard status == SQLITE_OK, let handle = unsafe opened else {
      let error = unsafe SQLiteError.last(status, of: opened, during: "open \(path)")
      // A connection that failed to open still has memory to give back.
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    unsafe self.handle = unsafe handle
    unsafe watch = .allocate(capacity: 1)
    unsafe watch.initialize(to: Watch())
    unsafe sqlite3_busy_timeout(handle, busyMilliseconds)
    watchCommits()
  }

  deinit {
    cache.removeAll()
    // A statement that outlives the connection must not leave anything in freed memory.
    unsafe sqlite3_wal_hook(handle, nil, nil)
    // Closes now, or when the last statement that someone still holds is finalized.
    unsafe sqlite3_close_v2(handle)
    unsafe watch.deallocate()
  }

  /// Compiles one statement, to be kept and run many times.
  package func prepare(_ text: String) throws(SQLiteError) -> Statement {
    var compiled: OpaquePointer?
    let status = unsafe sqlite3_prepare_v3(
      handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
    guard status == SQLITE_OK else { throw unsafe .last(status, of: handle, during: text) }
    guard let compiled = unsafe compiled else {
      throw SQLiteError(
        extendedCode: SQLITE_MISUSE, message: "there is no statement", during: text)
    }
    return unsafe Statement(owning: compiled)
  }

  /// Runs one or several statements that take no values and whose rows nobody wants.
  package func execute(_ script: String) throws(SQLiteError) {
    let status = unsafe sqlite3_exec(handle, script, nil, nil, nil)
    guard status == SQLITE_OK else { throw unsafe .last(status, of: handle, during: script) }
  }

  /// Runs a statement to its end.
  package func run(_ sql: SQL) throws(SQLiteError) {
    try cached(sql).statement.run()
  }

  /// The first row of a query, or `nil` when there is none.
  package func row<Row>(
    _ sql: SQL, as read: (inout RowReader) throws(SQLiteError) -> Row
  ) throws(SQLiteError) -> Row? {
    try cached(sql).statement.row(as: read)
  }

  /// All rows of a query, in its order.
  package func rows<Row>(
    _ sql: SQL, as read: (inout RowReader) throws(SQLiteError) -> Row
  ) throws(SQLiteError) -> [Row] {
    try cached(sql).statement.rows(as: read)
  }

  /// Reads row after row of a query until there are no more or `body` answers `false`.
  package func visit(
    _ sql: SQL, _ body: (inout RowReader) throws(SQLiteError) -> Bool
  ) throws(SQLiteError) {
    try cached(sql).statement.visit(body)
  }

  /// How many rows all INSERTs, UPDATEs and DELETEs of this connection touched so far.
  package var totalChanges: Int { Int(unsafe sqlite3_total_changes64(handle)) }

  /// How many rows the last INSERT, UPDATE or DELETE touched.
  package var changes: Int { Int(unsafe sqlite3_changes64(handle)) }

  /// The key of the row that the last INSERT added.
  package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// The statement of this text, compiled before or now, with the values bound.
  ///
  /// A statement that runs while the same text is asked for again would be reset under its reader,
  /// so a query's closure must not run the same query.
  private func cached(_ sql: SQL) throws(SQLiteError) -> StatementCache.Box {
    let box: StatementCache.Box
    if let known = cache[sql.text] {
      box = known
    } else {
      box = StatementCache.Box(try prepare(sql.text))
      cache[sql.text] = box
    }
    for (offset, value) in sql.values.enumerated() {
      box.statement.bind(value, at: Int32(offset + 1))
    }
    return box
  }
}

/// Set once, before the first connection of the process. A refusal only means that another library
/// opened one before us, and a mutex at each allocation.
private let countsNoMemory = muster_sqlite_count_no_memory() == SQLITE_OK

/// Compiled statements by their text.
final class StatementCache {
  /// A statement has an owner; the dictionary holds the owner.
  final class Box {
    let statement: Statement
    init(_ statement: consuming Statement) { self.statement = statement }
  }

  /// Each takes a few kilobytes, and the texts of a program are fewer; a list's filters make more.
  private static let most = 128

  private var boxes: [String: Box] = [:]

  subscript(text: String) -> Box? {
    get { boxes[text] }
    set {
      if boxes.count >= Self.most { removeAll() }
      boxes[text] = newValue
    }
  }

  func removeAll() { boxes.removeAll(keepingCapacity: true) }
}
