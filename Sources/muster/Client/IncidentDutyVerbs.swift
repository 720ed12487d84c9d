import JSON

/// `muster incident …`, where an incident owes something to somebody: flags and tickets.
enum IncidentDutyVerbs {
  static let all: [Verb] =
    [flag, reportFlag, clearFlag, ticket, hold, release, purges] + WaitVerbs.all

  private static let incident = IncidentVerbs.incident
  private static let kind = IncidentVerbs.flag

  private static let hold = ClientVerb.write(
    "incident hold", "Keep an incident whatever its age, until that is released.",
    arguments: [incident],
    options: [
      .value("reason", "TEXT", "Who needs it, and for what.", isRequired: true),
      .value(
        "review-at", "TIME",
        "When somebody looks whether it is needed still. "
          + IncidentVerbs.timeHelp, isRequired: true),
    ]
  ) { invocation, client throws(Failure) in
    let reviewAt = try TypedText.time(invocation["review-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/hold")) { json in
      json.member("reason", invocation["reason"])
      json.member("reviewAt", reviewAt)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "is kept"))
  }

  private static let release = ClientVerb.write(
    "incident release", "Let an incident go once it has been kept long enough.",
    arguments: [incident],
    options: [
      .value("reason", "TEXT", "Why nobody needs it any more.", isRequired: true), Consent.yes,
    ],
    notes: [
      "If that time is over already, what is said of it is purged within minutes, and cannot be had "
        + "back."
    ]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "If its time is over already, what is said of \(invocation.required(incident.name)) is purged "
        + "within minutes, and cannot be had back.", invocation)
    let reply = try client.write(IncidentVerbs.path(invocation, "/hold/release")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "is held no more"))
  }

  private static let purges = ClientVerb.list(
    "incident purges", "List the last hundred incidents whose time was over, and which are gone."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/purges")
    var table = TextTable("INCIDENT", "PURGED", "ENTRIES")
    for item in reply.items {
      table.add(
        item["incident"]?.text ?? "", IncidentText.time(item["at"]),
        item["rows"]?.integer.map { "\($0)" } ?? "")
    }
    let note =
      reply.items.isEmpty
      ? "" : "\nA backup or an export that was made before an incident was purged holds it still.\n"
    return .init(reply: reply, text: table.text(orElse: "None.") + note)
  }

  private static let flag = ClientVerb.write(
    "incident flag", "Say that it is a matter of cyber security, or of personal data.",
    arguments: [incident, kind],
    options: [
      .value("aware-at", "TIME", "When you became aware. \(IncidentVerbs.timeHelp)"),
      .value("note", "TEXT", "What makes you think so."),
    ],
    notes: [
      "From then on it is seen by those alone who work on it. The specialist team must be told:"
        + " see muster incident flag-report."
    ]
  ) { invocation, client throws(Failure) in
    let aware = try TypedText.time(invocation["aware-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/flags")) { json in
      json.member("flag", invocation["FLAG"])
      json.member("awareAt", aware)
      json.member("note", invocation["note"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the flag"))
  }

  private static let reportFlag = ClientVerb.write(
    "incident flag-report", "Record that the specialist team was told.",
    arguments: [incident, kind],
    options: [
      .value("by", "NAME", "Who told them.", isRequired: true),
      .value("reference", "TEXT", "What they call it."),
      .value("reported-at", "TIME", "When. \(IncidentVerbs.timeHelp)"),
    ]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["reported-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/flag-reports")) { json in
      json.member("flag", invocation["FLAG"])
      json.member("reportedAt", at)
      json.member("by", invocation["by"])
      json.member("reference", invocation["reference"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "was reported"))
  }

  private static let clearFlag = ClientVerb.write(
    "incident flag-clear", "Take a flag back, as the lead.",
    arguments: [incident, kind],
    options: [.value("reason", "TEXT", "Why it does not hold.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/flag-clearances")) { json in
      json.member("flag", invocation["FLAG"])
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has lost the flag"))
  }

  private static let ticket = ClientVerb.write(
    "incident ticket", "Record its ticket in the department's own system.",
    arguments: [incident, .init("REFERENCE", "What the ticket is called there.")],
    options: [.value("updated-at", "TIME", "When it was last updated. \(IncidentVerbs.timeHelp)")]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["updated-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/ticket")) { json in
      json.member("reference", invocation["REFERENCE"])
      json.member("updatedAt", at)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the ticket"))
  }
}
