import JSON

/// Whom the guidance wants told, among the settings.
extension SettingsVerbs {
  private static let named: [(option: String, member: StaticString, name: String)] = [
    ("cyber", "cyber", "Cyber Security Team"), ("data", "data", "Data Privacy & Compliance Team"),
  ]

  /// What `muster settings change` takes for them.
  static let contacts: [Verb.Option] = named.flatMap { contact in
    [
      .value(
        "\(contact.option)-contact", "WHO",
        "\(contact.name): team:NAME, the address of a person here, or mailto:ADDRESS."),
      .value(
        "\(contact.option)-procedure", "TEXT",
        "How they want to be told, or where that is written. Given with the contact."),
    ]
  }

  /// Writes the contacts that are to be changed.
  static func write(contactsOf invocation: Invocation, to json: inout JSONWriter) {
    guard named.contains(where: { invocation["\($0.option)-contact"] != nil }) else { return }
    json.object("contacts") { json in
      for contact in named {
        guard let who = invocation["\(contact.option)-contact"] else { continue }
        json.object(contact.member) { json in
          if who.hasPrefix("team:") {
            json.member("team", String(who.dropFirst("team:".count)))
          } else if who.hasPrefix("mailto:") {
            json.member("address", String(who.dropFirst("mailto:".count)))
          } else {
            json.member("person", who)
          }
          json.member("procedure", invocation["\(contact.option)-procedure"])
        }
      }
    }
  }

  /// The contacts as a person reads them.
  static func contacts(of settings: JSONValue) -> String {
    named.map { contact in
      let known = settings["contacts"]?["\(contact.member)"]
      let who =
        known?["team"]?["name"]?.text ?? known?["person"]?["name"]?.text
        ?? known?["address"]?.text ?? "none"
      let procedure = known?["procedure"]?.text.map { " (\($0))" } ?? ""
      return "\(contact.name): \(who)\(procedure)\n"
    }.joined()
  }
}
