package import JSON

/// A cluster as a person reads it in a terminal.
package enum ClusterText {
  /// What one node says of itself and of the others.
  package static func page(_ status: JSONValue) -> String {
    let number = { (value: JSONValue?) in value?.integer.map { "\($0)" } ?? "-" }
    let leader = status["leader"]?.integer.map { "n\($0)" } ?? "nobody"
    var text = "\(status["name"]?.text ?? "A node") is \(status["role"]?.text ?? "unknown"); "
    text += "leader: \(leader), term \(number(status["term"])), "
    text += "applied \(number(status["indexes"]?["applied"])) of "
    text += "\(number(status["indexes"]?["last"])) entries.\n"
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
