import Access
import EventLoop
import Gateway
import Glibc
import HTTP
import JSON
import Testing

@ClientLoop @Suite("The description of the interface", .serialized)
struct DescriptionTests {
  private static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
  private static let shapes = root + "/Sources/Gateway/Description/BodyShapes.swift"

  private func document() async throws -> JSONValue {
    let town = try await Town(isFounded: false)
    let reply = await town.ask(.get, "/openapi.json", cookie: "")
    #expect(reply.status == 200)
    return try JSONValue(parsing: reply.response.body)
  }

  /// The operation of an address in it.
  private func operation(_ address: String, in document: JSONValue) -> JSONValue? {
    let parts = address.split(separator: " ")
    let path = parts[1].split(separator: "/").map { $0.first == ":" ? "{\($0.dropFirst())}" : $0 }
    return document.member("paths")?.member("/" + path.joined(separator: "/"))?
      .member(parts[0].lowercased())
  }

  @Test func `has every address, with its own name and its summary`() async throws {
    let document = try await document()
    var names: Set<String> = []
    for address in API.addresses {
      let found = try #require(operation(address, in: document), "\(address)")
      guard case .string(let name)? = found.member("operationId")?.kind,
        case .string(let summary)? = found.member("summary")?.kind
      else {
        Issue.record("\(address) has no name or summary.")
        continue
      }
      #expect(names.insert(name).inserted, "\(address) is called as another is.")
      #expect(summary.count > 5, "\(address)")
    }
    #expect(Set(AddressNote.all.keys) == Set(API.addresses))
  }

  @Test func `offers to choose how old a read may be only where that is read`() async throws {
    let document = try await document()
    for (address, names) in [
      ("GET /v1/incidents", ["consistency", "minIndex"]), ("GET /v1/stream", ["minIndex"]),
      ("GET /v1/cluster", []), ("GET /metrics", []),
    ] {
      let found = try #require(operation(address, in: document)?.member("parameters"))
      let text = String(decoding: found.serialised(), as: UTF8.self)
      let told = ["consistency", "minIndex"].filter { text.contains("\"name\":\"\($0)\"") }
      #expect(told == names, "\(address)")
    }
  }

  /// All words by which the sources read a member of a body.
  private static func vocabulary() throws -> [String] {
    var words: Set<String> = []
    for folder in ["Gateway/Bodies", "Gateway/API", "Gateway/SignIn", "Incidents/Triage"] {
      for name in try Files.list("\(root)/Sources/\(folder)") {
        let bytes = try Files.read("\(root)/Sources/\(folder)/\(name)", atMost: 1 << 20)
        for word in String(decoding: bytes, as: UTF8.self).split(separator: "\"") {
          let letters = word.allSatisfy { $0.isASCII && $0.isLetter }
          if letters, word.count < 30, word.first?.isLowercase == true {
            words.insert(String(word))
          }
        }
      }
    }
    return words.sorted()
  }

  /// What stands for the parameters of an address.
  private func target(_ address: String, _ incident: String) -> String {
    let absent = "00000000-0000-7000-8000-000000000000"
    let values = [
      "incident": incident, "service": "payments", "team": "Elsewhere", "calendar": "scotland",
      "person": "reporter@example.org", "face": "1", "node": "1",
    ]
    return address.split(separator: " ")[1].split(separator: "/").map { segment in
      segment.first == ":" ? values[String(segment.dropFirst())] ?? absent : String(segment)
    }.reduce("") { $0 + "/" + $1 }
  }

