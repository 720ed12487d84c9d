import EventLoop
import Gateway
import Glibc
import HTTP
import Incidents
import JSON
import Testing

/// Looks at every answer that a test gets: whether it has the shape that its address says.
///
/// With `MUSTER_WRITE_GOLDEN=1` it does not look but learns: once all tests of the interface have run, it
/// writes down what they were answered. What is written there already as missing or `null` at times stays
/// so: the tests do not see every state, and a reader of the code or a fuzzer may have found more.
enum AnswerBook {
  private static let isLearning = unsafe getenv("MUSTER_WRITE_GOLDEN") != nil
  private static let learnt = Lock<[String: Seen]>([:])
  /// Writes what was learnt as the process ends: no test knows whether it is the last one.
  private static let writing: Void = {
    if isLearning { atexit { AnswerBook.write() } }
  }()
  private static let path =
    "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    + "/Sources/Gateway/Description/AnswerShapes.swift"

  /// What differs between an answer and what its address says of it.
  static func mistakes(in response: Response, to address: String) -> [String] {
    // The description is of a form of its own.
    guard response.status.code < 300, address != "GET /openapi.json",
      response.fields["Content-Type"] == "application/json",
      let value = try? JSONValue(parsing: response.body)
    else { return [] }
    guard !isLearning else {
      _ = writing
      learnt.withLock { $0[address, default: Seen()].look(at: value) }
      return []
    }
    guard let shape = AnswerShapes.all[address] else { return ["\(address) says no shape."] }
    var mistakes: [String] = []
    shape.compare(value, at: address, isNullable: false, &mistakes)
    return mistakes
  }

  private static func write() {
    let lines = learnt.withLock { learnt in
      learnt.sorted { $0.key < $1.key }.map { address, seen in
        let known = AnswerShapes.all[address]
        let shape = known.map { seen.shape.loosened(as: $0) } ?? seen.shape
        return "    \(address) \(shape.notation)\n"
      }
    }
    // A few tests alone know less than all of them.
    guard lines.count >= AnswerShapes.all.count,
      let bytes = try? Files.read(path, atMost: 1 << 20)
    else { return }
    let source = String(decoding: bytes, as: UTF8.self)
    guard let start = source.firstRange(of: "text = \"\"\"\n")?.upperBound else { return }
    let text = source[..<start] + lines.joined() + "    \"\"\"\n}\n"
    try? Files.write(Array(text.utf8), to: path, mode: 0o644)
  }
}

/// What values at one place of an answer were like.
private struct Seen {
  private var times = 0
  private var nulls = 0
  private var kinds: Set<String> = []
  private var members: [String: Seen] = [:]
  private var element: [Seen] = []
  private var isTime = true
  private var isID = true
  private var isWhole = true

  mutating func look(at value: JSONValue) {
    times += 1
    switch value.kind {
    case .null: nulls += 1
    case .bool: kinds.insert("flag")
    case .number(let digits):
      kinds.insert("number")
      isWhole = isWhole && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    case .string(let text):
      kinds.insert("text")
      isTime = isTime && BodyShape.isTime(text)
      isID = isID && BodyShape.isID(text)
    case .array(let elements):
      kinds.insert("list")
      if element.isEmpty { element = [Seen()] }
      for value in elements { element[0].look(at: value) }
    case .object(let all):
      kinds.insert("object")
      for member in all { members[member.name, default: Seen()].look(at: member.value) }
    }
  }

  /// Whether a member is called like what has not happened yet: then it may be `null`, although the tests
  /// have seen none.
  private static func mayBeYetToCome(_ name: String) -> Bool {
    ["At", "By", "Since", "Until"].contains { name.hasSuffix($0) }
  }

  var shape: BodyShape {
    guard kinds.count == 1 else { return .any }
    switch kinds.first {
    case "flag": return .flag
    case "number": return isWhole ? .whole : .number
    case "text": return isTime ? .time : isID ? .id : .text(nil)
    case "list": return .list(element.first?.shape ?? .any)
    default:
      let filled = times - nulls
      return .object(
        members.sorted { $0.key < $1.key }.map { name, seen in
          BodyShape.Member(
            name, isRequired: seen.times == filled,
            isNullable: seen.nulls > 0 || Self.mayBeYetToCome(name), seen.shape)
        })
    }
  }
}

extension BodyShape {
  fileprivate static func isTime(_ text: String) -> Bool {
    Timestamp.parse(text) != nil
  }

  fileprivate static func isID(_ text: String) -> Bool {
    text.utf8.count == 36 && text.split(separator: "-").count == 5
  }

  /// This, with every freedom that the known shape of the same place has.
  fileprivate func loosened(as known: BodyShape) -> BodyShape {
    switch (self, known) {
    case (.list(let element), .list(let knownElement)):
      return .list(element.loosened(as: knownElement))
    case (.object(let members), .object(let knownMembers)):
      let knownOnes = Dictionary(uniqueKeysWithValues: knownMembers.map { ($0.name, $0) })
      let seen = members.map { member in
        guard let known = knownOnes[member.name] else { return member }
        return Member(
          member.name, isRequired: member.isRequired && known.isRequired,
          isNullable: member.isNullable || known.isNullable,
          member.shape.loosened(as: known.shape))
      }
      let unseen = knownMembers.filter { known in
        !known.isRequired && !members.contains { $0.name == known.name }
      }
      return .object((seen + unseen).sorted { $0.name < $1.name })
    case (.time, .text), (.id, .text), (.whole, .number), (_, .any): return known
    default: return self
    }
  }

  /// Adds to `mistakes` what a value is otherwise than this.
  fileprivate func compare(
    _ value: JSONValue, at place: String, isNullable: Bool, _ mistakes: inout [String]
  ) {
    switch (self, value.kind) {
    case (.any, _): break
    case (_, .null) where isNullable: break
    case (.text, .string), (.flag, .bool), (.number, .number): break
    case (.words(let words), .string(let text)) where words.contains(text): break
    case (.time, .string(let text)) where Self.isTime(text): break
    case (.id, .string(let text)) where Self.isID(text): break
    case (.whole, .number(let digits)) where UInt64(digits) != nil: break
    case (.list(let element), .array(let elements)):
      for value in elements {
        element.compare(value, at: place + "[]", isNullable: false, &mistakes)
      }
    case (.object(let members), .object(let all)):
      for member in all where !members.contains(where: { $0.name == member.name }) {
        mistakes.append("\(place) has no member \(member.name)")
      }
      for member in members {
        guard let value = value.member(member.name) else {
          if member.isRequired { mistakes.append("\(place) lacks \(member.name)") }
          continue
        }
        member.shape.compare(
          value, at: "\(place).\(member.name)", isNullable: member.isNullable, &mistakes)
      }
    default: mistakes.append("\(place) is no \(notation.prefix(60))")
    }
  }
}

extension BodyShape {
  /// The names of all members in it, however deep.
  var allNames: Set<String> {
    switch self {
    case .object(let members):
      members.reduce(into: []) { $0.formUnion([$1.name] + Array($1.shape.allNames)) }
    case .list(let element): element.allNames
    case .text, .words, .time, .id, .flag, .whole, .number, .any: []
    }
  }
}
