package import EventLoop

/// A connection between two nodes that carries frames: a length of four bytes, little-endian, then
/// so many bytes.
///
/// It calls back, on the loop it is given, where everything else of it belongs too. All frames that
/// are sent in one turn of the loop leave together. It makes no promise that a frame arrives, only
/// that those that do are whole and in order.
package final class PeerLink: ReadyHandler, @unchecked Sendable {
  // Everything is touched on the loop's thread only; `move(to:…)` hands all of it to another.

  /// Bytes that wait for a peer that takes none, before it is given up: as many as a leader may have
  /// uncommitted, so what is sent to a healthy peer never comes near it.
  package static let mostWaiting = 64 * 1_024 * 1_024
  /// Buffers up to this size are kept for the next turn.
  private static let keptBuffer = 256 * 1_024
  /// Bytes taken in before others on the loop have their turn.
  private static let bytesPerTurn = 1_024 * 1_024
  /// A record of TLS is never longer.
  private static let record = 16 * 1_024
  /// The length in front of a frame.
  private static let header = 4

  /// The URIs in the other side's verified certificate, known when the first frame comes.
  package private(set) var peerURIs: [String] = []

  private var loop: EventLoop
  private let largestFrame: Int
  private let handshakeLimit: Duration
  private var stream: TLSStream?
  private var isReady = false
  private var isFlushDue = false
  private var isReading = false
  private var isMoving = false
  private var timer: TimerToken?
  private var onFrame: (([UInt8]) -> Void)?
  private var onClose: ((TLSError?) -> Void)?
  private var input = Buffer()
  private var output = Buffer()

  /// A link over a socket that is connected and non-blocking.
  ///
  /// - Parameters:
  ///   - largestFrame: A longer frame of the other side, in bytes, closes the link.
  ///   - handshakeLimit: How long the handshake may take.
  package init(
    _ socket: consuming Descriptor, context: TLSContext, side: TLSStream.Side, loop: EventLoop,
    largestFrame: Int, handshakeLimit: Duration = .seconds(5)
  ) throws(TLSError) {
    let number = socket.number
    Sockets.sendAtOnce(number)
    Sockets.watchForDeath(number)
    stream = try TLSStream(context, socket, side: side)
    self.loop = loop
    self.largestFrame = largestFrame
    self.handshakeLimit = handshakeLimit
  }

  /// Begins. `onFrame` gets each frame, `onClose` the end: once, after which nothing is called any
  /// more, with nil when one side closed in good order. A client that the server refuses learns it
  /// there, after a handshake that seemed to succeed: TLS 1.3 works so.
  package func start(
    onFrame: @escaping ([UInt8]) -> Void, onClose: @escaping (TLSError?) -> Void
  ) {
    precondition(self.onClose == nil && stream != nil, "A link is started once.")
    self.onFrame = onFrame
    self.onClose = onClose
    timer = loop.schedule(after: handshakeLimit) { self.end(.timedOut) }
    guard let number = stream?.descriptor else { return }
    do throws(SystemError) {
      try loop.add(number, self)
    } catch {
      // In a turn of its own: the caller is not ready for a call in the middle of this one.
      let reason = error
      _ = loop.schedule(after: .zero) { self.end(.connection(reason)) }
    }
  }

  /// Goes over to another loop, which calls back from now on: what is known of a connection by its
  /// first frame decides where it belongs. Call it from `onFrame`, with nothing sent in that turn.
  package func move(
    to other: EventLoop, onFrame: @escaping @Sendable ([UInt8]) -> Void,
    onClose: @escaping @Sendable (TLSError?) -> Void
  ) {
    precondition(isReady && !isFlushDue, "A link moves between two frames, with nothing to send.")
    guard let number = stream?.descriptor, self.onClose != nil else { return }
    loop.remove(number)
    self.onFrame = nil
    self.onClose = nil
    isMoving = true
    // What is under way on this loop ends before the other begins.
    loop.atEndOfTurn {
      self.loop = other
      other.submit { self.arrive(number, onFrame: onFrame, onClose: onClose) }
    }
  }

  private func arrive(
    _ number: Int32, onFrame: @escaping ([UInt8]) -> Void,
    onClose: @escaping (TLSError?) -> Void
  ) {
    isMoving = false
    self.onFrame = onFrame
    self.onClose = onClose
    do throws(SystemError) {
      try loop.add(number, self)
    } catch {
      return end(.connection(error))
    }
    deliver()
  }

  /// Sends `frame` at the end of this turn, or as soon as the other side takes it. On a link that
  /// has ended it does nothing. More than ``mostWaiting`` bytes of frames waiting end the link.
  package func send(_ frame: [UInt8]) {
    guard onClose != nil else { return }
    precondition(frame.count <= largestFrame, "A frame of \(frame.count) bytes is a caller's bug.")
    guard output.count + frame.count + PeerLink.header <= PeerLink.mostWaiting else {
      // In a turn of its own, as an error of the network would come.
      _ = loop.schedule(after: .zero) { self.end(.tooMuchWaiting(limit: PeerLink.mostWaiting)) }
      return
    }
    output.append(UInt32(frame.count))
    output.append(frame)
    guard !isFlushDue else { return }
    isFlushDue = true
    loop.atEndOfTurn {
      self.isFlushDue = false
      self.flush()
    }
  }

  /// Sends what can be sent now, says farewell and closes; `onClose` is called with nil.
  package func close() {
    flush()
    end(nil)
  }

  package func ready(_ events: Readiness) {
    stream?.note(events)
    guard isReady || shakeHands() else { return }
    flush()
    read()
  }

  // MARK: Steps

  private func shakeHands() -> Bool {
    let step: TLSStream.Step = stream?.handshake() ?? .ended
    switch step {
    case .done:
      isReady = true
      peerURIs = stream?.peerURIs ?? []
      if let timer { loop.cancel(timer) }
      timer = nil
      return true
    case .wantsRead, .wantsWrite: return false
    case .ended: end(.ended)
    case .failed(let error): end(error)
    }
    return false
  }

  private func flush() {
    guard isReady, output.count > 0 else { return }
    let step: TLSStream.Step = unsafe output.withUnread { unsafe stream?.write($0) ?? .ended }
    switch step {
    case .done(let count): output.drop(count, keeping: PeerLink.keptBuffer)
    case .wantsRead, .wantsWrite: break
    case .ended: end(.ended)
    case .failed(let error): end(error)
    }
  }

  private func read() {
    // A callback may come back here by way of a flush; the outer call goes on.
    guard !isReading else { return }
    isReading = true
    defer { isReading = false }
    var taken = 0
    while !isMoving, let isDrained = stream?.isDrained, !isDrained {
      guard taken < PeerLink.bytesPerTurn else {
        _ = loop.schedule(after: .zero) { self.read() }
        return
      }
      switch readRecord() {
      case .done(let count):
        taken += count
        deliver()
      case .wantsRead, .wantsWrite: return
      case .ended: return end(nil)
      case .failed(let error): return end(error)
      }
    }
  }

  private func readRecord() -> TLSStream.Step {
    unsafe withUnsafeTemporaryAllocation(byteCount: PeerLink.record, alignment: 16) { scratch in
      let step: TLSStream.Step = unsafe stream?.read(into: scratch) ?? .ended
      if case .done(let count) = step {
        unsafe input.append(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
      }
      return step
    }
  }

  private func deliver() {
    while !isMoving, let length = input.firstLength {
      guard length <= largestFrame else {
        return end(.frameTooLong(found: length, limit: largestFrame))
      }
      guard input.count >= PeerLink.header + length else { return }
      let frame = input.slice(from: PeerLink.header, count: length)
      input.drop(PeerLink.header + length, keeping: PeerLink.keptBuffer)
      // Gone when the frame before it made the receiver close.
      guard let onFrame else { return }
      onFrame(frame)
    }
  }

  private func end(_ error: TLSError?) {
    guard let onClose else { return }
    self.onClose = nil
    onFrame = nil
    if let timer { loop.cancel(timer) }
    timer = nil
    if let number = stream?.descriptor { loop.remove(number) }
    stream?.sayFarewell()
    stream = nil
    input = Buffer()
    output = Buffer()
    onClose(error)
  }
}
