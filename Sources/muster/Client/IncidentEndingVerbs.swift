import JSON

/// `muster incident …`, where an incident comes to its end.
enum IncidentEndingVerbs {
  static let all: [Verb] = [
    restored, resolve, agree, review, close, reopen, cancel, duplicate,
  ]

  private static let incident = IncidentVerbs.incident

  private static let restored = ClientVerb.write(
    "incident restored", "Say as technical support that service is back; the lead resolves.",
    arguments: [incident], options: [.value("text", "TEXT", "What was seen.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/restoration")) { json in
      json.member("text", invocation["text"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "may be restored"))
  }

  private static let resolve = ClientVerb.write(
    "incident resolve", "Resolve it: service is back, and this is what brought it back.",
    arguments: [incident],
    options: [
      .value("fix", "TEXT", "What was done; - reads standard input.", isRequired: true),
      .value("cause", "TEXT", "What it was, if it is known."),
      .value("happened-at", "TIME", "When service was back. \(IncidentVerbs.timeHelp)"),
      .flag("take-lead", "Take the lead with it, where nobody else may resolve."),
      .value("lead-agreed-by-phone", "NAME", "The lead agreed, and cannot say so here."),
      .value("ticket-updated-at", "TIME", "When the department's ticket was updated."),
      .flag(
        "resolve-children", "Resolve those that belong to it as well, each as far as it may be."),
    ],
    notes: [
      "With --resolve-children it ends with 1 if one of those is not resolved, though it is itself."
    ]
  ) { invocation, client throws(Failure) in
    let fix = try TypedText.text(invocation.required("fix"))
    let at = try TypedText.time(invocation["happened-at"])
    let ticket = try TypedText.time(invocation["ticket-updated-at"])
    let reply = try client.write(IncidentVerbs.path(invocation, "/resolution")) { json in
      json.member("fix", fix)
      json.member("cause", invocation["cause"])
      json.member("happenedAt", at)
      json.member("takeLead", ifTrue: invocation.flag("take-lead"))
      json.member("leadAgreedByPhone", invocation["lead-agreed-by-phone"])
      json.member("ticketUpdatedAt", ticket)
      json.member("resolveChildren", ifTrue: invocation.flag("resolve-children"))
    }
    return try resolved(reply)
  }

  /// What came of it and of those that belong to it.
  ///
  /// - Throws: The same, if one of those was not resolved: a script has to learn of it.
  static func resolved(_ reply: Reply) throws(Failure) -> ClientVerb.Printed {
    var text = IncidentText.done(reply, "resolved")
    var areAll = true
    for child in reply.result?["children"]?.elements ?? [] {
      let isResolved = child["resolved"]?.isTrue == true
      if !isResolved { areAll = false }
      text += IncidentText.reference(child)
      text +=
        isResolved ? " resolved with it.\n" : " not resolved: \(child["detail"]?.text ?? "")\n"
    }
    text = Terminal.harmless(text)
    guard areAll else {
      throw Failure(.refused, String(text.dropLast()), problem: reply.bytes)
    }
    return .init(reply: reply, text: text)
  }

  private static let agree = ClientVerb.write(
    "incident agree", "Confirm as lead a resolution that you had agreed to by phone.",
    arguments: [incident]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/agreement"))
    return .init(reply: reply, text: IncidentText.done(reply, "has the lead's agreement"))
  }

  private static let review = ClientVerb.write(
    "incident review", "Finish a version of the post-incident review.",
    arguments: [incident],
    options: [
      .value("summary", "TEXT", "What happened, for a reader who was not there.", isRequired: true),
      .value("impact", "TEXT", "Who could not do what, for how long.", isRequired: true),
      .value("cause", "TEXT", "What it was."),
      .value("cause-unknown", "TEXT", "Why the cause is not established, instead of --cause."),
      .value("factor", "TEXT", "What contributed.", repeats: true),
      .value("went-well", "TEXT", "What went well.", repeats: true),
      .value("went-badly", "TEXT", "What did not.", repeats: true),
      .value(
        "action", "WHAT;EMAIL;DUE", "What will be done, by whom, by when, such as +14d.",
        repeats: true),
      .value("no-actions-because", "TEXT", "Why nothing needs to be done, instead of --action."),
      .value("attendee", "EMAIL", "Who was at the review.", repeats: true),
    ]
  ) { invocation, client throws(Failure) in
    let actions = try invocation.all("action").map { text throws(Failure) in
      try ReviewActionText(text)
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/review")) { json in
      json.member("summary", invocation["summary"])
      json.member("impact", invocation["impact"])
      json.member("cause", invocation["cause"])
      json.member("causeNotEstablishedBecause", invocation["cause-unknown"])
      json.member("contributingFactors", invocation.all("factor"))
      json.member("wentWell", invocation.all("went-well"))
      json.member("wentBadly", invocation.all("went-badly"))
      json.actions(actions)
      json.member("noActionsBecause", invocation["no-actions-because"])
      json.member("attendees", invocation.all("attendee"))
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has its review"))
  }

  private static let close = ClientVerb.write(
    "incident close", "Close it, once what it owes is done.", arguments: [incident],
    options: [
      .value(
        "override", "REASON",
        "Close it without its review. Counted; \"\" gives no reason, which is then owed.")
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/closure")) { json in
      guard let reason = invocation["override"] else { return }
      json.object("override") { $0.member("reason", reason) }
    }
    return .init(reply: reply, text: IncidentText.done(reply, "closed"))
  }

  private static let reopen = ClientVerb.write(
    "incident reopen", "Say that it is not over.", arguments: [incident],
    options: [.value("reason", "TEXT", "Why.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/reopening")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "reopened"))
  }

  private static let cancel = ClientVerb.write(
    "incident cancel", "Say that it never was an incident.", arguments: [incident],
    options: [.value("reason", "TEXT", "Why.", isRequired: true), Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "\(invocation.required(incident.name)) ends as what never was an incident: nobody is reminded of "
        + "it any more.", invocation)
    let reply = try client.write(IncidentVerbs.path(invocation, "/cancellation")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "cancelled"))
  }

