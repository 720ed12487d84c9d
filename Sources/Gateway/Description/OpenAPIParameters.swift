import HTTP
import Incidents
import JSON

/// What addresses take beside their bodies.
enum Parameters {
  /// What a read takes that is answered from the state.
  private static let ofReads = ["consistency", "minIndex"]

  /// What the GET of a pattern takes beside its own: nothing where a node tells of itself, what it has in any
  /// case; and the stream tells only what is confirmed.
  static func ofReads(at pattern: String) -> [String] {
    switch pattern {
    case "/v1/cluster", "/metrics": []
    case "/v1/stream": ["minIndex"]
    default: ofReads
    }
  }

  static let key: JSONValue = [
    "name": "Idempotency-Key", "in": "header", "required": true,
    "description": "New for each new request, the same for each repeat.",
    "schema": ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"],
    "example": "0199c1a2-0000-7000-8000-000000000001",
  ]
  /// - Parameter source: What answers it.
  static func ifMatch(of source: String) -> JSONValue {
    [
      "name": "If-Match", "in": "header",
      "description": .init("What was seen, as \(source): 412 if it is another meanwhile."),
      "schema": ["type": "string", "pattern": "^(\\*|\"[0-9]{1,19}\")$"],
    ]
  }

  /// Where a POST's If-Match comes from, in words; nothing if it takes none.
  static func tagSource(_ address: String) -> String? {
    switch API.editGuard(of: address) {
    case .tag(let source): "the ETag of \(source)"
    case .row(let source): "the version in a row of \(source), between quotation marks"
    case .exempt, nil: nil
    }
  }

  static let fields: JSONValue = [
    "name": "fields", "in": "query",
    "description":
      "Members that are wanted, those of the elements in a list; one in another with a dot. The others are left out, required ones too. 400 names what there is.",
    "schema": [
      "type": "array", "items": ["type": "string"], "minItems": 1,
      "maxItems": JSONValue(FieldFilter.most),
    ],
    "style": "form", "explode": false,
  ]
  static let lastEventID: JSONValue = [
    "name": "Last-Event-ID", "in": "header",
    "description": "The id behind which the stream goes on, at any node.",
    "schema": ["type": "string"],
  ]

  static func path(_ name: String) -> JSONValue {
    switch name {
    case "version", "face", "node": ["type": "integer", "minimum": 0]
    case "communication", "token", "message", "notice", "view", "webhook", "delivery":
      ["type": "string", "format": "uuid"]
    default: ["type": "string", "minLength": 1]
    }
  }

  static func query(_ name: String, of pattern: String) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", JSONValue(name)), ("in", "query"), ("schema", schema(name, pattern)),
    ]
    if name == "q" { members.append(("required", true)) }
    if pattern.hasSuffix("preview"), name == "audience" { members.append(("required", true)) }
    if lists.contains(name), pattern != "/v1/insights", pattern != "/v1/process" {
      members += [("style", "form"), ("explode", false)]
    }
    return JSONValue(members: members)
  }

  /// Several values may be given, with commas in between.
  private static let lists: Set<String> = ["status", "priority", "flag"]

  private static func words(_ words: [String]) -> JSONValue {
    ["type": "string", "enum": JSONValue(words.map { JSONValue($0) })]
  }

  private static func list(_ all: [String]) -> JSONValue {
    ["type": "array", "items": words(all), "minItems": 1, "maxItems": 20]
  }

  private static func schema(_ name: String, _ pattern: String) -> JSONValue {
    switch name {
    case "limit": ["type": "integer", "minimum": 1, "maximum": JSONValue(Window.largest)]
    case "minIndex": ["type": "integer", "minimum": 0]
    case "version": ["type": "integer", "minimum": 1]
    case "consistency": words(["linearizable", "stale"])
    case "state": words(["open", "over"])
    case "exercise", "overdue", "unread", "dryRun", "prune": words(["true", "false"])
    case "of": words(["all", "mine"])
    case "from", "until", "at", "nextUpdateAt": ["type": "string", "format": "date-time"]
    case "status": list(Incident.Status.allCases.map(\.spelling))
    case "priority": list(Priority.allCases.map(\.spelling))
    case "flag": list(Flag.allCases.map(\.spelling))
    case "sort": words(IncidentFilter.Order.allCases.map(\.spelling))
    case "audience": words(CommunicationUpdate.Audience.allCases.map(\.spelling))
    case "format" where pattern.hasSuffix("report"): words(["json", "html", "markdown"])
    case "format": words(["json", "csv"])
    default: ["type": "string"]
    }
  }

  /// The statuses of the problems that an address may answer.
  static func problems(of address: String, _ isOne: Bool, _ note: AddressNote) -> [Int] {
    // A first line or header that is too long, or too slow, is told before an address is looked for.
    var all: Set = [400, 408, 414, 431, 500, 503]
    if !note.isOpen { all.formUnion([401, 403, 404, 429, 504]) }
    if !isOne { all.insert(404) }
    if !note.query.isEmpty { all.insert(422) }
    if address.hasPrefix("POST ") {
      all.formUnion([401, 403, 404, 409, 413, 415, 422, 429, 504])
      if tagSource(address) != nil { all.insert(412) }
    }
    switch AddressNote.answer(of: address) {
    case .text("text/event-stream"): all.formUnion([410, 422])
    case .redirect: all.formUnion([403, 404, 429, 502])
    default: break
    }
    return all.sorted()
  }
}
