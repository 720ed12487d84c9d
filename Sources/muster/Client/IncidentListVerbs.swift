import Incidents
import JSON

/// `muster incident list` and `muster incident counts`: incidents by what they are like.
enum IncidentListVerbs {
  static let all: [Verb] = [list, counts]

  /// What narrows a list, and the name of each in the interface.
  private static let narrowing: [(option: Verb.Option, name: String)] = [
    (.choice("state", ["open", "over"], "Only what is not over, or only what is."), "state"),
    (.value("status", "WORDS", "Only these, such as open,investigating."), "status"),
    (.value("service", "KEYS", "Only these services', such as payments,mail."), "service"),
    (.value("team", "NAME", "Only this team's."), "team"),
    (.value("priority", "WORDS", "Only these, such as P1,P2."), "priority"),
    (.value("flag", "WORDS", "Only with a flag that is set: cyber, data or cyber,data."), "flag"),
    (.value("holder", "EMAIL", "Only where this person has a role; me is you."), "holder"),
    (.value("lead", "EMAIL", "Only what this person leads; me is you."), "lead"),
    (.value("reporter", "EMAIL", "Only what this person declared; me is you."), "reporter"),
    (.choice("exercise", ["true", "false"], "Only exercises, or none."), "exercise"),
    (.choice("overdue", ["true"], "Only with a clock past its due time."), "overdue"),
    (.value("from", "TIME", "Only declared at this time or later."), "from"),
    (.value("until", "TIME", "Only declared before this time."), "until"),
    (.value("reference", "PREFIX", "Only those whose own reference begins so."), "referencePrefix"),
    (
      .choice("sort", ["latest", "priority", "due"], "Latest, most urgent or next due first."),
      "sort"
    ),
  ]

  /// What narrows a list, as options.
  static let options = narrowing.map(\.option)

  /// What was asked for, by the names of the interface.
  static func wishes(_ invocation: Invocation) throws(Failure) -> [(String, String?)] {
    var wishes: [(String, String?)] = []
    for (option, name) in narrowing {
      let isTime = name == "from" || name == "until"
      let text = invocation[option.name]
      wishes.append((name, isTime ? try TypedText.time(text) : text))
    }
    return wishes
  }

  private static let view = Verb.Option.value("view", "ID", "The list of a saved view.")

  private static let list = ClientVerb.list(
    "incident list", "List incidents, latest first unless --sort says otherwise.",
    options: options + [
      view, .value("limit", "N", "How many at once, from 1 to 200."),
      .value("after", "CURSOR", "What the list before said it goes on with."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/incidents",
        try wishes(invocation) + [
          ("view", invocation["view"]), ("limit", invocation["limit"]),
          ("after", invocation["after"]),
        ]))
    return .init(reply: reply, text: IncidentText.list(reply))
  }

  private static let counts = ClientVerb.list(
    "incident counts", "Count the incidents that are not over, by status and priority.",
    options: options + [view]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/incidents/counts", try wishes(invocation) + [("view", invocation["view"])]))
    var table = TextTable("STATUS", "PRIORITY", "COUNT")
    for item in reply.items {
      table.add(
        CommunicationText.marked(
          item["status"]?.text ?? "", isExercise: invocation["exercise"] == "true"),
        item["priority"]?.text ?? "",
        "\(item["count"]?.integer ?? 0)")
    }
    return .init(reply: reply, text: table.text(orElse: "There are none."))
  }
}
