import JSON

/// `muster incident …`, where an incident is or may be a matter of cyber security or of personal data.
enum SensitiveVerbs {
  static let all: [Verb] = [notification, sight, face, approveFace, withdrawFace]

  private static let incident = IncidentVerbs.incident
  private static let number = Verb.Argument(
    "NUMBER", "The number of the text, as muster incident show --json has it.")

  private static let notification = ClientVerb.write(
    "incident notification", "Record the decision whether a breach is notified.",
    arguments: [incident, .choice("DECISION", ["yes", "no"])],
    options: [.value("reason", "TEXT", "Why.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/notification")) { json in
      json.name("notify")
      json.value(invocation.required("DECISION") == "yes")
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the decision"))
  }

  private static let sight = ClientVerb.write(
    "incident sight", "Say who may know of a restricted incident.",
    arguments: [
      incident,
      .choice(
        "ACTION", ["widen", "narrow", "add", "remove"],
        "Widen to everybody, narrow again, add or remove somebody."),
    ],
    options: [
      .value("person", "EMAIL", "Whom, with add and remove."),
      .value("reason", "TEXT", "Why, with widen."), Consent.yes,
    ],
    notes: [
      "A data breach is never widened. Whoever reported it and is removed keeps its reference and time."
    ]
  ) { invocation, client throws(Failure) in
    if invocation.required("ACTION") == "widen" {
      try Consent.obtain(
        "Everybody who signs in may read \(invocation.required(incident.name)) from then on, all that was "
          + "written before too.", invocation)
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/sight")) { json in
      json.member("action", invocation["ACTION"])
      json.member("person", invocation["person"])
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the change"))
  }

  private static let face = ClientVerb.write(
    "incident face", "Draft what staff are told in the stead of a restricted incident.",
    arguments: [incident],
    options: [
      .value("title", "TEXT", "One line.", isRequired: true),
      .value("text", "TEXT", "What they need to know; - reads standard input.", isRequired: true),
      .value("language", "NAME", "In which language, such as cy. Usually en."),
    ],
    notes: [
      "Once a second person agrees it is a notice to everybody who signs in, which names no incident."
    ]
  ) { invocation, client throws(Failure) in
    let text = try TypedText.text(invocation.required("text"))
    let reply = try client.write(IncidentVerbs.path(invocation, "/faces")) { json in
      json.member("title", invocation["title"])
      json.member("body", text)
      json.member("language", invocation["language"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the text"))
  }

  private static let approveFace = ClientVerb.write(
    "incident face-approve", "Agree to what staff are told: it is published at once.",
    arguments: [incident, number], options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Everybody who signs in reads text \(invocation.required("NUMBER")) of "
        + "\(invocation.required(incident.name)) at once.", invocation)
    let number = PathText.escaped(invocation.required("NUMBER"))
    let reply = try client.write(IncidentVerbs.path(invocation, "/faces/\(number)/approval"))
    return .init(reply: reply, text: IncidentText.done(reply, "has a public face"))
  }

  private static let withdrawFace = ClientVerb.write(
    "incident face-withdraw", "Take back what staff are told.", arguments: [incident, number]
  ) { invocation, client throws(Failure) in
    let number = PathText.escaped(invocation.required("NUMBER"))
    let reply = try client.write(IncidentVerbs.path(invocation, "/faces/\(number)/withdrawal"))
    return .init(reply: reply, text: IncidentText.done(reply, "has one text fewer"))
  }
}
