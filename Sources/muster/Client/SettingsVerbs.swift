import JSON

/// `muster settings …`: what the department has settled.
enum SettingsVerbs {
  static let all = [settings, changeSettings, versions]

  private static let settings = ClientVerb.read(
    "settings show", "Show what the department has settled."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/settings")
    var text = "Default 2nd line team  \(reply.value["defaultTeam"]?["name"]?.text ?? "none")\n"
    text += "Duty contact           \(reply.value["dutyContact"]?["name"]?.text ?? "none")\n"
    let managers = (reply.value["seniorManagement"]?.elements ?? []).compactMap { $0["name"]?.text }
    text += "Senior management      "
    text += (managers.isEmpty ? "none" : managers.joined(separator: ", ")) + "\n"
    text += contacts(of: reply.value)
    for rule in reply.value["severities"]?.elements ?? [] {
      text += "Alerts of severity \(rule["severity"]?.text ?? "") begin as "
      text += "\(rule["priority"]?.text ?? "")\n"
    }
    text += "Alerts name a service  by the label \(reply.value["alertServiceLabel"]?.text ?? "")\n"
    text += "Calendar               \(reply.value["calendar"]?.text ?? "")\n"
    text += "Policy version         \(reply.value["policyVersion"]?.integer ?? 0)\n"
    text += TermsOptions.text(reply.value)
    for duty in reply.value["duties"]?.elements ?? [] {
      text += "Owed: \(duty["text"]?.text ?? "")\n"
    }
    return .init(reply: reply, text: Terminal.harmless(text))
  }

  private static let changeable: [Verb.Option] =
    [
      .value("default-team", "TEAM", "The 2nd line team of what is known to be nobody's."),
      .value("duty-contact", "EMAIL", "Whom everything comes to that nobody else answers."),
      .value(
        "senior-management", "EMAILS", "To whom a lead escalates, with commas between."),
      .value(
        "escalation", "P1,P2,AGAIN",
        "Seconds that a page of a P1 and of a P2 waits before the next in the chain is paged, and until "
          + "all are again. 300,900,600 unless it is changed."),
      .value(
        "keep-days", "N,M",
        "Days that incidents are kept once they are over: P3 to P6, and P1, P2 "
          + "and whatever had a flag. 730,2555 unless it is changed."),
      .value("calendar", "KEY", "The calendar of services that name none of their own."),
      .value(
        "alert-label", "NAME",
        "The label of an alert that names its service. It is service unless it is changed."),
    ] + contacts + TermsOptions.all

  private static let changeSettings = ClientVerb.write(
    "settings change", "Change what the department has settled.",
    options: changeable + [.flag("dry-run", "Only say what would change."), Consent.yes],
    notes: [
      "Where periods become shorter, what is older is purged within minutes, unless it is held: see "
        + "muster incident hold. It cannot be had back."
    ]
  ) { invocation, client throws(Failure) in
    let days = invocation["keep-days"]?.split(separator: ",").compactMap { Int($0) }
    guard days == nil || days?.count == 2 else {
      throw Failure(.usage, "--keep-days takes two numbers of days, such as 730,2555.")
    }
    let waits = invocation["escalation"]?.split(separator: ",").compactMap { Int($0) }
    guard waits == nil || waits?.count == 3 else {
      throw Failure(.usage, "--escalation takes three numbers of seconds, such as 300,900,600.")
    }
    let said = try TermsOptions.Said(invocation)
    let isRehearsal = invocation.flag("dry-run")
    guard changeable.contains(where: { invocation.flag($0.name) }) else {
      throw .usage("Say what is to change: muster settings change --help lists what there is.")
    }
    if days != nil, !isRehearsal {
      try Consent.obtain(
        "Incidents that are older than these days, and not held, are purged within minutes, and cannot "
          + "be had back.", invocation)
    }
    let reply = try client.write("/v1/settings\(isRehearsal ? "?dryRun=true" : "")") { json in
      json.member("calendar", invocation["calendar"])
      json.member("alertServiceLabel", invocation["alert-label"])
      said.write(to: &json)
      if let waits {
        json.name("escalation")
        json.beginObject()
        for (member, seconds) in zip(["p1Seconds", "p2Seconds", "againSeconds"], waits) {
          json.name(member)
          json.value(seconds)
        }
        json.endObject()
      }
      if let days {
        json.name("retention")
        json.beginObject()
        json.name("ordinaryDays")
        json.value(days[0])
        json.name("seriousDays")
        json.value(days[1])
        json.endObject()
      }
      json.member("defaultTeam", invocation["default-team"])
      json.member(
        "seniorManagement",
        (invocation["senior-management"] ?? "").split(separator: ",").map(String.init))
      json.member("dutyContact", invocation["duty-contact"])
      write(contactsOf: invocation, to: &json)
    }
    return .init(
      reply: reply,
      text: isRehearsal ? changes(reply.value["result"]) : "Done.\n")
  }

  private static let versions = ClientVerb.list(
    "settings versions", "List every change of the settings, the latest first."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/settings/versions")
    var text = ""
    for version in reply.value["items"]?.elements ?? [] {
      let name = version["by"]?["name"]?.text ?? "the cluster"
      text += "\(IncidentText.time(version["at"]))  \(name)\n"
      text += changes(version)
    }
    return .init(
      reply: reply, text: Terminal.harmless(text.isEmpty ? "Never changed.\n" : text))
  }

  /// What differs, a field on each line.
  static func changes(_ value: JSONValue?) -> String {
    let changes = value?["changes"]?.elements ?? []
    guard !changes.isEmpty else { return "  Nothing changes.\n" }
    let lines = changes.map { change in
      "  \(change["field"]?.text ?? ""): \(spelt(change["before"])) to \(spelt(change["after"]))\n"
    }
    return Terminal.harmless(lines.joined())
  }

  private static func spelt(_ value: JSONValue?) -> String {
    guard let value, value.kind != .null else { return "nothing" }
    if let name = value["name"]?.text { return name }
    return String(decoding: value.serialised(), as: UTF8.self)
  }
}
