import JSON

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

  /// Prints a failure for who wants JSON: standard output is one document in any case.
  static func print(_ failure: Failure) {
    Terminal.print(String(decoding: document(failure), as: UTF8.self) + "\n")
  }

  /// An answer that is a problem, as a failure.
  ///
  /// - Parameters:
  ///   - retryAfter: In how many seconds the node would like to be asked again, if it said so.
  ///   - renewal: What to say where the cluster does not know who asks.
  static func failure(
    _ status: Int, _ body: [UInt8], retryAfter: Int? = nil, renewal: String
  ) -> Failure {
    let code: ExitCode =
      switch status {
      case 400: .usage
      case 401, 403: .unauthorised
      case 429: .unavailable
      default: .refused
      }
    guard let problem = try? JSONValue(parsing: body), let title = problem["title"]?.text else {
      return Failure(
        code,
        "Refused with HTTP status \(status), in words that are not a node's. What answers there may be "
          + "a proxy: look at --endpoint, and at what stands between.")
    }
    // How a token is sent is the business of this program, and what it says of it helps nobody here.
    if problem["type"]?.text == "/problem/unauthenticated", !renewal.isEmpty {
      return Failure(code, renewal, problem: body)
    }
    let wait = retryAfter.map { "\nTry again in \($0) s." } ?? ""
    return Failure(code, sentences(problem, title) + wait, problem: body)
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
    if problem["type"]?.text == "/rule/invalid-field" {
      // It is the field that is wrong, which the sentence often names.
      let unnamed = missing.map { "\"\($0)\"" }.filter { !text.contains($0) }
      if !unnamed.isEmpty { text += "\nIn: " + unnamed.joined(separator: ", ") + "." }
    } else if !missing.isEmpty {
      text += "\nMissing: " + missing.joined(separator: ", ") + "."
    }
    if let override = problem["override"], let right = override["right"]?.text {
      let needs = override["needs"]?.elements.compactMap(\.text) ?? []
      text += "\nMay be overridden by: \(right)"
      if !needs.isEmpty { text += ", with \(needs.joined(separator: " and "))" }
      text += "."
    }
    if let guidance = problem["guidance"]?.text { text += "\nGuidance: \(guidance)." }
    return text
  }

  /// A refusal in the words of the command that met it: the option that is called as a field is, for the
  /// field.
  static func naming(_ options: [Verb.Option], in failure: Failure) -> Failure {
    guard failure.problem != nil else { return failure }
    var message = failure.message
    for option in options {
      let field = field(of: option.name)
      message.replace("\"\(field)\"", with: "--\(option.name)")
      let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
      message = lines.map { $0 == "At: /\(field)" ? "At: --\(option.name)" : String($0) }
        .joined(separator: "\n")
    }
    return Failure(failure.code, message, problem: failure.problem)
  }

  /// `nextUpdateAt` of `next-update-at`.
  private static func field(of option: String) -> String {
    let words = option.split(separator: "-")
    let others = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return words.prefix(1).joined() + others.joined()
  }
}
