import Bytes
import EventLoop
import Gateway
import TLS
import Testing

@ClientLoop @Suite("A connection")
struct SessionTests {
  private let alive = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
  private let last = "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  /// Serves what the other side brings, until it ends.
  private func serve(
    _ pieces: [String], bounds: Session.Bounds = Session.Bounds(), ends: Bool = true
  ) async throws -> MemoryWire {
    let wire = MemoryWire()
    for piece in pieces { wire.bring(piece) }
    if ends { wire.end() }
    try await session(on: wire, bounds).run()
    return wire
  }

  private func session(
    on wire: MemoryWire, _ bounds: Session.Bounds = Session.Bounds()
  ) throws -> Session {
    Session(wire, api: try API.ofOne(), bounds: bounds) { "Mon, 23 Nov 2026 09:04:10 GMT" }
  }

  @Test func `is kept until a request says that it is the last`() async throws {
    let wire = try await serve([alive, alive, last], ends: false)
    #expect(wire.count(of: 200) == 3)
    #expect(wire.text.contains("Date: Mon, 23 Nov 2026 09:04:10 GMT\r\n"))
    #expect(wire.isClosed)
  }

  @Test func `answers what was pipelined in one send`() async throws {
    let wire = try await serve([String(repeating: alive, count: 100)])
    #expect(wire.count(of: 200) == 100)
    #expect(wire.sends == 1)
  }

  @Test func `reads a request in any pieces`() async throws {
    let wire = try await serve(alive.map(String.init))
    #expect(wire.count(of: 200) == 1)
  }

  @Test func `goes on where the sender waits for that`() async throws {
    let head =
      "POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
      + "Expect: 100-continue\r\n\r\n"
    let wire = try await serve([head, "{}"])
    #expect(wire.text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 "))
  }

  @Test func `tells HEAD the length without the body`() async throws {
    let wire = try await serve(["HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n"])
    #expect(wire.text.contains("Content-Length: 13\r\n"))
    #expect(wire.text.hasSuffix("\r\n\r\n"))
  }

  @Test(arguments: [
    (
      400,
      "POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n"
    ),
    (
      400,
      "POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
    ),
    (400, "GET  /livez HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /livez HTTP/1.1\r\n\r\n"),
    (413, "POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"),
    (431, "GET /livez HTTP/1.1\r\nHost: a\r\nA: " + String(repeating: "a", count: 17_000)),
    (501, "BREW /livez HTTP/1.1\r\nHost: a\r\n\r\n"),
    (505, "GET /livez HTTP/2.0\r\nHost: a\r\n\r\n"),
  ])
  func `refuses what cannot be read, and ends`(status: Int, request: String) async throws {
    let wire = try await serve([request + alive])
    #expect(wire.text.hasPrefix("HTTP/1.1 \(status) "))
    #expect(wire.text.contains("application/problem+json"))
    #expect(wire.text.contains("Connection: close\r\n"))
    #expect(wire.count(of: 200) == 0)
    #expect(wire.isClosed)
  }

  @Test func `gives a head its time, and answers when it goes by`() async throws {
    var bounds = Session.Bounds()
    bounds.head = .milliseconds(20)
    bounds.linger = .milliseconds(1)
    let wire = try await serve(["GET /livez HT"], bounds: bounds, ends: false)
    #expect(wire.text.hasPrefix("HTTP/1.1 408 "))
    #expect(wire.isClosed)
  }

  @Test func `gives a body its time, and answers when it goes by`() async throws {
    var bounds = Session.Bounds()
    bounds.body = .milliseconds(20)
    bounds.linger = .milliseconds(1)
    let request = "POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
    let wire = try await serve([request], bounds: bounds, ends: false)
    #expect(wire.text.hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `rests for its time and then ends without a word`() async throws {
    var bounds = Session.Bounds()
    bounds.idle = .milliseconds(20)
    let wire = try await serve([alive], bounds: bounds, ends: false)
    #expect(wire.count(of: 200) == 1)
    #expect(wire.text.split(separator: "HTTP/1.1").count == 1)
    #expect(wire.isClosed)
  }

  @Test func `at rest is ended by a gateway that drains`() async throws {
    let gateway = Gateway(api: try API.ofOne())
    let wire = MemoryWire()
    wire.bring(alive)
    let serving = Task(executorPreference: ClientLoop.loop) { await gateway.serve(wire) }
    while wire.sends == 0 { await Task.yield() }
    await gateway.drain()
    await serving.value
    #expect(wire.isClosed)
    #expect(gateway.connections == 0)
    #expect(!gateway.hasRoom)
  }

  @Test func `answers a request that was on its way when the gateway began to drain`() async throws
  {
    var bounds = Session.Bounds()
    bounds.lastCall = .seconds(30)
    let gateway = Gateway(api: try API.ofOne(), bounds: bounds)
    let wire = MemoryWire()
    wire.bring(alive)
    let serving = Task(executorPreference: ClientLoop.loop) { await gateway.serve(wire) }
    while wire.sends == 0 { await Task.yield() }
    let draining = Task(executorPreference: ClientLoop.loop) { await gateway.drain() }
    while gateway.hasRoom { await Task.yield() }
    wire.bring(alive)
    await draining.value
    await serving.value
    #expect(wire.count(of: 200) == 2)
    #expect(wire.text.contains("Connection: close"))
    #expect(wire.isClosed)
  }

