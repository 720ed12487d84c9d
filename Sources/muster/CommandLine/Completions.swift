/// What a shell offers to complete, from the ``CommandTable``: the words of commands, their options,
/// and the values of options that are known.
///
/// All three scripts go the same way. They look for the longest command among the words before the
/// cursor, then for what the word before the cursor wants, then offer what may follow. They ask
/// nothing of the program or the cluster, so that a key press is never slow.
package struct Completions: Sendable {
  /// A shell for which there is a script.
  package enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish
  }

  /// A word that may follow, and what it is.
  package struct Offer: Hashable, Sendable {
    /// What is typed.
    package let word: String
    /// What it means, in one line.
    package let meaning: String
  }

  /// What may stand where a value is wanted.
  package enum Value: Hashable, Sendable {
    /// One of these.
    case words([String])
    /// The name of a file or folder.
    case path
    /// Something that no shell can know.
    case anything
  }

  /// Every command, by its words.
  package let commands: [String]
  /// What may follow the words so far, in the order of the table.
  package private(set) var following: [(words: String, offers: [Offer])] = []
  /// The options of commands; those that take the same ones stand together.
  package private(set) var options: [(commands: [String], offers: [Offer])] = []
  /// What options want behind them, as `command:--option`; an asterisk is any command.
  package private(set) var values: [(value: Value, places: [String])] = []

  /// What this table offers.
  package init(_ table: CommandTable) {
    commands = table.verbs.map { $0.words.joined(separator: " ") }
    for verb in table.verbs { collectWords(verb, table) }
    collectOptions(table)
    collectValues(table)
  }

  /// The script for one shell.
  package func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  private mutating func collectWords(_ verb: Verb, _ table: CommandTable) {
    for count in verb.words.indices {
      let before = Array(verb.words.prefix(count))
      let offer = Offer(
        word: verb.words[count],
        meaning: Self.meaning(Array(verb.words.prefix(count + 1)), table))
      offerWord(offer, behind: before.joined(separator: " "))
    }
    let words = verb.arguments.first?.words ?? []
    let command = verb.words.joined(separator: " ")
    for word in words { offerWord(Offer(word: word, meaning: verb.summary), behind: command) }
  }

  private mutating func offerWord(_ offer: Offer, behind words: String) {
    if let place = following.firstIndex(where: { $0.words == words }) {
      if !following[place].offers.contains(where: { $0.word == offer.word }) {
        following[place].offers.append(offer)
      }
    } else {
      following.append((words, [offer]))
    }
  }

  /// The summary of the command that these words are, or which ones begin with them.
  private static func meaning(_ words: [String], _ table: CommandTable) -> String {
    let group = table.verbs.filter { $0.words.starts(with: words) }
    if let verb = group.first(where: { $0.words.count == words.count }) { return verb.summary }
    let next = group.map { $0.words[words.count] }
    return next.prefix(4).joined(separator: ", ") + (next.count > 4 ? ", …" : "")
  }

  private mutating func collectOptions(_ table: CommandTable) {
    for verb in table.verbs {
      let command = verb.words.joined(separator: " ")
      let offers =
        verb.options.map { Offer(word: "--\($0.name)", meaning: $0.help) }
        + [Offer(word: "--help", meaning: "Say all about this command.")]
      if let place = options.firstIndex(where: { $0.offers == offers }) {
        options[place].commands.append(command)
      } else {
        options.append(([command], offers))
      }
    }
  }

  private mutating func collectValues(_ table: CommandTable) {
    var wanted: [String: [(command: String, value: Value)]] = [:]
    for verb in table.verbs {
      for option in verb.options {
        guard let value = Self.value(of: option) else { continue }
        let command = verb.words.joined(separator: " ")
        wanted["--\(option.name)", default: []].append((command, value))
      }
    }
    for (option, places) in wanted.sorted(by: { $0.key < $1.key }) {
      // What an option wants is the same wherever it is taken, but for a few.
      if Set(places.map(\.value)).count == 1 {
        note(places[0].value, at: "*:\(option)")
      } else {
        for (command, value) in places { note(value, at: "\(command):\(option)") }
      }
    }
  }

  private mutating func note(_ value: Value, at place: String) {
    if let row = values.firstIndex(where: { $0.value == value }) {
      values[row].places.append(place)
    } else {
      values.append((value, [place]))
    }
  }

  private static func value(of option: Verb.Option) -> Value? {
    guard let placeholder = option.value else { return nil }
    if !option.words.isEmpty { return .words(option.words) }
    return ["FILE", "FOLDER", "PATH"].contains(placeholder) ? .path : .anything
  }
}

/// `muster completions`: the script for a shell.
enum CompletionVerbs {
  static let all: [Verb] = [completions]

  private static let shells = Completions.Shell.allCases.map(\.rawValue)

  private static let completions = Verb(
    "completions", "Print a script with which your shell completes what muster can be told.",
    arguments: [.choice("SHELL", shells)], prints: .text,
    notes: [
      "bash: source <(muster completions bash), in ~/.bashrc.",
      "zsh: muster completions zsh > FOLDER/_muster, a folder of $fpath; or source <(muster "
        + "completions zsh) in ~/.zshrc, after compinit.",
      "fish: muster completions fish > ~/.config/fish/completions/muster.fish",
    ]
  ) { invocation throws(Failure) in
    guard let shell = Completions.Shell(rawValue: invocation.required("SHELL")) else {
      preconditionFailure("The command line was held to the words of the table.")
    }
    Terminal.print(Completions(Muster.table).script(for: shell))
    return .done
  }
}
