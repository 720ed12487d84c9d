import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Breaking the glass (policy section 9).
@ClientLoop extension Exchange {
  /// `POST /v1/break-glass`.
  ///
  /// Whoever has no right to know of an incident names it by its id or reference all the same: that is
  /// what the glass is broken for.
  func breakGlass() async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      let mayAsk = asker.principal.person.isAdministrator && !asker.principal.isReadOnly
      return try self.read(clerk) { clerk, body throws(Problem) in
        .breakGlass(try clerk.glass(&body, lookingUp: mayAsk))
      }
    }
    return done.response
  }

  /// `GET /v1/break-glass`: who broke it in the last seven days, the latest first, a hundred at most.
  ///
  /// What was done before an incident that the asker may not know of is not there for them; auditors
  /// and administrators see that something was done, and not before which.
  func listGlass() async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let rows = try desk.reader.ask { reader throws(StoreError) in
        var rows: [(glass: BrokenGlass, isNamed: Bool)] = []
        let since = desk.now - GlassBreak.listed + GlassBreak.span
        for glass in reader.brokenGlass(since: since) {
          guard case .incident(let id) = glass.asked.scope else {
            rows.append((glass, true))
            continue
          }
          let incident = reader.incident(id)
          let isNamed =
            try incident.map { incident throws(StoreError) in
              try desk.sight.sees(incident)
            } ?? false
          let asker = desk.principal.person
          if isNamed || asker.isAuditor || asker.isAdministrator { rows.append((glass, isNamed)) }
        }
        return rows
      }
      return Content.json { json in
        json.page(rows, next: nil) { json, row in
          json.write(row.glass, isNamed: row.isNamed, desk.names, at: desk.now)
        }
      }
    }
  }
}

extension Clerk<StateReader> {
  /// `POST /v1/break-glass`: before one incident or one team.
  ///
  /// - Parameter looksUp: Whether a reference is looked up. Whoever may not break the glass is refused
  ///   whatever they name, and is not to learn from the refusal which references there are.
  func glass(_ body: inout BodyReader, lookingUp looksUp: Bool) throws(Problem) -> GlassBreak {
    var scope: GlassBreak.Scope?
    var reason: String?
    try body.beginObject()
    while let member = try body.member() {
      let before = scope
      switch member {
      case "incident": scope = .incident(try namedIncident(&body, lookingUp: looksUp))
      case "team": scope = try optionalTeam(&body).map { .team($0) }
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(member)
      }
      guard member == "reason" || before == nil else {
        throw .invalid("One incident or one team at a time.", member: body.pointer)
      }
    }
    return GlassBreak(
      id: makeID(), scope: try body.require(scope, "incident"),
      reason: try body.require(reason, "reason"))
  }

  private func namedIncident(
    _ body: inout BodyReader, lookingUp looksUp: Bool
  ) throws(Problem) -> ID {
    guard let name = IncidentName(pathSegment: try body.text(atMost: Bound.key)) else {
      throw .invalid("An incident is named by its id or its reference.", member: body.pointer)
    }
    switch name {
    case .id(let id): return id
    case .reference where !looksUp: return makeID()
    case .reference(let reference):
      let found = try facts.ask { reader throws(StoreError) in
        try reader.incident(reference: reference)
      }
      guard let found else { throw .notFound("incident") }
      return found.id
    }
  }
}

extension JSONWriter {
  /// Writes a breaking of the glass, as an object.
  ///
  /// - Parameter isNamed: Whether it may be told before what.
  fileprivate mutating func write(
    _ glass: BrokenGlass, isNamed: Bool, _ names: NameBook<StateReader>, at now: Int64
  ) {
    object { json in
      json.person("by", glass.person, names)
      json.time("at", glass.begins)
      json.time("until", glass.ends)
      json.member("open", now < glass.ends)
      switch glass.asked.scope {
      case .incident(let id) where isNamed:
        json.object("incident") { json in
          json.member("id", id.description)
          json.member("reference", Reference(id).text)
        }
      case .incident: json.member("restricted", true)
      case .team(let id):
        json.object("team") { json in
          json.member("id", id.description)
          json.member("name", names.team(id))
        }
      }
      if isNamed { json.member("reason", glass.asked.reason) }
    }
  }
}
