import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("What is around an incident, through the interface")
struct SurroundingsTests {
  private let path = "/v1/incidents/"

  private func person(_ name: String, in town: Town) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"\#(name)","email":"\#(name)@example.org"}"#)
    let issued = await town.ask(.post, "/v1/people/\(person.text("id"))/tokens")
    return try #require(Token(issued.text("token")))
  }

  @Test func `is said and shown`() async throws {
    let town = try await Town(isRaised: true)
    await town.done(.post, "/v1/services", #"{"key":"mail","name":"E-mail"}"#)
    let id = await town.declare()
    let parent = await town.declare()
    for (rest, body) in [
      ("/acknowledgement", ""), ("/affected-services", #"{"service":"mail","state":"down"}"#),
      ("/service", #"{"service":"mail","reason":"It is mail."}"#),
      ("/parent", #"{"parent":"\#(parent)"}"#), ("/changes", #"{"reference":"CHG-1"}"#),
      (
        "/suppliers",
        #"{"name":"Post Ltd","reference":"S-1","nextUpdateAt":"2099-01-01T09:00:00Z"}"#
      ), ("/specialists", #"{"person":"me"}"#),
    ] {
      await town.done(.post, path + id + rest, body)
    }
    let shown = await town.ask(.get, path + id)
    for piece in [
      #""key":"mail","name":"E-mail"},"state":"down""#,
      #""relations":{"parent":{"id":"\#(parent)""#,
      #""causedBy":[{"reference":"CHG-1","link":null,"text":null}]"#,
      #""suppliers":[{"name":"Post Ltd","reference":"S-1""#,
      #""specialists":[{"person":{"id":"\#(await town.ask(.get, "/v1/me").text("id"))""#,
      #""duty":"chase-supplier""#, #""bouncedSeconds":0"#,
    ] {
      #expect(shown.has(piece), "\(piece) in \(shown.text)")
    }
    #expect(await town.ask(.get, path + parent).has(#""children":[{"id":"\#(id)""#))
    await town.done(.post, path + id + "/parent", #"{"parent":null}"#)
    #expect(await town.ask(.get, path + parent).has(#""children":[]"#))
    for (rest, body, member) in [
      ("/parent", "{}", "/parent"), ("/affected-services", #"{"state":"down"}"#, "/service"),
      ("/affected-services", #"{"service":"mail","state":"well"}"#, "/state"),
      ("/suppliers", "{}", "/name"), ("/changes", "{}", "/reference"),
      ("/specialists", "{}", "/person"), ("/answer", #"{"words":"x"}"#, "/words"),
    ] {
      let wrong = await town.ask(.post, path + id + rest, body)
      #expect(wrong.has(#""member":"\#(member)""#), "\(rest): \(wrong.text)")
    }
  }

  @Test func `asks for the reason of a hand-over that had none`() async throws {
    let town = try await Town(isRaised: true)
    await town.done(.post, "/v1/teams", #"{"name":"Product","line":"third"}"#)
    await town.done(
      .post, "/v1/services",
      #"{"key":"mail","name":"E-mail","secondLine":"Service Delivery","thirdLine":"Product"}"#)
    let id = await town.declare(#"{"title":"Slow","service":"mail","priority":"P3"}"#)
    await town.done(.post, path + id + "/hand-over", #"{"to":"third"}"#)
    #expect(await town.ask(.get, path + id).has(#""duty":"give-reason""#))
    await town.done(.post, path + id + "/hand-over/reason", #"{"reason":"A defect."}"#)
    #expect(await !town.ask(.get, path + id).has(#""duty":"give-reason""#))
    let late = await town.ask(
      .post, path + id + "/hand-over/reason", #"{"reason":"A defect."}"#)
    #expect(late.status == 409 && late.has("nothing-owed"))
  }

  @Test func `resolves with a major incident what may be, and says what may not`() async throws {
    let town = try await Town(isRaised: true)
    let parent = await town.declare()
    let (led, other) = (
      await town.declare(), await town.declare(#"{"title":"Slow","priority":"P3"}"#)
    )
    for id in [parent, led] { await town.done(.post, path + id + "/acknowledgement") }
    for id in [led, other] {
      await town.done(.post, path + id + "/parent", #"{"parent":"\#(parent)"}"#)
    }
    // Somebody else leads one of them by now.
    let ben = try await person("ben", in: town)
    await town.done(
      .post, path + led + "/roles", #"{"role":"lead","action":"give","person":"ben@example.org"}"#)
    await town.done(.post, path + led + "/roles", #"{"role":"lead","action":"accept"}"#, by: ben)
    let body = #"{"fix":"The network is back.","resolveChildren":true}"#
    let done = await town.ask(.post, path + parent + "/resolution", body, key: "once")
    #expect(done.status == 200, "\(done.text)")
    #expect(done.has(#""resolved":false"#) && done.has(#""resolved":true"#), "\(done.text)")
    #expect(await town.ask(.get, path + led).has(#""duty":"resolve-with-parent""#))
    #expect(await town.ask(.get, path + other).has(#""status":"resolved""#))
    let again = await town.ask(.post, path + parent + "/resolution", body, key: "once")
    #expect(again.status == 200)
    #expect(again.has(#""resolved":false"#) && again.has(#""resolved":true"#), "\(again.text)")
  }

  @Test func `is not shown and not told to whoever may not know of the other`() async throws {
    let town = try await Town(isRaised: true)
    let secret = await town.declare()
    let plain = await town.declare()
    let again = await town.ask(
      .post, "/v1/incidents", #"{"title":"Again","priority":"P3","recurrenceOf":"\#(secret)"}"#)
    let recurrence = again.text("id")
    await town.done(.post, path + plain + "/parent", #"{"parent":"\#(secret)"}"#)
    let duplicate = await town.declare()
    await town.done(.post, path + duplicate + "/duplication", #"{"of":"\#(secret)"}"#)
    await town.done(.post, path + secret + "/flags", #"{"flag":"data"}"#)
    let ben = try await person("ben", in: town)
    let reference = await town.ask(.get, path + secret).text("reference")
    for id in [plain, recurrence, duplicate] {
      for rest in ["", "/timeline", "/report", "/report?format=markdown"] {
        let seen = await town.ask(.get, path + id + rest, token: ben)
        #expect(seen.status == 200)
        #expect(!seen.has(secret) && !seen.has(reference), "\(rest): \(seen.text)")
      }
      let own = await town.ask(.get, path + id)
      #expect(own.has(secret), "\(own.text)")
    }
    let hidden = await town.ask(
      .post, "/v1/incidents", #"{"title":"Again","recurrenceOf":"\#(secret)"}"#, token: ben)
    let absent = await town.ask(
      .post, "/v1/incidents",
      #"{"title":"Again","recurrenceOf":"00000000-0000-7000-8000-000000000000"}"#, token: ben)
    #expect(hidden.status == 404 && hidden.response.body == absent.response.body)
  }

  @Test func `says what is tried last while a major incident affects it`() async throws {
    let town = try await Town(isRaised: true)
    for key in ["mail", "sign-in"] {
      await town.done(.post, "/v1/services", #"{"key":"\#(key)","name":"\#(key)"}"#)
      await town.done(.post, "/v1/services/\(key)/arrangement", #"{"channels":["\#(key)"]}"#)
    }
    let other = await town.declare(#"{"title":"Slow","priority":"P3","service":"mail"}"#)
    #expect(await !town.ask(.get, path + other).has("lastResorts"))
    let id = await town.declare(#"{"title":"No mail","priority":"P1","service":"mail"}"#)
    let slow = await town.ask(.get, path + other)
    #expect(slow.has(#""lastResorts":["mail"]"#), "\(slow.text)")
    await town.done(.post, path + id + "/acknowledgement")
    let affected = #"{"service":"sign-in","state":"degraded"}"#
    await town.done(.post, path + id + "/affected-services", affected)
    #expect(await town.ask(.get, path + other).has(#""lastResorts":["sign-in","mail"]"#))
    // Whoever may not know of the incident is not told by way of what it affects.
    await town.done(.post, path + id + "/flags", #"{"flag":"data"}"#)
    let ben = try await person("ben", in: town)
    #expect(await !town.ask(.get, path + other, token: ben).has("lastResorts"))
    await town.done(.post, path + id + "/resolution", #"{"fix":"It is back."}"#)
    #expect(await !town.ask(.get, path + other).has("lastResorts"))
  }
}
