import Access
import EventLoop
import Gateway
import HTTP
import Store
import Testing

@ClientLoop @Suite("Lists, counts and saved views", .serialized)
struct ViewTests {
  @Test func `narrow by what the address says, and refuse what they do not know`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let path = await cast.incident(Plot.all[0], .plain)
    let id = String(path.split(separator: "/").last ?? "")
    let mail = await town.declare(#"{"title":"Mail is slow","priority":"P4"}"#)
    for (query, status, isPayments) in [
      ("service=payments", 200, true), ("service=payments&state=open&sort=priority", 200, true),
      ("state=over", 200, false), ("holder=lead@example.org", 200, true),
      ("lead=lead@example.org&sort=due", 200, true), ("lead=comms@example.org", 200, false),
      ("holder=me", 200, false), ("reporter=reporter@example.org", 200, true),
      ("priority=P1,P2", 200, true), ("priority=P3&priority=P1", 200, true),
      ("flag=cyber", 200, false), ("exercise=true", 200, false), ("exercise=false", 200, true),
      ("overdue=true", 200, false), ("team=Ops", 200, true),
      ("from=2020-01-01T00:00:00Z", 200, true),
      ("until=2020-01-01T00:00:00Z", 200, false), ("status=investigating,open", 200, true),
      ("status=nonsense", 400, false), ("sort=age", 400, false), ("state=maybe", 400, false),
      ("sort=due&state=over", 400, false), ("holder=x", 400, false), ("from=noon", 400, false),
      ("holder=nobody@example.org", 404, false), ("service=none", 404, false),
      ("view=x", 404, false),
    ] {
      let reply = await town.ask(.get, "/v1/incidents?\(query)")
      #expect(reply.status == status, "\(query): \(reply.text)")
      #expect(reply.has(id) == isPayments, "\(query): \(reply.text)")
    }
    let first = await town.ask(.get, "/v1/incidents?sort=priority&limit=1")
    #expect(first.has(id))
    let after = first.text("next")
    #expect(await town.ask(.get, "/v1/incidents?sort=priority&limit=1&after=\(after)").has(mail))
    #expect(await town.ask(.get, "/v1/incidents?limit=1&after=\(after)").status == 400)
  }

