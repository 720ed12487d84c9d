import Directory
package import HTTP
import Incidents
import JSON

extension Response {
  /// Fields of every answer. What the interface tells is for its asker alone and for now, and no
  /// browser shall take it for a page, a script or a part of another site.
  private static let common: Fields = [
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  ]

  /// What a browser may do with an answer that is no page.
  static let contentPolicy = "default-src 'none'; frame-ancestors 'none'"

  /// An answer of the interface.
  static func api(
    _ status: Status, _ body: [UInt8], type: String = "application/json",
    policy: String = Response.contentPolicy
  ) -> Response {
    var fields = common
    fields.append("Content-Security-Policy", policy)
    fields.append("Content-Type", type)
    return Response(status, fields: fields, body: body)
  }
}

extension Problem {
  /// The problem as RFC 9457 writes it.
  package var response: Response {
    var json = JSONWriter()
    json.write(self)
    var response = Response.api(status, json.bytes, type: "application/problem+json")
    if let version { response.fields.append("ETag", "\"\(version)\"") }
    if let retryAfter { response.fields.append("Retry-After", "\(retryAfter)") }
    allowed.write(to: &response.fields)
    if let allow { response.fields.append("Allow", allow) }
    if needsToken { response.fields.append("WWW-Authenticate", "Bearer realm=\"muster\"") }
    return response
  }
}

extension JSONWriter {
  /// Writes a problem, as an object: as the value of `member`, or else as the whole text.
  mutating func write(_ problem: Problem, as member: StaticString? = nil) {
    object(member) { json in
      json.member("type", problem.type)
      json.member("title", problem.title)
      json.member("status", problem.status.code)
      json.member("detail", problem.detail)
      if let guidance = problem.guidance { json.member("guidance", guidance) }
      if !problem.missing.isEmpty {
        json.array("missing") { json in
          for item in problem.missing { json.value(item) }
        }
      }
      if let override = problem.override {
        json.object("override") { json in
          json.member("right", override.right)
          json.array("needs") { json in
            for need in override.needs { json.value(need) }
          }
        }
      } else if problem.isRule {
        json.null("override")
      }
      if let member = problem.member { json.member("member", member) }
      if let version = problem.version { json.member("version", Int(clamping: version)) }
      if !problem.mistakes.isEmpty { json.write(problem.mistakes) }
    }
  }

  /// Writes what is wrong with which line, as the member `mistakes`; what has no line has `null`.
  fileprivate mutating func write(_ mistakes: [DirectoryMistake]) {
    array("mistakes") { json in
      for mistake in mistakes {
        json.object { json in
          if mistake.line > 0 { json.member("line", mistake.line) } else { json.null("line") }
          json.member("detail", mistake.detail)
        }
      }
    }
  }
}
