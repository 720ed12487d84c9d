import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Reads of people, teams, services, who is on call, and the settings.
@ClientLoop extension Exchange {
  /// `GET /v1/services`.
  func listServices() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let services = try desk.reader.ask { reader throws(StoreError) in
        try reader.services()
      }
      let piece = try window.piece(of: services) { $0.key }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, service in
          json.write(service, desk.names) { json in desk.standing(of: service, &json) }
        }
      }
    }
  }

  /// `GET /v1/services/{service}`.
  func showService(_ name: String) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let service = try desk.reader.service(name)
      return Content.json(version: service.version) { json in
        json.write(service, desk.names) { json in desk.standing(of: service, &json) }
      }
    }
  }

  /// `GET /v1/teams`.
  func listTeams() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let teams = try desk.reader.ask { reader throws(StoreError) in
        try reader.teams()
      }
      let piece = try window.piece(of: teams) { $0.id.description }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, team in json.write(team, desk.names) }
      }
    }
  }

  /// `GET /v1/teams/{team}`.
  func showTeam(_ name: String) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let team = try desk.reader.team(name)
      return Content.json(version: team.version) { json in json.write(team, desk.names) }
    }
  }

  /// `GET /v1/people`.
  func listPeople() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let people = try desk.reader.ask { reader throws(StoreError) in
        try reader.people()
      }
      let piece = try window.piece(of: people) { $0.id.description }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, person in
          json.write(person, desk.names)
        }
      }
    }
  }

  /// `GET /v1/people/{person}`.
  func showPerson(_ name: PersonName) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let person = try desk.reader.person(name, asker: desk.principal.person)
      return Content.json(version: person.version) { json in json.write(person, desk.names) }
    }
  }

  /// `GET /v1/people/{person}/tokens`: for that person, administrators and auditors.
  func listTokens(of name: PersonName) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let asker = desk.principal.person
      let person = try desk.reader.person(name, asker: asker)
      guard person.id == asker.id || asker.mayAudit else { throw .notYours }
      let tokens = try desk.reader.ask { reader throws(StoreError) in
        // Sessions are shown to their person, by how they sign in.
        try reader.credentials(of: person.id).filter { $0.kind == .personal }
      }
      let piece = try window.piece(of: tokens) { $0.id.description }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, token in
          json.write(token, lastUsedAt: desk.reader.lastUse(of: token.id))
        }
      }
    }
  }

  /// `GET /v1/services/{service}/ingest-keys`: for administrators and auditors.
  func listIngestKeys(of name: String) async throws(Problem) -> Response {
    try await listKeys(of: name) { $0.kind == .ingest }
  }

  /// `GET /v1/services/{service}/keys`: for administrators and auditors.
  func listServiceKeys(of name: String) async throws(Problem) -> Response {
    try await listKeys(of: name) { $0.kind.hasScopes }
  }

  private func listKeys(
    of name: String, _ isListed: @escaping @Sendable (Credential) -> Bool
  ) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      guard desk.principal.person.mayAudit else { throw .notYours }
      let service = try desk.reader.service(name)
      let keys = try desk.reader.ask { reader throws(StoreError) in
        try reader.credentials(of: service.id).filter(isListed)
      }
      let piece = try window.piece(of: keys) { $0.id.description }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, key in
          json.write(key, lastUsedAt: desk.reader.lastUse(of: key.id))
        }
      }
    }
  }

  /// `GET /v1/me`.
  func showMe() async throws(Problem) -> Response { try await showPerson(.me) }

  /// `GET /v1/on-call`: of one service, or of each.
  func showOnCall() async throws(Problem) -> Response {
    let window = try Window(request.query)
    let service = request.query["service"]
    let at = try request.query["at"].map { text throws(Problem) in
      guard let stamp = Timestamp.parse(text) else {
        throw .malformed("at is a time as RFC 3339 writes it, such as 2026-11-23T09:04:00Z.")
      }
      return stamp
    }
    return try await list { desk throws(Problem) in
      let at = at ?? desk.now
      if let service {
        let found = try desk.reader.service(service)
        return Content.json { json in Self.onCall(found, at, desk, &json) }
      }
      let services = try desk.reader.ask { reader throws(StoreError) in
        try reader.services()
      }
      let piece = try window.piece(of: services) { $0.key }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, service in
          Self.onCall(service, at, desk, &json)
        }
      }
    }
  }

  /// Writes who is on call for a service: its lead and its second.
  private nonisolated static func onCall(
    _ service: Service, _ at: Int64, _ desk: Desk, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.service("service", service.id, desk.names)
      json.time("at", at)
      for role in OnCallRole.allCases {
        json.name(role == .lead ? "lead" : "second")
        if let shift = desk.reader.onCall(service: service.id, role: role, at: at) {
          json.write(shift, desk.names)
        } else {
          json.null()
        }
      }
    }
  }
}
