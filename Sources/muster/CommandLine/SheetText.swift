import CSV
package import JSON

/// Lists as CSV for people with a spreadsheet: no field is a formula.
///
/// A column is named as ``PlainText`` names a fact, and the columns are those that the elements have,
/// in the order in which they come up first. A list of texts or numbers within an element stands in
/// one field, with semicolons between; a list of objects as JSON.
package enum SheetText {
  /// The headings, and a row for each element of a member; nothing where there is no element.
  package static func rows(ofList name: String, in answer: JSONValue) -> String {
    // One element is answered as itself.
    let elements = answer[name]?.elements ?? [answer]
    let rows = elements.map { element in
      var fields: [(name: String, text: String)] = []
      collect(element, named: "", into: &fields)
      return fields
    }
    let headings = headings(of: rows)
    guard !headings.isEmpty else { return "" }
    let columns = Dictionary(uniqueKeysWithValues: zip(headings, headings.indices))
    var writer = CSVWriter(for: .spreadsheets)
    writer.row(headings)
    for row in rows {
      var cells = [String](repeating: "", count: headings.count)
      for field in row {
        if let column = columns[field.name] { cells[column] = field.text }
      }
      writer.row(cells)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The columns of all rows. What has members in one row and is nothing in another has theirs alone.
  private static func headings(of rows: [[(name: String, text: String)]]) -> [String] {
    var seen: Set<String> = []
    var parents: Set<String> = []
    var headings: [String] = []
    for field in rows.joined() where seen.insert(field.name).inserted {
      headings.append(field.name)
      var parent = field.name[...]
      while let end = parent.lastIndex(of: ".") {
        parent = parent[..<end]
        parents.insert(String(parent))
      }
    }
    let empty = parents.filter { name in
      !rows.joined().contains { $0.name == name && !$0.text.isEmpty }
    }
    return headings.filter { !empty.contains($0) }
  }

  private static func collect(
    _ value: JSONValue, named name: String, into fields: inout [(name: String, text: String)]
  ) {
    switch value.kind {
    case .object(let members):
      for member in members {
        collect(
          member.value, named: name.isEmpty ? member.name : "\(name).\(member.name)", into: &fields)
      }
    case .array(let elements) where elements.allSatisfy(isPlain):
      add(elements.map(\.spelling).joined(separator: "; "), named: name, to: &fields)
    case .array, .null, .bool, .number, .string: add(value.spelling, named: name, to: &fields)
    }
  }

  private static func add(
    _ text: String, named name: String, to fields: inout [(name: String, text: String)]
  ) {
    fields.append((Terminal.harmless(name.isEmpty ? "value" : name), Terminal.harmless(text)))
  }

  private static func isPlain(_ value: JSONValue) -> Bool {
    switch value.kind {
    case .array, .object: false
    case .null, .bool, .number, .string: true
    }
  }
}
