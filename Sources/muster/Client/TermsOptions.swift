import JSON

/// Targets and cadence on the command line, of the department and of a service.
enum TermsOptions {
  static let all: [Verb.Option] = [
    .value(
      "target", "P3:RESPONSE[,RESOLUTION[,LIMIT]][,always|,working]",
      "What is expected of a priority: P3:2h,1d,2d. Minutes, hours and business days: a P1 or P2 runs "
        + "always and others in working hours, unless it says which.", repeats: true),
    .choice(
      "cadence", ["response-column", "gds-way"],
      "How often stakeholders are told: as often as the response time, or as the GDS Way has it."),
    .value(
      "update-every", "P1:SPAN", "How often stakeholders are told of a priority: P1:30m.",
      repeats: true),
    .choice(
      "count-from", ["raise", "declaration"],
      "From when clocks count after a raise, and whether the time that it was resolved counts."),
    .choice(
      "page-new-alerts", ["yes", "no"],
      "Whether another alert on an open P1 or P2 wakes people, and is not only an entry."),
  ]

  /// What is said on the command line, checked before anything is sent.
  struct Said {
    fileprivate var targets: [(priority: String, spans: [String], isAlways: Bool)] = []
    fileprivate var updates: [(priority: String, span: String)] = []
    fileprivate var cadence: String?
    fileprivate var countFrom: String?
    fileprivate var pagesNewAlerts: String?

    init(_ invocation: Invocation) throws(Failure) {
      for text in invocation.all("target") {
        let (priority, rest) = try Self.parts(text, "--target P3:2h,1d,2d")
        var spans = rest.split(separator: ",").map(String.init)
        var isAlways = ["P1", "P2"].contains(priority.uppercased())
        if let hours = spans.last, ["always", "working"].contains(hours) {
          isAlways = hours == "always"
          spans.removeLast()
        }
        guard (1...3).contains(spans.count) else {
          throw Failure(.usage, "--target takes one to three spans, such as P3:2h,1d,2d.")
        }
        targets.append((priority, spans, isAlways))
      }
      for text in invocation.all("update-every") {
        let (priority, span) = try Self.parts(text, "--update-every P1:30m")
        updates.append((priority, span))
      }
      cadence = invocation["cadence"]
      countFrom = invocation["count-from"]
      pagesNewAlerts = invocation["page-new-alerts"]
    }

    private static func parts(
      _ text: String, _ example: String
    ) throws(Failure) -> (String, String) {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw Failure(.usage, "Write it as \(example).") }
      return (parts[0], parts[1])
    }

    /// Writes what was said, and nothing else.
    func write(to json: inout JSONWriter) {
      if !targets.isEmpty {
        json.name("targets")
        json.beginArray()
        for target in targets {
          json.beginObject()
          json.member("priority", target.priority)
          json.member("response", target.spans[0])
          json.member("resolution", target.spans.count > 1 ? target.spans[1] : nil)
          json.member("limit", target.spans.count > 2 ? target.spans[2] : nil)
          json.member("hours", target.isAlways ? "always" : "working")
          json.endObject()
        }
        json.endArray()
      }
      json.member("cadencePreset", cadence)
      if !updates.isEmpty {
        json.name("cadence")
        json.beginArray()
        for update in updates {
          json.beginObject()
          json.member("priority", update.priority)
          json.member("every", update.span)
          json.endObject()
        }
        json.endArray()
      }
      if let countFrom {
        json.name("countsFromDeclaration")
        json.value(countFrom == "declaration")
      }
      if let pagesNewAlerts {
        json.name("pagesNewAlerts")
        json.value(pagesNewAlerts == "yes")
      }
    }
  }

  /// Targets and cadence for a person.
  static func text(_ value: JSONValue) -> String {
    var table = TextTable("PRIORITY", "RESPONSE", "RESOLUTION", "LIMIT", "HOURS", "UPDATES")
    let cadence = value["cadence"]?.elements ?? []
    for target in value["targets"]?.elements ?? [] {
      let priority = target["priority"]?.text ?? ""
      let rule = cadence.first { $0["priority"]?.text == priority }
      let updates =
        rule?["every"]?.text.map { "every \($0)" } ?? rule?["once"]?.text.map { "once after \($0)" }
        ?? ""
      table.add(
        priority, target["response"]?.text ?? "", target["resolution"]?.text ?? "backlog",
        target["limit"]?.text ?? "", target["hours"]?.text ?? "", updates)
    }
    let pages =
      value["pagesNewAlerts"]?.isTrue == true
      ? "Another alert on an open P1 or P2 wakes people.\n" : ""
    return pages + (table.isEmpty ? "" : table.text(orElse: ""))
  }
}
