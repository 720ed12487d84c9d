/// The first line of a request (RFC 9112, section 3).
struct RequestLine: Sendable {
  var method: Method
  var target: Target
  var version: Version

  /// Reads a line, which comes without its line end: a method, a target and a version with exactly
  /// one space between them.
  init(_ line: Span<UInt8>, limits: Limits) throws(HTTPError) {
    var first = 0
    while first < line.count, line[first].isToken { first += 1 }
    guard first > 0, first < line.count, line[first] == UInt8(ascii: " ") else {
      throw .malformedRequestLine
    }
    var second = first + 1
    while second < line.count, line[second] > 0x20, line[second] != 0x7F { second += 1 }
    guard second > first + 1, second < line.count, line[second] == UInt8(ascii: " ") else {
      throw .malformedRequestLine
    }

    version = try Version(line.extracting(second + 1..<line.count))
    guard let method = Method(line.extracting(0..<first)) else { throw .unknownMethod }
    self.method = method
    target = try Target(line.extracting(first + 1..<second), method: method, limits: limits)
  }
}

extension Version {
  /// Reads "HTTP/1.1" and the like.
  init(_ bytes: Span<UInt8>) throws(HTTPError) {
    if bytes.spells("HTTP/1.1") {
      self = .http11
    } else if bytes.spells("HTTP/1.0") {
      self = .http10
    } else if bytes.count == 8, bytes.extracting(0..<5).spells("HTTP/"), bytes[5].isDigit,
      bytes[6] == UInt8(ascii: "."), bytes[7].isDigit
    {
      throw .unsupportedVersion
    } else {
      throw .malformedRequestLine
    }
  }
}
