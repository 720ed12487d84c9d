/// Reads CSV (RFC 4180) row by row: commas between fields, quotes where a field needs them, rows that
/// end with CR LF or LF alone.
///
/// Nothing is guessed. A stray quote, a row of another length or half a line end is an error that
/// says where, since to take it one way or the other could move a phone number to another person. A
/// byte order mark in front, which spreadsheets write, is passed over; an empty line is a row of one
/// empty field, so that it is refused wherever rows have more.
///
/// A field that begins with "=", "+", "-" or "@" is a formula to a spreadsheet. It is read as it is:
/// it is no formula to us, and a phone number begins with "+". See ``CSVWriter`` for the way out.
package struct CSVReader: Sendable {
  /// What is the most of everything.
  package struct Limits: Hashable, Sendable {
    /// Bytes of a field.
    package var field: Int
    /// Fields of a row.
    package var fields: Int
    /// Rows, the first included.
    package var rows: Int

    /// Limits. Unless others are given: a page of text, a hundred fields, ten thousand people.
    package init(field: Int = 16_384, fields: Int = 100, rows: Int = 10_001) {
      self.field = field
      self.fields = fields
      self.rows = rows
    }
  }

  private let bytes: [UInt8]
  private let limits: Limits
  private var position: Int
  /// The row that is being read or was read last, counted from 1.
  package private(set) var row = 0
  private var column = 1
  /// How many fields the first row has, and so every other.
  private var width: Int?

  /// A reader at the first row of `bytes`.
  package init(_ bytes: [UInt8], limits: Limits = Limits()) {
    self.bytes = bytes
    self.limits = limits
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The fields of the next row, or `nil` at the end.
  package mutating func nextRow() throws(CSVError) -> [String]? {
    guard position < bytes.count else { return nil }
    row += 1
    column = 1
    guard row <= limits.rows else { throw error(.tooManyRows(limit: limits.rows)) }
    var fields: [String] = []
    repeat {
      column = fields.count + 1
      guard fields.count < limits.fields else { throw error(.tooManyFields(limit: limits.fields)) }
      fields.append(try text(try field()))
    } while takeComma()
    try endRow()
    let expected = width ?? fields.count
    width = expected
    guard fields.count == expected else {
      throw error(.fieldCount(found: fields.count, expected: expected))
    }
    return fields
  }

  /// All rows that are left.
  package mutating func rows() throws(CSVError) -> [[String]] {
    var all: [[String]] = []
    while let row = try nextRow() { all.append(row) }
    return all
  }

  private mutating func field() throws(CSVError) -> [UInt8] {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      return try plainField()
    }
    return try quotedField()
  }

  /// What stands to the next comma or line end.
  private mutating func plainField() throws(CSVError) -> [UInt8] {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        break
      }
      guard byte != UInt8(ascii: "\"") else { throw error(.quoteInField) }
      guard position - start < limits.field else { throw error(.fieldTooLong(limit: limits.field)) }
      position += 1
    }
    return Array(bytes[start..<position])
  }

  /// What stands to the quote that is not doubled.
  private mutating func quotedField() throws(CSVError) -> [UInt8] {
    var field: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count, bytes[position] == byte else { return field }
        position += 1
      }
      guard field.count < limits.field else { throw error(.fieldTooLong(limit: limits.field)) }
      field.append(byte)
    }
    throw error(.openQuote)
  }

  private mutating func takeComma() -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return false }
    position += 1
    return true
  }

  private mutating func endRow() throws(CSVError) {
    guard position < bytes.count else { return }
    if bytes[position] == UInt8(ascii: "\r") {
      guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") else {
        throw error(.loneReturn)
      }
      position += 1
    }
    guard bytes[position] == UInt8(ascii: "\n") else { throw error(.afterQuote) }
    position += 1
  }

  private func text(_ field: [UInt8]) throws(CSVError) -> String {
    guard !field.contains(0), let text = String(validating: field, as: UTF8.self) else {
      throw error(.notText)
    }
    return text
  }

  private func error(_ reason: CSVError.Reason) -> CSVError {
    CSVError(reason, row: row, column: column)
  }
}
