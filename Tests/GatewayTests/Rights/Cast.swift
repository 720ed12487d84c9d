import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// Everybody whom the table of rights speaks of, in a town with three lines and another team beside.
@ClientLoop final class Cast {
  /// Who they are. What each is to an incident of the service "payments" is in ``holders(in:)``.
  enum Who: String, CaseIterable, Sendable {
    /// Of no team.
    case guest
    /// Of another 2nd line team, and who leads that.
    case outsider, otherLead
    /// Of the service's own teams.
    case first, second, third, delivery, teamLead
    /// Of the 2nd line, with the role of lead on the incident; of no team, with that of comms lead.
    case lead, comms
    /// An administrator of no team, and one who has broken the glass before the service's 2nd line.
    case boss, breaker
    /// Reads everything and changes nothing.
    case auditor
  }

  /// What an incident is like.
  enum Scene: String, CaseIterable, Sendable {
    case plain, restricted
    /// A P1 that nobody acknowledged within its response time.
    case emergency
  }

  let town: Town
  private var tokens: [Who: Token] = [:]
  /// Whoever declares incidents.
  private var reporter: Token

  /// A key of the service, with every scope.
  private(set) var key = Token.make()

  init() async throws {
    town = try await Town(isRaised: true)
    reporter = town.admin
    for (name, line) in [
      ("Help Desk", "first"), ("Ops", "second"), ("Product", "third"), ("Elsewhere", "second"),
    ] {
      await town.done(.post, "/v1/teams", #"{"name":"\#(name)","line":"\#(line)"}"#)
    }
    await town.done(
      .post, "/v1/services",
      #"{"key":"payments","name":"Card payments","firstLine":"Help Desk","secondLine":"Ops","#
        + #""thirdLine":"Product"}"#)
    reporter = try await person("reporter")
    for who in Who.allCases { tokens[who] = try await add(who) }
    let issued = await town.ask(
      .post, "/v1/services/payments/keys", #"{"scopes":["read","declare","alerts"]}"#)
    key = Token(issued.text("token")) ?? key
    await town.done(
      .post, "/v1/break-glass", #"{"team":"Ops","reason":"Nobody answers."}"#, by: self[.breaker])
  }

  subscript(who: Who) -> Token {
    guard let token = tokens[who] else { fatalError("\(who) has no token.") }
    return token
  }

  private func add(_ who: Who) async throws -> Token {
    switch who {
    case .guest, .comms: try await person(who.rawValue)
    case .outsider: try await person(who.rawValue, in: "Elsewhere")
    case .otherLead: try await person(who.rawValue, in: "Elsewhere", as: "team-lead")
    case .first: try await person(who.rawValue, in: "Help%20Desk")
    case .second, .lead: try await person(who.rawValue, in: "Ops")
    case .third: try await person(who.rawValue, in: "Product")
    case .delivery: try await person(who.rawValue, in: "Ops", as: "service-delivery")
    case .teamLead: try await person(who.rawValue, in: "Ops", as: "team-lead")
    case .boss, .breaker: try await person(who.rawValue, #","administrator":true"#)
    case .auditor: try await person(who.rawValue, #","auditor":true"#)
    }
  }

  private func person(
    _ name: String, _ more: String = "", in team: String? = nil, as role: String = "member"
  ) async throws -> Token {
    let person = await town.ask(
      .post, "/v1/people", #"{"name":"\#(name)","email":"\#(name)@example.org"\#(more)}"#)
    if let team {
      await town.done(
        .post, "/v1/teams/\(team)/members",
        #"{"person":"\#(name)@example.org","role":"\#(role)"}"#)
    }
    let issued = await town.ask(.post, "/v1/people/\(person.text("id"))/tokens")
    return try #require(Token(issued.text("token")), "\(issued.text)")
  }

  /// An incident as `plot` wants it, with a lead and a comms lead unless nobody is to have it yet.
  func incident(_ plot: Plot, _ scene: Scene) async -> String {
    let reply = await town.ask(
      .post, "/v1/incidents",
      #"{"title":"Nobody can pay","service":"payments","priority":"\#(plot.priority)"}"#,
      token: reporter)
    let path = "/v1/incidents/\(reply.text("id"))"
    func act(_ who: Who, _ rest: String, _ body: String = "") async {
      await town.done(.post, path + rest, body, by: self[who])
    }
    if scene != .emergency, plot.begins != .unacknowledged {
      await act(.lead, "/acknowledgement")
      if plot.priority != "P1" { await act(.lead, "/roles", #"{"role":"lead","action":"take"}"#) }
      await act(
        .lead, "/roles", #"{"role":"comms-lead","action":"give","person":"comms@example.org"}"#)
      await act(.comms, "/roles", #"{"role":"comms-lead","action":"accept"}"#)
    }
    switch plot.begins {
    case .unacknowledged, .underWay: break
    case .proposed:
      await act(.lead, "/proposals", #"{"action":"priority","priority":"P4"}"#)
    case .resolved, .reviewed:
      await act(.lead, "/priority", #"{"priority":"\#(plot.priority)","confirm":true}"#)
      await act(.lead, "/resolution", #"{"fix":"The certificate was renewed."}"#)
      if plot.begins == .reviewed { await act(.lead, "/review", Plot.review) }
    case .resolvedByPhone:
      let fix = #"{"fix":"The certificate was renewed.","leadAgreedByPhone":"The lead"}"#
      await act(.second, "/resolution", fix)
    }
    if scene == .restricted { await act(.comms, "/flags", #"{"flag":"data"}"#) }
    return path
  }
}

extension Town {
  /// Asks for something that must succeed.
  func done(
    _ method: HTTP.Method, _ target: String, _ body: String = "", by token: Token? = nil
  ) async {
    let reply = await ask(method, target, body, token: token)
    #expect(reply.status < 300, "\(method.rawValue) \(target): \(reply.text)")
  }
}
