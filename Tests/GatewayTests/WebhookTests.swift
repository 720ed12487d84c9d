import Access
import Bytes
import Crypto
import EventLoop
import Gateway
import HTTP
import Incidents
import JSON
import Notifier
import Replication
import Store
import TestReceiver
import Testing

extension ClusterOfOne: NotifierCluster {
  func propose(_ command: [UInt8]) async -> WriteResult { await submit(command) }

  func look<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value
  ) async throws -> Value {
    try body(try makeReader())
  }
}

extension Notifier {
  /// Looks until nothing is under way and what came of it is said.
  @ClientLoop func settle() async {
    for _ in 0..<3_000 {
      await look()
      if posts == 0 {
        await look()
        if posts == 0 { return }
      }
      await withCheckedContinuation { waiter in
        _ = ClientLoop.loop.schedule(after: .milliseconds(5)) { waiter.resume() }
      }
    }
    Issue.record("Posts do not come to their end.")
  }
}

/// Webhooks from the interface to a receiver, over TLS.
@ClientLoop @Suite("A webhook's posts", .serialized)
struct WebhookTests {
  private struct Scene {
    let town: Town
    let receiver: Receiver
    let notifier: Notifier
    let hook: String
    let secret: String
  }

  private static let clusterID = ID(high: 9, low: 9)

  private func notifier(
    _ town: Town, trusting authority: String, patience: Duration = Carrier.patience
  ) throws -> Notifier {
    Notifier(
      cluster: town.cluster, carrier: try Carrier(authority: authority, patience: patience),
      site: Notifier.Site(
        cluster: Self.clusterID, node: 1, addresses: ["https://n1.example", "https://n2.example"])
    )
  }

