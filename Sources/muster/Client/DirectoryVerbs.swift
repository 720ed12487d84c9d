import EventLoop
import JSON

/// `muster directory …`: people, teams and services as a whole, out of the cluster and into it.
enum DirectoryVerbs {
  static let all = [export, take]

  /// As much as the interface takes.
  private static let largest = 1024 * 1024

  private static let export = Verb(
    "directory export", "Write people, teams and services to a file or to standard output.",
    arguments: [.init("FILE", "Where to; standard output without it.", isOptional: true)],
    options: [
      .choice("format", ["csv", "json"], "The form. Else by how FILE ends; usually csv.")
    ] + ClientOptions.common + [Form.json.option], prints: .text,
    notes: [
      "For administrators and auditors, as it says how people are reached: a file is made for you "
        + "alone. What was exported can be changed and imported again."
    ]
  ) { invocation throws(Failure) in
    let format = format(invocation) ?? "csv"
    return try ClientVerb.run(invocation) { client, _ throws(Failure) in
      let text = try client.text("/v1/directory?format=\(format)", accept: type(of: format))
      guard let path = invocation["FILE"] else { return text }
      guard !Files.exists(path) else {
        throw Failure(
          .refused,
          "\(path) is there already, and nothing was written. Name another file, or move that one away."
        )
      }
      do throws(FileError) {
        try Files.write(Array(text.utf8), at: 0, to: path, mode: 0o600)
      } catch {
        throw Failure(.refused, "\(error)")
      }
      return "Written to \(path).\n"
    }
  }

  private static let take = ClientVerb.write(
    "directory import", "Take people, teams and services from a file: all of it, or nothing.",
    arguments: [.init("FILE", "What muster directory export wrote, changed as you like.")],
    options: [
      .flag("dry-run", "Only say what would be added, changed and removed."),
      .flag("prune", "Remove what the file does not name: people as leavers."),
      Consent.yes,
      .choice("format", ["csv", "json"], "The form. Else by how FILE ends."),
    ],
    notes: [
      "Each row is known by its id, which is yours to choose and stays. Nothing is removed without "
        + "--prune. Import the same file twice, and the second time changes nothing."
    ]
  ) { invocation, client throws(Failure) in
    guard let format = format(invocation) else {
      throw .usage("Say what the form of FILE is: --format csv or --format json.")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(invocation.required("FILE"), atMost: largest)
    } catch {
      throw .usage("The directory cannot be read. \(error)")
    }
    if invocation.flag("prune"), !invocation.flag("dry-run") {
      try Consent.obtain(
        "What FILE does not name is removed: people leave, and their tokens stop working for good. "
          + "--dry-run says who and what.", invocation)
    }
    let path = PathText.query(
      "/v1/directory",
      [
        ("dryRun", invocation.flag("dry-run") ? "true" : nil),
        ("prune", invocation.flag("prune") ? "true" : nil),
      ])
    let reply = try client.write(path, bytes, type: type(of: format))
    return .init(reply: reply, text: DirectoryText.plan(reply))
  }

  /// The form that is asked for, or the one that the file's name ends with.
  private static func format(_ invocation: Invocation) -> String? {
    if let format = invocation["format"] { return format }
    if invocation.flag("json"), invocation["FILE"] == nil { return "json" }
    guard let path = invocation["FILE"] else { return nil }
    return ["csv", "json"].first { path.lowercased().hasSuffix(".\($0)") }
  }

  private static func type(of format: String) -> String {
    format == "csv" ? "text/csv" : "application/json"
  }
}

/// What an import did, or would do, for a person.
package enum DirectoryText {
  /// A table of what is added, changed and removed, and how many of each.
  package static func plan(_ reply: Reply) -> String {
    let result = reply.result
    // What it changed was told the first time, and is so now.
    if result?["repeated"]?.isTrue == true {
      return "It was imported under this key before, and was done once.\n"
    }
    var table = TextTable("LINE", "ACTION", "KIND", "ID", "NAME", "WHAT CHANGES")
    for row in result?["rows"]?.elements ?? [] {
      table.add(
        row["line"]?.integer.map(String.init) ?? "–", row["action"]?.text ?? "",
        row["kind"]?.text ?? "", row["id"]?.text ?? "", row["name"]?.text ?? "",
        (row["changes"]?.elements ?? []).map(difference).joined(separator: "; "))
    }
    let counts = ["added", "changed", "removed"].map { "\(result?[$0]?.integer ?? 0) \($0)" }
    let isDry = result?["dryRun"]?.isTrue == true
    let end =
      table.isEmpty
      ? "" : counts.joined(separator: ", ") + (isDry ? ": a dry run, nothing was done.\n" : ".\n")
    return table.text(orElse: "It is so already: nothing to change.") + end
  }

  private static func difference(_ change: JSONValue) -> String {
    let field = change["field"]?.text ?? ""
    return switch (change["before"]?.text, change["after"]?.text) {
    case (let before?, let after?): "\(field): \(before) → \(after)"
    case (let before?, nil): "\(field): \(before) → nothing"
    case (nil, let after?): "\(field): \(after)"
    case (nil, nil): field
    }
  }
}
