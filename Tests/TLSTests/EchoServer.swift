import EventLoop
import TLS

/// A server on the client loop that sends back what it gets.
final class EchoServer: Sendable {
  let live: LiveContext
  let listener: Listener
  let ends = Lock<[TLSError?]>([])

  init(_ context: TLSContext, handshake: Duration = .seconds(5)) async throws {
    live = LiveContext(context)
    listener = try Listener(loopback)
    await ClientLoop.loop.run { [self] in
      try! listener.start(on: ClientLoop.loop) { socket, remote in
        let connection = try! Connection(socket, remote: remote, context: self.live.current)
        Task(executorPreference: ClientLoop.loop) {
          await self.serve(connection, handshake)
        }
      }
    }
  }

  var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: listener.address.port) }

  func close() async { await ClientLoop.loop.run { self.listener.close() } }

  @ClientLoop private func serve(_ connection: Connection, _ handshake: Duration) async {
    var end: TLSError?
    do throws(TLSError) {
      try await connection.handshake(until: from(now: handshake))
      while let bytes = try await connection.receive(until: from(now: .seconds(10))) {
        try await connection.send(bytes, until: from(now: .seconds(10)))
      }
    } catch {
      end = error
    }
    connection.close()
    ends.withLock { $0.append(end) }
  }
}
