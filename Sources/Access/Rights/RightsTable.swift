package import Incidents

/// Who may do what, cell by cell. What it does not say is denied.
package struct RightsTable: Hashable, Sendable {
  /// Only what is not denied, so that two tables of the same rights are equal.
  private var cells: [Cell: Allowance] = [:]

  private struct Cell: Hashable, Sendable {
    let right: Right
    let holder: Holder
  }

  /// A table that denies everything.
  package init() {}

  /// How far `holder` has `right`.
  package subscript(right: Right, holder: Holder) -> Allowance {
    get { cells[Cell(right: right, holder: holder)] ?? .denied }
    set { cells[Cell(right: right, holder: holder)] = newValue == .denied ? nil : newValue }
  }

  /// Who has `right` as far as anything of it goes: the early check, and whom to name in a refusal.
  package func holders(of right: Right) -> [Holder] {
    Holder.allCases.filter { self[right, $0] != .denied }
  }

  /// The same as standings, for what an incident knows of a person. An auditor has none.
  package func standing(for right: Right) -> Standing {
    holders(of: right).reduce(into: []) { standing, holder in
      standing.formUnion(holder.standing ?? [])
      if self[right, holder] == .grantedWithSpecialists { standing.insert(.specialist) }
    }
  }
}

/// Why a page has no table of rights that could be read.
package enum RightsTableError: Error, Hashable, Sendable {
  /// No line is a header with an empty first cell and the rule of a table under it.
  case noTable
  /// There is no such ``Holder``, or it is there twice.
  case badColumn(String)
  /// There is no such ``Right``, or it is there twice.
  case badRow(String)
  /// A row has another number of cells than the header.
  case cellCount(row: String, found: Int, expected: Int)
  /// A cell says something that is not known.
  case badCell(row: String, words: String)
}

extension RightsTable {
  /// Reads the first table of a Markdown page whose first header cell is empty.
  ///
  /// A row, a column or a cell that is not there denies. One that is there and not understood is an
  /// error: what somebody meant by it must not be guessed, in neither direction.
  package init(markdown page: String) throws(RightsTableError) {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.map(Self.cells)
    guard let header = rows.indices.dropLast().first(where: { Self.isHeader(rows, at: $0) }) else {
      throw .noTable
    }
    let columns = try Self.columns(rows[header])
    var seen: Set<Right> = []
    for cells in rows[(header + 2)...].prefix(while: { !$0.isEmpty }) {
      guard let right = Right(rawValue: cells[0]), seen.insert(right).inserted else {
        throw .badRow(cells[0])
      }
      guard cells.count == columns.count + 1 else {
        throw .cellCount(row: cells[0], found: cells.count, expected: columns.count + 1)
      }
      for (holder, words) in zip(columns, cells.dropFirst()) {
        guard let allowance = Allowance(words) else {
          throw .badCell(row: cells[0], words: words)
        }
        self[right, holder] = allowance
      }
    }
  }

  /// The cells of a line of a table, without the blanks around them; none for another line.
  private static func cells(_ line: Substring) -> [String] {
    guard line.hasPrefix("|"), line.hasSuffix("|"), line.count > 1 else { return [] }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { cell in
        let start = cell.drop { $0 == " " }
        let end = start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex
        return String(start[..<end])
      }
  }

  private static func isHeader(_ rows: [[String]], at place: Int) -> Bool {
    let rule = rows[place + 1]
    return rows[place].first == "" && rule.count == rows[place].count
      && rule.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 == "-" } }
  }

  private static func columns(_ header: [String]) throws(RightsTableError) -> [Holder] {
    var columns: [Holder] = []
    for name in header.dropFirst() {
      guard let holder = Holder(rawValue: name), !columns.contains(holder) else {
        throw .badColumn(name)
      }
      columns.append(holder)
    }
    return columns
  }
}
