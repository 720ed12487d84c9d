package import TLS

/// A request as the client means it, before it is known which node will answer.
package struct Ask: Hashable, Sendable {
  /// What a GET and a POST differ in for whoever repeats them.
  package enum Kind: Hashable, Sendable {
    /// Changes nothing.
    case read
    /// A decision. However often it is sent with one key, it is done once.
    case write(key: String, body: [UInt8])
  }

  /// Whether it reads or writes.
  package var kind: Kind
  /// The path with its query, such as `/v1/incidents?limit=50`.
  package var path: String
  /// The form of the answer that is wished for.
  package var accept: String
  /// The form of the body, if there is one.
  package var type = "application/json"
  /// What must still be so for it to be done, as `If-Match` without its quotation marks.
  package var ifMatch: String?

  /// A GET.
  package static func read(_ path: String, accept: String = "application/json") -> Ask {
    Ask(kind: .read, path: path, accept: accept)
  }

  /// A POST of a body, usually of JSON.
  package static func write(
    _ path: String, key: String, body: [UInt8], type: String = "application/json"
  ) -> Ask {
    Ask(kind: .write(key: key, body: body), path: path, accept: "application/json", type: type)
  }

  /// Whether it may change something.
  package var isWrite: Bool { kind != .read }
}

/// What a node answered.
package struct Answer: Hashable, Sendable {
  /// The status of HTTP.
  package var status: Int
  /// After how many seconds the node would like to be asked again.
  package var retryAfter: Int?
  /// The content.
  package var body: [UInt8]
  /// The values of Set-Cookie.
  package var cookies: [String]

  /// An answer.
  package init(
    status: Int, retryAfter: Int? = nil, body: [UInt8] = [], cookies: [String] = []
  ) {
    self.status = status
    self.retryAfter = retryAfter
    self.body = body
    self.cookies = cookies
  }
}

/// What came of handing a request to one node.
package enum Delivery: Hashable, Sendable {
  /// The node answered.
  case answered(Answer)
  /// It never left: who answers there did not prove to be a node of the cluster.
  case distrusted(reason: String)
  /// It never left: there is no connection.
  case notSent(reason: String)
  /// It left, and no answer came.
  case lost(reason: String)
}

/// The way to the nodes. A test puts a script in its place.
package protocol Courier {
  /// Hands a request to one node and waits for the answer, no longer than `limit`.
  mutating func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery
  /// How much time has passed, from a beginning that does not change.
  func now() -> Duration
  /// Waits.
  mutating func pause(_ length: Duration)
}
