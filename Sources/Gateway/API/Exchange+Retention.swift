import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// How long what is said of incidents is kept, who needs it longer, and what has gone.
@ClientLoop extension Exchange {
  /// `POST /v1/incidents/{incident}/hold`, and `…/hold/release`.
  func hold(_ name: IncidentName, isRelease: Bool) async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      let incident = try asker.sight.incident(name)
      return .hold(
        try self.read(clerk) { clerk, body throws(Problem) in
          try clerk.hold(of: incident.id, isRelease: isRelease, &body)
        })
    }
    return done.response
  }

  /// `GET /v1/purges`: the last hundred, for administrators and auditors.
  func listPurges() async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      guard desk.principal.person.mayAudit else { throw .notYours }
      let purged = try desk.reader.ask { reader throws(StoreError) in
        try reader.purged(limit: Self.mostPurges)
      }
      return Content.json { json in
        json.page(purged, next: nil) { json, purge in
          json.object { json in
            json.member("incident", purge.incident.description)
            json.time("at", purge.at)
            json.member("rows", Int(clamping: purge.rows))
          }
        }
      }
    }
  }

  private nonisolated static var mostPurges: Int { 100 }
}

extension Clerk {
  /// `POST /v1/incidents/{incident}/hold`, and `…/hold/release`.
  fileprivate func hold(
    of incident: ID, isRelease: Bool, _ body: inout BodyReader
  ) throws(Problem) -> HoldChange {
    var (reason, reviewAt): (String?, Int64?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "reason": reason = try body.text(atMost: Bound.reason)
      case "reviewAt" where !isRelease: reviewAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return HoldChange(
      incident: incident, reason: try body.require(reason, "reason"),
      reviewAt: isRelease ? nil : try body.require(reviewAt, "reviewAt"))
  }
}
