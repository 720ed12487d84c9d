import EventLoop
import Glibc

/// The ways between real nodes, each of which can be closed or made slow: a proxy on this machine for
/// every ordered pair. A node dials the others by names, and its own `/etc/hosts`, in a mount namespace
/// of its own, says where those are: for node 1, node 2 is at 127.1.1.2.
final class Roads: Sendable {
  struct Way: Hashable, Sendable {
    let from: Int
    let to: Int
  }

  private struct Weather {
    /// What does not go through, in which direction.
    var closed: Set<Way> = []
    /// Milliseconds that each piece takes.
    var delay: UInt32 = 0
    var isOver = false
  }

  static let domain = "drill.example"
  private let nodes: [Int]
  private let port: @Sendable (Int) -> Int
  private let weather = Lock(Weather())

  /// - Parameter port: Where a node listens for its peers, on 127.0.0.1.
  init(among nodes: [Int], port: @escaping @Sendable (Int) -> Int) throws {
    self.nodes = nodes
    self.port = port
    for from in nodes {
      for to in nodes where to != from {
        let way = Way(from: from, to: to)
        let door = try Self.listen(at: Self.address(of: to, for: from), port(to))
        Threads.start(named: "way") { self.serve(door, way) }
      }
    }
  }

  /// The lines of `/etc/hosts` for a node.
  func hosts(for node: Int) -> String {
    nodes.map { "\(Self.address(of: $0, for: node)) n\($0).\(Self.domain)\n" }.joined()
  }

  private static func address(of node: Int, for other: Int) -> String { "127.1.\(other).\(node)" }

  // MARK: - Closed, slow, and open again

  func close(_ ways: [Way]) { weather.withLock { $0.closed.formUnion(ways) } }
  func slow(by milliseconds: UInt32) { weather.withLock { $0.delay = milliseconds } }
  func open() { weather.withLock { $0 = Weather(isOver: $0.isOver) } }
  func end() { weather.withLock { $0.isOver = true } }

  /// Every way to and from a node.
  func around(_ node: Int) -> [Way] {
    nodes.filter { $0 != node }.flatMap { [Way(from: node, to: $0), Way(from: $0, to: node)] }
  }

  // MARK: - Sockets

  private static func address(_ host: String, _ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    _ = unsafe inet_pton(AF_INET, host, &address.sin_addr)
    return address
  }

  private static func listen(at host: String, _ port: Int) throws -> Int32 {
    let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    unsafe setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = address(host, port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(door, $0, length) }
    }
    guard bound == 0, Glibc.listen(door, 64) == 0 else {
      throw RealCluster.Trouble("no way can be made at \(host):\(port)")
    }
    return door
  }

  private func connect(to node: Int) -> Int32? {
    let socket = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = Self.address("127.0.0.1", port(node))
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(socket, $0, length)
      }
    }
    guard connected == 0 else {
      Glibc.close(socket)
      return nil
    }
    var yes: Int32 = 1
    unsafe setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    return socket
  }

  private func serve(_ door: Int32, _ way: Way) {
    while !weather.withLock({ $0.isOver }) {
      let caller = accept(door, nil, nil)
      guard caller >= 0 else { continue }
      // Nobody listens: closed at once and hard, as the kernel of a dead process does.
      guard let called = connect(to: way.to) else {
        reset(caller)
        continue
      }
      var yes: Int32 = 1
      unsafe setsockopt(
        caller, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      let ends = Lock(2)
      let back = Way(from: way.to, to: way.from)
      for (from, to, way) in [(caller, called, way), (called, caller, back)] {
        Threads.start(named: "piece") {
          self.carry(from: from, to: to, along: way)
          shutdown(from, Int32(SHUT_RDWR))
          shutdown(to, Int32(SHUT_RDWR))
          let isLast = ends.withLock { left in
            left -= 1
            return left == 0
          }
          if isLast {
            Glibc.close(from)
            Glibc.close(to)
          }
        }
      }
    }
    Glibc.close(door)
  }

  private func reset(_ socket: Int32) {
    var hard = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(socket)
  }

  /// What a closed way holds comes when it is open again, as with lost packets.
  private func carry(from: Int32, to: Int32, along way: Way) {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe recv(from, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      let delay = weather.withLock { $0.delay }
      if delay > 0 { usleep(delay * 1_000) }
      while weather.withLock({ $0.closed.contains(way) && !$0.isOver }) { usleep(5_000) }
      var sent = 0
      while sent < count {
        let more = unsafe buffer[sent..<count].withUnsafeBytes {
          unsafe send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard more > 0 else { return }
        sent += more
      }
    }
  }
}
