/// Rows with aligned columns, for people.
package struct TextTable: Sendable {
  /// How many characters a column may take; what is longer is cut, and shown to be.
  package static let widestColumn = 60

  private let headings: [String]
  private var rows: [[String]] = []

  /// A table with these headings and no rows.
  package init(_ headings: String...) { self.headings = headings }

  /// Adds a row. It has as many cells as there are headings.
  package mutating func add(_ cells: String...) {
    precondition(cells.count == headings.count, "A row of \(cells.count) cells: \(cells)")
    rows.append(cells.map(Self.shown))
  }

  /// Whether there is no row.
  package var isEmpty: Bool { rows.isEmpty }

  /// The table as text, one line a row, or `nothing` where there are none.
  package func text(orElse nothing: String) -> String {
    guard !rows.isEmpty else { return nothing + "\n" }
    let lines = [headings] + rows
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

  /// One line of visible characters: text from the cluster must not steer a terminal.
  private static func shown(_ cell: String) -> String {
    let line = Terminal.harmless(cell, keepingLines: false)
    guard line.count > widestColumn else { return line }
    return line.prefix(widestColumn - 1) + "…"
  }
}
