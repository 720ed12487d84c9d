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
  /// Connections over the bound that are told so at once, with an answer; beyond them one is only closed.
  package nonisolated static let spareConnections = 64
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
  /// Connections that are shaking hands, and since when.
  private var greeting: [ObjectIdentifier: (connection: Connection, since: Int64)] = [:]
  /// Connections that gave way since that was last told.
  private var gaveWay = 0
  /// Connections that there is no place for, and that are being told so; and those since that was last told.
  private var (turningAway, turnedAway) = (0, 0)
  private var date = (second: Int64.min, text: "")

  /// Notes uses of credentials, again and again.
  private func scheduleNoting() {
    _ = ClientLoop.loop.schedule(after: API.usesInterval) { [weak self] in
      guard let self, !self.isStopping else { return }
      Task(name: "uses", executorPreference: ClientLoop.loop) { await self.api.note() }
      self.tellOfCrowd()
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
  package var hasRoom: Bool { !isStopping && sessions.count + greeting.count < mostConnections }

  /// How many connections are served now.
  package var connections: Int { sessions.count }

  /// Tells who asks for the cluster's status when the first of the node's certificates runs out.
  package func showEnd(ofPapers end: Int64?) { api.papersEnd = end }

  /// Makes room for one more connection where all places are taken, by ending one that keeps its place for
  /// nothing; otherwise whoever opens many and asks nothing would keep everybody else out.
  ///
  /// First goes who has rested longest between requests, then who has been shaking hands or sending a
  /// message longest. HTTP lets a server end a connection at rest at any time, and clients come back.
  ///
  /// - Returns: Whether there is room. There is none where all are worked for, or have just come.
  package func makeRoom() -> Bool {
    guard !hasRoom, !isStopping else { return hasRoom }
    let now = Wall.monotonic()
    var rests: (session: Session, since: Int64)?
    var dawdles: (session: Session, since: Int64)?
    for session in sessions.values {
      guard let since = session.keepsPlace(at: now) else { continue }
      if session.isResting {
        if since < rests?.since ?? .max { rests = (session, since) }
      } else if since < dawdles?.since ?? .max {
        dawdles = (session, since)
      }
    }
    let greeted = greeting.values.min { $0.since < $1.since }.flatMap {
      now - $0.since >= bounds.courtesy.nanoseconds ? $0 : nil
    }
    if let rests {
      end(rests.session)
    } else if let greeted, greeted.since < dawdles?.since ?? .max {
      greeting[ObjectIdentifier(greeted.connection)] = nil
      greeted.connection.close()
    } else if let dawdles {
      end(dawdles.session)
    } else {
      return false
    }
    gaveWay += 1
    return true
  }

  /// Ends a connection and has its place free at once, before its task comes to its end.
  private func end(_ session: Session) {
    sessions[ObjectIdentifier(session)] = nil
    session.abandon()
  }

  private func tellOfCrowd() {
    guard gaveWay > 0 || turnedAway > 0 else { return }
    api.site.log(
      "had all \(mostConnections) places for clients taken, ended \(gaveWay) connections that asked "
        + "nothing, for others, and turned \(turnedAway) away")
    (gaveWay, turnedAway) = (0, 0)
  }

  /// Whether a connection that there is no place for can still be told so.
  package var canTurnAway: Bool { !isStopping && turningAway < Self.spareConnections }

  /// Shakes hands with a client that there is no room for, and tells it so.
  func turnAway(_ connection: Connection) {
    turningAway += 1
    Task(name: "crowd \(connection.remote)", executorPreference: ClientLoop.loop) {
      await self.greetOneTooMany(connection)
    }
  }

  private func greetOneTooMany(_ connection: Connection) async {
    defer { turningAway -= 1 }
    do throws(TLSError) {
      try await connection.handshake()
    } catch {
      return connection.close()
    }
    await tellCrowded(ClientWire(connection))
  }

  /// Answers whatever is asked with a problem, and ends.
  private func tellCrowded(_ wire: any Wire) async {
    turnedAway += 1
    await Session(wire, api: api, bounds: bounds) { self.httpDate() }.turnAway()
  }

  /// Shakes hands with a client that there is room for, and serves it.
  func take(_ connection: Connection) {
    greeting[ObjectIdentifier(connection)] = (connection, Wall.monotonic())
    Task(name: "client \(connection.remote)", executorPreference: ClientLoop.loop) {
      await self.greet(connection)
    }
  }

  private func greet(_ connection: Connection) async {
    let id = ObjectIdentifier(connection)
    do throws(TLSError) {
      try await connection.handshake()
    } catch {
      // A scanner, a client with another authority, or one too slow: nothing of ours is lost.
      greeting[id] = nil
      return connection.close()
    }
    // One that gave way meanwhile has no place any more.
    guard greeting.removeValue(forKey: id) != nil else { return connection.close() }
    await serve(ClientWire(connection))
  }

  /// Serves a connection until it ends. Tells it so and ends it where there is no room.
  package func serve(_ wire: any Wire) async {
    guard makeRoom() else {
      guard canTurnAway else { return wire.close() }
      turningAway += 1
      await tellCrowded(wire)
      turningAway -= 1
      return
    }
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
