/// A command that asks the cluster one thing and prints what came of it.
enum ClientVerb {
  typealias Body = @Sendable (Invocation, inout Client) throws(Failure) -> Printed

  /// What a command prints.
  struct Printed {
    /// For a program: the answer as it came.
    let reply: Reply
    /// For a person.
    let text: String
  }

  /// A row for a command that reads.
  static func read(
    _ words: String, _ summary: String, arguments: [Verb.Argument] = [],
    options: [Verb.Option] = [], notes: [String] = [], _ body: @escaping Body
  ) -> Verb {
    verb(words, summary, arguments, merged(options, ClientOptions.read), .thing, notes, body)
  }

  /// A row for a command that reads a list, whose elements stand in the answer's member `name`.
  static func list(
    _ words: String, _ summary: String, of name: String = "items",
    arguments: [Verb.Argument] = [], options: [Verb.Option] = [], notes: [String] = [],
    _ body: @escaping Body
  ) -> Verb {
    let options = merged(options, ClientOptions.read)
    return verb(words, summary, arguments, options, .list(of: name), notes, body)
  }

  /// A row for a command that has something done.
  static func write(
    _ words: String, _ summary: String, arguments: [Verb.Argument] = [],
    options: [Verb.Option] = [], notes: [String] = [], _ body: @escaping Body
  ) -> Verb {
    verb(words, summary, arguments, merged(options, ClientOptions.write), .thing, notes, body)
  }

  /// A command's own options before those that all take; its own stands for one of the same name.
  private static func merged(_ own: [Verb.Option], _ all: [Verb.Option]) -> [Verb.Option] {
    own + all.filter { option in !own.contains { $0.name == option.name } }
  }

  private static func verb(
    _ words: String, _ summary: String, _ arguments: [Verb.Argument], _ options: [Verb.Option],
    _ output: Output, _ notes: [String], _ body: @escaping Body
  ) -> Verb {
    Verb(
      words, summary, arguments: arguments, options: options, prints: output, notes: notes
    ) { invocation throws(Failure) in
      do throws(Failure) {
        return try run(invocation) { client, form throws(Failure) in
          try text(of: try body(invocation, &client), output, as: form)
        }
      } catch {
        throw ProblemText.naming(options, in: error)
      }
    }
  }

  /// What came of a command, in the form that was asked for.
  static func text(
    of printed: Printed, _ output: Output, as form: Form
  ) throws(Failure) -> String {
    let reply = printed.reply
    if form == .csv, let next = reply.value["next"]?.text {
      // It is no row of the list, and must not be missed.
      Terminal.note("There are more: --after \(next)")
    }
    return output.text(of: reply.value, reply.bytes, words: printed.text, as: form)
  }

  /// Prints what `body` answers. With --json standard output is one JSON document in any case: the
  /// answer, or the problem (RFC 9457). What is the matter is told on standard error as well.
  static func run(
    _ invocation: Invocation, _ body: (inout Client, Form) throws(Failure) -> String
  ) throws(Failure) -> ExitCode {
    let form = try Form(invocation)
    do throws(Failure) {
      var client = try ClientOptions.client(invocation)
      Terminal.print(try body(&client, form))
      return .done
    } catch {
      if form == .json { ProblemText.print(error) }
      throw error
    }
  }
}
