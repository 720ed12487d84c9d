/// What the description of the interface says of one address beside its method and path.
package struct AddressNote: Sendable {
  /// What addresses are about.
  package enum Tag: String, CaseIterable, Sendable {
    case incidents, finding, stream, alerts, department, messages, webhooks, record, node
    case signIn = "signing in"
  }

  /// What an answer that is no problem holds.
  package enum Answer: Sendable {
    /// What came of a write.
    case done
    /// A piece of a list.
    case page
    /// An object of its own.
    case object
    /// Something that is no JSON, of a media type.
    case text(String)
    /// Another page.
    case redirect
  }

  /// What it is for, in a sentence.
  package let summary: String
  /// What it is about.
  package let tag: Tag
  /// What its query may say, beside what all reads take.
  package let query: [String]
  /// Whether it takes no token.
  package let isOpen: Bool
  /// A body that it takes.
  package let example: String?

  init(
    _ summary: String, _ tag: Tag, query: [String] = [], isOpen: Bool = false,
    example: String? = nil
  ) {
    self.summary = summary
    self.tag = tag
    self.query = query
    self.isOpen = isOpen
    self.example = example
  }

  static let page = ["limit", "after"]
  static let filters = ["view"] + FilterForm.names

  /// Of every address, by method and pattern.
  package static let all = ofIncidents.merging(ofTheRest) { first, _ in first }

  /// What else than JSON of the usual form an address answers.
  private static let answers: [String: Answer] = [
    "GET /v1/stream": .text("text/event-stream"), "GET /metrics": .text("text/plain"),
    "GET /a/:link": .text("text/html"), "POST /a/:link": .text("text/html"),
    "GET /v1/sign-in/provider": .redirect, "GET /v1/sign-in/provider/callback": .redirect,
    "POST /v1/triage/suggestion": .object, "POST /v1/sign-in": .object,
    "POST /v1/me/codes": .object, "POST /v1/directory": .object,
    "POST /v1/bank-holidays": .object, "POST /v1/settings": .object,
    "POST /v1/cluster/members": .object, "POST /v1/cluster/members/:node/removal": .object,
    "POST /v1/cluster/transfer": .object, "POST /v1/cluster/skips": .object,
    "GET /v1/process": .object,
  ]

  /// What an address answers that did what it was asked for.
  package static func answer(of address: String) -> Answer {
    if let answer = answers[address] { return answer }
    if address.hasPrefix("POST ") { return .done }
    return all[address]?.query.contains("limit") == true ? .page : .object
  }
}
