package import JSON

/// What a body, or a value in one, may be.
///
/// Its notation is that of ``BodyShapes``: `{title!=text(200) priority?=P1|P2 tags=[text]}`, where "!" marks
/// a member that must be there, and "?" one that may be `null`.
package indirect enum BodyShape: Hashable, Sendable {
  /// Text of at most so many bytes.
  case text(Int?)
  /// One of these words.
  case words([String])
  case time, id, flag, whole
  /// A number that may have a fraction or be negative.
  case number
  case list(BodyShape)
  case object([Member])
  /// Whatever the address says of it elsewhere.
  case any

  /// A member of an object.
  package struct Member: Hashable, Sendable {
    package var name: String
    package var isRequired: Bool
    package var isNullable: Bool
    package var shape: BodyShape

    /// A member.
    package init(_ name: String, isRequired: Bool, isNullable: Bool, _ shape: BodyShape) {
      self.name = name
      self.isRequired = isRequired
      self.isNullable = isNullable
      self.shape = shape
    }
  }

  /// In the notation.
  package var notation: String {
    switch self {
    case .text(let most): most.map { "text(\($0))" } ?? "text"
    case .words(let words): words.joined(separator: "|")
    case .time: "time"
    case .id: "id"
    case .flag: "flag"
    case .whole: "whole"
    case .number: "number"
    case .list(let element): "[\(element.notation)]"
    case .any: "any"
    case .object(let members):
      "{"
        + members.map { member in
          let marks = (member.isRequired ? "!" : "") + (member.isNullable ? "?" : "")
          return "\(member.name)\(marks)=\(member.shape.notation)"
        }.joined(separator: " ") + "}"
    }
  }

  /// Reads the notation; a slip in it is a mistake of ours.
  package init(_ notation: String) {
    var rest = Array(notation.utf8)[...]
    self = Self.read(&rest)
    precondition(rest.isEmpty, "\(notation) is no shape.")
  }

  private static func read(_ rest: inout ArraySlice<UInt8>) -> BodyShape {
    switch rest.first {
    case UInt8(ascii: "{"):
      rest.removeFirst()
      var members: [Member] = []
      while rest.first != UInt8(ascii: "}") {
        if rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        var name = word(&rest)
        rest.removeFirst()
        let isNullable = name.hasSuffix("?")
        if isNullable { name.removeLast() }
        let isRequired = name.hasSuffix("!")
        if isRequired { name.removeLast() }
        members.append(
          Member(name, isRequired: isRequired, isNullable: isNullable, read(&rest)))
      }
      rest.removeFirst()
      return .object(members)
    case UInt8(ascii: "["):
      rest.removeFirst()
      let element = read(&rest)
      rest.removeFirst()
      return .list(element)
    default:
      return simple(word(&rest))
    }
  }

  /// What stands before the next mark of the notation.
  private static func word(_ rest: inout ArraySlice<UInt8>) -> String {
    let end = rest.firstIndex { "= ]}".utf8.contains($0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private static func simple(_ word: String) -> BodyShape {
    switch word {
    case "text": .text(nil)
    case "time": .time
    case "id": .id
    case "flag": .flag
    case "whole": .whole
    case "number": .number
    case "any": .any
    case _ where word.hasPrefix("text("): .text(Int(word.dropFirst(5).dropLast()))
    default: .words(word.split(separator: "|").map(String.init))
    }
  }

  /// As a schema (JSON Schema 2020-12).
  package var schema: JSONValue { schema(orNull: false, isOpen: false) }

  /// As the schema of an answer, in which there may be more one day.
  package var answerSchema: JSONValue { schema(orNull: false, isOpen: true) }

  private func schema(orNull: Bool, isOpen: Bool) -> JSONValue {
    func type(_ name: String, _ more: [(String, JSONValue)] = []) -> JSONValue {
      let kind: JSONValue = orNull ? [.init(name), "null"] : .init(name)
      return JSONValue(members: [("type", kind)] + more)
    }
    switch self {
    case .text(let most):
      // As many characters at most, where each is one byte.
      guard let most else { return type("string") }
      return type(
        "string",
        [("maxLength", JSONValue(most)), ("description", .init("At most \(most) bytes of UTF-8."))])
    case .words(let words):
      return type("string", [("enum", JSONValue(words.map { .init($0) } + (orNull ? [nil] : [])))])
    case .time: return type("string", [("format", "date-time")])
    case .id: return type("string", [("format", "uuid")])
    case .flag: return type("boolean")
    case .whole: return type("integer", [("minimum", 0)])
    case .number: return type("number")
    case .any: return [:]
    case .list(let element):
      return type("array", [("items", element.schema(orNull: false, isOpen: isOpen))])
    case .object(let members):
      let required = members.filter(\.isRequired).map { JSONValue($0.name) }
      return type(
        "object",
        [
          (
            "properties",
            JSONValue(
              members: members.map {
                ($0.name, $0.shape.schema(orNull: $0.isNullable, isOpen: isOpen))
              })
          ), ("required", JSONValue(required)),
        ] + (isOpen ? [] : [("additionalProperties", false)]))
    }
  }
}

extension JSONValue {
  /// An object of these members.
  init(members: [(String, JSONValue)]) {
    self.init(.object(members.map { Member($0.0, $0.1) }))
  }

  init(_ text: String) { self.init(.string(text)) }
  init(_ number: Int) { self.init(.number("\(number)")) }
  init(_ elements: [JSONValue]) { self.init(.array(elements)) }
}
