import CLinux
package import EventLoop
import Glibc

/// Where a socket is, or should be: an IPv4 or IPv6 address and a port.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address without its port, as text: "127.0.0.1" or "::1".
  package let host: String
  /// The port; 0 lets the system choose when listening.
  package let port: UInt16
  private let isSixth: Bool

  /// Reads "127.0.0.1:8441" or "[::1]:8441"; nil for anything else, names too.
  package init?(_ text: String) {
    guard let endpoint = Endpoint(text) else { return nil }
    self.init(host: endpoint.host, port: endpoint.port)
  }

  /// The address `host`, nil if it is a name.
  package init?(host: String, port: UInt16) {
    var fourth = in_addr()
    var sixth = in6_addr()
    if unsafe inet_pton(AF_INET, host, &fourth) == 1 {
      isSixth = false
    } else if unsafe inet_pton(AF_INET6, host, &sixth) == 1 {
      isSixth = true
    } else {
      return nil
    }
    self.host = host
    self.port = port
  }

  /// The four or sixteen bytes of the address.
  package var bytes: [UInt8] {
    var fourth = in_addr()
    var sixth = in6_addr()
    if unsafe inet_pton(AF_INET, host, &fourth) == 1 {
      return unsafe withUnsafeBytes(of: fourth) { unsafe Array($0) }
    }
    unsafe inet_pton(AF_INET6, host, &sixth)
    return unsafe withUnsafeBytes(of: sixth) { unsafe Array($0) }
  }

  /// As a log or a person writes it: "127.0.0.1:8441", "[::1]:8441".
  package var description: String { isSixth ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether `host` is an address rather than a name.
  static func isNumeric(_ host: String) -> Bool { SocketAddress(host: host, port: 0) != nil }

  /// Its family, for `socket`.
  var family: Int32 { isSixth ? AF_INET6 : AF_INET }

  /// Runs `body` on the address in the form of the system calls.
  func withSystemForm<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    if isSixth {
      var form = sockaddr_in6()
      form.sin6_family = sa_family_t(AF_INET6)
      form.sin6_port = port.bigEndian
      unsafe inet_pton(AF_INET6, host, &form.sin6_addr)
      return unsafe withUnsafePointer(to: &form) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
    var form = sockaddr_in()
    form.sin_family = sa_family_t(AF_INET)
    form.sin_port = port.bigEndian
    unsafe inet_pton(AF_INET, host, &form.sin_addr)
    return unsafe withUnsafePointer(to: &form) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// The address that `fill` puts into the system's form; nil if it fails or is of another family.
  init?(filledBy fill: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let failed = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe fill($0, &length)
      }
    }
    guard failed == 0 else { return nil }
    self.init(storage)
  }

  init?(_ storage: sockaddr_storage) {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let room = socklen_t(text.count)
    switch Int32(storage.ss_family) {
    case AF_INET:
      var form = SocketAddress.take(sockaddr_in(), from: storage)
      unsafe inet_ntop(AF_INET, &form.sin_addr, &text, room)
      port = UInt16(bigEndian: form.sin_port)
      isSixth = false
    case AF_INET6:
      var form = SocketAddress.take(sockaddr_in6(), from: storage)
      unsafe inet_ntop(AF_INET6, &form.sin6_addr, &text, room)
      port = UInt16(bigEndian: form.sin6_port)
      isSixth = true
    default:
      return nil
    }
    host = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The first bytes of `storage` as the smaller form that its family says it is.
  private static func take<Form>(
    _ empty: Form, from storage: sockaddr_storage
  ) -> Form {
    var form = empty
    unsafe withUnsafeMutableBytes(of: &form) { target in
      unsafe withUnsafeBytes(of: storage) {
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<target.count]))
      }
    }
    return form
  }
}

/// A host, by name or address, and a port, as configuration writes them.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The name or address, without brackets.
  package let host: String
  /// The port.
  package let port: UInt16

  /// Reads "host:port" or "[::1]:port".
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.first == "[" && host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  /// The port of a host.
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The addresses of the host. A name is asked for at the system's resolver, which may take
  /// seconds: not for a loop's thread.
  package func resolved() throws(SocketError) -> [SocketAddress] {
    if let address = SocketAddress(host: host, port: port) { return [address] }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let failed = unsafe getaddrinfo(host, "\(port)", &hints, &list)
    guard failed == 0 else {
      throw .unknownHost(host, reason: unsafe String(cString: gai_strerror(failed)))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let found = unsafe next {
      unsafe next = unsafe found.pointee.ai_next
      var storage = sockaddr_storage()
      unsafe withUnsafeMutableBytes(of: &storage) {
        unsafe $0.copyMemory(
          from: UnsafeRawBufferPointer(
            start: found.pointee.ai_addr,
            count: min($0.count, Int(found.pointee.ai_addrlen))))
      }
      if let address = SocketAddress(storage) { addresses.append(address) }
    }
    guard !addresses.isEmpty else { throw .unknownHost(host, reason: "it has no address") }
    return addresses
  }
}

/// Why a socket could not be opened or connected.
package enum SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nobody has this name.
  case unknownHost(String, reason: String)
  /// The port or address cannot be listened at.
  case cannotListen(SocketAddress, SystemError)
  /// There is a machine, and nobody listens at the port.
  case refused(SocketAddress)
  /// No answer within the time given.
  case timedOut(SocketAddress)
  /// The operating system could not connect.
  case cannotConnect(SocketAddress, SystemError)

  package var description: String {
    switch self {
    case .unknownHost(let host, let reason):
      "The host \(host) cannot be found (\(reason)): check its spelling and the name service."
    case .cannotListen(let address, let error):
      "Cannot listen at \(address): \(error). Is another process there, or the address not ours?"
    case .refused(let address):
      "Nobody listens at \(address): is the node running there?"
    case .timedOut(let address):
      "No answer from \(address) in time: is the machine up, and the port open?"
    case .cannotConnect(let address, let error):
      "Cannot connect to \(address): \(error)."
    }
  }
}
