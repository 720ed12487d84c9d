/// Writes CSV (RFC 4180): rows that end with CR LF, quotes only where a field needs them, so that the
/// same rows are the same bytes every time.
///
/// **Formulas.** A spreadsheet takes a field that begins with "=", "+", "-", "@", a tab or a carriage
/// return for a formula. What is to be read back by ``CSVReader`` is written as it is: a mark in
/// front would be another text on the way back, and phone numbers begin with "+". What people shall
/// open in a spreadsheet is written for ``Readers/spreadsheets``, which puts "'" in front of such a
/// field; it is not for importing.
package struct CSVWriter: Sendable {
  /// For whom it is written.
  package enum Readers: Hashable, Sendable {
    /// A program, such as ``CSVReader``: every field comes back as it was.
    case programs
    /// People with a spreadsheet: no field is a formula.
    case spreadsheets
  }

  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []
  private let readers: Readers
  private var width: Int?

  /// An empty writer.
  package init(for readers: Readers = .programs) { self.readers = readers }

  /// Writes one row.
  ///
  /// - Precondition: It has a field, and as many as the rows before it; no field has a NUL.
  package mutating func row(_ fields: [String]) {
    precondition(!fields.isEmpty, "A row of nothing has no form in CSV.")
    precondition(fields.count == width ?? fields.count, "A row of \(fields.count) fields.")
    width = fields.count
    for (place, field) in fields.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(field)
    }
    bytes.append(contentsOf: "\r\n".utf8)
  }

  private mutating func append(_ field: String) {
    precondition(!field.utf8.contains(0), "A NUL has no place in CSV.")
    let text = readers == .spreadsheets && Self.isFormula(field) ? "'" + field : field
    // Quotes also keep a byte order mark at the very front from being taken for one of the file.
    let needsQuotes =
      text.utf8.contains(where: Self.isSpecial) || bytes.isEmpty && text.hasPrefix("\u{FEFF}")
    guard needsQuotes else { return bytes.append(contentsOf: text.utf8) }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }

  private static func isFormula(_ field: String) -> Bool {
    guard let first = field.utf8.first else { return false }
    return "=+-@\t\r".utf8.contains(first)
  }
}
