import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// Who may ask what of the department as a whole: every address that is about no incident.
@ClientLoop @Suite("The department's addresses", .serialized)
struct AddressTests {
  /// Who an address is for.
  private enum Audience {
    /// Whoever has no token either.
    case stranger
    /// Whoever signs in, for themselves or to know whom to turn to.
    case anybody
    /// Whoever may look: it changes nothing, although it is a POST.
    case looking
    /// Whoever signs in and is no auditor only: the first row of the table.
    case contributor
    /// The same, and no key of a service.
    case person
    /// The last row of the table: who changes, and who reads.
    case changing, reading
    /// Rotas, for the service's own Service Delivery and team leads: the row before it.
    case rotas
  }

  private struct Door {
    let audience: Audience
    /// What stands in the place of the parameter.
    var path: String?
    var body = ""
  }

  private static let declaration = #"{"title":"Nobody can pay","service":"payments"}"#
  private static let shift =
    #"{"service":"payments","person":"second@example.org","role":"second","#
    + #""from":"2099-01-01T09:00:00Z","until":"2099-01-02T09:00:00Z"}"#
  private static let hash = String(repeating: "ab", count: 32)
  private static let absent = "00000000-0000-7000-8000-000000000000"

  private static let doors: [String: Door] = [
    "POST /v1/incidents": Door(audience: .contributor, body: declaration),
    "GET /v1/incidents": Door(audience: .anybody),
    // Whoever may do nothing about an incident is told so of each: BulkTests.
    "POST /v1/acknowledgements": Door(
      audience: .looking, body: #"{"incidents":["\#(absent)"]}"#),
    "POST /v1/assignments": Door(
      audience: .looking,
      body: #"{"incidents":["\#(absent)"],"person":"second@example.org"}"#),
    "GET /v1/templates/:audience": Door(audience: .anybody, path: "team"),
    "GET /v1/backlog": Door(audience: .anybody),
    "GET /v1/triage": Door(audience: .anybody),
    "POST /v1/triage/suggestion": Door(audience: .looking, body: #"{"anchor":"cosmetic"}"#),
    "GET /v1/incidents/counts": Door(audience: .anybody),
    "GET /v1/views": Door(audience: .anybody),
    "POST /v1/views": Door(audience: .person, body: #"{"name":"Ours"}"#),
    "GET /v1/search": Door(audience: .anybody),
    "GET /v1/services": Door(audience: .anybody),
    "GET /v1/services/:service": Door(audience: .anybody, path: "payments"),
    "GET /v1/services/:service/arrangement": Door(audience: .anybody, path: "payments"),
    "GET /v1/duties": Door(audience: .anybody),
    "GET /v1/me/duties": Door(audience: .anybody),
    "GET /v1/pages": Door(audience: .anybody),
    "POST /v1/services/:service/arrangement": Door(
      audience: .rotas, path: "payments", body: #"{"manual":"https://manual.example"}"#),
    "POST /v1/services/:service/manual-confirmation": Door(audience: .rotas, path: "payments"),
    "POST /v1/services/:service/live": Door(audience: .rotas, path: "payments"),
    "POST /v1/services/:service/withdrawal": Door(
      audience: .rotas, path: "payments", body: #"{"reason":"It moves."}"#),
    "GET /v1/teams": Door(audience: .anybody),
    "GET /v1/teams/:team": Door(audience: .anybody, path: "Ops"),
    "GET /v1/people": Door(audience: .anybody),
    "GET /v1/people/:person": Door(audience: .anybody, path: "reporter@example.org"),
    "GET /v1/on-call": Door(audience: .anybody),
    "GET /v1/settings": Door(audience: .anybody),
    "GET /v1/me": Door(audience: .anybody),
    "GET /v1/stream": Door(audience: .anybody),
    "GET /v1/insights": Door(audience: .anybody),
    "GET /v1/process": Door(audience: .anybody),
    "GET /v1/me/sign-in": Door(audience: .anybody),
    "POST /v1/me/codes": Door(audience: .anybody),
    "GET /v1/break-glass": Door(audience: .anybody),
    "GET /v1/messages": Door(audience: .anybody),
    "GET /v1/templates": Door(audience: .anybody),
    "GET /v1/notices": Door(audience: .anybody),
    "POST /v1/templates": Door(
      audience: .changing, body: #"{"audience":"team","subject":"{title}","body":"{what} KEY"}"#),
    "GET /v1/cluster": Door(audience: .anybody),
    "POST /v1/on-call": Door(audience: .rotas, body: shift),
    "GET /v1/people/:person/tokens": Door(audience: .reading, path: "reporter@example.org"),
    "GET /v1/services/:service/ingest-keys": Door(audience: .reading, path: "payments"),
    "GET /v1/services/:service/keys": Door(audience: .reading, path: "payments"),
    "GET /v1/services/:service/policy": Door(audience: .anybody, path: "payments"),
    "POST /v1/services/:service/policy": Door(
      audience: .rotas, path: "payments", body: #"{"calendar":"scotland"}"#),
    "GET /v1/calendars": Door(audience: .anybody),
    "GET /v1/calendars/:calendar": Door(audience: .anybody, path: "scotland"),
    "POST /v1/calendars/:calendar": Door(
      audience: .changing, path: "scotland", body: #"{"name":"Alba"}"#),
    "POST /v1/bank-holidays": Door(
      audience: .changing, body: #"{"scotland":{"events":[]}}"#),
    "POST /v1/services/:service/keys": Door(
      audience: .changing, path: "payments", body: #"{"scopes":["read"]}"#),
    "GET /v1/cluster/join-tokens": Door(audience: .reading),
    "GET /v1/purges": Door(audience: .reading),
    "GET /v1/directory": Door(audience: .reading),
    "GET /v1/audit": Door(audience: .reading),
    "GET /v1/settings/versions": Door(audience: .reading),
    "POST /v1/services": Door(audience: .changing, body: #"{"key":"KEY","name":"Mail"}"#),
    "POST /v1/services/:service/ingest-keys": Door(
      audience: .changing, path: "payments", body: #"{"label":"x"}"#),
    "POST /v1/teams": Door(audience: .changing, body: #"{"name":"KEY","line":"third"}"#),
    "POST /v1/teams/:team/members": Door(
      audience: .changing, path: "Elsewhere",
      body: #"{"person":"outsider@example.org","role":"member"}"#),
    "POST /v1/people": Door(
      audience: .changing, body: #"{"name":"New","email":"KEY@example.org"}"#),
    "POST /v1/people/:person/deactivation": Door(
      audience: .changing, path: "leaver@example.org"),
    "POST /v1/people/:person/tokens": Door(
      audience: .changing, path: "reporter@example.org", body: #"{"label":"x"}"#),
    "POST /v1/people/:person/sign-in/removal": Door(
      audience: .changing, path: "reporter@example.org"),
    "POST /v1/settings": Door(
      audience: .changing, body: #"{"dutyContact":"delivery@example.org"}"#),
    "POST /v1/directory": Door(audience: .changing, body: "{}"),
    "GET /v1/webhooks": Door(audience: .reading),
    "POST /v1/webhooks": Door(
      audience: .changing, body: #"{"name":"KEY","address":"https://chat.example/x"}"#),
    "POST /v1/break-glass": Door(
      audience: .changing, body: #"{"team":"Elsewhere","reason":"Nobody answers."}"#),
    "POST /v1/cluster/join-tokens": Door(
      audience: .changing,
      body: #"{"label":"x","hash":"\#(hash)","expiresAt":"2099-01-01T00:00:00Z"}"#),
    "POST /v1/cluster/members": Door(audience: .changing, body: "{}"),
    "POST /v1/cluster/members/:node/removal": Door(audience: .changing, path: "1"),
    "POST /v1/cluster/skips": Door(audience: .changing, body: #"{"index":1}"#),
    "POST /v1/cluster/transfer": Door(audience: .changing, body: "{}"),
    "GET /livez": Door(audience: .stranger),
    "GET /readyz": Door(audience: .stranger),
    "GET /openapi.json": Door(audience: .stranger),
    "GET /v1/problems": Door(audience: .stranger),
    "POST /v1/sign-in": Door(
      audience: .stranger, body: #"{"account":"x@example.org","password":"12345678901234"}"#),
    "GET /v1/sign-in/provider": Door(audience: .stranger),
    "GET /v1/sign-in/provider/callback": Door(audience: .stranger),
  ]

  /// What needs more than a person with a right, and where that is tried.
  private static let elsewhere: Set<String> = [
    // Ingest keys: AlertmanagerTests. Sessions: SignInTests. What one has oneself: TokenTests.
    "POST /v1/alerts/alertmanager", "POST /v1/sign-out", "POST /v1/me/password",
    "POST /v1/tokens/:token/revocation", "POST /v1/cluster/join-tokens/:token/use",
    // What is for one person or team alone: MessageTests.
    "POST /v1/messages/:message/acknowledgement", "POST /v1/notices/:notice/withdrawal",
    // The counters of a node, for a collector with a token of its own: GatewayTests.
    "GET /metrics",
    // What is whose: ViewTests.
    "GET /v1/views/:view", "POST /v1/views/:view/removal",
    // One webhook, as those before it; and what the link in a page does: WebhookTests.
    "GET /v1/webhooks/:webhook", "POST /v1/webhooks/:webhook",
    "POST /v1/webhooks/:webhook/removal", "POST /v1/webhooks/:webhook/rotation",
    "POST /v1/webhooks/:webhook/test", "GET /v1/webhooks/:webhook/deliveries",
    "POST /v1/webhooks/:webhook/deliveries/:delivery/resend", "GET /a/:link", "POST /a/:link",
  ]

  private func may(_ who: Cast.Who, _ audience: Audience) -> Bool {
    let administers = who == .boss || who == .breaker
    return switch audience {
    case .stranger, .anybody, .looking: true
    case .contributor, .person: who != .auditor
    case .changing: administers
    case .reading: administers || who == .auditor
    case .rotas: administers || who == .delivery || who == .teamLead
    }
  }

  @Test func `are open to those of the table, and to nobody without a token`() async throws {
    let cast = try await Cast()
    await cast.town.done(
      .post, "/v1/people", #"{"name":"Leaver","email":"leaver@example.org"}"#)
    var cells = 0
    // Whoever hands leadership away is no leader any more: last.
    let doors =
      Self.doors.sorted { $0.key < $1.key }.filter { !$0.key.hasSuffix("transfer") }
      + Self.doors.filter { $0.key.hasSuffix("transfer") }
    for (address, door) in doors {
      let parts = address.split(separator: " ")
      let method: HTTP.Method = parts[0] == "GET" ? .get : .post
      let path = parts[1].split(separator: "/").map { segment in
        segment.hasPrefix(":") ? door.path ?? String(segment) : String(segment)
      }.joined(separator: "/")
      for who in Cast.Who.allCases where who != .breaker {
        let body = door.body.replacing("KEY", with: "key-\(cells)")
        let reply = await cast.town.ask(
          method, "/" + path, body, token: cast[who], type: "application/json")
        let isOpen = ![401, 403, 404].contains(reply.status) || door.audience == .stranger
        #expect(isOpen == may(who, door.audience), "\(address), \(who): \(reply.text)")
        cells += 1
      }
      let keyReply = await cast.town.ask(
        method, "/" + path, door.body, token: cast.key, type: "application/json")
      let mayKey =
        door.audience == .stranger || door.audience == .contributor || door.audience == .looking
        || (door.audience == .anybody && method == .get)
      let isOpen = ![401, 403, 404].contains(keyReply.status) || door.audience == .stranger
      #expect(isOpen == mayKey, "\(address), a service key: \(keyReply.text)")
      cells += 1
      let without = await cast.town.ask(method, "/" + path, door.body, cookie: "")
      if door.audience != .stranger {
        #expect(without.status == 401, "\(address): \(without.text)")
      }
      cells += 1
    }
    #expect(cells == Self.doors.count * 14)
  }

  @Test func `have a row each: what is not here is closed until it is`() {
    let others = API.addresses.filter { !$0.contains("/:incident") }
    #expect(Set(others) == Set(Self.doors.keys).union(Self.elsewhere))
  }
}
