import EventLoop
import Glibc
import HTTP
package import JSON
package import TLS

/// Follows the stream of a cluster for as long as it is wanted: when a node ends or is lost, it goes on at
/// the next with the last id that it has.
package struct StreamFollower {
  /// What came of following one node.
  private enum End {
    /// It answered that it does not, for good.
    case refused(status: Int, body: [UInt8])
    /// Try another.
    case lost(reason: String)
    /// It was asked too much: try another, and not at once.
    case later(reason: String)
  }

  private let nodes: [Endpoint]
  private let context: TLSContext
  private let credential: Credential
  private let renewal: String
  private let patience: Duration
  private var current = 0
  private var reader: StreamReader

  /// A node says something every 15 seconds; one that is silent for longer is gone.
  private static let silence = Duration.seconds(40)
  private static let connecting = Duration.seconds(5)
  /// Between two nodes, in microseconds; and behind one that was asked too much.
  private static let pause: UInt32 = 50_000
  private static let longPause: UInt32 = 1_000_000

  /// A follower.
  ///
  /// - Parameters:
  ///   - nodes: Of which there is at least one.
  ///   - authority: The PEM file of the authority to trust.
  ///   - credential: Who follows.
  ///   - renewal: What to say to whom the cluster does not know.
  ///   - lastID: Where to go on; `nil` begins with what happens next.
  ///   - patience: How long to try while no node lets it follow.
  package init(
    _ nodes: [Endpoint], authority: String, credential: Credential, renewal: String = "",
    after lastID: String? = nil, patience: Duration
  ) throws(Failure) {
    precondition(!nodes.isEmpty, "A follower without nodes to ask.")
    self.nodes = nodes
    do throws(TLSError) {
      context = try TLSContext.client(authority: authority)
    } catch {
      throw error.ofAuthority
    }
    self.credential = credential
    self.renewal = renewal
    self.patience = patience
    reader = StreamReader(lastID: lastID)
  }

  /// Follows `path`, until `each` answers false.
  ///
  /// - Parameters:
  ///   - each: Takes an entry, and the id to go on behind it.
  ///   - moved: Is told when and why it goes on at another node.
  /// - Throws: Why nobody lets it follow.
  package mutating func follow(
    _ path: String, each: (JSONValue, [UInt8], String) -> Bool, moved: (Endpoint, String) -> Void
  ) throws(Failure) {
    var alive = Clock.monotonic()
    while true {
      var isWanted = true
      let end = listen(path, alive: &alive) { value, bytes, id in
        isWanted = each(value, bytes, id)
        return isWanted
      }
      guard isWanted, let end else { return }
      reader.begin()
      switch end {
      case .refused(let status, let body):
        throw ProblemText.failure(status, body, renewal: renewal)
      case .lost(let reason), .later(let reason):
        guard Clock.monotonic() - alive < patience.nanoseconds else {
          throw Failure(
            .unavailable,
            "No node lets it follow: \(reason)\nSee muster cluster status --stale. "
              + (reader.lastID.map { "Go on later with: muster watch --after \($0)" }
                ?? "Say it again later: it begins with what happens then."))
        }
        moved(nodes[current], reason)
        current = (current + 1) % nodes.count
        if case .later = end { usleep(Self.longPause) } else { usleep(Self.pause) }
      }
    }
  }

  /// Listens to one node. `alive` becomes when it was last heard.
  private mutating func listen(
    _ path: String, alive: inout Int64, _ each: (JSONValue, [UInt8], String) -> Bool
  ) -> End? {
    let node = nodes[current]
    do {
      var connection = try BlockingClient(to: node, context: context, within: Self.connecting)
      try connection.write(request(path, to: node), within: Self.connecting)
      var parser = ResponseParser()
      while let bytes = try connection.read(within: Self.silence) {
        parser.receive(bytes)
        if let whole = try parser.next(answering: .get) {
          return Self.end(whole.status.code, whole.body)
        }
        guard let part = parser.takePart() else { continue }
        guard part.status.code == 200 else {
          return .lost(reason: "HTTP status \(part.status.code)")
        }
        alive = Clock.monotonic()
        for (event, id) in reader.take(part.body) {
          if event.name == "problem" { return Self.end(ofProblem: event.data) }
          let value = try JSONValue(parsing: event.data)
          guard each(value, event.data, id ?? "") else { return nil }
        }
      }
      return .lost(reason: "the connection ended")
    } catch {
      return .lost(reason: "\(error)")
    }
  }

  private static func end(_ status: Int, _ body: [UInt8]) -> End {
    // Another node may have room, a majority, or its files in order.
    guard status >= 500 || status == 429 else { return .refused(status: status, body: body) }
    let title = (try? JSONValue(parsing: body))?["title"]?.text
    let reason = title ?? "HTTP status \(status)"
    return status == 429 ? .later(reason: reason) : .lost(reason: reason)
  }

  private static func end(ofProblem body: [UInt8]) -> End {
    end((try? JSONValue(parsing: body))?["status"]?.integer ?? 503, body)
  }

  private func request(_ path: String, to node: Endpoint) -> [UInt8] {
    var request = ClientRequest(.get, path, host: node.description)
    credential.add(to: &request.fields)
    request.fields.append("Accept", "text/event-stream")
    if let id = reader.lastID { request.fields.append("Last-Event-ID", id) }
    var bytes: [UInt8] = []
    request.serialise(into: &bytes)
    return bytes
  }
}
