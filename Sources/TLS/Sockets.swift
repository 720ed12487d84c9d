import CLinux
import EventLoop
import Glibc

/// The few system calls on sockets, with their types set right.
enum Sockets {
  /// Other side silent so long after bytes were sent: the connection is dead, in milliseconds.
  static let deadAfter: Int32 = 10_000
  /// A connection at rest is probed after so many seconds, so often, at most so many times.
  private static let probe: (after: Int32, every: Int32, times: Int32) = (5, 2, 3)

  /// A new socket for the family of `address`: non-blocking, closed on exec.
  static func make(for address: SocketAddress) throws(SystemError) -> Descriptor {
    let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let number = socket(address.family, Int32(kind), 0)
    guard number >= 0 else { throw .last }
    return Descriptor(owning: number)
  }

  /// Sends small writes at once: what belongs together is gathered above.
  static func sendAtOnce(_ socket: Int32) { set(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

  /// Notices within seconds that the other machine is gone, at work and at rest.
  static func watchForDeath(_ socket: Int32) {
    let level = Int32(IPPROTO_TCP)
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1)
    set(socket, level, TCP_KEEPIDLE, probe.after)
    set(socket, level, TCP_KEEPINTVL, probe.every)
    set(socket, level, TCP_KEEPCNT, probe.times)
    set(socket, level, TCP_USER_TIMEOUT, deadAfter)
  }

  /// Lets a process that starts again listen at its port at once.
  static func reuseAddress(_ socket: Int32) { set(socket, SOL_SOCKET, SO_REUSEADDR, 1) }

  /// Begins to connect; 0 when it has succeeded, otherwise the errno (`EINPROGRESS` goes on).
  static func connect(_ socket: Int32, to address: SocketAddress) -> Int32 {
    let failed = unsafe address.withSystemForm { unsafe Glibc.connect(socket, $0, $1) }
    return failed == 0 ? 0 : errno
  }

  /// The errno of what failed on the socket since it was last asked, or 0.
  static func failure(of socket: Int32) -> Int32 {
    var failure: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let failed = unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &length)
    return failed == 0 ? failure : errno
  }

  /// Why a connect ended with `errno`.
  static func reason(_ errno: Int32, at address: SocketAddress) -> SocketError {
    switch errno {
    case ECONNREFUSED: .refused(address)
    case ETIMEDOUT: .timedOut(address)
    default: .cannotConnect(address, SystemError(errno))
    }
  }

  // An option is advice: where the kernel refuses one, the connection works without.
  private static func set(_ socket: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    unsafe setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
