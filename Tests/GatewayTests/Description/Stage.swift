import Access
import EventLoop
import Gateway
import HTTP
import Incidents
import Testing

/// What there must be before some addresses can do what they are for, and who asks them then.
@ClientLoop struct Stage {
  let cast: Cast

  /// One address, ready to be asked.
  struct Set {
    var path: String
    var body = ""
    var token: Token?
    var cookie: String?
    /// What shows the version that it changes; nothing where it has none.
    var shown = ""
    /// Somebody else's change of the same: its path, its body and who asks for it.
    var change = ("", "", Token?.none)
  }

  private var town: Town { cast.town }
  private static let lead = #"{"type":"finding","text":"Seen."}"#

  /// The stage of an address of which a department and an incident are not enough; `nil` for any other.
  func set(_ address: String) async throws -> Set? {
    if let set = try await ofDepartment(address) { return set }
    if let set = try await ofCommunications(address) { return set }
    if let set = try await ofIncidents(address) { return set }
    if let set = try await ofOneself(address) { return set }
    return try await beside(address)
  }

  private func asked(_ path: String, _ body: String = "", by token: Token? = nil) async -> String {
    let reply = await town.ask(.post, path, body, token: token)
    #expect(reply.status < 300, "\(path): \(reply.text)")
    return reply.text("id")
  }

  // MARK: - What the department keeps

