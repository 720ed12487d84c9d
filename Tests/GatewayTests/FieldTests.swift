import EventLoop
import Gateway
import HTTP
import JSON
import Testing

/// Answers of which only a part is wanted.
@ClientLoop @Suite("Fields that are asked for", .serialized)
struct FieldTests {
  @Test func `are all that one thing is shown with`() async throws {
    let cast = try await Cast()
    let id = await cast.town.declare(#"{"title":"Nobody can pay","service":"payments"}"#)
    let whole = await cast.town.ask(.get, "/v1/incidents/\(id)")
    let reply = await cast.town.ask(.get, "/v1/incidents/\(id)?fields=title,service.key,id")
    #expect(reply.status == 200, "\(reply.text)")
    let answer = try JSONValue(parsing: reply.response.body)
    guard case .object(let members) = answer.kind else { return }
    #expect(Set(members.map(\.name)) == ["id", "title", "service"])
    #expect(answer.member("service")?.serialised() == Array(#"{"key":"payments"}"#.utf8))
    #expect(reply["ETag"] == whole["ETag"] && reply["Muster-Index"] == whole["Muster-Index"])
  }

  @Test func `are those of each thing in a list, which goes on as without`() async throws {
    let cast = try await Cast()
    let ids = [await cast.town.declare(), await cast.town.declare()]
    let first = await cast.town.ask(.get, "/v1/incidents?limit=1&fields=id")
    #expect(first.has(#""items":[{"id":"\#(ids[1])"}]"#), "\(first.text)")
    let rest = await cast.town.ask(
      .get, "/v1/incidents?limit=1&fields=id&after=\(first.text("next"))")
    #expect(rest.has(#""items":[{"id":"\#(ids[0])"}]"#), "\(rest.text)")
    // Down through the lists in it.
    let teams = await cast.town.ask(.get, "/v1/teams?fields=members.role")
    #expect(teams.has(#"{"members":[{"role":""#) && !teams.has("person"), "\(teams.text)")
  }

  /// Whatever is asked for, what comes is in the whole answer as well.
  @Test func `show nothing that the answer has not without them`() async throws {
    let cast = try await Cast()
    let id = await cast.town.declare(#"{"title":"Nobody can pay","service":"payments"}"#)
    await cast.town.done(.post, "/v1/incidents/\(id)/flags", #"{"flag":"data"}"#)
    for address in ["GET /v1/incidents/:incident", "GET /v1/people/:person", "GET /v1/settings"] {
      let path = address.dropFirst(4).replacing(":incident", with: id)
        .replacing(":person", with: "second@example.org")
      for who in [Cast.Who.boss, .guest] {
        let whole = await cast.town.ask(.get, String(path), token: cast[who])
        for name in AnswerShapes.all[address]?.allNames.sorted() ?? [] {
          let part = await cast.town.ask(.get, "\(path)?fields=\(name)", token: cast[who])
          guard part.status == 200, whole.status == 200 else {
            #expect(part.status == 400 || part.status == whole.status, "\(name): \(part.text)")
            continue
          }
          // What is left of the one member stands in the whole answer, byte for byte.
          let inside = part.text.dropFirst().dropLast()
          #expect(inside.isEmpty || whole.has(String(inside)) || part.has("At\""), "\(name)")
        }
      }
    }
  }

  @Test(arguments: [
    ("/v1/teams?fields=colour", "\"colour\" is none. There are "),
    ("/v1/teams?fields=name,", "\"\" is none. There are "),
    ("/v1/teams?fields=members.colour", "\"members.colour\" is none. There are members."),
    ("/v1/teams?fields=name.first", "\"name.first\" is none: there is nothing in it"),
    ("/metrics?fields=x", "This address answers no JSON"),
    ("/v1/directory?format=csv&fields=people", "fields is for answers in JSON."),
  ])
  func `are refused where there is no such field`(target: String, why: String) async throws {
    let town = try await Town(isRaised: true)
    let reply = await town.ask(.get, target)
    #expect(reply.status == 400, "\(reply.text)")
    #expect(reply.text.replacing("\\\"", with: "\"").contains(why), "\(reply.text)")
  }
}
