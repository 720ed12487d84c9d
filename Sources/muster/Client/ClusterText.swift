import Incidents
package import JSON

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
    if let end = status["certificatesEnd"]?.text.flatMap({ Timestamp.parse($0) }),
      end - now < NodeFile.renewal
    {
      let days = max(0, (end - now) / 86_400_000)
      text += "RENEW ITS CERTIFICATES: the first runs out in \(days) days.\n"
    }
    var table = TextTable("NODE", "ADDRESS", "CONNECTED", "HAS", "CLOCK OFFSET")
    for peer in status["peers"]?.elements ?? [] {
      table.add(
        number(peer["node"]), peer["address"]?.text ?? "",
        peer["connected"]?.isTrue == true ? "yes" : "NO", number(peer["match"]),
        peer["clockOffsetMilliseconds"]?.integer.map { "\($0) ms" } ?? "-")
    }
    return Terminal.harmless(text) + table.text(orElse: "It has no peers.")
  }
}
