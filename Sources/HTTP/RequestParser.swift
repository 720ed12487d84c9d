/// Reads requests from the bytes of one connection, in whatever pieces they arrive.
///
/// What has arrived goes in with ``receive(_:)``; then ``next()`` is asked until it answers `nil`:
///
///     parser.receive(bytes)
///     while let step = try parser.next() {
///       switch step {
///       case .continueExpected: // Send `Response.goOn`, or refuse and close.
///       case .request(let request): // Answer it.
///       }
///     }
///
/// The outcome does not depend on how the bytes were cut. Whatever could be read in two ways is
/// refused (RFC 9112, section 11): line ends are CR LF, a body has one framing, a host is given
/// once. One leading empty line is skipped, because old clients send it after a body.
package struct RequestParser: Sendable {
  /// What a connection has brought.
  package enum Step: Sendable, Equatable {
    /// A head is complete whose sender waits for ``Response/goOn`` before it sends the body.
    case continueExpected
    /// A request is complete. What was pipelined behind it is kept.
    case request(Request)
  }

  /// Where a connection stands, for the deadline that it is given.
  package enum Phase: Sendable, Hashable {
    /// Between requests: nothing of the next has arrived.
    case idle
    /// Inside a head.
    case head
    /// Inside a body.
    case body
  }

  /// What of a request has been understood, and what is awaited.
  private enum State: Sendable {
    case startLine(skippedEmptyLine: Bool)
    case fields(RequestLine, FieldSection)
    case sized(Request, remaining: Int)
    case chunked(Request, ChunkDecoder)
    case failed(HTTPError)
  }

  /// A body that is announced large is given room as it arrives, not on its sender's word.
  private static let firstReservation = 64 * 1024

  private let limits: Limits
  private var input = MessageInput()
  private var state = State.startLine(skippedEmptyLine: false)

  /// A parser for a new connection.
  package init(limits: Limits = .requests) { self.limits = limits }

  /// Where the connection stands. Bytes that ``next()`` was not asked about count as a head.
  package var phase: Phase {
    switch state {
    case .startLine(let skipped): input.count == 0 && !skipped ? .idle : .head
    case .fields: .head
    case .sized, .chunked: .body
    case .failed: .idle
    }
  }

  /// Takes in what has arrived.
  package mutating func receive(_ bytes: [UInt8]) { input.append(bytes) }

  /// Takes in what has arrived.
  package mutating func receive(_ bytes: ArraySlice<UInt8>) { input.append(bytes) }

  /// The next thing that the bytes so far amount to, or `nil` when more must arrive first.
  ///
  /// - Throws: Why the message is refused. Every later call throws the same: after it nobody
  ///   knows where a next request would begin.
  package mutating func next() throws(HTTPError) -> Step? {
    do {
      return try advance()
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func advance() throws(HTTPError) -> Step? {
    while true {
      switch Self.takeOut(&state) {
      case .startLine(let skipped):
        let over = HTTPError.startLineTooLong(limit: limits.startLine)
        state = .startLine(skippedEmptyLine: skipped)
        guard let length = try input.line(limit: limits.startLine, over: over) else { return nil }
        if length == 0 {
          guard !skipped else { throw .malformedRequestLine }
          input.take(2)
          state = .startLine(skippedEmptyLine: true)
          continue
        }
        let requestLine = try RequestLine(
          input.bytes.span.extracting(input.front(length)), limits: limits)
        input.take(length + 2)
        state = .fields(requestLine, FieldSection())

      case .fields(let line, var section):
        guard try section.take(from: &input, limits: limits) else {
          state = .fields(line, section)
          return nil
        }
        if let step = try begin(line, section) { return step }

      case .sized(var request, let remaining):
        let fresh = min(remaining, input.count)
        if request.body.isEmpty {
          request.body.reserveCapacity(min(remaining, max(fresh, Self.firstReservation)))
        }
        request.body.append(contentsOf: input.bytes[input.front(fresh)])
        input.take(fresh)
        if remaining == fresh { return .request(request) }
        state = .sized(request, remaining: remaining - fresh)
        return nil

      case .chunked(var request, var decoder):
        guard try decoder.take(from: &input, limits: limits) else {
          state = .chunked(request, decoder)
          return nil
        }
        request.body = decoder.body
        return .request(request)

      case .failed(let error):
        throw error
      }
    }
  }

  /// Settles the framing of a complete head and what is awaited after it.
  private mutating func begin(
    _ line: RequestLine, _ section: FieldSection
  ) throws(HTTPError) -> Step? {
    let framing = section.framing
    let host = framing.host.map { section.storage[Int($0.valueStart)..<Int($0.valueEnd)] }
    if line.version == .http11, framing.hosts == 0 { throw .invalidHost }
    if line.version == .http10, framing.isChunked { throw .unknownCoding }
    guard line.target.agrees(withHost: host) else { throw .invalidHost }
    let length = framing.length ?? 0
    guard length <= limits.body else { throw .bodyTooLarge(limit: limits.body) }

    let keepAlive =
      line.version == .http11 ? !framing.closes : framing.keepsAlive && !framing.closes
    let request = Request(
      line.method, line.target.path, query: line.target.query, fields: section.fields,
      version: line.version, keepAlive: keepAlive)
    if framing.isChunked {
      state = .chunked(request, ChunkDecoder())
    } else if length > 0 {
      state = .sized(request, remaining: length)
    } else {
      return .request(request)
    }
    // A client of 1.0 cannot mean it, and one whose body is already here does not wait.
    let waits = framing.expectsContinue && line.version == .http11 && input.count == 0
    return waits ? .continueExpected : nil
  }

  /// Moves the state out, so that what it holds is changed in place and not copied.
  private static func takeOut(_ state: inout State) -> State {
    let taken = state
    state = .startLine(skippedEmptyLine: false)
    return taken
  }
}
