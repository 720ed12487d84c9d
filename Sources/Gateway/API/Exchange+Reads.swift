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
  /// What a browser may do with it; nothing, unless it is a page.
  var policy = Response.contentPolicy
  /// What the next piece of a list that has no place for it begins after.
  var next: String?
  /// The version of the one thing that it is about.
  var version: UInt64?
  /// What it shows that is restricted.
  var restricted: [RestrictedIncident] = []

  /// JSON that `write` writes.
  static func json(
    version: UInt64? = nil, restricted: [RestrictedIncident] = [],
    _ write: (inout JSONWriter) -> Void
  ) -> Content {
    var json = JSONWriter()
    write(&json)
    return Content(body: json.bytes, version: version, restricted: restricted)
  }
}

/// What a read is given: the state within one transaction, who asks, and the time.
struct Desk {
  let reader: StateReader
  let principal: Principal
  let sight: Sight
  let now: Int64
  let names: NameBook<StateReader>

  /// Those of the incidents that an answer shows which are restricted.
  func restricted(_ incidents: [Incident]) -> [RestrictedIncident] {
    incidents.compactMap { RestrictedIncident($0, to: principal.person) }
  }

  /// The desk of whoever showed `proof`, within a transaction of `reader`.
  init(_ reader: StateReader, _ proof: Proof, _ certainty: Sight.Certainty) throws(Problem) {
    self.reader = reader
    now = Wall.now()
    principal = try reader.principal(of: proof)
    guard principal.reads else { throw Problem(.scopeMissing(.read)) }
    sight = Sight(reader: reader, person: principal.person, certainty: certainty, now: now)
    let sight = sight
    // A read that fails is kept aside by the reader, which then throws it.
    names = NameBook(reader) { incident in (try? sight.sees(incident)) ?? false }
  }
}

@ClientLoop extension Exchange {
  /// A read of a few rows: on this loop's own reader, without crossing a thread.
  func point(_ body: (Desk) throws(Problem) -> Content) async throws(Problem) -> Response {
    let proof = try self.proof()
    let age = try await settle(proof)
    let (content, applied, principal) = try Self.look(
      at: api.reader, within: deadline.left, proof, age.certainty, body)
    api.welcome(principal, proof, at: Wall.now())
    try await note(content, principal, age)
    return answer(content, applied, age)
  }

  /// Puts into the record what is shown of what is restricted, before it is.
  private func note(_ content: Content, _ principal: Principal, _ age: Age) async throws(Problem) {
    guard !content.restricted.isEmpty else { return }
    try await api.noteReads(of: content.restricted, by: principal, age.certainty, deadline)
  }

  /// A read of many rows: on a thread of its own, so that the loop goes on meanwhile.
  func list(
    _ body: @escaping @Sendable (Desk) throws(Problem) -> Content
  ) async throws(Problem) -> Response {
    let (content, applied, principal, age) = try await far(body)
    try await note(content, principal, age)
    return answer(content, applied, age)
  }

  /// What `body` finds out from many rows, on a thread of its own.
  func study<Value: Sendable>(
    _ body: @escaping @Sendable (Desk) throws(Problem) -> Value
  ) async throws(Problem) -> Value {
    try await far(body).0
  }

  /// - Parameters:
  ///   - isUse: Whether whoever asks did so just now; not where an answer goes on by itself.
  ///   - isLatest: Whether only the latest will do, whatever the query says.
  func far<Value: Sendable>(
    isUse: Bool = true, isLatest: Bool = false,
    _ body: @escaping @Sendable (Desk) throws(Problem) -> Value
  ) async throws(Problem) -> (Value, LogIndex, Principal, Age) {
    let proof = try self.proof()
    let age = try await settle(proof, isLatest: isLatest)
    let found: Result<(Value, LogIndex, Principal), Problem>
    do {
      found = try await api.cluster.read(within: deadline.left) { reader, left in
        Result { () throws(Problem) in
          try Self.look(at: reader, within: left, proof, age.certainty, body)
        }
      }
    } catch is ReadersBusy {
      throw .busy
    } catch {
      // Only a lane that is closing, or whose connection is gone, cannot run a read.
      throw .storage
    }
    let (value, applied, principal) = try found.get()
    if isUse { api.welcome(principal, proof, at: Wall.now()) }
    return (value, applied, principal, age)
  }