  @Test func `show what is hidden nowhere, byte for byte`() async throws {
    let cast = try await Cast()
    let town = cast.town
    _ = await cast.incident(Plot.all[0], .plain)
    let view = await town.ask(
      .post, "/v1/views", #"{"name":"P1s","shared":true,"filter":{"priority":"P1","flag":null}}"#)
    #expect(view.status == 201, "\(view.text)")
    let queries = [
      "incidents?view=\(view.text("id"))", "incidents?flag=data", "incidents?sort=priority",
      "incidents?sort=due&limit=1", "incidents?service=payments&state=open", "incidents?holder=me",
      "incidents?lead=lead@example.org", "incidents?reporter=reporter@example.org",
      "incidents/counts", "incidents/counts?flag=data", "incidents/counts?view=\(view.text("id"))",
      "incidents/counts?holder=lead@example.org", "search?q=pay", "search?q=nobody",
    ]
    let watchers = [Cast.Who.outsider, .boss, .auditor, .guest, .second]
    func answers() async -> [String] {
      var answers: [String] = []
      for who in watchers {
        for query in queries {
          let reply = await town.ask(.get, "/v1/\(query)", token: cast[who])
          #expect(reply.status == 200, "\(query): \(reply.text)")
          // How far the index has come, and how clocks stand, is not about the incident.
          answers.append(
            String(reply.text.split(separator: #","indexedThrough""#)[0])
              .replacing("due soon", with: "on time"))
        }
      }
      return answers
    }
    let before = await answers()
    let hidden = await cast.incident(Plot.all[0], .restricted)
    #expect(await answers() == before)
    let lead = await town.ask(.get, "/v1/incidents?flag=data", token: cast[.lead])
    #expect(lead.has(String(hidden.split(separator: "/").last ?? "")))
    let counts = await town.ask(.get, "/v1/incidents/counts", token: cast[.lead])
    #expect(counts.has(#""total":2"#), "\(counts.text)")
  }

  @Test func `are saved, opened by those whose they are, shared and removed`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let body =
      #"{"name":"Ours","team":"Ops","filter":{"state":"open","service":["payments"],"#
      + #""holder":"me","overdue":true,"sort":"due"}}"#
    let saved = await town.ask(.post, "/v1/views", body, token: cast[.second])
    #expect(saved.status == 201, "\(saved.text)")
    let path = "/v1/views/\(saved.text("id"))"
    #expect(saved["Location"] == path)
    let shown = await town.ask(.get, path, token: cast[.teamLead])
    #expect(shown.has(#""name":"Ours","team":{"#), "\(shown.text)")
    #expect(
      shown.has(#""shared":false,"filter":{"state":"open","service":["#)
        && shown.has(#""holder":"me","overdue":true,"sort":"due"}"#), "\(shown.text)")
    #expect(await town.ask(.get, "/v1/views", token: cast[.lead]).has(saved.text("id")))
    for who in [Cast.Who.outsider, .guest, .auditor, .boss] {
      let hidden = await town.ask(.get, path, token: cast[who])
      let absent = await town.ask(
        .get, "/v1/views/00000000-0000-7000-8000-000000000000", token: cast[who])
      #expect(hidden.status == 404 && hidden.response.body == absent.response.body)
      #expect(
        await town.ask(.get, "/v1/incidents?view=\(saved.text("id"))", token: cast[who]).status
          == 404)
      #expect(await !town.ask(.get, "/v1/views", token: cast[who]).has("Ours"))
    }
    let foreign = await town.ask(.post, "/v1/views", body, token: cast[.outsider])
    #expect(foreign.status == 403, "\(foreign.text)")
    for wrong in [
      #"{"name":"x","filter":{"colour":"red"}}"#, #"{"name":"x","filter":{"status":["x"]}}"#,
      #"{"filter":{}}"#, #"{"name":"x","filter":{"sort":"due","state":"over"}}"#,
      #"{"name":"x","filter":{"service":"none"}}"#,
    ] {
      let reply = await town.ask(.post, "/v1/views", wrong, token: cast[.second])
      #expect([400, 404, 422].contains(reply.status), "\(wrong): \(reply.text)")
    }

    let shared = await town.ask(
      .post, "/v1/views", #"{"name":"Mine","shared":true,"filter":{"state":"open"}}"#,
      token: cast[.second])
    let link = "/v1/views/\(shared.text("id"))"
    #expect(await town.ask(.get, link, token: cast[.outsider]).has(#""name":"Mine","owner":{"#))
    let removal = await town.ask(.post, "\(link)/removal", token: cast[.outsider])
    #expect(removal.status == 403, "\(removal.text)")
    let own = await town.ask(.post, "\(link)/removal", token: cast[.second])
    #expect(own.status == 200, "\(own.text)")
    #expect(await town.ask(.get, link, token: cast[.second]).status == 404)

    await town.done(
      .post, "/v1/views", #"{"name":"Gone","shared":true}"#, by: cast[.second])
    let list = await town.ask(.get, "/v1/views?limit=1", token: cast[.second])
    let gone = "/v1/views/\(list.text("id"))"
    #expect(await town.ask(.get, gone, token: cast[.guest]).status == 200)
    await town.done(.post, "/v1/people/second@example.org/deactivation")
    #expect(await town.ask(.get, gone, token: cast[.guest]).status == 404)
  }

  @Test func `gives cursors that tell nothing of what is hidden`() async throws {
    let cast = try await Cast()
    let plot = try #require(Plot.all.first { $0.name == "finish the review" })
    for restriction in [Cast.Scene.plain, .restricted, .plain] {
      _ = await cast.incident(plot, restriction)
    }
    func page(_ query: String) async -> Reply {
      await cast.town.ask(.get, "/v1/incidents?limit=1\(query)", token: cast[.guest])
    }
    let first = await page("").text("next")
    #expect(Cursor(first) == nil)
    #expect(await page("").text("next") != first)
    let second = await page("&after=\(first)")
    #expect(second.status == 200 && second.text("next").isEmpty, "\(second.text)")
    let flipped = String(first.dropLast()) + (first.hasSuffix("A") ? "B" : "A")
    #expect(await page("&after=\(flipped)").status == 400)
    #expect(await page("&after=\(Cursor(first)?.text ?? "AQQAAAAAAAAAAA")").status == 400)
  }
}
