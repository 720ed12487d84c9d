internal import CSQLite

/// One row, read column by column in the order of the SELECT.
@safe package struct RowReader: ~Copyable {
  private let handle: OpaquePointer
  private var column: Int32 = 0

  init(of handle: OpaquePointer) { unsafe self.handle = unsafe handle }

  /// The next column, as the type that is asked for.
  ///
  /// - Throws: ``SQLiteError/Kind/mismatch`` when the column holds something else: a value is never
  ///   converted, for then a broken row would look like a sound one.
  package mutating func next<Column: ColumnValue>() throws(SQLiteError) -> Column {
    let place = column
    guard let value = Column(column: &self) else { throw mismatch(place) }
    return value
  }

  /// Passes over `count` columns.
  package mutating func skip(_ count: Int32 = 1) { column += count }

  /// The next column as an integer, or `nil` when it is something else.
  mutating func integer() -> Int64? {
    defer { column += 1 }
    guard unsafe sqlite3_column_type(handle, column) == SQLITE_INTEGER else { return nil }
    return unsafe sqlite3_column_int64(handle, column)
  }

  /// The next column as text, or `nil` when it is something else or not UTF-8.
  mutating func text() -> String? {
    defer { column += 1 }
    guard unsafe sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
    guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    // The bytes are SQLite's until the next step; the string copies them.
    return unsafe String(
      validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The next column as bytes, or `nil` when it is something else.
  mutating func blob() -> [UInt8]? {
    defer { column += 1 }
    guard unsafe sqlite3_column_type(handle, column) == SQLITE_BLOB else { return nil }
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The next column as sixteen bytes, most significant first.
  ///
  /// - Throws: ``SQLiteError/Kind/mismatch`` when it is something else.
  package mutating func words() throws(SQLiteError) -> (high: UInt64, low: UInt64) {
    defer { column += 1 }
    guard unsafe sqlite3_column_type(handle, column) == SQLITE_BLOB,
      unsafe sqlite3_column_bytes(handle, column) == 16,
      let start = unsafe sqlite3_column_blob(handle, column)
    else { throw mismatch(column) }
    let high = unsafe start.loadUnaligned(as: UInt64.self)
    let low = unsafe start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    return (UInt64(bigEndian: high), UInt64(bigEndian: low))
  }

  /// Whether the next column is NULL. Does not pass over it.
  package var isNull: Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// Whether every column was read.
  package var isAtEnd: Bool { unsafe column >= sqlite3_column_count(handle) }

  /// The next column as whatever it is; `nil` for a floating-point number, which we never store.
  mutating func value() -> Value? {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_NULL:
      skip()
      return .null
    case SQLITE_INTEGER: return integer().map(Value.integer)
    case SQLITE_TEXT: return text().map(Value.text)
    case SQLITE_BLOB: return blob().map(Value.blob)
    default:
      skip()
      return nil
    }
  }

  /// Holds the reader to the SELECT: a column that nobody read is a mistake of ours.
  func finish() {
    let count = unsafe sqlite3_column_count(handle)
    assert(column == count, "\(column) of \(count) columns were read.")
  }

  private func mismatch(_ column: Int32) -> SQLiteError {
    let name = unsafe sqlite3_column_name(handle, column)
    let called = unsafe name.map { unsafe String(cString: $0) } ?? "no column"
    return SQLiteError(
      extendedCode: SQLITE_MISMATCH, message: "column \(column) (\(called)) holds another type",
      during: unsafe String(cString: sqlite3_sql(handle)))
  }
}

/// What a column can be read as.
package protocol ColumnValue {
  /// Reads the next column, or answers `nil` when it holds another type.
  init?(column row: inout RowReader)
}

extension Int64: ColumnValue {
  package init?(column row: inout RowReader) {
    guard let value = row.integer() else { return nil }
    self = value
  }
}

/// An integer column, checked against the range of the type.
extension FixedWidthInteger {
  fileprivate init?(exactColumn row: inout RowReader) {
    guard let value = row.integer(), let exact = Self(exactly: value) else { return nil }
    self = exact
  }
}

extension Int: ColumnValue {
  package init?(column row: inout RowReader) { self.init(exactColumn: &row) }
}

extension UInt64: ColumnValue {
  package init?(column row: inout RowReader) { self.init(exactColumn: &row) }
}

extension UInt32: ColumnValue {
  package init?(column row: inout RowReader) { self.init(exactColumn: &row) }
}

extension UInt16: ColumnValue {
  package init?(column row: inout RowReader) { self.init(exactColumn: &row) }
}

extension UInt8: ColumnValue {
  package init?(column row: inout RowReader) { self.init(exactColumn: &row) }
}

extension Bool: ColumnValue {
  package init?(column row: inout RowReader) {
    switch row.integer() {
    case 0: self = false
    case 1: self = true
    default: return nil
    }
  }
}

extension String: ColumnValue {
  package init?(column row: inout RowReader) {
    guard let text = row.text() else { return nil }
    self = text
  }
}

extension [UInt8]: ColumnValue {
  package init?(column row: inout RowReader) {
    guard let bytes = row.blob() else { return nil }
    self = bytes
  }
}

extension Value: ColumnValue {
  package init?(column row: inout RowReader) {
    guard let value = row.value() else { return nil }
    self = value
  }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  package init?(column row: inout RowReader) {
    if row.isNull {
      row.skip()
      self = Wrapped?.none
    } else {
      guard let value = Wrapped(column: &row) else { return nil }
      self = value
    }
  }
}
