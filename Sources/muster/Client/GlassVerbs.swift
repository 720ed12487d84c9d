import JSON

/// `muster glass …`: breaking it, and who did.
enum GlassVerbs {
  static let all: [Verb] = [list, breakIt]

  private static let list = ClientVerb.list(
    "glass list", "List who broke the glass in the last seven days."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/break-glass")
    return .init(reply: reply, text: text(of: reply))
  }

  /// Who broke the glass, as a table.
  static func text(of reply: Reply) -> String {
    var table = TextTable("BY", "AT", "UNTIL", "BEFORE", "REASON")
    for item in reply.items {
      let before =
        item["incident"]?["reference"]?.text ?? item["team"]?["name"]?.text
        ?? "what is restricted"
      table.add(
        item["by"]?["name"]?.text ?? "", IncidentText.time(item["at"]),
        IncidentText.time(item["until"]), before, item["reason"]?.text ?? "")
    }
    return table.text(orElse: "Nobody has.")
  }

  private static let breakIt = ClientVerb.write(
    "glass break", "See and do everything about one incident or one team, for an hour.",
    options: [
      .value("incident", "INCIDENT", "The incident's reference or id."),
      .value("team", "TEAM", "Or the team's name or id."),
      .value("reason", "TEXT", "Why, for everybody to read.", isRequired: true), Consent.yes,
    ],
    notes: [
      "For administrators, when somebody must and nobody else can. It stands in the record and in the "
        + "incident's timeline, and is listed for a week. It cannot be taken back."
    ]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "For an hour you see and do everything about \(invocation["incident"] ?? invocation["team"] ?? "it"). "
        + "It stands in the record for ever, and everybody can read it for a week.", invocation)
    let reply = try client.write("/v1/break-glass") { json in
      json.member("incident", invocation["incident"])
      json.member("team", invocation["team"])
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: "For an hour from now. It is listed: muster glass list\n")
  }
}
