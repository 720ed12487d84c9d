import JSON

/// `muster incident …`: the life of an incident, in the order in which it is lived.
enum IncidentVerbs {
  static let all: [Verb] =
    [declare] + IncidentListVerbs.all
    + [show, timeline, acknowledge, priority, role, note, status, backlog, handOver]
    + IncidentBulkVerbs.all
    + TriageVerbs.all + CommunicationVerbs.all + SensitiveVerbs.all
    + IncidentDutyVerbs.all + IncidentLineVerbs.all + IncidentWatchVerbs.all
    + IncidentEndingVerbs.all + DutyVerbs.all + IncidentReportVerbs.all + InsightVerbs.all

  static let incident = Verb.Argument("INCIDENT", "Its reference, INC-…, or its id.")
  static let flag = Verb.Argument.choice("FLAG", ["cyber", "data"])
  static let levels = ["high", "medium", "low"]
  static let priorities = ["P1", "P2", "P3", "P4", "P5", "P6"]
  static let timeHelp = "RFC 3339, or a span such as -20m or +2h."

  /// The address of an incident or of something under it.
  static func path(_ invocation: Invocation, _ rest: String = "") -> String {
    "/v1/incidents/" + PathText.escaped(invocation.required("INCIDENT")) + rest
  }

  /// What the answers of triage suggested, if there were any.
  private static func triageText(_ reply: Reply) -> String {
    reply.result?["triage"].map { TriageText.suggestion($0) } ?? ""
  }

  private static let declare = ClientVerb.write(
    "incident declare", "Declare an incident. It has a priority and clocks from then on.",
    options: [
      .value("title", "TEXT", "What is wrong, in one line.", isRequired: true),
      .value("description", "TEXT", "More about it; - reads standard input."),
      .value("service", "KEY", "The service. Leave it out if it is not known which."),
      .choice("impact", levels, "How much is hit. Together with --urgency it makes the priority."),
      .choice("urgency", levels, "How soon it must be answered."),
      .choice("priority", priorities, "The priority outright, instead of the two."),
      .choice(
        "source", ["alert", "first-line", "staff", "supplier", "watching"], "How it came to us."),
      .value("source-reference", "TEXT", "What the source calls it, such as a ticket."),
      .value("reference", "TEXT", "A reference of yours, by which it can be listed."),
      .value("happened-at", "TIME", "When it began. \(timeHelp)"),
      .flag("exercise", "It is an exercise, and stays one."),
      .value("recurrence-of", "INCIDENT", "An earlier one, of which it is a recurrence."),
    ] + TriageVerbs.options
  ) { invocation, client throws(Failure) in
    let happenedAt = try TypedText.time(invocation["happened-at"])
    let description = try invocation["description"].map { text throws(Failure) in
      try TypedText.text(text)
    }
    let earlier = try invocation["recurrence-of"].map { name throws(Failure) in
      try client.read("/v1/incidents/\(PathText.escaped(name))").value["id"]?.text
    }
    let reply = try client.write("/v1/incidents") { json in
      json.member("title", invocation["title"])
      json.member("description", description)
      json.member("service", invocation["service"])
      json.member("impact", invocation["impact"])
      json.member("urgency", invocation["urgency"])
      json.member("priority", invocation["priority"])
      TriageVerbs.write(invocation, to: &json)
      if let kind = invocation["source"] {
        json.object("source") { json in
          json.member("kind", kind)
          json.member("reference", invocation["source-reference"])
        }
      }
      json.member("reference", invocation["reference"])
      json.member("happenedAt", happenedAt)
      json.member("exercise", ifTrue: invocation.flag("exercise"))
      json.member("recurrenceOf", earlier ?? nil)
    }
    let text = IncidentText.done(reply, "declared") + triageText(reply)
    return .init(reply: reply, text: text)
  }

  private static let show = ClientVerb.read(
    "incident show", "Show an incident: state, clocks, people, and what is owed.",
    arguments: [incident]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(path(invocation))
    return .init(reply: reply, text: IncidentText.page(reply.value))
  }

  private static let timeline = ClientVerb.list(
    "incident timeline", "Show what happened, in order.", arguments: [incident],
    options: [
      .value("limit", "N", "How many entries at once, from 1 to 200."),
      .value("after", "CURSOR", "What the piece before said it goes on with."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        path(invocation, "/timeline"),
        [("limit", invocation["limit"]), ("after", invocation["after"])]))
    return .init(reply: reply, text: IncidentText.timeline(reply))
  }

