/// Reads one answer of HTTP/1.1 as it arrives, from a node that is asked one thing a connection.
package struct AnswerReader: Sendable {
  /// The header of our own nodes has some 300 bytes.
  package static let longestHead = 16 * 1024
  /// A list of 200 incidents has some 300 KB; a report may be longer.
  package static let longestBody = 16 * 1024 * 1024

  private var bytes: [UInt8] = []

  /// A reader that has seen nothing.
  package init() {}

  /// Why what arrived is no answer.
  package struct Malformed: Error, Hashable, Sendable {
    /// In a few words.
    package let reason: String
  }

  /// Takes in the next bytes; the answer once it is whole.
  package mutating func take(_ more: [UInt8]) throws(Malformed) -> Answer? {
    bytes += more
    guard let end = endOfHead() else {
      guard bytes.count <= Self.longestHead else { throw Malformed(reason: "an endless header") }
      return nil
    }
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let status = lines.removeFirst().split(separator: " ", maxSplits: 2)
    guard status.count >= 2, status[0].hasPrefix("HTTP/1."), let code = Int(status[1]),
      (100...599).contains(code)
    else { throw Malformed(reason: "not HTTP/1.1") }
    var answer = Answer(status: code)
    guard let length = try Self.length(lines, &answer) else {
      throw Malformed(reason: "an answer without a length")
    }
    let body = bytes[(end + 4)...]
    guard body.count >= length else { return nil }
    answer.body = Array(body.prefix(length))
    return answer
  }

  private static func length(
    _ lines: [Substring], _ answer: inout Answer
  ) throws(Malformed) -> Int? {
    var length: Int?
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = String(parts[1].drop { $0 == " " })
      switch parts[0].lowercased() {
      case "content-length":
        guard length == nil, let number = Int(value), (0...longestBody).contains(number) else {
          throw Malformed(reason: "a length that makes no sense")
        }
        length = number
      case "retry-after": answer.retryAfter = Int(value)
      default: break
      }
    }
    return length
  }

  /// Where the empty line behind the header begins.
  private func endOfHead() -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard bytes.count >= mark.count else { return nil }
    let last = min(bytes.count, Self.longestHead + mark.count) - mark.count
    return (0...last).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
  }
}
