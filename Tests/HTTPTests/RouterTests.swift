import HTTP
import Testing

@Suite("A router")
struct RouterTests {
  private struct Number: PathParameter {
    let value: Int
    init?(pathSegment: String) {
      guard let value = Int(pathSegment) else { return nil }
      self.value = value
    }
  }

  private let router = Router<Void>([
    .get("/v1/things") { _ in .text("list") },
    .post("/v1/things") { _ in .text("make") },
    .get("/v1/things/latest") { _ in .text("latest") },
    .get("/v1/things/:id") { (_: Void, id: Number) in .text("thing \(id.value)") },
    .get("/v1/names/:name/:id") { (_: Void, name: String, id: Number) in
      .text("\(name) \(id.value)")
    },
  ])

  private func answer(_ method: Method, _ path: String) async throws -> String {
    switch router.match(method, path) {
    case .handler(let handler):
      String(decoding: try await handler(()).body, as: UTF8.self)
    case .notFound: "none"
    case .methodNotAllowed(let allow): "allow \(allow)"
    }
  }

  @Test(arguments: [
    (Method.get, "/v1/things", "list"), (.head, "/v1/things", "list"),
    (.post, "/v1/things", "make"),
    (.get, "/v1/things/7", "thing 7"), (.get, "/v1/things/latest", "latest"),
    (.get, "/v1/names/a%2Fb/3", "a/b 3"), (.get, "/v1/names/%C3%A9/3", "é 3"),
    (.get, "/v1/things/x", "none"), (.get, "/v1/things/", "none"), (.get, "/v1", "none"),
    (.get, "//v1/things", "none"), (.get, "/v1/things/../things", "none"), (.get, "*", "none"),
    (.delete, "/v1/things", "allow GET, POST, HEAD"), (.post, "/v1/things/7", "allow GET, HEAD"),
  ])
  func `finds who answers`(method: Method, path: String, expected: String) async throws {
    #expect(try await answer(method, path) == expected)
  }

  @Test func `refuses two routes for one thing`() async {
    await #expect(processExitsWith: .failure) {
      _ = Router<Void>([.get("/a") { _ in .text("1") }, .get("/a") { _ in .text("2") }])
    }
  }
}
