import JSON

/// `muster incident …`, where people are told something.
enum CommunicationVerbs {
  static let all: [Verb] = [
    update, draft, approve, send, withdraw, delivered, told, messages, stakeholder, reach, delay,
  ]

  private static let incident = IncidentVerbs.incident
  private static let communication = Verb.Argument(
    "COMMUNICATION", "Its id, as muster incident told shows it.")
  private static let audience = Verb.Option.choice(
    "audience", ["team", "stakeholders", "all-staff", "status-page"], "To whom.",
    isRequired: true)
  private static let words: [Verb.Option] = [
    .value("text", "TEXT", "What happened; - reads standard input."),
    .flag("no-change", "Nothing has changed. It counts as an update like any other."),
    .value("affected", "TEXT", "Who is affected."),
    .value("meanwhile", "TEXT", "What to do meanwhile."),
    .value("next", "TIME", "When the next one comes. \(IncidentVerbs.timeHelp)"),
    .value("late-because", "TEXT", "Why it comes late."),
  ]
  private static let language = Verb.Option.value(
    "language", "NAME", "In which language, such as cy. Usually en.")

  private static let update = ClientVerb.write(
    "incident update", "Record a communication that was sent, or see how one would read.",
    arguments: [incident],
    options: [audience] + words + [
      .flag("template", "Put its words into the template for this audience and priority."),
      language,
      .flag("preview", "Print it, and record nothing."),
    ],
    notes: [
      "An all-staff message on less than a P1 is agreed to by a second person: see muster incident "
        + "draft."
    ]
  ) { invocation, client throws(Failure) in
    let text = try invocation["text"].map { text throws(Failure) in try TypedText.text(text) }
    let next = try TypedText.time(invocation["next"])
    var filled = text
    if invocation.flag("template") || invocation.flag("preview") {
      let preview = try client.read(
        PathText.query(
          IncidentVerbs.path(invocation, "/communications/preview"),
          [
            ("audience", invocation["audience"]), ("language", invocation["language"]),
            ("what", text), ("affected", invocation["affected"]),
            ("meanwhile", invocation["meanwhile"]), ("nextUpdateAt", next),
          ]))
      let subject = preview.value["subject"]?.text ?? ""
      let body = preview.value["body"]?.text ?? ""
      if invocation.flag("preview") {
        return .init(reply: preview, text: Terminal.harmless("\(subject)\n\n\(body)\n"))
      }
      filled = body
    }
    guard filled != nil || invocation.flag("no-change") else {
      throw .usage("--text is missing: what was said. Or say --no-change.")
    }
    let said = filled
    let reply = try client.write(IncidentVerbs.path(invocation, "/updates")) { json in
      json.member("audience", invocation["audience"])
      json.member("text", said)
      json.member("noChange", ifTrue: invocation.flag("no-change"))
      json.member("affected", invocation["affected"])
      json.member("meanwhile", invocation["meanwhile"])
      json.member("nextUpdateAt", next)
      json.member("delayReason", invocation["late-because"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the update"))
  }

  private static let draft = ClientVerb.write(
    "incident draft", "Draft what shall be told, for somebody to agree to and to send.",
    arguments: [incident],
    options: [audience] + words + [
      language,
      .value("body", "TEXT", "The whole text instead of the template's; - reads standard input."),
      .value("approver", "EMAIL", "Who is asked to agree. They may know of the incident then."),
      .value("replaces", "COMMUNICATION", "The draft that these words replace."),
    ]
  ) { invocation, client throws(Failure) in
    let text = try invocation["text"].map { text throws(Failure) in try TypedText.text(text) }
    let body = try invocation["body"].map { text throws(Failure) in try TypedText.text(text) }
    let next = try TypedText.time(invocation["next"])
    guard text != nil || invocation.flag("no-change") else {
      throw .usage("--text is missing: what happened. Or say --no-change.")
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/communications")) { json in
      json.member("id", invocation["replaces"])
      json.member("audience", invocation["audience"])
      json.member("language", invocation["language"])
      json.member("what", text)
      json.member("noChange", ifTrue: invocation.flag("no-change"))
      json.member("affected", invocation["affected"])
      json.member("meanwhile", invocation["meanwhile"])
      json.member("nextUpdateAt", next)
      json.member("text", body)
      json.member("approver", invocation["approver"])
      json.member("delayReason", invocation["late-because"])
    }
    let id = reply.result?["communication"]?.text ?? ""
    return .init(
      reply: reply,
      text: IncidentText.done(reply, "has the draft")
        + (id.isEmpty ? "" : "To send it: muster incident send INCIDENT \(id)\n"))
  }

  /// The address of a step of a communication.
  private static func path(_ invocation: Invocation, _ step: String) -> String {
    let id = PathText.escaped(invocation.required("COMMUNICATION"))
    return IncidentVerbs.path(invocation, "/communications/\(id)/\(step)")
  }

  private static let approve = ClientVerb.write(
    "incident approve", "Agree to what somebody else drafted.",
    arguments: [incident, communication]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "approval"))
    return .init(reply: reply, text: IncidentText.done(reply, "has your agreement"))
  }

  private static let send = ClientVerb.write(
    "incident send", "Say that a draft was sent.", arguments: [incident, communication],
    options: [
      .value(
        "without-approval", "REASON",
        "Why it goes without a second person, five minutes after it was drafted. Both are told.")
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "sending")) { json in
      guard let reason = invocation["without-approval"] else { return }
      json.object("override") { json in json.member("reason", reason) }
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has it as sent"))
  }

  private static let withdraw = ClientVerb.write(
    "incident withdraw", "Say that a draft shall not be sent.",
    arguments: [incident, communication], options: [.value("reason", "TEXT", "Why not.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "withdrawal")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has it as withdrawn"))
  }

  private static let delivered = ClientVerb.write(
    "incident delivered", "Record what became of a communication, for a group of its recipients.",
    arguments: [incident, communication],
    options: [
      .value("group", "NAME", "Which recipients.", isRequired: true),
      .choice(
        "outcome", ["queued", "sent", "failed", "uncertain"], "What became of it.",
        isRequired: true),
      .value("at", "TIME", "When. \(IncidentVerbs.timeHelp)"),
      .value("detail", "TEXT", "More about it."),
    ]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["at"])
    let reply = try client.write(path(invocation, "deliveries")) { json in
      json.member("group", invocation["group"])
      json.member("outcome", invocation["outcome"])
      json.member("at", at)
      json.member("detail", invocation["detail"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the result"))
  }

  private static let told = ClientVerb.list(
    "incident told", "List what was told or shall be, with who wrote and who agreed.",
    arguments: [incident], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list(
      IncidentVerbs.path(invocation, "/communications"), invocation, &client)
    return .init(reply: reply, text: CommunicationText.list(reply))
  }

  private static let messages = ClientVerb.list(
    "incident messages", "List who was told of it at once, and what became of that.",
    arguments: [incident], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let path = IncidentVerbs.path(invocation, "/messages")
    let reply = try DepartmentVerbs.list(path, invocation, &client)
    var table = TextTable("AT", "TO", "STATE", "TEXT")
    for item in reply.items {
      table.add(
        IncidentText.time(item["at"]), addressee(item["to"]),
        item["state"]?.text ?? "", item["text"]?.text ?? "")
    }
    return .init(
      reply: reply, text: table.text(orElse: "Nobody was.") + IncidentText.more(reply))
  }

  /// Whom a message is for.
  private static func addressee(_ to: JSONValue?) -> String {
    if let team = to?["leadsOf"]?["name"]?.text { return "leads of \(team)" }
    return to?["person"]?["name"]?.text ?? to?["team"]?["name"]?.text ?? to?["address"]?.text
      ?? (to?["auditors"] == nil ? "" : "auditors")
  }

  private static let stakeholder = ClientVerb.write(
    "incident stakeholder", "Name somebody to be kept informed, or take them off.",
    arguments: [incident],
    options: [
      .value("person", "EMAIL", "Somebody known here."),
      .value("team", "TEAM", "Or a team known here."),
      .value("address", "EMAIL", "Or an address of somebody else."),
      .flag("remove", "They are kept informed no longer."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/stakeholders")) { json in
      json.member("person", invocation["person"])
      json.member("team", invocation["team"])
      json.member("address", invocation["address"])
      json.member("remove", ifTrue: invocation.flag("remove"))
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the change"))
  }

  private static let reach = ClientVerb.write(
    "incident reach",
    "Say whether it affects the whole department, or why all staff need not know.",
    arguments: [incident],
    options: [
      .choice("whole-department", ["yes", "no"], "Whether it affects everybody."),
      .value("all-staff-not-needed", "REASON", "Why all staff need not be told, as the lead."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/reach")) { json in
      if let word = invocation["whole-department"] {
        json.name("wholeDepartment")
        json.value(word == "yes")
      }
      json.member("allStaffNotNeededBecause", invocation["all-staff-not-needed"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has it"))
  }

  private static let delay = ClientVerb.write(
    "incident delay", "Say why an update is late.", arguments: [incident],
    options: [.value("reason", "TEXT", "Why.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/delay")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the reason"))
  }
}

/// What is told, as a person reads it in a terminal.
private enum CommunicationText {
  /// One paragraph a communication.
  static func list(_ reply: Reply) -> String {
    var text = ""
    for item in reply.items {
      let by = item["author"]?["name"]?.text ?? ""
      text += "\(item["id"]?.text ?? "")  \(item["state"]?.text ?? "")  "
      text += "\(item["audience"]?.text ?? "")  by \(by)"
      if let approver = item["approver"]?["name"]?.text { text += ", agreed by \(approver)" }
      let ended = IncidentText.time(item["endedAt"])
      text += ended.isEmpty ? "\n" : "  \(ended)\n"
      if let reason = item["reason"]?.text { text += "  because: \(reason)\n" }
      for delivery in item["deliveries"]?.elements ?? [] {
        text += "  \(delivery["group"]?.text ?? ""): \(delivery["outcome"]?.text ?? "")\n"
      }
      text += (item["body"]?.text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        .map { "    \($0)\n" }.joined()
    }
    return Terminal.harmless(text.isEmpty ? "Nothing was told.\n" : text) + IncidentText.more(reply)
  }
}
