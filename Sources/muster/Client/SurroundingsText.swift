import JSON

/// What is around an incident, as a person reads it in a terminal.
enum SurroundingsText {
  /// The rows of it that say something.
  static func add(_ incident: JSONValue, to table: inout TextTable) {
    for affected in incident["affectedServices"]?.elements ?? [] {
      table.add(
        "Also affected",
        "\(affected["service"]?["name"]?.text ?? ""), \(affected["state"]?.text ?? "")")
    }
    let relations = incident["relations"]
    for (label, member) in [
      ("Belongs to", "parent"), ("Recurrence of", "recurrenceOf"), ("Duplicate of", "duplicateOf"),
    ] {
      if let reference = relations?[member]?["reference"]?.text { table.add(label, reference) }
    }
    let children = (relations?["children"]?.elements ?? []).compactMap { $0["reference"]?.text }
    if !children.isEmpty { table.add("Belong to it", children.joined(separator: ", ")) }
    for change in relations?["causedBy"]?.elements ?? [] {
      table.add(
        "Caused by",
        [change["reference"]?.text, change["link"]?.text, change["text"]?.text].compactMap { $0 }
          .joined(separator: ", "))
    }
    for supplier in incident["suppliers"]?.elements ?? [] {
      let next = IncidentText.time(supplier["nextUpdateAt"])
      table.add(
        "Supplier",
        [
          supplier["name"]?.text, supplier["reference"]?.text, supplier["outOfHours"]?.text,
          next.isEmpty ? nil : "to be heard of by \(next)",
        ].compactMap { $0 }.joined(separator: ", "))
    }
    for specialist in incident["specialists"]?.elements ?? [] {
      let name = specialist["team"]?["name"]?.text ?? specialist["person"]?["name"]?.text
      table.add("Brought in", name ?? "")
    }
    if let channels = incident["lastResorts"]?.elements, !channels.isEmpty {
      table.add("Tried last", channels.compactMap(\.text).joined(separator: ", "))
    }
  }
}
