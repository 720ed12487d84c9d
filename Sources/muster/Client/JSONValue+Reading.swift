package import JSON

/// What the commands take out of answers. What is not there, or is of another kind, is `nil`.
extension JSONValue {
  /// A member of an object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// A text.
  package var text: String? {
    guard case .string(let text) = kind else { return nil }
    return text
  }

  /// A text, or `null` where there is none.
  init(text: String?) { self.init(text.map { .string($0) } ?? .null) }

  /// A number, or `null` where there is none.
  init(number: Int?) { self.init(number.map { .number("\($0)") } ?? .null) }

  /// A whole number.
  package var integer: Int? {
    guard case .number(let digits) = kind else { return nil }
    return Int(digits)
  }

  /// Whether it is `true`.
  package var isTrue: Bool { kind == .bool(true) }

  /// Whether it is `null`.
  package var isNull: Bool { kind == .null }

  /// The elements of a list; none of anything else.
  package var elements: [JSONValue] {
    guard case .array(let elements) = kind else { return [] }
    return elements
  }
}

/// Members of a request's body. What is `nil` was not said, and is left out.
extension JSONWriter {
  /// Writes a text.
  package mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    self.name(name)
    value(text)
  }

  /// Writes a number.
  package mutating func member(_ name: StaticString, _ number: Int?) {
    guard let number else { return }
    self.name(name)
    value(number)
  }

  /// Writes `true`, or nothing.
  package mutating func member(_ name: StaticString, ifTrue truth: Bool) {
    guard truth else { return }
    self.name(name)
    value(true)
  }

  /// Writes a list of texts, or nothing for an empty one.
  package mutating func member(_ name: StaticString, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    self.name(name)
    beginArray()
    for text in texts { value(text) }
    endArray()
  }

  /// Writes an object.
  package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
    self.name(name)
    beginObject()
    members(&self)
    endObject()
  }
}
