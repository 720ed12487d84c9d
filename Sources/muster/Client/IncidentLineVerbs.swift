import JSON

/// `muster incident …`, where it is about what is around an incident: services, other incidents, suppliers
/// and those who are brought in.
enum IncidentLineVerbs {
  static let all: [Verb] = [
    answer, giveReason, affect, setService, setParent, setRecurrence, linkChange, supplier, bringIn,
  ]

  private static let incident = IncidentVerbs.incident
  private static let other = Verb.Argument(
    "OTHER", "The other one: its reference, INC-…, or its id; none for none.")

  /// The id of another incident that the command line names, or nothing for "none".
  private static func otherID(
    _ invocation: Invocation, _ client: inout Client
  ) throws(Failure) -> String? {
    let name = invocation.required("OTHER")
    guard name != "none" else { return nil }
    return try client.read("/v1/incidents/\(PathText.escaped(name))").value["id"]?.text
  }

  private static let answer = ClientVerb.write(
    "incident answer", "Answer a P5 or P6 for the first time, or say that it is only logged.",
    arguments: [incident],
    options: [
      .value("text", "TEXT", "What was answered; - reads standard input."),
      .flag("logged", "It is logged, and nothing more is done."),
    ]
  ) { invocation, client throws(Failure) in
    let text = try invocation["text"].map { text throws(Failure) in try TypedText.text(text) }
    let reply = try client.write(IncidentVerbs.path(invocation, "/answer")) { json in
      json.member("text", text)
      json.member("logged", ifTrue: invocation.flag("logged"))
    }
    return .init(reply: reply, text: IncidentText.done(reply, "was answered"))
  }

  private static let giveReason = ClientVerb.write(
    "incident hand-over-reason", "Give the reason of a hand-over that had none.",
    arguments: [incident],
    options: [.value("reason", "TEXT", "Why it was handed over.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/hand-over/reason")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the reason"))
  }

  private static let affect = ClientVerb.write(
    "incident affect", "Say that another service is affected, how it is, or that it is not.",
    arguments: [incident, .init("SERVICE", "Its key or id.")],
    options: [
      .choice("state", ["down", "degraded", "restored"], "How it is. Usually down."),
      .flag("not", "It is not affected after all."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/affected-services")) { json in
      json.member("service", invocation["SERVICE"])
      if !invocation.flag("not") { json.member("state", invocation["state"] ?? "down") }
    }
    return .init(reply: reply, text: IncidentText.done(reply, "says so"))
  }

  private static let setService = ClientVerb.write(
    "incident service", "Set or change its lead service, whose teams then support it.",
    arguments: [incident, .init("SERVICE", "Its key or id.")],
    options: [.value("reason", "TEXT", "Why.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/service")) { json in
      json.member("service", invocation["SERVICE"])
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has that service"))
  }

  private static let setParent = ClientVerb.write(
    "incident parent", "Let it belong to a major incident, or to none.",
    arguments: [incident, other],
    notes: [
      "It keeps its timeline and its clocks. What stakeholders are told of the major incident counts as "
        + "an update of this one too, and once that is resolved, this one asks whether it is."
    ]
  ) { invocation, client throws(Failure) in
    let id = try otherID(invocation, &client)
    let reply = try client.write(IncidentVerbs.path(invocation, "/parent")) { json in
      json.orNull("parent", id)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "says so"))
  }

  private static let setRecurrence = ClientVerb.write(
    "incident recurrence", "Say that it is a recurrence of an earlier one, or of none.",
    arguments: [incident, other]
  ) { invocation, client throws(Failure) in
    let id = try otherID(invocation, &client)
    let reply = try client.write(IncidentVerbs.path(invocation, "/recurrence")) { json in
      json.orNull("of", id)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "says so"))
  }

  private static let linkChange = ClientVerb.write(
    "incident change", "Say which change caused it.",
    arguments: [incident, .init("REFERENCE", "What the change is called where changes are kept.")],
    options: [
      .value("link", "ADDRESS", "Where it can be read."),
      .value("text", "TEXT", "A word about it."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/changes")) { json in
      json.member("reference", invocation["REFERENCE"])
      json.member("link", invocation["link"])
      json.member("text", invocation["text"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the change"))
  }

  private static let supplier = ClientVerb.write(
    "incident supplier", "Bring in a supplier, or say what is new of one.",
    arguments: [incident, .init("NAME", "What they are called.")],
    options: [
      .value("reference", "TEXT", "What they call the incident."),
      .value("out-of-hours", "NUMBER", "Their telephone number out of hours."),
      .value(
        "next", "TIME",
        "When they promised to be heard of; without it, they have promised nothing. "
          + IncidentVerbs.timeHelp),
    ]
  ) { invocation, client throws(Failure) in
    let next = try TypedText.time(invocation["next"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/suppliers")) { json in
      json.member("name", invocation["NAME"])
      json.member("reference", invocation["reference"])
      json.member("outOfHours", invocation["out-of-hours"])
      json.member("nextUpdateAt", next)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the supplier"))
  }

  private static let bringIn = ClientVerb.write(
    "incident bring-in", "Bring in a person or a team from outside its teams.",
    arguments: [incident],
    options: [
      .value("person", "EMAIL", "Their address or id; me is you."),
      .value("team", "TEAM", "Its name or id."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/specialists")) { json in
      json.member("person", invocation["person"])
      json.member("team", invocation["team"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has them"))
  }
}

extension JSONWriter {
  /// Writes a text, or `null`, which says that there is to be none.
  fileprivate mutating func orNull(_ name: StaticString, _ text: String?) {
    self.name(name)
    if let text { value(text) } else { null() }
  }
}
