/// What is wrong with one line of a document, and what to do.
package struct DirectoryMistake: Hashable, Sendable {
  /// The line, counted from 1; 0 for what the document does not name.
  package var line: Int
  /// A sentence or two.
  package var detail: String

  /// A mistake.
  package init(line: Int, _ detail: String) {
    self.line = line
    self.detail = detail
  }
}

/// Everything that is wrong with a document, so that it is put right in one go.
package struct DirectoryMistakes: Error, Hashable, Sendable {
  /// How many are told: more would not be read, and often have one cause.
  package static let most = 100

  /// The first ``most`` of them, in the order of lines.
  package private(set) var list: [DirectoryMistake] = []
  /// How many more there are.
  package private(set) var untold = 0

  /// No mistake yet.
  package init() {}

  /// Whether nothing is wrong.
  package var isEmpty: Bool { list.isEmpty }

  /// Takes note of one.
  package mutating func add(_ mistake: DirectoryMistake) {
    guard list.count < Self.most else {
      untold += 1
      return
    }
    let place = list.firstIndex { $0.line > mistake.line } ?? list.endIndex
    list.insert(mistake, at: place)
  }

  mutating func add(_ line: Int, _ detail: String) { add(DirectoryMistake(line: line, detail)) }

  /// Throws all of them, if there are any.
  package func check() throws(DirectoryMistakes) {
    if !isEmpty { throw self }
  }
}
