internal import CSV
internal import Incidents

/// One table: a row for each thing, and what it is in the first column.
extension DirectoryDocument {
  /// The document as CSV, with the names of the columns in the first row.
  package func csv() -> [UInt8] {
    var csv = CSVWriter()
    csv.row(TableColumn.all.map(\.name))
    for record in records { csv.row(record.row) }
    return csv.bytes
  }

  /// The document that a CSV text is. Its columns may stand in any order; each must be there.
  ///
  /// - Throws: Everything that is wrong with it, by line.
  package init(csv bytes: [UInt8]) throws(DirectoryMistakes) {
    var mistakes = DirectoryMistakes()
    var csv = CSVReader(bytes)
    var records: [DirectoryRecord] = []
    do throws(CSVError) {
      let columns = TableColumn.columns(of: try csv.nextRow() ?? [], &mistakes)
      // Without the names of its columns nothing that follows has a meaning.
      let isReadable = mistakes.isEmpty
      while isReadable, let row = try csv.nextRow() {
        // A spreadsheet leaves rows of nothing behind where something was deleted.
        guard row.contains(where: { !$0.isEmpty }) else { continue }
        let record = DirectoryRecord(row, of: columns, line: csv.row, &mistakes)
        if let record { records.append(record) }
      }
    } catch {
      // Where a row begins is not known any more: what follows would be guessed.
      mistakes.add(error.row, "Column \(error.column) cannot be read: \(error.detail).")
    }
    try self.init(records, after: mistakes)
  }
}

/// A column of the table.
private enum TableColumn: Hashable {
  /// What the row is.
  case kind
  /// One thing that is said of it.
  case cell(DirectoryRecord.Column)
  /// A way to reach a person, by its place.
  case contact(Int)

  /// All of them, in the order of writing.
  static let all: [TableColumn] =
    [.kind]
    + DirectoryRecord.Column.allCases.flatMap { column in
      let contacts = (1...Bound.contacts).map(TableColumn.contact)
      return column == .timeZone ? [.cell(column)] + contacts : [.cell(column)]
    }

  var name: String {
    switch self {
    case .kind: "kind"
    case .cell(let column): column.rawValue
    case .contact(let place): "contact\(place)"
    }
  }

  /// The columns of these names, each of them once.
  static func columns(
    of header: [String], _ mistakes: inout DirectoryMistakes
  ) -> [TableColumn] {
    let strange = header.filter { name in !all.contains { $0.name == name } }
    let missing = all.map(\.name).filter { !header.contains($0) }
    if !strange.isEmpty {
      mistakes.add(1, "No column is called \(strange.joined(separator: ", ")). Take it out.")
    }
    if !missing.isEmpty {
      let names = missing.joined(separator: ", ")
      mistakes.add(1, "The first row lacks the columns \(names). Add them; they may be empty.")
    }
    if Set(header).count < header.count { mistakes.add(1, "A column is there twice.") }
    return header.compactMap { name in all.first { $0.name == name } }
  }
}

extension DirectoryRecord {
  /// Its cells, in the order of the columns.
  fileprivate var row: [String] {
    TableColumn.all.map { column in
      switch column {
      case .kind: kind.rawValue
      case .cell(let column): cells[column] ?? ""
      case .contact(let place): place <= contacts.count ? contacts[place - 1] : ""
      }
    }
  }

  /// The record in a row, or `nil` if it is not known what it is about.
  fileprivate init?(
    _ row: [String], of columns: [TableColumn], line: Int, _ mistakes: inout DirectoryMistakes
  ) {
    let word = zip(columns, row).first { $0.0 == .kind }?.1 ?? ""
    guard let kind = Kind(rawValue: word) else {
      let words = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      mistakes.add(line, "The kind \"\(word)\" is none of \(words).")
      return nil
    }
    self.init(kind: kind, line: line)
    var contacts: [(place: Int, text: String)] = []
    for (column, text) in zip(columns, row) where !text.isEmpty {
      switch column {
      case .kind: continue
      case .cell(let column) where kind.columns.contains(column): cells[column] = text
      case .contact(let place) where kind == .person: contacts.append((place, text))
      case .cell, .contact:
        mistakes.add(line, "A \(kind.rawValue) has no \(column.name). Empty that cell.")
      }
    }
    self.contacts = contacts.sorted { $0.place < $1.place }.map(\.text)
  }
}
