/// Bytes that have arrived on a connection and that no message has taken yet.
struct MessageInput: Sendable {
  /// A connection that rests keeps no more room than this, however large its last message was.
  private static let restingCapacity = 64 * 1024
  /// Taken bytes are moved out of the way when there are this many, not at every line.
  private static let compaction = 16 * 1024

  private(set) var bytes: [UInt8] = []
  /// Where what is not taken begins.
  private(set) var start = 0
  /// How many bytes after ``start`` are known to hold no line feed.
  private var searched = 0

  /// How many bytes are not taken.
  var count: Int { bytes.count - start }

  /// Where the first `count` bytes that are not taken stand.
  func front(_ count: Int) -> Range<Int> { start..<start + count }

  /// Adds what arrived.
  mutating func append(_ arrived: some Collection<UInt8>) {
    if start >= Self.compaction {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: arrived)
  }

  /// Takes `count` bytes off the front.
  mutating func take(_ count: Int) {
    precondition(count <= self.count, "\(count) of \(self.count) bytes cannot be taken.")
    start += count
    searched = 0
    guard start == bytes.count else { return }
    start = 0
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.restingCapacity)
  }

  /// The length of the first line, without its line end, or `nil` when its end has not arrived.
  ///
  /// The line may be `limit` bytes long. No byte is searched twice, so that a sender of single
  /// bytes costs no more than any other.
  mutating func line(
    limit: Int, over error: HTTPError
  ) throws(HTTPError) -> Int? {
    let feed = Self.indexOfLineFeed(
      in: bytes.span.extracting(front(min(count, limit + 2))), from: searched)
    guard let feed else {
      // With a line feed still missing, this many bytes cannot be a line within the limit.
      if count >= limit + 2 { throw error }
      searched = count
      return nil
    }
    searched = feed
    guard feed > 0, bytes[start + feed - 1] == UInt8(ascii: "\r") else { throw .bareLineEnd }
    return feed - 1
  }

  private static func indexOfLineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n") { return index }
      index += 1
    }
    return nil
  }
}
