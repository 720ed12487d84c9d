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
    verb(words, summary, arguments, options + ClientOptions.common, notes, body)
  }

  /// A row for a command that has something done.
  static func write(
    _ words: String, _ summary: String, arguments: [Verb.Argument] = [],
    options: [Verb.Option] = [], notes: [String] = [],
    _ body: @escaping @Sendable (Invocation, inout Client) throws(Failure) -> Printed
  ) -> Verb {
    verb(words, summary, arguments, options + ClientOptions.write, notes, body)
  }

  private static func verb(
    _ words: String, _ summary: String, _ arguments: [Verb.Argument], _ options: [Verb.Option],
    _ notes: [String],
    _ body: @escaping @Sendable (Invocation, inout Client) throws(Failure) -> Printed
  ) -> Verb {
    Verb(words, summary, arguments: arguments, options: options, notes: notes) {
      invocation throws(Failure) in
      var client = try ClientOptions.client(invocation)
      let printed = try body(invocation, &client)
      if invocation.flag("json") {
        Terminal.print(String(decoding: printed.reply.bytes, as: UTF8.self) + "\n")
      } else {
        Terminal.print(printed.text)
      }
      return .done
    }
  }
}
