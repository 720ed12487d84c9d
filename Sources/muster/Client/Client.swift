import Access
import Bytes
import Crypto
import EventLoop
package import JSON
package import TLS

/// The interface of a cluster, as the commands use it: paths and JSON in, JSON or a ``Failure`` out.
package struct Client {
  private var caller: Caller<TLSCourier>
  private let key: String?
  private let isStale: Bool

  /// A client of `nodes` for whoever has `token`.
  ///
  /// - Parameters:
  ///   - authority: The PEM file of the authority to trust.
  ///   - key: The key of the one write that this client is for; `nil` makes a new one for each.
  ///   - isStale: Whether reads are of what the node has, without asking a majority.
  package init(
    _ nodes: [Endpoint], authority: String, token: String, timeout: Duration, key: String? = nil,
    isStale: Bool = false
  ) throws(Failure) {
    self.isStale = isStale
    let courier = try TLSCourier(authority: authority, token: token)
    caller = Caller(nodes, timeout: timeout, courier: courier)
    self.key = key
  }

  /// Reads, as JSON.
  package mutating func read(_ path: String) throws(Failure) -> Reply {
    let answer = try caller.call(.read(fresh(path)))
    try Self.check(answer)
    return Reply(bytes: answer.body, value: try Self.json(answer.body))
  }

  /// Reads in another form.
  package mutating func text(_ path: String, accept: String) throws(Failure) -> String {
    let answer = try caller.call(.read(fresh(path), accept: accept))
    try Self.check(answer)
    return String(decoding: answer.body, as: UTF8.self)
  }

  private func fresh(_ path: String) -> String {
    isStale ? path + (path.contains("?") ? "&" : "?") + "consistency=stale" : path
  }

  /// Has something done, once.
  package mutating func write(
    _ path: String, _ body: [UInt8], type: String = "application/json"
  ) throws(Failure) -> Reply {
    let ask = Ask.write(path, key: key ?? Self.newKey(), body: body, type: type)
    let answer = try caller.call(ask)
    try Self.check(answer)
    return Reply(bytes: answer.body, value: try Self.json(answer.body))
  }

  /// Has something done, once, whose body `write` puts into an object.
  package mutating func write(
    _ path: String, _ members: (inout JSONWriter) -> Void = { _ in }
  ) throws(Failure) -> Reply {
    var json = JSONWriter()
    json.beginObject()
    members(&json)
    json.endObject()
    return try write(path, json.bytes)
  }

  /// A key that nobody used before, in the order of time.
  package static func newKey() -> String {
    ID(version7At: Clock.now(), random: randomUInt64Pair()).description
  }

  private static func json(_ body: [UInt8]) throws(Failure) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: body)
    } catch {
      throw Failure(.unknown, "The node's answer is not JSON: \(error.detail).")
    }
  }

  /// Throws what a problem (RFC 9457) says; passes what was done.
  private static func check(_ answer: Answer) throws(Failure) {
    guard answer.status >= 300 else { return }
    let code: ExitCode =
      switch answer.status {
      case 400: .usage
      case 401, 403: .unauthorised
      default: .refused
      }
    guard let problem = try? json(answer.body), let title = problem["title"]?.text else {
      // Something between us and the node answered in words of its own.
      throw Failure(code, "Refused with HTTP status \(answer.status).")
    }
    throw Failure(code, ProblemText.sentences(problem, title), problem: answer.body)
  }
}

/// What a node answered: as it came, for a program, and as a tree.
package struct Reply: Sendable {
  /// The text of the answer.
  package let bytes: [UInt8]
  /// What it says.
  package let value: JSONValue

  /// What a write came to: its `result`.
  package var result: JSONValue? { value["result"] }

  /// The id of what a write made or changed.
  package var id: String { result?["id"]?.text ?? "" }

  /// The elements of a list.
  package var items: [JSONValue] { value["items"]?.elements ?? [] }
}

/// A problem in words for a person.
enum ProblemText {
  /// A failure as a problem (RFC 9457): the node's own, or one for what no node answered.
  static func document(_ failure: Failure) -> [UInt8] {
    if let problem = failure.problem { return problem }
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "/problem/command-\(failure.code)")
    json.member("title", failure.code.meaning)
    json.member("detail", failure.message)
    json.endObject()
    return json.bytes
  }

  /// Title, detail, and what would help.
  static func sentences(_ problem: JSONValue, _ title: String) -> String {
    var text = Terminal.harmless(title) + "."
    if let detail = problem["detail"]?.text, !detail.isEmpty {
      text += "\n" + Terminal.harmless(detail)
    }
    if let member = problem["member"]?.text, !member.isEmpty { text += "\nAt: \(member)" }
    for mistake in problem["mistakes"]?.elements ?? [] {
      let place = mistake["line"]?.integer.map { "Line \($0): " } ?? "Not in the file: "
      text += "\n" + place + Terminal.harmless(mistake["detail"]?.text ?? "")
    }
    let missing = problem["missing"]?.elements.compactMap(\.text) ?? []
    if !missing.isEmpty { text += "\nMissing: " + missing.joined(separator: ", ") + "." }
    if let override = problem["override"], let right = override["right"]?.text {
      let needs = override["needs"]?.elements.compactMap(\.text) ?? []
      text += "\nMay be overridden by: \(right)"
      if !needs.isEmpty { text += ", with \(needs.joined(separator: " and "))" }
      text += "."
    }
    if let guidance = problem["guidance"]?.text { text += "\nGuidance: \(guidance)." }
    return text
  }
}
