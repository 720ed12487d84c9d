import CLinux
package import EventLoop
import Glibc

/// A port that others connect to.
///
/// It hands every connection over and bounds none: who takes them knows how many it can serve, and
/// closes one too many by letting its `Descriptor` go.
package final class Listener: ReadyHandler, @unchecked Sendable {
  // Bound in init; everything after start is touched on the loop's thread only.

  /// Connections that the kernel keeps until they are accepted; it takes its own bound if lower.
  private static let backlog: Int32 = 1_024
  /// Connections accepted before others on the loop have their turn.
  private static let acceptsPerTurn = 64
  /// How long nothing is accepted when the process or the machine has no descriptor left. The
  /// socket stays readable all that time, so trying on would only burn the processor.
  private static let pauseWithoutDescriptors: Duration = .milliseconds(100)

  /// Where it listens: with the port that the system chose, if 0 was asked for.
  package let address: SocketAddress
  private var socket: Descriptor?
  private var loop: EventLoop?
  private var onAccept: ((consuming Descriptor, SocketAddress) -> Void)?
  private var pause: TimerToken?
  /// How often it had to pause because no descriptor was left.
  package private(set) var pauses = 0

  /// Listens at `address`; connections wait until ``start(on:_:)``.
  package init(_ address: SocketAddress) throws(SocketError) {
    let socket: Descriptor
    do throws(SystemError) {
      socket = try Sockets.make(for: address)
    } catch {
      throw .cannotListen(address, error)
    }
    let number = socket.number
    Sockets.reuseAddress(number)
    guard
      unsafe address.withSystemForm({ unsafe bind(number, $0, $1) }) == 0,
      listen(number, Listener.backlog) == 0
    else { throw .cannotListen(address, .last) }
    self.address =
      unsafe SocketAddress(filledBy: { unsafe getsockname(number, $0, &$1) }) ?? address
    self.socket = consume socket
  }

  /// Gives each connection to `onAccept`, non-blocking, with the address it comes from. On the loop
  /// only, as is everything that follows.
  package func start(
    on loop: EventLoop, _ onAccept: @escaping (consuming Descriptor, SocketAddress) -> Void
  ) throws(SystemError) {
    guard let number = socket?.number else { return }
    self.loop = loop
    self.onAccept = onAccept
    try loop.add(number, self)
  }

  /// Waits for one connection, for a command line, which has no loop; `nil` if none came in time.
  /// Not after ``start(on:_:)``.
  package func next(within limit: Duration) -> Descriptor? {
    precondition(loop == nil, "Connections go to the loop.")
    guard let number = socket?.number else { return nil }
    let deadline = Clock.monotonic() + limit.nanoseconds
    while BlockingClient.poll(number, POLLIN, by: deadline) != [] {
      let accepted = accept4(
        number, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
      if accepted >= 0 {
        Sockets.sendAtOnce(accepted)
        return Descriptor(owning: accepted)
      }
    }
    return nil
  }

  /// Stops listening; who is connected stays so.
  package func close() {
    if let pause { loop?.cancel(pause) }
    pause = nil
    if let number = socket?.number { loop?.remove(number) }
    socket = nil
    onAccept = nil
  }

  package func ready(_ events: Readiness) {
    // While it pauses, the timer comes back for everybody who waits.
    if pause == nil { accept() }
  }

  private func accept() {
    for _ in 0..<Listener.acceptsPerTurn {
      // Asked each time anew: who is given a connection may close this listener.
      guard let number = socket?.number, let onAccept else { return }
      var accepted: Int32 = -1
      let remote = unsafe SocketAddress(filledBy: { address, length in
        accepted = unsafe accept4(
          number, address, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        return accepted < 0 ? -1 : 0
      })
      if accepted >= 0 {
        let connection = Descriptor(owning: accepted)
        Sockets.sendAtOnce(accepted)
        if let remote { onAccept(connection, remote) }
        continue
      }
      switch errno {
      case EAGAIN:
        return
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        pauses += 1
        return comeBack(after: Listener.pauseWithoutDescriptors)
      case EBADF, EINVAL, ENOTSOCK, EFAULT, EOPNOTSUPP:
        preconditionFailure("A listener has lost its socket: \(SystemError.last).")
      default:
        // One connection died before it was accepted (accept(2) lists the ways): on to the next.
        continue
      }
    }
    comeBack(after: .zero)
  }

  private func comeBack(after delay: Duration) {
    pause = loop?.schedule(after: delay) {
      self.pause = nil
      self.accept()
    }
  }
}
