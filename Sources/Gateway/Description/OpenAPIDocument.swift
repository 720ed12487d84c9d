import EventLoop
import HTTP
import Incidents
import JSON

/// The interface as OpenAPI 3.1 describes it, made of the table of addresses.
@ClientLoop enum OpenAPIDocument {
  /// As JSON; made once.
  static let bytes: [UInt8] = {
    var json = JSONWriter()
    json.value(tree)
    return json.bytes
  }()

  private static let tree: JSONValue = [
    "openapi": "3.1.0",
    "info": [
      "title": "Muster", "version": "1",
      "description":
        """
      Incidents of a department. Every node answers. A POST is a decision and takes an Idempotency-Key: \
      repeated with the same key it is done once. What is refused is a problem (RFC 9457), whose type is \
      listed at /v1/problems. Each credential has quotas at each node: an answer tells in RateLimit-Policy \
      which one counted the request, and in RateLimit what is left of it. What is over is answered with 429 \
      and Retry-After, and nothing of it is done. To declare, acknowledge, take a role and resolve has a \
      person's quota "urgent" of its own, which nothing else uses up.
      """,
    ],
    "servers": [["url": "/"]],
    "tags": JSONValue(AddressNote.Tag.allCases.map { ["name": JSONValue($0.rawValue)] }),
    "security": [["bearer": []]],
    "paths": JSONValue(members: paths),
    "components": [
      "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]],
      "schemas": [
        "Done": Shapes.done, "Page": Shapes.page, "Object": ["type": "object"],
        "Problem": Shapes.problem,
      ],
      "headers": [
        "RateLimit-Policy": [
          "description":
            """
          The quota that counted the request: its name, as many as q at once, and they come back in w \
          seconds (draft-ietf-httpapi-ratelimit-headers-11).
          """,
          "schema": ["type": "string"], "example": JSONValue(Quotas()[.person].policy),
        ],
        "RateLimit": [
          "description": "How many are left of it, as r; more are there after t seconds.",
          "schema": ["type": "string"], "example": "\"person\";r=999;t=1",
        ],
        "Retry-After": [
          "description": "In how many seconds it is worth asking again.",
          "schema": ["type": "integer", "minimum": 0],
        ],
      ],
      "responses": [
        "Problem": [
          "description": "Why it was not done.",
          "headers": JSONValue(members: header(["Retry-After"]) + quotaHeaders),
          "content": [
            "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
          ],
        ]
      ],
    ],
  ]

  private static func header(_ names: [String]) -> [(String, JSONValue)] {
    names.map { ($0, ["$ref": JSONValue("#/components/headers/\($0)")]) }
  }

  /// What an answer to a credential tells of its quota.
  private static let quotaHeaders = header(["RateLimit-Policy", "RateLimit"])

  /// Each path once, with what may be done there.
  private static let paths: [(String, JSONValue)] = {
    var paths: [(path: String, operations: [(String, JSONValue)])] = []
    for route in API.routes {
      let path = "/" + segments(route.pattern).joined(separator: "/")
      let operation = (route.method == .get ? "get" : "post", operation(route))
      if let place = paths.firstIndex(where: { $0.path == path }) {
        paths[place].operations.append(operation)
      } else {
        paths.append((path, [operation]))
      }
    }
    return paths.map { ($0.path, JSONValue(members: $0.operations)) }
  }()

  private static func segments(_ pattern: String) -> [String] {
    pattern.split(separator: "/").map { $0.first == ":" ? "{\($0.dropFirst())}" : String($0) }
  }

  private static func operation(_ route: Route<Exchange>) -> JSONValue {
    let address = "\(route.method.rawValue) \(route.pattern)"
    guard let note = AddressNote.all[address] else {
      preconditionFailure("\(address) is not described.")
    }
    var members: [(String, JSONValue)] = [
      ("operationId", JSONValue(name(of: route))), ("summary", JSONValue(note.summary)),
      ("tags", [JSONValue(note.tag.rawValue)]),
      ("parameters", JSONValue(parameters(of: route, note))),
    ]
    if route.method == .post { members.append(("requestBody", body(address, note))) }
    members.append(("responses", JSONValue(members: responses(address, route, note))))
    if note.isOpen { members.append(("security", [])) }
    return JSONValue(members: members)
  }

