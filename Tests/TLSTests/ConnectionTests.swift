import CLinux
import EventLoop
import Glibc
import TLS
import Testing

extension ClientLoopTests {
  @Suite("A connection", .serialized) struct ConnectionTests {
    let papers: Papers
    init() throws { papers = try Papers() }

    @Test func `costs one job for a request`() async throws {
      // In a process of its own, since the tests of other rooms use the client loop meanwhile.
      await #expect(processExitsWith: .success) {
        let papers = try Papers()
        let authority = try papers.authority()
        let server = try await EchoServer(try .server(try authority.server()))
        let requests = 2_000
        var client = try BlockingClient(
          to: server.endpoint, context: try .client(authority: authority.path), within: .seconds(10)
        )
        try client.write([0], within: .seconds(10))
        _ = try client.read(within: .seconds(10))

        let before = ClientLoop.loop.jobsRun
        for _ in 0..<requests {
          try client.write([1, 2, 3], within: .seconds(10))
          _ = try client.read(within: .seconds(10))
        }
        // One that is on its way back from the last answer is not counted yet.
        let jobs = ClientLoop.loop.jobsRun - before
        precondition(
          Double(jobs) / Double(requests) < 1.2 && jobs >= requests - 1,
          "\(jobs) jobs for \(requests) requests.")
        client.close()
        await server.close()
      }
    }

    @Test func `carries much both ways at once`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      let sent = (0..<200).flatMap { [UInt8](repeating: $0, count: 10_000) }
      let context = try TLSContext.client(authority: authority.path)
      let connection = try await dial(server, context)
      let received = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        group.addTask(executorPreference: ClientLoop.loop) {
          try await exchange(connection, sent)
        }
        return try await group.next() ?? []
      }
      #expect(received == sent)
      await server.close()
    }

    @Test func `sends more than the kernel holds as the other side takes it`() async throws {
      let authority = try papers.authority()
      let context = try TLSContext.server(try authority.server())
      let listener = try Listener(loopback)
      let chunk = [UInt8](repeating: 5, count: 20_000_000)
      let outcome = Lock<TLSError??>(nil)
      await ClientLoop.loop.run {
        try! listener.start(on: ClientLoop.loop) { socket, remote in
          let connection = try! Connection(socket, remote: remote, context: context)
          Task(executorPreference: ClientLoop.loop) {
            let end = await give(connection, chunk)
            outcome.withLock { $0 = .some(end) }
          }
        }
      }
      var client = try BlockingClient(
        to: Endpoint(host: "127.0.0.1", port: listener.address.port),
        context: try .client(authority: authority.path), within: .seconds(10))
      await EventLoop.testing.sleep(for: .milliseconds(50))
      // Part of it is with the kernel, and the sender waits for the rest to be taken.
      #expect(outcome.withLock { $0 } == nil)
      var received = 0
      while let bytes = try client.read(within: .seconds(10)) { received += bytes.count }
      #expect(received == chunk.count)
      #expect(await eventually { outcome.withLock { $0 } == .some(nil) })
      await ClientLoop.loop.run { listener.close() }
    }

    @Test func `gives up sending to who takes nothing`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      let connection = try await dial(server, try .client(authority: authority.path))
      let chunk = [UInt8](repeating: 5, count: 40_000_000)
      let outcome = await Task(executorPreference: ClientLoop.loop) {
        await give(connection, chunk, within: .milliseconds(200))
      }.value
      #expect(outcome == .timedOut)
      await server.close()
    }

    @Test func `ends when the other side dies without a farewell`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      do {
        var client = try BlockingClient(
          to: server.endpoint, context: try .client(authority: authority.path),
          within: .seconds(10))
        try client.write([1], within: .seconds(10))
        _ = try client.read(within: .seconds(10))
      }
      #expect(await eventually { server.ends.withLock { $0 } == [nil] })
      await server.close()
    }

    @Test func `ends a wait at its deadline and can be used on`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      let connection = try await dial(server, try .client(authority: authority.path))
      try await Task(executorPreference: ClientLoop.loop) { @Sendable in
        try await waitInVain(connection)
      }.value
      await server.close()
    }

    @Test func `closed by another task ends the one that waits`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      let connection = try await dial(server, try .client(authority: authority.path))
      let waiting = Task(executorPreference: ClientLoop.loop) {
        try await connection.receive(until: from(now: .seconds(5)))
      }
      await ClientLoop.loop.sleep(for: .milliseconds(10))
      await connection.close()
      #expect(try await waiting.value == nil)
      #expect(await eventually { server.ends.withLock { $0 } == [nil] })
      await server.close()
    }

    @Test func `to nobody is refused in words`() async throws {
      let authority = try papers.authority()
      let listener = try Listener(loopback)
      let address = listener.address
      await ClientLoop.loop.run { listener.close() }
      let error = #expect(throws: TLSError.self) {
        let context = try TLSContext.client(authority: authority.path)
        _ = try BlockingClient(
          to: Endpoint(host: "127.0.0.1", port: address.port), context: context,
          within: .seconds(10)
        ).close()
      }
      #expect(error == .unreachable(.refused(address)))
      #expect(
        error?.description == "Nobody listens at \(address): is the node running there?")
    }
  }
}

@ClientLoop private func dial(_ server: EchoServer, _ context: TLSContext) async throws
  -> Connection
{
  let loop = ClientLoop.loop
  let address = server.listener.address
  let number: Int32 = await withCheckedContinuation { found in
    loop.submit {
      Dial.connect(to: address, on: loop, within: .seconds(10)) { result in
        switch consume result {
        case .success(let socket): found.resume(returning: socket.release())
        case .failure: found.resume(returning: -1)
        }
      }
    }
  }
  let connection = try Connection(
    Descriptor(owning: number), remote: address, context: context,
    side: .client(host: "127.0.0.1"))
  try await connection.handshake()
  return connection
}

/// Sends all of it, closes, and answers why not.
@ClientLoop private func give(
  _ connection: Connection, _ bytes: [UInt8], within limit: Duration = .seconds(5)
) async -> TLSError? {
  defer { connection.close() }
  do throws(TLSError) {
    // Done already, it is done at once.
    try await connection.handshake()
    try await connection.send(bytes, until: from(now: limit))
    return nil
  } catch {
    return error
  }
}

/// Sends and reads in turn, a megabyte in flight, more than the sockets hold.
@ClientLoop private func exchange(
  _ connection: Connection, _ sent: [UInt8]
) async throws -> [UInt8] {
  var received: [UInt8] = []
  var next = 0
  while received.count < sent.count {
    while next < sent.count, next - received.count < 1_000_000 {
      let end = min(next + 100_000, sent.count)
      try await connection.send(Array(sent[next..<end]), until: from(now: .seconds(5)))
      next = end
    }
    guard let bytes = try await connection.receive(until: from(now: .seconds(5))) else { break }
    received += bytes
  }
  connection.close()
  return received
}

@ClientLoop private func waitInVain(_ connection: Connection) async throws {
  let start = Clock.monotonic()
  await #expect(throws: TLSError.timedOut) {
    _ = try await connection.receive(until: from(now: .milliseconds(20)))
  }
  #expect(Clock.monotonic() - start >= 20_000_000)
  // A later deadline replaces the earlier, and an earlier one the later.
  try await connection.send([7], until: from(now: .seconds(10)))
  #expect(try await connection.receive(until: from(now: .seconds(60))) == [7])
  await #expect(throws: TLSError.timedOut) {
    _ = try await connection.receive(until: from(now: .milliseconds(20)))
  }
  connection.close()
  #expect(try await connection.receive(until: from(now: .seconds(10))) == nil)
}
