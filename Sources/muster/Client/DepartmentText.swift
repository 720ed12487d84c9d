import JSON

/// Services, teams and people as a person reads them in a terminal.
enum DepartmentText {
  /// One line a token.
  static func tokens(_ reply: Reply) -> String {
    var table = TextTable("ID", "BEGINS", "LABEL", "MAY", "ISSUED", "RUNS OUT", "REVOKED")
    for item in reply.items {
      table.add(
        item["id"]?.text ?? "", item["prefix"]?.text ?? "", item["label"]?.text ?? "",
        may(item), IncidentText.time(item["issuedAt"]),
        IncidentText.time(item["expiresAt"]), IncidentText.time(item["revokedAt"]))
    }
    return table.text(orElse: "None.") + IncidentText.more(reply)
  }

  /// What a token is good for.
  private static func may(_ token: JSONValue) -> String {
    if let scopes = token["scopes"]?.elements {
      return scopes.compactMap(\.text).joined(separator: ",")
    }
    return token["readOnly"]?.isTrue == true ? "read" : "all"
  }

  /// Everything about a service.
  static func service(_ service: JSONValue) -> String {
    var table = TextTable("", "")
    table.add("Key", service["key"]?.text ?? "")
    table.add("Name", service["name"]?.text ?? "")
    for (line, member) in [
      ("1st line", "firstLine"), ("2nd line", "secondLine"), ("3rd line", "thirdLine"),
      ("Owner", "owner"),
    ] {
      table.add(line, service[member]?["name"]?.text ?? "none")
    }
    table.add("Priority", service["defaultPriority"]?.text ?? "none of its own")
    table.add("Id", service["id"]?.text ?? "")
    return table.page
  }

  /// Everything about a team.
  static func team(_ team: JSONValue) -> String {
    var table = TextTable("", "")
    table.add("Name", team["name"]?.text ?? "")
    table.add("Line", team["line"]?.text ?? "")
    table.add("Id", team["id"]?.text ?? "")
    var members = TextTable("MEMBER", "ROLE", "ID")
    for member in team["members"]?.elements ?? [] {
      members.add(
        member["name"]?.text ?? "", member["role"]?.text ?? "", member["id"]?.text ?? "")
    }
    return table.page + "\n" + members.text(orElse: "Nobody is in it.")
  }

  /// Everything about a person but their tokens.
  static func person(_ person: JSONValue) -> String {
    var table = TextTable("", "")
    table.add("Name", person["name"]?.text ?? "")
    table.add("Address", person["email"]?.text ?? "")
    table.add("Administrator", person["administrator"]?.isTrue == true ? "yes" : "no")
    table.add("Auditor", person["auditor"]?.isTrue == true ? "yes" : "no")
    table.add("Active", person["active"]?.isTrue == true ? "yes" : "no, has left")
    table.add("Id", person["id"]?.text ?? "")
    var teams = TextTable("TEAM", "LINE", "ROLE")
    for team in person["teams"]?.elements ?? [] {
      teams.add(team["name"]?.text ?? "", team["line"]?.text ?? "", team["role"]?.text ?? "")
    }
    return table.page + "\n" + teams.text(orElse: "In no team.")
  }
}
