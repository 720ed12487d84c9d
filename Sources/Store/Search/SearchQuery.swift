package import Incidents

/// What somebody looks for, as they typed it.
///
/// All words must be there, in any order; words in quotation marks stand one behind the other; a star
/// behind a word stands for any ending. Nothing else has a meaning: whatever SQLite would take for an
/// operator is only text.
package struct SearchQuery: Hashable, Sendable {
  /// In the language of FTS5.
  let expression: String
  /// The incident that is called so, if it may be a reference.
  package let reference: Reference?

  /// Bytes of a query.
  package static let longest = 256
  /// Words and phrases of a query.
  package static let mostWords = 16
  /// Characters before a star: fewer would stand for a good part of all words.
  package static let shortestPrefix = 3

  /// Why something cannot be looked for, in a sentence.
  package struct Mistake: Error, Hashable, Sendable {
    /// What to do instead.
    package let detail: String
  }

  /// What `text` asks for.
  package init(_ text: String) throws(Mistake) {
    guard text.utf8.count <= Self.longest else {
      throw Mistake(detail: "A search has at most \(Self.longest) bytes.")
    }
    let terms = try Self.terms(text)
    guard !terms.isEmpty else { throw Mistake(detail: "Give a word to look for.") }
    guard terms.count <= Self.mostWords else {
      throw Mistake(detail: "A search has at most \(Self.mostWords) words.")
    }
    // Side by side they must all be there, and what the index takes for no word at all is passed over.
    expression = terms.joined(separator: " ")
    reference = Reference(text)
  }

  private static func terms(_ text: String) throws(Mistake) -> [String] {
    var terms: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    while let first = rest.first {
      if first == "\"" {
        let phrase = rest.dropFirst().prefix { $0 != "\"" }
        rest = rest.dropFirst(phrase.count + 1).dropFirst()
        let isPrefix = rest.first == "*"
        if isPrefix { rest.removeFirst() }
        try add(phrase, isPrefix, to: &terms)
      } else if isBlank(first) {
        rest.removeFirst()
      } else {
        let word = rest.prefix { !isBlank($0) && $0 != "\"" }
        rest = rest.dropFirst(word.count)
        try add(word, word.last == "*", to: &terms)
      }
    }
    return terms
  }

  private static func add(
    _ words: ArraySlice<Unicode.Scalar>, _ isPrefix: Bool, to terms: inout [String]
  ) throws(Mistake) {
    guard words.contains(where: isLetter) else { return }
    if isPrefix {
      let last = words.reversed().drop { !isLetter($0) }.prefix(while: isLetter)
      guard last.count >= shortestPrefix else {
        throw Mistake(
          detail: "At least \(shortestPrefix) letters stand before a star.")
      }
    }
    var term = "\""
    for scalar in words {
      if scalar == "\"" { term += "\"" }
      term.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    terms.append(term + (isPrefix ? "\" *" : "\""))
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar.properties.isWhitespace
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