  private static let acknowledge = ClientVerb.write(
    "incident acknowledge", "Say \"we have it\". It stops the response clock.",
    arguments: [IncidentBulkVerbs.incidents],
    options: [.value("happened-at", "TIME", "When. \(timeHelp)")],
    notes: ["Of several at once a P1 or P2 is passed over: it is acknowledged by itself."]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["happened-at"])
    guard invocation.all("INCIDENT").count == 1 else {
      return try IncidentBulkVerbs.acknowledge(invocation, at: at, &client)
    }
    let reply = try client.write(path(invocation, "/acknowledgement")) { json in
      json.member("happenedAt", at)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "acknowledged"))
  }

  private static let priority = ClientVerb.write(
    "incident priority", "State the priority, or with --confirm make it certain.",
    arguments: [incident],
    options: [
      .choice("impact", levels, "How much is hit."),
      .choice("urgency", levels, "How soon it must be answered."),
      .choice("priority", priorities, "The priority outright, instead of the two."),
      .value("reason", "TEXT", "Why."),
      .flag("confirm", "It is certain, no longer provisional."),
    ] + TriageVerbs.options
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "/priority")) { json in
      json.member("impact", invocation["impact"])
      json.member("urgency", invocation["urgency"])
      json.member("priority", invocation["priority"])
      json.member("reason", invocation["reason"])
      json.member("confirm", ifTrue: invocation.flag("confirm"))
      TriageVerbs.write(invocation, to: &json)
    }
    let text = IncidentText.done(reply, "has its priority") + triageText(reply)
    return .init(reply: reply, text: text)
  }

  private static let role = ClientVerb.write(
    "incident role", "Give a role to somebody, or accept, decline, take or leave one.",
    arguments: [
      incident, .choice("ACTION", ["give", "accept", "decline", "take", "leave"]),
      .choice("ROLE", ["lead", "comms-lead", "documenter", "technical-support"]),
    ],
    options: [.value("person", "EMAIL", "To whom it is given: their address or id; me is you.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "/roles")) { json in
      json.member("role", invocation["ROLE"])
      json.member("action", invocation["ACTION"])
      json.member("person", invocation["person"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the change of role"))
  }

  private static let note = ClientVerb.write(
    "incident note", "Write an entry into the timeline.",
    arguments: [incident],
    options: [
      .value("text", "TEXT", "The entry; - reads standard input.", isRequired: true),
      .choice(
        "type",
        [
          "action", "decision", "discussion", "finding", "communication", "evidence", "correction",
        ], "What kind of entry. Usually action."),
      .value("happened-at", "TIME", "When it happened. \(timeHelp)"),
      .value("corrects", "POSITION", "The entry that this one corrects."),
      .value("on-behalf-of", "EMAIL", "Who did it, if it was somebody else."),
    ]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["happened-at"])
    let text = try TypedText.text(invocation.required("text"))
    let corrected = try invocation.number("corrects", in: 0...Int.max, usual: -1)
    let reply = try client.write(path(invocation, "/notes")) { json in
      json.member("type", invocation["type"] ?? "action")
      json.member("text", text)
      json.member("happenedAt", at)
      json.member("corrects", corrected < 0 ? nil : corrected)
      json.member("onBehalfOf", invocation["on-behalf-of"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the entry"))
  }

  private static let status = ClientVerb.write(
    "incident status", "Begin work, say that it is mitigated, or move it to the backlog.",
    arguments: [incident, .choice("STATUS", ["investigating", "mitigated", "backlog"])],
    options: [
      .value("note", "TEXT", "Why, or what was done."),
      .value("rank", "N", "Its place in the backlog, from 1, the first."),
      .value("look-again", "TIME", "When somebody looks at it again there. \(timeHelp)"),
    ]
  ) { invocation, client throws(Failure) in
    let rank = try invocation.number("rank", in: 1...9_999, usual: 0)
    let again = try TypedText.time(invocation["look-again"])
    let reply = try client.write(path(invocation, "/status")) { json in
      json.member("to", invocation["STATUS"])
      json.member("rank", rank > 0 ? rank : nil)
      json.member("lookAgainAt", again)
      json.member("note", invocation["note"])
    }
    return .init(
      reply: reply, text: IncidentText.done(reply, "is \(invocation.required("STATUS"))"))
  }

  private static let backlog = ClientVerb.list(
    "incident backlog", "List what waits in the backlog, in its order.",
    options: [
      .value("service", "KEY", "Only this service's."), .value("team", "NAME", "Only this team's."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/backlog", [("service", invocation["service"]), ("team", invocation["team"])]))
    return .init(reply: reply, text: IncidentText.backlog(reply))
  }

  private static let handOver = ClientVerb.write(
    "incident hand-over", "Hand it to another line of support.",
    arguments: [incident, .choice("LINE", ["first", "second", "third"])],
    options: [.value("reason", "TEXT", "Why.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "/hand-over")) { json in
      json.member("to", invocation["LINE"])
      json.member("reason", invocation["reason"])
    }
    return .init(
      reply: reply,
      text: IncidentText.done(reply, "is with the \(invocation.required("LINE")) line"))
  }
}
