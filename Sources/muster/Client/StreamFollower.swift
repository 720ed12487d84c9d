import EventLoop
import HTTP
package import JSON
package import TLS

/// Follows the stream of a cluster for as long as it is wanted: when a node ends or is lost, it goes on at
/// the next with the last id that it has.
package struct StreamFollower<Line: StreamLine> {
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
  private var line: Line
  private let credential: Credential
  private let renewal: String
  private let patience: Duration
  private var current = 0
  private var reader: StreamReader

  /// Between two nodes, in microseconds; and behind one that was asked too much.
  private static var pause: UInt32 { 50_000 }
  private static var longPause: UInt32 { 1_000_000 }

  /// A follower.
  ///
  /// - Parameters:
  ///   - nodes: Of which there is at least one.
  ///   - line: The way to them.
  ///   - credential: Who follows.
  ///   - renewal: What to say to whom the cluster does not know.
  ///   - lastID: Where to go on; `nil` begins with what happens next.
  ///   - patience: How long to try while no node lets it follow.
  package init(
    _ nodes: [Endpoint], on line: Line, credential: Credential, renewal: String = "",
    after lastID: String? = nil, patience: Duration
  ) {
    precondition(!nodes.isEmpty, "A follower without nodes to ask.")
    self.nodes = nodes
    self.line = line
    self.credential = credential
    self.renewal = renewal
    self.patience = patience
    reader = StreamReader(lastID: lastID)
  }

  /// Follows `path`, until `each` or `goesOn` answers false.
  ///
  /// - Parameters:
  ///   - each: Takes an entry, and the id to go on behind it.
  ///   - goesOn: Is asked whenever a node says something, also where that is no entry.
  ///   - moved: Is told when and why it goes on at another node.
  /// - Throws: Why nobody lets it follow.
  package mutating func follow(
    _ path: String, each: (JSONValue, [UInt8], String) -> Bool,
    goesOn: () -> Bool = { true }, moved: (Endpoint, String) -> Void
  ) throws(Failure) {
    // Nobody lets it follow yet. A node that did and is lost was only quiet until then.
    var lostSince: Int64? = line.now()
    while true {
      guard let end = listen(path, lostSince: &lostSince, each, goesOn) else { return }
      reader.begin()
      switch end {
      case .refused(let status, let body):
        throw ProblemText.failure(status, body, renewal: renewal)
      case .lost(let reason), .later(let reason):
        let now = line.now()
        let since = lostSince ?? now
        lostSince = since
        guard now - since < patience.nanoseconds else {
          throw Failure(
            .unavailable,
            "No node lets it follow: \(reason)\nSee muster cluster status --stale. "
              + (reader.lastID.map { "Go on later with: muster watch --after \($0)" }
                ?? "Say it again later: it begins with what happens then."))
        }
        moved(nodes[current], reason)
        current = (current + 1) % nodes.count
        if case .later = end { line.pause(Self.longPause) } else { line.pause(Self.pause) }
      }
    }
  }

  /// Listens to one node. `lostSince` becomes nothing once it lets it follow.
  ///
  /// - Returns: Why it ended; nothing where no more is wanted.
  private mutating func listen(
    _ path: String, lostSince: inout Int64?, _ each: (JSONValue, [UInt8], String) -> Bool,
    _ goesOn: () -> Bool
  ) -> End? {
    let node = nodes[current]
    let request = request(path, to: node)
    var parser = ResponseParser()
    var reader = self.reader
    defer { self.reader = reader }
    var end: End? = .lost(reason: "the connection ended")
    do {
      try line.hear(node, request) { bytes in
        parser.receive(bytes)
        if let whole = try parser.next(answering: .get) {
          end = Self.end(whole.status.code, whole.body)
          return false
        }
        guard let part = parser.takePart() else { return true }
        guard part.status.code == 200 else {
          end = .lost(reason: "HTTP status \(part.status.code)")
          return false
        }
        lostSince = nil
        for (event, id) in reader.take(part.body) {
          if event.name == "problem" {
            end = Self.end(ofProblem: event.data)
            return false
          }
          let value = try JSONValue(parsing: event.data)
          guard each(value, event.data, id ?? "") else {
            end = nil
            return false
          }
        }
        guard goesOn() else {
          end = nil
          return false
        }
        return true
      }
      return end
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

extension StreamFollower: Sendable where Line: Sendable {}

extension StreamFollower<TLSLine> {
  /// A follower over TLS.
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
    let context: TLSContext
    do throws(TLSError) {
      context = try TLSContext.client(authority: authority)
    } catch {
      throw error.ofAuthority
    }
    self.init(
      nodes, on: TLSLine(context), credential: credential, renewal: renewal, after: lastID,
      patience: patience)
  }
}
