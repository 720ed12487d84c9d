import EventLoop
import JSON

/// Services, teams, people, who is on call, settings, and the cluster itself.
enum DepartmentVerbs {
  static let all: [Verb] =
    [
      onCall, assignOnCall, services, showService, addService, teams, showTeam, addTeam, setMember,
    ] + ServiceVerbs.all + KeyVerbs.all + PolicyVerbs.all + CalendarVerbs.all + PersonVerbs.all
    + SignInVerbs.all + GlassVerbs.all + SettingsVerbs.all

  static let page: [Verb.Option] = [
    .value("limit", "N", "How many at once, from 1 to 200."),
    .value("after", "CURSOR", "What the piece before said it goes on with."),
  ]

  private static let team = Verb.Argument("TEAM", "Its name or id.")

  /// Reads a list, piece by piece as the person asks.
  static func list(
    _ path: String, _ invocation: Invocation, _ client: inout Client,
    _ more: [(String, String?)] = []
  ) throws(Failure) -> Reply {
    let window = [("limit", invocation["limit"]), ("after", invocation["after"])]
    return try client.read(PathText.query(path, more + window))
  }

  /// "… has the id …" for something new.
  static func added(_ reply: Reply, _ what: String) -> String {
    "\(what) has the id \(reply.id).\n"
  }

  private static let onCall = ClientVerb.list(
    "oncall", "Show who is on call.",
    options: [
      .value("service", "KEY", "Only for this service."),
      .value("at", "TIME", "At this time instead of now. \(IncidentVerbs.timeHelp)"),
    ] + page
  ) { invocation, client throws(Failure) in
    let at = try TypedText.time(invocation["at"])
    let reply = try list(
      "/v1/on-call", invocation, &client, [("service", invocation["service"]), ("at", at)])
    var table = TextTable("SERVICE", "LEAD", "UNTIL", "SECOND")
    // One service is answered as itself, all of them as a list.
    for item in reply.value["items"] == nil ? [reply.value] : reply.items {
      table.add(
        item["service"]?["key"]?.text ?? "", item["lead"]?["person"]?["name"]?.text ?? "NOBODY",
        IncidentText.time(item["lead"]?["until"]), item["second"]?["person"]?["name"]?.text ?? "")
    }
    return .init(reply: reply, text: table.text(orElse: "No services.") + IncidentText.more(reply))
  }

  private static let assignOnCall = ClientVerb.write(
    "oncall assign", "Put somebody on call for a service, for a span of time.",
    arguments: [
      .init("SERVICE", "Its key."), .init("EMAIL", "The person's address or id; me is you."),
    ],
    options: [
      .value("from", "TIME", "When it begins, usually now. \(IncidentVerbs.timeHelp)"),
      .value("until", "TIME", "When it ends. \(IncidentVerbs.timeHelp)", isRequired: true),
      .choice("role", ["lead", "second"], "As what. Usually lead."),
    ]
  ) { invocation, client throws(Failure) in
    let from = try TypedText.time(invocation["from"] ?? "now")
    let until = try TypedText.time(invocation.required("until"))
    let reply = try client.write("/v1/on-call") { json in
      json.member("service", invocation["SERVICE"])
      json.member("person", invocation["EMAIL"])
      json.member("role", invocation["role"] ?? "lead")
      json.member("from", from)
      json.member("until", until)
    }
    return .init(reply: reply, text: added(reply, "The shift"))
  }

  private static let services = ClientVerb.list(
    "service list", "List the services.", options: page
  ) { invocation, client throws(Failure) in
    let reply = try list("/v1/services", invocation, &client)
    var table = TextTable("KEY", "NAME", "2ND LINE", "3RD LINE", "OWNER")
    for item in reply.items {
      table.add(
        item["key"]?.text ?? "", item["name"]?.text ?? "", item["secondLine"]?["name"]?.text ?? "",
        item["thirdLine"]?["name"]?.text ?? "", item["owner"]?["name"]?.text ?? "")
    }
    return .init(reply: reply, text: table.text(orElse: "No services.") + IncidentText.more(reply))
  }

  private static let showService = ClientVerb.read(
    "service show", "Show a service: its teams and its owner.",
    arguments: [.init("SERVICE", "Its key or id.")]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      "/v1/services/" + PathText.escaped(invocation.required("SERVICE")))
    return .init(reply: reply, text: DepartmentText.service(reply.value))
  }

  private static let addService = ClientVerb.write(
    "service add", "Add a service.",
    arguments: [
      .init("KEY", "Lower-case letters, digits and hyphens."),
      .init("NAME", "What people call it."),
    ],
    options: [
      .value("first-line", "TEAM", "Its 1st line team."),
      .value("second-line", "TEAM", "Its 2nd line team; else the default team."),
      .value("third-line", "TEAM", "Its 3rd line team."),
      .value("owner", "EMAIL", "The person who answers for it."),
      .choice("default-priority", IncidentVerbs.priorities, "Where nothing else says one."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write("/v1/services") { json in
      json.member("key", invocation["KEY"])
      json.member("name", invocation["NAME"])
      json.member("firstLine", invocation["first-line"])
      json.member("secondLine", invocation["second-line"])
      json.member("thirdLine", invocation["third-line"])
      json.member("owner", invocation["owner"])
      json.member("defaultPriority", invocation["default-priority"])
    }
    return .init(reply: reply, text: added(reply, invocation.required("NAME")))
  }

  private static let teams = ClientVerb.list(
    "team list", "List the teams and who is in them.", options: page
  ) { invocation, client throws(Failure) in
    let reply = try list("/v1/teams", invocation, &client)
    var table = TextTable("NAME", "LINE", "MEMBERS", "ID")
    for item in reply.items {
      let members = (item["members"]?.elements ?? []).compactMap { $0["name"]?.text }
      table.add(
        item["name"]?.text ?? "", item["line"]?.text ?? "", members.joined(separator: ", "),
        item["id"]?.text ?? "")
    }
    return .init(reply: reply, text: table.text(orElse: "No teams.") + IncidentText.more(reply))
  }

  private static let showTeam = ClientVerb.read(
    "team show", "Show a team and who is in it.", arguments: [team]
  ) { invocation, client throws(Failure) in
    let reply = try client.read("/v1/teams/" + PathText.escaped(invocation.required("TEAM")))
    return .init(reply: reply, text: DepartmentText.team(reply.value))
  }

  private static let addTeam = ClientVerb.write(
    "team add", "Add a team.", arguments: [.init("NAME", "What people call it.")],
    options: [
      .choice("line", ["first", "second", "third"], "Its line of support.", isRequired: true)
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write("/v1/teams") { json in
      json.member("name", invocation["NAME"])
      json.member("line", invocation["line"])
    }
    return .init(reply: reply, text: added(reply, invocation.required("NAME")))
  }

  private static let setMember = ClientVerb.write(
    "team member", "Let somebody join a team, change their role in it, or leave it.",
    arguments: [team, .init("EMAIL", "The person's address or id; me is you.")],
    options: [
      .choice("role", ["member", "team-lead", "service-delivery"], "As what. Usually member."),
      .flag("leave", "They leave it."),
    ]
  ) { invocation, client throws(Failure) in
    let path = "/v1/teams/\(PathText.escaped(invocation.required("TEAM")))/members"
    let reply = try client.write(path) { json in
      json.member("person", invocation["EMAIL"])
      if invocation.flag("leave") {
        json.name("role")
        json.null()
      } else {
        json.member("role", invocation["role"] ?? "member")
      }
    }
    return .init(reply: reply, text: "Done.\n")
  }
}
