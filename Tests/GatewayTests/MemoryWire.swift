import EventLoop
import Gateway
import TLS

/// A wire whose other side is the test.
@ClientLoop final class MemoryWire: Wire {
  let remote: SocketAddress? = nil
  let certificate: [UInt8]? = nil
  private var incoming: [[UInt8]] = []
  private var hasEnded = false
  private var waiter: CheckedContinuation<Void, Never>?
  private(set) var sent: [UInt8] = []
  private(set) var sends = 0
  private(set) var isClosed = false

  /// What was sent, as text.
  var text: String { String(decoding: sent, as: UTF8.self) }

  /// How many answers of a status were sent.
  func count(of status: Int) -> Int {
    text.split(separator: "HTTP/1.1 ").count { $0.hasPrefix("\(status) ") }
  }

  /// Brings a piece.
  func bring(_ piece: String) {
    incoming.append(Array(piece.utf8))
    wake()
  }

  /// Says that nothing more comes.
  func end() {
    hasEnded = true
    wake()
  }

  func receive(until deadline: Int64) async throws(WireError) -> [UInt8]? {
    while incoming.isEmpty {
      if hasEnded || isClosed { return nil }
      if Clock.monotonic() >= deadline { throw .timedOut }
      let timer = ClientLoop.loop.schedule(at: deadline) { self.wake() }
      await withCheckedContinuation { continuation in
        // What came while this was on its way here is not waited for.
        if !incoming.isEmpty || hasEnded || isClosed {
          continuation.resume()
        } else {
          waiter = continuation
        }
      }
      ClientLoop.loop.cancel(timer)
    }
    return incoming.removeFirst()
  }

  func send(_ bytes: [UInt8], until deadline: Int64) async throws(WireError) {
    guard !isClosed else { throw .broken }
    sent += bytes
    sends += 1
  }

  func close() {
    isClosed = true
    wake()
  }

  private func wake() {
    waiter?.resume()
    waiter = nil
  }
}
