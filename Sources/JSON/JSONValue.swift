/// A whole JSON text in memory, for configurations and answers whose order is not known before.
///
/// Members keep their order and know their lines, so that a mistake in a file can be pointed at.
/// Two members of one name are refused: whichever one took, its writer may have meant the other.
package struct JSONValue: Sendable {
  /// What a value is, and what it holds.
  package enum Kind: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it is spelt: whoever needs it says whether it is a count or a measure.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
  }

  /// One member of an object.
  package struct Member: Sendable {
    /// What it is called; no other member of the object is called the same.
    package var name: String
    /// What it is.
    package var value: JSONValue
    /// The line of its name, counted from 1; 0 when it was not read from a text.
    package var line: Int

    /// A member of this name.
    package init(_ name: String, _ value: JSONValue, line: Int = 0) {
      self.name = name
      self.value = value
      self.line = line
    }
  }

  /// What it is.
  package var kind: Kind
  /// The line that it begins in, counted from 1; 0 when it was not read from a text.
  package var line: Int

  /// A value of this kind.
  package init(_ kind: Kind, line: Int = 0) {
    self.kind = kind
    self.line = line
  }

  /// Reads a text that is one value and nothing else.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try reader.value()
    try reader.finish()
  }

  /// The value as a text, on one line or, when `pretty`, one member or element a line.
  package func serialised(_ style: JSONWriter.Style = .compact) -> [UInt8] {
    var writer = JSONWriter(style: style)
    writer.value(self)
    return writer.bytes
  }
}

extension JSONValue: Hashable {
  /// The same value, wherever it stands.
  package static func == (left: JSONValue, right: JSONValue) -> Bool { left.kind == right.kind }

  package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension JSONValue.Member: Hashable {
  /// The same name and value, wherever they stand.
  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.value == right.value
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(value)
  }
}

extension JSONReader {
  /// Objects with more members look a name up in a set, so that none is slow to read.
  private static let fewMembers = 8

  /// Reads a value of any kind with all that is in it.
  package mutating func value() throws(JSONError) -> JSONValue {
    let kind = try peek()
    let line = self.line
    switch kind {
    case .object: return JSONValue(.object(try members()), line: line)
    case .array:
      var elements: [JSONValue] = []
      try beginArray()
      while try nextElement() { elements.append(try value()) }
      return JSONValue(.array(elements), line: line)
    case .string: return JSONValue(.string(try string()), line: line)
    case .number: return JSONValue(.number(try number()), line: line)
    case .bool: return JSONValue(.bool(try bool()), line: line)
    case .null:
      try null()
      return JSONValue(.null, line: line)
    }
  }

  private mutating func members() throws(JSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    try beginObject()
    while true {
      guard let name = try nextName() else { return members }
      let isSecond =
        members.count <= Self.fewMembers
        ? members.contains { $0.name == name } : names.contains(name)
      guard !isSecond else { throw error(.duplicateName(name), at: nameStart) }
      if members.count == Self.fewMembers { names = Set(members.map(\.name)) }
      if members.count >= Self.fewMembers { names.insert(name) }
      let line = nameLine
      members.append(JSONValue.Member(name, try value(), line: line))
    }
  }
}
