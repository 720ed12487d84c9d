import Access
import EventLoop
import Gateway
import HTTP
import Raft
import Replication
import Testing

/// A reader of a stream, who keeps all that was said.
@ClientLoop private final class Ear: TailReader {
  /// One event.
  struct Told: Equatable {
    var id: String
    var kind: String
    var data: String

    /// What happened, and not how the incident stood when that was sent.
    var entry: Substring { data.split(separator: #""exercise":false},"#).last ?? "" }
  }

  private var text = ""
  private var isDeaf = false
  private var isGone = false
  private(set) var task: Task<Void, Never>?
  private(set) var isOver = false

  @ClientLoop func take(_ bytes: [UInt8]) async throws {
    guard !isDeaf else { throw WireError.timedOut }
    text += String(decoding: bytes, as: UTF8.self)
  }

  @ClientLoop func hasGone() async -> Bool { isGone }

  /// Takes nothing more, as one who is too slow.
  func beDeaf() { isDeaf = true }

  func go() { isGone = true }

  func follow(_ tail: any ResponseTail) {
    task = Task(executorPreference: ClientLoop.loop) { await self.hear(tail) }
  }

  private func hear(_ tail: any ResponseTail) async {
    await tail.send(to: self)
    isOver = true
  }

  /// Everything between two empty lines, by its fields.
  private var blocks: [[String: String]] {
    text.components("\n\n").map { block in
      var fields: [String: String] = [:]
      for line in block.split(separator: "\n") where !line.hasPrefix(":") {
        let halves = line.split(separator: ":", maxSplits: 1).map(String.init)
        if halves.count == 2 { fields[halves[0]] = String(halves[1].dropFirst()) }
      }
      return fields
    }
  }

  var events: [Told] {
    blocks.compactMap { block in
      guard let data = block["data"] else { return nil }
      return Told(id: block["id"] ?? "", kind: block["event"] ?? "", data: data)
    }
  }

  /// What a browser would send as Last-Event-ID.
  var ids: [String] { blocks.compactMap { $0["id"] } }

  /// Waits until something holds; whoever waits for ever has found a fault.
  func wait(_ what: String, until holds: () -> Bool) async throws {
    for _ in 0..<2_000 {
      if holds() { return }
      await withCheckedContinuation { waiter in
        _ = ClientLoop.loop.schedule(after: .milliseconds(5)) { waiter.resume() }
      }
    }
    Issue.record("Waited for \(what) in vain; it was told: \(text)")
    throw CancellationError()
  }

  func wait(for count: Int) async throws {
    try await wait("\(count) events") { events.count >= count }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: separator).map(String.init)
  }
}

@ClientLoop extension Town {
  /// Begins to follow.
  fileprivate func follow(_ query: String = "", token: Token? = nil) async throws -> Ear {
    let reply = await ask(.get, "/v1/stream" + query, token: token)
    let tail = try #require(reply.response.tail, "\(reply.text)")
    let ear = Ear()
    ear.follow(tail)
    try await ear.wait("the beginning") { !ear.ids.isEmpty }
    return ear
  }

