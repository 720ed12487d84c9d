import EventLoop
import JSON

/// `muster api …`: what the interface and a node say of themselves, and all of the interface by its addresses.
enum DescriptionVerbs {
  static let all: [Verb] = [description, problems, metrics, get, post]

  /// More than any address takes.
  private static let largest = 4 << 20
  private static let address = Verb.Argument(
    "ADDRESS", "With its query, such as /v1/incidents?limit=3&fields=id.")

  private static let get = Verb(
    "api get", "Ask by an address what no other command asks, such as fields or a time.",
    arguments: [address], options: ClientOptions.common, prints: .text
  ) { invocation throws(Failure) in
    let path = try path(invocation)
    return try ClientVerb.run(invocation) { client, _ throws(Failure) in
      Terminal.harmless(try client.text(path, accept: "*/*")) + "\n"
    }
  }

  private static let post = ClientVerb.write(
    "api post", "Have done by an address what no other command does.", arguments: [address],
    options: [
      .value("body", "FILE", "What is sent, as JSON; nothing is {}."),
      .value(
        "if-match", "TAG", "Only if it is still what was seen: its ETag or version, without quotes."
      ),
      Consent.yes,
    ],
    notes: ["muster api description says what each address takes and whether it takes a TAG."]
  ) { invocation, client throws(Failure) in
    let path = try path(invocation)
    var body = Array("{}".utf8)
    if let file = invocation["body"] {
      do throws(FileError) {
        body = try Files.read(file, atMost: largest)
      } catch {
        throw .usage("What is to be sent cannot be read. \(error)")
      }
    }
    try Consent.obtain(
      "\(path) is done as it stands there. Not everything can be undone.", invocation)
    let reply = try client.write(path, body, ifMatch: invocation["if-match"])
    let text = String(decoding: reply.bytes, as: UTF8.self)
    return .init(reply: reply, text: Terminal.harmless(text) + "\n")
  }

  /// The address that was given. What a shell would have to quote is encoded as it must be.
  private static func path(_ invocation: Invocation) throws(Failure) -> String {
    let path = invocation.required("ADDRESS")
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .usage("ADDRESS begins with / and has no spaces; write %20 for one.")
    }
    return path
  }

  private static let description = document(
    "api description", "Print all of the interface, as OpenAPI 3.1.", "/openapi.json",
    accept: "application/json")

  private static let metrics = document(
    "api metrics", "Print the numbers of the node that answers first, as Prometheus reads them.",
    "/metrics", accept: "text/plain")

  private static let problems = ClientVerb.list(
    "api problems", "List every type of problem that an answer can have, and what to do."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/problems")
    var table = TextTable("TYPE", "STATUS", "TITLE", "WHAT TO DO")
    for item in reply.items {
      table.add(
        item["type"]?.text ?? "", item["status"]?.integer.map { "\($0)" } ?? "",
        item["title"]?.text ?? "", item["advice"]?.text ?? "")
    }
    return .init(reply: reply, text: table.text(orElse: "None."))
  }

  /// A command that prints a document as it is.
  private static func document(
    _ words: String, _ summary: String, _ path: String, accept: String
  ) -> Verb {
    Verb(words, summary, options: ClientOptions.common, prints: .text) {
      invocation throws(Failure) in
      try ClientVerb.run(invocation) { client, _ throws(Failure) in
        Terminal.harmless(try client.text(path, accept: accept))
      }
    }
  }
}
