/// All that `muster` can be told to do.
package struct CommandTable: Sendable {
  /// The rows, in the order in which help shows them.
  package let verbs: [Verb]

  /// A table of these rows.
  package init(_ verbs: [Verb]) { self.verbs = verbs }

  /// What a command line asks for.
  package enum Request {
    /// To do something.
    case run(Verb, Invocation)
    /// To be told how.
    case help(String)
  }

  /// Finds what `words`, without the program's own name, ask for.
  package func request(_ words: [String]) throws(Failure) -> Request {
    let asksHelp = words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    var words = words.filter { !asksHelp || ($0 != "--help" && $0 != "-h") }
    if words.first == "help" {
      words.removeFirst()
      return .help(try help(for: words))
    }
    if asksHelp || words.isEmpty { return .help(try help(for: words)) }
    if let verb = verb(words) {
      let rest = words.dropFirst(verb.words.count)
      do throws(Failure) {
        return .run(verb, try Invocation(verb, rest))
      } catch {
        let command = verb.words.joined(separator: " ")
        throw Failure(error.code, "\(error.message)\nTry: muster \(command) --help")
      }
    }
    if words.count == 1, verbs.contains(where: { $0.words.first == words[0] }) {
      return .help(try help(for: words))
    }
    throw .usage(
      "There is no command \"\(words.prefix(2).joined(separator: " "))\".\nTry: muster --help")
  }

  /// The help page of the command or group that `words` begin with.
  private func help(for words: [String]) throws(Failure) -> String {
    if words.isEmpty { return HelpPage.overview(self) }
    if let verb = verb(words) { return HelpPage.page(of: verb) }
    let group = verbs.filter { $0.words.first == words[0] }
    guard !group.isEmpty else {
      throw .usage("There is no command \"\(words[0])\".\nTry: muster --help")
    }
    return HelpPage.list(words[0], group)
  }

  /// The row with the most words that `words` begin with.
  private func verb(_ words: [String]) -> Verb? {
    verbs.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  }
}
