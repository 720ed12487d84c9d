import Incidents
package import JSON

/// Incidents as a person reads them in a terminal.
package enum IncidentText {
  /// "INC-… declared." for what a write came to.
  static func done(_ reply: Reply, _ what: String) -> String {
    "\(reference(reply.result)) \(what).\n"
  }

  /// What people call it. The interface gives the ten characters or the whole reference.
  package static func reference(_ value: JSONValue?) -> String {
    guard let text = value?["reference"]?.text else { return value?["id"]?.text ?? "It" }
    guard text.count == 10 else { return text }
    return "INC-\(text.prefix(5))-\(text.suffix(5))"
  }

  /// Its title as it is shown everywhere: that of an exercise says so first.
  static func title(of incident: JSONValue?) -> String {
    marked(incident?["title"]?.text ?? "", as: incident)
  }

  /// Something that is said of an incident: of an exercise it begins with that.
  static func marked(_ text: String, as incident: JSONValue?) -> String {
    CommunicationText.marked(text, isExercise: incident?["exercise"]?.isTrue == true)
  }

  /// A time as people read it; empty for none.
  package static func time(_ value: JSONValue?) -> String {
    guard let text = value?.text else { return "" }
    return Timestamp.parse(text).map { DisplayTime.text($0) } ?? text
  }

  /// One line an incident, and how to go on.
  static func list(_ reply: Reply) -> String { table(reply) + more(reply) }

  /// One line an incident.
  static func table(_ reply: Reply) -> String {
    var table = TextTable("REFERENCE", "PRIORITY", "STATUS", "SERVICE", "LEAD", "TITLE")
    for item in reply.items {
      table.add(
        reference(item), priority(item), item["status"]?.text ?? "",
        item["service"]?["key"]?.text ?? "not known", item["lead"]?["name"]?.text ?? "nobody",
        title(of: item))
    }
    return table.text(orElse: "No incidents.")
  }

  /// One line an incident of the backlog, in its order.
  static func backlog(_ reply: Reply) -> String {
    var table = TextTable("RANK", "REFERENCE", "PRIORITY", "LOOK AGAIN", "SERVICE", "TITLE")
    for item in reply.items {
      let place = item["backlog"]
      table.add(
        place?["rank"]?.integer.map { "\($0)" } ?? "–", reference(item), priority(item),
        time(place?["lookAgainAt"]), item["service"]?["key"]?.text ?? "not known",
        title(of: item))
    }
    let isWhole = reply.value["isWhole"]?.isTrue ?? true
    return table.text(orElse: "Nothing waits in the backlog.\n")
      + (isWhole ? "" : "There are more: name a team or a service.\n")
  }

  /// Reference, priority, status and title of one.
  static func title(_ incident: JSONValue) -> String {
    "\(reference(incident))  \(priority(incident))  \(incident["status"]?.text ?? "")\n"
      + Terminal.harmless(title(of: incident), keepingLines: false) + "\n"
  }

  /// Everything about one.
  static func page(_ incident: JSONValue) -> String {
    var page = title(incident)
    for banner in incident["banners"]?.elements ?? [] {
      page += "\n" + Terminal.harmless(banner.text ?? "", keepingLines: false) + "\n"
    }
    if let text = incident["description"]?.text, !text.isEmpty {
      page += "\n" + Terminal.harmless(text) + "\n"
    }
    page += "\n" + facts(incident) + "\n" + clocks(incident)
    if let triage = incident["triage"], !triage.isNull {
      page += "\n" + TriageText.suggestion(triage)
    }
    page += TriageText.proposals(incident["proposals"])
    let duties = incident["duties"]?.elements ?? []
    if !duties.isEmpty {
      page += "\nOwed:\n"
      for duty in duties {
        let due = time(duty["due"])
        page += duty["red"]?.isTrue == true ? "  ! " : "  - "
        page += "\(Terminal.harmless(duty["text"]?.text ?? "", keepingLines: false))"
        page += due.isEmpty ? "\n" : " (by \(due))\n"
      }
    }
    return page
  }

  /// One line an entry: its position, when it happened, what, and when that was recorded if it was late.
  package static func timeline(_ reply: Reply) -> String {
    var text = ""
    for entry in reply.items {
      let isLate = entry["recordedLate"]?.isTrue == true
      text += "\(entry["position"]?.integer ?? 0)  "
      text += time(entry[isLate ? "happenedAt" : "at"]) + "  "
      text += Terminal.harmless(entry["summary"]?.text ?? "", keepingLines: false)
      text += isLate ? " (recorded late, \(time(entry["at"])))\n" : "\n"
    }
    return (text.isEmpty ? "Nothing has happened.\n" : text) + more(reply)
  }

  /// How a list goes on, if it does.
  static func more(_ reply: Reply) -> String {
    guard let next = reply.value["next"]?.text else { return "" }
    return "There are more: --after \(next)\n"
  }

  private static func priority(_ incident: JSONValue) -> String {
    let priority = incident["priority"]
    let level = priority?["level"]?.text ?? ""
    return priority?["provisional"]?.isTrue == true ? "\(level) provisional" : level
  }

  private static func facts(_ incident: JSONValue) -> String {
    var table = TextTable("", "")
    table.add("Service", incident["service"]?["name"]?.text ?? "not known")
    table.add("Owned by", incident["ownerTeam"]?["name"]?.text ?? "nobody")
    for role in incident["roles"]?.elements ?? [] {
      table.add(role["role"]?.text ?? "", role["person"]?["name"]?.text ?? "")
    }
    for offer in incident["offers"]?.elements ?? [] {
      table.add(offer["role"]?.text ?? "", "offered to \(offer["to"]?["name"]?.text ?? "somebody")")
    }
    table.add("Declared", time(incident["declaredAt"]))
    table.add("Acknowledged", time(incident["acknowledgement"]?["at"]))
    if let resolution = incident["resolution"], !resolution.isNull {
      table.add("Resolved", time(resolution["at"]))
      table.add("Fix", resolution["fix"]?.text ?? "")
    }
    if let cleared = incident["ending"]?["resolvedAt"] {
      table.add("Resolved", time(cleared) + ", cleared without action")
    }
    if let own = incident["externalReference"]?.text { table.add("Reference", own) }
    SurroundingsText.add(incident, to: &table)
    return table.page
  }

  private static func clocks(_ incident: JSONValue) -> String {
    var table = TextTable("CLOCK", "STATE", "DUE")
    for clock in incident["clocks"]?.elements ?? [] {
      let state = clock["state"]?.text ?? ""
      let past =
        if clock["superseded"]?.isTrue == true {
          state == Clock.State.superseded.word ? "" : ", superseded"
        } else {
          clock["pastLimit"]?.isTrue == true ? ", past its limit" : ""
        }
      table.add(clock["name"]?.text ?? "", state + past, time(clock["due"]))
    }
    var text = table.text(orElse: "No clocks run.")
    if let waited = incident["waited"]?.text { text += "Waited: \(waited)\n" }
    if let assumption = incident["assuming"]?.text { text += "Assuming \(assumption).\n" }
    return text
  }
}
