package import JSON

/// One value that differs between two JSON objects.
package struct JSONDifference: Hashable, Sendable {
  /// Where, as names joined by dots. An array differs as a whole.
  package var field: String
  /// What it was; nothing where it is new.
  package var before: JSONValue?
  /// What it is; nothing where it is gone.
  package var after: JSONValue?

  /// A difference.
  package init(field: String, before: JSONValue?, after: JSONValue?) {
    self.field = field
    self.before = before
    self.after = after
  }

  /// What differs, in the order of the later object; what is gone comes last.
  package static func between(_ before: JSONValue, _ after: JSONValue) -> [JSONDifference] {
    var found: [JSONDifference] = []
    compare(before, after, at: "", into: &found)
    return found
  }

  private static func compare(
    _ before: JSONValue?, _ after: JSONValue?, at path: String,
    into found: inout [JSONDifference]
  ) {
    guard before != after else { return }
    guard case .object(let old)? = before?.kind, case .object(let new)? = after?.kind else {
      return found.append(JSONDifference(field: path, before: before, after: after))
    }
    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    for member in new {
      let counterpart = old.first { $0.name == member.name }?.value
      compare(counterpart, member.value, at: place(member.name), into: &found)
    }
    for member in old where !new.contains(where: { $0.name == member.name }) {
      compare(member.value, nil, at: place(member.name), into: &found)
    }
  }
}

extension JSONWriter {
  /// Writes differences under `changes`.
  package mutating func write(_ differences: [JSONDifference]) {
    array("changes") { json in
      for difference in differences {
        json.object { json in
          json.member("field", difference.field)
          json.member("before", difference.before)
          json.member("after", difference.after)
        }
      }
    }
  }

  private mutating func member(_ name: StaticString, _ value: JSONValue?) {
    guard let value else { return null(name) }
    self.name(name)
    self.value(value)
  }
}
