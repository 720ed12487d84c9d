import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// How services are run, whether they are live, and what is owed for that.
@ClientLoop extension Exchange {
  /// `GET /v1/services/{service}/arrangement`.
  func showArrangement(of name: String) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let service = try desk.reader.service(name)
      let arrangement =
        desk.reader.arrangement(of: service.id) ?? ServiceArrangement(service: service.id)
      return Content.json(version: arrangement.version) { json in
        json.write(arrangement, of: service, desk.names, facts: desk.reader, at: desk.now)
      }
    }
  }

  /// `POST /v1/services/{service}/arrangement`.
  func arrange(_ name: String) async throws(Problem) -> Response {
    try await change(name) { clerk, service, body throws(Problem) in
      .arrangeService(try clerk.arrangement(of: service, &body))
    }
  }

  /// `POST /v1/services/{service}/manual-confirmation`.
  func confirmManual(of name: String) async throws(Problem) -> Response {
    try await change(name) { clerk, service, body throws(Problem) in
      .confirmManual(try clerk.manualReading(of: service, &body))
    }
  }

  /// `POST /v1/services/{service}/live`.
  func goLive(_ name: String) async throws(Problem) -> Response {
    try await change(name) { clerk, service, body throws(Problem) in
      try clerk.nothing(&body)
      return .setLive(LiveChange(service: service, step: .live))
    }
  }

  /// `POST /v1/services/{service}/withdrawal`.
  func withdraw(_ name: String) async throws(Problem) -> Response {
    try await change(name) { clerk, service, body throws(Problem) in
      .setLive(try clerk.withdrawal(of: service, &body))
    }
  }

  private func change(
    _ name: String,
    _ make:
      @escaping @Sendable (Clerk<StateReader>, ID, inout BodyReader) throws(Problem) -> Action
  ) async throws(Problem) -> Response {
    try await write { clerk, body throws(Problem) in
      try make(clerk, try clerk.facts.service(name).id, &body)
    }
  }

  /// `GET /v1/duties`: what the department owes, service by service. What an incident owes is shown
  /// there.
  func listDuties() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let services = try desk.reader.ask { reader throws(StoreError) in
        try reader.services()
      }
      let owing = services.filter { !desk.reader.duties(of: $0, at: desk.now).isEmpty }
      let piece = try window.piece(of: owing) { $0.key }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, service in
          json.object { json in
            json.service("service", service.id, desk.names)
            let team = service.secondLine ?? desk.reader.settings()?.defaultTeam
            json.team("team", team, desk.names)
            json.array("duties") { json in
              for duty in desk.reader.duties(of: service, at: desk.now) { json.write(duty) }
            }
          }
        }
      }
    }
  }
}

extension Desk {
  /// Writes the members of a service that say how it stands; before level 2 nobody can have said.
  func standing(of service: Service, _ json: inout JSONWriter) {
    guard reader.level >= 2 else { return }
    json.standing(
      of: service, reader.arrangement(of: service.id), names, facts: reader, at: now)
  }

  /// The channels that are tried last, as far as whoever reads may know why.
  func impaired() throws(Problem) -> Channels {
    try reader.ask { reader throws(StoreError) in
      try reader.impairedChannels { incident throws(StoreError) in try sight.sees(incident) }
    }
  }
}
