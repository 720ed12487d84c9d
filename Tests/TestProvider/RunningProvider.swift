internal import Glibc
package import HTTP

/// A provider that others wrote, in a process of its own on loopback.
@safe
package final class RunningProvider: @unchecked Sendable {
  // Each call has a connection of its own, and the process is ended once.

  /// Where it listens.
  package let port: Int
  private let stream: UnsafeMutablePointer<FILE>

  /// The interpreter that has the provider's packages, of which `requirements.txt` is the list.
  private static let python =
    unsafe getenv("MUSTER_PROVIDER_PYTHON").map { unsafe String(cString: $0) } ?? "python3"

  /// Whether that interpreter has them.
  package static let isInstalled =
    unsafe system("'\(python)' -c 'import authlib, flask' >/dev/null 2>&1") == 0

  private static let script =
    "/"
    + "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/") + "/provider.py"

  /// A provider that listens; `nil` if it did not come that far.
  package init?() {
    let line = "exec '\(Self.python)' '\(Self.script)' 2>/dev/null </dev/null"
    guard let stream = unsafe popen(line, "r") else { return nil }
    var text = [CChar](repeating: 0, count: 16)
    guard unsafe fgets(&text, Int32(text.count), stream) != nil else {
      unsafe pclose(stream)
      return nil
    }
    unsafe port = Int(atoi(text))
    unsafe self.stream = unsafe stream
  }

  deinit {
    // It ends by itself when it does not hear this.
    _ = send(ClientRequest(.get, "/stop", host: "127.0.0.1"))
    unsafe pclose(stream)
  }

  /// Its answer to a request on a connection of its own, or `nil` where there is none.
  package func send(_ request: ClientRequest) -> Response? {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return nil }
    defer { close(socket) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return nil }
    var bytes: [UInt8] = []
    request.serialise(into: &bytes, closing: true)
    guard unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    else { return nil }
    return answer(on: socket, to: request.method)
  }

  private func answer(on socket: Int32, to method: Method) -> Response? {
    var parser = ResponseParser()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(socket, &buffer, buffer.count, 0)
      guard count >= 0 else { return nil }
      parser.receive(buffer[..<count])
      do throws(HTTPError) {
        if let response = try parser.next(answering: method) { return response }
        if count == 0 { return try parser.finish() }
      } catch {
        return nil
      }
    }
  }
}
