import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("The directory, through the interface")
struct DirectoryExchangeTests {
  private let path = "/v1/directory"

  private func token(_ who: String, in town: Town, isAuditor: Bool = false) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people",
      #"{"name":"\#(who)","email":"\#(who)@example.org","auditor":\#(isAuditor)}"#)
    let issued = await town.ask(
      .post, "/v1/people/\(person.text("id"))/tokens", #"{"label":"laptop"}"#)
    return try #require(Token(issued.text("token")))
  }

  /// What is exported, with more rows at its end.
  private func csv(of town: Town, _ more: String...) async -> String {
    let whole = await town.ask(.get, "\(path)?format=csv")
    #expect(whole.status == 200, "\(whole.text)")
    return whole.text + more.map { $0 + "\r\n" }.joined()
  }

  private func person(_ number: Int, contact: String = "", email: String? = nil) -> String {
    "person,P-\(number),Person \(number),\(email ?? "p\(number)@example.org"),Europe/London,"
      + "\(contact),,,,,,,,,,,,,,"
  }

  private let team = "team,T-1,Platform,,,,,,,,second,,,,,,,,,"
  private let membership = "membership,,,,,,,,,,,,,,,,,T-1,P-1,team-lead"
  private let service = "service,S-1,Payments,,,,,,,,,pay,,T-1,,P-1,P3,,,"

  @Test func `is imported, exported as the same bytes, and empty the second time`() async throws {
    let town = try await Town(isRaised: true)
    let document = await csv(of: town, person(1, contact: "sms:+447700900123"), team, membership)
    let done = await town.ask(.post, path, document, type: "text/csv; charset=utf-8")
    #expect(done.status == 200, "\(done.text)")
    #expect(done.has(#""added":3,"changed":0,"removed":0"#))
    let (csv, json) = (
      await town.ask(.get, "\(path)?format=csv"), await town.ask(.get, path)
    )
    #expect(csv["Content-Type"] == "text/csv; charset=utf-8")
    #expect(csv.has("person,P-1,Person 1,p1@example.org,Europe/London,sms:+447700900123,"))
    #expect(json.has(#"{"team":"T-1","person":"P-1","role":"team-lead"}"#))
    for (text, type) in [(csv.text, "text/csv"), (json.text, "application/json")] {
      let again = await town.ask(.post, "\(path)?prune=true", text, type: type)
      #expect(again.status == 200, "\(again.text)")
      #expect(again.has(#""added":0,"changed":0,"removed":0,"rows":[]"#), "\(again.text)")
    }
    #expect(await town.ask(.get, "\(path)?format=csv").text == csv.text)
    #expect(await town.ask(.get, path).text == json.text)
    let shown = await town.ask(.get, "/v1/people/p1@example.org")
    #expect(shown.text("externalId") == "P-1" && shown.text("timeZone") == "Europe/London")
  }

  @Test func `says in a dry run what it would do, and does nothing`() async throws {
    let town = try await Town(isRaised: true)
    let before = await town.ask(.get, path).text
    let submitted = town.cluster.commandsSubmitted
    let document = await csv(of: town, person(1), team, membership, service)
    let plan = await town.ask(
      .post, "\(path)?dryRun=true", document, key: "", type: "text/csv")
    #expect(plan.status == 200, "\(plan.text)")
    #expect(plan.has(#""dryRun":true,"added":4,"changed":0,"removed":0"#))
    #expect(
      plan.has(
        #"{"line":5,"action":"add","kind":"person","id":"P-1","name":"Person 1","changes":[]}"#),
      "\(plan.text)")
    #expect(await town.ask(.get, path).text == before)
    #expect(town.cluster.commandsSubmitted == submitted)
  }

  @Test func `removes only with prune, and says whom`() async throws {
    let town = try await Town(isRaised: true)
    let before = await csv(of: town)
    let done = await town.ask(
      .post, path, await csv(of: town, person(1), team, membership, service), type: "text/csv")
    #expect(done.status == 200, "\(done.text)")
    let kept = await town.ask(.post, path, before, type: "text/csv")
    #expect(kept.has(#""removed":0,"rows":[]"#))
    let plan = await town.ask(.post, "\(path)?dryRun=true&prune=true", before, type: "text/csv")
    #expect(plan.has(#""added":0,"changed":0,"removed":3"#), "\(plan.text)")
    #expect(plan.has(#"{"line":null,"action":"remove","kind":"person","id":"P-1""#))
    let gone = await town.ask(.post, "\(path)?prune=true", before, type: "text/csv")
    #expect(gone.status == 200, "\(gone.text)")
    #expect(await csv(of: town) == before)
    #expect(await town.ask(.get, "/v1/people/p1@example.org").has(#""active":false"#))
    #expect(await town.ask(.get, "/v1/services/pay").has(#""retired":true"#))
  }

