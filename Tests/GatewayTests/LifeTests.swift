import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("The interface")
struct LifeTests {
  @Test func `leads an incident from declaration to close`() async throws {
    let town = try await Town()
    let declared = await town.ask(
      .post, "/v1/incidents",
      #"{"title":"Sign-in is down","impact":"high","urgency":"high","reference":"bench-1"}"#)
    #expect(declared.status == 201)
    let id = declared.text("id")
    #expect(declared["Location"] == "/v1/incidents/\(id)")
    #expect(declared["Muster-Index"] == "2")
    #expect(declared.text("reference").hasPrefix("INC-"))

    let path = "/v1/incidents/\(id)"
    for (step, body) in [
      ("acknowledgement", ""),
      ("priority", #"{"priority":"P1","confirm":true}"#),
      ("roles", #"{"role":"comms-lead","action":"take"}"#),
      ("notes", #"{"type":"finding","text":"The certificate expired."}"#),
      ("updates", #"{"audience":"stakeholders","text":"We are on it."}"#),
      ("status", #"{"to":"mitigated"}"#),
      ("resolution", #"{"fix":"Renewed it.","takeLead":true}"#),
    ] {
      let reply = await town.ask(.post, "\(path)/\(step)", body)
      #expect(reply.status == 200, "\(step): \(reply.text)")
    }

    let early = await town.ask(.post, "\(path)/closure")
    #expect(early.status == 409)
    #expect(early.text("type") == "/rule/review-required")
    #expect(early["Content-Type"] == "application/problem+json")

    let review = await town.ask(
      .post, "\(path)/review",
      #"{"summary":"s","impact":"i","cause":"c","noActionsBecause":"renewal is automatic now"}"#)
    #expect(review.status == 200, "\(review.text)")
    let close = await town.ask(.post, "\(path)/closure")
    #expect(close.status == 200, "\(close.text)")

    let shown = await town.ask(.get, path)
    #expect(shown.status == 200)
    #expect(shown.text("status") == "closed")
    #expect(shown.text("externalReference") == "bench-1")
    #expect(shown["ETag"] == close["ETag"])
    #expect(shown["Muster-Index"] == close["Muster-Index"])

    let byReference = await town.ask(.get, "/v1/incidents/\(declared.text("reference"))")
    #expect(byReference.text("id") == id)

    let timeline = await town.ask(.get, "\(path)/timeline?limit=3")
    #expect(timeline.has(#""kind":"declared""#))
    let next = timeline.text("next")
    #expect(!next.isEmpty)
    let rest = await town.ask(.get, "\(path)/timeline?after=\(next)")
    #expect(rest.has(#""kind":"finding""#))
    #expect(rest.has(#""text":"The certificate expired.""#))
    #expect(rest.has(#""kind":"closed""#))

    let report = await town.ask(.get, "\(path)/report", accept: "text/markdown")
    #expect(report["Content-Type"] == "text/markdown; charset=utf-8")
    #expect(report.has("Sign-in is down"))
  }

  @Test func `has a correction of an entry of its own alone`() async throws {
    let town = try await Town()
    let path = "/v1/incidents/\(await town.declare())"
    _ = await town.ask(.post, "\(path)/notes", #"{"text":"Disk full."}"#)
    let other = "/v1/incidents/\(await town.declare())"
    let timeline = await town.ask(.get, "\(path)/timeline").text
    let last = timeline.split(separator: #""position":"#).last
    let position = try #require(last.flatMap { UInt64($0.prefix { $0.isNumber }) })
    func correct(_ path: String, _ position: UInt64) async -> Reply {
      await town.ask(
        .post, "\(path)/notes",
        #"{"type":"correction","text":"Disk slow.","corrects":\#(position)}"#)
    }
    for (path, position) in [(other, position), (path, position + 1_000), (path, 0), (path, .max)] {
      let refused = await correct(path, position)
      #expect(refused.status == 422 && refused.has(#""member":"/corrects""#), "\(refused.text)")
    }
    #expect(await correct(path, position).status == 200)
  }

  @Test func `says in a report what does not fit it`() async throws {
    let town = try await Town()
    let id = await town.declare()
    let path = "/v1/incidents/\(id)"
    let whole = await town.ask(.get, "\(path)/report")
    #expect(whole.has(#""laterEntries":0,"next":null"#))
    town.api.reportBounds.bytes = 100
    for _ in 0..<250 { _ = await town.ask(.post, "\(path)/notes", #"{"text":"x"}"#) }
    let report = await town.ask(.get, "\(path)/report")
    let parts = report.text.split(separator: #""laterEntries":"#)
    let later = try #require(parts.last.flatMap { Int($0.prefix { $0.isNumber }) })
    #expect(later > 0)
    let rest = await town.ask(
      .get, "\(path)/timeline?limit=1&after=\(report.text("next"))")
    #expect(rest.has(#""kind":"#))
    let markdown = await town.ask(.get, "\(path)/report?format=markdown")
    #expect(markdown.has("\(later) later entries are not shown: read the timeline of INC-"))
  }

  @Test func `does a repeated request once, and tells another under its key apart`() async throws {
    let town = try await Town()
    let body = #"{"title":"Sign-in is down"}"#
    let first = await town.ask(.post, "/v1/incidents", body, key: "k-1")
    let again = await town.ask(.post, "/v1/incidents", body, key: "k-1")
    #expect(again.status == 201)
    #expect(again.text("id") == first.text("id"))
    #expect(again.has(#""repeated":true"#))

    let other = await town.ask(.post, "/v1/incidents", #"{"title":"Another"}"#, key: "k-1")
    #expect(other.status == 422)
    #expect(other.text("type") == "/problem/key-reused")
    let bad = await town.ask(.post, "/v1/incidents", body, key: "two words")
    #expect(bad.status == 400)
  }

  @Test func `foresees by the time that the leader would stamp`() async throws {
    let town = try await Town()
    town.cluster.run(ahead: 3 * 86_400_000)
    let first = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#, key: "k")
    let before = town.cluster.commandsSubmitted
    let again = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#, key: "k")
    #expect(again.text("id") == first.text("id"))
    #expect(town.cluster.commandsSubmitted == before)
  }

  @Test func `keeps the three answers apart`() async throws {
    let town = try await Town()
    town.cluster.become(.forgetful)
    let unknown = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#)
    #expect(unknown.status == 504)
    #expect(unknown.text("type") == "/problem/outcome-unknown")

    town.cluster.become(.leaderless)
    let refused = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#)
    #expect(refused.status == 503)
    #expect(refused.text("type") == "/problem/not-accepted")
    #expect(refused["Retry-After"] == "2")
    let read = await town.ask(.get, "/v1/me")
    #expect(read.status == 503)
    let stale = await town.ask(.get, "/v1/me?consistency=stale")
    #expect(stale.status == 200)
    #expect(stale["Muster-Stale-Milliseconds"] == "42")
  }

  @Test func `answers from a follower as from the leader`() async throws {
    let town = try await Town()
    town.cluster.become(.following)
    let id = await town.declare()
    #expect(await town.ask(.get, "/v1/incidents/\(id)").status == 200)
    let refused = await town.ask(.post, "/v1/incidents/\(id)/closure")
    #expect(refused.status == 409)
    #expect(await town.ask(.get, "/v1/me?minIndex=2").status == 200)
    #expect(await town.ask(.get, "/v1/me?minIndex=99").status == 504)
  }

  @Test func `does not send what the leader can refuse itself`() async throws {
    let town = try await Town()
    let id = await town.declare()
    let before = town.cluster.commandsSubmitted
    let reply = await town.ask(.post, "/v1/incidents/\(id)/closure")
    #expect(reply.status == 409)
    #expect(town.cluster.commandsSubmitted == before)
  }

  @Test func `refuses a stale version`() async throws {
    let town = try await Town()
    let id = await town.declare()
    let path = "/v1/incidents/\(id)/acknowledgement"
    #expect(await town.ask(.post, path, ifMatch: "\"99\"").status == 412)
    #expect(await town.ask(.post, path, ifMatch: "99").status == 400)
    let tag = await town.ask(.get, "/v1/incidents/\(id)")["ETag"]
    #expect(await town.ask(.post, path, ifMatch: tag).status == 200)
  }

  @Test func `asks for a token that works`() async throws {
    let town = try await Town()
    #expect(await town.ask(.get, "/v1/me").text("name") == "Ana")
    let stranger = await town.ask(.get, "/v1/me", token: .make())
    #expect(stranger.status == 401)
    #expect(stranger["WWW-Authenticate"] == "Bearer realm=\"muster\"")
    #expect(await town.ask(.post, "/v1/incidents", "{}", token: .make()).status == 401)
  }

  @Test func `builds a department, and shows a token once`() async throws {
    let town = try await Town()
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"Ben","email":"ben@example.org"}"#)
    #expect(person.status == 201, "\(person.text)")
    let team = await town.ask(
      .post, "/v1/teams",
      #"{"name":"Live Services","line":"second","members":[{"person":"ben@example.org"}]}"#)
    #expect(team.status == 201, "\(team.text)")
    let service = await town.ask(
      .post, "/v1/services",
      #"{"key":"sign-in","name":"Sign in","secondLine":"Live Services"}"#)
    #expect(service.status == 201, "\(service.text)")
    let shift = await town.ask(
      .post, "/v1/on-call",
      #"{"service":"sign-in","person":"ben@example.org","from":"2026-01-01T00:00:00Z","#
        + #""until":"2046-01-01T00:00:00Z"}"#)
    #expect(shift.status == 201, "\(shift.text)")
    let onCall = await town.ask(.get, "/v1/on-call?service=sign-in")
    #expect(onCall.has(#""name":"Ben""#))

    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#, key: "t")
    #expect(issued.status == 201, "\(issued.text)")
    let token = try #require(Token(issued.text("token")))
    let again = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#, key: "t")
    #expect(again.has(#""token":null"#))
    #expect(await town.ask(.get, "/v1/me", token: token).text("name") == "Ben")
    let tokens = await town.ask(.get, "/v1/people/ben@example.org/tokens")
    #expect(tokens.text("id") == issued.text("id"))
    #expect(tokens.text("label") == "laptop")
    #expect(tokens.has(#""revokedAt":null"#))
    #expect(!tokens.has(token.spelling) && !tokens.has("hash"))
    #expect(
      await town.ask(.get, "/v1/people/me/tokens", token: token).response.body
        == tokens.response.body)
    let others = await town.ask(.get, "/v1/people/ana@example.org/tokens", token: token)
    #expect(others.status == 403)
    #expect(await town.ask(.get, "/v1/people/me/tokens").text("label") == "founding")
    #expect(await town.ask(.get, "/v1/teams/Live%20Services").text("name") == "Live Services")
    let member = await town.ask(
      .post, "/v1/teams/Live%20Services/members",
      #"{"person":"ben@example.org","role":"team-lead"}"#)
    #expect(member.status == 200, "\(member.text)")
    let revoked = await town.ask(.post, "/v1/tokens/\(issued.text("id"))/revocation")
    #expect(revoked.status == 200, "\(revoked.text)")
    #expect(await town.ask(.get, "/v1/me", token: token).status == 401)

    #expect(await town.ask(.get, "/v1/services").has(#""key":"sign-in""#))
    #expect(await town.ask(.get, "/v1/services/sign-in").text("name") == "Sign in")
    #expect(await town.ask(.get, "/v1/teams/\(team.text("id"))").has(#""name":"Ben""#))
    let people = await town.ask(.get, "/v1/people?limit=1")
    #expect(!people.text("next").isEmpty)
    #expect(await town.ask(.get, "/v1/people?after=\(people.text("next"))").has("Ben"))
  }

  @Test func `lists by reference prefix, in pages`() async throws {
    let town = try await Town()
    for number in 1...5 {
      _ = await town.declare(#"{"title":"x","reference":"bench-\#(number)"}"#)
    }
    _ = await town.declare(#"{"title":"x","reference":"other"}"#)
    let first = await town.ask(.get, "/v1/incidents?referencePrefix=bench-&limit=3")
    #expect(first.text.split(separator: "externalReference").count == 4)
    let rest = await town.ask(
      .get, "/v1/incidents?referencePrefix=bench-&limit=3&after=\(first.text("next"))")
    #expect(rest.has("bench-4"))
    #expect(rest.has("bench-5"))
    #expect(rest.has(#""next":null"#))
    #expect(!rest.has("other"))
    #expect(await town.ask(.get, "/v1/incidents?status=nonsense").status == 400)
    #expect(await town.ask(.get, "/v1/incidents?limit=201").status == 400)
  }

  @Test func `takes alerts once a quorum has them, and counts repeats`() async throws {
    let town = try await Town()
    let path = "/v1/alerts/alertmanager"
    let fired = await town.ask(.post, path, try fixture("firing"))
    #expect(fired.status == 200, "\(fired.text)")
    let incident = fired.text("id")
    let repeated = await town.ask(.post, path, try fixture("repeated"))
    #expect(repeated.status == 200)
    #expect(repeated.text("id") == incident)
    for name in ["mixed", "resolved", "truncated", "offsets", "nameless", "stranger"] {
      let reply = await town.ask(.post, path, try fixture(name))
      #expect(reply.status == 200, "\(name): \(reply.text)")
    }
    let split = await town.ask(.post, path, try fixture("services"))
    #expect(split.text.split(separator: "INC-").count == 4)
    let timeline = await town.ask(.get, "/v1/incidents/\(incident)/timeline")
    #expect(timeline.has(#""kind":"alert-reported""#))

    town.cluster.become(.forgetful)
    #expect(await town.ask(.post, path, try fixture("firing")).status == 504)
    town.cluster.become(.leaderless)
    #expect(await town.ask(.post, path, try fixture("firing")).status == 503)
  }

  @Test func `finds an alert's service by the label that the settings name`() async throws {
    let town = try await Cast().town
    await town.done(.post, "/v1/settings", #"{"alertServiceLabel":"app"}"#)
    #expect(await town.ask(.get, "/v1/settings").text("alertServiceLabel") == "app")
    let alert =
      #"{"version":"4","alerts":[{"status":"firing","labels":{"app":"payments","service":"x"}}]}"#
    let fired = await town.ask(.post, "/v1/alerts/alertmanager", alert)
    #expect(fired.status == 200, "\(fired.text)")
    #expect(await town.ask(.get, "/v1/incidents").has(#""key":"payments""#))
    for label in ["", "bad label!", "1st", "a-b"] {
      let refused = await town.ask(
        .post, "/v1/settings", #"{"alertServiceLabel":"\#(label)"}"#)
      #expect(refused.status == 422, "\(label)")
    }
  }

  @Test func `lets an ingest key post the alerts of its service, and do nothing else`()
    async throws
  {
    let town = try await Town()
    let path = "/v1/alerts/alertmanager"
    let service = await town.ask(
      .post, "/v1/services", #"{"key":"payments","name":"Card payments"}"#)
    #expect(service.status == 201, "\(service.text)")
    let keys = "/v1/services/payments/ingest-keys"
    let issued = await town.ask(.post, keys, #"{"label":"Alertmanager"}"#)
    #expect(issued.status == 201, "\(issued.text)")
    let key = try #require(Token(issued.text("token")))

    // The labels name sign-in and payments; all of it is about payments.
    let fired = await town.ask(.post, path, try fixture("services"), token: key)
    #expect(fired.status == 200, "\(fired.text)")
    #expect(fired.text.split(separator: "INC-").count == 2)
    let incident = await town.ask(.get, "/v1/incidents/\(fired.text("id"))")
    #expect(incident.has(#""key":"payments""#))
    let timeline = await town.ask(.get, "/v1/incidents/\(fired.text("id"))/timeline")
    #expect(timeline.has("An alert declared it on Card payments"))

    for (method, target) in [
      (HTTP.Method.get, "/v1/me"), (.get, "/v1/incidents"), (.get, "/v1/cluster"),
      (.get, keys), (.post, "/v1/incidents"), (.post, keys),
    ] {
      let refused = await town.ask(method, target, #"{"title":"x"}"#, token: key)
      #expect(refused.status == 403, "\(target)")
      #expect(refused.text("type") == "/problem/only-alerts", "\(target)")
    }

    let list = await town.ask(.get, keys)
    #expect(list.has(#""label":"Alertmanager""#) && !list.has(key.spelling))
    let id = issued.text("id")
    #expect(await town.ask(.post, "/v1/tokens/\(id)/revocation").status == 200)
    #expect(await town.ask(.post, path, try fixture("firing"), token: key).status == 401)
  }

  @Test func `has alerts sent again that were not all taken, and counts them once`() async throws {
    let town = try await Town()
    let path = "/v1/alerts/alertmanager"
    town.cluster.become(.tiring(after: 2))
    let partly = await town.ask(.post, path, try fixture("services"))
    #expect(partly.status == 503)
    #expect(partly.text("type") == "/problem/partly-taken")
    #expect(partly["Retry-After"] == "1")
    town.cluster.become(.willing)
    let whole = await town.ask(.post, path, try fixture("services"))
    #expect(whole.status == 200, "\(whole.text)")
    #expect(whole.has(#""leftOut":0"#))
    let list = await town.ask(.get, "/v1/incidents")
    // Three services, three incidents: what was taken the first time was not declared again.
    #expect(list.text.split(separator: #""reference":"#).count == 4, "\(list.text)")
  }

  @Test func `says what there is, and what there is not`() async throws {
    let town = try await Town()
    #expect(await town.ask(.get, "/v1/nothing").status == 404)
    let some = await town.declare()
    for name in ["Authorization", "Idempotency-Key", "If-Match"] {
      let twice = await town.ask(
        .post, "/v1/incidents/\(some)/notes", #"{"text":"Twice"}"#, ifMatch: "\"1\"",
        sentTwice: (name, "\"1\""))
      #expect(twice.status == 400 && twice.has("\(name) is sent twice"), "\(twice.text)")
    }
    let nameless = await town.ask(.get, "/v1/incidents/no-id")
    #expect(nameless.status == 404 && nameless.has("An incident is named by its reference"))
    let missing = await town.ask(.get, "/v1/incidents/00000000-0000-7000-8000-000000000000")
    #expect(missing.status == 404)
    #expect(missing.text("type") == "/problem/not-found")
    let method = await town.ask(.delete, "/v1/me")
    #expect(method.status == 405)
    #expect(method["Allow"] == "GET, HEAD")
    #expect(await town.ask(.head, "/v1/me").status == 200)
    #expect(await town.ask(.get, "/readyz").status == 200)
    let cluster = await town.ask(.get, "/v1/cluster")
    #expect(cluster.has(#""role":"leader""#))
    #expect(cluster.text("leaderAddress") == "https://n1.example:8441")
    town.cluster.become(.leaderless)
    #expect(await town.ask(.get, "/readyz").status == 503)
    #expect(await town.ask(.get, "/v1/cluster").status == 200)
  }
}
