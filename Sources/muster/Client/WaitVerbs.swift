import JSON

/// `muster incident wait …`: what an incident waits for.
enum WaitVerbs {
  static let all: [Verb] = [wait, end]

  private static let wait = ClientVerb.write(
    "incident wait",
    "Say what an incident waits for: a P3 to P6 pauses, of a P1 or P2 it is only said.",
    arguments: [IncidentVerbs.incident],
    options: [
      .choice("on", ["supplier", "user", "planned-date"], "What for.", isRequired: true),
      .value(
        "look-again", "YYYY-MM-DD",
        "The day on which somebody looks again: a P3 to P6 names one, and its clock runs by itself from "
          + "that day's opening."),
      .value("from", "TIME", "Since when, if not now. \(IncidentVerbs.timeHelp)"),
      .value(
        "until", "TIME", "Until when, of a P1 or P2, if it is over. \(IncidentVerbs.timeHelp)"),
      .value("note", "TEXT", "More words."),
    ]
  ) { invocation, client throws(Failure) in
    let from = try TypedText.time(invocation["from"])
    let until = try TypedText.time(invocation["until"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/waiting")) { json in
      json.member("on", invocation["on"])
      json.member("lookAgain", invocation["look-again"])
      json.member("from", from)
      json.member("until", until)
      json.member("note", invocation["note"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "waits"))
  }

  private static let end = ClientVerb.write(
    "incident wait-over", "Say that an incident waits no more.",
    arguments: [IncidentVerbs.incident],
    options: [.value("happened-at", "TIME", "When that was, if not now. \(IncidentVerbs.timeHelp)")]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["happened-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/waiting/end")) { json in
      json.member("happenedAt", at)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "waits no more"))
  }
}
