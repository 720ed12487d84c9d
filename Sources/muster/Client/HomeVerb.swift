import JSON

/// `muster home`: the start page, which says what concerns whoever asks now.
enum HomeVerb {
  static let all: [Verb] = [home]

  /// A part of the page.
  private struct Part {
    /// Its name in the document for a program.
    let name: String
    let heading: String
    let path: String
    let text: @Sendable (Reply) -> String
  }

  /// The most pressing first.
  private static let parts = [
    Part(
      name: "pages", heading: "Pages that wait for your answer", path: "/v1/pages?limit=10",
      text: DutyVerbs.text(ofPages:)),
    Part(
      name: "incidents", heading: "Open incidents",
      path: "/v1/incidents?state=open&sort=priority&limit=20",
      text: IncidentText.table),
    Part(
      name: "duties", heading: "What you and your teams owe", path: "/v1/me/duties?limit=10",
      text: DutyVerbs.text(ofDuties:)),
    Part(
      name: "notices", heading: "What everybody is told", path: "/v1/notices?limit=5",
      text: InboxVerbs.text(ofNotices:)),
    Part(
      name: "messages", heading: "Messages that you have not read",
      path: "/v1/messages?unread=true&limit=10", text: InboxVerbs.text(ofMessages:)),
    Part(
      name: "brokenGlass", heading: "Who broke the glass in the last seven days",
      path: "/v1/break-glass", text: GlassVerbs.text(of:)),
  ]

  private static let home = Verb(
    "home",
    "Show what concerns you now: pages, incidents, duties, notices, messages, broken glass.",
    options: ClientOptions.read, prints: .thing,
    notes: ["Each part is the beginning of a list that a command of its own shows whole."]
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client, form throws(Failure) in
      var replies: [Reply] = []
      for part in parts { replies.append(try client.read(part.path)) }
      let members = zip(parts, replies).map { JSONValue.Member($0.name, $1.value) }
      return Output.thing.text(
        of: JSONValue(.object(members)), Array(document(replies).utf8), words: text(replies),
        as: form)
    }
  }

  /// The page, from the answers in the order of its parts.
  static func text(_ replies: [Reply]) -> String {
    zip(parts, replies).map { part, reply in "\(part.heading)\n\n\(part.text(reply))" }
      .joined(separator: "\n")
  }

  /// One document, whose members are the answers as they came.
  static func document(_ replies: [Reply]) -> String {
    let members = zip(parts, replies).map { part, reply in
      "\"\(part.name)\":\(String(decoding: reply.bytes, as: UTF8.self))"
    }
    return "{\(members.joined(separator: ","))}"
  }
}
