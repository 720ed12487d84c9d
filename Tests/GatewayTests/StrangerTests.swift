import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("Requests of nobody known")
struct StrangerTests {
  @Test func `are counted by where they came from, those with the most first`() {
    var book = StrangerBook()
    #expect(book.line() == nil)
    book.note(from: "192.0.2.1")
    #expect(
      book.line()
        == "turned away 1 request without a valid token, session or certificate, from 192.0.2.1 (1)"
    )
    for host in 1...(StrangerBook.mostAddresses + 20) {
      for _ in 0..<(host <= 6 ? 10 - host : 1) { book.note(from: "192.0.2.\(host)") }
    }
    let line = book.line() ?? ""
    #expect(line.hasPrefix("turned away 153 requests"), "\(line)")
    #expect(line.contains("192.0.2.1 (9), 192.0.2.2 (8)"), "\(line)")
    #expect(line.hasSuffix("192.0.2.5 (5), elsewhere (118)"), "\(line)")
    #expect(book.line() == nil)
  }

  @Test func `are told in the node's own log, and stand in no record`() async throws {
    let lines = Lock<[String]>([])
    let town = try await Town(isRaised: true) { text in lines.withLock { $0.append(text) } }
    let before = await town.ask(.get, "/v1/audit").text("position")
    for _ in 0..<3 {
      #expect(await town.ask(.get, "/v1/incidents", token: Token.make()).status == 401)
    }
    #expect(await town.ask(.get, "/v1/incidents", cookie: "").status == 401)
    await town.api.note()
    let told = lines.withLock { $0 }
    #expect(told.count == 1 && told.first?.hasPrefix("turned away 4 requests") == true, "\(told)")
    #expect(await town.ask(.get, "/v1/audit").text("position") == before)
  }
}
