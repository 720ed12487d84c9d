package import EventLoop
import Glibc

/// One attempt to connect, without waiting for it.
package final class Dial: ReadyHandler {
  private let address: SocketAddress
  private let loop: EventLoop
  private var socket: Descriptor?
  private var timer: TimerToken?
  private var done: ((consuming sending Result<Descriptor, SocketError>) -> Void)?

  /// Connects to `address` and calls `done` once: with a non-blocking socket, or with why there is
  /// none, of which `refused` says that the machine is there and the process is not. On the loop
  /// only; `done` is called there too, perhaps before this returns.
  package static func connect(
    to address: SocketAddress, on loop: EventLoop, within limit: Duration,
    _ done: @escaping (consuming sending Result<Descriptor, SocketError>) -> Void
  ) {
    do throws(SystemError) {
      let socket = try Sockets.make(for: address)
      Sockets.sendAtOnce(socket.number)
      let failure = Sockets.connect(socket.number, to: address)
      switch failure {
      case 0:
        done(.success(socket))
      case EINPROGRESS:
        try Dial(socket, address, loop, done).wait(limit)
      default:
        done(.failure(Sockets.reason(failure, at: address)))
      }
    } catch {
      done(.failure(.cannotConnect(address, error)))
    }
  }

  private init(
    _ socket: consuming Descriptor, _ address: SocketAddress, _ loop: EventLoop,
    _ done: @escaping (consuming sending Result<Descriptor, SocketError>) -> Void
  ) {
    self.socket = consume socket
    self.address = address
    self.loop = loop
    self.done = done
  }

  private func wait(_ limit: Duration) throws(SystemError) {
    guard let number = socket?.number else { return }
    try loop.add(number, self)
    timer = loop.schedule(after: limit) { self.finish(ETIMEDOUT) }
  }

  package func ready(_ events: Readiness) {
    guard let number = socket?.number else { return }
    guard !events.isDisjoint(with: [.writable, .failed, .hungUp]) else { return }
    finish(Sockets.failure(of: number))
  }

  private func finish(_ failure: Int32) {
    guard let done, let socket = socket.take() else { return }
    self.done = nil
    loop.remove(socket.number)
    if let timer { loop.cancel(timer) }
    if failure == 0 {
      done(.success(socket))
    } else {
      done(.failure(Sockets.reason(failure, at: address)))
    }
  }
}
