import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// A town of the newest level with an incident that is restricted.
@ClientLoop private struct Vault {
  let town: Town
  let secret: String
  /// An administrator who has nothing to do with it.
  let boss: Token
  /// Somebody in no team.
  let guest: Token

  init() async throws {
    town = try await Town(isRaised: true)
    secret = await town.declare(#"{"title":"A laptop was lost","priority":"P1"}"#)
    _ = await town.ask(.post, "/v1/incidents/\(secret)/acknowledgement")
    _ = await town.ask(.post, "/v1/incidents/\(secret)/flags", #"{"flag":"data"}"#)
    boss = try await Self.person("bo", #","administrator":true"#, in: town)
    guest = try await Self.person("guy", "", in: town)
  }

  private static func person(_ name: String, _ more: String, in town: Town) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"\#(name)","email":"\#(name)@example.org"\#(more)}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    return try #require(Token(issued.text("token")))
  }

  var path: String { "/v1/incidents/\(secret)" }

  /// The kinds of the rows of the record, from `after` on.
  func kinds(after: Int) async -> [Int] {
    let reply = await town.ask(.get, "/v1/audit?limit=200&after=\(after)")
    return reply.text.split(separator: #""kind":"#).dropFirst().compactMap {
      Int($0.prefix { $0.isNumber })
    }
  }

  /// How many rows the record has.
  func rows() async -> Int {
    let reply = await town.ask(.get, "/v1/audit?limit=1")
    let end = reply.text.split(separator: #""end":{"position":"#).last ?? ""
    return Int(end.prefix { $0.isNumber }) ?? 0
  }
}

@ClientLoop @Suite("The record of access")
struct RecordTests {
  @Test func `has a row before anybody is shown what is restricted, one for each look`()
    async throws
  {
    let vault = try await Vault()
    let before = await vault.rows()
    for target in ["", "", "/timeline", "/report", "/report?format=markdown"] {
      #expect(await vault.town.ask(.get, vault.path + target).status == 200)
    }
    #expect(await vault.town.ask(.get, "/v1/incidents").has(vault.secret))
    #expect(await vault.kinds(after: before) == [32])
    // It stands in no timeline.
    #expect(await !vault.town.ask(.get, vault.path + "/timeline").has("restricted-read"))
  }

  @Test func `has a row of a list that shows it, and none of one that does not`() async throws {
    let vault = try await Vault()
    let before = await vault.rows()
    #expect(await !vault.town.ask(.get, "/v1/incidents", token: vault.guest).has(vault.secret))
    #expect(await vault.kinds(after: before) == [])
    #expect(await vault.town.ask(.get, "/v1/incidents").has(vault.secret))
    #expect(await vault.kinds(after: before) == [32])
  }

  @Test func `is needed: without a quorum nothing restricted is shown`() async throws {
    let vault = try await Vault()
    let body = #"{"incident":"\#(vault.secret)","reason":"The lead is away."}"#
    _ = await vault.town.ask(.post, "/v1/break-glass", body, token: vault.boss)
    vault.town.cluster.become(.forgetful)
    // Whoever has a role in it is shown it all the same; see below.
    let reply = await vault.town.ask(.get, vault.path, token: vault.boss)
    #expect(reply.status == 503)
    #expect(!reply.has("laptop"))
  }

  @Test func `is kept at the node for an incident's team, and added later`() async throws {
    let vault = try await Vault()
    let before = await vault.rows()
    vault.town.cluster.become(.leaderless)
    let stale = vault.path + "?consistency=stale"
    // Its lead reads it; a leader of its team who has no role in it does not.
    #expect(await vault.town.ask(.get, stale).has("laptop"))
    #expect(await vault.town.ask(.get, stale, token: vault.boss).status == 404)
    await vault.town.api.note()
    vault.town.cluster.become(.willing)
    #expect(await vault.kinds(after: before) == [])
    await vault.town.api.note()
    #expect(await vault.kinds(after: before) == [32])
    await vault.town.api.note()
    #expect(await vault.kinds(after: before) == [32])
  }

  @Test func `has what was kept at the node while it was being added too`() async throws {
    let vault = try await Vault()
    let town = vault.town
    let issued = await town.ask(.post, "/v1/people/me/tokens", #"{"label":"phone"}"#)
    let phone = try #require(Token(issued.text("token")))
    let before = await vault.rows()
    let stale = vault.path + "?consistency=stale"
    #expect(await town.ask(.get, stale).has("laptop"))
    town.cluster.interpose {
      let second = await town.ask(.get, stale, token: phone)
      #expect(second.status == 200, "\(second.text)")
    }
    await town.api.noteKeptReads()
    #expect(await vault.kinds(after: before) == [32])
    await town.api.noteKeptReads()
    #expect(await vault.kinds(after: before) == [32, 32])
    await town.api.noteKeptReads()
    #expect(await vault.kinds(after: before) == [32, 32])
  }

  @Test func `has a row of who tried what they may not do, known or hidden`() async throws {
    let vault = try await Vault()
    let before = await vault.rows()
    let absent = "/v1/incidents/00000000-0000-7000-8000-000000000000"
    #expect(await vault.town.ask(.get, vault.path, token: vault.guest).status == 404)
    #expect(await vault.town.ask(.get, absent, token: vault.guest).status == 404)
    #expect(await vault.town.ask(.get, "/v1/audit", token: vault.guest).status == 403)
    #expect(await vault.town.ask(.get, "/v1/nowhere", token: vault.guest).status == 404)
    await vault.town.api.note()
    #expect(await vault.kinds(after: before) == [31, 31])
    // To have tried gives no sight.
    #expect(await vault.town.ask(.get, vault.path, token: vault.guest).status == 404)
  }

  @Test func `counts what one credential tries beyond ten in a minute`() async throws {
    let vault = try await Vault()
    let before = await vault.rows()
    for _ in 0..<40 { _ = await vault.town.ask(.get, "/v1/audit", token: vault.guest) }
    await vault.town.api.note()
    let rows = await vault.kinds(after: before)
    // Ten, and ten more if a minute began meanwhile.
    #expect((10...20).contains(rows.count) && rows.allSatisfy { $0 == 31 })
  }

  @Test func `has a row of broken glass, which all see who may know before what`() async throws {
    let vault = try await Vault()
    let town = vault.town
    let list = "/v1/break-glass"
    let body = #"{"incident":"\#(vault.secret)","reason":"The lead is away."}"#
    #expect(await town.ask(.post, list, body, token: vault.guest).status == 403)
    // Nor do they learn which incidents there are, by reference or id; nor does a token that only reads.
    let reading = await town.ask(
      .post, "/v1/people/bo@example.org/tokens", #"{"label":"board","readOnly":true}"#)
    let readers = [vault.guest, try #require(Token(reading.text("token")))]
    let hidden = await town.ask(.get, vault.path).text("reference")
    for reader in readers {
      var told: Set<String> = []
      for name in [hidden, "INC-7K3F9-Q2M4X", vault.secret, "00000000-0000-7000-8000-000000000000"]
      {
        let reply = await town.ask(
          .post, list, #"{"incident":"\#(name)","reason":"x"}"#, token: reader)
        told.insert("\(reply.status) \(reply.text)")
      }
      #expect(told.count == 1 && told.first?.hasPrefix("403") == true, "\(told)")
    }
    #expect(await town.ask(.get, vault.path, token: vault.boss).status == 404)
    let broken = await town.ask(.post, list, body, token: vault.boss)
    #expect(broken.status == 200, "\(broken.text)")
    #expect(await town.ask(.get, vault.path, token: vault.boss).has("laptop"))
    let resolved = await town.ask(
      .post, vault.path + "/resolution", #"{"fix":"It was found.","takeLead":true}"#,
      token: vault.boss)
    #expect(resolved.status == 200, "\(resolved.text)")
    #expect(await town.ask(.get, vault.path + "/timeline").has("glass-broken"))
    #expect(await town.ask(.get, list).has("The lead is away."))
    let guests = await town.ask(.get, list, token: vault.guest)
    #expect(guests.status == 200 && guests.has(#""items":[]"#), "\(guests.text)")
    for wrong in [
      #"{"reason":"x"}"#, #"{"incident":"x","reason":"x"}"#,
      #"{"incident":"\#(vault.secret)","team":"Live Services","reason":"x"}"#,
    ] {
      #expect(await [404, 422].contains(town.ask(.post, list, wrong, token: vault.boss).status))
    }
  }
}
