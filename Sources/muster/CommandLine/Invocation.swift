/// A command line that fits its ``Verb``: the values by the names of the table.
package struct Invocation: Hashable, Sendable {
  private var arguments: [String: [String]] = [:]
  private var options: [String: [String]] = [:]

  /// The value of an argument or option, or `nil` if it was not given; the last if there are more.
  package subscript(name: String) -> String? { arguments[name]?.last ?? options[name]?.last }

  /// The value of an argument or option that the table demands.
  package func required(_ name: String) -> String {
    guard let value = self[name] else {
      preconditionFailure("\(name) is read as required, but its table does not say so.")
    }
    return value
  }

  /// All values of an argument or option, in order.
  package func all(_ name: String) -> [String] { arguments[name] ?? options[name] ?? [] }

  /// Whether a switch was given.
  package func flag(_ name: String) -> Bool { options[name] != nil }

  /// A whole number within `range`, or `usual` if it was not given.
  package func number(
    _ name: String, in range: ClosedRange<Int>, usual: Int
  ) throws(Failure) -> Int {
    guard let text = self[name] else { return usual }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "--\(name) is a whole number from \(range.lowerBound) to \(range.upperBound),"
          + " not \"\(text)\".")
    }
    return number
  }

  /// Reads what stands behind the words of `verb`.
  ///
  /// `--name value` and `--name=value` are the same; behind `--` all are arguments.
  package init(_ verb: Verb, _ words: some Sequence<String>) throws(Failure) {
    var places = verb.arguments[...]
    var rest = Array(words)[...]
    var isBehindEnd = false
    while let word = rest.popFirst() {
      if word == "--", !isBehindEnd {
        isBehindEnd = true
      } else if word.hasPrefix("-"), word != "-", !isBehindEnd {
        try takeOption(word, &rest, verb)
      } else if let place = places.popFirst() {
        guard place.words.isEmpty || place.words.contains(word) else {
          throw Self.other(word, than: place.words, for: place.name)
        }
        arguments[place.name] = [word]
      } else if let last = verb.arguments.last, last.repeats {
        arguments[last.name, default: []].append(word)
      } else {
        throw .usage("\"\(word)\" is one too many.")
      }
    }
    if let missing = places.first(where: { !$0.isOptional }) {
      throw .usage("\(missing.name) is missing: \(missing.help)")
    }
    for option in verb.options where option.isRequired && options[option.name] == nil {
      throw .usage("--\(option.name) is missing: \(option.help)")
    }
  }

  private mutating func takeOption(
    _ word: String, _ rest: inout ArraySlice<String>, _ verb: Verb
  ) throws(Failure) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard word.hasPrefix("--"),
      let option = verb.options.first(where: { "--\($0.name)" == parts[0] })
    else {
      throw .usage("There is no option \(parts[0]). \(Self.known(verb, insteadOf: parts[0]))")
    }
    guard option.repeats || options[option.name] == nil else {
      throw .usage("--\(option.name) is given twice.")
    }
    guard let placeholder = option.value else {
      guard parts.count == 1 else { throw .usage("--\(option.name) takes no value.") }
      options[option.name] = []
      return
    }
    guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
      throw .usage("--\(option.name) needs a value: \(placeholder).")
    }
    guard option.words.isEmpty || option.words.contains(value) else {
      throw Self.other(value, than: option.words, for: "--\(option.name)")
    }
    options[option.name, default: []].append(value)
  }

  private static func other(_ word: String, than words: [String], for name: String) -> Failure {
    .usage("\(name) is one of \(words.joined(separator: ", ")), not \"\(word)\".")
  }

  private static func known(_ verb: Verb, insteadOf word: Substring) -> String {
    guard !verb.options.isEmpty else { return "This takes none." }
    let near = Likeness.nearest(to: String(word), among: verb.options.map { "--\($0.name)" })
    if let near { return "Did you mean \(near)?" }
    return "Known are " + verb.options.map { "--\($0.name)" }.joined(separator: ", ") + "."
  }
}
