import EventLoop
import Testing

/// The table that says where each sentence of the guidance is enforced, asked for or shown.
@Suite("The guidance, sentence by sentence")
struct GuidanceTests {
  private struct Row {
    let id: String
    let sentence: String
    let rule: String
    let test: String
  }

  private static let root =
    "/"
    + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  private static func text(_ path: String) throws -> String {
    String(decoding: try Files.read("\(root)/\(path)", atMost: 4 << 20), as: UTF8.self)
  }

  /// The cells of a table's line; a bar that is part of a cell stands behind a backslash.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.drop(while: { $0 == " " }).dropFirst() {
      switch (character, isEscaped) {
      case ("\\", false): isEscaped = true
      case ("|", false): cells.append("")
      default:
        cells[cells.count - 1].append(character)
        isEscaped = false
      }
    }
    return cells.dropLast().map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func catalogue() throws -> (rows: [Row], asksNothing: [String]) {
    let page = try text("Sources/Incidents/Incidents.docc/Guidance.md")
    var rows: [Row] = []
    var asksNothing: [String] = []
    for line in page.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = cells(line)
      if cells.count == 4, cells[0].hasPrefix("G") {
        rows.append(Row(id: cells[0], sentence: cells[1], rule: cells[2], test: cells[3]))
      } else if cells.count == 1, cells[0] != "sentence" {
        asksNothing.append(cells[0])
      }
    }
    return (rows, asksNothing)
  }

  /// The parts of a text between backticks.
  private static func quoted(_ text: String) -> [String] {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
  }

  private static func everything(below folder: String) throws -> String {
    var all = ""
    for name in try Files.list("\(root)/\(folder)").sorted() {
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".swift") || name.hasSuffix(".md") {
        all += try text(path)
      } else if !name.contains(".") || name.hasSuffix(".docc") {
        all += try everything(below: path)
      }
    }
    return all
  }

  @Test func `has each of them, in order, and no other`() throws {
    let (rows, asksNothing) = try Self.catalogue()
    #expect(rows.count > 60)
    #expect(rows.map(\.id) == (1...rows.count).map { "G\($0)" })
    // What is left of the guidance without the sentences of both tables is marks and nothing else.
    var rest = try Self.text("Tests/TidyTests/guidance.txt")
    let longestFirst = (rows.map(\.sentence) + asksNothing).sorted { $0.count > $1.count }
    for sentence in longestFirst {
      guard let place = rest.firstRange(of: sentence) else {
        Issue.record("The guidance does not say: \(sentence)")
        continue
      }
      rest.replaceSubrange(place, with: "\n")
    }
    let left = rest.split(separator: "\n").filter { $0.contains { $0.isLetter || $0.isNumber } }
    #expect(left == [], "The table lacks these.")
  }

  @Test func `names for each what does it, which is there`() throws {
    let sources = try Self.everything(below: "Sources")
    for row in try Self.catalogue().rows {
      let names = Self.quoted(row.rule)
      #expect(!names.isEmpty, "\(row.id) names nothing.")
      #expect(row.rule.contains { $0 == " " }, "\(row.id) says nothing.")
      for name in names {
        let isThere = ["struct ", "enum ", "func ", "case ", "var ", "let ", "extension ", "\""]
          .contains { sources.contains($0 + name) }
        #expect(isThere, "\(row.id): \(name) is not in the sources.")
      }
    }
  }

  @Test func `names for each a test, which is there`() throws {
    let tests = try Self.everything(below: "Tests")
    for row in try Self.catalogue().rows {
      let names = Self.quoted(row.test)
      #expect(!names.isEmpty, "\(row.id) has no test.")
      for name in names {
        let isThere = tests.contains("func `\(name)`")
        #expect(isThere, "\(row.id): no test is called \(name).")
      }
    }
  }
}
