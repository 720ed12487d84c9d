import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// Two people read the same, and both write: what the first wrote is not lost.
@ClientLoop @Suite("An edit of what somebody has seen", .serialized)
struct EditTests {
  private static var posts: [String] { API.addresses.filter { $0.hasPrefix("POST") }.sorted() }

  @Test func `is guarded at each address, or there is a reason why not`() {
    for address in Self.posts {
      guard let known = API.editGuard(of: address) else {
        Issue.record("\(address) is not in the table of guards: Routes+Guards.swift.")
        continue
      }
      switch known {
      case .tag(let source), .row(let source):
        #expect(API.addresses.contains(source), "\(address): there is no \(source).")
      case .exempt: break
      }
    }
  }

  @Test func `is refused with If-Match where nothing would look at it`() async throws {
    let town = try await Town(isRaised: true)
    let absent = "00000000-0000-7000-8000-000000000000"
    var tried = 0
    for address in Self.posts {
      guard case .exempt(let why)? = API.editGuard(of: address) else { continue }
      let path = address.dropFirst("POST ".count).split(separator: "/").map { segment in
        segment == ":node" ? "1" : segment.first == ":" ? absent : String(segment)
      }.reduce("") { $0 + "/" + $1 }
      let reply = await town.ask(.post, path, "{}", ifMatch: "\"1\"")
      #expect(reply.status == 400 && reply.has(why.rawValue), "\(address): \(reply.text)")
      tried += 1
    }
    #expect(tried > 25)
  }

  /// The version of what a path shows, as If-Match takes it.
  private func tag(_ town: Town, _ shown: String, _ guarding: EditGuard, _ token: Token?) async
    -> String?
  {
    let reply = await town.ask(.get, shown, token: token)
    guard case .row = guarding else { return reply["ETag"] }
    let digits = reply.text.split(separator: "\"version\":").last?.prefix { $0.isNumber }
    return digits.map { "\"\($0)\"" }
  }

  /// - Returns: Whether the one who has seen the newest may do it at all.
  private func loses(
    _ cast: Cast, _ set: Stage.Set, _ guarding: EditGuard, _ address: String
  ) async -> Bool {
    let town = cast.town
    guard let seen = await tag(town, set.shown, guarding, set.token) else {
      Issue.record("\(address): \(set.shown) shows no version.")
      return false
    }
    let (path, body, token) = set.change
    let first = await town.ask(.post, path, body, token: token, ifMatch: nil)
    #expect(first.status < 300, "\(address), the first: \(path) \(first.text)")
    let after = await town.ask(.get, set.shown, token: set.token)
    let fresh = await tag(town, set.shown, guarding, set.token)
    #expect(fresh != seen, "\(address): its version stays.")
    // A leader that foresees it, and the log where it is decided for good.
    for mood in [ClusterOfOne.Mood.willing, .following] {
      town.cluster.become(mood)
      let second = await town.ask(
        .post, set.path, set.body, token: set.token, ifMatch: seen, type: "application/json")
      #expect(second.status == 412, "\(address): \(second.text)")
      #expect(second.text("type") == "/rule/stale-version")
      #expect(second["ETag"] == fresh, "\(address): \(second.text)")
      let now = await town.ask(.get, set.shown, token: set.token)
      #expect(now.text == after.text, "\(address)")
    }
    town.cluster.become(.willing)
    let third = await town.ask(
      .post, set.path, set.body, token: set.token, ifMatch: fresh, type: "application/json")
    #expect(third.status < 300 || third.status == 403, "\(address): \(third.text)")
    return third.status < 300
  }

  @Test func `of the department, one's means or what is told is not lost`() async throws {
    for address in Self.posts {
      guard let guarding = API.editGuard(of: address) else { continue }
      if case .exempt = guarding { continue }
      let cast = try await Cast()
      guard let set = try await Stage(cast: cast).set(address) else {
        // An incident is enough for it: below.
        #expect(address.contains("/:incident/"), "\(address) has no stage.")
        continue
      }
      #expect(await loses(cast, set, guarding, address), "\(address)")
    }
  }

