/// How large a message may be before it is refused.
///
/// What a stranger sends is held in memory until it is understood, so each part of it has a bound.
package struct Limits: Hashable, Sendable {
  /// Bytes of a request line or status line, without its line end.
  package var startLine: Int
  /// Bytes of all header fields together, line ends and the empty line included.
  package var header: Int
  /// How many header fields there may be.
  package var fields: Int
  /// How many parameters a query may have.
  package var parameters: Int
  /// Bytes of a body, after any chunked coding is taken off.
  package var body: Int
  /// Bytes of the line before a chunk, extensions included, without its line end.
  package var chunkHeader: Int
  /// Bytes that a chunked body may have beyond its content and a fair price per chunk.
  package var chunkOverhead: Int
  /// Bytes of the trailer fields after a chunked body, the empty line included.
  package var trailers: Int

  /// Limits for what clients send to a node.
  ///
  /// A request line is long enough for any filter of a list, a header for a browser's cookies, and
  /// a body for four of the largest commands. The others bound what nobody sends in earnest.
  package static let requests = Limits(
    startLine: 8 * 1024,
    header: 16 * 1024,
    fields: 100,
    parameters: 64,
    body: 1024 * 1024,
    chunkHeader: 1024,
    chunkOverhead: 16 * 1024,
    trailers: 4 * 1024)

  /// Limits for what a node answers to its clients: a report or a list may be 64 MiB.
  package static let responses: Limits = {
    var limits = requests
    limits.body = 64 * 1024 * 1024
    return limits
  }()
}
