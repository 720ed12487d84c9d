import EventLoop
import Gateway
import HTTP
import Testing

/// What is held to the description here is every answer that a test gets (``AnswerBook``): these come from
/// states in which less is known than in most tests.
@ClientLoop @Suite("Answers in states in which little is known, by the description")
struct SparseTests {
  @Test func `of a service without lines, owner and priority`() async throws {
    let town = try await Town(isRaised: true)
    let whole = await town.ask(.get, "/v1/directory?format=csv")
    let row = "service,S-9,Bare,,,,,,,,,bare,,,,,,,,\r\n"
    let done = await town.ask(.post, "/v1/directory", whole.text + row, type: "text/csv")
    #expect(done.status == 200, "\(done.text)")
    for address in [
      "/v1/directory", "/v1/services", "/v1/services/bare", "/v1/services/bare/arrangement",
      "/v1/services/bare/policy", "/v1/services/bare/keys", "/v1/services/bare/ingest-keys",
    ] {
      let seen = await town.ask(.get, address)
      #expect(seen.status == 200, "\(address): \(seen.text)")
    }
    #expect(await town.ask(.get, "/v1/services").has(#""secondLine":null"#))
  }

  @Test func `of an incident that names no service`() async throws {
    let town = try await Town(isRaised: true)
    let made = await town.ask(.post, "/v1/incidents", #"{"title":"x"}"#)
    let incident = "/v1/incidents/\(made.text("id"))"
    for address in [
      "/v1/insights", "/v1/incidents", incident, "\(incident)/report", "\(incident)/process",
      "\(incident)/timeline", "/v1/backlog", "/v1/me/duties", "/v1/search?q=x",
    ] {
      let seen = await town.ask(.get, address)
      #expect(seen.status == 200, "\(address): \(seen.text)")
    }
    #expect(await town.ask(.get, "/v1/insights").has(#""byService":[{"service":null"#))
  }

  @Test func `to a request that is repeated, which tells no secret again`() async throws {
    let town = try await Town(isRaised: true)
    await town.done(.post, "/v1/services", #"{"key":"payments","name":"Payments"}"#)
    for (address, body, secret) in [
      ("/v1/me/codes", "{}", "codes"),
      ("/v1/webhooks", #"{"name":"a","address":"https://a.example/","kinds":["pages"]}"#, "secret"),
      ("/v1/services/payments/ingest-keys", #"{"label":"a"}"#, "token"),
    ] {
      let first = await town.ask(.post, address, body, key: secret)
      #expect(first.status < 300 && first.has(#""\#(secret)":"#), "\(first.text)")
      let again = await town.ask(.post, address, body, key: secret)
      #expect(again.status < 300 && again.has(#""repeated":true"#), "\(again.text)")
      #expect(!again.has(#""\#(secret)":""#) && !again.has(#""\#(secret)":["#), "\(again.text)")
    }
  }
}
