import JSON

/// `muster search`: incidents by what was said of them.
enum SearchVerbs {
  static let all: [Verb] = [search]

  private static let search = ClientVerb.list(
    "search", "Find incidents by words of their title, description, timeline, updates or review.",
    arguments: [
      .init("WORDS", "What to look for, in quotation marks if it is more than one word.")
    ],
    options: [
      .value("limit", "N", "How many at once, from 1 to 200."),
      .value("after", "CURSOR", "What the list before said it goes on with."),
    ],
    notes: [
      "All words must be in it; the latest incident comes first. \"Two words\" within the quotation marks "
        + "stand one behind the other, and three letters or more with a star, as in certif*, stand for any "
        + "ending. A reference finds its incident."
    ]
  ) { invocation, client throws(Failure) in
    let reply = try client.read(
      PathText.query(
        "/v1/search",
        [
          ("q", invocation["WORDS"]), ("limit", invocation["limit"]),
          ("after", invocation["after"]),
        ]))
    var table = TextTable("REFERENCE", "PRIORITY", "STATUS", "TITLE", "FOUND IN", "WORDS")
    for item in reply.items {
      guard let incident = item["incident"] else { continue }
      table.add(
        IncidentText.reference(incident), incident["priority"]?["level"]?.text ?? "",
        incident["status"]?.text ?? "", IncidentText.title(of: incident),
        item["field"]?.text ?? "", words(item))
    }
    return .init(
      reply: reply, text: table.text(orElse: "Nothing was found.") + IncidentText.more(reply))
  }

  /// The words around what was found, which stands in brackets.
  private static func words(_ item: JSONValue) -> String {
    (item["snippet"]?.elements ?? []).reduce(into: "") { text, piece in
      let words = piece["text"]?.text ?? ""
      text += piece["match"]?.isTrue == true ? "[\(words)]" : words
    }
  }
}
