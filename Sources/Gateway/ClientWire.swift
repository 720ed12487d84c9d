import EventLoop
import TLS

/// A client's TLS connection as the wire of a session.
@ClientLoop final class ClientWire: Wire {
  private let connection: Connection
  let certificate: [UInt8]?

  /// A wire over a connection that has shaken hands.
  init(_ connection: Connection) {
    self.connection = connection
    certificate = connection.peerFingerprint
  }

  var remote: SocketAddress? { connection.remote }

  func receive(until deadline: Int64) async throws(WireError) -> [UInt8]? {
    do throws(TLSError) {
      return try await connection.receive(until: deadline)
    } catch {
      throw error == .timedOut ? .timedOut : .broken
    }
  }

  func send(_ bytes: [UInt8], until deadline: Int64) async throws(WireError) {
    do throws(TLSError) {
      try await connection.send(bytes, until: deadline)
    } catch {
      throw error == .timedOut ? .timedOut : .broken
    }
  }

  func close() { connection.close() }
}
