import JSON

/// `muster insights` and `muster incident process`: how it went, in counts and step by step.
enum InsightVerbs {
  static let all: [Verb] = [insights, process]

  private static let span: [Verb.Option] = [
    .value(
      "from", "TIME", "Declared from then on. Usually 91 days before. \(IncidentVerbs.timeHelp)"),
    .value("until", "TIME", "Declared before then. Usually now."),
    .value("service", "KEY", "Of this service alone."),
    .value("team", "NAME", "Owned by this team now."),
  ]

  private static let insights = Verb(
    "insights", "Print counts and times of the incidents of a span, as CSV or with --json as JSON.",
    options: span + ClientOptions.read,
    notes: [
      "A median or 90th percentile is a time that occurred (nearest rank). Exercises are counted apart.",
      "Only what you may see is counted.",
    ]
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client throws(Failure) in
      let path = { (format: String) throws(Failure) in
        try "/v1/insights" + query(invocation, format: format)
      }
      if invocation.flag("json") { return ClientVerb.document(try client.read(try path("json"))) }
      return Terminal.harmless(try client.text(try path("csv"), accept: "text/csv"))
    }
  }

  private static let process = Verb(
    "incident process",
    "Print what the process asked for: when it was due, done, by whom, how late.",
    arguments: [.init("INCIDENT", "Its reference, INC-…, or its id; - is all of a span, as CSV.")],
    options: span + ClientOptions.read
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client throws(Failure) in
      if invocation.required("INCIDENT") == "-" { return try pieces(invocation, &client) }
      let reply = try client.read(IncidentVerbs.path(invocation, "/process"))
      return invocation.flag("json") ? ClientVerb.document(reply) : table(reply.value)
    }
  }

  /// Every piece of a span, one after another.
  private static func pieces(
    _ invocation: Invocation, _ client: inout Client
  ) throws(Failure) -> String {
    let document = try "/v1/process" + query(invocation, format: "json")
    let sheet = try "/v1/process" + query(invocation, format: "csv")
    var text = ""
    var after = ""
    repeat {
      let reply = try client.read(document + after)
      let csv = try client.text(sheet + after, accept: "text/csv")
      // The headings are said once.
      text += text.isEmpty ? csv : String(csv.drop { $0 != "\r\n" }.dropFirst())
      after = reply.value["next"]?.text.map { "&after=" + PathText.escaped($0) } ?? ""
    } while !after.isEmpty
    return Terminal.harmless(text)
  }

  private static func query(
    _ invocation: Invocation, format: String
  ) throws(Failure) -> String {
    var query = "?format=\(format)"
    for name in ["from", "until"] {
      guard let time = try TypedText.time(invocation[name]) else { continue }
      query += "&\(name)=\(PathText.escaped(time))"
    }
    for name in ["service", "team"] {
      guard let text = invocation[name] else { continue }
      query += "&\(name)=\(PathText.escaped(text))"
    }
    return query
  }

  private static func table(_ process: JSONValue) -> String {
    var table = TextTable("STEP", "DUE", "DONE", "BY", "LATE BY", "NOT NEEDED BECAUSE")
    for step in process["steps"]?.elements ?? [] {
      table.add(
        step["step"]?.text ?? "", IncidentText.time(step["due"]), IncidentText.time(step["done"]),
        step["by"]?["name"]?.text ?? "",
        step["lateBy"]?.integer.map { "\($0 / 60_000) min" } ?? "",
        step["waivedBecause"]?.text ?? "")
    }
    return table.text(orElse: "None.")
  }
}
