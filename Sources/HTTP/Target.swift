/// What a request is about, taken apart (RFC 9112, section 3.2).
struct Target: Sendable {
  /// The path as it was sent.
  var path: String
  /// What follows the "?".
  var query: Query
  /// The authority of an absolute target, which must be the same as Host.
  var authority: [UInt8]?

  /// Reads a target in origin form, in absolute form, or "*" for ``Method/options``.
  init(_ bytes: Span<UInt8>, method: Method, limits: Limits) throws(HTTPError) {
    if method == .options, bytes.spells("*") {
      path = "*"
      query = Query()
      return
    }
    var start = 0
    if bytes.count > 0, bytes[0] != UInt8(ascii: "/") {
      let host = try Self.schemeLength(bytes)
      start = host
      while start < bytes.count, bytes[start] != UInt8(ascii: "/"),
        bytes[start] != UInt8(ascii: "?")
      { start += 1 }
      let authority = bytes.extracting(host..<start)
      guard Self.isHost(authority) else { throw .malformedTarget }
      self.authority = authority.indices.map { authority[$0] }
    }

    var end = start
    var isEscaped = false
    while end < bytes.count, bytes[end] != UInt8(ascii: "?") {
      guard bytes[end].isPath else { throw .malformedTarget }
      if bytes[end] == UInt8(ascii: "%") { isEscaped = true }
      end += 1
    }
    let path = bytes.extracting(start..<end)
    guard authority != nil || path.count > 0 else { throw .malformedTarget }
    if isEscaped, percentDecoded(path, plusIsSpace: false) == nil { throw .malformedTarget }
    self.path = path.count == 0 ? "/" : Self.text(path)

    guard end < bytes.count else {
      query = Query()
      return
    }
    let rest = bytes.extracting(end + 1..<bytes.count)
    for index in rest.indices where !rest[index].isQuery { throw .malformedTarget }
    query = try Query(rest, limit: limits.parameters)
  }

  /// Whether the authority of an absolute target, if there is one, is also the Host.
  func agrees(withHost host: ArraySlice<UInt8>?) -> Bool {
    guard let authority else { return true }
    guard let host else { return true }
    return authority.elementsEqual(host) { $0.lowercased == $1.lowercased }
  }

  /// Whether these bytes are a host and perhaps a port.
  static func isHost(_ bytes: Span<UInt8>) -> Bool {
    var end = 0
    if bytes.count > 0, bytes[0] == UInt8(ascii: "[") {
      end = 1
      while end < bytes.count,
        bytes[end].hexadecimal != nil || bytes[end] == UInt8(ascii: ":")
          || bytes[end] == UInt8(ascii: ".")
      { end += 1 }
      guard end > 1, end < bytes.count, bytes[end] == UInt8(ascii: "]") else { return false }
      end += 1
    } else {
      while end < bytes.count, bytes[end].isHost, bytes[end] != UInt8(ascii: ":") { end += 1 }
    }
    guard end > 0 else { return false }
    guard end < bytes.count else { return true }
    let port = bytes.extracting(end + 1..<bytes.count)
    guard bytes[end] == UInt8(ascii: ":"), port.count <= 5 else { return false }
    for index in port.indices where !port[index].isDigit { return false }
    return true
  }

  /// The length of "http://" or "https://", which an absolute target begins with.
  private static func schemeLength(_ bytes: Span<UInt8>) throws(HTTPError) -> Int {
    if bytes.count > 7, bytes.extracting(0..<7).spellsInAnyCase("http://") { return 7 }
    if bytes.count > 8, bytes.extracting(0..<8).spellsInAnyCase("https://") { return 8 }
    throw .malformedTarget
  }

  /// The text of bytes that are known to be ASCII.
  private static func text(_ bytes: Span<UInt8>) -> String {
    // Each byte is written once, so the text is whole when their number is returned.
    unsafe String(unsafeUninitializedCapacity: bytes.count) { buffer in
      for index in bytes.indices { unsafe buffer[index] = bytes[index] }
      return bytes.count
    }
  }
}
