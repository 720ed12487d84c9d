import Incidents
import JSON

/// `muster incident …`, where a priority is found, and where something is proposed that others decide.
enum TriageVerbs {
  static let all: [Verb] = [triage, propose, accept, decline, dismiss]

  private static let incident = IncidentVerbs.incident
  private static let number = Verb.Argument(
    "PROPOSAL", "Its number, as incident show tells it. Only needed if several are open.",
    isOptional: true)

  /// The answers of triage, as options of whatever states a priority.
  static let options: [Verb.Option] =
    Triage.Factor.allCases.map { factor in
      .choice(factor.slug, factor.answers.map(\.slug), factor.question)
    } + [
      .choice(
        "anchor", Anchor.allCases.map(\.slug),
        "The definition of the guidance that fits; see muster incident triage.")
    ]

  /// Writes the answers that were given.
  static func write(_ invocation: Invocation, to json: inout JSONWriter) {
    let answers = Triage.Factor.allCases.compactMap { factor in
      invocation[factor.slug].map { (factor.slug, $0) }
    }
    json.member("anchor", invocation["anchor"])
    guard !answers.isEmpty else { return }
    json.object("triage") { json in
      for (factor, answer) in answers {
        json.name(factor)
        json.value(answer)
      }
    }
  }

  private static func isAnswered(_ invocation: Invocation) -> Bool {
    options.contains { invocation[$0.name] != nil }
  }

  private static let triage = ClientVerb.read(
    "incident triage", "Ask what priority something has: the questions, or what answers suggest.",
    options: options + [
      .choice("priority", IncidentVerbs.priorities, "What you would choose, to see if it fits."),
      .value("service", "KEY", "The service, which may have a matrix of its own."),
    ],
    notes: [
      "Without an answer it prints the questions and the definitions of the guidance. With answers it "
        + "prints what they suggest and why, and changes nothing."
    ]
  ) { invocation, client throws(Failure) in
    guard isAnswered(invocation) else {
      let reply = try client.read(
        PathText.query("/v1/triage", [("service", invocation["service"])]))
      return .init(reply: reply, text: TriageText.questions(reply.value))
    }
    let reply = try client.write("/v1/triage/suggestion") { json in
      write(invocation, to: &json)
      json.member("priority", invocation["priority"])
      json.member("service", invocation["service"])
    }
    return .init(reply: reply, text: TriageText.suggestion(reply.value["triage"]))
  }

  private static let propose = ClientVerb.write(
    "incident propose", "Propose a priority, to cancel it, or that it is a duplicate.",
    arguments: [incident, .choice("ACTION", ["priority", "cancel", "duplicate"])],
    options: [
      .choice("impact", IncidentVerbs.levels, "How much is hit."),
      .choice("urgency", IncidentVerbs.levels, "How soon it must be answered."),
      .choice("priority", IncidentVerbs.priorities, "The priority outright, instead of the two."),
      .value("of", "OTHER", "The incident that goes on: its reference, INC-…, or its id."),
      .value("reason", "TEXT", "Why."),
    ] + options,
    notes: ["Nothing happens until somebody accepts it who may do it: see muster incident accept."]
  ) { invocation, client throws(Failure) in
    let survivor = try invocation["of"].map { other throws(Failure) in
      try client.read("/v1/incidents/" + PathText.escaped(other)).value["id"]?.text
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/proposals")) { json in
      json.member("action", invocation["ACTION"])
      json.member("impact", invocation["impact"])
      json.member("urgency", invocation["urgency"])
      json.member("priority", invocation["priority"])
      json.member("of", survivor ?? nil)
      json.member("reason", invocation["reason"])
      write(invocation, to: &json)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "has the proposal"))
  }

  private static let accept = ClientVerb.write(
    "incident accept", "Accept what was proposed: it is done, in your name.",
    arguments: [incident, number], options: [Consent.yes],
    notes: ["It asks where that ends the incident, as what never was one or as a duplicate."]
  ) { invocation, client throws(Failure) in
    try agreeToEnd(invocation, &client)
    let reply = try decide(invocation, &client, accepts: true)
    return .init(reply: reply, text: IncidentText.done(reply, "is as was proposed"))
  }

  /// Says what will happen where what is accepted ends the incident for good.
  private static func agreeToEnd(
    _ invocation: Invocation, _ client: inout Client
  ) throws(Failure) {
    if invocation.flag("yes") { return }
    let open = try client.read(IncidentVerbs.path(invocation)).value["proposals"]?.elements ?? []
    let number = invocation["PROPOSAL"].flatMap { Int($0) }
    let meant = open.filter { number == nil || $0["proposal"]?.integer == number }
    let ends = meant.first { ["cancel", "duplicate"].contains($0["action"]?.text) }
    guard let ends else { return }
    let name = invocation.required(incident.name)
    try Consent.obtain(
      ends["action"]?.text == "cancel"
        ? "\(name) ends as what never was an incident: nobody is reminded of it any more."
        : "\(name) ends for good as a duplicate of \(ends["of"]?.text ?? "another"), which goes on.",
      invocation)
  }

  private static let decline = ClientVerb.write(
    "incident decline", "Decline what was proposed.",
    arguments: [incident, number],
    options: [.value("reason", "TEXT", "Why.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try decide(invocation, &client, accepts: false)
    return .init(reply: reply, text: IncidentText.done(reply, "stays as it is"))
  }

  private static func decide(
    _ invocation: Invocation, _ client: inout Client, accepts: Bool
  ) throws(Failure) -> Reply {
    let number = try invocation["PROPOSAL"].map { text throws(Failure) in
      guard let number = Int(text), number > 0 else {
        throw .usage("A proposal is known by its number, not \"\(text)\".")
      }
      return number
    }
    return try client.write(IncidentVerbs.path(invocation, "/proposal-decisions")) { json in
      json.member("proposal", number)
      json.name("accept")
      json.value(accepts)
      json.member("reason", accepts ? nil : invocation["reason"])
    }
  }

  private static let dismiss = ClientVerb.write(
    "incident flag-dismiss", "Say that a flag which triage asks about does not hold.",
    arguments: [incident, IncidentVerbs.flag],
    options: [.value("reason", "TEXT", "Why not.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(IncidentVerbs.path(invocation, "/flag-dismissals")) { json in
      json.member("flag", invocation["FLAG"])
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: IncidentText.done(reply, "does not need the flag"))
  }
}
