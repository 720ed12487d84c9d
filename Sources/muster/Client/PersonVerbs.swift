import EventLoop
import Incidents
import JSON

/// `muster person …`: who may do something, and their tokens.
enum PersonVerbs {
  static let all: [Verb] = [list, show, add, tokens, issueToken, revokeToken, deactivate]

  private static let person = Verb.Argument("PERSON", "Their address or id; me is you.")

  private static func path(_ invocation: Invocation, _ rest: String = "") -> String {
    "/v1/people/" + PathText.escaped(invocation.required("PERSON")) + rest
  }

  private static let list = ClientVerb.list(
    "person list", "List the people.", options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/people", invocation, &client)
    var table = TextTable("NAME", "EMAIL", "TEAMS", "RIGHTS", "ID")
    for item in reply.items {
      let teams = (item["teams"]?.elements ?? []).compactMap { $0["name"]?.text }
      var rights: [String] = []
      if item["administrator"]?.isTrue == true { rights.append("administrator") }
      if item["auditor"]?.isTrue == true { rights.append("auditor") }
      if item["active"]?.isTrue == false { rights = ["has left"] }
      table.add(
        item["name"]?.text ?? "", item["email"]?.text ?? "", teams.joined(separator: ", "),
        rights.joined(separator: ", "), item["id"]?.text ?? "")
    }
    return .init(reply: reply, text: table.text(orElse: "Nobody.") + IncidentText.more(reply))
  }

  private static let show = ClientVerb.read(
    "person show", "Show a person: their teams and rights.", arguments: [person]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(path(invocation))
    return .init(reply: reply, text: DepartmentText.person(reply.value))
  }

  private static let tokens = ClientVerb.list(
    "person tokens", "List somebody's tokens; their secrets are shown nowhere.",
    arguments: [person], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list(path(invocation, "/tokens"), invocation, &client)
    return .init(reply: reply, text: DepartmentText.tokens(reply))
  }

  private static let add = ClientVerb.write(
    "person add", "Add a person. They need a token to act.",
    arguments: [.init("NAME", "What they are called."), .init("EMAIL", "Their address.")],
    options: [
      .flag("administrator", "They change settings, people and tokens."),
      .flag("auditor", "They read everything and change nothing."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.write("/v1/people") { json in
      json.member("name", invocation["NAME"])
      json.member("email", invocation["EMAIL"])
      json.member("administrator", ifTrue: invocation.flag("administrator"))
      json.member("auditor", ifTrue: invocation.flag("auditor"))
    }
    return .init(
      reply: reply, text: DepartmentVerbs.added(reply, invocation.required("NAME")))
  }

  private static let issueToken = ClientVerb.write(
    "person token", "Issue a token. It is shown this once.", arguments: [person],
    options: [
      .value("label", "TEXT", "What it is for."),
      .value("days", "N", "How long it works, from 1 to 3650. For ever without."),
      .flag("read-only", "It reads and changes nothing."),
    ],
    notes: ["Send the output to a file that only its person can read."]
  ) { invocation, client throws(Failure) in
    let days = try invocation.number("days", in: 0...3_650, usual: 0)
    let end = days > 0 ? Timestamp.format(Clock.now() + Int64(days) * 86_400_000) : nil
    let reply = try client.write(path(invocation, "/tokens")) { json in
      json.member("label", invocation["label"])
      json.member("expiresAt", end)
      json.member("readOnly", ifTrue: invocation.flag("read-only"))
    }
    Terminal.note("The token's id, to revoke it by, is \(reply.id).")
    guard let token = reply.result?["token"]?.text else {
      throw Failure(
        .refused,
        "This token was issued before, and shown then. If nobody has it, revoke it: muster person "
          + "revoke \(reply.id)")
    }
    return .init(reply: reply, text: token + "\n")
  }

  private static let revokeToken = ClientVerb.write(
    "person revoke", "Revoke a token: it stops working on every node at once.",
    arguments: [.init("TOKEN-ID", "The token's id, not the token.")], options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "The token stops working on every node at once, and cannot be made to work again.", invocation
    )
    let id = PathText.escaped(invocation.required("TOKEN-ID"))
    let reply = try client.write("/v1/tokens/\(id)/revocation")
    return .init(reply: reply, text: "Done.\n")
  }

  private static let deactivate = ClientVerb.write(
    "person deactivate", "Somebody leaves: all their tokens stop working.", arguments: [person],
    options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "\(invocation.required(person.name)) leaves, and all their tokens stop working for good.",
      invocation)
    let reply = try client.write(path(invocation, "/deactivation"))
    return .init(reply: reply, text: "Done.\n")
  }
}
