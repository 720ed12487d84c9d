import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("The backlog at the interface", .serialized)
struct BacklogTests {
  @Test func `is a list in its order, without what is hidden`() async throws {
    let cast = try await Cast()
    let town = cast.town
    var ids: [String] = []
    for rank in ["3", "1", "null"] {
      let id = await town.declare(#"{"title":"x","service":"payments","priority":"P4"}"#)
      await town.done(
        .post, "/v1/incidents/\(id)/status",
        #"{"to":"backlog","rank":\#(rank),"lookAgainAt":"2099-01-04T09:00:00Z"}"#,
        by: cast[.third])
      ids.append(id)
    }
    func order(_ reply: Reply) -> [String] {
      reply.text.split(separator: #"{"id":""#).dropFirst().map { String($0.prefix(36)) }
        .filter(ids.contains)
    }
    let list = await town.ask(.get, "/v1/backlog?service=payments")
    #expect(order(list) == [ids[1], ids[0], ids[2]])
    #expect(list.has(#""backlog":{"rank":1,"lookAgainAt":"2099-01-04T09:00:00.000Z"}"#))
    #expect(list.has(#""isWhole":true"#))
    await town.done(.post, "/v1/incidents/\(ids[1])/flags", #"{"flag":"data"}"#, by: cast[.third])
    let outsiders = await town.ask(.get, "/v1/backlog", token: cast[.outsider])
    #expect(order(outsiders) == [ids[0], ids[2]])
    #expect(await town.ask(.get, "/v1/backlog?team=Elsewhere").has(#""items":[]"#))
    let wrong = await town.ask(
      .post, "/v1/incidents/\(ids[0])/status", #"{"to":"backlog","rank":0}"#)
    #expect(wrong.status == 422)
  }
}
