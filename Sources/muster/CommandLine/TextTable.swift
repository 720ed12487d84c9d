/// Rows with aligned columns, for people.
package struct TextTable: Sendable {
  /// How many characters a column may take on a terminal; what is longer is cut, and shown to be.
  package static let widestColumn = 60

  private let headings: [String]
  private var rows: [[String]] = []

  /// A table with these headings and no rows.
  package init(_ headings: String...) { self.headings = headings }

  /// Adds a row. It has as many cells as there are headings.
  package mutating func add(_ cells: String...) {
    precondition(cells.count == headings.count, "A row of \(cells.count) cells: \(cells)")
    rows.append(cells.map { Terminal.harmless($0, keepingLines: false) })
  }

  /// Whether there is no row.
  package var isEmpty: Bool { rows.isEmpty }

  /// The table as text, one line a row, or `nothing` where there are none.
  ///
  /// - Parameter isCut: Whether a column ends at ``widestColumn``. What goes into a file or to another
  ///   program is whole.
  package func text(orElse nothing: String, isCut: Bool = Terminal.isShown) -> String {
    guard !rows.isEmpty else { return nothing + "\n" }
    let lines = [headings] + (isCut ? rows.map { $0.map(Self.cut) } : rows)
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        line += cell
        let isLast = column == cells.count - 1
        if !isLast { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// The table as text without its headings, which are empty: names, and what each is.
  package var page: String { String(text(orElse: "").drop { $0 == "\n" }) }

  private static func cut(_ cell: String) -> String {
    guard cell.count > widestColumn else { return cell }
    return cell.prefix(widestColumn - 1) + "…"
  }
}
