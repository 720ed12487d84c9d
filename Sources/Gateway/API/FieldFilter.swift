package import HTTP
import JSON

/// The members of an answer that `?fields=` asks for: `id,title,service.key`.
///
/// It takes from an answer that is whole, so it can show nothing that the answer has not. A name with dots
/// goes down, through lists as well; in a list of things the names are those of the things.
struct FieldFilter {
  /// Names that one request may give.
  static let most = 100

  /// What is kept of an object: all of a member, or a part of it.
  private enum Part {
    case all
    case members([String: Part])
  }

  private var root: [String: Part] = [:]
  /// Whether the names are those of the elements of the member `items`.
  private let isList: Bool

  /// - Parameters:
  ///   - text: The value of `fields`.
  ///   - shape: What the address answers.
  /// - Throws: What is wrong with a name, and which names there are in its place.
  init(_ text: String, of shape: BodyShape) throws(Problem) {
    var shape = shape
    if case .list(let element)? = shape.member("items") {
      isList = true
      shape = element
    } else {
      isList = false
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    guard names.count <= Self.most else {
      throw .malformed("fields names at most \(Self.most) members.")
    }
    for name in names {
      let steps = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      root = try Self.adding(steps[...], to: root, of: shape, behind: "")
    }
  }

  private static func adding(
    _ steps: ArraySlice<String>, to parts: [String: Part], of shape: BodyShape,
    behind prefix: String
  ) throws(Problem) -> [String: Part] {
    var parts = parts
    guard let step = steps.first else { return parts }
    guard let inner = shape.elementOfLists.member(step) else {
      throw .unknownField(prefix + step, shape.elementOfLists.memberNames.map { prefix + $0 })
    }
    let rest = steps.dropFirst()
    switch (rest.isEmpty, parts[step]) {
    case (true, _), (false, .all): parts[step] = .all
    case (false, .members(let known)):
      parts[step] = .members(try adding(rest, to: known, of: inner, behind: prefix + step + "."))
    case (false, nil):
      parts[step] = .members(try adding(rest, to: [:], of: inner, behind: prefix + step + "."))
    }
    return parts
  }

  /// The answer with what was asked for. Of a list, what is no element of it stays.
  func callAsFunction(_ answer: JSONValue) -> JSONValue {
    guard isList else { return Self.cut(answer, to: root) }
    guard case .object(let members) = answer.kind else { return answer }
    return JSONValue(
      .object(
        members.map { member in
          guard member.name == "items" else { return member }
          return JSONValue.Member(member.name, Self.cut(member.value, to: root))
        }))
  }

  private static func cut(_ value: JSONValue, to parts: [String: Part]) -> JSONValue {
    switch value.kind {
    case .array(let elements): return JSONValue(.array(elements.map { cut($0, to: parts) }))
    case .object(let members):
      let kept = members.compactMap { member -> JSONValue.Member? in
        switch parts[member.name] {
        case nil: nil
        case .all: member
        case .members(let inner): JSONValue.Member(member.name, cut(member.value, to: inner))
        }
      }
      return JSONValue(.object(kept))
    case .null, .bool, .number, .string: return value
    }
  }
}

extension API {
  /// The filter that a request asks for, if it asks for one.
  func fieldFilter(of request: Request) throws(Problem) -> FieldFilter? {
    guard request.method != .post, let text = request.query["fields"] else { return nil }
    guard let pattern = pattern(of: request), let shape = AnswerShapes.all["GET \(pattern)"] else {
      throw .malformed("This address answers no JSON, so there are no fields to choose.")
    }
    return try FieldFilter(text, of: shape)
  }

  /// The pattern of the address that a request is for.
  package func pattern(of request: Request) -> String? {
    router.pattern(request.method, request.path)
  }
}

extension Response {
  /// Leaves of an answer what a filter asks for.
  mutating func cut(to filter: FieldFilter) throws(Problem) {
    guard status == .ok else { return }
    guard fields["Content-Type"] == "application/json", let whole = try? JSONValue(parsing: body)
    else { throw .malformed("fields is for answers in JSON.") }
    body = filter(whole).serialised()
  }
}

extension BodyShape {
  /// The shape of a member, if it is an object with one of this name.
  fileprivate func member(_ name: String) -> BodyShape? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.shape
  }

  fileprivate var memberNames: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.name)
  }

  /// What a list holds, or a list of lists; itself if it is none.
  fileprivate var elementOfLists: BodyShape {
    if case .list(let element) = self { element.elementOfLists } else { self }
  }
}

extension Problem {
  /// A name of `?fields=` that is none.
  fileprivate static func unknownField(_ name: String, _ known: [String]) -> Problem {
    Problem(
      .badRequest, "unknown-field", title: "The answer has no such field",
      detail: known.isEmpty
        ? "\"\(name)\" is none: there is nothing in it to choose from."
        : "\"\(name)\" is none. There are " + known.joined(separator: ", ") + ".")
  }
}
