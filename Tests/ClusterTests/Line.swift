import EventLoop
import HTTP
import JSON
import TLS
import muster

/// A connection to one node that is kept, and one request after another on it. Every call waits.
struct Line: ~Copyable {
  /// What came of a request.
  enum Result {
    case answered(Response)
    /// It never left: no connection.
    case notSent
    /// It left, at least in part, and no answer came.
    case lost
  }

  private let node: Endpoint
  private let context: TLSContext
  private let token: String
  private var connection: BlockingClient?
  private var parser = ResponseParser()

  init(to node: Endpoint, _ context: TLSContext, token: String) {
    self.node = node
    self.context = context
    self.token = token
  }

  mutating func get(_ target: String, within limit: Duration = .seconds(5)) -> Result {
    ask(ClientRequest(.get, target, host: node.description), within: limit)
  }

  mutating func post(
    _ target: String, key: String, _ body: String, ifMatch version: String? = nil,
    within limit: Duration = .seconds(5)
  ) -> Result {
    var request = ClientRequest(.post, target, host: node.description, body: Array(body.utf8))
    request.fields.append("Idempotency-Key", key)
    request.fields.append("Content-Type", "application/json")
    if let version { request.fields.append("If-Match", version) }
    return ask(request, within: limit)
  }

  private mutating func ask(_ request: ClientRequest, within limit: Duration) -> Result {
    let deadline = Clock.monotonic() + limit.nanoseconds
    let left = { Duration.nanoseconds(max(0, deadline - Clock.monotonic())) }
    guard var connection = connection.take() ?? connect(within: left()) else { return .notSent }
    var request = request
    request.fields.append("Authorization", "Bearer \(token)")
    var bytes: [UInt8] = []
    request.serialise(into: &bytes)
    do {
      try connection.write(bytes, within: left())
      while true {
        if let response = try parser.next(answering: request.method) {
          if parser.keepAlive { self.connection = consume connection }
          return .answered(response)
        }
        guard let more = try connection.read(within: left()) else { return .lost }
        parser.receive(more)
      }
    } catch {
      return .lost
    }
  }

  private mutating func connect(within limit: Duration) -> BlockingClient? {
    parser = ResponseParser()
    // Whatever the reason, it did not come to be.
    return try? BlockingClient(to: node, context: context, within: limit)
  }
}

extension Line.Result: CustomStringConvertible {
  var description: String {
    switch self {
    case .answered(let response):
      "\(response.status.code) \(String(decoding: response.body, as: UTF8.self))"
    case .notSent: "no connection"
    case .lost: "no answer"
    }
  }

  /// The status, or `nil` without an answer.
  var status: Int? {
    if case .answered(let response) = self { response.status.code } else { nil }
  }

  /// The body as JSON, or `nil` without an answer.
  var json: JSONValue? {
    guard case .answered(let response) = self else { return nil }
    return try? JSONValue(parsing: response.body)
  }
}
