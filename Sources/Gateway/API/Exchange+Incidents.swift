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
    try await point { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let impaired = try desk.impaired()
      return Content.json(
        version: incident.version, restricted: desk.restricted([incident])
      ) { json in
        IncidentView(names: desk.names, now: desk.now, impaired: impaired)
          .write(incident, to: &json)
      }
    }
  }

  /// `GET /v1/incidents/{incident}/timeline`.
  func showTimeline(of name: IncidentName) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let after = try window.after()
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.timeline(of: incident.id, after: after, limit: window.limit)
      }
      return Content.json(restricted: desk.restricted([incident])) { json in
        let view = TimelineView(names: desk.names)
        json.page(page.items, next: page.next?.text) { json, entry in
          view.write(entry, to: &json)
        }
      }
    }
  }

  /// `GET /v1/incidents/{incident}/report`.
  func showReport(on name: IncidentName) async throws(Problem) -> Response {
    let isMarkdown = try asksForMarkdown()
    let bounds = api.reportBounds
    return try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let timeline = try desk.reader.reportedTimeline(of: incident.id, within: bounds)
      if isMarkdown {
        var report = IncidentReport(
          incident, timeline: timeline.entries, names: desk.names.names, at: desk.now,
          contacts: desk.names.contacts)
        if let banner = timeline.banner(of: incident) { report.banners.append(banner) }
        return Content(
          body: Array(report.markdown.utf8), type: "text/markdown; charset=utf-8",
          version: incident.version, restricted: desk.restricted([incident]))
      }
      return Content.json(
        version: incident.version, restricted: desk.restricted([incident])
      ) { json in
        json.object { json in
          json.time("at", desk.now)
          json.name("incident")
          IncidentView(names: desk.names, now: desk.now).write(incident, to: &json)
          json.array("timeline") { json in
            let view = TimelineView(names: desk.names)
            for entry in timeline.entries { view.write(entry, to: &json) }
          }
          json.member("laterEntries", timeline.later)
          json.member("next", timeline.next?.text)
        }
      }
    }
  }

  private func asksForMarkdown() throws(Problem) -> Bool {
    switch request.query["format"] {
    case "markdown": return true
    case "json": return false
    case nil: return request.fields["Accept"]?.hasPrefix("text/markdown") ?? false
    case .some: throw .malformed("format is json, which is the default, or markdown.")
    }
  }
}
