import Access
import Bytes
import Crypto
import EventLoop
import Gateway
import HTTP
import Incidents
import Raft
import Replication
import Store
import TLS
import Testing

/// A founded department behind an interface, without sockets: ask, and be answered.
@ClientLoop final class Town {
  let cluster: ClusterOfOne
  let api: API
  /// The token of the administrator, who is in the default team.
  let admin = Token.make()
  private var lastKey = 0

  /// - Parameters:
  ///   - isFounded: Whether the node has a state; otherwise it is as one that was just made.
  ///   - isRaised: Whether the newest behaviour level is in force.
  ///   - provider: The department's identity provider.
  ///   - log: Takes the lines of the node's own log.
  init(
    isFounded: Bool = true, isRaised: Bool = false, provider: IdentityProvider? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    cluster = try ClusterOfOne()
    api = try API.ofOne(cluster, provider: provider, log: log)
    // A test asks as fast as it can, and all of it as one person.
    var quotas = Quotas()
    for name in Quota.Name.allCases { quotas.set(name, burst: 1_000_000, perSecond: 1_000_000) }
    api.fairness = Fairness(quotas)
    guard isFounded else { return }
    func id(_ low: UInt64) -> ID { ID(version7At: Clock.now(), random: (0, low)) }
    let founding = Founding(
      person: id(1), name: "Ana", email: "ana@example.org", credential: id(2),
      tokenHash: admin.hash, team: id(3))
    let command = Command(
      actor: .system, receivedAt: Clock.now(), salt: secureRandom(Bound.salt),
      action: .found(founding))
    if case .outcome(let entry) = await cluster.submit(command.encoded()) {
      switch entry.result {
      case .applied:
        if isRaised { await cluster.raise() }
        return
      case .refused, .keyReused, .none, .skipped, .malformed: break
      }
    }
    Issue.record("The town could not be founded.")
  }

  /// Sends a request as the administrator unless it is said otherwise. A POST has a key of its own;
  /// an empty one is left out.
  func ask(
    _ method: HTTP.Method, _ target: String, _ body: String = "", key: String? = nil,
    token: Token? = nil, cookie: String? = nil, ifMatch: String? = nil, accept: String? = nil,
    type: String? = nil, from remote: SocketAddress? = nil, certificate: [UInt8]? = nil,
    fetchedFrom site: String? = nil, sentTwice: (name: String, value: String)? = nil
  ) async -> Reply {
    var fields: Fields = ["Host": "a"]
    if let sentTwice { fields.append(sentTwice.name, sentTwice.value) }
    if let cookie {
      if !cookie.isEmpty { fields.append("Cookie", cookie) }
    } else {
      fields.append("Authorization", "Bearer \((token ?? admin).spelling)")
    }
    lastKey += 1
    let key = key ?? "own-\(lastKey)"
    if method == .post, !key.isEmpty { fields.append("Idempotency-Key", key) }
    if let ifMatch { fields.append("If-Match", ifMatch) }
    if let site { fields.append("Sec-Fetch-Site", site) }
    if let accept { fields.append("Accept", accept) }
    if let type { fields.append("Content-Type", type) }
    let parts = target.split(separator: "?", maxSplits: 1)
    var query = Query()
    for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
      query.parameters.append(
        Query.Parameter(name: halves[0], value: halves.count > 1 ? halves[1] : ""))
    }
    let request = Request(
      method, String(parts[0]), query: query, fields: fields, body: Array(body.utf8))
    let reply = Reply(
      response: await api.respond(to: request, from: remote, certificate: certificate))
    // What was cut to fields is less than its address says.
    if let pattern = api.pattern(of: request), query["fields"] == nil {
      let mistakes = AnswerBook.mistakes(
        in: reply.response, to: "\(method.rawValue) \(pattern)")
      #expect(mistakes.isEmpty, "\(mistakes.joined(separator: "\n"))")
    }
    return reply
  }

  /// Declares an incident and answers its id.
  func declare(_ body: String = #"{"title":"Sign-in is down","priority":"P1"}"#) async -> String {
    let reply = await ask(.post, "/v1/incidents", body)
    #expect(reply.status == 201, "\(reply.text)")
    return reply.text("id")
  }
}

/// An answer, as a test looks at it.
struct Reply {
  let response: Response
  var status: Int { response.status.code }
  var text: String { String(decoding: response.body, as: UTF8.self) }

  /// The first text of this name, or nothing.
  func text(_ member: String) -> String {
    let parts = text.split(separator: "\"\(member)\":\"", maxSplits: 1)
    guard parts.count == 2 else { return "" }
    return String(parts[1].prefix { $0 != "\"" })
  }

  /// Whether the answer has this piece of JSON in it.
  func has(_ piece: String) -> Bool { text.contains(piece) }

  subscript(field: String) -> String? { response.fields[field] }

  /// The cookies that it sets, as a browser sends them back.
  var cookies: String {
    let set: [String] = response.fields.all("Set-Cookie")
    return set.map { String($0.prefix { $0 != ";" }) }.joined(separator: "; ")
  }
}
