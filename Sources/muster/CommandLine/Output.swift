import JSON

/// What sort of thing a command prints, and so the forms in which it can be had.
package enum Output: Hashable, Sendable {
  /// A list, whose elements the member of this name has.
  case list(of: String)
  /// One thing, or what a write came to.
  case thing
  /// A text of a form of its own, such as a script for a shell.
  case text
  /// A sentence or two about what was done on this machine.
  case deed

  /// The forms beside words for a person, in the order in which help shows them.
  package var forms: [Form] {
    switch self {
    case .list: [.json, .csv, .plain]
    case .thing: [.json, .plain]
    case .text, .deed: []
    }
  }

  /// An answer in a form that it can be had in.
  ///
  /// - Parameters:
  ///   - value: What was answered.
  ///   - bytes: The same, as it came.
  ///   - words: The same, for a person.
  func text(of value: JSONValue, _ bytes: [UInt8], words: String, as form: Form) -> String {
    switch (form, self) {
    case (.words, _): words
    case (.json, _): String(decoding: bytes, as: UTF8.self) + "\n"
    case (.plain, .list(let name)): PlainText.facts(ofList: name, in: value)
    case (.plain, _): PlainText.facts(value)
    case (.csv, .list(let name)): SheetText.rows(ofList: name, in: value)
    case (.csv, _): preconditionFailure("\(self) is no list, and its table takes no --csv.")
    }
  }

  /// The same of what this machine knows by itself.
  func text(of value: JSONValue, words: String, as form: Form) -> String {
    text(of: value, value.serialised(), words: words, as: form)
  }
}

/// The form in which a command prints.
package enum Form: String, Hashable, Sendable, CaseIterable {
  /// Sentences and tables, for a person.
  case words
  /// One JSON document.
  case json
  /// CSV, for a spreadsheet.
  case csv
  /// A fact per line, for scripts.
  case plain

  /// The switch that chooses it; there is none for words.
  var option: Verb.Option {
    let help =
      switch self {
      case .words: ""
      case .json: "Print one JSON document: what was answered, or the problem if it was refused."
      case .csv: "Print a row each, for a spreadsheet (RFC 4180)."
      case .plain: "Print a fact per line: its name, a tab, and what it is."
      }
    return .flag(rawValue, help)
  }

  /// The form that was chosen.
  package init(_ invocation: Invocation) throws(Failure) {
    let chosen = Self.allCases.filter { invocation.flag($0.rawValue) }
    guard chosen.count <= 1 else {
      let names = chosen.map { "--\($0.rawValue)" }.joined(separator: " and ")
      throw .usage("\(names) are forms of one answer: leave all but one out.")
    }
    self = chosen.first ?? .words
  }
}