  private static let duplicate = ClientVerb.write(
    "incident duplicate", "Say that it is the same as another, which goes on.",
    arguments: [incident, .init("OTHER", "The other one: its reference, INC-…, or its id.")],
    options: [.value("reason", "TEXT", "Why."), Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "\(invocation.required(incident.name)) ends for good as a duplicate of "
        + "\(invocation.required("OTHER")), which goes on.", invocation)
    let other = PathText.escaped(invocation.required("OTHER"))
    // The interface takes an id here, so that a slip of the tongue is found before it is done.
    let survivor = try client.read("/v1/incidents/\(other)").value["id"]?.text
    let reply = try client.write(IncidentVerbs.path(invocation, "/duplication")) { json in
      json.member("of", survivor)
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "is a duplicate"))
  }
}

/// An action of a review as it is typed: what, by whom, by when.
struct ReviewActionText {
  let what: String
  let owner: String
  let due: String?

  /// Reads `WHAT;EMAIL;DUE`.
  init(_ text: String) throws(Failure) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
      throw .usage("--action is three parts, \"what;who@example;+14d\", not \"\(text)\".")
    }
    what = String(parts[0])
    owner = String(parts[1])
    due = try TypedText.time(String(parts[2]))
  }
}

extension JSONWriter {
  /// Writes the actions of a review, or nothing if there are none.
  fileprivate mutating func actions(_ actions: [ReviewActionText]) {
    guard !actions.isEmpty else { return }
    name("actions")
    beginArray()
    for action in actions {
      beginObject()
      member("what", action.what)
      member("owner", action.owner)
      member("due", action.due)
      endObject()
    }
    endArray()
  }
}
