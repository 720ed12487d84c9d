package import EventLoop
import HTTP

/// One client's connection, from its first byte to its last: requests in, answers out, in order.
///
/// Requests that arrive together are answered together, with one send. They are not worked on side
/// by side: a client that wants that opens a second connection.
@ClientLoop package final class Session {
  /// How long things may take, and how much may be done at once.
  package struct Bounds: Sendable {
    /// A head must be whole so many seconds after its first byte; a new connection has as long for
    /// its first byte.
    package var head = Duration.seconds(10)
    /// A body must be whole so many seconds after its head.
    package var body = Duration.seconds(30)
    /// A connection may rest so long between requests.
    package var idle = Duration.seconds(60)
    /// An answer must be taken within this time.
    package var send = Duration.seconds(30)
    /// A connection at rest is ended so long after the node began to stop: a request that was on its
    /// way is answered still.
    package var lastCall = Duration.milliseconds(100)
    /// Where all places are taken, whoever came or began a message is let say more for so long: two ways
    /// there and back on a slow line.
    package var courtesy = Duration.seconds(1)
    /// A refused sender is listened to so long, so that the refusal reaches it before the reset.
    package var linger = Duration.seconds(1)
    /// Requests answered in a row before the others on this loop have their turn.
    package var requestsPerTurn = 32
    /// Bytes of answers gathered before they are sent: a few lists.
    package var gathered = 256 * 1024
    /// Bytes of a refused sender that are passed over.
    package var lingered = 2 * 1024 * 1024

    /// The bounds of the architecture.
    package init() {}
  }

  private let wire: any Wire
  private let api: API
  private let bounds: Bounds
  private let date: () -> String
  private var parser = RequestParser()
  private var output: [UInt8] = []
  /// What the deadline is for: `nil` after an answer, until the next bytes are waited for.
  private var phase: RequestParser.Phase? = .head
  private var deadline: Int64
  /// Whether the next answer is the last.
  private var isEnding = false
  /// Since when the next bytes of this phase are waited for, by the monotonic clock.
  private var since: Int64
  private var isWaiting = false

  /// Whether it waits for a request and nothing is under way.
  package var isResting: Bool { isWaiting && parser.phase == .idle }

  /// Since when it keeps its place for nothing, in nanoseconds of the monotonic clock: it rests between
  /// requests, or what it said it would send has not come for ``Bounds/courtesy``. `nil` while it is
  /// worked for.
  package func keepsPlace(at now: Int64) -> Int64? {
    guard isWaiting else { return nil }
    let isBetweenRequests = isResting && phase == .idle
    return isBetweenRequests || now - since >= bounds.courtesy.nanoseconds ? since : nil
  }

  /// A session on a wire that is ready. `date` gives the value of the Date field.
  package init(
    _ wire: any Wire, api: API, bounds: Bounds = Bounds(), date: @escaping () -> String
  ) {
    self.wire = wire
    self.api = api
    self.bounds = bounds
    self.date = date
    since = Wall.monotonic()
    deadline = Self.deadline(bounds.head)
  }

  /// Serves until either side ends the connection.
  package func run() async {
    do {
      try await serve()
    } catch {
      // The client went, or was too slow to take its answer: there is nobody left to tell.
    }
    wire.close()
  }

  /// Answers the first bytes with a problem, since there is no place, and ends.
  package func turnAway() async {
    do throws(WireError) {
      if try await wire.receive(until: Self.deadline(bounds.courtesy)) != nil {
        try await refuse(.busy)
      }
    } catch {
      // It said nothing, or has gone.
    }
    wire.close()
  }

  /// Makes the answer under way the last, or the next one if it comes soon.
  package func end() {
    isEnding = true
    guard isResting else { return }
    _ = ClientLoop.loop.schedule(after: bounds.lastCall) {
      if self.isResting { self.wire.close() }
    }
  }

  /// Ends the connection, whatever is under way.
  package func abandon() { wire.close() }

  private func serve() async throws(WireError) {
    var served = 0
    while true {
      let step: RequestParser.Step?
      do throws(HTTPError) {
        step = try parser.next()
      } catch {
        return try await refuse(Problem(error))
      }

      switch step {
      case .request(let request):
        let response = await api.respond(
          to: request, from: wire.remote, certificate: wire.certificate)
        response.serialise(
          into: &output, answering: request, closing: isEnding, date: date())
        if let tail = response.tail, request.method != .head {
          try await flush()
          return await tail.send(to: self)
        }
        guard request.keepAlive, !isEnding, response.tail == nil else { return try await flush() }
        served += 1
        if output.count >= bounds.gathered { try await flush() }
        if served % bounds.requestsPerTurn == 0 { await Task.yield() }
        // The next request begins anew, whatever of it has arrived already.
        phase = nil
      case .continueExpected:
        output += Response.goOn
        try await flush()
      case nil:
        try await flush()
        guard try await receive() else { return }
      }
    }
  }

  /// Takes in what arrives next; false when that is nothing any more.
  private func receive() async throws(WireError) -> Bool {
    enter(parser.phase)
    isWaiting = true
    defer { isWaiting = false }
    // Told to go on by the last answer, the client may have sent a request already.
    if isResting, isEnding { deadline = Self.deadline(bounds.lastCall) }
    do throws(WireError) {
      guard let bytes = try await wire.receive(until: deadline) else { return false }
      parser.receive(bytes)
      return true
    } catch .timedOut where parser.phase != .idle {
      try await refuse(Problem(.tooSlow))
      return false
    }
  }

  /// Gives what comes next its time, unless it is under way already.
  private func enter(_ next: RequestParser.Phase) {
    // A first head is waited for as a head is.
    guard next != phase, !(next == .idle && phase == .head) else { return }
    phase = next
    since = Wall.monotonic()
    switch next {
    case .idle: deadline = Self.deadline(bounds.idle)
    case .head: deadline = Self.deadline(bounds.head)
    case .body: deadline = Self.deadline(bounds.body)
    }
  }

  /// Answers with a problem, and ends the connection so that the answer arrives.
  private func refuse(_ problem: Problem) async throws(WireError) {
    problem.response.serialise(into: &output, answering: nil, closing: true, date: date())
    try await flush()
    let end = Self.deadline(bounds.linger)
    var passed = 0
    while passed < bounds.lingered, let bytes = try await wire.receive(until: end) {
      passed += bytes.count
    }
  }

  private func flush() async throws(WireError) {
    guard !output.isEmpty else { return }
    try await wire.send(output, until: Self.deadline(bounds.send))
    output.removeAll(keepingCapacity: output.capacity <= bounds.gathered)
  }

  private static func deadline(_ duration: Duration) -> Int64 {
    Wall.monotonic() + duration.nanoseconds
  }
}

/// The other side of an answer that goes on.
extension Session: TailReader {
  @ClientLoop package func take(_ bytes: [UInt8]) async throws {
    try await wire.send(bytes, until: Self.deadline(bounds.send))
  }

  /// A client that says something more meanwhile wants something that cannot be had on this connection.
  @ClientLoop package func hasGone() async -> Bool {
    do throws(WireError) {
      _ = try await wire.receive(until: Wall.monotonic())
      return true
    } catch {
      return error != .timedOut
    }
  }
}