  /// Adds somebody of no team.
  fileprivate func stranger() async throws -> (token: Token, credential: String) {
    let person = await ask(.post, "/v1/people", #"{"name":"Guy","email":"guy@example.org"}"#)
    let issued = await ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    return (try #require(Token(issued.text("token"))), issued.text("id"))
  }
}

@ClientLoop @Suite("The stream", .serialized)
struct StreamTests {
  private let secret = #"{"title":"A laptop was lost","priority":"P3"}"#

  /// Some of everything: six entries, two of them of an incident that nobody else may know of.
  private func act(in town: Town) async -> (plain: String, hidden: String) {
    let plain = await town.declare()
    let hidden = await town.declare(secret)
    _ = await town.ask(.post, "/v1/incidents/\(hidden)/flags", #"{"flag":"data"}"#)
    _ = await town.ask(.post, "/v1/incidents/\(plain)/acknowledgement")
    _ = await town.ask(.post, "/v1/incidents/\(hidden)/notes", #"{"text":"It was on a train."}"#)
    _ = await town.ask(.post, "/v1/incidents/\(plain)/notes", #"{"text":"We look."}"#)
    return (plain, hidden)
  }

  private func entries(of incident: String, in town: Town) async -> Int {
    await town.ask(.get, "/v1/incidents/\(incident)/timeline?limit=200").text
      .components(#""summary":"#).count - 1
  }

  @Test func `tells each entry of every timeline once, in order, and no position`() async throws {
    let town = try await Town(isRaised: true)
    let ear = try await town.follow()
    let (plain, hidden) = await act(in: town)
    let all = await entries(of: plain, in: town) + entries(of: hidden, in: town)
    try await ear.wait(for: all)
    #expect(ear.events.contains { $0.data.contains("We look.") })
    #expect(ear.events.allSatisfy { $0.kind == "entry" && !$0.id.isEmpty })
    #expect(ear.events.allSatisfy { !$0.data.contains("position") })
    #expect(Set(ear.events.map(\.data)).count == all)
    let said = ear.events.map(\.data)
    #expect(said.first?.contains(#""kind":"declared""#) ?? false)
    let times = said.compactMap { $0.components(#""at":""#).dropFirst().first?.prefix(24) }
    #expect(times == times.sorted())
  }

  @Test func `goes on behind each id that it gave`() async throws {
    let town = try await Town(isRaised: true)
    let ear = try await town.follow()
    let (plain, hidden) = await act(in: town)
    try await ear.wait(
      for: await entries(of: plain, in: town) + entries(of: hidden, in: town))
    let all = ear.events
    #expect(all.count >= 6)
    for (place, event) in all.enumerated() {
      let again = try await town.follow("?after=\(event.id)")
      try await again.wait(for: all.count - place - 1)
      #expect(again.events.map(\.entry) == all[(place + 1)...].map(\.entry))
      again.go()
      await again.task?.value
    }
    let fromTheStart = try await town.follow("?after=\(ear.ids[0])")
    try await fromTheStart.wait(for: all.count)
    #expect(fromTheStart.events.map(\.entry) == all.map(\.entry))
  }

  @Test func `is narrowed by team, service and priority`() async throws {
    let town = try await Town(isRaised: true)
    for (name, line) in [("Desk", "first"), ("Ops", "second"), ("Product", "third")] {
      await town.done(.post, "/v1/teams", #"{"name":"\#(name)","line":"\#(line)"}"#)
    }
    await town.done(
      .post, "/v1/services",
      #"{"key":"payments","name":"Card payments","firstLine":"Desk","secondLine":"Ops","#
        + #""thirdLine":"Product"}"#)
    // A 2nd line team without anybody owns nothing.
    await town.done(
      .post, "/v1/teams/Ops/members", #"{"person":"ana@example.org","role":"service-delivery"}"#)
    let everything = try await town.follow()
    let ears = [
      try await town.follow("?team=Ops"), try await town.follow("?service=payments"),
      try await town.follow("?priority=P4,P2"), try await town.follow("?team=Ops&priority=P2"),
    ]
    _ = await town.declare(#"{"title":"One","priority":"P1","service":"payments"}"#)
    let two = await town.declare(#"{"title":"Two","priority":"P4"}"#)
    _ = await town.declare(#"{"title":"Three","priority":"P2","service":"payments"}"#)
    // What it was before counts as well, once.
    _ = await town.ask(.post, "/v1/incidents/\(two)/priority", #"{"priority":"P3"}"#)
    _ = await town.ask(.post, "/v1/incidents/\(two)/notes", #"{"text":"Nothing of P4."}"#)
    _ = await town.declare(#"{"title":"Four","priority":"P2","service":"payments"}"#)
    func titles(_ ear: Ear) -> Set<String> {
      Set(ear.events.compactMap { $0.data.components(#""title":""#).last?.components("\"").first })
    }
    for ear in ears + [everything] {
      try await ear.wait("the last") { titles(ear).contains("Four") }
    }
    #expect(titles(everything) == ["One", "Two", "Three", "Four"])
    #expect(titles(ears[0]) == ["One", "Three", "Four"])
    #expect(titles(ears[1]) == ["One", "Three", "Four"])
    #expect(titles(ears[3]) == ["Three", "Four"])
    #expect(ears[2].events.contains { $0.data.contains(#""to":"P3""#) })
    #expect(!ears[2].events.contains { $0.data.contains("Nothing of P4.") })
    #expect(await town.ask(.get, "/v1/stream?team=Nobody").status == 404)
    #expect(await town.ask(.get, "/v1/stream?priority=P9").status == 400)
  }

  @Test func `leaves no trace of what its reader may not know of`() async throws {
    let town = try await Town(isRaised: true)
    let (token, _) = try await town.stranger()
    let ear = try await town.follow(token: token)
    town.api.feeds.heartbeat = .milliseconds(1)
    let (plain, hidden) = await act(in: town)
    let all = await entries(of: plain, in: town)
    try await ear.wait("the last entry") {
      ear.events.count(where: { $0.data.contains(plain) }) >= all
    }
    // Declared, it was not restricted yet; whether that was told depends on when it was looked at.
    let own = ear.events.filter { $0.data.contains(plain) }
    #expect(own.count == all)
    #expect(!ear.events.contains { $0.data.contains("It was on a train.") })
    // Nobody can tell from an id what lies between: none is like another, whatever they stand for.
    let beats = ear.ids.count
    _ = await town.ask(.post, "/v1/incidents/\(hidden)/notes", #"{"text":"Found again."}"#)
    try await ear.wait("signs of life") { ear.ids.count >= beats + 4 }
    #expect(Set(ear.ids).count == ear.ids.count)
    #expect(Set(ear.ids.map(\.utf8.count)).count == 1)
    #expect(!ear.events.contains { $0.data.contains("Found again.") })
    let count = ear.events.count
    let again = try await town.follow("?after=\(ear.ids.last ?? "")", token: token)
    _ = await town.ask(.post, "/v1/incidents/\(plain)/notes", #"{"text":"Mended."}"#)
    try await again.wait(for: 1)
    #expect(again.events.count == 1)
    try await ear.wait(for: count + 1)
  }

  @Test func `is in the record where it shows what is restricted`() async throws {
    let town = try await Town(isRaised: true)
    let hidden = await town.declare(secret)
    _ = await town.ask(.post, "/v1/incidents/\(hidden)/flags", #"{"flag":"data"}"#)
    let ear = try await town.follow()
    _ = await town.ask(.post, "/v1/incidents/\(hidden)/notes", #"{"text":"It was on a train."}"#)
    try await ear.wait(for: 1)
    let record = await town.ask(.get, "/v1/audit?limit=200").text
    #expect(record.contains(#""kind":32"#))
  }

  @Test func `ends when its credential is revoked`() async throws {
    let town = try await Town(isRaised: true)
    let (token, credential) = try await town.stranger()
    let ear = try await town.follow(token: token)
    let revoked = await town.ask(.post, "/v1/tokens/\(credential)/revocation")
    #expect(revoked.status == 200, "\(revoked.text)")
    try await ear.wait("the end") { ear.isOver }
    #expect(ear.events.last?.kind == "problem")
    #expect(ear.events.last?.data.contains("/problem/unauthenticated") ?? false)
    #expect(ear.events.last?.id == "")
    #expect(town.api.feeds.count == 0)
  }

  @Test func `ends with a reason when the node stops`() async throws {
    let town = try await Town(isRaised: true)
    let ear = try await town.follow()
    town.api.feeds.end()
    try await ear.wait("the end") { ear.isOver }
    #expect(ear.events.last?.data.contains("/problem/stopping") ?? false)
    #expect(await town.ask(.get, "/v1/stream").status == 503)
  }

  @Test func `tells nothing that no majority confirms, and then sends its reader elsewhere`()
    async throws
  {
    let town = try await Town(isRaised: true)
    let ear = try await town.follow()
    town.api.feeds.patience = .zero
    town.cluster.become(.deposed)
    town.api.feeds.heartbeat = .zero
    try await ear.wait("the end") { ear.isOver }
    #expect(ear.events.map(\.kind) == ["problem"])
    #expect(ear.events.last?.data.contains("/problem/not-readable") ?? false)
  }

  @Test func `waits for an index, and is confirmed all the same`() async throws {
    let town = try await Town(isRaised: true)
    let secret = await town.declare(self.secret)
    _ = await town.ask(.post, "/v1/incidents/\(secret)/flags", #"{"flag":"data"}"#)
    let index = town.cluster.status.applied.rawValue
    let early = await town.ask(.get, "/v1/stream?minIndex=\(index + 9)")
    #expect(early.text("type") == "/problem/not-reached")
    let ear = try await town.follow("?minIndex=\(index)")
    _ = await town.ask(.post, "/v1/incidents/\(secret)/notes", #"{"text":"It was on a train."}"#)
    try await ear.wait(for: 1)
    #expect(ear.events[0].data.contains("It was on a train."))

    town.api.feeds.patience = .zero
    town.api.feeds.heartbeat = .zero
    town.cluster.become(.deposed)
    try await ear.wait("the end") { ear.isOver }
    #expect(ear.events.last?.data.contains("/problem/not-readable") ?? false)
    #expect(await town.ask(.get, "/v1/stream?minIndex=\(index)").status == 503)
  }

  @Test func `lets go of a reader who went or takes nothing`() async throws {
    let town = try await Town(isRaised: true)
    let (gone, deaf) = (try await town.follow(), try await town.follow())
    #expect(town.api.feeds.count == 2)
    gone.go()
    deaf.beDeaf()
    _ = await town.declare()
    try await gone.wait("the end") { gone.isOver && deaf.isOver }
    #expect(town.api.feeds.count == 0)
  }

  @Test func `is for so many at once`() async throws {
    let town = try await Town(isRaised: true)
    let (token, _) = try await town.stranger()
    var ears: [Ear] = []
    for _ in 0..<FeedDesk.mostOfOne { ears.append(try await town.follow()) }
    let refused = await town.ask(.get, "/v1/stream")
    #expect(refused.status == 429)
    #expect(refused.text("type") == "/problem/too-many-streams")
    #expect(await town.ask(.get, "/v1/stream", token: token).status == 200)
    ears[0].go()
    _ = await town.declare()
    try await ears[0].wait("the end") { ears[0].isOver }
    #expect(await town.ask(.get, "/v1/stream").status == 200)
  }

  @Test func `begins once the cluster has a secret`() async throws {
    let town = try await Town()
    let reply = await town.ask(.get, "/v1/stream")
    #expect(reply.status == 503)
    #expect(reply.text("type") == "/problem/stream-not-ready")
  }

  @Test func `tells who cannot go on to read the lists anew`() async throws {
    let town = try await Town(isRaised: true)
    let ear = try await town.follow()
    var id = ear.ids[0]
    id = (id.first == "A" ? "B" : "A") + id.dropFirst()
    for unknown in [id, "12", "", String(repeating: "A", count: 70)] {
      let reply = await town.ask(.get, "/v1/stream?after=\(unknown)")
      #expect(reply.status == 400)
      #expect(reply.text("type") == "/problem/position-unknown")
    }
    #expect(await town.ask(.get, "/v1/stream?consistency=stale").status == 400)
  }

  @Test func `is found by the first address only`() async throws {
    let town = try await Town(isRaised: true)
    let reply = await town.ask(.get, "/v1/stream")
    #expect(reply["Content-Type"] == "text/event-stream")
    #expect(await town.ask(.post, "/v1/stream").status == 405)
  }
}

@Suite("A place in the stream")
struct StreamKeyTests {
  private let key = StreamKey(secret: [UInt8](repeating: 7, count: 32), epoch: 1)

  @Test func `is read by every node of the cluster`() throws {
    let other = StreamKey(secret: [UInt8](repeating: 7, count: 32), epoch: 1)
    for position: UInt64 in [0, 1, 255, 1 << 40, .max] {
      #expect(try other.position(key.text(position, at: 9), at: 10) == position)
    }
  }

  @Test func `is never the same twice, and nothing else`() throws {
    #expect(key.text(5, at: 9) != key.text(5, at: 9))
    let text = key.text(5, at: 9)
    #expect(throws: Problem.positionUnknown) { _ = try key.position(text + "A", at: 9) }
    let stranger = StreamKey(secret: [UInt8](repeating: 8, count: 32), epoch: 1)
    #expect(throws: Problem.positionUnknown) { _ = try stranger.position(text, at: 9) }
    for place in text.indices {
      var changed = text
      changed.replaceSubrange(place...place, with: text[place] == "A" ? "B" : "A")
      #expect(throws: Problem.positionUnknown) { _ = try key.position(changed, at: 9) }
    }
  }

  @Test func `is good for a week, and until the cluster is recovered`() throws {
    let week: Int64 = 7 * 86_400_000
    let text = key.text(5, at: 1_000)
    #expect(try key.position(text, at: 1_000 + week) == 5)
    #expect(throws: Problem.positionGone) { _ = try key.position(text, at: 1_001 + week) }
    let later = StreamKey(secret: [UInt8](repeating: 7, count: 32), epoch: 2)
    #expect(throws: Problem.positionGone) { _ = try later.position(text, at: 1_000) }
  }
}

@ClientLoop @Suite("A session that goes on")
struct StreamSessionTests {
  @Test func `sends a stream without a length, and closes behind it`() async throws {
    let town = try await Town(isRaised: true)
    let gateway = Gateway(api: town.api)
    let wire = MemoryWire()
    wire.bring(
      "GET /v1/stream HTTP/1.1\r\nHost: a\r\n"
        + "Authorization: Bearer \(town.admin.spelling)\r\n\r\n")
    let serving = Task(executorPreference: ClientLoop.loop) { await gateway.serve(wire) }
    while !wire.text.contains("still here") { await Task.yield() }
    _ = await town.declare()
    while !wire.text.contains("event: entry") { await Task.yield() }
    #expect(wire.text.contains("Connection: close\r\n"))
    #expect(!wire.text.contains("Content-Length"))
    await gateway.drain()
    await serving.value
    #expect(wire.text.contains("/problem/stopping"))
    #expect(wire.isClosed)
  }

  @Test func `answers HEAD with the head of a stream, and goes on`() async throws {
    let town = try await Town(isRaised: true)
    let gateway = Gateway(api: town.api)
    let wire = MemoryWire()
    wire.bring(
      "HEAD /v1/stream HTTP/1.1\r\nHost: a\r\n"
        + "Authorization: Bearer \(town.admin.spelling)\r\n\r\n")
    await gateway.serve(wire)
    #expect(wire.count(of: 200) == 1)
    #expect(!wire.text.contains("still here"))
    #expect(wire.isClosed)
  }
}
