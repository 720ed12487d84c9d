import HTTP

extension API {
  /// What happens, as it happens.
  static let live: [Route<Exchange>] = [
    // Server-sent events of incidents, narrowed by team, service, priority; Last-Event-ID goes on.
    .get("/v1/stream") { try await $0.followIncidents() }
  ]
}