  /// A read of the state and of the search index, on a thread of its own. `body` is told through which
  /// index everything is in the latter, and how much time is left.
  func find(
    _ body: @escaping @Sendable (Desk, SearchReader, LogIndex, Duration) throws(Problem) -> Content
  ) async throws(Problem) -> Response {
    let proof = try self.proof()
    let age = try await settle(proof)
    if let index = try minIndex() {
      guard await api.cluster.waitIndexed(index, upTo: min(.seconds(1), deadline.left)) else {
        throw .notReached
      }
    }
    let indexed = api.cluster.search.indexed
    let found: Result<(Content, LogIndex, Principal), Problem>
    do {
      found = try await api.cluster.search(within: deadline.left) { reader, searcher, left in
        Result { () throws(Problem) in
          try Self.look(at: reader, within: left, proof, age.certainty) { desk throws(Problem) in
            try body(desk, searcher, indexed, left)
          }
        }
      }
    } catch is ReadersBusy {
      throw .busy
    } catch is SearchUnavailable {
      throw .searchUnavailable
    } catch {
      throw .storage
    }
    let (content, applied, principal) = try found.get()
    api.welcome(principal, proof, at: Wall.now())
    try await note(content, principal, age)
    return answer(content, applied, age)
  }

  private nonisolated static func look<Value>(
    at reader: StateReader, within limit: Duration, _ proof: Proof,
    _ certainty: Sight.Certainty, _ body: (Desk) throws(Problem) -> Value
  ) throws(Problem) -> (Value, LogIndex, Principal) {
    try reader.within(limit) { () throws(Problem) in
      let desk = try Desk(reader, proof, certainty)
      let value = try body(desk)
      let applied = try reader.ask { reader throws(StoreError) in try reader.applied() }
      return (value, applied, desk.principal)
    }
  }

  /// How old a read may be, by the query.
  private enum Freshness {
    /// The latest, and beyond an index if one was named.
    case linearizable(LogIndex?)
    /// Whatever this node has, once it is beyond an index if one was named.
    case stale(LogIndex?)
  }

  /// An index alone asks for no more than the index, where not only the latest will do.
  private func freshness(isLatest: Bool) throws(Problem) -> Freshness {
    let index = try minIndex()
    if isLatest { return .linearizable(index) }
    switch request.query["consistency"] {
    case nil: return index == nil ? .linearizable(nil) : .stale(index)
    case "linearizable": return .linearizable(index)
    case "stale": return .stale(index)
    case .some:
      throw .malformed("consistency is linearizable, which is the default, or stale.")
    }
  }

  private func minIndex() throws(Problem) -> LogIndex? {
    try request.query["minIndex"].map { text throws(Problem) in
      guard let index = UInt64(text) else { throw .malformed("minIndex is a whole number.") }
      return LogIndex(rawValue: index)
    }
  }

  /// How old an answer is.
  enum Age {
    case latest
    /// So many milliseconds since this node last heard from a leader; `nil` if it never did.
    case stale(Int64?)

    var certainty: Sight.Certainty {
      switch self {
      case .latest: .confirmed
      case .stale: .stale
      }
    }
  }

  /// Waits until this node may answer, and tells how old its answer is.
  private func settle(_ proof: Proof, isLatest: Bool = false) async throws(Problem) -> Age {
    switch try freshness(isLatest: isLatest) {
    case .linearizable(let index):
      try greet(proof)
      try await reach(index)
      try await confirm(orElse: Problem.notReadable)
      return .latest
    case .stale(let index):
      // A state that is not that of the others is no older state, but a wrong one; and of one that
      // ended the process nobody knows what it is worth.
      let status = api.cluster.status
      guard status.divergedAfter == nil, status.stopsBefore == nil else {
        throw .notReadable(retryAfterMilliseconds: 1_000)
      }
      try await reach(index)
      return .stale(api.cluster.status.leaderContactAge)
    }
  }

  /// Waits until this node has applied an index, if there is one to wait for.
  private func reach(_ index: LogIndex?) async throws(Problem) {
    guard let index else { return }
    guard await api.cluster.waitApplied(index, upTo: min(.seconds(1), deadline.left)) else {
      throw .notReached
    }
  }

  private func answer(_ content: Content, _ applied: LogIndex, _ age: Age) -> Response {
    var response = Response.api(.ok, content.body, type: content.type, policy: content.policy)
    response.fields.append("Muster-Index", "\(applied.rawValue)")
    if let next = content.next { response.fields.append("Muster-Next", next) }
    if let version = content.version { response.fields.append("ETag", "\"\(version)\"") }
    if case .stale(let milliseconds) = age {
      // A node that never heard from a leader cannot say how old its state is.
      response.fields.append(
        "Muster-Stale-Milliseconds", milliseconds.map { "\($0)" } ?? "unknown")
    }
    return response
  }
}
