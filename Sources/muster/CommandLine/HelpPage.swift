/// Help, printed from the ``CommandTable``.
package enum HelpPage {
  /// How wide paragraphs are.
  private static let width = 80

  /// Everything, one line each.
  package static func overview(_ table: CommandTable) -> String {
    var page = "Muster keeps a department's incidents on nodes of its own.\n\n"
    page += "usage: muster COMMAND [ARGUMENTS] [OPTIONS]\n\n"
    page += rows(table.verbs.map { ($0.words.joined(separator: " "), $0.summary) })
    page += "\nmuster COMMAND --help says more about one.\n\n"
    page += "Exit codes:\n"
    page += rows(ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) })
    return page
  }

  /// The commands that begin with one word, one line each.
  package static func list(_ word: String, _ verbs: [Verb]) -> String {
    "usage: muster \(word) COMMAND [ARGUMENTS] [OPTIONS]\n\n"
      + rows(verbs.map { ($0.words.joined(separator: " "), $0.summary) })
      + "\nmuster \(word) COMMAND --help says more about one.\n"
  }

  /// All about one command.
  package static func page(of verb: Verb) -> String {
    var usage = "usage: muster " + verb.words.joined(separator: " ")
    for argument in verb.arguments {
      let name = argument.name + (argument.repeats ? "..." : "")
      usage += argument.isOptional ? " [\(name)]" : " \(name)"
    }
    if !verb.options.isEmpty { usage += " [OPTIONS]" }
    var page = usage + "\n\n" + wrapped(verb.summary) + "\n"
    for note in verb.notes { page += "\n" + wrapped(note) + "\n" }
    if !verb.arguments.isEmpty {
      page += "\n" + rows(verb.arguments.map { ($0.name, $0.help) })
    }
    if !verb.options.isEmpty {
      page += "\nOptions:\n" + rows(verb.options.map { (spelling($0), help($0)) })
    }
    return page
  }

  private static func spelling(_ option: Verb.Option) -> String {
    guard let value = option.value else { return "--\(option.name)" }
    return "--\(option.name) \(isListed(option) ? "WORD" : value)"
  }

  /// Whether its words are too many for one line, and are told with the help.
  private static func isListed(_ option: Verb.Option) -> Bool {
    !option.words.isEmpty && option.name.count + (option.value?.count ?? 0) + 5 > width
  }

  private static func help(_ option: Verb.Option) -> String {
    let words = isListed(option) ? " One of " + option.words.joined(separator: ", ") + "." : ""
    return option.help + words + (option.isRequired ? " Needed." : "")
      + (option.repeats ? " May repeat." : "")
  }

  private static func rows(_ rows: [(String, String)]) -> String {
    /// A name longer than this gets a line of its own.
    let longest = 30
    let column = rows.map(\.0.count).filter { $0 <= longest }.max() ?? 0
    return rows.map { name, text in
      let indent = String(repeating: " ", count: column + 4)
      let lines = wrapped(text, to: width - column - 4).split(separator: "\n")
      let body = lines.joined(separator: "\n" + indent)
      guard name.count <= column else { return "  \(name)\n\(indent)\(body)\n" }
      return "  \(name)" + String(repeating: " ", count: column - name.count + 2) + body + "\n"
    }.joined()
  }

  private static func wrapped(_ text: String, to width: Int = width) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
