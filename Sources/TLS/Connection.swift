package import EventLoop

/// A connection for code that awaits: one task uses it, and any may ``close()`` it.
///
/// At rest it holds no buffer. Whoever makes one closes it; to let it go is not enough, since the
/// loop keeps it.
@ClientLoop @safe package final class Connection: @preconcurrency ReadyHandler {
  /// How long the handshake of a connection may take, unless it is said otherwise: a phone on a bad
  /// network needs two round trips of a second.
  package nonisolated static let handshakeLimit: Duration = .seconds(5)

  /// The bytes of one record, on their way from the decryption into an array of their real size.
  private static let scratch = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 16 * 1_024, alignment: 16)

  private enum News {
    case ready
    case timedOut
    case closed
  }

  /// Where the other side is.
  package let remote: SocketAddress
  private let loop = ClientLoop.loop
  private var stream: TLSStream?
  private var isAdded = false

  private var waiter: UnsafeContinuation<News, Never>?
  /// Something happened while nobody waited.
  private var hasNews = false
  private var deadline: Int64 = .max
  private var timer: (token: TimerToken, at: Int64)?

  /// A connection over a socket that is connected and non-blocking. Made anywhere, for instance in
  /// the callback of a ``Listener``; all the rest belongs to the client loop.
  package nonisolated init(
    _ socket: consuming Descriptor, remote: SocketAddress, context: TLSContext,
    side: TLSStream.Side = .server
  ) throws(TLSError) {
    self.remote = remote
    stream = try TLSStream(context, socket, side: side)
  }

  /// Agrees on keys with the other side, by a deadline in nanoseconds of the monotonic clock.
  ///
  /// Of a client whose certificate the server refuses, the handshake succeeds all the same: in TLS
  /// 1.3 the refusal comes in what it receives next.
  package func handshake(until deadline: Int64) async throws(TLSError) {
    try add()
    while true {
      let step: TLSStream.Step = stream?.handshake() ?? .failed(.ended)
      switch step {
      case .done: return
      case .wantsRead, .wantsWrite: try await wait(until: deadline)
      case .ended: throw .ended
      case .failed(let error): throw error
      }
    }
  }

  /// Agrees on keys with the other side within ``handshakeLimit``.
  package func handshake() async throws(TLSError) {
    try await handshake(until: Clock.monotonic() + Connection.handshakeLimit.nanoseconds)
  }

  /// The SHA-256 of the certificate that the other side has shown, if it was asked for one: see
  /// ``TLSContext/server(_:clients:)``.
  package var peerFingerprint: [UInt8]? { stream?.peerFingerprint }

  /// The URIs in the other side's verified certificate.
  package var peerURIs: [String] { stream?.peerURIs ?? [] }

  /// What has arrived, at least one byte and at most 16 KiB; nil when the other side has ended, or
  /// this one has closed.
  ///
  /// - Parameter deadline: In nanoseconds of the monotonic clock. Past it with nothing there, the
  ///   error is `timedOut`, and the connection can still be used.
  package func receive(until deadline: Int64) async throws(TLSError) -> [UInt8]? {
    while stream != nil {
      // Whoever reads on sees all that was told so far: only news from here on are news.
      if stream?.isDrained ?? true {
        try await wait(until: deadline)
        continue
      }
      let step: TLSStream.Step = unsafe stream?.read(into: Connection.scratch) ?? .ended
      switch step {
      case .done(let count): return unsafe Array(Connection.scratch[..<count])
      case .wantsRead, .wantsWrite: try await wait(until: deadline)
      case .ended: return nil
      case .failed(let error): throw error
      }
    }
    return nil
  }

  /// Sends all of `bytes`: returns when the kernel has taken the last.
  ///
  /// - Parameter deadline: In nanoseconds of the monotonic clock. After `timedOut` the connection
  ///   can only be closed, because half a record may be out.
  package func send(_ bytes: [UInt8], until deadline: Int64) async throws(TLSError) {
    var sent = 0
    while sent < bytes.count {
      let step: TLSStream.Step = unsafe bytes.withUnsafeBytes {
        unsafe stream?.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) ?? .failed(.ended)
      }
      switch step {
      case .done(let count): sent += count
      case .wantsRead, .wantsWrite: try await wait(until: deadline)
      case .ended: throw .ended
      case .failed(let error): throw error
      }
    }
  }

  /// Says farewell and closes. A task that waits in ``receive(until:)`` gets nil, one in
  /// ``send(_:until:)`` the error `ended`. Closed twice is closed.
  package func close() {
    guard stream != nil else { return }
    if isAdded, let number = stream?.descriptor { loop.remove(number) }
    stream?.sayFarewell()
    stream = nil
    if let timer { loop.cancel(timer.token) }
    timer = nil
    resume(.closed)
  }

  package func ready(_ events: Readiness) {
    stream?.note(events)
    resume(.ready)
  }

  private func add() throws(TLSError) {
    guard !isAdded, let number = stream?.descriptor else { return }
    do throws(SystemError) {
      try loop.add(number, self)
    } catch {
      throw .connection(error)
    }
    isAdded = true
  }

  // MARK: Waiting

  /// Waits until something changed.
  private func wait(until deadline: Int64) async throws(TLSError) {
    if hasNews {
      hasNews = false
      return
    }
    precondition(unsafe waiter == nil, "Two tasks wait for one connection.")
    self.deadline = deadline
    arm()
    switch unsafe await withUnsafeContinuation({ unsafe waiter = unsafe $0 }) {
    // Closed is told by the stream that is gone.
    case .ready, .closed: return
    case .timedOut: throw .timedOut
    }
  }

  private func resume(_ news: News) {
    guard let waiter = unsafe waiter else {
      hasNews = true
      return
    }
    unsafe self.waiter = nil
    unsafe waiter.resume(returning: news)
  }

  /// Sees to it that a timer is due no later than the deadline. One that is due before is left: it
  /// looks again when its time comes, so a deadline that only moves away costs nothing.
  private func arm() {
    if let timer {
      guard timer.at > deadline else { return }
      loop.cancel(timer.token)
    }
    let at = deadline
    let token = loop.schedule(at: at) { ClientLoop.assumeOnLoop { self.ring() } }
    timer = (token, at)
  }

  private func ring() {
    timer = nil
    guard unsafe waiter != nil else { return }
    if Clock.monotonic() >= deadline { resume(.timedOut) } else { arm() }
  }
}
