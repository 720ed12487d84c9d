import EventLoop
import Gateway
import HTTP
import JSON
import Testing

/// Finds out from an address itself what body it takes: by bodies that it must refuse, each for a reason
/// that says what would do. So nothing is ever done.
@ClientLoop struct BodyProbe {
  /// Where in a body a value is tried: what stands before and behind it.
  private struct Place {
    var before = ""
    var behind = ""
    var pointer = ""

    /// The member of an object here, with something behind it that no address knows.
    func member(_ name: String) -> Place {
      Place(
        before: before + "{\"\(name)\":", behind: ",\"☃\":0}" + behind,
        pointer: pointer + "/" + name)
    }

    var element: Place {
      Place(before: before + "[", behind: "]" + behind, pointer: pointer + "/0")
    }
  }

  private struct Said {
    let status: Int
    let detail: String
    let member: String
  }

  let town: Town
  let target: String
  /// Every name that a body anywhere might have.
  let vocabulary: [String]
  /// A body that it takes.
  let example: JSONValue

  private func ask(_ body: String) async -> Said {
    let reply = await town.ask(.post, target, body)
    let value = try? JSONValue(parsing: reply.response.body)
    #expect(reply.status >= 400, "\(target) took \(body)")
    return Said(
      status: reply.status, detail: value.text("detail"), member: value.text("member"))
  }

  /// What is wrong with a value at a place; nothing if what is wrong is what stands behind it.
  private func complaint(_ value: String, at place: Place) async -> String? {
    let said = await ask(place.before + value + place.behind)
    return said.member.hasPrefix(place.pointer) ? said.detail : nil
  }

  /// The body's shape.
  func shape() async -> BodyShape { await object(at: Place(), example) }

  private func object(at place: Place, _ example: JSONValue) async -> BodyShape {
    // Where nothing is unknown, nothing is read, or it is a matter of somebody else.
    guard Self.isUnknown(await complaint("null", at: place.member("☂"))) else { return .any }
    var members: [BodyShape.Member] = []
    for name in vocabulary {
      let inner = place.member(name)
      let refused = await complaint("null", at: inner)
      if Self.isUnknown(refused) { continue }
      let part = example.member(name)
      let isRequired = await isMissed(name, at: place, example.without(name))
      var isNullable = refused == nil
      if isRequired, isNullable {
        isNullable = await !isMissed(name, at: place, example.with(name, nil))
      }
      var shape = await shape(at: inner, part ?? nil)
      if case .text = shape, place.pointer.isEmpty {
        let said = await whole(example.with(name, "☃"), at: place)
        if said.hasPrefix("\(name) is one of "), let words = Self.words(said) {
          shape = .words(words)
        }
      }
      members.append(
        BodyShape.Member(name, isRequired: isRequired, isNullable: isNullable, shape))
    }
    for index in members.indices where members[index].isRequired {
      members[index].isRequired = await isAlways(members[index].name, members, at: place, example)
    }
    return .object(members)
  }

  /// Whether a member is missed whatever else is said.
  private func isAlways(
    _ name: String, _ members: [BodyShape.Member], at place: Place, _ example: JSONValue
  ) async -> Bool {
    for other in members where other.name != name {
      for value in other.shape.samples {
        let said = await whole(
          (example == .null ? [:] : example).without(name).with(other.name, value), at: place)
        // Then only what stands behind it is wrong.
        if said.contains("☃") || said.hasPrefix("The body is not JSON") { return false }
      }
    }
    return true
  }

  private static func isUnknown(_ refusal: String?) -> Bool {
    refusal?.contains("knows no member") ?? false || refusal?.hasPrefix("A filter has no ") ?? false
  }

  /// What is wrong with a value that has all that is said of it. What stands behind is refused in any
  /// case.
  private func whole(_ value: JSONValue, at place: Place) async -> String {
    var json = JSONWriter()
    json.value(value)
    let text = String(decoding: json.bytes, as: UTF8.self)
    return await ask(place.before + text + (place.pointer.isEmpty ? "x" : place.behind)).detail
  }

  /// Whether a member is missed in a value.
  private func isMissed(
    _ name: String, at place: Place, _ value: JSONValue
  ) async -> Bool {
    let said = await whole(value == .null ? [:] : value, at: place)
    return said.hasPrefix("\(name) is missing")
  }

  private func shape(at place: Place, _ example: JSONValue) async -> BodyShape {
    let refused = await complaint("true", at: place) ?? ""
    if refused.contains("must be a text") { return await text(at: place) }
    if refused.contains("must be a whole number") { return .whole }
    if refused.contains("must be an object") { return await object(at: place, example) }
    if refused.contains("must be a list") {
      let element = await shape(at: place.element, example.first ?? nil)
      if case .text = element, let said = await complaint(#"["☃"]"#, at: place),
        let words = Self.words(said)
      {
        return .list(.words(words))
      }
      return .list(element)
    }
    let alsoList = await complaint(#"["☃"]"#, at: place)
    return refused.isEmpty && alsoList != nil ? .flag : .any
  }

  private func text(at place: Place) async -> BodyShape {
    let refused = await complaint(#""☃""#, at: place) ?? ""
    if let words = Self.words(refused) { return .words(words) }
    if refused.contains("RFC 3339") { return .time }
    if refused.contains("a UUID") { return .id }
    let long = "\"" + String(repeating: "x", count: 70_000) + "\""
    let bound = await complaint(long, at: place) ?? ""
    return .text(
      bound.hasPrefix("The text has 70000 bytes, ")
        ? bound.split(separator: " ").dropFirst(5).first.flatMap { Int($0) } : nil)
  }

  /// The words of a refusal that names them all.
  private static func words(_ refused: String) -> [String]? {
    for beginning in [" is none of ", " is one of ", "There are "] {
      guard let start = refused.firstRange(of: beginning)?.upperBound else { continue }
      let list = refused[start...].prefix { $0 != "." }
      return list.split(separator: ", ").map(String.init)
    }
    return nil
  }
}

extension BodyShape {
  /// Values of the shape.
  fileprivate var samples: [JSONValue] {
    switch self {
    case .words(let words): words.map { JSONValue(.string($0)) }
    case .text: ["outsider@example.org", "Ops", "payments"]
    case .time: ["2099-01-01T09:00:00Z"]
    case .id: ["00000000-0000-7000-8000-000000000000"]
    case .flag: [true]
    case .whole, .number: [1]
    case .list: [[]]
    case .object, .any: [[:]]
    }
  }
}

extension JSONValue? {
  fileprivate func text(_ name: String) -> String {
    guard case .string(let text)? = self?.member(name)?.kind else { return "" }
    return text
  }
}

extension JSONValue {
  func member(_ name: String) -> JSONValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.name == name }?.value
  }

  fileprivate func without(_ name: String) -> JSONValue {
    guard case .object(let members) = kind else { return self }
    return JSONValue(.object(members.filter { $0.name != name }))
  }

  fileprivate func with(_ name: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = without(name).kind else { return self }
    return JSONValue(.object(members + [Member(name, value)]))
  }

  fileprivate static func == (value: JSONValue, kind: Kind) -> Bool { value.kind == kind }

  fileprivate var first: JSONValue? {
    guard case .array(let elements) = kind else { return nil }
    return elements.first
  }
}