  /// `post incidents incident notes`, as one word.
  private static func name(of route: Route<Exchange>) -> String {
    let words = route.pattern.split { "/-.".contains($0) }.filter { $0 != "v1" }.map { word in
      word.first == ":" ? "by-\(word.dropFirst())" : String(word)
    }
    let parts = ([route.method.rawValue.lowercased()] + words).joined(separator: "-")
    return parts.split(separator: "-").enumerated().map { place, word in
      place == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }

  private static func parameters(of route: Route<Exchange>, _ note: AddressNote) -> [JSONValue] {
    var all = route.parameters.map { name -> JSONValue in
      [
        "name": JSONValue(name), "in": "path", "required": true,
        "schema": Parameters.path(name),
      ]
    }
    all += note.query.map { Parameters.query($0, of: route.pattern) }
    if route.method == .get, !note.isOpen {
      all += Parameters.ofReads(at: route.pattern).map { Parameters.query($0, of: route.pattern) }
      if AnswerShapes.all["GET \(route.pattern)"] != nil { all.append(Parameters.fields) }
    }
    if route.pattern == "/v1/stream" { all.append(Parameters.lastEventID) }
    let keyless = ["/v1/alerts/alertmanager", "/a/:link", "/v1/triage/suggestion"]
    if route.method == .post, !keyless.contains(route.pattern) {
      all.append(Parameters.key)
      if let source = Parameters.tagSource("POST \(route.pattern)") {
        all.append(Parameters.ifMatch(of: source))
      }
    }
    return all
  }

  private static func body(_ address: String, _ note: AddressNote) -> JSONValue {
    let shape = BodyShapes.all[address] ?? .any
    var content: [(String, JSONValue)] = [
      ("schema", BodyShapes.documents.contains(address) ? ["type": "object"] : shape.schema)
    ]
    if let example = note.example, let value = try? JSONValue(parsing: Array(example.utf8)) {
      content.append(("example", value))
    }
    let isRequired =
      if case .object(let members) = shape { members.contains(where: \.isRequired) } else { false }
    return [
      "required": .init(booleanLiteral: isRequired),
      "content": JSONValue(members: [
        (
          address == "POST /a/:link" ? "application/x-www-form-urlencoded" : "application/json",
          JSONValue(members: content)
        )
      ]),
    ]
  }

  private static func responses(
    _ address: String, _ route: Route<Exchange>, _ note: AddressNote
  ) -> [(String, JSONValue)] {
    let shape = AnswerShapes.all[address]?.answerSchema
    func json(_ schema: String, _ description: String) -> JSONValue {
      [
        "description": .init(description),
        "content": [
          "application/json": [
            "schema": shape ?? ["$ref": .init("#/components/schemas/\(schema)")]
          ]
        ],
      ]
    }
    var good: [(String, JSONValue)]
    switch AddressNote.answer(of: address) {
    case .done: good = [("200", json("Done", "Done.")), ("201", json("Done", "Made."))]
    case .page: good = [("200", json("Page", "A piece of the list."))]
    case .object: good = [("200", json("Object", "What was asked for."))]
    case .text(let type):
      good = [
        (
          "200",
          [
            "description": "What was asked for.",
            "content": JSONValue(members: [(type, ["schema": ["type": "string"]])]),
          ]
        )
      ]
      // What is wrong with a link or its form is told on a page too.
      if type == "text/html" { good += ["410", "422", "429"].map { ($0, good[0].1) } }
    case .redirect: good = [("303", ["description": "Elsewhere."])]
    }
    if note.query.contains("format") {
      good = [
        (
          "200",
          [
            "description": "In the form that was asked for.",
            "content": JSONValue(
              members: [("application/json", shape.map { ["schema": $0] } ?? [:])]
                + ["text/csv", "text/html", "text/markdown"].map { ($0, [:]) }),
          ]
        )
      ]
    }
    if !note.isOpen {
      good = good.map { status, answer in
        guard case .object(let members) = answer.kind else { return (status, answer) }
        let headers = JSONValue.Member("headers", JSONValue(members: quotaHeaders))
        return (status, JSONValue(.object(members + [headers])))
      }
    }
    let problems = Parameters.problems(of: address, route.parameters.isEmpty, note).filter {
      status in
      !good.contains { $0.0 == "\(status)" }
    }
    return good + problems.map { ("\($0)", ["$ref": "#/components/responses/Problem"]) }
  }
}

/// The schemas of answers.
private enum Shapes {
  static let done: JSONValue = [
    "type": "object", "required": ["index", "term", "result"],
    "properties": [
      "index": ["type": "integer"], "term": ["type": "integer"], "result": ["type": "object"],
    ],
  ]
  static let page: JSONValue = [
    "type": "object", "required": ["items"],
    "properties": [
      "items": ["type": "array", "items": ["type": "object"]],
      "next": ["type": ["string", "null"]],
    ],
  ]
  static let problem: JSONValue = [
    "type": "object", "required": ["type", "title", "status", "detail"],
    "properties": [
      "type": ["type": "string", "enum": JSONValue(ProblemKind.all.map { JSONValue($0.type) })],
      "title": ["type": "string"], "status": ["type": "integer"], "detail": ["type": "string"],
      "guidance": ["type": "string"], "member": ["type": "string"],
      "version": ["type": "integer"],
      "missing": ["type": "array", "items": ["type": "string"]],
      "override": ["type": ["object", "null"]], "mistakes": ["type": "array"],
    ],
  ]
}
