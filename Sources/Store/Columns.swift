package import Bytes
package import SQLite

extension ID: Bindable {
  package var bound: Value { .blob(bytes) }
}

extension ID: ColumnValue {
  package init?(column row: inout RowReader) {
    guard let bytes = [UInt8](column: &row), let id = ID(bytes: bytes) else { return nil }
    self = id
  }
}

extension Statement {
  /// Binds an id without an array in between.
  func bind(_ id: ID, at place: Int32) { bind(high: id.high, low: id.low, at: place) }

  /// Binds an id, or NULL.
  func bind(_ id: ID?, at place: Int32) {
    if let id { bind(id, at: place) } else { bindNull(at: place) }
  }

  /// Binds an integer, or NULL.
  func bind(_ value: Int64?, at place: Int32) {
    if let value { bind(value, at: place) } else { bindNull(at: place) }
  }
}
