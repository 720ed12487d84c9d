import HTTP
import Incidents

/// What keeps an update from being lost: that two people read the same, and the second writes over what
/// the first wrote without having seen it.
///
/// Whoever has read something sends the ETag of that as If-Match. It travels with the command, and the
/// domain compares it where the command is applied, so that nothing comes in between: see
/// `Command.expectedVersion`. Without it what is asked for is done to whatever is there, since in an
/// emergency nobody shall have to read first.
package enum EditGuard: Hashable, Sendable {
  /// It takes the ETag that this address answers, and refuses another with 412.
  case tag(of: String)
  /// It takes the `version` of a row in the list that this address answers, and refuses another with 412.
  case row(of: String)
  /// There is no version that it could have seen, for this reason: with If-Match it is refused.
  case exempt(Exemption)

  /// Why an address takes no If-Match.
  package enum Exemption: String, Sendable {
    case makesNew = "It makes something new."
    case changesNothing = "It changes nothing that is kept."
    case addsOnly = "It adds to what is there, and takes nothing away."
    case onceOnly = "It ends what never changes before: whoever comes second is told that."
    case several = "It changes several things, each of which it compares by itself."
    case ownSession = "It is about the session that asks."
    case membership = "It is about the membership, against which it is checked as it is made."
  }
}

extension API {
  /// How each address that takes a POST is guarded. What is not here stops a test.
  package nonisolated static func editGuard(of address: String) -> EditGuard? {
    if let known = editGuards[address] { return known }
    // Whatever is done to an incident is one more version of it.
    return address.hasPrefix("POST \(incident)/") ? .tag(of: "GET \(incident)") : nil
  }

  private nonisolated static let incident = "/v1/incidents/:incident"
  private nonisolated static let communication = "\(incident)/communications/:communication"

