/// Why a text could not be read as CSV, and where.
package struct CSVError: Error, Hashable, Sendable {
  /// What is wrong there.
  package enum Reason: Hashable, Sendable {
    /// A quote stands in a field that does not begin with one.
    case quoteInField
    /// Something follows the quote that ends a field.
    case afterQuote
    /// The text ends within quotes.
    case openQuote
    /// A carriage return stands without a line feed.
    case loneReturn
    /// A field is not UTF-8, or has a NUL in it.
    case notText
    /// A row has another number of fields than the first.
    case fieldCount(found: Int, expected: Int)
    /// A field is longer than the limit, in bytes.
    case fieldTooLong(limit: Int)
    /// A row has more fields than the limit.
    case tooManyFields(limit: Int)
    /// There are more rows than the limit.
    case tooManyRows(limit: Int)
  }

  /// What is wrong there.
  package let reason: Reason
  /// The row, counted from 1. A row may stand on several lines.
  package let row: Int
  /// The field in the row, counted from 1.
  package let column: Int

  init(_ reason: Reason, row: Int, column: Int) {
    self.reason = reason
    self.row = row
    self.column = column
  }

  /// What is wrong, in words that can stand in a sentence: they have no full stop.
  package var detail: String {
    switch reason {
    case .quoteInField: "a quote stands in a field that is not quoted"
    case .afterQuote: "something follows the quote that ends a field"
    case .openQuote: "the text ends within quotes"
    case .loneReturn: "a carriage return stands without a line feed"
    case .notText: "a field is not UTF-8 text"
    case .fieldCount(let found, let expected):
      "the number of fields is \(found) and should be \(expected)"
    case .fieldTooLong(let limit): "a field is longer than \(limit) bytes"
    case .tooManyFields(let limit): "a row has more than \(limit) fields"
    case .tooManyRows(let limit): "there are more than \(limit) rows"
    }
  }
}

extension CSVError: CustomStringConvertible {
  /// Where and what, as a sentence.
  package var description: String { "Row \(row), column \(column): \(detail)." }
}
