/// Reads the answers of a server from the bytes of one connection, in whatever pieces they arrive.
///
///     parser.receive(bytes)
///     if let response = try parser.next(answering: .get) { … }
///
/// When the server has ended the connection, ``finish()`` gives the answer whose end only that
/// tells. Answers of 100 to 199 are passed over.
package struct ResponseParser: Sendable {
  /// What of an answer has been understood, and what is awaited.
  private enum State: Sendable {
    case startLine
    case fields(Status, Version, FieldSection)
    case sized(Response, remaining: Int)
    case chunked(Response, ChunkDecoder)
    case untilClose(Response)
    case failed(HTTPError)
  }

  private let limits: Limits
  private var input = MessageInput()
  private var state = State.startLine
  /// Whether the connection can carry another request after the last answer.
  package private(set) var keepAlive = true

  /// A parser for a new connection.
  package init(limits: Limits = .responses) { self.limits = limits }

  /// Takes in what has arrived.
  package mutating func receive(_ bytes: [UInt8]) { input.append(bytes) }

  /// Takes in what has arrived.
  package mutating func receive(_ bytes: ArraySlice<UInt8>) { input.append(bytes) }

  /// The next answer, or `nil` when more must arrive first.
  ///
  /// - Parameter method: That of the oldest request without an answer: one to HEAD has no body.
  /// - Throws: Why the answer is refused. Every later call throws the same.
  package mutating func next(answering method: Method) throws(HTTPError) -> Response? {
    do {
      return try advance(method)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Takes in that the server has ended the connection.
  ///
  /// - Returns: The answer that ends with it, or `nil` when none was under way.
  /// - Throws: ``HTTPError/endedEarly`` when the answer under way is not whole.
  package mutating func finish() throws(HTTPError) -> Response? {
    keepAlive = false
    switch Self.takeOut(&state) {
    case .startLine where input.count == 0: return nil
    case .untilClose(let response): return response
    case .failed(let error): throw error
    default: throw .endedEarly
    }
  }

  /// What has arrived of an answer whose end only the end of the connection tells: its head, and what of
  /// its content was not taken before. `nil` for any other.
  package mutating func takePart() -> Response? {
    guard case .untilClose(let part) = state else { return nil }
    var rest = part
    rest.body = []
    state = .untilClose(rest)
    return part
  }

  private mutating func advance(_ method: Method) throws(HTTPError) -> Response? {
    while true {
      switch Self.takeOut(&state) {
      case .startLine:
        let over = HTTPError.startLineTooLong(limit: limits.startLine)
        guard let length = try input.line(limit: limits.startLine, over: over) else { return nil }
        let (version, status) = try Self.statusLine(
          input.bytes.span.extracting(input.front(length)))
        input.take(length + 2)
        state = .fields(status, version, FieldSection())

      case .fields(let status, let version, var section):
        guard try section.take(from: &input, limits: limits) else {
          state = .fields(status, version, section)
          return nil
        }
        if let response = try begin(status, version, section, method) { return response }

      case .sized(var response, let remaining):
        let fresh = min(remaining, input.count)
        response.body.append(contentsOf: input.bytes[input.front(fresh)])
        input.take(fresh)
        if remaining == fresh { return response }
        state = .sized(response, remaining: remaining - fresh)
        return nil

      case .chunked(var response, var decoder):
        guard try decoder.take(from: &input, limits: limits) else {
          state = .chunked(response, decoder)
          return nil
        }
        response.body = decoder.body
        return response

      case .untilClose(var response):
        let room = limits.body - response.body.count
        guard input.count <= room else { throw .bodyTooLarge(limit: limits.body) }
        response.body.append(contentsOf: input.bytes[input.front(input.count)])
        input.take(input.count)
        state = .untilClose(response)
        return nil

      case .failed(let error):
        throw error
      }
    }
  }

  /// Settles the framing of a complete head (RFC 9112, section 6.3).
  private mutating func begin(
    _ status: Status, _ version: Version, _ section: FieldSection, _ method: Method
  ) throws(HTTPError) -> Response? {
    // Nobody here asks for another protocol, so 101 is no answer to anything.
    guard status.code != 101 else { throw .malformedStatusLine }
    guard status.code >= 200 else { return nil }
    let framing = section.framing
    let isOld = version == .http10
    keepAlive = !framing.closes && (!isOld || framing.keepsAlive)
    let response = Response(status, fields: section.fields)
    if status.isBodiless || method == .head { return response }
    if framing.isChunked {
      guard !isOld else { throw .unknownCoding }
      state = .chunked(response, ChunkDecoder())
    } else if let length = framing.length {
      guard length <= limits.body else { throw .bodyTooLarge(limit: limits.body) }
      guard length > 0 else { return response }
      state = .sized(response, remaining: length)
    } else {
      keepAlive = false
      state = .untilClose(response)
    }
    return nil
  }

  /// Reads "HTTP/1.1 200 OK" (RFC 9112, section 4).
  private static func statusLine(
    _ line: Span<UInt8>
  ) throws(HTTPError) -> (Version, Status) {
    guard line.count >= 12, line[8] == UInt8(ascii: " ") else { throw .malformedStatusLine }
    let version = try Version(line.extracting(0..<8))
    var code = 0
    for index in 9..<12 {
      guard line[index].isDigit else { throw .malformedStatusLine }
      code = code * 10 + Int(line[index] & 0xF)
    }
    let hasPhrase = line.count == 12 || line[12] == UInt8(ascii: " ")
    guard (100...599).contains(code), hasPhrase else { throw .malformedStatusLine }
    for index in 12..<line.count where !line[index].isFieldText { throw .malformedStatusLine }
    return (version, Status(code))
  }

  /// Moves the state out, so that what it holds is changed in place and not copied.
  private static func takeOut(_ state: inout State) -> State {
    let taken = state
    state = .startLine
    return taken
  }
}
