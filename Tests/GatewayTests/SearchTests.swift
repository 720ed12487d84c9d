import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("Searching")
struct SearchTests {
  @Test func `finds incidents by their words, and says how far it looked`() async throws {
    let town = try await Town()
    let id = await town.declare(#"{"title":"Sign-in is down","description":"The proxy is full."}"#)
    _ = await town.declare()
    await town.done(.post, "/v1/incidents/\(id)/notes", #"{"text":"A certificate expired."}"#)
    let reply = await town.ask(.get, "/v1/search?q=certificate")
    #expect(reply.status == 200, "\(reply.text)")
    #expect(reply.has(id))
    #expect(
      reply.has(
        #""field":"timeline","snippet":[{"text":"A "},{"text":"certificate","match":true},"#
          + #"{"text":" expired."}]"#), "\(reply.text)")
    #expect(reply.has(#""next":null,"indexedThrough":4}"#), "\(reply.text)")
    #expect(await town.ask(.get, "/v1/search?q=full%20proxy").status == 200)
    let none = await town.ask(.get, "/v1/search?q=xylophone")
    #expect(none.text == #"{"items":[],"next":null,"indexedThrough":4}"#)
    let named = await town.ask(.get, "/v1/search?q=\(reply.text("reference"))")
    #expect(named.has(id) && named.has(#""field":"reference""#))
  }

  @Test func `refuses what asks for nothing, and never fails`() async throws {
    let town = try await Town()
    for (query, status) in [
      ("", 400), ("?q=", 422), ("?q=ab*", 422), ("?q=\"", 422), ("?q=a&limit=0", 400),
      ("?q=a&after=zzz", 400), ("?q=NOT", 200), ("?q=a\"b", 200), ("?q=(", 422),
      ("?q=a&minIndex=x", 400),
    ] {
      let reply = await town.ask(.get, "/v1/search\(query)")
      #expect(reply.status == status, "\(query): \(reply.text)")
    }
  }

  @Test func `waits for an index, and says when it is not there`() async throws {
    let town = try await Town()
    _ = await town.declare()
    #expect(await town.ask(.get, "/v1/search?q=sign&minIndex=2").status == 200)
    town.cluster.delaySearch(true)
    _ = await town.declare()
    let late = await town.ask(.get, "/v1/search?q=sign&minIndex=3")
    #expect(late.status == 504 && late.has("not-reached"), "\(late.text)")
  }

  @Test func `is told that it cannot, while everything else goes on`() async throws {
    let town = try await Town()
    let id = await town.declare()
    town.cluster.breakSearch(because: "the disk is full")
    let reply = await town.ask(.get, "/v1/search?q=sign")
    #expect(reply.status == 503)
    #expect(reply.has(#""type":"/problem/search-unavailable""#), "\(reply.text)")
    #expect(reply["Retry-After"] == "5")
    #expect(await town.ask(.get, "/v1/incidents/\(id)").status == 200)
    town.cluster.breakSearch(because: nil)
    #expect(await town.ask(.get, "/v1/search?q=sign").has(id))
  }

  @Test func `answers of what is hidden as of what never was, byte for byte`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let open = await cast.incident(Plot.all[0], .plain)
    let before = await town.ask(.get, "/v1/search?q=pay&limit=2", token: cast[.outsider])
    let hidden = await cast.incident(Plot.all[0], .restricted)
    await town.done(.post, hidden + "/notes", #"{"text":"Xanthippe was here."}"#, by: cast[.lead])
    func answers(_ query: String, _ who: Cast.Who) async -> [UInt8] {
      let reply = await town.ask(.get, "/v1/search?\(query)", token: cast[who])
      #expect(reply.status == 200)
      return Array(String(reply.text.prefix { $0 != "]" }).utf8)
    }
    let id = String(hidden.split(separator: "/").last ?? "")
    for who in [Cast.Who.outsider, .boss, .auditor, .guest, .second] {
      #expect(await answers("q=xanthippe", who) == answers("q=xylophone", who), "\(who)")
      #expect(await !String(decoding: answers("q=pay&limit=1", who), as: UTF8.self).contains(id))
      let page = await town.ask(.get, "/v1/search?q=pay&limit=1", token: cast[who])
      #expect(page.has(String(open.split(separator: "/").last ?? "")))
      #expect(page.has(#""next":null"#), "\(who): \(page.text)")
    }
    #expect(before.has(#""next":null"#))
    let lead = await town.ask(.get, "/v1/search?q=xanthippe", token: cast[.lead])
    #expect(lead.has(id))
    let stale = await town.ask(
      .get, "/v1/search?q=xanthippe&consistency=stale", token: cast[.teamLead])
    #expect(!stale.has(id))
  }
}
