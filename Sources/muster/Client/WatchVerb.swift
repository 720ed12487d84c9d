import Incidents
package import JSON

/// `muster watch`: what happens to incidents, as it happens.
enum WatchVerb {
  static let all: [Verb] = [watch]

  private static let watch = Verb(
    "watch", "Show what happens to incidents as it happens, until you end it with control-C.",
    options: [
      .value("team", "TEAM", "Only what this team owns.", repeats: true),
      .value("service", "SERVICE", "Only of this service.", repeats: true),
      .value("priority", "P1", "Only of this priority.", repeats: true),
      .value("after", "ID", "Begin behind this id, which an earlier watch printed with --json."),
      .value("count", "NUMBER", "End after so many entries."),
    ] + ClientOptions.common, prints: .thing,
    notes: [
      "When a node stops or is lost it goes on at the next: nothing is left out and nothing is told twice.",
      "With --json each line is one object: the id to go on behind, and the entry. With --plain each "
        + "entry is a paragraph.",
      "It gives up when no node lets it follow for as long as --timeout says.",
      "It ends when nobody reads what it prints any more, as behind | head.",
    ]
  ) { invocation throws(Failure) in
    var left = try invocation.number("count", in: 1...Int.max, usual: .max)
    var follower = try ClientOptions.follower(invocation)
    let form = try Form(invocation)
    try follower.follow(
      path(invocation),
      each: { entry, bytes, id in
        Terminal.print(WatchText.text(entry, bytes, id: id, as: form))
        left -= 1
        return left > 0 && Terminal.isHeard
      }, goesOn: { Terminal.isHeard },
      moved: { node, reason in Terminal.note("muster: on from \(node): \(reason)") })
    if left > 0 { Terminal.leaveUnheard() }
    return .done
  }

  private static func path(_ invocation: Invocation) -> String {
    let filters = ["team", "service", "priority"].flatMap { name in
      invocation.all(name).map { (name, Optional($0)) }
    }
    return PathText.query("/v1/stream", filters)
  }
}

/// Entries of the stream as text.
package enum WatchText {
  /// One line: when, which, how urgent, what.
  package static func row(_ entry: JSONValue) -> String {
    let incident = entry["incident"]
    let cells = [
      IncidentText.time(entry["at"]), IncidentText.reference(incident),
      incident?["priority"]?.text ?? "", incident?["title"]?.text ?? "",
      entry["summary"]?.text ?? "",
    ]
    return cells.map { Terminal.harmless($0, keepingLines: false) }.joined(separator: "  ") + "\n"
  }

  /// One entry in a form: with --json a line, else a paragraph or a row.
  static func text(_ entry: JSONValue, _ bytes: [UInt8], id: String, as form: Form) -> String {
    switch form {
    case .words, .csv: row(entry)
    case .json: "{\"id\":\"\(id)\",\"entry\":\(String(decoding: bytes, as: UTF8.self))}\n"
    case .plain: PlainText.facts(["id": JSONValue(.string(id)), "entry": entry]) + "\n"
    }
  }
}
