import EventLoop
import Incidents
import JSON

/// `muster service …`, where it is said how a service is run; and what is owed for that.
enum ServiceVerbs {
  static let all: [Verb] = [
    arrangement, arrange, confirmManual, goLive, withdraw, paragraph, duties,
  ]

  private static let service = Verb.Argument("SERVICE", "Its key or id.")
  /// As much as the interface takes.
  private static let largest = 1024 * 1024

  private static func path(_ invocation: Invocation, _ rest: String) -> String {
    "/v1/services/\(PathText.escaped(invocation.required("SERVICE")))/\(rest)"
  }

  private static let arrangement = ClientVerb.read(
    "service arrangement",
    "Show how a service is run, what it lacks to be live, and what it is owed.",
    arguments: [service],
    options: [.flag("profile", "Only what people say of it, as service arrange takes it.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(path(invocation, "arrangement"))
    guard invocation.flag("profile"), let profile = reply.value["profile"] else {
      return .init(reply: reply, text: ServiceText.arrangement(reply.value))
    }
    return .init(
      reply: reply, text: String(decoding: profile.serialised(.pretty), as: UTF8.self) + "\n")
  }

  private static let arrange = ClientVerb.write(
    "service arrange", "Say how a service is run. What is not named stays as it is.",
    arguments: [service],
    options: [
      .value("file", "FILE", "What service arrangement --profile wrote, changed as you like."),
      .value("product-team", "TEAM", "The team that has its product backlog."),
      .value("infrastructure-team", "TEAM", "The team that has the infrastructure under it."),
      .value("manual", "ADDRESS", "Where its manual is."),
      .value(
        "smaller-team-agreed-by", "EMAIL",
        "Who agreed that its Service Delivery is one of these two teams as well."),
      .value(
        "review-at", "TIME", "When that is looked at again. \(IncidentVerbs.timeHelp)"),
      .value(
        "channels", "WORDS",
        "What we depend on it for, of sign-in, mail, text and network, with commas between."),
    ],
    notes: [
      "RACI, stakeholders and suppliers are said in a file. RACI is a list of {activity, accountable, "
        + "responsible, consulted, informed}, the activity by its number in guidance 6.2, from 1 to 9; "
        + "each of the others is {role}, {team} or {person}."
    ]
  ) { invocation, client throws(Failure) in
    let reply: Reply
    if let file = invocation["file"] {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try Files.read(file, atMost: largest)
      } catch {
        throw .usage("The file cannot be read. \(error)")
      }
      reply = try client.write(path(invocation, "arrangement"), bytes)
    } else {
      let reviewAt = try TypedText.time(invocation["review-at"])
      reply = try client.write(path(invocation, "arrangement")) { json in
        json.member("productTeam", invocation["product-team"])
        json.member("infrastructureTeam", invocation["infrastructure-team"])
        json.member("manual", invocation["manual"])
        if let agreedBy = invocation["smaller-team-agreed-by"] {
          json.object("smallerTeam") { json in
            json.member("agreedBy", agreedBy)
            json.member("reviewAt", reviewAt)
          }
        }
        json.member(
          "channels", (invocation["channels"] ?? "").split(separator: ",").map(String.init))
      }
    }
    return .init(reply: reply, text: "Said. See what is missing: muster service arrangement\n")
  }

  private static let confirmManual = ClientVerb.write(
    "service confirm-manual", "Confirm that a service's manual has both reporting requirements.",
    arguments: [service],
    options: [
      .value("by", "EMAIL", "Who looked, if it was not you."),
      .value("at", "TIME", "When, if not now. \(IncidentVerbs.timeHelp)"),
    ],
    notes: [
      "Guidance 1 wants two in every manual: to whom cyber security incidents are reported, and data "
        + "breaches. muster service reporting-paragraph prints them. It is asked again after a year."
    ]
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["at"])
    let reply = try client.write(path(invocation, "manual-confirmation")) { json in
      json.member("by", invocation["by"])
      json.member("at", at)
    }
    return .init(reply: reply, text: "Confirmed.\n")
  }

  private static let goLive = ClientVerb.write(
    "service live", "Take a service live, once nothing is missing.", arguments: [service]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "live"))
    return .init(reply: reply, text: "Live.\n")
  }

  private static let withdraw = ClientVerb.write(
    "service withdraw", "Say that a service is not live any more.", arguments: [service],
    options: [.value("reason", "TEXT", "Why.", isRequired: true)]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "withdrawal")) { json in
      json.member("reason", invocation["reason"])
    }
    return .init(reply: reply, text: "Not live any more.\n")
  }

  private static let paragraph = Verb(
    "service reporting-paragraph",
    "Print what guidance 1 wants in every service's manual, to paste there.", prints: .text
  ) { _ throws(Failure) in
    Terminal.print(ReportingRequirements.paragraph)
    return .done
  }

  private static let duties = ClientVerb.list(
    "duty list", "List what the department owes its services.", options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/duties", invocation, &client)
    return .init(reply: reply, text: ServiceText.duties(reply))
  }
}

