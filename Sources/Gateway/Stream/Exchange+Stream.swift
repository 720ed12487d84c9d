import Access
import EventLoop
import HTTP
import Incidents
import Store

/// Following what happens.
@ClientLoop extension Exchange {
  /// What a stream is narrowed by.
  private nonisolated static let filters = ["team", "service", "priority"]

  /// `GET /v1/stream`: what happens to incidents, from now on or behind the id that a stream gave before,
  /// at whichever node. With `minIndex` it begins once this node is beyond it.
  func followIncidents() async throws(Problem) -> Response {
    let query = request.query
    let last = request.fields["Last-Event-ID"] ?? query["after"]
    let epoch = api.cluster.epoch
    let (opening, _, principal, _) = try await far(isLatest: true) { desk throws(Problem) in
      guard let secret = desk.reader.secret() else { throw .streamNotReady }
      let key = StreamKey(secret: secret, epoch: epoch)
      var form = FilterForm(in: desk.reader, asker: desk.principal.person)
      try form.read(query, names: Self.filters)
      let position: UInt64
      if let last {
        position = try key.position(last, at: desk.now)
      } else {
        position = try desk.reader.ask { reader throws(StoreError) in
          try reader.stateHead().ledgerPosition
        }
      }
      return Feed.Opening(filter: form.filter, key: key, position: position)
    }
    try api.feeds.admit(principal.credential)
    var response = Response.api(.ok, [], type: "text/event-stream")
    response.tail = Feed(self, opening, credential: principal.credential)
    return response
  }
}
