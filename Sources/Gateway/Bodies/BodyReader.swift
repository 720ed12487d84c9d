import Incidents
import JSON

/// The body of a request, read member by member, with the place of whatever is wrong with it.
///
/// An empty body is read as an object without members. A member may be given once.
package struct BodyReader {
  /// Members of one object that are remembered to refuse a second of the same name. An object with
  /// more is one of labels, where the first of a name counts.
  private static let mostRemembered = 64

  private var json: JSONReader
  /// Where the reader is: the current member or element of each open object or array.
  private var path: [Step] = []

  private enum Step {
    case member(String, seen: [String])
    case element(Int)
  }

  /// A reader at the beginning of `bytes`.
  package init(_ bytes: [UInt8]) {
    json = JSONReader(bytes.isEmpty ? Array("{}".utf8) : bytes)
  }

  /// The value that is being read, as a JSON pointer (RFC 6901).
  package var pointer: String {
    path.reduce(into: "") { pointer, step in
      switch step {
      case .member(let name, _): pointer += "/" + Self.escaped(name)
      case .element(let index): pointer += "/\(index)"
      }
    }
  }

  /// The pointer of a member of the object that was read last.
  private func pointer(to member: String) -> String { pointer + "/" + Self.escaped(member) }

  private static func escaped(_ name: String) -> String {
    var text = ""
    for character in name {
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.append(character)
      }
    }
    return text
  }

  // MARK: Structure

  /// Enters an object; ``member()`` then walks it.
  package mutating func beginObject() throws(Problem) {
    try expect(.object, "an object")
    try read { json throws(JSONError) in try json.beginObject() }
    path.append(.member("", seen: []))
  }

  /// The name of the next member, or `nil` at the end of the object, which it then leaves. The
  /// value of a member must be read before the next is asked for.
  package mutating func member() throws(Problem) -> String? {
    guard let name = try read({ json throws(JSONError) in try json.nextName() }) else {
      path.removeLast()
      return nil
    }
    guard case .member(_, var seen)? = path.popLast() else {
      preconditionFailure("No object is open.")
    }
    let isRepeat = seen.contains(name)
    if seen.count < Self.mostRemembered { seen.append(name) }
    path.append(.member(name, seen: seen))
    guard !isRepeat else {
      throw .malformed("\(name) is given twice.", member: pointer)
    }
    return name
  }

  /// Enters an array; ``element(atMost:)`` then walks it.
  package mutating func beginArray() throws(Problem) {
    try expect(.array, "a list")
    try read { json throws(JSONError) in try json.beginArray() }
    path.append(.element(-1))
  }

  /// Whether there is another element, to be read next; at the end of the array it leaves it.
  package mutating func element(atMost bound: Int) throws(Problem) -> Bool {
    guard try read({ json throws(JSONError) in try json.nextElement() }) else {
      path.removeLast()
      return false
    }
    guard case .element(let index)? = path.popLast() else {
      preconditionFailure("No array is open.")
    }
    path.append(.element(index + 1))
    guard index + 1 < bound else {
      path.removeLast()
      throw .invalid("The list has more than \(bound) elements.", member: pointer)
    }
    return true
  }

  /// Passes over a value of any kind.
  package mutating func skip() throws(Problem) {
    try read { json throws(JSONError) in try json.skip() }
  }

  /// Refuses whatever stands behind the body.
  package mutating func finish() throws(Problem) {
    try read { json throws(JSONError) in try json.finish() }
  }

  // MARK: Values

  /// Whether the value is `null`, which is then read. A member that is `null` was not given.
  package mutating func isNull() throws(Problem) -> Bool {
    guard try kind() == .null else { return false }
    try read { json throws(JSONError) in try json.null() }
    return true
  }

  /// A text of at most `bound` bytes.
  package mutating func text(atMost bound: Int) throws(Problem) -> String {
    try expect(.string, "a text")
    let text = try read { json throws(JSONError) in try json.string() }
    guard text.utf8.count <= bound else {
      throw .invalid(
        "The text has \(text.utf8.count) bytes, \(bound) are allowed.", member: pointer)
    }
    return text
  }

  /// A text of at most `bound` bytes, or `null`.
  package mutating func optionalText(atMost bound: Int) throws(Problem) -> String? {
    try isNull() ? nil : try text(atMost: bound)
  }

  /// A list of texts, each of at most `bound` bytes; `null` is an empty one.
  package mutating func texts(atMost bound: Int) throws(Problem) -> [String] {
    guard try !isNull() else { return [] }
    var texts: [String] = []
    try beginArray()
    while try element(atMost: Bound.list) { texts.append(try text(atMost: bound)) }
    return texts
  }

  /// A text, a truth, or a list of texts, as a list of what an address would say.
  package mutating func words(atMost bound: Int) throws(Problem) -> [String] {
    switch try kind() {
    case .bool: [try optionalBool() == true ? "true" : "false"]
    case .array: try texts(atMost: bound)
    default: [try text(atMost: bound)]
    }
  }

  /// A point in time as RFC 3339 writes it, in milliseconds since 1970; or `null`.
  package mutating func optionalTime() throws(Problem) -> Int64? {
    guard let text = try optionalText(atMost: Bound.key) else { return nil }
    guard let stamp = Timestamp.parse(text) else {
      throw .invalid(
        "\"\(text)\" is no time as RFC 3339 writes it, such as 2026-11-23T09:04:00Z.",
        member: pointer)
    }
    return stamp
  }

  /// `true` or `false`, or `null`.
  package mutating func optionalBool() throws(Problem) -> Bool? {
    guard try !isNull() else { return nil }
    try expect(.bool, "true or false")
    return try read { json throws(JSONError) in try json.bool() }
  }

  /// A whole number that is not negative, or `null`.
  package mutating func optionalPosition() throws(Problem) -> UInt64? {
    guard try !isNull() else { return nil }
    try expect(.number, "a whole number")
    let digits = try read { json throws(JSONError) in try json.number() }
    guard let number = UInt64(digits) else {
      throw .invalid("\(digits) is not a whole number from 0 on.", member: pointer)
    }
    return number
  }

  /// One of the words of `Value`.
  package mutating func word<Value: Spelt>(_: Value.Type) throws(Problem) -> Value {
    let text = try text(atMost: Bound.key)
    guard let value = Value(spelling: text) else {
      throw .invalid("\"\(text)\" is none of \(Value.spellings).", member: pointer)
    }
    return value
  }

  // MARK: Refusals

  /// The value of a member that the object just read had to have.
  package func require<Value>(_ value: Value?, _ member: String) throws(Problem) -> Value {
    guard let value else {
      throw .invalid("\(member) is missing.", member: pointer(to: member))
    }
    return value
  }

  /// The refusal of the member that ``member()`` just named.
  package func unknownMember(_ name: String) -> Problem {
    .malformed("This address knows no member \"\(name)\".", member: pointer)
  }

  private mutating func kind() throws(Problem) -> JSONReader.Kind {
    try read { json throws(JSONError) in try json.peek() }
  }

  private mutating func expect(_ kind: JSONReader.Kind, _ what: String) throws(Problem) {
    guard try self.kind() == kind else {
      throw .malformed("This must be \(what).", member: pointer)
    }
  }

  private mutating func read<Value>(
    _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(Problem) -> Value {
    do throws(JSONError) {
      return try body(&json)
    } catch {
      throw .malformed("The body is not JSON that can be read. \(error)")
    }
  }
}
