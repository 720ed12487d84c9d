package import EventLoop
import HTTP
import TLS

/// The clients' side of a node: it listens, serves each connection on the client loop, and knows
/// when all of them are done.
///
/// It is thin. What a request means is decided by the ``API``, what is allowed by the domain.
@ClientLoop package final class Gateway {
  /// Connections that are served at once unless it is said otherwise. Each costs about 35 KiB.
  package nonisolated static let usualConnections = 2_000
  /// How long a stopping gateway waits for requests that are under way: longer than any answer.
  private static let longestGoodbye = Duration.seconds(5)

  private let api: API
  private let bounds: Session.Bounds
  private let mostConnections: Int
  private var sessions: [ObjectIdentifier: Session] = [:]
  private var isStopping = false
  private var waiter: CheckedContinuation<Void, Never>?
  /// Where it listens, while it does.
  var doors: [Door] = []
  /// Connections that are shaking hands.
  var greeting = 0
  private var date = (second: Int64.min, text: "")

  /// Notes uses of credentials, again and again.
  private func scheduleNoting() {
    _ = ClientLoop.loop.schedule(after: API.usesInterval) { [weak self] in
      guard let self, !self.isStopping else { return }
      Task(name: "uses", executorPreference: ClientLoop.loop) { await self.api.note() }
      self.scheduleNoting()
    }
  }

  /// A gateway that serves whatever connection it is given by ``serve(_:)``.
  package init(
    api: API, bounds: Session.Bounds = Session.Bounds(),
    mostConnections: Int = Gateway.usualConnections
  ) {
    self.api = api
    self.bounds = bounds
    self.mostConnections = mostConnections
    scheduleNoting()
  }

  /// Whether another connection may come: not while stopping, and not over the bound.
  package var hasRoom: Bool { !isStopping && sessions.count + greeting < mostConnections }

  /// How many connections are served now.
  package var connections: Int { sessions.count }

  /// Tells who asks for the cluster's status when the first of the node's certificates runs out.
  package func showEnd(ofPapers end: Int64?) { api.papersEnd = end }

  /// Serves a connection until it ends. Ends it at once where there is no room.
  package func serve(_ wire: any Wire) async {
    guard hasRoom else { return wire.close() }
    let session = Session(wire, api: api, bounds: bounds) { self.httpDate() }
    sessions[ObjectIdentifier(session)] = session
    await session.run()
    sessions[ObjectIdentifier(session)] = nil
    if sessions.isEmpty { finish() }
  }

  /// Ends connections at rest, lets requests under way come to their answer, and returns when all
  /// connections are gone. Close the listener first.
  package func drain() async {
    isStopping = true
    for session in sessions.values { session.end() }
    api.feeds.end()
    guard !sessions.isEmpty else { return }
    let timer = ClientLoop.loop.schedule(after: Self.longestGoodbye) { self.abandon() }
    await withCheckedContinuation { continuation in
      // A caller from elsewhere is put at the end of the line before it gets here, and the last
      // session may have gone meanwhile.
      if sessions.isEmpty { continuation.resume() } else { waiter = continuation }
    }
    ClientLoop.loop.cancel(timer)
  }

  private func abandon() {
    for session in sessions.values { session.abandon() }
  }

  private func finish() {
    waiter?.resume()
    waiter = nil
  }

  /// The value of the Date field, made once a second.
  private func httpDate() -> String {
    let second = Wall.now() / 1_000
    if second != date.second { date = (second, HTTP.httpDate(second)) }
    return date.text
  }
}
