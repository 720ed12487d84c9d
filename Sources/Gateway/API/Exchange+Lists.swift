import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Lists of incidents, and how many there are.
@ClientLoop extension Exchange {
  /// `GET /v1/incidents`.
  func listIncidents() async throws(Problem) -> Response {
    let window = try Window(request.query)
    let query = request.query
    return try await list { desk throws(Problem) in
      let search = try desk.incidentSearch(query)
      let after = try window.after(sealedBy: desk.reader)
      if let after, !after.fits(search.filter.order) { throw .badCursor }
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.incidents(search, after: after, limit: window.limit) {
          incident throws(StoreError) in try desk.sight.sees(incident)
        }
      }
      return Content.json(restricted: desk.restricted(page.items)) { json in
        let view = IncidentView(names: desk.names, now: desk.now)
        json.page(page.items, next: desk.reader.text(of: page.next)) { json, incident in
          view.writeSummary(incident, to: &json)
        }
      }
    }
  }

  /// `GET /v1/incidents/counts`: of what is not over and no exercise.
  func countIncidents() async throws(Problem) -> Response {
    let query = request.query
    return try await list { desk throws(Problem) in
      var search = try desk.incidentSearch(query)
      search.filter.order = .latest
      search.filter.isOver = false
      guard search.filter.contradiction == nil else {
        throw .malformed("What is over is not counted.")
      }
      let counts = try desk.reader.ask { reader throws(StoreError) in
        try reader.counts(search) { incident throws(StoreError) in
          try desk.sight.sees(incident)
        }
      }
      return Content.json { json in
        json.object { json in
          json.member("total", counts.reduce(0) { $0 + $1.count })
          json.array("items") { json in
            for count in counts {
              json.object { json in
                json.member("status", count.status.spelling)
                json.member("priority", count.priority.spelling)
                json.member("count", count.count)
              }
            }
          }
        }
      }
    }
  }
}

extension Desk {
  /// The list that a query asks for, by a saved view, by its own words, or by both.
  func incidentSearch(_ query: Query) throws(Problem) -> IncidentSearch {
    var base = IncidentFilter()
    if let text = query["view"] {
      guard let id = ID(text) else { throw .notFound("view") }
      base = try view(id).filter
    }
    var form = FilterForm(base, in: reader, asker: principal.person)
    try form.read(query)
    // A list in order of what is urgent needs what older nodes do not keep.
    guard form.filter.order == .latest || reader.level >= 2 else { throw .listNotReady }
    return IncidentSearch(form.filter, asker: principal.person.id, at: now)
  }

  /// A saved view, for whoever may open it.
  func view(_ id: ID) throws(Problem) -> SavedView {
    guard let view = reader.view(id), view.isOpen(to: principal.person) else {
      throw .notFound("view")
    }
    return view
  }
}