  private nonisolated static let editGuards: [String: EditGuard] = [
    "POST /v1/triage/suggestion": .exempt(.changesNothing),
    "POST /v1/incidents": .exempt(.makesNew),
    "POST /v1/acknowledgements": .exempt(.several),
    "POST /v1/assignments": .exempt(.several),
    // With the id of a draft, which is then changed.
    "POST \(incident)/communications": .tag(of: "GET \(communication)"),
    "POST \(communication)/approval": .tag(of: "GET \(communication)"),
    "POST \(communication)/sending": .tag(of: "GET \(communication)"),
    "POST \(communication)/withdrawal": .tag(of: "GET \(communication)"),
    "POST \(communication)/deliveries": .tag(of: "GET \(communication)"),
    "POST /v1/alerts/alertmanager": .exempt(.addsOnly),
    "POST /v1/services": .exempt(.makesNew),
    "POST /v1/services/:service/arrangement": .tag(of: "GET /v1/services/:service/arrangement"),
    "POST /v1/services/:service/manual-confirmation":
      .tag(of: "GET /v1/services/:service/arrangement"),
    "POST /v1/services/:service/live": .tag(of: "GET /v1/services/:service/arrangement"),
    "POST /v1/services/:service/withdrawal": .tag(of: "GET /v1/services/:service/arrangement"),
    "POST /v1/services/:service/policy": .tag(of: "GET /v1/services/:service/policy"),
    "POST /v1/services/:service/ingest-keys": .exempt(.makesNew),
    "POST /v1/services/:service/keys": .exempt(.makesNew),
    "POST /v1/teams": .exempt(.makesNew),
    "POST /v1/teams/:team/members": .tag(of: "GET /v1/teams/:team"),
    "POST /v1/people": .exempt(.makesNew),
    "POST /v1/people/:person/deactivation": .tag(of: "GET /v1/people/:person"),
    "POST /v1/people/:person/sign-in/removal": .tag(of: "GET /v1/people/:person"),
    "POST /v1/people/:person/tokens": .exempt(.makesNew),
    "POST /v1/tokens/:token/revocation": .row(of: "GET /v1/people/:person/tokens"),
    "POST /v1/on-call": .exempt(.makesNew),
    "POST /v1/directory": .tag(of: "GET /v1/directory"),
    "POST /v1/calendars/:calendar": .tag(of: "GET /v1/calendars/:calendar"),
    "POST /v1/bank-holidays": .exempt(.several),
    "POST /v1/settings": .tag(of: "GET /v1/settings"),
    "POST /v1/templates": .tag(of: "GET /v1/templates/:audience"),
    "POST /v1/messages/:message/acknowledgement": .exempt(.addsOnly),
    "POST /v1/notices/:notice/withdrawal": .exempt(.onceOnly),
    "POST /v1/views": .exempt(.makesNew),
    "POST /v1/views/:view/removal": .exempt(.onceOnly),
    "POST /v1/webhooks": .exempt(.makesNew),
    "POST /v1/webhooks/:webhook": .tag(of: "GET /v1/webhooks/:webhook"),
    "POST /v1/webhooks/:webhook/removal": .tag(of: "GET /v1/webhooks/:webhook"),
    "POST /v1/webhooks/:webhook/rotation": .tag(of: "GET /v1/webhooks/:webhook"),
    "POST /v1/webhooks/:webhook/test": .exempt(.makesNew),
    "POST /v1/webhooks/:webhook/deliveries/:delivery/resend": .exempt(.makesNew),
    "POST /a/:link": .exempt(.addsOnly),
    "POST /v1/sign-in": .exempt(.makesNew),
    "POST /v1/sign-out": .exempt(.ownSession),
    "POST /v1/me/password": .tag(of: "GET /v1/me/sign-in"),
    "POST /v1/me/codes": .tag(of: "GET /v1/me/sign-in"),
    "POST /v1/break-glass": .exempt(.makesNew),
    "POST /v1/cluster/members": .exempt(.membership),
    "POST /v1/cluster/members/:node/removal": .exempt(.membership),
    "POST /v1/cluster/transfer": .exempt(.membership),
    "POST /v1/cluster/skips": .exempt(.membership),
    "POST /v1/cluster/join-tokens": .exempt(.makesNew),
    "POST /v1/cluster/join-tokens/:token/use": .exempt(.onceOnly),
  ]
}

extension API {
  /// Refuses an If-Match where nothing would look at it: whoever sends one relies on it.
  func checkGuard(of request: Request) throws(Problem) {
    guard request.method == .post, let field = request.fields["If-Match"], field != "*",
      let pattern = router.pattern(.post, request.path),
      case .exempt(let why)? = Self.editGuard(of: "POST \(pattern)")
    else { return }
    throw .malformed("This address takes no If-Match. \(why.rawValue) Send it without.")
  }

  /// Refuses a parameter that the address does not take, or one given twice: a slip in `dryRun` must not do
  /// what was only to be shown, and one in a filter not show everything.
  ///
  /// Probes, browsers and Alertmanager may add what they like.
  func checkQuery(of request: Request) throws(Problem) {
    guard !request.query.parameters.isEmpty, let pattern = pattern(of: request),
      pattern != "/v1/alerts/alertmanager",
      let note = AddressNote.all["\(request.method == .post ? "POST" : "GET") \(pattern)"],
      !note.isOpen
    else { return }
    let known =
      note.query
      + (request.method == .post ? [] : Parameters.ofReads(at: pattern) + ["fields"])
    var seen: Set<String> = []
    for (place, name) in request.query.parameters.map(\.name).enumerated() {
      guard known.contains(name) else {
        // Not told back: whoever slips may have put a secret there.
        let told = known.isEmpty ? "none" : known.joined(separator: ", ")
        throw .malformed(
          "Parameter \(place + 1) of the query is none of this address, which takes \(told).")
      }
      // Of a filter several values are one of them.
      guard FilterForm.names.contains(name) || seen.insert(name).inserted else {
        throw .malformed("\(name) is given more than once.")
      }
    }
  }
}
