import EventLoop
import Glibc
import Incidents

/// Values on their way into an address.
package enum PathText {
  /// A value as one segment of a path or one value of a query (RFC 3986, section 2.3).
  package static func escaped(_ text: String) -> String {
    var result = ""
    for unit in text.utf8 {
      let scalar = Unicode.Scalar(unit)
      if scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar))
      {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(unit, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  /// `path?name=value&…` of the values that are there.
  package static func query(_ path: String, _ values: [(String, String?)]) -> String {
    let pairs = values.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
    return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }
}

/// Values as people type them.
package enum TypedText {
  /// A piece of text that people may write: four pages.
  private static let longest = 64 * 1024

  /// A time: RFC 3339 as it is, or a span from now such as `+90m`, `-20m`, `+2h`, `+5d`, or `now`.
  package static func time(_ text: String?, now: Int64 = Clock.now()) throws(Failure) -> String? {
    guard let text else { return nil }
    if text == "now" { return Timestamp.format(now) }
    guard let sign = text.first, sign == "+" || sign == "-" else { return text }
    let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = text.last.flatMap({ units[$0] }),
      let count = Int64(text.dropFirst().dropLast()),
      (0...100_000).contains(count)
    else {
      throw .usage(
        "\"\(text)\" is no time: write 2026-11-23T09:04:00Z, now, or a span such as +90m or +5d.")
    }
    return Timestamp.format(sign == "+" ? now + count * unit : now - count * unit)
  }

  /// The text of an argument; `-` means all of standard input.
  package static func text(_ argument: String) throws(Failure) -> String {
    guard argument == "-" else { return argument }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe read(STDIN_FILENO, &chunk, chunk.count)
      guard count >= 0 else { throw .usage("Standard input cannot be read.") }
      guard count > 0 else { break }
      bytes += chunk[..<count]
      guard bytes.count <= longest else {
        throw .usage("The text is longer than \(longest) bytes.")
      }
    }
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
