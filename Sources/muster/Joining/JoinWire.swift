import EventLoop
import TLS

/// One message in each direction of a connection: four bytes of length, and then so many.
enum JoinWire {
  /// How long either side waits for the other, for everything together.
  static let patience = Duration.seconds(20)

  static func send(
    _ message: [UInt8], on connection: inout BlockingClient, within limit: Duration = patience
  ) throws(TLSError) {
    let count = UInt32(message.count)
    let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) }
    try connection.write(length + message, within: limit)
  }

  /// The other side's message, of at most `largest` bytes.
  static func receive(
    atMost largest: Int, on connection: inout BlockingClient, within limit: Duration = patience
  ) throws(TLSError) -> [UInt8] {
    let deadline = Clock.monotonic() + limit.nanoseconds
    var bytes: [UInt8] = []
    while true {
      if bytes.count >= 4 {
        let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        guard length <= largest else { throw .frameTooLong(found: length, limit: largest) }
        if bytes.count >= 4 + length { return Array(bytes[4..<4 + length]) }
      }
      let left = Duration.nanoseconds(max(0, deadline - Clock.monotonic()))
      guard let more = try connection.read(within: left) else { throw .ended }
      bytes += more
    }
  }
}
