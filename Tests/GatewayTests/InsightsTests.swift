import EventLoop
import Gateway
import HTTP
import Incidents
import Testing

@ClientLoop @Suite("Insights through the interface")
struct InsightsTests {
  @Test func `count what the asker may see, as JSON and as CSV`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let plot = try #require(Plot.all.first { $0.name == "finish the review" })
    _ = await cast.incident(plot, .plain)
    _ = await cast.incident(plot, .restricted)
    await town.done(
      .post, "/v1/incidents", #"{"title":"x","service":"payments","exercise":true}"#)
    let seen = await town.ask(.get, "/v1/insights", token: cast[.lead])
    #expect(seen.has(#""percentiles":"nearest-rank","exercises":1,"all":{"declared":2,"open":0"#))
    let hidden = await town.ask(.get, "/v1/insights?service=payments&team=Ops", token: cast[.guest])
    #expect(hidden.has(#""all":{"declared":1,"open":0"#), "\(hidden.text)")
    let none = await town.ask(.get, "/v1/insights?until=2001-01-01T00:00:00Z")
    #expect(none.has(#""all":{"declared":0,"#) && none.has(#""median":null"#))

    let csv = await town.ask(.get, "/v1/insights?format=csv", token: cast[.guest])
    #expect(csv["Content-Type"] == "text/csv; charset=utf-8")
    let lines = csv.text.split(separator: "\r\n")
    #expect(lines.count == 9)
    #expect(lines[1].hasPrefix("all,,1,0,0,1,0,") && lines[8].hasPrefix("service,payments,1,"))

    for bad in [
      "from=x", "from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "format=pdf",
    ] {
      #expect(await town.ask(.get, "/v1/insights?\(bad)").status == 400, "\(bad)")
    }
    #expect(await town.ask(.get, "/v1/insights?service=nothing").status == 404)
  }

  @Test func `count choices in doubt, as JSON and as CSV`() async throws {
    let town = try await Cast().town
    let body = #"{"title":"x","service":"payments","priority":"P4","triage":{"data":"sensitive"}}"#
    #expect(await town.ask(.post, "/v1/incidents", body).has("choice-far-from-suggestion"))
    await town.done(.post, "/v1/incidents", #"{"title":"y","service":"payments"}"#)
    let all = await town.ask(.get, "/v1/insights")
    #expect(all.text.split(separator: #""doubtedChoices":1"#).count == 4, "\(all.text)")
    let csv = await town.ask(.get, "/v1/insights?format=csv")
    let rows = csv.text.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let place = try #require(rows[0].firstIndex(of: "doubtedChoices"))
    #expect(rows.dropFirst().map { $0[place] } == ["1", "0", "0", "0", "1", "0", "0", "1"])
  }

  @Test func `tell the process of one incident, and of a span`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let plot = try #require(Plot.all.first { $0.name == "finish the review" })
    let path = await cast.incident(plot, .plain)
    _ = await cast.incident(plot, .restricted)
    let one = await town.ask(.get, path + "/process", token: cast[.guest])
    #expect(one.has(#""step":"acknowledge","due":""#) && one.has(#""step":"review","due":null"#))
    let all = await town.ask(.get, "/v1/process", token: cast[.guest])
    #expect(all.text.split(separator: #""reference":"#).count == 2)
    #expect(all.has(#""next":null"#))
    let csv = await town.ask(.get, "/v1/process?format=csv", token: cast[.lead])
    let lines = csv.text.split(separator: "\r\n")
    #expect(lines[0].hasPrefix("reference,declared,priority,service,exercise,step,due,done,by,"))
    #expect(Set(lines.dropFirst().map { $0.prefix { $0 != "," } }).count == 2)
    #expect(csv["Muster-Next"] == nil)
    #expect(await town.ask(.get, "/v1/process?after=x").status == 400)
  }

  @Test func `tell a full piece of what the asker sees, and not what lies between`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let plot = try #require(Plot.all.first { $0.name == "finish the review" })
    for number in 0..<101 {
      if number % 50 == 1 { _ = await cast.incident(plot, .restricted) }
      _ = await town.declare(#"{"title":"x","service":"payments","priority":"P4"}"#)
    }
    let first = await town.ask(.get, "/v1/process", token: cast[.guest])
    #expect(first.text.split(separator: #""reference":"#).count == 101)
    let next = first.text("next")
    let second = await town.ask(.get, "/v1/process?after=\(next)", token: cast[.guest])
    #expect(second.text.split(separator: #""reference":"#).count == 2)
    #expect(second.has(#""next":null"#))
    let csv = await town.ask(.get, "/v1/process?format=csv&after=\(next)", token: cast[.guest])
    #expect(csv["Muster-Next"] == nil)

    // It says nothing of how many there are: it is no number, and never the same twice.
    #expect(Int(next) == nil)
    #expect(await town.ask(.get, "/v1/process", token: cast[.guest]).text("next") != next)
    let list = await town.ask(.get, "/v1/incidents?limit=1", token: cast[.guest]).text("next")
    for bad in ["0", "100", list, next + "A", ""] {
      let reply = await town.ask(.get, "/v1/process?after=\(bad)", token: cast[.guest])
      #expect(reply.status == 400, "\(bad)")
    }
  }

  @Test func `tell nothing next where only what is hidden is left`() async throws {
    let cast = try await Cast()
    let plot = try #require(Plot.all.first { $0.name == "finish the review" })
    for _ in 0..<100 {
      _ = await cast.town.declare(#"{"title":"x","service":"payments","priority":"P4"}"#)
    }
    _ = await cast.incident(plot, .restricted)
    let reply = await cast.town.ask(.get, "/v1/process", token: cast[.guest])
    #expect(reply.text.split(separator: #""reference":"#).count == 101)
    #expect(reply.has(#""next":null"#))
  }
}
