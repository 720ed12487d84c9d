package import EventLoop
package import TLS

/// A connection with the encryption already off: bytes in, bytes out. A test puts memory in its
/// place.
@ClientLoop package protocol Wire: AnyObject {
  /// Where the other side is, if that is known.
  var remote: SocketAddress? { get }
  /// The SHA-256 of the certificate that the other side has shown, if it was asked for one.
  var certificate: [UInt8]? { get }
  /// What has arrived, at least one byte; `nil` when the other side has ended.
  ///
  /// - Parameter deadline: In nanoseconds of the monotonic clock.
  func receive(until deadline: Int64) async throws(WireError) -> [UInt8]?
  /// Sends all of `bytes`, by a deadline in nanoseconds of the monotonic clock.
  func send(_ bytes: [UInt8], until deadline: Int64) async throws(WireError)
  /// Ends the connection; whoever waits in ``receive(until:)`` is answered `nil` or an error.
  func close()
}

/// Why a connection does not go on.
package enum WireError: Error, Hashable, Sendable {
  /// The deadline went by.
  case timedOut
  /// The other side is gone, or speaks something else.
  case broken
}
