import Incidents
import JSON

/// `muster webhook …`: where the department is told of things outside of the cluster.
enum WebhookVerbs {
  static let all: [Verb] = [list, show, add, set, rotate, test, deliveries, resend, remove]

  private static let webhook = Verb.Argument("WEBHOOK", "Its id, from muster webhook list.")

  private static let said: [Verb.Option] = [
    .value("kinds", "WORDS", "Of pages, messages and reminders, with commas between."),
    .value(
      "team", "NAME", "Only of this team's incidents and messages. Without it of all.",
      repeats: true),
  ]

  private static func path(_ invocation: Invocation, _ rest: String = "") -> String {
    "/v1/webhooks/\(PathText.escaped(invocation.required("WEBHOOK")))\(rest)"
  }

  private static let list = ClientVerb.list(
    "webhook list", "List the webhooks and how each stands.", options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/webhooks", invocation, &client)
    var table = TextTable("WEBHOOK", "NAME", "TOLD", "WAITING", "STATE", "ADDRESS")
    for item in reply.items {
      table.add(
        item["id"]?.text ?? "", item["name"]?.text ?? "",
        (item["kinds"]?.elements ?? []).compactMap(\.text).joined(separator: ","),
        "\(item["waiting"]?.integer ?? 0)", state(item), item["address"]?.text ?? "")
    }
    return .init(
      reply: reply, text: table.text(orElse: "There are none.") + IncidentText.more(reply))
  }

  private static let show = ClientVerb.read(
    "webhook show", "Show a webhook and how it stands.", arguments: [webhook]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(path(invocation))
    let item = reply.value
    let teams = (item["teams"]?.elements ?? []).compactMap { $0["name"]?.text }
    var table = TextTable("", "")
    table.add("Name", item["name"]?.text ?? "")
    table.add("Address", item["address"]?.text ?? "")
    table.add("Told", (item["kinds"]?.elements ?? []).compactMap(\.text).joined(separator: ", "))
    table.add("Teams", teams.isEmpty ? "all" : teams.joined(separator: ", "))
    table.add("State", state(item))
    table.add("Waiting", "\(item["waiting"]?.integer ?? 0)")
    table.add("Last sent", IncidentText.time(item["lastSentAt"]))
    return .init(reply: reply, text: table.page)
  }

  private static func state(_ item: JSONValue) -> String {
    if item["enabled"]?.isTrue != true { return "off" }
    if item["failingSince"]?.text != nil {
      return "FAILING since \(IncidentText.time(item["failingSince"]))"
    }
    return item["lastSentAt"]?.text == nil ? "nothing sent yet" : "well"
  }

  /// The secret of one that was just made, or that just got another.
  private static func secret(_ reply: Reply) throws(Failure) -> String {
    Terminal.note("The webhook's id is \(reply.id). Its secret is shown this once:")
    guard let secret = reply.result?["secret"]?.text else {
      throw Failure(
        .refused, "This was done before, and the secret shown then. Have another: webhook rotate.")
    }
    return secret + "\n"
  }

  private static let add = ClientVerb.write(
    "webhook add", "Have pages, messages and reminders posted to an address.",
    arguments: [
      .init("NAME", "What it is called."), .init("ADDRESS", "Where it is: https://…"),
    ],
    options: said,
    notes: [
      "Send the output to a file that only the receiver can read: it is the secret by which posts are "
        + "verified. The address is no place for a secret: it stands in the record. Try the webhook "
        + "with: muster webhook test."
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write("/v1/webhooks") { json in
      json.member("name", invocation["NAME"])
      json.member("address", invocation["ADDRESS"])
      say(invocation, &json)
    }
    return .init(reply: reply, text: try secret(reply))
  }

  private static let set = ClientVerb.write(
    "webhook set", "Change a webhook. What is left out stays.", arguments: [webhook],
    options: [
      .value("name", "NAME", "What it is called."),
      .value("address", "URL", "Where it is: https://…"),
      .choice(
        "enabled", ["yes", "no"], "Whether it is told anything. What waits goes on to wait."),
      .flag("all-teams", "Of all teams again."),
    ] + said
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation)) { json in
      json.member("name", invocation["name"])
      json.member("address", invocation["address"])
      if let word = invocation["enabled"] {
        json.name("enabled")
        json.value(word == "yes")
      }
      if invocation.flag("all-teams") {
        json.name("teams")
        json.beginArray()
        json.endArray()
      }
      say(invocation, &json)
    }
    return .init(reply: reply, text: "Changed.\n")
  }

  private static func say(_ invocation: Invocation, _ json: inout JSONWriter) {
    if let kinds = invocation["kinds"] {
      list("kinds", kinds.split(separator: ",").map(String.init), &json)
    }
    let teams = invocation.all("team")
    if !teams.isEmpty { list("teams", teams, &json) }
  }

  private static func list(_ name: String, _ words: [String], _ json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    for word in words { json.value(word) }
    json.endArray()
  }

  private static let rotate = ClientVerb.write(
    "webhook rotate", "Give a webhook another secret. It is shown this once.", arguments: [webhook],
    options: [Consent.yes],
    notes: [
      "For a day posts are signed with the one before too, so that receivers can change over. Rotated "
        + "again within the day, the earliest signs nothing any more."
    ]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Posts of this webhook are signed with the secret that it has now for one day more; receivers "
        + "that do not know the new one by then refuse them.", invocation)
    let reply = try client.write(path(invocation, "/rotation")) { _ in }
    return .init(reply: reply, text: try secret(reply))
  }

  private static let test = ClientVerb.write(
    "webhook test", "Post something to a webhook, to try it.", arguments: [webhook]
  ) { invocation, client throws(Failure) in
    let reply = try client.write(path(invocation, "/test")) { _ in }
    return .init(
      reply: reply,
      text: "It is on its way. See what came of it: muster webhook deliveries \(reply.id)\n")
  }

  private static let deliveries = ClientVerb.list(
    "webhook deliveries", "List what was posted to a webhook or waits, latest first.",
    arguments: [webhook], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list(path(invocation, "/deliveries"), invocation, &client)
    var table = TextTable("DELIVERY", "AT", "WHAT", "INCIDENT", "STATE", "ATTEMPTS", "LAST ANSWER")
    for item in reply.items {
      table.add(
        item["id"]?.text ?? "", IncidentText.time(item["at"]), item["type"]?.text ?? "",
        item["incident"].map { IncidentText.reference($0) } ?? "", item["state"]?.text ?? "",
        "\(item["attempts"]?.integer ?? 0)", item["lastAnswer"]?.text ?? "")
    }
    return .init(
      reply: reply,
      text: table.text(orElse: "Nothing was posted to it.") + IncidentText.more(reply))
  }

  private static let resend = ClientVerb.write(
    "webhook resend", "Send something once more that was sent, or failed.",
    arguments: [webhook, .init("DELIVERY", "Its id, from muster webhook deliveries.")]
  ) { invocation, client throws(Failure) in
    let delivery = PathText.escaped(invocation.required("DELIVERY"))
    let reply = try client.write(path(invocation, "/deliveries/\(delivery)/resend")) { _ in }
    return .init(reply: reply, text: "It is on its way again, under the same id.\n")
  }

  private static let remove = ClientVerb.write(
    "webhook remove", "Remove a webhook, and the list of what was posted to it.",
    arguments: [webhook], options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Nothing is posted there any more: what waits is dropped, and the list of what was posted and "
        + "the secret are gone. Another webhook to the same address has another secret.", invocation
    )
    let reply = try client.write(path(invocation, "/removal")) { _ in }
    return .init(reply: reply, text: "Removed.\n")
  }
}