  @Test func `gives its place away once it has rested longest, and never while it is worked for`()
    async throws
  {
    var bounds = Session.Bounds()
    bounds.courtesy = .zero
    bounds.head = .seconds(600)
    let gateway = Gateway(api: try API.ofOne(), bounds: bounds, mostConnections: 3)
    let (rests, restsLess, sends) = (MemoryWire(), MemoryWire(), MemoryWire())
    let tasks = Lock<[Task<Void, Never>]>([])
    func serve(_ wire: MemoryWire) {
      let task = Task(executorPreference: ClientLoop.loop) { await gateway.serve(wire) }
      tasks.withLock { $0.append(task) }
    }
    // Who has begun a message waits longer than both others, and stays all the same.
    sends.bring("GET /livez HT")
    serve(sends)
    for wire in [rests, restsLess] {
      wire.bring(alive)
      serve(wire)
      while wire.sends == 0 { await Task.yield() }
    }
    #expect(!gateway.hasRoom)
    let comes = MemoryWire()
    comes.bring(alive)
    serve(comes)
    while comes.sends == 0 { await Task.yield() }
    #expect([sends, rests, restsLess, comes].map(\.isClosed) == [false, true, false, false])
    for wire in [sends, rests, restsLess, comes] { wire.end() }
    for task in tasks.withLock({ $0 }) { await task.value }
    #expect(gateway.connections == 0)
  }

  @Test func `that has just come, or begun a message, is given its time before it must go`()
    async throws
  {
    var bounds = Session.Bounds()
    bounds.courtesy = .seconds(600)
    bounds.head = .seconds(600)
    let gateway = Gateway(api: try API.ofOne(), bounds: bounds, mostConnections: 2)
    let (comes, sends, late) = (MemoryWire(), MemoryWire(), MemoryWire())
    sends.bring("GET /livez HT")
    let first = Task(executorPreference: ClientLoop.loop) { await gateway.serve(comes) }
    let second = Task(executorPreference: ClientLoop.loop) { await gateway.serve(sends) }
    while gateway.connections < 2 { await Task.yield() }
    late.bring(alive)
    late.end()
    await gateway.serve(late)
    #expect([comes, sends, late].map(\.isClosed) == [false, false, true])
    #expect(late.count(of: 503) == 1)
    for wire in [comes, sends] { wire.end() }
    await first.value
    await second.value
  }

  @Test func `is told that there is no place, unless too many are being told`() async throws {
    var bounds = Session.Bounds()
    bounds.courtesy = .seconds(600)
    let gateway = Gateway(api: try API.ofOne(), bounds: bounds, mostConnections: 1)
    let comes = MemoryWire()
    let first = Task(executorPreference: ClientLoop.loop) { await gateway.serve(comes) }
    while gateway.connections < 1 { await Task.yield() }
    let silent = (0..<Gateway.spareConnections).map { _ in MemoryWire() }
    let tasks = silent.map { wire in
      Task(executorPreference: ClientLoop.loop) { await gateway.serve(wire) }
    }
    while gateway.canTurnAway { await Task.yield() }
    let late = MemoryWire()
    late.bring(alive)
    await gateway.serve(late)
    #expect(late.isClosed && late.sends == 0)
    for wire in silent { wire.end() }
    for task in tasks { await task.value }
    #expect(gateway.canTurnAway && silent.allSatisfy { $0.isClosed && $0.sends == 0 })
    comes.end()
    await first.value
  }

  @Test func `costs less than three jobs a request`() async throws {
    // In a process of its own, since other tests use the client loop meanwhile.
    await #expect(processExitsWith: .success) {
      let count = 2_000
      let session = try await sessionEchoing(count)
      let before = ClientLoop.loop.jobsRun
      await Task(executorPreference: ClientLoop.loop) { await session.run() }.value
      let jobs = ClientLoop.loop.jobsRun - before
      precondition(jobs < 3 * count, "\(jobs) jobs for \(count) requests.")
    }
  }
}

/// A connection that asks whether the node lives so many times, then ends.
@ClientLoop private func sessionEchoing(_ count: Int) throws -> Session {
  let wire = EchoWire("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", times: count)
  return Session(wire, api: try API.ofOne(), date: { "" })
}

/// A wire that brings the same request again after each answer.
@ClientLoop private final class EchoWire: Wire {
  let remote: SocketAddress? = nil
  let certificate: [UInt8]? = nil
  private let request: [UInt8]
  private var left: Int

  init(_ request: String, times: Int) {
    self.request = Array(request.utf8)
    left = times
  }

  func receive(until deadline: Int64) async throws(WireError) -> [UInt8]? {
    // As a socket that has nothing yet: the loop calls back, and the reader goes on as one job.
    // `Task.yield()` would be two.
    await withCheckedContinuation { waiter in
      ClientLoop.loop.submit { waiter.resume() }
    }
    guard left > 0 else { return nil }
    left -= 1
    return request
  }

  func send(_ bytes: [UInt8], until deadline: Int64) async throws(WireError) {}

  func close() {}
}

extension API {
  /// An interface to a cluster of one that nothing was ever asked of.
  static func ofOne(
    _ cluster: ClusterOfOne? = nil, provider: IdentityProvider? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> API {
    let cluster = try cluster ?? ClusterOfOne()
    var site = Site(
      cluster: ID(high: 9, low: 9), name: "n1", addresses: [(1, "https://n1.example:8441")])
    site.provider = provider
    site.log = log
    site.readJournal = "\(cluster.folder)/reads"
    let api = API(cluster: cluster, reader: try cluster.makeReader(), site: site)
    api.patience = .seconds(30)
    return api
  }
}
