/// Something that `muster` can be told to do, as one row of a table.
///
/// The same row is what a command line is checked against and what its help page is printed from,
/// so that the two cannot disagree.
package struct Verb: Sendable {
  /// What is typed to name it, such as `incident declare`.
  package let words: [String]
  /// What it does, in one line.
  package let summary: String
  /// What stands behind the words, in order.
  package let arguments: [Argument]
  /// What may stand anywhere behind the words.
  package let options: [Option]
  /// More to know, in paragraphs.
  package let notes: [String]
  /// What it prints. The switches of its forms are among the options.
  package let prints: Output
  /// Does it.
  package let run: @Sendable (Invocation) throws(Failure) -> ExitCode

  /// A row of the table.
  package init(
    _ words: String, _ summary: String, arguments: [Argument] = [], options: [Option] = [],
    prints: Output = .deed, notes: [String] = [],
    run: @escaping @Sendable (Invocation) throws(Failure) -> ExitCode
  ) {
    self.words = words.split(separator: " ").map(String.init)
    self.summary = summary
    self.arguments = arguments
    self.options = options + prints.forms.map(\.option)
    self.prints = prints
    self.notes = notes
    self.run = run
  }

  /// A value that is known by its place.
  package struct Argument: Sendable {
    /// In capitals, as help shows it.
    package let name: String
    /// What it is, in one line.
    package let help: String
    /// Whether it may be left out.
    package let isOptional: Bool
    /// Whether there may be more than one of it; only of the last.
    package let repeats: Bool
    /// The words that it may be; empty for any text.
    package let words: [String]

    /// A value by its place.
    package init(
      _ name: String, _ help: String, isOptional: Bool = false, repeats: Bool = false,
      words: [String] = []
    ) {
      self.name = name
      self.help = help
      self.isOptional = isOptional
      self.repeats = repeats
      self.words = words
    }

    /// A value that is one of some words, with what it is where they do not say it themselves.
    package static func choice(_ name: String, _ words: [String], _ help: String = "") -> Argument {
      let listed = "One of \(words.joined(separator: ", "))."
      return Argument(name, help.isEmpty ? listed : "\(help) \(listed)", words: words)
    }
  }

  /// A value or a switch that is known by its name.
  package struct Option: Sendable {
    /// Without the two hyphens.
    package let name: String
    /// What stands for the value in help; `nil` for a switch.
    package let value: String?
    /// The words that it may be; empty for any text.
    package let words: [String]
    /// Whether it may be given more than once.
    package let repeats: Bool
    /// Whether it must be given.
    package let isRequired: Bool
    /// What it is, in one line.
    package let help: String

    /// An option with a value.
    package static func value(
      _ name: String, _ value: String, _ help: String, repeats: Bool = false,
      isRequired: Bool = false
    ) -> Option {
      Option(
        name: name, value: value, words: [], repeats: repeats, isRequired: isRequired, help: help)
    }

    /// An option whose value is one of some words.
    package static func choice(
      _ name: String, _ words: [String], _ help: String, isRequired: Bool = false
    ) -> Option {
      Option(
        name: name, value: words.joined(separator: "|"), words: words, repeats: false,
        isRequired: isRequired, help: help)
    }

    /// An option without a value.
    package static func flag(_ name: String, _ help: String) -> Option {
      Option(name: name, value: nil, words: [], repeats: false, isRequired: false, help: help)
    }
  }
}
