import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// Who may have how much of a node.
@Suite("A node is shared fairly")
struct FairnessTests {
  private let monitor = Self.sender(1, .monitor)
  private let person = Self.sender(2, .person)

  private static func key(_ number: Int) -> QuotaBook.Key {
    let bytes = (0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 4))) }
    return QuotaBook.Key(hash: bytes)
  }

  private static func sender(_ number: Int, _ holder: QuotaBook.Holder) -> Fairness.Sender {
    Fairness.Sender(key(number), holder)
  }

  private func problem(_ body: () throws(Problem) -> Fairness.Allowed) -> Problem? {
    do throws(Problem) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  /// Sends one request, which is answered at once.
  private func send(
    _ share: Share, _ sender: Fairness.Sender, to fairness: inout Fairness, at now: Int64 = 0
  ) -> Problem? {
    let refused = problem { () throws(Problem) in try fairness.enter(share, from: sender, at: now) }
    if refused == nil { fairness.leave(share, from: sender) }
    return refused
  }

  @ClientLoop @Test
  func `what a person cannot wait with is told by its address and its sender`() {
    func share(_ method: HTTP.Method, _ pattern: String, _ holder: QuotaBook.Holder? = .person)
      -> Share
    {
      Share(of: pattern, method, by: holder)
    }
    for end in ["", "/:incident/acknowledgement", "/:incident/roles", "/:incident/resolution"] {
      #expect(API.addresses.contains("POST /v1/incidents\(end)"))
      #expect(share(.post, "/v1/incidents\(end)") == .urgent)
      // No key, and nobody who is not known, holds a place that is kept for people.
      #expect(share(.post, "/v1/incidents\(end)", .monitor) == .usual)
      #expect(share(.post, "/v1/incidents\(end)", .service) == .usual)
      #expect(share(.post, "/v1/incidents\(end)", nil) == .usual)
    }
    #expect(share(.get, "/v1/incidents") == .usual)
    #expect(share(.post, "/v1/incidents/:incident/notes") == .usual)
    for holder in [QuotaBook.Holder.person, .service, .monitor] {
      #expect(share(.post, "/v1/alerts/alertmanager", holder) == .alerts)
    }
    #expect(share(.post, "/v1/alerts/alertmanager", nil) == .usual)
    #expect(share(.get, "/v1/alerts/alertmanager") == .usual)
  }

  @Test func `alerts and all else leave room for what a person cannot wait with`() throws {
    var quotas = Quotas()
    for name in Quota.Name.allCases { quotas.set(name, burst: 10_000, perSecond: 10_000) }
    var fairness = Fairness(quotas)
    // One sender has its own bound, all of them have another, and so has all that is not urgent.
    for _ in 0..<Fairness.mostOfOneSender {
      _ = try fairness.enter(.alerts, from: monitor, at: 0)
    }
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: monitor, at: 0) } == .busy)
    for sender in 2...3 {
      for _ in 0..<Fairness.mostOfOneSender {
        _ = try fairness.enter(.alerts, from: Self.sender(sender, .monitor), at: 0)
      }
    }
    #expect(
      problem { () throws(Problem) in
        try fairness.enter(.alerts, from: Self.sender(9, .monitor), at: 0)
      } == .busy)
    for _ in Fairness.mostAlerts..<Fairness.mostNotUrgent {
      _ = try fairness.enter(.usual, from: nil, at: 0)
    }
    #expect(problem { () throws(Problem) in try fairness.enter(.usual, from: nil, at: 0) } == .busy)
    for _ in Fairness.mostNotUrgent..<Fairness.mostInFlight {
      _ = try fairness.enter(.urgent, from: person, at: 0)
    }
    #expect(
      problem { () throws(Problem) in try fairness.enter(.urgent, from: person, at: 0) } == .busy)
    // What was answered makes room for its own kind.
    fairness.leave(.alerts, from: monitor)
    #expect(
      problem { () throws(Problem) in try fairness.enter(.urgent, from: person, at: 0) } == nil)
    fairness.leave(.urgent, from: person)
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: monitor, at: 0) } == nil)
  }

  @Test func `each credential has its quotas, whatever another does`() throws {
    var quotas = Quotas()
    quotas.set(.alerts, burst: 3, perSecond: 2)
    var fairness = Fairness(quotas)
    for _ in 0..<3 { #expect(send(.alerts, monitor, to: &fairness) == nil) }
    let refused = send(.alerts, monitor, to: &fairness)
    #expect(refused?.type == "/problem/too-many-alerts")
    #expect(refused?.retryAfter == 1)
    // It is the key's, whatever it asks; and another's is another.
    #expect(send(.usual, monitor, to: &fairness)?.type == "/problem/too-many-alerts")
    #expect(send(.alerts, Self.sender(2, .monitor), to: &fairness) == nil)
    #expect(send(.alerts, monitor, to: &fairness, at: 500_000_000) == nil)
    #expect(fairness.refused(.alerts) == 2 && fairness.refused(.person) == 0)
  }

  @Test func `what a person cannot wait with is counted apart from all else they ask`() {
    var fairness = Fairness()
    let quotas = fairness.quotas
    // A dashboard that polls as fast as it can.
    for _ in 0..<quotas[.person].burst { #expect(send(.usual, person, to: &fairness) == nil) }
    #expect(send(.usual, person, to: &fairness)?.type == "/problem/too-many-requests")
    for _ in 0..<quotas[.alerts].burst { #expect(send(.alerts, person, to: &fairness) == nil) }
    #expect(send(.alerts, person, to: &fairness)?.type == "/problem/too-many-alerts")
    for _ in 0..<quotas[.urgent].burst { #expect(send(.urgent, person, to: &fairness) == nil) }
    #expect(send(.urgent, person, to: &fairness)?.type == "/problem/too-many-urgent")
    // A second later each is back as far as it comes back in one.
    for (share, name) in [(Share.usual, Quota.Name.person), (.urgent, .urgent), (.alerts, .alerts)]
    {
      for _ in 0..<quotas[name].perSecond {
        #expect(send(share, person, to: &fairness, at: 1_000_000_000) == nil)
      }
      #expect(send(share, person, to: &fairness, at: 1_000_000_000) != nil)
    }
    #expect(Quota.Name.allCases.map(fairness.refused) == [2, 2, 0, 2])
  }

  @Test func `what was refused holds no place`() {
    var quotas = Quotas()
    quotas.set(.person, burst: 1, perSecond: 1)
    var fairness = Fairness(quotas)
    #expect(send(.usual, person, to: &fairness) == nil)
    for _ in 0..<2 * Fairness.mostNotUrgent {
      #expect(send(.usual, person, to: &fairness)?.status == .tooManyRequests)
    }
  }

  @Test func `no more credentials are told apart than the book has pages`() {
    var book = QuotaBook()
    let quota = Quotas()[.person]
    func take(_ number: Int) -> Int64 {
      let (isTaken, left) = book.take(quota, of: Self.key(number), .person, at: 0)
      #expect(isTaken)
      return left
    }
    var left = take(0)
    for number in 1...3 * QuotaBook.most {
      #expect(take(number) == quota.burst - 1)
      #expect(book.count <= QuotaBook.most)
      // Whoever asks now and then is never forgotten, however many come and go.
      guard number % (QuotaBook.most / 4) == 0 else { continue }
      #expect(take(0) == left - 1)
      left -= 1
    }
    // One that was not seen meanwhile is, and begins anew.
    #expect(book.holder(of: Self.key(0)) == .person && book.holder(of: Self.key(1)) == nil)
    #expect(take(1) == quota.burst - 1)
  }

  @Test func `each answer to a credential says what is left of which quota`() async throws {
    let town = try await Town()
    await town.api.limit { quotas in
      quotas.set(.person, burst: 4, perSecond: 2)
      quotas.set(.urgent, burst: 3, perSecond: 1)
    }
    let first = await town.ask(.get, "/v1/incidents")
    #expect(first["RateLimit-Policy"] == "\"person\";q=4;w=2")
    #expect(first["RateLimit"] == "\"person\";r=3;t=1")
    // What goes wrong counts too, and says so.
    let missing = await town.ask(.get, "/v1/incidents/00000000-0000-7000-8000-000000000000")
    #expect(missing.status == 404 && missing["RateLimit"] == "\"person\";r=2;t=1")
    for _ in 0..<2 { #expect(await town.ask(.get, "/v1/me").status == 200) }
    let refused = await town.ask(.get, "/v1/me")
    #expect(refused.status == 429)
    #expect(refused.text("type") == "/problem/too-many-requests")
    #expect(refused["RateLimit-Policy"] == "\"person\";q=4;w=2")
    #expect(refused["RateLimit"] == "\"person\";r=0;t=1")
    #expect(refused["Retry-After"] == "1")
    // Their declaration is not held up by it.
    let declared = await town.ask(.post, "/v1/incidents", #"{"title":"Down"}"#)
    #expect(declared.status == 201 && declared["RateLimit"] == "\"urgent\";r=2;t=1")
    let id = declared.text("id")
    #expect(await town.ask(.post, "/v1/incidents/\(id)/notes", #"{"text":"x"}"#).status == 429)
    let seen = await town.ask(.post, "/v1/incidents/\(id)/acknowledgement", "{}")
    #expect(seen.status == 200 && seen["RateLimit"] == "\"urgent\";r=1;t=1", "\(seen.text)")
    // Half a second later one more read is there.
    await town.api.moveQuotaClock(to: 500_000_000)
    #expect(await town.ask(.get, "/v1/me")["RateLimit"] == "\"person\";r=0;t=1")
    #expect(await town.ask(.get, "/v1/me").status == 429)
  }

  @Test func `who shows nothing that is known has no quota and is told nothing of any`()
    async throws
  {
    let town = try await Town()
    for _ in 0..<3 {
      let reply = await town.ask(.get, "/v1/incidents", token: .make())
      #expect(reply.status == 401 && reply["RateLimit"] == nil)
    }
    #expect(await town.ask(.get, "/v1/incidents", cookie: "")["RateLimit"] == nil)
    #expect(await town.ask(.get, "/healthz", cookie: "")["RateLimit"] == nil)
  }

  @Test func `a service's key has its own quota, and one that posts alerts another`() async throws {
    let cast = try await Cast()
    let town = cast.town
    func key(_ path: String, _ body: String) async throws -> Token {
      let reply = await town.ask(.post, "/v1/services/payments/\(path)", body)
      #expect(reply.status == 201, "\(reply.text)")
      return try #require(Token(reply.text("token")))
    }
    let service = try await key("keys", #"{"label":"board","scopes":["read","declare"]}"#)
    let ingest = try await key("ingest-keys", #"{"label":"prometheus"}"#)
    await town.api.limit { $0.set(.service, burst: 2, perSecond: 1) }
    #expect(
      await town.ask(.get, "/v1/incidents", token: service)["RateLimit"] == "\"service\";r=1;t=1")
    let declared = await town.ask(
      .post, "/v1/incidents", #"{"title":"Down","service":"payments"}"#, token: service)
    #expect(
      declared.status == 201 && declared["RateLimit"] == "\"service\";r=0;t=1", "\(declared.text)")
    let refused = await town.ask(.get, "/v1/incidents", token: service)
    #expect(refused.text("type") == "/problem/too-many-requests")
    let wrong = await town.ask(.get, "/v1/incidents", token: ingest)
    #expect(wrong.status == 403 && wrong["RateLimit"] == "\"alerts\";r=1999;t=1", "\(wrong.text)")
  }

  @Test(arguments: ["/v1/%61lerts/alertmanager", "/v1/alerts/alert%6Danager"])
  func `alerts are told by their address, however its path is spelled`(path: String) async throws {
    let town = try await Town()
    let body = """
      {"version":"4","groupKey":"k","status":"firing","receiver":"r","groupLabels":{},
       "commonLabels":{},"commonAnnotations":{},"externalURL":"","truncatedAlerts":0,"alerts":[]}
      """
    let reply = await town.ask(.post, path, body)
    #expect(reply.status == 200, "\(reply.text)")
    #expect(reply["RateLimit"]?.hasPrefix("\"alerts\";") == true, "\(reply["RateLimit"] ?? "none")")
  }

  @Test func `several at once cost what each of them would`() async throws {
    let town = try await Town()
    var ids: [String] = []
    for _ in 0..<4 { ids.append(await town.declare(#"{"title":"x","priority":"P4"}"#)) }
    func body(_ count: Int) -> String {
      #"{"incidents":[\#(ids.prefix(count).map { "\"\($0)\"" }.joined(separator: ","))]}"#
    }
    await town.api.limit { quotas in
      quotas.set(.person, burst: 9, perSecond: 1)
      quotas.set(.urgent, burst: 4, perSecond: 1)
    }
    let path = "/v1/acknowledgements"
    #expect(await town.ask(.post, path, body(3)).status == 200)
    let before = town.cluster.commandsSubmitted
    let refused = await town.ask(.post, path, body(4))
    #expect(refused.status == 429)
    #expect(refused.text("type") == "/problem/too-many-urgent")
    #expect(refused["RateLimit"] == "\"urgent\";r=1;t=1")
    #expect(town.cluster.commandsSubmitted == before)
    // What was refused took nothing; and so many as a full quota holds are never too many.
    #expect(await town.ask(.post, "/v1/incidents/\(ids[3])/acknowledgement").status == 200)
    await town.api.limit { $0.set(.urgent, burst: 2, perSecond: 1) }
    #expect(await town.ask(.post, path, body(4)).status == 200)
    // A line is no role: that is counted with all else that a person asks.
    await town.api.limit { $0.set(.person, burst: 4, perSecond: 1) }
    let line = body(4).dropLast() + #","line":"third","reason":"x"}"#
    #expect(
      await town.ask(.post, "/v1/assignments", String(line)).text("type")
        == "/problem/too-many-requests")
  }

  @Test func `each answer to an alert says what is left`() async throws {
    let town = try await Town()
    await town.api.limit { $0.set(.alerts, burst: 4, perSecond: 1) }
    let body = """
      {"version":"4","groupKey":"k","status":"firing","receiver":"r","groupLabels":{},
       "commonLabels":{},"commonAnnotations":{},"externalURL":"","truncatedAlerts":0,"alerts":[]}
      """
    let path = "/v1/alerts/alertmanager"
    let first = await town.ask(.post, path, body)
    #expect(first.status == 200, "\(first.text)")
    #expect(first["RateLimit-Policy"] == "\"alerts\";q=4;w=4")
    #expect(first["RateLimit"] == "\"alerts\";r=3;t=1")
    var last = first
    for _ in 0..<4 { last = await town.ask(.post, path, body) }
    #expect(last.status == 429)
    #expect(last.text("type") == "/problem/too-many-alerts")
    #expect(last["RateLimit"] == "\"alerts\";r=0;t=1")
    #expect(last["Retry-After"] == "1")
    // Somebody's declaration is not held up by it.
    #expect(await town.ask(.post, "/v1/incidents", #"{"title":"Down"}"#).status == 201)
    // And whoever watches the node sees it.
    let metrics = await town.ask(.get, "/metrics").text
    #expect(metrics.contains("muster_over_quota_total{quota=\"alerts\"} 1"), "\(metrics)")
  }
}

extension API {
  /// Begins to count anew by other quotas, of which nothing comes back while the clock stands.
  fileprivate func limit(_ change: (inout Quotas) -> Void) {
    var quotas = Quotas()
    change(&quotas)
    fairness = Fairness(quotas)
    moveQuotaClock(to: 0)
  }

  /// It stands there from now on.
  fileprivate func moveQuotaClock(to now: Int64) { quotaClock = { now } }
}