  private func ofDepartment(_ address: String) async throws -> Set? {
    let payments = "/v1/services/payments"
    let arrangement = payments + "/arrangement"
    switch address {
    case "POST /v1/services/:service/arrangement":
      return Set(
        path: arrangement, body: #"{"channels":["mail"]}"#, shown: arrangement,
        change: (arrangement, #"{"manual":"https://manual.example"}"#, nil))
    case "POST /v1/services/:service/manual-confirmation":
      _ = await asked(arrangement, #"{"manual":"https://manual.example"}"#)
      return Set(
        path: payments + "/manual-confirmation", shown: arrangement,
        change: (arrangement, #"{"channels":["mail"]}"#, nil))
    case "POST /v1/services/:service/live", "POST /v1/services/:service/withdrawal":
      _ = await asked(arrangement, Self.profile)
      _ = await asked(
        "/v1/on-call",
        #"{"service":"payments","person":"second@example.org","role":"lead","#
          + #""from":"2020-01-01T09:00:00Z","until":"2099-01-01T09:00:00Z"}"#)
      let goesLive = address.hasSuffix("live")
      return Set(
        path: payments + (goesLive ? "/live" : "/withdrawal"),
        body: goesLive ? "" : #"{"reason":"It moves."}"#, shown: arrangement,
        change: (arrangement, #"{"channels":["sign-in"]}"#, nil))
    case "POST /v1/services/:service/policy":
      return Set(
        path: payments + "/policy", body: #"{"calendar":"scotland"}"#,
        shown: payments + "/policy",
        change: (payments + "/policy", #"{"calendar":"northern-ireland"}"#, nil))
    case "POST /v1/teams/:team/members":
      let team = "/v1/teams/Elsewhere"
      return Set(
        path: team + "/members", body: #"{"person":"reporter@example.org","role":"member"}"#,
        shown: team,
        change: (team + "/members", #"{"person":"guest@example.org","role":"member"}"#, nil))
    case "POST /v1/people/:person/deactivation", "POST /v1/people/:person/sign-in/removal":
      let person = "/v1/people/guest@example.org"
      return Set(
        path: person + address.dropFirst("POST /v1/people/:person".count), shown: person,
        change: (
          "/v1/teams/Elsewhere/members", #"{"person":"guest@example.org","role":"member"}"#, nil
        ))
    case "POST /v1/tokens/:token/revocation":
      let id = await asked("/v1/people", #"{"name":"Eve","email":"eve@example.org"}"#)
      let tokens = "/v1/people/\(id)/tokens"
      let path = "/v1/tokens/\(await asked(tokens))/revocation"
      return Set(path: path, shown: tokens, change: (path, "", nil))
    case "POST /v1/directory":
      return Set(
        path: "/v1/directory", body: AddressNote.all[address]?.example ?? "",
        shown: "/v1/directory",
        change: ("/v1/people", #"{"name":"Eve","email":"eve@example.org"}"#, nil))
    case "POST /v1/calendars/:calendar":
      let path = "/v1/calendars/scotland"
      return Set(
        path: path, body: #"{"name":"Alba"}"#, shown: path,
        change: (path, #"{"name":"Caledonia"}"#, nil))
    case "POST /v1/settings":
      return Set(
        path: "/v1/settings", body: AddressNote.all[address]?.example ?? "", shown: "/v1/settings",
        change: ("/v1/settings", #"{"severities":[{"severity":"page","priority":"P2"}]}"#, nil))
    case "POST /v1/templates":
      return Set(
        path: "/v1/templates", body: AddressNote.all[address]?.example ?? "",
        shown: "/v1/templates/team",
        change: (
          "/v1/templates", #"{"audience":"team","subject":"{title}","body":"So: {what}"}"#, nil
        ))
    case _ where address.hasPrefix("POST /v1/webhooks/:webhook"):
      let id = await asked("/v1/webhooks", #"{"name":"Chat","address":"https://chat.example/x"}"#)
      let hook = "/v1/webhooks/\(id)"
      var set = Set(
        path: hook + address.dropFirst("POST /v1/webhooks/:webhook".count), shown: hook,
        change: (hook, #"{"name":"Talk"}"#, nil))
      if set.path == hook { set.body = #"{"name":"Speech"}"# }
      if address.hasSuffix("resend") {
        _ = await asked(hook + "/test")
        let delivery = await town.ask(.get, hook + "/deliveries").text("id")
        set.path = "\(hook)/deliveries/\(delivery)/resend"
      }
      return set
    default: return nil
    }
  }

  private static let profile =
    #"{"productTeam":"Product","infrastructureTeam":"Elsewhere","smallerTeam":null,"#
    + #""thirdLineSupplier":null,"raci":["#
    + (1...9).map {
      #"{"activity":\#($0),"accountable":{"role":"lead"},"responsible":[{"team":"Ops"}],"#
        + #""consulted":[],"informed":[]}"#
    }.joined(separator: ",")
    + #"],"stakeholders":[{"team":"Help Desk","priority":"P3"}],"#
    + #""suppliers":[{"name":"Post Ltd","reference":"C-7","outOfHours":"+44 20 7946 0000"}],"#
    + #""manual":"https://manual.example","channels":["mail"]}"#

  // MARK: - What is told

  private func ofCommunications(_ address: String) async throws -> Set? {
    let prefix = "POST /v1/incidents/:incident/communications"
    guard address.hasPrefix(prefix) else { return nil }
    let incident = await cast.incident(Plot.all[0], .plain)
    let path = incident + "/communications"
    let reply = await town.ask(
      .post, path, #"{"audience":"stakeholders","what":"We are on it."}"#, token: cast[.second])
    let id = reply.text("communication")
    func words(_ what: String) -> String {
      #"{"id":"\#(id)","audience":"stakeholders","what":"\#(what)"}"#
    }
    var set = Set(
      path: path, body: words("It is mended."), token: cast[.lead], shown: "\(path)/\(id)",
      change: (path, words("It gets worse."), cast[.second]))
    if address != prefix {
      set.path = "\(path)/\(id)" + address.dropFirst("\(prefix)/:communication".count)
      set.body = ""
    }
    if address.hasSuffix("deliveries") {
      _ = await asked("\(path)/\(id)/sending", by: cast[.lead])
      set.body = #"{"group":"Shops","outcome":"sent"}"#
      set.change = (set.path, #"{"group":"Press","outcome":"sent"}"#, cast[.lead])
    }
    return set
  }

  // MARK: - What becomes of an incident

  private func ofIncidents(_ address: String) async throws -> Set? {
    let prefix = "POST /v1/incidents/:incident"
    guard address.hasPrefix(prefix) else { return nil }
    let rest = String(address.dropFirst(prefix.count))
    let path: String
    var set = Set(path: "")
    switch rest {
    case "/faces/:face/approval", "/faces/:face/withdrawal":
      path = await cast.incident(Plot.all[0], .restricted)
      _ = await asked(
        path + "/faces", #"{"title":"Beware of mail","body":"Delete it."}"#, by: cast[.comms])
      set.token = cast[.lead]
    case "/pages/answer":
      path = "/v1/incidents/" + (await town.declare(Self.urgent))
      set.token = cast[.teamLead]
      set.body = #"{"answer":"eta","minutes":3}"#
    case "/review/completion":
      path = await cast.incident(
        Plot(name: "", rest: "", body: nil, right: nil, begins: .resolved), .plain)
      let action = #"{"what":"Renew it","owner":"third@example.org","due":"2099-01-01T09:00:00Z"}"#
      _ = await asked(
        path + "/review",
        #"{"summary":"It ran out.","impact":"None.","cause":"Age.","actions":[\#(action)]}"#,
        by: cast[.lead])
      set.token = cast[.third]
      set.body = #"{"action":1}"#
    case "/hand-over/reason":
      let id = await town.declare(#"{"title":"Slow","service":"payments","priority":"P3"}"#)
      path = "/v1/incidents/\(id)"
      _ = await asked(path + "/hand-over", #"{"to":"third"}"#, by: cast[.second])
      set.token = cast[.second]
      set.body = #"{"reason":"A defect."}"#
    default: return nil
    }
    set.path = path + rest.replacing(":face", with: "1")
    set.shown = path
    set.change = (path + "/notes", Self.lead, rest.hasPrefix("/faces") ? cast[.lead] : nil)
    return set
  }

  private static let urgent = #"{"title":"Nobody can pay","service":"payments","priority":"P1"}"#

  // MARK: - What one signs in with

  private static let password = #""password":"four words that do not rhyme""#

  private func ofOneself(_ address: String) async throws -> Set? {
    // A debug build works a password out in about a second.
    town.api.patience = .seconds(20)
    let boss = cast[.boss]
    let shown = "/v1/me/sign-in"
    func signedIn() async -> Reply {
      _ = await asked("/v1/me/password", "{\(Self.password)}", by: boss)
      let body = #"{"account":"boss@example.org",\#(Self.password)}"#
      return await town.ask(.post, "/v1/sign-in", body, cookie: "")
    }
    switch address {
    case "POST /v1/me/password":
      return Set(
        path: "/v1/me/password", body: "{\(Self.password)}", token: boss, shown: shown,
        change: ("/v1/me/codes", "", boss))
    case "POST /v1/me/codes":
      return Set(
        path: "/v1/me/codes", token: boss, shown: shown, change: ("/v1/me/codes", "", boss))
    case "POST /v1/sign-in":
      _ = await signedIn()
      return Set(
        path: "/v1/sign-in", body: #"{"account":"boss@example.org",\#(Self.password)}"#, cookie: "")
    case "POST /v1/sign-out": return Set(path: "/v1/sign-out", cookie: await signedIn().cookies)
    default: return nil
    }
  }

  // MARK: - What has no version

  private func beside(_ address: String) async throws -> Set? {
    let soon = Timestamp.format(Clock.now() + 3_600_000)
    let hash = String(repeating: "a1", count: 32)
    let invitation = #"{"hash":"\#(hash)","label":"n4","expiresAt":"\#(soon)"}"#
    switch address {
    case "POST /v1/views/:view/removal":
      return Set(path: "/v1/views/\(await asked("/v1/views", #"{"name":"Ours"}"#))/removal")
    case "POST /v1/cluster/join-tokens":
      return Set(path: "/v1/cluster/join-tokens", body: invitation)
    case "POST /v1/cluster/join-tokens/:token/use":
      return Set(
        path: "/v1/cluster/join-tokens/\(await asked("/v1/cluster/join-tokens", invitation))/use")
    case "POST /v1/messages/:message/acknowledgement":
      let path = await cast.incident(Plot.all[0], .plain)
      _ = await asked(
        path + "/roles", #"{"role":"documenter","action":"give","person":"guest@example.org"}"#,
        by: cast[.lead])
      let id = await town.ask(.get, "/v1/messages", token: cast[.guest]).text("id")
      return Set(path: "/v1/messages/\(id)/acknowledgement", token: cast[.guest])
    case "POST /v1/notices/:notice/withdrawal":
      guard let face = try await ofIncidents("POST /v1/incidents/:incident/faces/:face/approval")
      else { return nil }
      _ = await asked(face.path, by: face.token)
      return Set(path: "/v1/notices/\(await town.ask(.get, "/v1/notices").text("id"))/withdrawal")
    case "POST /v1/alerts/alertmanager":
      let issued = await town.ask(.post, "/v1/services/payments/ingest-keys", #"{"label":"am"}"#)
      return Set(
        path: "/v1/alerts/alertmanager",
        body: #"{"version":"4","groupKey":"k","status":"firing","receiver":"r","alerts":["#
          + #"{"status":"firing","labels":{"alertname":"Slow"},"#
          + #""startsAt":"2026-01-01T00:00:00Z"}]}"#,
        token: Token(issued.text("token")))
    default: return nil
    }
  }
}
