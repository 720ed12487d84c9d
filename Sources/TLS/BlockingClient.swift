package import EventLoop
import Glibc

/// A connection for a command line: every call waits, and none longer than it is told.
package struct BlockingClient: ~Copyable {
  private var stream: TLSStream

  /// Connects to `endpoint`, whose certificate must be of the context's authority and for `host`,
  /// which is the endpoint's unless it is said otherwise. All addresses of a name are tried in turn.
  ///
  /// - Parameter limit: For everything together, but for the resolving of a name.
  package init(
    to endpoint: Endpoint, context: TLSContext, host: String? = nil, within limit: Duration
  ) throws(TLSError) {
    let deadline = Clock.monotonic() + limit.nanoseconds
    let socket: Descriptor
    do throws(SocketError) {
      socket = try BlockingClient.connect(to: try endpoint.resolved(), by: deadline)
    } catch {
      throw .unreachable(error)
    }
    stream = try BlockingClient.secure(
      socket, context, .client(host: host ?? endpoint.host), by: deadline)
  }

  /// Talks to whoever has connected to us through `socket`.
  ///
  /// - Parameters:
  ///   - context: Of the side that accepts.
  ///   - limit: For the handshake.
  package init(
    accepted socket: consuming Descriptor, context: TLSContext, within limit: Duration
  ) throws(TLSError) {
    let deadline = Clock.monotonic() + limit.nanoseconds
    stream = try BlockingClient.secure(socket, context, .server, by: deadline)
  }

  /// The certificates that the other side has sent, its own first, each as a PEM block.
  package var chain: [String] { stream.chain }

  /// Sends all of `bytes`.
  package mutating func write(_ bytes: [UInt8], within limit: Duration) throws(TLSError) {
    let deadline = Clock.monotonic() + limit.nanoseconds
    var sent = 0
    while sent < bytes.count {
      let step = unsafe bytes.withUnsafeBytes {
        unsafe stream.write(UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      switch step {
      case .done(let count): sent += count
      case .ended: throw .ended
      case .failed(let error): throw error
      case .wantsRead, .wantsWrite:
        try BlockingClient.wait(for: step, &stream, by: deadline)
      }
    }
  }

  /// What has arrived, at least one byte and at most 16 KiB; nil when the other side has ended.
  package mutating func read(within limit: Duration) throws(TLSError) -> [UInt8]? {
    let deadline = Clock.monotonic() + limit.nanoseconds
    var bytes = [UInt8](repeating: 0, count: 16 * 1_024)
    while true {
      let step = unsafe bytes.withUnsafeMutableBytes { unsafe stream.read(into: $0) }
      switch step {
      case .done(let count): return Array(bytes[..<count])
      case .ended: return nil
      case .failed(let error): throw error
      case .wantsRead, .wantsWrite:
        try BlockingClient.wait(for: step, &stream, by: deadline)
      }
    }
  }

  /// Says farewell and closes. To let it go closes too, without the farewell.
  package consuming func close() { stream.sayFarewell() }

  private static func secure(
    _ socket: consuming Descriptor, _ context: TLSContext, _ side: TLSStream.Side,
    by deadline: Int64
  ) throws(TLSError) -> TLSStream {
    var stream = try TLSStream(context, socket, side: side)
    while true {
      let step = stream.handshake()
      switch step {
      case .done: return stream
      case .ended: throw .ended
      case .failed(let error): throw error
      case .wantsRead, .wantsWrite: try wait(for: step, &stream, by: deadline)
      }
    }
  }

  private static func connect(
    to addresses: [SocketAddress], by deadline: Int64
  ) throws(SocketError) -> Descriptor {
    var trouble: SocketError?
    for address in addresses {
      do throws(SocketError) {
        return try connect(to: address, by: deadline)
      } catch {
        trouble = error
      }
    }
    throw trouble ?? .unknownHost("", reason: "no address was given")
  }

  private static func connect(
    to address: SocketAddress, by deadline: Int64
  ) throws(SocketError) -> Descriptor {
    let socket: Descriptor
    do throws(SystemError) {
      socket = try Sockets.make(for: address)
    } catch {
      throw .cannotConnect(address, error)
    }
    Sockets.sendAtOnce(socket.number)
    var failure = Sockets.connect(socket.number, to: address)
    if failure == EINPROGRESS {
      guard poll(socket.number, POLLOUT, by: deadline) != [] else { throw .timedOut(address) }
      failure = Sockets.failure(of: socket.number)
    }
    guard failure == 0 else { throw Sockets.reason(failure, at: address) }
    return socket
  }

  private static func wait(
    for step: TLSStream.Step, _ stream: inout TLSStream, by deadline: Int64
  ) throws(TLSError) {
    let events = poll(stream.descriptor, step == .wantsWrite ? POLLOUT : POLLIN, by: deadline)
    guard events != [] else { throw .timedOut }
    stream.note(events)
  }

  /// What poll tells by the deadline; nothing if nothing happened.
  static func poll(_ socket: Int32, _ wanted: Int32, by deadline: Int64) -> Readiness {
    var entry = pollfd(fd: socket, events: Int16(wanted), revents: 0)
    while true {
      let left = max(0, deadline - Clock.monotonic())
      let count = unsafe Glibc.poll(&entry, 1, Int32(clamping: (left + 999_999) / 1_000_000))
      // Poll's bits for these are epoll's.
      if count > 0 { return Readiness(rawValue: UInt32(UInt16(bitPattern: entry.revents))) }
      if count == 0 || errno != EINTR { return [] }
    }
  }
}
