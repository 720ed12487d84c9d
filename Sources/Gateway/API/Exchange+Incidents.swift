import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Reads of incidents.
@ClientLoop extension Exchange {
  /// `GET /v1/incidents/{incident}`.
  func showIncident(_ name: IncidentName) async throws(Problem) -> Response {
    let asked = try AsOf(request.query)
    if asked != nil { return try await list { desk throws(Problem) in try desk.show(name, asked) } }
    return try await point { desk throws(Problem) in try desk.show(name, nil) }
  }

  /// `GET /v1/incidents/{incident}/timeline`.
  func showTimeline(of name: IncidentName) async throws(Problem) -> Response {
    let window = try Window(request.query)
    let asked = try AsOf(request.query)
    return try await list { desk throws(Problem) in
      let looked = try desk.look(at: name, asked)
      let after = try window.after()
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.timeline(
          of: looked.incident.id, after: after, limit: window.limit, upTo: looked.past?.position)
      }
      return Content.json(restricted: desk.restricted([looked.today])) { json in
        let view = TimelineView(names: desk.names)
        json.page(page.items, next: page.next?.text, asOf: looked.past) { json, entry in
          view.write(entry, to: &json)
        }
      }
    }
  }
}

extension Desk {
  /// An incident as it is, or was.
  fileprivate func show(_ name: IncidentName, _ asked: AsOf?) throws(Problem) -> Content {
    let looked = try look(at: name, asked)
    // What is tried last now says nothing of what was then.
    let impaired = looked.past == nil ? try impaired() : []
    return Content.json(
      version: looked.past == nil ? looked.incident.version : nil,
      restricted: restricted([looked.today])
    ) { json in
      IncidentView(
        names: names, now: looked.past?.at ?? now, asOf: looked.past, impaired: impaired
      ).write(looked.incident, to: &json)
    }
  }
}
