import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

/// What a read answers with.
struct Content: Sendable {
  var body: [UInt8]
  var type = "application/json"
  /// The version of the one thing that it is about.
  var version: UInt64?

  /// JSON that `write` writes.
  static func json(version: UInt64? = nil, _ write: (inout JSONWriter) -> Void) -> Content {
    var json = JSONWriter()
    write(&json)
    return Content(body: json.bytes, version: version)
  }
}

/// What a read is given: the state within one transaction, who asks, and the time.
struct Desk {
  let reader: StateReader
  let principal: Principal
  let now: Int64
  let names: NameBook<StateReader>

  /// The desk of whoever has `token`, within a transaction of `reader`.
  init(_ reader: StateReader, _ token: Token) throws(Problem) {
    self.reader = reader
    now = Wall.now()
    principal = try reader.principal(of: token)
    names = NameBook(reader)
  }
}

@ClientLoop extension Exchange {
  /// A read of a few rows: on this loop's own reader, without crossing a thread.
  func point(_ body: (Desk) throws(Problem) -> Content) async throws(Problem) -> Response {
    let token = try self.token()
    let staleness = try await settle()
    let (content, applied) = try Self.look(at: api.reader, token, body)
    return answer(content, applied, staleness)
  }

  /// A read of many rows: on a thread of its own, so that the loop goes on meanwhile.
  func list(
    _ body: @escaping @Sendable (Desk) throws(Problem) -> Content
  ) async throws(Problem) -> Response {
    let token = try self.token()
    let staleness = try await settle()
    let found: Result<(Content, LogIndex), Problem>
    do {
      found = try await api.cluster.read { reader in
        Result { () throws(Problem) in try Self.look(at: reader, token, body) }
      }
    } catch {
      // Only a lane that is closing, or whose connection is gone, cannot run a read.
      throw .storage
    }
    let (content, applied) = try found.get()
    return answer(content, applied, staleness)
  }

  private nonisolated static func look(
    at reader: StateReader, _ token: Token, _ body: (Desk) throws(Problem) -> Content
  ) throws(Problem) -> (Content, LogIndex) {
    try reader.within { () throws(Problem) in
      let content = try body(try Desk(reader, token))
      return (content, try reader.ask { reader throws(StoreError) in try reader.applied() })
    }
  }

  /// How old a read may be, by the query.
  private enum Freshness {
    case linearizable
    case stale
    case atLeast(LogIndex)
  }

  private func freshness() throws(Problem) -> Freshness {
    let isStale: Bool
    switch request.query["consistency"] {
    case nil, "linearizable": isStale = false
    case "stale": isStale = true
    case .some:
      throw .malformed("consistency is linearizable, which is the default, or stale.")
    }
    guard let text = request.query["minIndex"] else { return isStale ? .stale : .linearizable }
    guard let index = UInt64(text) else { throw .malformed("minIndex is a whole number.") }
    return .atLeast(LogIndex(rawValue: index))
  }

  /// Waits until this node may answer, and tells how old its answer is where that was left open.
  private func settle() async throws(Problem) -> Int64? {
    switch try freshness() {
    case .linearizable:
      switch await api.cluster.readIndex() {
      case .ready: return nil
      case .unavailable(let retryAfter, _):
        throw .notReadable(retryAfterMilliseconds: retryAfter.nanoseconds / 1_000_000)
      }
    case .atLeast(let index):
      guard await api.cluster.waitApplied(index, upTo: .seconds(1)) else { throw .notReached }
      return api.cluster.status.leaderContactAge ?? -1
    case .stale:
      return api.cluster.status.leaderContactAge ?? -1
    }
  }

  private func answer(_ content: Content, _ applied: LogIndex, _ staleness: Int64?) -> Response {
    var response = Response.api(.ok, content.body, type: content.type)
    response.fields.append("Muster-Index", "\(applied.rawValue)")
    if let version = content.version { response.fields.append("ETag", "\"\(version)\"") }
    if let staleness {
      // A node that never heard from a leader cannot say how old its state is.
      response.fields.append(
        "Muster-Stale-Milliseconds", staleness < 0 ? "unknown" : "\(staleness)")
    }
    return response
  }
}
