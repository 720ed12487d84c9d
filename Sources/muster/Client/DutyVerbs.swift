import JSON

/// `muster duty …` and `muster page …`: what is owed, and who was woken.
enum DutyVerbs {
  static let all: [Verb] = [duties, pages, answer]

  private static let page: [Verb.Option] = [
    .value("limit", "N", "How many at once, from 1 to 200."),
    .value("after", "CURSOR", "Where to go on."),
  ]

  private static let duties = ClientVerb.list(
    "duty mine", "List what you and your teams owe, most pressing first.",
    options: [.flag("by-name", "Only what falls to you by name.")] + page
  ) { invocation, client throws(Failure) in
    let of = invocation.flag("by-name") ? "mine" : nil
    let reply = try DepartmentVerbs.list("/v1/me/duties", invocation, &client, [("of", of)])
    return .init(reply: reply, text: text(ofDuties: reply) + IncidentText.more(reply))
  }

  /// What is owed, as a table.
  static func text(ofDuties reply: Reply) -> String {
    var table = TextTable("DUE", "FOR", "WHAT", "FALLS TO")
    for item in reply.items {
      let due = IncidentText.time(item["due"])
      let bearers = (item["fallsTo"]?.elements ?? []).compactMap { bearer in
        bearer["person"]?["name"]?.text ?? bearer["team"]?["name"]?.text
          ?? bearer["leadsOf"]?["name"]?.text.map { "leads of \($0)" }
      }
      table.add(
        item["overdue"]?.isTrue == true ? "overdue, \(due)" : due,
        item["incident"].map { IncidentText.reference($0) } ?? item["service"]?["key"]?.text
          ?? "settings",
        IncidentText.marked(item["text"]?.text ?? "", as: item["incident"]),
        bearers.joined(separator: ", "))
    }
    return table.text(orElse: "Nothing is owed.")
  }

  private static let pages = ClientVerb.list(
    "page list", "List the pages of yours that an answer is wanted to.", options: page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/pages", invocation, &client)
    return .init(reply: reply, text: text(ofPages: reply) + IncidentText.more(reply))
  }

  /// Pages, as a table.
  static func text(ofPages reply: Reply) -> String {
    var table = TextTable("REFERENCE", "PRIORITY", "PAGED", "AS", "STATE", "TITLE")
    for item in reply.items {
      table.add(
        IncidentText.reference(item["incident"]), item["incident"]?["priority"]?.text ?? "",
        IncidentText.time(item["at"]), item["step"]?.text ?? "",
        item["answer"]?.text ?? item["state"]?.text ?? "", IncidentText.title(of: item["incident"]))
    }
    return table.text(orElse: "No pages.")
  }

  private static let answer = ClientVerb.write(
    "page answer", "Answer a page. It does not acknowledge the incident.",
    arguments: [
      IncidentVerbs.incident,
      .choice("ANSWER", ["on-it", "cannot-help", "eta"]),
    ],
    options: [.value("minutes", "N", "With eta: in how many minutes you see to it.")],
    notes: [
      "Cannot help wakes the next in the chain at once. What stops the chain is muster incident "
        + "acknowledge."
    ]
  ) { invocation, client throws(Failure) in
    let minutes = invocation["minutes"].flatMap { Int($0) }
    guard (minutes == nil) == (invocation["minutes"] == nil) else {
      throw Failure(.usage, "--minutes takes a number of minutes.")
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/pages/answer")) { json in
      json.member("answer", invocation["ANSWER"])
      if let minutes {
        json.name("minutes")
        json.value(minutes)
      }
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has your answer"))
  }
}

/// `muster incident …`, where the clock waits for it: the first assessment, the review, senior
/// management.
enum IncidentWatchVerbs {
  static let all: [Verb] = [assess, arrange, complete, escalate]

  private static let incident = IncidentVerbs.incident

  private static let assess = ClientVerb.write(
    "incident assess", "Make the first assessment: the first line of the report.",
    arguments: [incident],
    options: [
      .value("what", "TEXT", "What it is.", isRequired: true),
      .value("affected", "TEXT", "Who is affected.", isRequired: true),
      .value("next", "TEXT", "What is done next.", isRequired: true),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/assessment")) { json in
      json.member("what", invocation["what"])
      json.member("affected", invocation["affected"])
      json.member("next", invocation["next"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "is assessed"))
  }

  private static let arrange = ClientVerb.write(
    "incident review-date", "Set a date for the post-incident review, and say who takes part.",
    arguments: [incident],
    options: [
      .value("at", "TIME", "When. \(IncidentVerbs.timeHelp)", isRequired: true),
      .value("attendee", "EMAIL", "Who takes part.", repeats: true),
    ]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/review/arrangement")) { json in
      json.member("at", at)
      json.name("attendees")
      json.beginArray()
      for person in invocation.all("attendee") { json.value(person) }
      json.endArray()
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has a date for its review"))
  }

  private static let complete = ClientVerb.write(
    "incident action-done", "Say that an action of the review is done.",
    arguments: [incident, .init("NUMBER", "Its number, as muster incident show has it.")]
  ) { invocation, client throws(Failure) in
    guard let number = Int(invocation.required("NUMBER")) else {
      throw Failure(.usage, "NUMBER is the number of an action, such as 1.")
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/review/completion")) { json in
      json.name("action")
      json.value(number)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has one action less to do"))
  }

  private static let escalate = ClientVerb.write(
    "incident escalate", "Tell senior management of it.", arguments: [incident],
    options: [.value("reason", "TEXT", "Why, for them to read.", isRequired: true), Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Senior management is woken now for \(invocation.required(incident.name)).", invocation)
    let reply = try client.write(IncidentVerbs.path(invocation, "/escalation")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "was escalated"))
  }
}
