internal import Incidents
internal import JSON

/// An object with a list for each kind of thing, and each thing on a line of its own.
extension DirectoryDocument {
  /// The document as JSON.
  package func json() -> [UInt8] {
    var bytes = Array("{\n".utf8)
    for (place, kind) in DirectoryRecord.Kind.allCases.enumerated() {
      bytes += Array("  \"\(kind.list)\": [".utf8)
      let records = records.filter { $0.kind == kind }
      for (place, record) in records.enumerated() {
        bytes += Array(place == 0 ? "\n    ".utf8 : ",\n    ".utf8)
        bytes += record.object
      }
      bytes += Array(records.isEmpty ? "]".utf8 : "\n  ]".utf8)
      bytes += Array(place == DirectoryRecord.Kind.allCases.count - 1 ? "\n".utf8 : ",\n".utf8)
    }
    return bytes + Array("}\n".utf8)
  }

  /// The document that a JSON text is.
  ///
  /// - Throws: Everything that is wrong with it, by line.
  package init(json bytes: [UInt8]) throws(DirectoryMistakes) {
    var mistakes = DirectoryMistakes()
    var records: [DirectoryRecord] = []
    do throws(JSONError) {
      records = DirectoryRecord.all(in: try JSONValue(parsing: bytes), &mistakes)
    } catch {
      mistakes.add(error.line, "Column \(error.column) cannot be read: \(error.detail).")
    }
    try self.init(records, after: mistakes)
  }
}

extension DirectoryRecord {
  /// As an object on one line. What is not said is left out.
  fileprivate var object: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    for column in kind.columns {
      guard let text = cells[column] else { continue }
      json.name(column.rawValue)
      json.value(text)
    }
    if !contacts.isEmpty {
      json.name("contacts")
      json.beginArray()
      for contact in contacts { json.value(contact) }
      json.endArray()
    }
    json.endObject()
    return json.bytes
  }

  /// The records in all lists of a document.
  fileprivate static func all(
    in document: JSONValue, _ mistakes: inout DirectoryMistakes
  ) -> [DirectoryRecord] {
    guard case .object(let members) = document.kind else {
      mistakes.add(document.line, "This must be an object with a list for each kind of thing.")
      return []
    }
    for member in members where !Kind.allCases.contains(where: { $0.list == member.name }) {
      mistakes.add(member.line, "\"\(member.name)\" is no list of a directory. Take it out.")
    }
    return Kind.allCases.flatMap { kind in
      guard let member = members.first(where: { $0.name == kind.list }) else {
        // To take it for an empty one could remove everybody.
        mistakes.add(document.line, "\"\(kind.list)\" is missing. If there are none, write [].")
        return [] as [DirectoryRecord]
      }
      guard case .array(let elements) = member.value.kind else {
        mistakes.add(member.line, "\"\(kind.list)\" must be a list.")
        return []
      }
      return elements.compactMap { DirectoryRecord(kind, $0, &mistakes) }
    }
  }

  private init?(_ kind: Kind, _ element: JSONValue, _ mistakes: inout DirectoryMistakes) {
    guard case .object(let members) = element.kind else {
      mistakes.add(element.line, "Each of \"\(kind.list)\" must be an object.")
      return nil
    }
    self.init(kind: kind, line: element.line)
    for member in members where member.value.kind != .null {
      if kind == .person, member.name == "contacts" {
        contacts = Self.texts(member, &mistakes)
      } else if let column = Column(rawValue: member.name), kind.columns.contains(column) {
        guard case .string(let text) = member.value.kind else {
          mistakes.add(member.line, "\(member.name) must be a text.")
          continue
        }
        if !text.isEmpty { cells[column] = text }
      } else {
        mistakes.add(member.line, "A \(kind.rawValue) has no \"\(member.name)\". Take it out.")
      }
    }
  }

  private static func texts(
    _ member: JSONValue.Member, _ mistakes: inout DirectoryMistakes
  ) -> [String] {
    guard case .array(let elements) = member.value.kind else {
      mistakes.add(member.line, "contacts must be a list of texts.")
      return []
    }
    return elements.compactMap { element in
      if case .string(let text) = element.kind { return text }
      mistakes.add(element.line, "Each of contacts must be a text, such as sms:+447700900123.")
      return nil
    }
  }
}
