import Testing

@testable import muster

@Suite("Reading what a node has")
struct StaleTests {
  @Test(arguments: [
    ("/v1/incidents", "/v1/incidents?consistency=stale"),
    ("/v1/incidents?limit=5", "/v1/incidents?limit=5&consistency=stale"),
    ("/v1/cluster/join-tokens", "/v1/cluster/join-tokens?consistency=stale"),
    ("/v1/cluster", "/v1/cluster"), ("/metrics", "/metrics"),
    ("/v1/cluster?fields=role", "/v1/cluster?fields=role"),
  ])
  func `is asked for where there is a choice`(path: String, asked: String) {
    #expect(Client.stale(path) == asked)
  }
}
