import JSON

/// `muster service policy …`: what a service does otherwise than the department.
enum PolicyVerbs {
  static let all: [Verb] = [show, change]

  private static let service = Verb.Argument("SERVICE", "Its key or id.")

  private static func path(_ invocation: Invocation) -> String {
    "/v1/services/\(PathText.escaped(invocation.required("SERVICE")))/policy"
  }

  private static let show = ClientVerb.read(
    "service policy", "Show what a service does otherwise than the department.",
    arguments: [service],
    options: [.value("version", "N", "As it was in an earlier version.")]
  ) { invocation, client throws(Failure) in
    let path = PathText.query(path(invocation), [("version", invocation["version"])])
    let reply = try client.read(path)
    var text = "Calendar  \(reply.value["calendar"]?.text ?? "the department's")\n"
    if let matrix = reply.value["matrix"], !matrix.isNull {
      for cell in matrix.elements {
        text += "\(cell["impact"]?.text ?? "") impact, \(cell["urgency"]?.text ?? "") urgency  "
        text += "\(cell["priority"]?.text ?? "")\n"
      }
    } else {
      text += "Matrix    the guidance's\n"
    }
    text += "Version   \(reply.value["version"]?.integer ?? 0)\n"
    text += TermsOptions.text(reply.value)
    return .init(reply: reply, text: Terminal.harmless(text))
  }

  private static let change = ClientVerb.write(
    "service policy change", "Change what a service does otherwise than the department.",
    arguments: [service],
    options: [
      .value("calendar", "KEY", "The calendar whose working hours it follows."),
      .value(
        "matrix", "P,…",
        "Nine priorities: for high, medium and low impact, each by high, medium and low urgency."),
    ] + TermsOptions.all + [
      .value(
        "default", "WHAT,…",
        "What is as the department has it again: calendar, matrix, targets, cadence."),
      .flag("dry-run", "Only say what would change."),
    ],
    notes: ["Each version is kept: an incident runs under the one that it began with."]
  ) { invocation, client throws(Failure) in
    let cleared = (invocation["default"] ?? "").split(separator: ",").map(String.init)
    for word in cleared where !words.contains(word) {
      throw Failure(
        .usage, "--default takes any of \(words.joined(separator: ", ")), with commas between.")
    }
    let cells = try invocation["matrix"].map { text throws(Failure) in try Self.cells(text) }
    let said = try TermsOptions.Said(invocation)
    let isRehearsal = invocation.flag("dry-run")
    let query = isRehearsal ? "?dryRun=true" : ""
    let reply = try client.write(path(invocation) + query) { json in
      json.member("calendar", invocation["calendar"])
      if let cells { json.matrix(cells) }
      if cleared.contains("matrix") {
        json.name("matrix")
        json.null()
      }
      said.write(to: &json)
      if cleared.contains("calendar") {
        json.name("calendar")
        json.null()
      }
      if cleared.contains("targets") {
        json.name("targets")
        json.null()
      }
      if cleared.contains("cadence") {
        json.name("cadence")
        json.null()
      }
    }
    return .init(
      reply: reply,
      text: isRehearsal ? SettingsVerbs.changes(reply.value["result"]) : "Done.\n")
  }

  /// What can be said of a service, and unsaid.
  private static let words = ["calendar", "matrix", "targets", "cadence"]

  /// Nine priorities, with commas between.
  private static func cells(_ text: String) throws(Failure) -> [String] {
    let cells = text.split(separator: ",").map { $0.uppercased() }
    guard cells.count == 9 else {
      throw .usage("--matrix is nine priorities with commas between, not \(cells.count).")
    }
    return cells
  }
}

extension JSONWriter {
  /// Writes nine priorities by impact and urgency, from high and high on.
  fileprivate mutating func matrix(_ cells: [String]) {
    name("matrix")
    beginArray()
    for (place, cell) in cells.enumerated() {
      beginObject()
      member("impact", IncidentVerbs.levels[place / 3])
      member("urgency", IncidentVerbs.levels[place % 3])
      member("priority", cell)
      endObject()
    }
    endArray()
  }
}
