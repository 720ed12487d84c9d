import Incidents
package import JSON
import Setup

/// A cluster as a person reads it in a terminal.
package enum ClusterText {
  /// What one node says of itself and of the others.
  ///
  /// - Parameter now: Milliseconds since 1970, to tell which certificates are to be renewed.
  package static func page(_ status: JSONValue, now: Int64) -> String {
    let number = { (value: JSONValue?) in value?.integer.map { "\($0)" } ?? "-" }
    let leader = status["leader"]?.integer.map { "n\($0)" } ?? "nobody"
    var text = "\(status["name"]?.text ?? "A node") is \(status["role"]?.text ?? "unknown"); "
    text += "leader: \(leader), term \(number(status["term"])), "
    text += "applied \(number(status["indexes"]?["applied"])) of "
    text += "\(number(status["indexes"]?["last"])) entries.\n"
    text += level(status)
    if let end = status["certificatesEnd"]?.text.flatMap({ Timestamp.parse($0) }),
      end - now < NodeFile.renewal
    {
      let days = max(0, (end - now) / 86_400_000)
      text += "RENEW ITS CERTIFICATES: the first runs out in \(days) days.\n"
    }
    if let digest = status["digest"]?["value"]?.text {
      text += "Its state at \(number(status["digest"]?["index"])) is \(digest); "
      text += "another node's at the same index must be the same.\n"
    }
    if let scrub = status["lastScrub"] {
      text += "Its ledger was last read through at \(IncidentText.time(scrub["at"])): "
      text += "\(number(scrub["rows"])) rows hold together.\n"
      if let fault = scrub["fault"]?.text { text += "A ROW DOES NOT: \(fault).\n" }
    }
    if let disk = status["diskBytes"], let free = disk["free"]?.integer {
      let share = max(1, disk["total"]?.integer ?? 1) / 100
      text += "Disk: \(megabytes(free)) free, \(free / max(1, share)) %; the log takes "
      text +=
        "\(megabytes(disk["log"]?.integer)), the state \(megabytes(disk["state"]?.integer)).\n"
    }
    var table = TextTable("NODE", "ADDRESS", "CONNECTED", "HAS", "CLOCK OFFSET")
    for peer in status["peers"]?.elements ?? [] {
      table.add(
        number(peer["node"]), peer["address"]?.text ?? "",
        peer["connected"]?.isTrue == true ? "yes" : "NO", number(peer["match"]),
        peer["clockOffsetMilliseconds"]?.integer.map { "\($0) ms" } ?? "-")
    }
    if let last = status["lastStepDown"], let reason = last["reason"]?.text {
      text += "It last stopped leading term \(number(last["term"])) because \(reason).\n"
    }
    for webhook in status["failingWebhooks"]?.elements ?? [] {
      text += "THE WEBHOOK \(webhook["name"]?.text ?? "") TAKES NOTHING since "
      text += "\(IncidentText.time(webhook["failingSince"])): "
      text += "\(number(webhook["failures"])) posts failed. See muster webhook deliveries.\n"
    }
    if let index = status["divergedAfter"]?.integer {
      text += "ITS STATE IS WRONG after index \(index): it serves nothing until it has another.\n"
    }
    if let index = status["stopsBefore"]?.integer {
      text += "IT HAS STOPPED BEFORE index \(index), for applying it ended the process twice. "
      text += "See muster cluster skip --help.\n"
    }
    return Terminal.harmless(text) + table.text(orElse: "It has no peers.")
  }

  /// What an upgrade still waits for.
  private static func level(_ status: JSONValue) -> String {
    guard let inForce = status["level"]?["inForce"]?.integer,
      let newest = status["level"]?["newest"]?.integer, newest > inForce
    else { return "" }
    let waited = (status["peers"]?.elements ?? [])
      .filter { ($0["newestLevel"]?.integer ?? inForce) <= inForce }
      .compactMap { $0["node"]?.integer.map { "n\($0)" } }
    let wait = waited.isEmpty ? "" : "; not yet: \(waited.joined(separator: ", "))"
    return "Behaviour level \(inForce) is in force, and \(newest) follows once every node knows it"
      + "\(wait).\n"
  }

  private static func megabytes(_ bytes: Int?) -> String { "\((bytes ?? 0) / 1_000_000) MB" }

  /// Who is a member.
  package static func members(_ answer: JSONValue) -> String {
    var table = TextTable("NODE", "VOTES", "PEERS REACH IT AT", "CLIENTS", "REPLACES")
    for member in answer["members"]?.elements ?? [] {
      table.add(
        "n\(member["node"]?.integer ?? 0)", member["votes"]?.isTrue == true ? "yes" : "not yet",
        member["peer"]?.text ?? "", member["client"]?.text ?? "",
        member["replaces"]?.integer.map { "n\($0)" } ?? "")
    }
    let change = answer["changing"]?.isTrue == true ? "A change is not committed yet.\n" : ""
    return change + table.text(orElse: "It has no members that it knows of.")
  }
}
