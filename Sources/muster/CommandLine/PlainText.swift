package import JSON

/// Answers as facts for `grep`, `cut` and `awk`: on each line the name of a fact, a tab, and what it is.
///
/// A member of a member is named with a full stop, `service.key`; the elements of a list of texts or
/// numbers have a line each under one name, and those of a list of objects are numbered from 1,
/// `roles.1.person.name`. Of what a command lists, each element is a paragraph: an empty line stands
/// between two, and before what the answer says of the list itself, such as `next`. What is not known
/// is an empty text. A line end, a tab and a backslash in a text are `\n`, `\t` and `\\`.
package enum PlainText {
  /// The facts of one thing.
  package static func facts(_ value: JSONValue) -> String { lines(value, named: "") }

  /// The facts of each element of a member, then those beside it.
  package static func facts(ofList name: String, in answer: JSONValue) -> String {
    guard let list = answer[name], case .object(let members) = answer.kind else {
      // One element is answered as itself.
      return facts(answer)
    }
    var paragraphs = list.elements.map { lines($0, named: isObject($0) ? "" : name) }
    paragraphs.append(facts(JSONValue(.object(members.filter { $0.name != name }))))
    return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func lines(_ value: JSONValue, named name: String) -> String {
    switch value.kind {
    case .object(let members):
      return members.map { member in
        lines(member.value, named: name.isEmpty ? member.name : "\(name).\(member.name)")
      }.joined()
    case .array(let elements):
      return elements.enumerated().map { place, element in
        lines(element, named: isObject(element) ? "\(name).\(place + 1)" : name)
      }.joined()
    case .null, .bool, .number, .string: return "\(escaped(name))\t\(escaped(value.spelling))\n"
    }
  }

  private static func isObject(_ value: JSONValue) -> Bool {
    if case .object = value.kind { true } else { false }
  }

  private static func escaped(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\t": line += "\\t"
      default: line.unicodeScalars.append(scalar)
      }
    }
    // The rest of what could steer a terminal.
    return Terminal.harmless(line)
  }
}

extension JSONValue {
  /// What stands for it on a line of its own: nothing for `null`, and a list or object as JSON.
  var spelling: String {
    switch kind {
    case .null: ""
    case .bool(let truth): truth ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): text
    case .array, .object: String(decoding: serialised(), as: UTF8.self)
    }
  }
}
