/// A command that asks the cluster one thing and prints what came of it.
enum ClientVerb {
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
    options: [Verb.Option] = [], notes: [String] = [],
    _ body: @escaping @Sendable (Invocation, inout Client) throws(Failure) -> Printed
  ) -> Verb {
    verb(words, summary, arguments, merged(options, ClientOptions.read), notes, body)
  }

  /// A row for a command that has something done.
  static func write(
    _ words: String, _ summary: String, arguments: [Verb.Argument] = [],
    options: [Verb.Option] = [], notes: [String] = [],
    _ body: @escaping @Sendable (Invocation, inout Client) throws(Failure) -> Printed
  ) -> Verb {
    verb(words, summary, arguments, merged(options, ClientOptions.write), notes, body)
  }

  /// A command's own options before those that all take; its own stands for one of the same name.
  private static func merged(_ own: [Verb.Option], _ all: [Verb.Option]) -> [Verb.Option] {
    own + all.filter { option in !own.contains { $0.name == option.name } }
  }

  private static func verb(
    _ words: String, _ summary: String, _ arguments: [Verb.Argument], _ options: [Verb.Option],
    _ notes: [String],
    _ body: @escaping @Sendable (Invocation, inout Client) throws(Failure) -> Printed
  ) -> Verb {
    Verb(words, summary, arguments: arguments, options: options, notes: notes) {
      invocation throws(Failure) in
      try run(invocation) { client throws(Failure) in
        let printed = try body(invocation, &client)
        return invocation.flag("json") ? Self.document(printed.reply) : printed.text
      }
    }
  }

  /// Prints what `body` answers. With --json standard output is one JSON document in any case: the
  /// answer, or the problem (RFC 9457). What is the matter is told on standard error as well.
  static func run(
    _ invocation: Invocation, _ body: (inout Client) throws(Failure) -> String
  ) throws(Failure) -> ExitCode {
    do throws(Failure) {
      var client = try ClientOptions.client(invocation)
      Terminal.print(try body(&client))
      return .done
    } catch {
      if invocation.flag("json") {
        Terminal.print(String(decoding: ProblemText.document(error), as: UTF8.self) + "\n")
      }
      throw error
    }
  }

  /// An answer as it came.
  static func document(_ reply: Reply) -> String {
    String(decoding: reply.bytes, as: UTF8.self) + "\n"
  }
}
