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
    "insights", "Print counts and times of the incidents of a span, as CSV unless a form is named.",
    options: span + ClientOptions.read, prints: .list(of: "byService"),
    notes: [
      "A median or 90th percentile is a time that occurred (nearest rank). Exercises are counted apart.",
      "Only what you may see is counted.",
    ]
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client, form throws(Failure) in
      let path = { (format: String) throws(Failure) in
        try "/v1/insights" + query(invocation, format: format)
      }
      switch form {
      case .words, .csv:
        return Terminal.document(try client.text(try path("csv"), accept: "text/csv"))
      case .json, .plain:
        let reply = try client.read(try path("json"))
        return Output.thing.text(of: reply.value, reply.bytes, words: "", as: form)
      }
    }
  }

  private static let process = Verb(
    "incident process",
    "Print what the process asked for: when it was due, done, by whom, how late.",
    arguments: [.init("INCIDENT", "Its reference, INC-…, or its id; - is all of a span, as CSV.")],
    options: span + ClientOptions.read, prints: .list(of: "steps")
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client, form throws(Failure) in
      if invocation.required("INCIDENT") == "-" { return try pieces(invocation, &client, form) }
      let reply = try client.read(IncidentVerbs.path(invocation, "/process"))
      return try ClientVerb.text(
        of: .init(reply: reply, text: table(reply.value)), .list(of: "steps"), as: form)
    }
  }

  /// Every piece of a span, one after another.
  private static func pieces(
    _ invocation: Invocation, _ client: inout Client, _ form: Form
  ) throws(Failure) -> String {
    let document = try "/v1/process" + query(invocation, format: "json")
    let sheet = try "/v1/process" + query(invocation, format: "csv")
    let isSheet = form == .words || form == .csv
    var text = ""
    var items: [JSONValue] = []
    var after = ""
    try Progress.during(.init("Reading", unit: "incidents")) { reach throws(Failure) in
      repeat {
        let reply = try client.read(document + after)
        items += reply.items
        reach(items.count, nil)
        if isSheet {
          let csv = try client.text(sheet + after, accept: "text/csv")
          // The headings are said once.
          text += text.isEmpty ? csv : String(csv.drop { $0 != "\r\n" }.dropFirst())
        }
        after = reply.value["next"]?.text.map { "&after=" + PathText.escaped($0) } ?? ""
      } while !after.isEmpty
    }
    if isSheet { return Terminal.document(text) }
    let whole: JSONValue = ["items": JSONValue(.array(items))]
    return Output.list(of: "items").text(of: whole, words: "", as: form)
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
