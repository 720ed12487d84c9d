import EventLoop
import JSON

/// `muster calendar …`: when people work, and the bank holidays.
enum CalendarVerbs {
  static let all: [Verb] = [list, show, change, take]

  private static let key = Verb.Argument("CALENDAR", "Its key, such as scotland.")
  /// GOV.UK's document of three nations and ten years has about 30 KB.
  private static let largest = 1 << 20

  private static let list = ClientVerb.list(
    "calendar list", "List the calendars by which working time is counted."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/calendars")
    var table = TextTable("KEY", "NAME", "OPENS", "CLOSES", "HOLIDAYS KNOWN UNTIL", "VERSION")
    for item in reply.items {
      table.add(
        item["key"]?.text ?? "", item["name"]?.text ?? "", item["opens"]?.text ?? "",
        item["closes"]?.text ?? "", item["knownUntil"]?.text ?? "none are listed",
        "\(item["version"]?.integer ?? 0)")
    }
    return .init(reply: reply, text: table.text(orElse: "No calendars."))
  }

  private static let show = ClientVerb.read(
    "calendar show", "Show a calendar: its hours, its days, and its holidays.", arguments: [key]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(path(invocation))
    let value = reply.value
    let days = (value["workingDays"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
    var text = "\(value["name"]?.text ?? "")  (\(value["key"]?.text ?? ""))\n"
    text += "\(value["opens"]?.text ?? "") to \(value["closes"]?.text ?? ""), \(days)\n"
    text += "Zone \(value["zone"]?.text ?? "")\n"
    if let duty = value["duty"]?.text { text += "Owed: \(duty)\n" }
    for holiday in value["holidays"]?.elements ?? [] {
      text += "\(holiday["date"]?.text ?? "")  \(holiday["name"]?.text ?? "")\n"
    }
    return .init(reply: reply, text: Terminal.harmless(text))
  }

  private static let change = ClientVerb.write(
    "calendar set", "Change a calendar, or make a new one.", arguments: [key],
    options: [
      .value("name", "NAME", "What people call it."),
      .value("zone", "RULE", "Its zone as POSIX writes it: GMT0BST,M3.5.0/1,M10.5.0."),
      .value("days", "DAY,…", "The days on which work is done: monday,tuesday."),
      .value("opens", "HH:MM", "When work begins."),
      .value("closes", "HH:MM", "When it ends, at most 24:00."),
    ],
    notes: [
      "Due times that run in working hours are counted anew at once, with an entry on each incident. "
        + "Bank holidays come from GOV.UK: see muster calendar import."
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation)) { json in
      json.member("name", invocation["name"])
      json.member("zone", invocation["zone"])
      json.member("opens", invocation["opens"])
      json.member("closes", invocation["closes"])
      json.member(
        "workingDays", (invocation["days"] ?? "").split(separator: ",").map(String.init))
    }
    return .init(reply: reply, text: "Done.\n")
  }

  private static let take = ClientVerb.write(
    "calendar import", "Take bank holidays from GOV.UK's file: all of it, or nothing.",
    arguments: [.init("FILE", "What https://www.gov.uk/bank-holidays.json answers.")],
    options: [.flag("dry-run", "Only say what would be different.")],
    notes: [
      "The years that the file lists are as it has them from then on; other years stay. Due times are "
        + "counted anew at once."
    ]
  ) { invocation, client throws(Failure) in
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(invocation.required("FILE"), atMost: largest)
    } catch {
      throw .usage("The bank holidays cannot be read. \(error)")
    }
    let path = PathText.query(
      "/v1/bank-holidays", [("dryRun", invocation.flag("dry-run") ? "true" : nil)])
    let reply = try client.write(path, bytes, type: "application/json")
    return .init(reply: reply, text: plan(reply))
  }

  private static func plan(_ reply: Reply) -> String {
    if reply.result?["repeated"]?.isTrue == true {
      return "They were taken in under this key before, and it was done once.\n"
    }
    var table = TextTable("CALENDAR", "DATE", "WAS", "IS")
    for calendar in reply.result?["calendars"]?.elements ?? [] {
      for difference in calendar["differences"]?.elements ?? [] {
        table.add(
          calendar["key"]?.text ?? "", difference["date"]?.text ?? "",
          difference["before"]?.text ?? "a day of work",
          difference["after"]?.text ?? "a day of work")
      }
    }
    let isDry = reply.result?["dryRun"]?.isTrue == true
    let end = table.isEmpty || !isDry ? "" : "A dry run: nothing was done.\n"
    return table.text(orElse: "It is so already: nothing to change.") + end
  }

  private static func path(_ invocation: Invocation) -> String {
    "/v1/calendars/\(PathText.escaped(invocation.required("CALENDAR")))"
  }
}
