import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What waits for 3rd line, in the order in which it is to be done (guidance section 4).
@ClientLoop extension Exchange {
  /// `GET /v1/backlog`: the whole of it, at most ``Bound/backlog``.
  func listBacklog() async throws(Problem) -> Response {
    let query = request.query
    return try await list { desk throws(Problem) in
      var search = try desk.incidentSearch(query)
      search.filter.statuses = [.backlog]
      search.filter.order = .latest
      let found = try desk.reader.ask { reader throws(StoreError) in
        try Self.all(search, reader, desk.sight)
      }
      let ranked = found.incidents.sorted { $0.precedes($1) }
      return Content.json(restricted: desk.restricted(ranked)) { json in
        let view = IncidentView(names: desk.names, now: desk.now)
        json.object { json in
          json.array("items") { json in
            for incident in ranked { view.writeSummary(incident, to: &json) }
          }
          json.member("isWhole", found.isWhole)
        }
      }
    }
  }

  private nonisolated static func all(
    _ search: IncidentSearch, _ reader: StateReader, _ sight: Sight
  ) throws(StoreError) -> (incidents: [Incident], isWhole: Bool) {
    var incidents: [Incident] = []
    var after: Cursor?
    repeat {
      let page = try reader.incidents(search, after: after, limit: Page<Incident>.largest) {
        incident throws(StoreError) in try sight.sees(incident)
      }
      incidents += page.items
      after = page.next
    } while after != nil && incidents.count < Bound.backlog
    return (incidents, after == nil)
  }
}
