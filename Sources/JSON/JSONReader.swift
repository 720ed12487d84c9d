/// Reads JSON (RFC 8259) value by value, in the order in which it is written.
///
/// Nothing is kept but what the caller takes, and whatever it does not want it skips:
///
///     var json = JSONReader(bytes)
///     try json.beginObject()
///     while let name = try json.nextName() {
///       switch name {
///       case "title": title = try json.string()
///       default: try json.skip()
///       }
///     }
///     try json.finish()
///
/// After a name, and after ``nextElement()`` said that there is one, exactly one value must be read
/// or skipped. Two members of one name are both shown: ``JSONValue`` is what refuses them.
package struct JSONReader: Sendable {
  /// What kind of value comes next.
  package enum Kind: Hashable, Sendable {
    case object
    case array
    case string
    case number
    case bool
    case null
  }

  /// Arrays and objects lie in each other no deeper: a reader of trees needs a stack for them.
  package static let deepest = 32
  /// Bytes that a number may be spelt in. A Double needs 25.
  package static let longestNumber = 128

  /// The text.
  let bytes: [UInt8]
  /// Bytes that one string may have.
  let longestString: Int
  /// How many bytes are read.
  package internal(set) var position = 0
  /// The line at ``position``, counted from 1.
  package internal(set) var line = 1
  /// The line of the last name that was read.
  private(set) var nameLine = 1
  /// Where the last name that was read begins.
  private(set) var nameStart = 0
  private var depth = 0
  /// A bit for each open array or object: whether it is an object.
  private var objects: UInt64 = 0
  /// A bit for each open array or object: whether something was read of it, so a comma is due.
  private var started: UInt64 = 0

  /// A reader at the front of `bytes`.
  ///
  /// - Parameter longestString: In bytes as they are written. A name is a string too.
  package init(_ bytes: [UInt8], longestString: Int = 1024 * 1024) {
    self.bytes = bytes
    self.longestString = longestString
  }

  // MARK: Structure

  /// The kind of the value that comes next, which stays unread.
  package mutating func peek() throws(JSONError) -> Kind {
    switch try next("a value") {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    default: throw error(.expected("a value"))
    }
  }

  /// Enters an object; ``nextName()`` then walks it.
  package mutating func beginObject() throws(JSONError) {
    try begin(UInt8(ascii: "{"), "an object")
    objects |= 1 << UInt64(depth)
  }

  /// Enters an array; ``nextElement()`` then walks it.
  package mutating func beginArray() throws(JSONError) {
    try begin(UInt8(ascii: "["), "an array")
    objects &= ~(1 << UInt64(depth))
  }

  /// The name of the next member of the object, or `nil` at its end, which is then left.
  package mutating func nextName() throws(JSONError) -> String? {
    guard try isNameNext() else { return nil }
    let name = try string()
    try readColon()
    return name
  }

  /// Whether there is another element of the array; at its end the array is left.
  package mutating func nextElement() throws(JSONError) -> Bool {
    precondition(depth > 0 && objects >> UInt64(depth) & 1 == 0, "No array is open.")
    return try goOn(until: UInt8(ascii: "]"), "a comma or ]")
  }

  /// Reads a value of any kind, checks it and drops it.
  package mutating func skip() throws(JSONError) {
    switch try peek() {
    case .object:
      try beginObject()
      while try isNameNext() {
        try skipString()
        try readColon()
        try skip()
      }
    case .array:
      try beginArray()
      while try nextElement() { try skip() }
    case .string: try skipString()
    case .number: _ = try numberRange()
    case .bool: _ = try bool()
    case .null: try null()
    }
  }

  /// Refuses whatever but blanks follows the value.
  package mutating func finish() throws(JSONError) {
    precondition(depth == 0, "An object or array is still open.")
    skipBlanks()
    guard position == bytes.count else { throw error(.trailing) }
  }

  // MARK: Words

  /// Reads `null`.
  package mutating func null() throws(JSONError) {
    guard try next("null") == UInt8(ascii: "n"), readWord("null") else {
      throw error(.expected("null"))
    }
  }

  /// Reads `true` or `false`.
  package mutating func bool() throws(JSONError) -> Bool {
    switch try next("true or false") {
    case UInt8(ascii: "t") where readWord("true"): return true
    case UInt8(ascii: "f") where readWord("false"): return false
    default: throw error(.expected("true or false"))
    }
  }

  // MARK: Steps

  /// The error of what stands at ``position``, or at `offset`.
  func error(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
    JSONError(reason, at: offset ?? position, of: bytes)
  }

  /// The first byte of what comes next, which stays unread.
  mutating func next(_ expected: String) throws(JSONError) -> UInt8 {
    skipBlanks()
    guard position < bytes.count else { throw error(.endsEarly) }
    return bytes[position]
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      case UInt8(ascii: "\n"): line += 1
      default: return
      }
      position += 1
    }
  }

  private mutating func readWord(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    // The word is a literal and is read within its own count.
    let letters = unsafe word.utf8Start
    for index in position..<end where unsafe bytes[index] != letters[index - position] {
      return false
    }
    position = end
    return true
  }

  private mutating func begin(_ opening: UInt8, _ what: String) throws(JSONError) {
    guard try next(what) == opening else { throw error(.expected(what)) }
    guard depth < Self.deepest else { throw error(.tooDeep(limit: Self.deepest)) }
    position += 1
    depth += 1
    started &= ~(1 << UInt64(depth))
  }

  private mutating func isNameNext() throws(JSONError) -> Bool {
    precondition(depth > 0 && objects >> UInt64(depth) & 1 == 1, "No object is open.")
    guard try goOn(until: UInt8(ascii: "}"), "a comma or }") else { return false }
    guard try next("a name") == UInt8(ascii: "\"") else { throw error(.expected("a name")) }
    nameLine = line
    nameStart = position
    return true
  }

  /// Reads the comma that is due, or the `closing` mark; then it answers false.
  private mutating func goOn(until closing: UInt8, _ expected: String) throws(JSONError) -> Bool {
    let mark = try next(expected)
    if mark == closing {
      position += 1
      depth -= 1
      return false
    }
    let bit: UInt64 = 1 << UInt64(depth)
    if started & bit != 0 {
      guard mark == UInt8(ascii: ",") else { throw error(.expected(expected)) }
      position += 1
    } else {
      started |= bit
    }
    return true
  }

  private mutating func readColon() throws(JSONError) {
    guard try next("a colon") == UInt8(ascii: ":") else { throw error(.expected("a colon")) }
    position += 1
  }
}
