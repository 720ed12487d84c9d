import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Store

/// Looking for incidents by the words that were said of them.
@ClientLoop extension Exchange {
  /// `GET /v1/search?q=…`: incidents with all of the words, the latest declared first.
  ///
  /// The index follows what is applied within a moment; the answer says how far it has come, and with
  /// `minIndex` it waits for an index, a second at most. As what is hidden costs a look as well, the
  /// answer comes at the same times as that something is not there.
  func search() async throws(Problem) -> Response {
    let began = Wall.monotonic()
    // Whoever is nobody is told so before anything else.
    _ = try proof()
    let window = try Window(request.query)
    let query = try self.query()
    let response = try await find { desk, searcher, indexed, left throws(Problem) in
      let after = try window.after(sealedBy: desk.reader)
      let page = try desk.search(
        query, after: after, limit: window.limit, within: left, using: searcher)
      return Content.json(restricted: desk.restricted(page.items.map(\.incident))) { json in
        let view = IncidentView(names: desk.names, now: desk.now)
        json.object { json in
          json.array("items") { json in
            for hit in page.items { json.write(hit, view) }
          }
          json.member("next", desk.reader.text(of: page.next))
          json.member("indexedThrough", Int(clamping: indexed.rawValue))
        }
      }
    }
    await api.hideTime(since: began)
    return response
  }

  private func query() throws(Problem) -> SearchQuery {
    guard let text = request.query["q"] else { throw .malformed("q says what to look for.") }
    do throws(SearchQuery.Mistake) {
      return try SearchQuery(text)
    } catch {
      throw .invalid(error.detail)
    }
  }
}

extension Desk {
  /// The incidents with the words of a query that whoever asks may know of.
  fileprivate func search(
    _ query: SearchQuery, after cursor: Cursor?, limit: Int, within left: Duration,
    using searcher: SearchReader
  ) throws(Problem) -> Page<SearchHit> {
    do throws(StoreError) {
      return try searcher.find(
        query, after: cursor, limit: limit,
        within: UInt64(max(1, left.nanoseconds / 1_000_000)), in: reader
      ) { incident throws(StoreError) in try sight.sees(incident) }
    } catch {
      throw error == .tooSlow ? .tooSlow : searcher.failure == nil ? .storage : .searchUnavailable
    }
  }
}

extension JSONWriter {
  /// Writes an incident and where the words are in it, as an object.
  fileprivate mutating func write(_ hit: SearchHit, _ view: IncidentView<StateReader>) {
    object { json in
      json.name("incident")
      view.writeSummary(hit.incident, to: &json)
      json.member("field", hit.field?.spelling ?? "reference")
      json.array("snippet") { json in
        for piece in hit.pieces {
          json.object { json in
            json.member("text", piece.text)
            if piece.isMarked { json.member("match", true) }
          }
        }
      }
    }
  }
}
