import Access
import Bytes
import Crypto
import EventLoop
package import JSON
package import TLS

/// The interface of a cluster, as the commands use it: paths and JSON in, JSON or a ``Failure`` out.
package struct Client {
  private var caller: Caller<TLSCourier>
  private let timeout: Duration
  private var key: String?
  private let isStale: Bool
  private let renewal: String

  /// A client of `nodes` for whoever has `credential`.
  ///
  /// - Parameters:
  ///   - authority: The PEM file of the authority to trust.
  ///   - renewal: What to say where the cluster does not know who asks, in whole sentences.
  ///   - key: The key of the one write that this client is for; `nil` makes a new one for each.
  ///   - isStale: Whether reads are of what the node has, without asking a majority.
  package init(
    _ nodes: [Endpoint], authority: String, credential: Credential, renewal: String = "",
    timeout: Duration, key: String? = nil, isStale: Bool = false
  ) throws(Failure) {
    self.timeout = timeout
    self.isStale = isStale
    self.renewal = renewal
    let courier = try TLSCourier(authority: authority, credential: credential)
    caller = Caller(nodes, timeout: timeout, courier: courier)
    self.key = key
  }

  /// Reads, as JSON.
  package mutating func read(_ path: String) throws(Failure) -> Reply {
    let answer = try call(.read(fresh(path)))
    try check(answer)
    return Reply(bytes: answer.body, value: try Self.json(answer.body))
  }

  /// Reads in another form.
  package mutating func text(_ path: String, accept: String) throws(Failure) -> String {
    let answer = try call(.read(fresh(path), accept: accept))
    try check(answer)
    return String(decoding: answer.body, as: UTF8.self)
  }

  /// The answer to `ask`, for which somebody may wait long, or not at all.
  private mutating func call(_ ask: Ask) throws(Failure) -> Answer {
    let line = Progress.Line("Waiting for the cluster", limit: timeout)
    guard case .write(let key, _) = ask.kind else {
      return try Progress.during(line) { _ throws(Failure) in try caller.call(ask) }
    }
    let farewell: Interruption.Farewell = {
      "It may be done or not. Say the same again with --key \(key): it is then done once."
    }
    return try Interruption.bidding(farewell) { () throws(Failure) in
      try Progress.during(line) { _ throws(Failure) in try caller.call(ask) }
    }
  }

  private func fresh(_ path: String) -> String { isStale ? Self.stale(path) : path }

  /// The address by which what a node has is read, old or not. What it says of itself it has in any case, and
  /// there is no choice.
  static func stale(_ path: String) -> String {
    guard !ofNode.contains(String(path.prefix { $0 != "?" })) else { return path }
    return path + (path.contains("?") ? "&" : "?") + "consistency=stale"
  }

  private static let ofNode: Set<String> = ["/v1/cluster", "/metrics"]

  /// Has something done, once.
  package mutating func write(
    _ path: String, _ body: [UInt8], type: String = "application/json", ifMatch: String? = nil
  ) throws(Failure) -> Reply {
    try writeForCookies(path, body, type: type, ifMatch: ifMatch).reply
  }

  /// Has something done, once, and tells which cookies came with the answer.
  mutating func writeForCookies(
    _ path: String, _ body: [UInt8], type: String = "application/json", ifMatch: String? = nil
  ) throws(Failure) -> (reply: Reply, cookies: [String]) {
    var ask = Ask.write(path, key: key ?? Self.newKey(), body: body, type: type)
    ask.ifMatch = ifMatch
    let answer = try call(ask)
    try check(answer)
    return (Reply(bytes: answer.body, value: try Self.json(answer.body)), answer.cookies)
  }

  /// Has something done, once, whose body `write` puts into an object.
  package mutating func write(
    _ path: String, _ members: (inout JSONWriter) -> Void = { _ in }
  ) throws(Failure) -> Reply {
    var json = JSONWriter()
    json.beginObject()
    members(&json)
    json.endObject()
    return try write(path, json.bytes)
  }

  /// The key of the next write, which is then known whatever comes of it.
  mutating func keyOfWrite() -> String {
    let known = key ?? Self.newKey()
    key = known
    return known
  }

  /// A key that nobody used before, in the order of time.
  package static func newKey() -> String {
    ID(version7At: Clock.now(), random: randomUInt64Pair()).description
  }

  private static func json(_ body: [UInt8]) throws(Failure) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: body)
    } catch {
      throw Failure(
        .unknown,
        "The answer is not JSON: \(error.detail). What answers there may be a proxy and no node: look "
          + "at --endpoint, and at what stands between.")
    }
  }

  /// Throws what a problem (RFC 9457) says; passes what was done.
  private func check(_ answer: Answer) throws(Failure) {
    guard answer.status >= 300 else { return }
    throw ProblemText.failure(
      answer.status, answer.body, retryAfter: answer.retryAfter, renewal: renewal)
  }
}

/// What a node answered: as it came, for a program, and as a tree.
package struct Reply: Sendable {
  /// The text of the answer.
  package let bytes: [UInt8]
  /// What it says.
  package let value: JSONValue

  /// What a write came to: its `result`.
  package var result: JSONValue? { value["result"] }

  /// The id of what a write made or changed.
  package var id: String { result?["id"]?.text ?? "" }

  /// The elements of a list.
  package var items: [JSONValue] { value["items"]?.elements ?? [] }
}