  private func scene(
    _ kinds: String = #"["pages"]"#,
    _ behave: @escaping @Sendable (Receiver.Taken) -> Receiver.Behaviour = { _ in .status(200) }
  ) async throws -> Scene {
    let town = try await Town(isRaised: true)
    let receiver = try Receiver(behave)
    let reply = await town.ask(
      .post, "/v1/webhooks",
      #"{"name":"Chat","address":"\#(receiver.address)","kinds":\#(kinds)}"#)
    #expect(reply.status == 201, "\(reply.text)")
    return Scene(
      town: town, receiver: receiver,
      notifier: try notifier(town, trusting: receiver.authority), hook: reply.text("id"),
      secret: reply.text("secret"))
  }

  /// Sets the clocks of a cluster and of whoever sends for it ahead.
  private func run(_ town: Town, _ notifier: Notifier, ahead: Int64) {
    town.cluster.run(ahead: ahead)
    notifier.clock = { Clock.now() + ahead }
  }

  private func deliveries(_ scene: Scene) async -> [JSONValue] {
    let reply = await scene.town.ask(.get, "/v1/webhooks/\(scene.hook)/deliveries")
    return (try? JSONValue(parsing: reply.response.body))?["items"]?.elements ?? []
  }

  @Test func `are signed, and say what a page is about and how to answer it`() async throws {
    let scene = try await scene()
    defer { scene.receiver.close() }
    let incident = await scene.town.declare()
    await scene.notifier.settle()
    let post = try #require(scene.receiver.taken.first)
    #expect(scene.receiver.taken.count == 1 && post.isSigned(with: scene.secret))
    #expect(scene.secret.hasPrefix("msw_") && post.attempt == "1" && !post.isRepeat)
    let body = try JSONValue(parsing: post.body)
    #expect(body["type"]?.text == "page" && body["id"]?.text == post.delivery)
    #expect(body["incident"]?["id"]?.text == incident)
    #expect(body["incident"]?["title"]?.text == "Sign-in is down")
    #expect(body["to"]?.elements.first?["person"]?["name"]?.text == "Ana")
    let link = try #require(body["to"]?.elements.first?["answer"]?["url"]?.text)
    #expect(link.hasPrefix("https://n1.example/a/"))
    let path = String(link.dropFirst("https://n1.example".count))
    let asked = await scene.town.ask(.get, path, key: "", cookie: "")
    #expect(asked.status == 200 && asked.has("Ana, you were paged"))
    let listed = await deliveries(scene)
    #expect(listed.count == 1 && listed[0]["state"]?.text == "sent")
    #expect(listed[0]["id"]?.text == post.delivery)
    let hook = await scene.town.ask(.get, "/v1/webhooks/\(scene.hook)")
    #expect(hook.has(#""waiting":0"#) && hook.has(#""failingSince":null"#))
    // What was shown once is shown nowhere else.
    for path in [
      "/v1/webhooks", "/v1/webhooks/\(scene.hook)", "/v1/audit?limit=1000", "/v1/cluster",
    ] {
      let reply = await scene.town.ask(.get, path)
      #expect(!reply.has(scene.secret) && !reply.has("msw_"), "\(path)")
    }
  }

  @Test func `come again where the receiver is in trouble, and not where it refuses`() async throws
  {
    let scene = try await scene { post in
      post.attempt == "1" ? .status(503, retryAfter: 1) : .status(200)
    }
    defer { scene.receiver.close() }
    _ = await scene.town.declare()
    await scene.notifier.settle()
    var listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "waiting" && listed[0]["attempts"]?.integer == 1)
    #expect(listed[0]["lastAnswer"]?.text == "the receiver answered 503")
    let cluster = await scene.town.ask(.get, "/v1/cluster")
    #expect(cluster.has(#""failingWebhooks":[{"id":"\#(scene.hook)""#))
    run(scene.town, scene.notifier, ahead: 7 * Span.second)
    await scene.notifier.settle()
    #expect(scene.receiver.taken.map(\.attempt) == ["1", "2"])
    #expect(Set(scene.receiver.taken.map(\.delivery)).count == 1)
    listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "sent")
    scene.receiver.behave { _ in .status(410) }
    _ = await scene.town.declare()
    await scene.notifier.settle()
    listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "failed")
    let failed = listed[0]["id"]?.text ?? ""
    scene.receiver.behave { _ in .status(200) }
    let path = "/v1/webhooks/\(scene.hook)/deliveries/\(failed)/resend"
    #expect(await scene.town.ask(.post, path).status == 200)
    await scene.notifier.settle()
    listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "sent" && listed[0]["id"]?.text == failed)
    #expect(scene.receiver.taken.filter { $0.delivery == failed }.count == 2)
  }

  @Test func `to one that hangs hold up none to another`() async throws {
    let scene = try await scene { $0.path == "/hook" ? .hang : .status(200) }
    defer { scene.receiver.close() }
    let reply = await scene.town.ask(
      .post, "/v1/webhooks",
      #"{"name":"Other","address":"\#(scene.receiver.address("/other"))","kinds":["pages"]}"#)
    #expect(reply.status == 201)
    for _ in 0..<4 { _ = await scene.town.declare() }
    func taken(_ path: String) -> Int { scene.receiver.taken.count { $0.path == path } }
    for _ in 0..<3_000 where taken("/other") < 4 {
      await scene.notifier.look()
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(taken("/other") == 4 && taken("/hook") == Notifier.mostToOne)
    #expect(scene.notifier.posts >= Notifier.mostToOne)
  }

  @Test func `go to nobody whose certificate is not trusted`() async throws {
    let scene = try await scene()
    let other = try Receiver()
    defer {
      scene.receiver.close()
      other.close()
    }
    let notifier = try notifier(scene.town, trusting: other.authority)
    _ = await scene.town.declare()
    await notifier.settle()
    // It may be put right, so it is tried again.
    let listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "waiting" && scene.receiver.taken.isEmpty)
    #expect(listed[0]["lastAnswer"]?.text?.contains("could not be reached") == true)
  }

  @Test func `that hang time out, and come again as possible repeats`() async throws {
    let scene = try await scene { _ in .hang }
    defer { scene.receiver.close() }
    _ = await scene.town.declare()
    let hasty = try notifier(
      scene.town, trusting: scene.receiver.authority, patience: .seconds(2))
    await hasty.settle()
    let listed = await deliveries(scene)
    #expect(listed[0]["state"]?.text == "waiting")
    #expect(listed[0]["lastAnswer"]?.text == "the receiver did not answer in time")
    #expect(listed[0]["mayHaveArrived"]?.isTrue == true)
  }

  @Test func `of which the end is lost come again under the same id`() async throws {
    let scene = try await scene()
    defer { scene.receiver.close() }
    _ = await scene.town.declare()
    // The leader is gone between the post and its outcome.
    await scene.notifier.look()
    for _ in 0..<1_000 where scene.notifier.posts > 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(scene.receiver.taken.count == 1)
    #expect(await deliveries(scene)[0]["state"]?.text == "claimed")
    let successor = try notifier(scene.town, trusting: scene.receiver.authority)
    await successor.settle()
    #expect(scene.receiver.taken.count == 1)
    // Once the claim's time is over.
    run(scene.town, successor, ahead: WebhookDelivery.lease + Span.second)
    await successor.settle()
    #expect(scene.receiver.taken.map(\.isRepeat) == [false, true])
    #expect(Set(scene.receiver.taken.map(\.delivery)).count == 1)
    #expect(await deliveries(scene)[0]["state"]?.text == "sent")
  }

  @Test func `are not sent where no claim is known to hold, and not twice where one is said late`()
    async throws
  {
    let scene = try await scene()
    defer { scene.receiver.close() }
    _ = await scene.town.declare()
    let cluster = scene.town.cluster
    for mood in [ClusterOfOne.Mood.forgetful, .deposed, .leaderless, .following] {
      cluster.become(mood)
      await scene.notifier.look()
      #expect(scene.notifier.posts == 0 && scene.receiver.taken.isEmpty, "\(mood)")
    }
    cluster.become(.willing)
    await scene.notifier.look()
    for _ in 0..<1_000 where scene.notifier.posts > 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    // What came of it is not taken now, and said again until it is: through another leader too.
    for mood in [ClusterOfOne.Mood.leaderless, .forgetful] {
      cluster.become(mood)
      await scene.notifier.look()
      #expect(await deliveries(scene).first?["state"]?.text != "sent")
    }
    cluster.become(.following)
    await scene.notifier.look()
    cluster.become(.willing)
    #expect(await deliveries(scene)[0]["state"]?.text == "sent")
    #expect(scene.receiver.taken.count == 1)
  }

  @Test func `are waited for by a node that stops, and what came of them is said`() async throws {
    let scene = try await scene()
    defer { scene.receiver.close() }
    _ = await scene.town.declare()
    await scene.notifier.look()
    await scene.notifier.stop()
    #expect(scene.receiver.taken.count == 1)
    #expect(await deliveries(scene)[0]["state"]?.text == "sent")
    _ = await scene.town.declare()
    await scene.notifier.look()
    #expect(scene.notifier.posts == 0 && scene.receiver.taken.count == 1)
  }

  @Test func `are signed with both secrets for a day after another was asked for`() async throws {
    let scene = try await scene()
    defer { scene.receiver.close() }
    let path = "/v1/webhooks/\(scene.hook)"
    let reply = await scene.town.ask(.post, "\(path)/rotation", key: "rotate")
    let second = reply.text("secret")
    #expect(second.hasPrefix("msw_") && second != scene.secret)
    let repeated = await scene.town.ask(.post, "\(path)/rotation", key: "rotate")
    #expect(repeated.status == 200 && repeated.text("secret").isEmpty)
    #expect(await scene.town.ask(.post, "\(path)/test").status == 200)
    await scene.notifier.settle()
    let post = try #require(scene.receiver.taken.first)
    #expect(post.isSigned(with: second) && post.isSigned(with: scene.secret))
    #expect(!post.isSigned(with: "msw_other") && post.text.contains(#""type":"test""#))
  }

  @Test func `say of what is restricted no more than its reference`() async throws {
    let scene = try await scene(#"["pages","messages","reminders"]"#)
    defer { scene.receiver.close() }
    let incident = await scene.town.declare(
      #"{"title":"Xanthippe lost a list","priority":"P1"}"#)
    let flagged = await scene.town.ask(
      .post, "/v1/incidents/\(incident)/flags", #"{"flag":"data"}"#)
    #expect(flagged.status == 200, "\(flagged.text)")
    await scene.notifier.settle()
    #expect(!scene.receiver.taken.isEmpty)
    for post in scene.receiver.taken {
      #expect(!post.text.contains("Xanthippe"), "\(post.text)")
      #expect(post.text.contains(#""restricted":true"#) && post.text.contains(incident))
    }
  }

  @Test func `go nowhere but to https, and their webhooks are for administrators`() async throws {
    let town = try await Town(isRaised: true)
    for address in [
      "http://127.0.0.1/x", "https://user@a.example/x", "https://a.example/#x", "ftp://a", "x",
    ] {
      let reply = await town.ask(
        .post, "/v1/webhooks", #"{"name":"Chat","address":"\#(address)"}"#)
      #expect(reply.status == 422, "\(address)")
    }
    #expect(await town.ask(.get, "/v1/webhooks/\(Self.clusterID)").status == 404)
    #expect(await town.ask(.post, "/v1/webhooks/\(Self.clusterID)/test").status == 404)
    let reply = await town.ask(
      .post, "/v1/webhooks", #"{"name":"Chat","address":"https://a.example/x"}"#)
    let path = "/v1/webhooks/\(reply.text("id"))"
    #expect(await town.ask(.post, path, #"{"enabled":false}"#).status == 200)
    #expect(await town.ask(.get, path).has(#""enabled":false"#))
    #expect(await town.ask(.post, path, #"{"name":"x"}"#, ifMatch: "\"1\"").status == 412)
    #expect(await town.ask(.post, "\(path)/removal").status == 200)
    #expect(await town.ask(.get, path).status == 404)
  }
}

/// The link in a page, in a browser that nobody is signed in with.
@ClientLoop @Suite("A page's link", .serialized)
struct PageLinkTests {
  private static let secret = [UInt8](repeating: 7, count: Bound.secret)

  /// A paged person's link, and the incident.
  private func link(
    _ town: Town, shift: Int64 = 0
  ) async throws -> (text: String, incident: String) {
    let incident = await town.declare()
    let id = try #require(ID(incident))
    let reader = try town.cluster.makeReader()
    let found = try reader.read { reader throws(StoreError) in reader.incident(id) }
    let sent = try #require(found?.watch.paging.pages.first)
    let page = PagedPerson(incident: id, person: sent.person, at: sent.at + shift)
    return (PageLink(to: page).spelling(secret: Self.secret), incident)
  }

  private func ask(
    _ town: Town, _ method: HTTP.Method, _ link: String, _ body: String = ""
  ) async -> Reply {
    await town.ask(method, "/a/\(link)", body, key: "", cookie: "")
  }

  @Test func `changes nothing until its form is sent`() async throws {
    let town = try await Town(isRaised: true)
    let (link, incident) = try await link(town)
    let before = town.cluster.commandsSubmitted
    for method in [HTTP.Method.get, .head] {
      let reply = await ask(town, method, link)
      #expect(reply.status == 200 && reply["Cache-Control"] == "no-store")
      #expect(reply["Referrer-Policy"] == "no-referrer")
      #expect(reply["Content-Security-Policy"]?.contains("form-action 'self'") == true)
      #expect(reply.has("Sign-in is down") && reply.has("<form method=\"post\">"))
    }
    #expect(town.cluster.commandsSubmitted == before)
    let answered = await ask(town, .post, link, "answer=on-it")
    #expect(answered.status == 200 && answered.has("on it"))
    #expect(town.cluster.commandsSubmitted == before + 1)
    let timeline = await town.ask(.get, "/v1/incidents/\(incident)/timeline")
    #expect(timeline.has("Ana answered the page: on it."))
    let again = await ask(town, .post, link, "answer=on-it")
    #expect(again.status == 200)
    let count = await town.ask(.get, "/v1/incidents/\(incident)/timeline").text
      .components(of: "answered the page")
    #expect(count == 1)
    let eta = await ask(town, .post, link, "minutes=15&answer=eta")
    #expect(eta.status == 200 && eta.has("there in 15 min"))
    for body in ["", "answer=x", "answer=eta", "answer=eta&minutes=0", "answer=eta&minutes=-1"] {
      #expect(await ask(town, .post, link, body).status == 422, "\(body)")
    }
  }

  @Test func `that was changed, made up or has run out is over`() async throws {
    let town = try await Town(isRaised: true)
    let (link, incident) = try await link(town)
    var others = [String(link.reversed()), "x", String(link.dropLast()), link + "A"]
    for place in stride(from: 0, to: link.count, by: 7) {
      var bytes = Array(link.utf8)
      bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      others.append(String(decoding: bytes, as: UTF8.self))
    }
    // Signed, but of a page that never was; and of one of yesterday.
    others.append(try await self.link(town, shift: 1).text)
    others.append(try await self.link(town, shift: -PagedPerson.life).text)
    for other in others {
      for (method, body) in [(HTTP.Method.get, ""), (.post, "answer=on-it")] {
        let reply = await ask(town, method, other, body)
        #expect(reply.status == 410 && reply.has("This link is over"), "\(other)")
      }
    }
    // Somebody has it, also after an answer that could be changed until then.
    #expect(await ask(town, .post, link, "answer=on-it").status == 200)
    #expect(await ask(town, .get, link).status == 200)
    _ = await town.ask(.post, "/v1/incidents/\(incident)/acknowledgement")
    #expect(await ask(town, .get, link).status == 410)
    #expect(await ask(town, .post, link, "answer=cannot-help").status == 410)
  }

  @Test func `is used twenty times at once, and then once a second`() async throws {
    let town = try await Town(isRaised: true)
    let start = Clock.monotonic()
    town.api.quotaClock = { start }
    let (link, _) = try await link(town)
    let (other, _) = try await self.link(town)
    for number in 0..<20 {
      let minutes = 1 + number % 2
      let reply = await ask(town, .post, link, "answer=eta&minutes=\(minutes)")
      #expect(reply.status == 200, "\(reply.text)")
    }
    let before = town.cluster.commandsSubmitted
    for method in [HTTP.Method.get, .post] {
      let refused = await ask(town, method, link, "answer=on-it")
      #expect(refused.status == 429 && refused["Retry-After"] == "1")
      #expect(refused.has("Too many answers at once"))
    }
    #expect(town.cluster.commandsSubmitted == before)
    // Another link has its own, and one that was made up none.
    #expect(await ask(town, .post, other, "answer=on-it").status == 200)
    #expect(await ask(town, .post, String(link.reversed())).status == 410)
    town.api.quotaClock = { start + 1_000_000_000 }
    #expect(await ask(town, .post, link, "answer=on-it").status == 200)
    #expect(await ask(town, .get, link).status == 429)
  }
}

extension String {
  /// How often something stands in it.
  fileprivate func components(of piece: String) -> Int { ranges(of: piece).count }
}

/// What a test takes out of an answer.
extension JSONValue {
  fileprivate subscript(name: String) -> JSONValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.name == name }?.value
  }

  fileprivate var text: String? {
    guard case .string(let text) = kind else { return nil }
    return text
  }

  fileprivate var integer: Int? {
    guard case .number(let digits) = kind else { return nil }
    return Int(digits)
  }

  fileprivate var isTrue: Bool { kind == .bool(true) }

  fileprivate var elements: [JSONValue] {
    guard case .array(let elements) = kind else { return [] }
    return elements
  }
}
