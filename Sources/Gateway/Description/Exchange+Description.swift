import EventLoop
import HTTP
import JSON

/// What the interface says of itself. It is the same for everybody, so it takes no token.
@ClientLoop extension Exchange {
  /// `GET /openapi.json`.
  func describe() -> Response { Response.api(.ok, OpenAPIDocument.bytes) }

  /// `GET /v1/problems`.
  func listProblems() -> Response {
    Response.api(
      .ok,
      Content.json { json in
        json.object { json in
          json.array("items") { json in
            for kind in ProblemKind.all {
              json.object { json in
                json.member("type", kind.type)
                json.member("status", kind.status)
                json.member("title", kind.title)
                json.member("advice", kind.advice)
                json.member("guidance", kind.guidance)
              }
            }
          }
        }
      }.body)
  }
}

extension API {
  /// Where the interface is described.
  static let description: [Route<Exchange>] = [
    // The whole of it, as OpenAPI 3.1. No token.
    .get("/openapi.json") { await $0.describe() },
    // Every type of problem that an answer can have, and what to do. No token.
    .get("/v1/problems") { await $0.listProblems() },
  ]
}
