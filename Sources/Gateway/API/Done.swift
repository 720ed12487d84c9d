import Bytes
import HTTP
import Incidents
import JSON
import Raft
import Store

/// What came of a write: where it stands in the log, and what it is about.
struct Done {
  let position: Position
  let outcome: Outcome
  /// Whether the outcome is that of an earlier request with the same key.
  let isRepeat: Bool

  /// What came of the command that was applied as `entry`. Whatever was not done is a problem.
  init(_ entry: AppliedEntry) throws(Problem) {
    switch entry.result {
    case .applied(let outcome, let repeated):
      self.init(position: entry.position, outcome: outcome, isRepeat: repeated)
    case .refused(let refusal): throw Problem(refusal)
    case .keyReused: throw .keyReused
    case .skipped: throw .skipped
    case .none, .malformed:
      // The command was encoded by this binary: only another one could misread it.
      throw .notUnderstood
    }
  }

  init(position: Position, outcome: Outcome, isRepeat: Bool) {
    self.position = position
    self.outcome = outcome
    self.isRepeat = isRepeat
  }

  /// `{"index": …, "term": …, "result": {"id": …, "reference": …, "version": …}}`.
  var response: Response { answer { _ in } }

  /// The answer, with more members in its result.
  func answer(_ more: (inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    json.object { json in
      json.member("index", Int(clamping: position.index.rawValue))
      json.member("term", Int(clamping: position.term.rawValue))
      json.object("result") { json in
        result(&json)
        more(&json)
      }
    }
    var response = Response.api(outcome.status == .created ? .created : .ok, json.bytes)
    response.fields.append("Muster-Index", "\(position.index.rawValue)")
    if outcome.version > 0 { response.fields.append("ETag", "\"\(outcome.version)\"") }
    if outcome.status == .created, let location {
      response.fields.append("Location", location)
    }
    return response
  }

  /// The answer to several commands of one request, which is about the last of them.
  ///
  /// - Parameter leftOut: How many alerts of the request could not be read.
  static func response(to all: [Done], leftOut: UInt32) -> Response {
    let last = all.max { $0.position < $1.position }
    var json = JSONWriter()
    json.object { json in
      json.member("index", Int(clamping: last?.position.index.rawValue ?? 0))
      json.member("term", Int(clamping: last?.position.term.rawValue ?? 0))
      json.object("result") { json in
        json.array("items") { json in
          for done in all {
            json.object { json in done.result(&json) }
          }
        }
        json.member("leftOut", Int(clamping: leftOut))
      }
    }
    var response = Response.api(.ok, json.bytes)
    if let last { response.fields.append("Muster-Index", "\(last.position.index.rawValue)") }
    return response
  }

  func result(_ json: inout JSONWriter) {
    let id = outcome.subject.id
    json.member("id", id.description)
    if outcome.subject.kind == .incident { json.member("reference", Reference(id).text) }
    json.member("version", Int(clamping: outcome.version))
    if isRepeat { json.member("repeated", true) }
  }

  private var location: String? {
    let id = outcome.subject.id
    return switch outcome.subject.kind {
    case .incident: "/v1/incidents/\(id)"
    case .person: "/v1/people/\(id)"
    case .team: "/v1/teams/\(id)"
    case .service: "/v1/services/\(id)"
    case .view: "/v1/views/\(id)"
    case .webhook: "/v1/webhooks/\(id)"
    case .settings, .credential, .shift, .alertGroup, .notice: nil
    }
  }
}
