import JSON

/// `muster incident …`, where an incident is told to others: its report, and the review that it owes.
enum IncidentReportVerbs {
  static let all: [Verb] = [report, versions, waive]

  private static let incident = IncidentVerbs.incident
  private static let asOf = "A position of the ledger, or a time: \(IncidentVerbs.timeHelp)"

  private static let report = Verb(
    "incident report", "Print the incident report; or keep a version that withholds something.",
    arguments: [incident],
    options: [
      .choice("format", ["markdown", "html", "json"], "Usually markdown. With --redact, html."),
      .value("as-of", "WHEN", "As it was then. " + asOf),
      .value(
        "version", "N", "A version as it is kept, byte for byte: 1, or r1 for a redacted one."),
      .value(
        "redact", "KIND;WHAT;REASON",
        "Keep a version without this. KIND is field, entry, person, pattern or words: pattern "
          + "withholds a text wherever it stands, words where it is whole words.", repeats: true),
    ] + ClientOptions.write, prints: .thing,
    notes: [
      "A redacted version is not kept if anything withheld would stand in any byte of it. Its reasons can "
        + "be read by everybody who reads it; what is withheld is written nowhere."
    ]
  ) { invocation throws(Failure) in
    try ClientVerb.run(invocation) { client, form throws(Failure) in
      let redactions = try invocation.all("redact").map { text throws(Failure) in
        try RedactionText(text)
      }
      if !redactions.isEmpty { return try redact(redactions, invocation, &client, form) }
      if let version = invocation["version"] {
        guard form == .words else {
          throw .usage("A version is printed as it is kept: leave out --\(form.rawValue).")
        }
        let path = "/report/versions/" + PathText.escaped(version)
        return Terminal.document(
          try client.text(IncidentVerbs.path(invocation, path), accept: "*/*"))
      }
      let format = form == .words ? invocation["format"] ?? "markdown" : "json"
      guard invocation["format"] ?? format == format else {
        throw .usage("--format and --\(form.rawValue) are two forms: leave one out.")
      }
      var path = IncidentVerbs.path(invocation, "/report?format=\(format)")
      if let moment = try invocation.moment("as-of") { path += "&asOf=" + PathText.escaped(moment) }
      if format == "json" {
        let reply = try client.read(path)
        let form = form == .words ? .json : form
        return Output.thing.text(of: reply.value, reply.bytes, words: "", as: form)
      }
      return Terminal.document(try client.text(path, accept: "*/*"))
    }
  }

  private static func redact(
    _ redactions: [RedactionText], _ invocation: Invocation, _ client: inout Client, _ form: Form
  ) throws(Failure) -> String {
    let reply = try client.write(IncidentVerbs.path(invocation, "/report/redactions")) { json in
      json.member("format", invocation["format"] ?? "html")
      json.name("redactions")
      json.beginArray()
      for redaction in redactions { redaction.write(to: &json) }
      json.endArray()
    }
    let version = reply.result?["redaction"]?.text ?? "the version that was made before"
    return Output.thing.text(
      of: reply.value, reply.bytes,
      words: IncidentText.done(reply, "has a redacted report: \(version)"), as: form)
  }

  private static let versions = ClientVerb.list(
    "incident versions", "List the versions of its report that are kept byte for byte.",
    arguments: [incident]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(IncidentVerbs.path(invocation, "/report/versions"))
    var table = TextTable("VERSION", "FORMAT", "KEPT", "BY", "WITHHELD", "SHA-256")
    for item in reply.items {
      table.add(
        item["version"]?.text ?? "", item["format"]?.text ?? "", IncidentText.time(item["at"]),
        item["by"]?["name"]?.text ?? "", "\(item["redactions"]?.elements.count ?? 0)",
        item["sha256"]?.text ?? "")
    }
    let note = reply.value["pending"]?.isTrue == true ? "The latest is being written.\n" : ""
    return .init(reply: reply, text: table.text(orElse: "None.") + note)
  }

  private static let waive = ClientVerb.write(
    "incident waive-review", "Say as Service Delivery why its review is not held. Counted.",
    arguments: [incident],
    options: [
      .choice(
        "reason", ["never-major", "false-alarm", "covered"],
        "It never was a P1 or P2; no one was affected; or another's review covers it.",
        isRequired: true),
      .value("by", "OTHER", "The incident whose review covers it: INC-…, or its id."),
    ]
  ) { invocation, client throws(Failure) in
    let by = try invocation["by"].map { name throws(Failure) in
      try client.read("/v1/incidents/" + PathText.escaped(name)).value["id"]?.text
    }
    let reply = try client.write(IncidentVerbs.path(invocation, "/review/waiver")) { json in
      json.member("reason", invocation["reason"])
      json.member("by", by ?? nil)
    }
    return .init(reply: reply, text: IncidentText.done(reply, "needs no review"))
  }
}

extension Invocation {
  /// A point of the ledger as it is typed: a position, or a time in any form that is one.
  func moment(_ option: String) throws(Failure) -> String? {
    guard let text = self[option] else { return nil }
    return UInt64(text) == nil ? try TypedText.time(text) : text
  }
}

/// Something to withhold as it is typed: `KIND;WHAT;REASON`.
struct RedactionText {
  private static let kinds = ["field", "entry", "person", "pattern", "words"]

  let kind: String
  let what: String
  let reason: String

  /// Reads it. Only the first and the last semicolon part it.
  init(_ text: String) throws(Failure) {
    let kind = text.prefix { $0 != ";" }
    let rest = text.dropFirst(kind.count + 1)
    guard let last = rest.lastIndex(of: ";"), Self.kinds.contains(String(kind)),
      last > rest.startIndex, rest.index(after: last) < rest.endIndex
    else {
      throw .usage(
        "--redact is three parts, such as \"person;ana@example.org;Personal data\", not \"\(text)\"."
      )
    }
    self.kind = String(kind)
    what = String(rest[..<last])
    reason = String(rest[rest.index(after: last)...])
    if self.kind == "entry", UInt64(what) == nil {
      throw .usage("An entry is withheld by its number in the timeline, not by \"\(what)\".")
    }
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.name(kind)
    if kind == "entry", let position = Int(what) { json.value(position) } else { json.value(what) }
    json.member("reason", reason)
    json.endObject()
  }
}
