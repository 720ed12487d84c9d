internal import CSQLite

/// A statement that SQLite has compiled; finalized when it goes out of scope.
///
/// Places count from 1, as SQLite counts them. Values stay bound from one run to the next, so each
/// run binds all of its places. A place that the statement does not have is a caller's mistake and
/// stops the process. Only the thread of its ``Database`` may use it.
@safe package struct Statement: ~Copyable {
  private let handle: OpaquePointer

  /// Takes over a compiled statement.
  init(owning handle: OpaquePointer) { unsafe self.handle = unsafe handle }

  deinit { unsafe sqlite3_finalize(handle) }

  /// The statement's own text.
  package var text: String { unsafe String(cString: sqlite3_sql(handle)) }

  /// Binds an integer.
  package func bind(_ value: Int64, at place: Int32) {
    check(unsafe sqlite3_bind_int64(handle, place, value), place)
  }

  /// Binds an integer that must not be over `Int64.max`, so that order is kept.
  package func bind(_ value: UInt64, at place: Int32) { bind(Int64(value), at: place) }

  /// Binds NULL.
  package func bindNull(at place: Int32) { check(unsafe sqlite3_bind_null(handle, place), place) }

  /// Binds sixteen bytes: `high` and then `low`, each with its most significant byte first.
  package func bind(high: UInt64, low: UInt64, at place: Int32) {
    var words = (high.bigEndian, low.bigEndian)
    unsafe withUnsafeBytes(of: &words) { bytes in
      // SQLite copies the bytes before this call returns.
      check(unsafe sqlite3_bind_blob(handle, place, bytes.baseAddress, 16, transient), place)
    }
  }

  /// Binds text; SQLite copies it.
  package func bind(_ value: String, at place: Int32) {
    var value = value
    value.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty string may have no address, and no address would bind NULL.
        guard let start = characters.baseAddress, characters.count > 0 else {
          return check(unsafe sqlite3_bind_text(handle, place, "", 0, transient), place)
        }
        let status = unsafe sqlite3_bind_text64(
          handle, place, start, UInt64(characters.count), transient, UInt8(SQLITE_UTF8))
        check(status, place)
      }
    }
  }

  /// Binds bytes; SQLite copies them. ``run(lending:at:)`` does not.
  package func bind(_ value: [UInt8], at place: Int32) {
    unsafe value.withUnsafeBytes { bytes in
      guard bytes.count > 0 else {
        // A blob of no bytes is not NULL.
        return check(unsafe sqlite3_bind_zeroblob(handle, place, 0), place)
      }
      let status = unsafe sqlite3_bind_blob64(
        handle, place, bytes.baseAddress, UInt64(bytes.count), transient)
      check(status, place)
    }
  }

  /// Binds whatever a value is.
  package func bind(_ value: some Bindable, at place: Int32) {
    switch value.bound {
    case .null: bindNull(at: place)
    case .integer(let integer): bind(integer, at: place)
    case .text(let text): bind(text, at: place)
    case .blob(let bytes): bind(bytes, at: place)
    }
  }

  /// Runs to the end, passing over rows, and is ready to be bound again.
  package func run() throws(SQLiteError) {
    defer { reset() }
    while try step() {}
  }

  /// Runs to the end with `blob` at `place`, which SQLite reads where it lies instead of copying.
  package func run(lending blob: [UInt8], at place: Int32) throws(SQLiteError) {
    guard !blob.isEmpty else {
      bind(blob, at: place)
      return try run()
    }
    let status: Int32 = unsafe blob.withUnsafeBytes { bytes in
      let bound = unsafe sqlite3_bind_blob64(
        handle, place, bytes.baseAddress, UInt64(bytes.count), nil)
      check(bound, place)
      var status = SQLITE_ROW
      while status == SQLITE_ROW { status = unsafe sqlite3_step(handle) }
      return status
    }
    // The pointer is only good inside the closure: nothing of it may stay bound.
    let failure = status == SQLITE_DONE ? nil : error(status)
    reset()
    bindNull(at: place)
    if let failure { throw failure }
  }

  /// The first row, or `nil` when there is none.
  package func row<Row>(
    as read: (inout RowReader) throws(SQLiteError) -> Row
  ) throws(SQLiteError) -> Row? {
    defer { reset() }
    guard try step() else { return nil }
    var reader = unsafe RowReader(of: handle)
    let row = try read(&reader)
    reader.finish()
    return row
  }

  /// All rows, in the statement's order.
  package func rows<Row>(
    as read: (inout RowReader) throws(SQLiteError) -> Row
  ) throws(SQLiteError) -> [Row] {
    var rows: [Row] = []
    try visit { row throws(SQLiteError) in
      rows.append(try read(&row))
      return true
    }
    return rows
  }

  /// Reads row after row until there are no more or `body` answers `false`.
  package func visit(
    _ body: (inout RowReader) throws(SQLiteError) -> Bool
  ) throws(SQLiteError) {
    defer { reset() }
    while try step() {
      var reader = unsafe RowReader(of: handle)
      let more = try body(&reader)
      reader.finish()
      guard more else { return }
    }
  }

  /// Whether there is another row.
  private func step() throws(SQLiteError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let status: throw error(status)
    }
  }

  /// Ready to be bound and run again. The result repeats what the last step said, so it is dropped.
  private func reset() { _ = unsafe sqlite3_reset(handle) }

  private func error(_ status: Int32) -> SQLiteError {
    unsafe .last(status, of: sqlite3_db_handle(handle), during: text)
  }

  private func check(_ status: Int32, _ place: Int32) {
    precondition(status == SQLITE_OK, "Place \(place) of “\(text)” cannot be bound: \(status).")
  }
}

/// Tells SQLite to copy what is bound. The header spells it as a cast, which is not imported.
private var transient: sqlite3_destructor_type {
  unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
