/// A chunked body on its way in (RFC 9112, section 7.1), of either side.
struct ChunkDecoder: Sendable {
  private enum State: Sendable {
    /// Before the line that tells a chunk's size.
    case size
    /// Inside a chunk, with so many bytes to come.
    case content(remaining: Int)
    /// Before the line end that follows a chunk.
    case contentEnd
    /// Among the fields after the last chunk, with so many bytes of them taken.
    case trailers(size: Int)
  }

  /// What a chunk of ordinary clients costs beside its content; what is beyond it is overhead.
  private static let fairPrice = 16

  private var state = State.size
  private var overhead = 0
  /// The content so far.
  private(set) var body: [UInt8] = []

  /// Takes what has arrived.
  ///
  /// - Returns: Whether the last of the body and its trailers were taken.
  mutating func take(
    from input: inout MessageInput, limits: Limits
  ) throws(HTTPError) -> Bool {
    while true {
      switch state {
      case .size:
        guard let size = try takeSize(from: &input, limits: limits) else { return false }
        guard size <= limits.body - body.count else { throw .bodyTooLarge(limit: limits.body) }
        state = size == 0 ? .trailers(size: 0) : .content(remaining: size)
      case .content(let remaining):
        let fresh = min(remaining, input.count)
        guard fresh > 0 else { return false }
        body.append(contentsOf: input.bytes[input.front(fresh)])
        input.take(fresh)
        state = remaining == fresh ? .contentEnd : .content(remaining: remaining - fresh)
      case .contentEnd:
        if input.count >= 1, input.bytes[input.start] != UInt8(ascii: "\r") {
          throw .malformedChunk
        }
        guard input.count >= 2 else { return false }
        guard input.bytes[input.start + 1] == UInt8(ascii: "\n") else { throw .malformedChunk }
        input.take(2)
        state = .size
      case .trailers(let size):
        let tooLarge = HTTPError.trailersTooLarge(limit: limits.trailers)
        guard size + 2 <= limits.trailers else { throw tooLarge }
        let room = limits.trailers - size - 2
        guard let length = try input.line(limit: room, over: tooLarge) else { return false }
        for index in input.front(length) where !input.bytes[index].isFieldText {
          throw .malformedField
        }
        input.take(length + 2)
        // Nothing here reads a trailer, and what follows a body must not change its head.
        if length == 0 { return true }
        state = .trailers(size: size + length + 2)
      }
    }
  }

  /// Takes the line before a chunk; its extensions are ignored.
  private mutating func takeSize(
    from input: inout MessageInput, limits: Limits
  ) throws(HTTPError) -> Int? {
    let length = try input.line(limit: limits.chunkHeader, over: .chunkOverheadTooLarge)
    guard let length else { return nil }
    let size = try Self.size(input.bytes.span.extracting(input.front(length)))
    overhead = max(0, overhead + length + 2 - Self.fairPrice - 2 * min(size, limits.body))
    guard overhead <= limits.chunkOverhead else { throw .chunkOverheadTooLarge }
    input.take(length + 2)
    return size
  }

  /// The size that a line tells before any extension.
  private static func size(_ line: Span<UInt8>) throws(HTTPError) -> Int {
    var size = 0
    var digits = 0
    while digits < line.count, let digit = line[digits].hexadecimal {
      // Fifteen digits cannot overflow, and no body is that large.
      guard digits < 15 else { throw .malformedChunk }
      size = size << 4 | Int(digit)
      digits += 1
    }
    guard digits > 0 else { throw .malformedChunk }
    var end = digits
    while end < line.count, line[end].isBlank { end += 1 }
    guard end == digits && end == line.count || end < line.count && line[end] == UInt8(ascii: ";")
    else { throw .malformedChunk }
    for index in end..<line.count where !line[index].isFieldText { throw .malformedChunk }
    return size
  }
}
