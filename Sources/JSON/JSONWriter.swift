/// Writes JSON, value by value, with the commas in their places.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.name("title")
///     json.value("Sign-in is down")
///     json.endObject()
///     send(json.bytes)
///
/// That every name has its value and every beginning its end is up to the caller.
package struct JSONWriter: Sendable {
  /// How the text is laid out.
  package enum Style: Hashable, Sendable {
    /// On one line without blanks, for programs.
    case compact
    /// One member or element a line, indented by two spaces, for people.
    case pretty
  }

  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []
  private let style: Style
  private var depth = 0
  /// Whether something stands before what comes next in the same array or object.
  private var isFollowing = false
  /// Whether what comes next is the value of a name.
  private var isNamed = false

  /// An empty writer with room for `capacity` bytes.
  package init(style: Style = .compact, reserving capacity: Int = 1024) {
    self.style = style
    bytes.reserveCapacity(capacity)
  }

  // MARK: Structure

  /// Begins an object.
  package mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Ends the object.
  package mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Begins an array.
  package mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Ends the array.
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the name of the member whose value comes next.
  package mutating func name(_ name: String) {
    separate()
    append(name)
    colon()
  }

  /// Writes the name of the member whose value comes next: one that needs no escapes.
  package mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // The buffer is that of the literal, and is copied before the call returns.
    name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    colon()
  }

  // MARK: Values

  /// Writes `null`.
  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes `true` or `false`.
  package mutating func value(_ truth: Bool) {
    separate()
    bytes.append(contentsOf: truth ? "true".utf8 : "false".utf8)
  }

  /// Writes a whole number.
  package mutating func value(_ number: some FixedWidthInteger) {
    separate()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(UInt64(number.magnitude))
  }

  /// Writes a number that is finite, in as few digits as tell it from any other.
  package mutating func value(_ number: Double) {
    precondition(number.isFinite, "\(number) has no form in JSON.")
    separate()
    bytes.append(contentsOf: number.description.utf8)
  }

  /// Writes a text.
  package mutating func value(_ text: String) {
    separate()
    append(text)
  }

  /// Writes a whole tree.
  package mutating func value(_ value: JSONValue) {
    switch value.kind {
    case .null: null()
    case .bool(let truth): self.value(truth)
    case .number(let spelling):
      separate()
      bytes.append(contentsOf: spelling.utf8)
    case .string(let text): self.value(text)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        name(member.name)
        self.value(member.value)
      }
      endObject()
    }
  }

  // MARK: Steps

  private mutating func open(_ mark: UInt8) {
    separate()
    bytes.append(mark)
    depth += 1
    isFollowing = false
  }

  private mutating func close(_ mark: UInt8) {
    precondition(depth > 0 && !isNamed, "Nothing can be closed here.")
    depth -= 1
    if isFollowing { breakLine() }
    bytes.append(mark)
    isFollowing = true
  }

  private mutating func colon() {
    bytes.append(UInt8(ascii: ":"))
    if style == .pretty { bytes.append(UInt8(ascii: " ")) }
    isNamed = true
  }

  /// Writes what has to stand before a name or a value.
  private mutating func separate() {
    guard !isNamed else {
      isNamed = false
      isFollowing = true
      return
    }
    if isFollowing { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { breakLine() }
    isFollowing = true
  }

  private mutating func breakLine() {
    guard style == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes.append(contentsOf: "  ".utf8) }
  }

  private mutating func appendDigits(_ number: UInt64) {
    if number >= 10 { appendDigits(number / 10) }
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  private mutating func append(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if Self.isPlain(text.utf8Span.span) {
      bytes.append(contentsOf: text.utf8)
    } else {
      for byte in text.utf8 { appendEscaped(byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether nothing in a text has to be escaped.
  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
    }
    return true
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case 0x08: bytes.append(contentsOf: "\\b".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0C: bytes.append(contentsOf: "\\f".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0..<0x20:
      bytes.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8)
      let low = byte & 0xF
      bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default: bytes.append(byte)
    }
  }
}
