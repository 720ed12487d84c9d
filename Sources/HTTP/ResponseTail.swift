/// Content that goes on behind the first bytes of an answer for as long as both sides wish. The end of
/// the connection is its end (RFC 9112, section 6.3).
package protocol ResponseTail: AnyObject, Sendable {
  /// Sends all that there is to send, piece by piece, and returns when it is over.
  func send(to client: any TailReader) async
}

/// Whoever reads a ``ResponseTail``.
package protocol TailReader: AnyObject, Sendable {
  /// Sends all of `bytes`, and returns once the other side has taken them.
  ///
  /// - Throws: That it is gone, or too slow.
  func take(_ bytes: [UInt8]) async throws
  /// Whether the other side has ended the connection.
  func hasGone() async -> Bool
}
