import JSON

/// `muster view …`: lists that somebody wants again.
enum ViewVerbs {
  static let all: [Verb] = [list, show, describe, save, remove]

  private static let view = Verb.Argument("VIEW", "Its id, from muster view list or from its link.")

  private static let list = ClientVerb.list(
    "view list", "List the saved views that are yours or your teams'."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/views")
    var table = TextTable("VIEW", "NAME", "OF", "SHARED")
    for item in reply.items {
      table.add(
        item["id"]?.text ?? "", item["name"]?.text ?? "",
        item["team"]?["name"]?.text ?? item["owner"]?["name"]?.text ?? "",
        item["shared"]?.isTrue == true ? "with its link" : "no")
    }
    return .init(reply: reply, text: table.text(orElse: "There are none."))
  }

  private static let show = ClientVerb.list(
    "view show", "List the incidents of a saved view that you may see.", arguments: [view],
    options: [
      .value("limit", "N", "How many at once, from 1 to 200."),
      .value("after", "CURSOR", "What the list before said it goes on with."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/incidents",
        [
          ("view", invocation["VIEW"]), ("limit", invocation["limit"]),
          ("after", invocation["after"]),
        ]))
    return .init(reply: reply, text: IncidentText.list(reply))
  }

  private static let describe = ClientVerb.read(
    "view describe", "Show what a saved view is narrowed to, and whose it is.", arguments: [view]
  ) { invocation, client throws(Failure) in
    let reply = try client.read("/v1/views/" + PathText.escaped(invocation.required("VIEW")))
    return .init(reply: reply, text: PlainText.facts(reply.value))
  }

  private static let save = ClientVerb.write(
    "view save", "Save a list of incidents under a name, for yourself or for a team of yours.",
    arguments: [.init("NAME", "What it is called.")],
    options: IncidentListVerbs.options.filter { $0.name != "team" } + [
      .value("team", "NAME", "Only this team's incidents."),
      .value("for", "TEAM", "Save it for all of this team; else it is yours alone."),
      .flag("shared", "Whoever has its id may open it, and sees what they may see."),
    ]
  ) { invocation, client throws(Failure) in
    let wishes = try IncidentListVerbs.wishes(invocation)
    let reply = try client.write("/v1/views") { json in
      json.member("name", invocation["NAME"])
      json.member("team", invocation["for"])
      json.member("shared", ifTrue: invocation.flag("shared"))
      json.object("filter") { json in
        for (name, text) in wishes {
          guard let text else { continue }
          json.name(name)
          let isText = name == "team" || name == "referencePrefix"
          json.beginArray()
          for value in isText ? [text] : text.split(separator: ",").map(String.init) {
            json.value(value)
          }
          json.endArray()
        }
      }
    }
    return .init(reply: reply, text: "Saved. Open it with: muster view show \(reply.id)\n")
  }

  private static let remove = ClientVerb.write(
    "view remove", "Remove a saved view. No incident is changed.", arguments: [view],
    options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "The view is gone, for everybody who opens it by its link as well.", invocation)
    let path = "/v1/views/\(PathText.escaped(invocation.required("VIEW")))/removal"
    let reply = try client.write(path) { _ in }
    return .init(reply: reply, text: "Removed.\n")
  }
}