/// How services are run, as a person reads it in a terminal.
enum ServiceText {
  /// What people say of a service, what it lacks and what it is owed.
  static func arrangement(_ value: JSONValue) -> String {
    let profile = value["profile"]
    var table = TextTable("", "")
    table.add("Service", value["service"]?["name"]?.text ?? "")
    let live = IncidentText.time(value["liveSince"])
    table.add("Live", live.isEmpty ? "no" : "since \(live)")
    for (label, member) in [
      ("Product team", "productTeam"), ("Infrastructure team", "infrastructureTeam"),
      ("3rd line supplier", "thirdLineSupplier"), ("Manual", "manual"),
    ] {
      table.add(label, profile?[member]?.text ?? "none")
    }
    if let exception = profile?["smallerTeam"], !exception.isNull {
      table.add(
        "Smaller team",
        "agreed by \(exception["agreedBy"]?.text ?? "somebody"), to be reviewed "
          + IncidentText.time(exception["reviewAt"]))
    }
    let confirmed = value["manualConfirmed"]
    table.add(
      "Manual confirmed",
      confirmed.map { $0.isNull } ?? true
        ? "no"
        : "\(IncidentText.time(confirmed?["at"])) by \(confirmed?["by"]?["name"]?.text ?? "somebody")"
    )
    let channels = (profile?["channels"]?.elements ?? []).compactMap(\.text)
    if !channels.isEmpty { table.add("We depend on it for", channels.joined(separator: ", ")) }
    var page = table.page
    page += "\n" + activities(profile) + "\n" + suppliers(profile)
    let missing = value["missing"]?.elements ?? []
    page += missing.isEmpty ? "\nNothing is missing.\n" : "\nMISSING to be live:\n"
    for gap in missing {
      page += "  - \(Terminal.harmless(gap["text"]?.text ?? "", keepingLines: false))\n"
    }
    return page + owed(value)
  }

  private static func activities(_ profile: JSONValue?) -> String {
    var table = TextTable("ACTIVITY", "ACCOUNTABLE", "RESPONSIBLE", "CONSULTED", "INFORMED")
    for roles in profile?["raci"]?.elements ?? [] {
      let activity = roles["activity"]?.integer.flatMap { Activity(rawValue: UInt8(clamping: $0)) }
      table.add(
        activity.map { "\($0.rawValue) \($0.word)" } ?? "", party(roles["accountable"]),
        parties(roles["responsible"]), parties(roles["consulted"]), parties(roles["informed"]))
    }
    return table.text(orElse: "Nobody is said to answer for anything (RACI).")
  }

  private static func suppliers(_ profile: JSONValue?) -> String {
    var table = TextTable("SUPPLIER", "REFERENCE", "OUT OF HOURS")
    for supplier in profile?["suppliers"]?.elements ?? [] {
      table.add(
        supplier["name"]?.text ?? "", supplier["reference"]?.text ?? "",
        supplier["outOfHours"]?.text ?? "")
    }
    return table.text(orElse: "No suppliers.")
  }

  private static func parties(_ value: JSONValue?) -> String {
    (value?.elements ?? []).map(party).joined(separator: ", ")
  }

  private static func party(_ value: JSONValue?) -> String {
    value?["role"]?.text ?? value?["team"]?.text ?? value?["person"]?.text ?? ""
  }

  private static func owed(_ value: JSONValue) -> String {
    let duties = value["duties"]?.elements ?? []
    guard !duties.isEmpty else { return "" }
    var text = "\nOwed by the leads of its 2nd line team:\n"
    for duty in duties {
      let due = IncidentText.time(duty["due"])
      text += "  - \(Terminal.harmless(duty["text"]?.text ?? "", keepingLines: false))"
      text += due.isEmpty ? "\n" : " (by \(due))\n"
    }
    return text
  }

  /// One line a duty.
  static func duties(_ reply: Reply) -> String {
    var table = TextTable("SERVICE", "TEAM", "BY", "WHAT")
    for item in reply.items {
      for duty in item["duties"]?.elements ?? [] {
        table.add(
          item["service"]?["key"]?.text ?? "", item["team"]?["name"]?.text ?? "",
          IncidentText.time(duty["due"]), duty["text"]?.text ?? "")
      }
    }
    return table.text(orElse: "Nothing is owed.") + IncidentText.more(reply)
  }
}
