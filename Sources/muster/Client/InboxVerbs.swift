import JSON

/// `muster inbox` and `muster template …`: what waits for whoever asks, and the words around what is told.
enum InboxVerbs {
  static let all: [Verb] = [list, read, templates, setTemplate, notices, withdrawNotice]

  private static let list = ClientVerb.list(
    "inbox", "List the messages for you, latest first.",
    options: [.flag("unread", "Only those that you have not read.")] + DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/messages",
        [
          ("unread", invocation.flag("unread") ? "true" : nil), ("limit", invocation["limit"]),
          ("after", invocation["after"]),
        ]))
    return .init(reply: reply, text: text(ofMessages: reply) + IncidentText.more(reply))
  }

  /// Messages, and how many are unread.
  static func text(ofMessages reply: Reply) -> String {
    var text = ""
    for item in reply.items {
      let mark = item["read"]?.isTrue == true ? " " : "*"
      text += "\(mark) \(IncidentText.time(item["at"]))  \(item["id"]?.text ?? "")\n"
      text += "  \(Terminal.harmless(item["text"]?.text ?? "", keepingLines: false))\n"
    }
    let unread = reply.value["unread"]?.integer ?? 0
    let more = reply.value["moreUnread"]?.isTrue == true ? " or more" : ""
    return (text.isEmpty ? "No messages.\n" : text) + "\(unread)\(more) unread.\n"
  }

  private static let read = ClientVerb.write(
    "inbox read", "Say that you have read a message.",
    arguments: [.init("MESSAGE", "Its id, as muster inbox shows it.")]
  ) { invocation, client throws(Failure) in
    let id = PathText.escaped(invocation.required("MESSAGE"))
    let reply = try client.write("/v1/messages/\(id)/acknowledgement")
    return .init(reply: reply, text: "Done.\n")
  }

  private static let notices = ClientVerb.list(
    "notice list", "Show what everybody is told, latest first.", options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/notices", invocation, &client)
    return .init(reply: reply, text: text(ofNotices: reply) + IncidentText.more(reply))
  }

  /// What everybody is told.
  static func text(ofNotices reply: Reply) -> String {
    var text = ""
    for item in reply.items {
      text += "\(IncidentText.time(item["at"]))  \(item["title"]?.text ?? "")\n"
      text += "\(item["body"]?.text ?? "")\n\(item["id"]?.text ?? "")\n\n"
    }
    return Terminal.harmless(text.isEmpty ? "Nothing.\n" : text)
  }

  private static let withdrawNotice = ClientVerb.write(
    "notice withdraw", "Take a notice to everybody back, as an administrator.",
    arguments: [.init("NOTICE", "Its id.")], options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Nobody is shown the notice any more, and it cannot be put back: to say it again, a second person "
        + "agrees to it again.", invocation)
    let id = PathText.escaped(invocation.required("NOTICE"))
    let reply = try client.write("/v1/notices/\(id)/withdrawal")
    return .init(reply: reply, text: "Done.\n")
  }

  private static let templates = ClientVerb.list(
    "template list", "Show the words around what is told, by audience, priority and language."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/templates")
    var text = ""
    for item in reply.items {
      let priority = item["priority"]?.text ?? "any priority"
      text += "\(item["audience"]?.text ?? "")  \(priority)  \(item["language"]?.text ?? "")\n"
      for line in [item["subject"]?.text ?? "", item["body"]?.text ?? ""] {
        text += line.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "    \($0)\n" }.joined()
      }
    }
    return .init(reply: reply, text: Terminal.harmless(text))
  }

  private static let setTemplate = ClientVerb.write(
    "template set", "Change the words around what is told.",
    options: [
      .choice(
        "audience", ["team", "stakeholders", "all-staff", "status-page"], "For whom.",
        isRequired: true),
      .choice("priority", IncidentVerbs.priorities, "For which priority. Without it, for any."),
      .value("language", "NAME", "In which language, such as cy. Usually en."),
      .value("subject", "TEXT", "Its first line."),
      .value("body", "TEXT", "The rest; - reads standard input."),
      .flag("reset", "Go back to the words that were there from the beginning."),
    ],
    notes: [
      "{title}, {reference}, {service}, {priority}, {what}, {affected}, {meanwhile} and {next} stand for "
        + "what is known of the incident and said by the author."
    ]
  ) { invocation, client throws(Failure) in
    let body = try invocation["body"].map { text throws(Failure) in try TypedText.text(text) }
    let reply = try client.write("/v1/templates") { json in
      json.member("audience", invocation["audience"])
      json.member("priority", invocation["priority"])
      json.member("language", invocation["language"])
      json.member("subject", invocation["subject"])
      json.member("body", body)
      json.member("reset", ifTrue: invocation.flag("reset"))
    }
    return .init(reply: reply, text: "Done.\n")
  }
}
