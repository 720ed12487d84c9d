/// An address that the browser or the server is sent to: `https://…`, or `http://…` on this machine.
///
/// A secret that goes over plain HTTP is read on the way, so that nothing else is taken (such as OpenID
/// Connect Core 1.0, sections 3.1.2 and 3.1.3, wants it). Loopback never leaves the machine; it is for
/// trying out, and only where a configuration says so.
package struct WebAddress: Hashable, Sendable {
  /// Bytes that an address may have.
  package static let longest = 2_048

  /// As it was written.
  package let text: String
  /// Whether it is `https`.
  package let isSecure: Bool
  /// The name or address of the host as it was written, without the brackets of an IPv6 address.
  package let host: String
  /// The port to connect to.
  package let port: Int
  /// Path and query, as they go into a request; "/" where there are none.
  package let target: String
  /// The host and, where it is not the usual one, its port: what a Host field says.
  package let authority: String

  /// The address that `text` spells, or `nil` for anything else.
  ///
  /// Names of users, fragments and characters that ought to be escaped are refused.
  ///
  /// - Parameters:
  ///   - text: What may be one.
  ///   - loopback: Whether `http` is taken where the host is this machine itself.
  package init?(_ text: String, allowingHTTPOnLoopback loopback: Bool = false) {
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy(Self.mayStand) else { return nil }
    let isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let target = rest.dropFirst(authority.count)
    guard let (host, port) = Self.hostAndPort(authority, usual: isSecure ? 443 : 80) else {
      return nil
    }
    guard isSecure || (loopback && Self.isLoopback(host)) else { return nil }
    self.text = text
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.authority = String(authority)
    self.target = target.first == "/" ? String(target) : "/\(target)"
  }

  /// The address with a query, or with more of one.
  package func adding(_ query: Query) -> String {
    "\(text)\(text.contains("?") ? "&" : "?")\(query.encoded)"
  }

  /// A request for what is at the address, which shall be JSON.
  package func request() -> ClientRequest {
    ClientRequest(.get, target, host: authority, fields: ["Accept": "application/json"])
  }

  /// Whether a query may follow without being a second one.
  package var hasQuery: Bool { text.contains("?") }

  private static func hostAndPort(
    _ authority: Substring, usual: Int
  ) -> (host: String, port: Int)? {
    var host = authority
    var rest: Substring
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[..<end].dropFirst()
      rest = authority[authority.index(after: end)...]
      guard host.contains(":"), host.utf8.allSatisfy(isOfAddress) else { return nil }
    } else {
      host = authority.prefix { $0 != ":" }
      rest = authority.dropFirst(host.count)
      guard host.utf8.allSatisfy(isOfName) else { return nil }
    }
    guard (1...253).contains(host.utf8.count) else { return nil }
    guard !rest.isEmpty else { return (String(host), usual) }
    guard rest.removeFirst() == ":", (1...5).contains(rest.utf8.count),
      rest.utf8.allSatisfy(isDigit), let port = Int(rest), (1...65_535).contains(port)
    else { return nil }
    return (String(host), port)
  }

  /// Whether a host is this machine, whatever a name service says (RFC 6761, section 6.3; RFC 1122,
  /// section 3.2.1.3; RFC 4291, section 2.5.3).
  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(isDigit)
          && Int(part).map { $0 <= 255 } ?? false
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  private static func isOfName(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isOfAddress(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 || byte == UInt8(ascii: ":")
      || byte == UInt8(ascii: ".")
  }

  /// Whether a byte may stand in an address as it is (RFC 3986, appendix A), but "#" and "@".
  private static func mayStand(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "-._~:/?[]!$&'()*+,;=%".utf8.contains(byte)
  }
}

extension WebAddress: CustomStringConvertible {
  /// As it was written.
  package var description: String { text }
}