  /// Asks each address what it takes. `MUSTER_WRITE_GOLDEN=1` writes that down.
  @Test func `says of each body what its own reader says`() async throws {
    let cast = try await Cast()
    let incident = await cast.town.declare(#"{"title":"Nobody can pay","service":"payments"}"#)
    let vocabulary = try Self.vocabulary()
    var lines: [String] = []
    for address in API.addresses.sorted()
    where address.hasPrefix("POST") && !BodyShapes.documents.contains(address) {
      let example = AddressNote.all[address]?.example ?? "{}"
      let probe = BodyProbe(
        town: cast.town, target: target(address, incident), vocabulary: vocabulary,
        example: try JSONValue(parsing: Array(example.utf8)))
      let shape = await probe.shape()
      #expect(shape == BodyShapes.all[address], "\(address): \(shape.notation)")
      lines.append("\(address.dropFirst(5)) \(shape.notation)")
    }
    guard unsafe getenv("MUSTER_WRITE_GOLDEN") != nil else { return }
    let source = String(decoding: try Files.read(Self.shapes, atMost: 1 << 20), as: UTF8.self)
    let start = try #require(source.firstRange(of: "text = \"\"\"\n")?.upperBound)
    let written = lines.map { "    \($0)\n" }.joined()
    let text = source[..<start] + written + "    \"\"\"\n}\n"
    try Files.write(Array(text.utf8), to: Self.shapes, mode: 0o644)
  }

  /// Addresses whose example is not tried here, and why.
  private static let elsewhere: [String: String] = [
    "POST /a/:link": "It takes a form and answers a page: WebhookTests.",
    "POST /v1/cluster/skips": "It needs an entry that ends whatever applies it: PoisonTests.",
    "POST /v1/cluster/transfer": "Its node leads no more afterwards: MembersTests.",
    "POST /v1/cluster/members": "It is about nodes that there are: MembersTests.",
    "POST /v1/cluster/members/:node/removal": "It is about nodes that there are: MembersTests.",
  ]

  @Test func `has examples that are done, and answers of the form that it says`() async throws {
    let cast = try await Cast()
    var tried = 0
    for address in API.addresses.sorted()
    where address.hasPrefix("POST") && Self.elsewhere[address] == nil {
      let own = try await Cast()
      if let set = try await Stage(cast: own).set(address) {
        await check(set, own, address)
        tried += 1
        continue
      }
      let rest = address.split(separator: ":incident", maxSplits: 1).dropFirst().first ?? ""
      // As far as the incident must be for this, somebody may.
      let plots = Plot.all.filter { $0.rest == rest && $0.body != nil }
      var path = target(address, "")
      var last: Reply?
      let scenes: [Cast.Scene] = address.contains("/:incident") ? [.plain, .restricted] : [.plain]
      search: for plot in plots.isEmpty ? [Plot.all[0]] : plots {
        for scene in scenes where plots.isEmpty || plot.scenes.contains(scene) {
          for who in [Cast.Who.boss, .breaker, .delivery, .lead, .comms] {
            if address.contains("/:incident") { path = await cast.incident(plot, scene) + rest }
            let other = await cast.town.declare(
              #"{"title":"Nobody can pay","service":"payments"}"#)
            let example = (AddressNote.all[address]?.example ?? "{}")
              .replacing("0199c1a2-0000-7000-8000-000000000002", with: other)
            let reply = await cast.town.ask(
              .post, path, example, token: cast[who], type: "application/json")
            if last == nil || last?.status == 403 { last = reply }
            if reply.status < 300 {
              last = reply
              await look(at: path, cast, cast[who])
              break search
            }
          }
        }
      }
      check(try #require(last), address)
      tried += 1
    }
    #expect(tried + Self.elsewhere.count == API.addresses.count { $0.hasPrefix("POST") })
  }

  /// What is shown of an incident afterwards has the shape that it says: ``AnswerBook``.
  private func look(at path: String, _ cast: Cast, _ token: Token) async {
    let parts = path.split(separator: "/")
    guard parts.count > 3, parts[1] == "incidents" else { return }
    for rest in ["", "/timeline", "/process", "/report", "/messages", "/communications"] {
      let shown = await cast.town.ask(.get, "/v1/incidents/\(parts[2])\(rest)", token: token)
      // Whoever set a flag need not be one of those who see it from then on.
      #expect([200, 404].contains(shown.status), "\(rest): \(shown.text)")
    }
  }

  private func check(_ reply: Reply, _ address: String) {
    #expect(reply.status < 300, "\(address): \(reply.text)")
    if case .done = AddressNote.answer(of: address) {
      #expect(reply.has("\"result\":"), "\(address): \(reply.text)")
    }
    #expect(reply["Content-Type"] == "application/json")
  }

  /// Where what there must be first was made for it. The example stands for the body, unless that names
  /// what was made.
  private func check(_ set: Stage.Set, _ cast: Cast, _ address: String) async {
    let example = set.body.isEmpty ? AddressNote.all[address]?.example ?? "" : set.body
    check(
      await cast.town.ask(
        .post, set.path, example, token: set.token, cookie: set.cookie, type: "application/json"),
      address)
  }

  /// A member that no view writes any more would be promised for ever.
  @Test func `names no member of an answer that no source names`() throws {
    var words: Set<Substring> = []
    func read(_ folder: String) throws {
      for name in try Files.list(folder) where name != "AnswerShapes.swift" {
        if name.hasSuffix(".swift") {
          let bytes = try Files.read("\(folder)/\(name)", atMost: 1 << 20)
          words.formUnion(String(decoding: bytes, as: UTF8.self).split(separator: "\""))
        } else if !name.contains(".") {
          try read("\(folder)/\(name)")
        }
      }
    }
    for folder in ["Gateway", "Directory", "Incidents"] {
      try read("\(Self.root)/Sources/\(folder)")
    }
    for (address, shape) in AnswerShapes.all {
      for name in shape.allNames {
        #expect(words.contains(Substring(name)), "\(address): \(name)")
      }
    }
    let silent = API.addresses.filter { address in
      switch AddressNote.answer(of: address) {
      case .text, .redirect: false
      case .done, .page, .object:
        AnswerShapes.all[address] == nil && address != "GET /openapi.json"
      }
    }
    #expect(silent.isEmpty, "\(silent)")
  }

  @Test func `has the form of each list and page that it says`() async throws {
    let cast = try await Cast()
    let incident = await cast.town.declare(#"{"title":"Nobody can pay","service":"payments"}"#)
    for address in API.addresses where address.hasPrefix("GET") {
      switch AddressNote.answer(of: address) {
      case .page, .object: break
      case .done, .text, .redirect: continue
      }
      var path = target(address, incident)
      if address.hasSuffix("preview") { path += "?audience=team" }
      if address.hasSuffix("search") { path += "?q=pay" }
      let reply = await cast.town.ask(.get, path)
      // Of what is not there only that is said.
      guard reply.status == 200 else {
        #expect(reply.status == 404, "\(address): \(reply.text)")
        continue
      }
      let answer = try JSONValue(parsing: reply.response.body)
      guard case .page = AddressNote.answer(of: address) else { continue }
      guard case .array? = answer.member("items")?.kind else {
        Issue.record("\(address) is no page: \(reply.text)")
        continue
      }
    }
  }
}

@Suite("The list of problems")
struct ProblemKindTests {
  private static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")

  /// The sources of the gateway, one after the other.
  private func sources(_ folder: String = "Sources/Gateway") throws -> String {
    var text = ""
    for name in try Files.list("\(Self.root)/\(folder)") where !name.hasPrefix("Description") {
      if name.hasSuffix(".swift") {
        let bytes = try Files.read("\(Self.root)/\(folder)/\(name)", atMost: 1 << 20)
        text += String(decoding: bytes, as: UTF8.self)
      } else if !name.contains(".") {
        text += try sources("\(folder)/\(name)")
      }
    }
    return text
  }

  @Test func `has each that the sources can answer, by its title, and no other`() throws {
    let made =
      try sources().split(separator: "Problem(").dropFirst()
      + sources().split(separator: "self.init(").dropFirst()
    var found: [String: Substring] = [:]
    for piece in made {
      let texts = piece.prefix(300).split(separator: "\"", omittingEmptySubsequences: false)
      guard texts.count > 3, texts[0].contains("."), texts[0].hasSuffix(", "),
        texts[2].contains("title:"), !texts[0].contains(")")
      else { continue }
      found["/problem/\(texts[1])"] = texts[3]
    }
    let listed = ProblemKind.all.filter { $0.type.hasPrefix("/problem/") }
    #expect(found.count > 40)
    #expect(Set(found.keys) == Set(listed.map(\.type)))
    for kind in listed { #expect(found[kind.type].map(String.init) == kind.title) }
  }

  @Test func `has the problems that are made here with the status that they have`() {
    for problem in [
      Problem.unauthenticated, .busy, .storage, .outcomeUnknown, .keyReused, .positionGone,
      .tooManyStreams, .streamsBusy, .stopping, .notFound("x"), .malformed("x"), .invalid("x"),
      .notAccepted(retryAfterMilliseconds: 1), .notReadable(retryAfterMilliseconds: 1),
      .methodNotAllowed(allow: "GET"), .commandTooLarge, .tooSlow, .skipped,
    ] {
      let kind = ProblemKind.all.first { $0.type == problem.type }
      #expect(kind?.status == problem.status.code, "\(problem.type)")
      #expect(kind?.title == problem.title)
    }
  }

  @Test func `has each once, with what to do`() {
    #expect(Set(ProblemKind.all.map(\.type)).count == ProblemKind.all.count)
    #expect(
      ProblemKind.all.allSatisfy { $0.advice.hasSuffix(".") && (400...599).contains($0.status) })
  }

  /// The page of the documentation. `MUSTER_WRITE_GOLDEN=1` writes it.
  @Test func `stands in the documentation`() throws {
    let path = "\(Self.root)/Sources/Gateway/Gateway.docc/Problems.md"
    var page =
      """
      # Problems

      Every type of problem that an answer can have, and what to do.

      ## Overview

      What is not done is answered with a problem (RFC 9457). Its `type` is stable, and what a program compares;
      `title` is the same for each of a type, and `detail` says what it means here. `GET /v1/problems` is this
      table as JSON.

      A rule says which section of the guidance it comes from in `guidance`, unless it is of how any record is kept;
      what would satisfy it in `missing`; and in `override` who may override it and what that takes, or `null`
      where nobody may.

      | type | status | what is the matter | what to do | guidance |
      |------|--------|--------------------|------------|----------|

      """
    for kind in ProblemKind.all {
      page += "| `\(kind.type)` | \(kind.status) | \(kind.title) | \(kind.advice) | "
      page += "\(kind.guidance ?? "") |\n"
    }
    if unsafe getenv("MUSTER_WRITE_GOLDEN") != nil {
      try Files.write(Array(page.utf8), to: path, mode: 0o644)
    }
    #expect(String(decoding: try Files.read(path, atMost: 1 << 20), as: UTF8.self) == page)
  }
}
