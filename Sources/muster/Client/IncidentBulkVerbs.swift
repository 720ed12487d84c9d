import JSON

/// What is asked of several incidents at once. Each is done, or not, by itself.
enum IncidentBulkVerbs {
  static let incidents = Verb.Argument(
    "INCIDENT", "Its reference, INC-…, or its id; up to 100 of them.", repeats: true)

  static let all = [assign]

  private static let assign = ClientVerb.write(
    "incident assign", "Offer somebody a role on incidents, or hand them to a line of support.",
    arguments: [incidents],
    options: [
      .value("person", "EMAIL", "To whom the role is offered: their address or id; me is you."),
      .choice(
        "role", ["lead", "comms-lead", "documenter", "technical-support"],
        "The role. Usually lead."),
      .choice("line", ["first", "second", "third"], "The line, instead of a person."),
      .value("reason", "TEXT", "Why it goes to another line."),
    ]
  ) { invocation, client throws(Failure) in
    let key = client.keyOfWrite()
    let reply = try client.write("/v1/assignments") { json in
      write(invocation, to: &json)
      json.member("person", invocation["person"])
      json.member("role", invocation["role"])
      json.member("line", invocation["line"])
      json.member("reason", invocation["reason"])
    }
    return try printed(reply, "assigned", key: key)
  }

  /// `muster incident acknowledge` of more than one.
  static func acknowledge(
    _ invocation: Invocation, at time: String?, _ client: inout Client
  ) throws(Failure) -> ClientVerb.Printed {
    let key = client.keyOfWrite()
    let reply = try client.write("/v1/acknowledgements") { json in
      write(invocation, to: &json)
      json.member("happenedAt", time)
    }
    return try printed(reply, "acknowledged", key: key)
  }

  private static func write(_ invocation: Invocation, to json: inout JSONWriter) {
    json.name("incidents")
    json.beginArray()
    for text in invocation.all("INCIDENT") { json.value(text) }
    json.endArray()
  }

  /// What came of each.
  ///
  /// - Throws: The same, if one of them was not done: a script has to learn of it.
  static func printed(
    _ reply: Reply, _ what: String, key: String
  ) throws(Failure) -> ClientVerb.Printed {
    let items = reply.result?["items"]?.elements ?? []
    let text = text(of: items, what)
    let outcomes = items.compactMap { $0["outcome"]?.text }
    guard let code = code(of: outcomes) else { return .init(reply: reply, text: text) }
    let rest =
      code == .unknown
      ? "\nOf some it is not known. Say the same again with --key \(key): each is then done once."
      : ""
    throw Failure(code, text.dropLast() + rest, problem: reply.bytes)
  }

  /// How a command ends that came to these; `nil` if all of it was done.
  static func code(of outcomes: [String]) -> ExitCode? {
    if outcomes.contains("unknown") { return .unknown }
    return outcomes.allSatisfy { $0 == "done" } ? nil : .refused
  }

  /// One line an incident.
  static func text(of items: [JSONValue], _ what: String) -> String {
    var text = ""
    for item in items {
      let name = Terminal.harmless(item["incident"]?.text ?? "")
      guard let problem = item["problem"] else {
        text += "\(IncidentText.reference(item["result"])) is \(what).\n"
        continue
      }
      let outcome = Terminal.harmless(item["outcome"]?.text ?? "refused")
      let why = Terminal.harmless(problem["detail"]?.text ?? "")
      text += "\(name) is not \(what) (\(outcome)): \(why)\n"
    }
    return text
  }
}