  @Test func `changes nothing for what is not right, and tells all of it by line`() async throws {
    let town = try await Town(isRaised: true)
    let before = await town.ask(.get, path).text
    let document = await csv(
      of: town, person(1), person(2, contact: "sms:07700900123"), person(3, email: "nowhere"))
    for query in ["", "?dryRun=true"] {
      let reply = await town.ask(.post, path + query, document, type: "text/csv")
      #expect(reply.status == 422)
      #expect(reply.text("type") == "/problem/directory-mistakes")
      #expect(reply.has("2 things in it are not right, and nothing was changed."))
      #expect(reply.has(#"{"line":6,"detail":"A telephone number is a +"#), "\(reply.text)")
      #expect(reply.has(#"{"line":7,"detail":"An e-mail address has a name, an @"#))
    }
    let broken = await town.ask(.post, path, "{\n\"people\":[}", type: "application/json")
    #expect(broken.status == 422 && broken.has(#""mistakes":[{"line":2,"#), "\(broken.text)")
    #expect(await town.ask(.get, path).text == before)
  }

  @Test func `never removes whoever asks for it`() async throws {
    let town = try await Town(isRaised: true)
    let empty = #"{"people":[],"teams":[],"memberships":[],"services":[]}"#
    let reply = await town.ask(.post, "\(path)?prune=true", empty)
    #expect(reply.status == 422)
    #expect(reply.has(#"{"line":null,"detail":"Service Delivery is the default team."#))
  }

  @Test func `is imported by administrators, and exported by auditors too`() async throws {
    let town = try await Town(isRaised: true)
    let (eve, dee) = (
      try await token("eve", in: town), try await token("dee", in: town, isAuditor: true)
    )
    let document = await town.ask(.get, path).text
    for query in ["", "?dryRun=true"] {
      for token in [eve, dee] {
        #expect(await town.ask(.post, path + query, document, token: token).status == 403)
      }
    }
    #expect(await town.ask(.get, path, token: eve).status == 403)
    #expect(await town.ask(.get, path, token: dee).text == document)
    #expect(await town.ask(.get, path, token: .make()).status == 401)
    #expect(await town.ask(.post, path, document, token: .make()).status == 401)
  }

  @Test func `is done once under one key, and prune is another request`() async throws {
    let town = try await Town(isRaised: true)
    let document = await csv(of: town, person(1))
    let first = await town.ask(.post, path, document, key: "k", type: "text/csv")
    #expect(first.status == 200, "\(first.text)")
    let second = await town.ask(.post, path, document, key: "k", type: "text/csv")
    #expect(second.has(#""repeated":true"#), "\(second.text)")
    let other = await town.ask(.post, "\(path)?prune=true", document, key: "k", type: "text/csv")
    #expect(other.text("type") == "/problem/key-reused")
    #expect(await town.ask(.post, path, document, key: "", type: "text/csv").status == 400)
  }

  @Test(arguments: [
    ("?dryRun=yes", "application/json", 400), ("?prune=1", "application/json", 400),
    ("", "application/xml", 415),
  ])
  func `asks for what it knows`(query: String, type: String, status: Int) async throws {
    let town = try await Town(isRaised: true)
    #expect(await town.ask(.post, path + query, "{}", type: type).status == status)
    #expect(await town.ask(.get, "\(path)?format=xml").status == 400)
  }

  @Test func `is too much at once over its bound`() async throws {
    let town = try await Town(isRaised: true)
    let rows = (1...2_001).map { person($0) + "\r\n" }.joined()
    let reply = await town.ask(.post, path, await csv(of: town) + rows, type: "text/csv")
    #expect(reply.status == 413, "\(reply.text.prefix(300))")
    #expect(reply.text("type") == "/problem/import-too-large")
  }
}
