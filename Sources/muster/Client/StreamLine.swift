import EventLoop
import Glibc
package import TLS

/// The way on which a ``StreamFollower`` hears the nodes, and the clock by which it loses patience.
package protocol StreamLine {
  /// Sends `request` to a node and hands what it says to `take`, piece by piece, until `take` answers false
  /// or the node ends.
  ///
  /// - Throws: Why nothing more comes, or what `take` throws.
  mutating func hear(
    _ node: Endpoint, _ request: [UInt8], _ take: ([UInt8]) throws -> Bool) throws
  /// Nanoseconds of a clock that only moves forward.
  func now() -> Int64
  /// Waits so many microseconds.
  mutating func pause(_ microseconds: UInt32)
}

/// The way over TLS.
package struct TLSLine: StreamLine, Sendable {
  private static let connecting = Duration.seconds(5)
  /// A node answers within two seconds. One that takes a request and says nothing for longer hangs.
  private static let answering = Duration.seconds(10)
  /// A node that is followed says something every 15 seconds; one that is silent for longer is gone.
  private static let silence = Duration.seconds(40)

  private let context: TLSContext

  /// The way to nodes whose certificates fit to a context.
  package init(_ context: TLSContext) { self.context = context }

  package mutating func hear(
    _ node: Endpoint, _ request: [UInt8], _ take: ([UInt8]) throws -> Bool
  ) throws {
    var connection = try BlockingClient(to: node, context: context, within: Self.connecting)
    try connection.write(request, within: Self.connecting)
    var limit = Self.answering
    while let bytes = try connection.read(within: limit) {
      guard try take(bytes) else { return }
      limit = Self.silence
    }
  }

  package func now() -> Int64 { Clock.monotonic() }

  package mutating func pause(_ microseconds: UInt32) { usleep(microseconds) }
}