  @Test func `of an incident is not lost`() async throws {
    let cast = try await Cast()
    let prefix = "POST /v1/incidents/:incident"
    for address in Self.posts where address.hasPrefix(prefix + "/") {
      guard try await Stage(cast: cast).set(address) == nil,
        let guarding = API.editGuard(of: address)
      else { continue }
      let rest = String(address.dropFirst(prefix.count))
      let known = Plot.all.filter { $0.rest == rest && $0.body != nil }
      var isDone = false
      search: for plot in known.isEmpty ? [Plot.all[0]] : known {
        for scene in [Cast.Scene.plain, .restricted] where plot.scenes.contains(scene) {
          for who in [Cast.Who.breaker, .lead, .delivery, .comms] {
            let path = await cast.incident(plot, scene)
            let other = await cast.town.declare(
              #"{"title":"Nobody can pay","service":"payments"}"#)
            var body = AddressNote.all[address]?.example ?? ""
            if let own = plot.body, !known.isEmpty { body = own }
            let set = Stage.Set(
              path: path + rest,
              body: body.replacing("0199c1a2-0000-7000-8000-000000000002", with: other),
              token: cast[who], shown: path,
              change: (path + "/notes", #"{"type":"finding","text":"Seen."}"#, cast[.breaker]))
            isDone = await loses(cast, set, guarding, address)
            if isDone { break search }
          }
        }
      }
      #expect(isDone, "\(address)")
    }
  }

  @Test func `says in each answer which version it made`() async throws {
    let town = try await Town(isRaised: true)
    for (path, body, shown) in [
      ("/v1/settings", #"{"severities":[]}"#, "/v1/settings"),
      ("/v1/calendars/scotland", #"{"name":"Alba"}"#, "/v1/calendars/scotland"),
      (
        "/v1/templates", #"{"audience":"team","subject":"{title}","body":"{what}"}"#,
        "/v1/templates/team"
      ),
      ("/v1/me/codes", "", "/v1/me/sign-in"),
      (
        "/v1/directory",
        #"{"people":[],"teams":[{"id":"net","name":"Network","line":"third"}],"memberships":[],"services":[]}"#,
        "/v1/directory"
      ),
    ] {
      let made = await town.ask(.post, path, body, type: "application/json")
      let seen = await town.ask(.get, shown)
      #expect(made["ETag"] == seen["ETag"] && made["ETag"] != nil, "\(path): \(made.text)")
    }
  }

  /// The words that stood there before are not those that stand there now, however often they were
  /// removed in between.
  @Test func `of a template that was removed and written again is refused`() async throws {
    let town = try await Town(isRaised: true)
    let words = #"{"audience":"team","subject":"{title}","body":"{what}"}"#
    await town.done(.post, "/v1/templates", words)
    let seen = await town.ask(.get, "/v1/templates/team")["ETag"]
    await town.done(.post, "/v1/templates", #"{"audience":"team","reset":true}"#)
    try await Task.sleep(for: .milliseconds(2))
    await town.done(.post, "/v1/templates", words.replacing("{what}", with: "Now: {what}"))
    let late = await town.ask(.post, "/v1/templates", words, ifMatch: seen)
    #expect(late.status == 412, "\(late.text)")
  }

  @Test func `of a draft is in nobody's way who writes into the timeline`() async throws {
    let cast = try await Cast()
    let set = try #require(
      await Stage(cast: cast).set("POST /v1/incidents/:incident/communications"))
    let seen = await cast.town.ask(.get, set.shown)["ETag"]
    let incident = String(set.path.dropLast("/communications".count))
    await cast.town.done(.post, incident + "/notes", #"{"type":"finding","text":"Seen."}"#)
    let reply = await cast.town.ask(
      .post, set.path, set.body, token: set.token, ifMatch: seen)
    #expect(reply.status == 200, "\(reply.text)")
    #expect(reply["ETag"] == "\"2\"")
  }
}
