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
        throw Self.advised(error, of: verb)
      }
    }
    if words.count == 1, verbs.contains(where: { $0.words.first == words[0] }) {
      return .help(try help(for: words))
    }
    throw unknown(words)
  }

  /// There is no such command: what may have been meant, or where the commands are listed.
  private func unknown(_ words: [String]) -> Failure {
    let isGroup = words.count > 1 && verbs.contains { $0.words.first == words[0] }
    // What is right already is no reason to take the rest for something else.
    let right = isGroup ? 1 : 0
    let candidates = verbs.filter { !isGroup || $0.words[0] == words[0] }
    let near = Likeness.nearest(
      to: words.dropFirst(right).joined(separator: " "),
      among: candidates.map { verb in
        // What stands behind the words of a command is no part of its name.
        (verb.words + words.dropFirst(verb.words.count)).dropFirst(right).joined(separator: " ")
      }, atMost: max(1, words[right].count / 3))
    let group = isGroup ? "\(words[0]) " : ""
    let advice =
      near.map { "Did you mean: muster \(group)\($0)" } ?? "Try: muster \(group)--help"
    return .usage(
      "There is no command \"\(words.prefix(2).joined(separator: " "))\".\n\(advice)")
  }

  /// A failure of a command, which says how the command is used if nothing else says what to do.
  package static func advised(_ failure: Failure, of verb: Verb) -> Failure {
    guard failure.code == .usage, !failure.message.contains("muster ") else { return failure }
    let command = verb.words.joined(separator: " ")
    return Failure(
      failure.code, "\(failure.message)\nTry: muster \(command) --help", problem: failure.problem)
  }

  /// The help page of the command or group that `words` begin with.
  private func help(for words: [String]) throws(Failure) -> String {
    if words.isEmpty { return HelpPage.overview(self) }
    if let verb = verb(words) { return HelpPage.page(of: verb) }
    let group = verbs.filter { $0.words.first == words[0] }
    guard !group.isEmpty else { throw unknown(words) }
    return HelpPage.list(words[0], group)
  }

  /// The row with the most words that `words` begin with.
  private func verb(_ words: [String]) -> Verb? {
    verbs.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  }
}
