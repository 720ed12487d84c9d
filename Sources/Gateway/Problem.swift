import Access
package import Directory
package import HTTP
package import Incidents
package import Raft

/// Why a request was not done, as RFC 9457 tells it: for a person to read and a program to branch on.
package struct Problem: Error, Hashable, Sendable {
  /// The status of the answer.
  package var status: Status
  /// A stable path: "/problem/…" for the interface, "/rule/…" for a rule of the domain. A program
  /// compares its last segment.
  package var type: String
  /// What is the matter, the same for every problem of the type.
  package var title: String
  /// What it means here, and what to do.
  package var detail: String
  /// The section of the guidance that the rule comes from.
  package var guidance: String?
  /// What would satisfy the rule.
  package var missing: [String]
  /// Who may override the rule, and with what; `nil` where nobody may.
  package var override: Refusal.Override?
  /// Whether it is a refusal of the domain, which says in any case whether it can be overridden.
  var isRule: Bool { type.hasPrefix("/rule/") }
  /// The member of the body that is wrong, as a JSON pointer (RFC 6901).
  package var member: String?
  /// In how many seconds it is worth trying again.
  package var retryAfter: Int?
  /// What it says of the sender's quota.
  package var allowed = Fairness.Allowed()
  /// The methods that the address has, where another was used.
  package var allow: String?
  /// The challenge of a 401.
  package var needsToken: Bool
  /// Whether a name was not found that a node further on may know.
  package var mayBeNews: Bool
  /// The version that there is, where another one was seen.
  package var version: UInt64?
  /// What is wrong with which line of a body that has lines.
  package var mistakes: [DirectoryMistake] = [] {
    didSet {
      for place in mistakes.indices {
        mistakes[place].detail = SpeltSecrets.masked(mistakes[place].detail)
      }
    }
  }

  /// A problem of the interface: `slug` is the last segment of its type.
  package init(
    _ status: Status, _ slug: String, title: String, detail: String, member: String? = nil
  ) {
    self.status = status
    type = "/problem/" + slug
    self.title = title
    self.detail = SpeltSecrets.masked(detail)
    missing = []
    self.member = member.map(SpeltSecrets.masked)
    needsToken = status == .unauthorized
    mayBeNews = false
  }

  /// A refusal of the domain.
  package init(_ refusal: Refusal) {
    status =
      switch refusal.kind {
      case .unauthenticated: .unauthorized
      case .forbidden: .forbidden
      case .notFound: .notFound
      // The version that was not met came in If-Match (RFC 9110, section 13.1.1).
      case .conflict where refusal.rule == .staleVersion: .preconditionFailed
      case .conflict, .rule: .conflict
      case .invalid: .unprocessableContent
      case .later: .tooManyRequests
      }
    if refusal.rule == .signInLater { retryAfter = refusal.missing.first.flatMap { Int($0) } }
    type = "/rule/" + refusal.rule.rawValue
    title = refusal.title
    detail = SpeltSecrets.masked(refusal.detail)
    guidance = refusal.guidance
    missing = refusal.missing
    override = refusal.override
    version = refusal.version
    needsToken = refusal.kind == .unauthenticated
    mayBeNews = false
  }
}

extension Problem {
  /// The credential is missing, unknown or no longer good. One answer for all three, so that nobody
  /// learns which tokens once worked.
  package static let unauthenticated = Problem(
    .unauthorized, "unauthenticated", title: "A valid token is needed",
    detail: "Send your personal token in the header: Authorization: Bearer mst_…")

  /// The credential is not known here; another node may have it already. The answer is that of
  /// ``unauthenticated``.
  package static let unknownToken: Problem = {
    var problem = unauthenticated
    problem.mayBeNews = true
    return problem
  }()

  /// The node is new, or lost its disk, and has not been sent the state: it knows nobody.
  package static let noStateYet: Problem = {
    var problem = Problem(
      .serviceUnavailable, "no-state-yet", title: "This node has no state yet",
      detail: "It knows no token until it has been sent the department's state. Ask another node; "
        + "if it does not change, its log and that of the leader say why.")
    problem.retryAfter = 1
    return problem
  }()

  /// What is restricted is shown only once that is in the record, and that is not possible now.
  package static let readNotRecorded: Problem = {
    var problem = Problem(
      .serviceUnavailable, "read-not-recorded", title: "This is restricted and cannot be shown now",
      detail: "Who reads what is restricted is recorded first, and no majority of the nodes takes "
        + "that now. Somebody with a role in the incident can read it with consistency=stale.")
    problem.retryAfter = 1
    return problem
  }()

  /// The cluster has no secret yet from which those of webhooks are made.
  package static let webhooksNotReady: Problem = {
    var problem = Problem(
      .serviceUnavailable, "webhooks-not-ready", title: "Webhooks are not ready yet",
      detail: "They can be made once every node runs this version; see muster cluster status.")
    problem.retryAfter = 1
    return problem
  }()

  /// A page of another site sent the request.
  package static let foreignPage = Problem(
    .forbidden, "foreign-page", title: "This came from another site's page",
    detail: "A session is for this cluster's own pages. Programs use a token.")

  /// Nobody can sign in so far: the cluster has just begun, or some node runs an older version.
  package static let signInNotReady: Problem = {
    var problem = Problem(
      .serviceUnavailable, "sign-in-not-ready", title: "Signing in is not ready yet",
      detail: "It begins once every node runs this version; see muster cluster status. Tokens work."
    )
    problem.retryAfter = 5
    return problem
  }()

  /// The department has no identity provider here.
  package static let noProvider = Problem(
    .notFound, "no-provider", title: "There is no sign-in provider",
    detail: "This cluster knows no identity provider. Sign in with a password or a printed code.")

  /// The identity provider does not answer, or not as it should. It is for the operator to mend.
  package static func providerTrouble(_ detail: String) -> Problem {
    var problem = Problem(
      .badGateway, "provider-trouble", title: "The sign-in provider cannot be used now",
      detail: detail + " Meanwhile a password or a printed code signs you in.")
    problem.retryAfter = 10
    return problem
  }

  /// What came back from the identity provider signs nobody in.
  package static func notProvided(_ detail: String) -> Problem {
    Problem(.forbidden, "not-provided", title: "That did not sign you in", detail: detail)
  }

  /// More people sign in than this node looks at.
  package static let signInBusy: Problem = {
    var problem = Problem(
      .serviceUnavailable, "sign-in-busy", title: "Too many are signing in",
      detail: "Nothing was tried. Try again in a few seconds, or at another node.")
    problem.retryAfter = 5
    return problem
  }()

  /// An ingest key was used for something else.
  package static let onlyAlerts = Problem(
    .forbidden, "only-alerts", title: "An ingest key only posts alerts",
    detail: "Use a person's token here.")

  /// More unknown tokens than this node looks up in the cluster.
  package static let tooManyStrangers: Problem = {
    var problem = Problem(
      .tooManyRequests, "too-many-strangers", title: "Too many unknown tokens",
      detail: "This node does not know the token, and was asked to look up too many of that kind. "
        + "If it was issued just now, try again in a second or at another node.")
    problem.retryAfter = 1
    return problem
  }()

  /// Somebody else's tokens were asked for.
  package static let notYours = Problem(
    .forbidden, "not-yours", title: "These are somebody else's",
    detail: "Tokens and keys are listed for whoever has them, administrators and auditors.")

  /// A decision came without a key, so that it could not be told from a repeat.
  package static let keyMissing = Problem(
    .badRequest, "key-missing", title: "An Idempotency-Key is missing",
    detail: "Send the header Idempotency-Key with a new UUID for each new request, and the same "
      + "one when you repeat it: it is then done once.")

  /// The address does not exist.
  package static let noSuchAddress = Problem(
    .notFound, "no-such-address", title: "Nothing is at this address",
    detail: "The path names no part of the interface: see /openapi.json.")

  /// The address would exist, but something in it is no name of anything.
  package static let nothingOfThatName = Problem(
    .notFound, "no-such-address", title: "Nothing is at this address",
    detail: "Something in the path is no name. An incident is named by its reference, such as "
      + "INC-7K3QX-9M2TD, or its id; a person by their address or id; everything else by its id, a UUID."
  )

  /// The thing named in the path does not exist.
  package static func notFound(_ what: String) -> Problem {
    var problem = Problem(
      .notFound, "not-found", title: "It does not exist", detail: "There is no such \(what).")
    problem.mayBeNews = true
    return problem
  }

  /// The address exists, but not for this method.
  package static func methodNotAllowed(allow: String) -> Problem {
    var problem = Problem(
      .methodNotAllowed, "method-not-allowed", title: "This is not done here",
      detail: "The address takes \(allow).")
    problem.allow = allow
    return problem
  }

  /// The body is not what the address takes.
  package static func malformed(_ detail: String, member: String? = nil) -> Problem {
    Problem(
      .badRequest, "malformed", title: "The request is not what this address takes", detail: detail,
      member: member)
  }

  /// A value in the body or the query that makes no sense.
  package static func invalid(_ detail: String, member: String? = nil) -> Problem {
    Problem(
      .unprocessableContent, "invalid-value", title: "A value makes no sense", detail: detail,
      member: member)
  }

  /// The first answer: it is in no log and never will be.
  package static func notAccepted(retryAfterMilliseconds: Int64) -> Problem {
    var problem = Problem(
      .serviceUnavailable, "not-accepted", title: "Nothing was done",
      detail: "No leader took the request. It is safe to send it again.")
    problem.retryAfter = Int(max(1, (retryAfterMilliseconds + 999) / 1_000))
    return problem
  }

  /// Only administrators change who is a member of the cluster.
  package static let administratorsOnly = Problem(
    .forbidden, "administrators-only", title: "This is for administrators",
    detail: "Who is a member of the cluster, and who leads it, administrators decide.")

  /// A token that only reads was used to change something.
  package static let onlyReads = Problem(
    .forbidden, "only-reads", title: "This token only reads",
    detail: "It was issued to read and to change nothing. Use another one for this.")

  /// The membership cannot be changed so, or not now.
  package static func membership(_ why: ChangeRefusal) -> Problem {
    Problem(
      .conflict, "membership", title: "The membership was not changed", detail: why.description)
  }

  /// An operator had the command skipped, because applying it ended the nodes.
  package static let skipped = Problem(
    .conflict, "skipped", title: "It was refused by the operator",
    detail: "Nothing was changed. Do not repeat it: it was skipped because no node could apply it.")

  /// Of the commands of one webhook not all were taken in time. All of it may be sent again.
  package static func partlyTaken(_ count: Int, of all: Int) -> Problem {
    var problem = Problem(
      .serviceUnavailable, "partly-taken", title: "Not all of it was taken",
      detail: "\(count) of \(all) groups of alerts were taken before the time was over. "
        + "Send all of it again: what was taken is only counted.")
    problem.retryAfter = 1
    return problem
  }

  /// The second answer: it left, and what became of it is not known.
  package static let outcomeUnknown = Problem(
    .gatewayTimeout, "outcome-unknown", title: "It is not known whether it was done",
    detail: "The request was sent to the leader and no outcome came back. "
      + "Repeat it with the same Idempotency-Key: it is then done once.")

  /// No leader confirmed in time that a read would be the latest.
  package static func notReadable(retryAfterMilliseconds: Int64) -> Problem {
    var problem = Problem(
      .serviceUnavailable, "not-readable", title: "The latest state cannot be confirmed",
      detail: "No leader answered in time. Try again, or read what this node has with "
        + "?consistency=stale.")
    problem.retryAfter = Int(max(1, (retryAfterMilliseconds + 999) / 1_000))
    return problem
  }

  /// The index of `?minIndex=` was not reached in time.
  package static let notReached: Problem = {
    var problem = Problem(
      .gatewayTimeout, "not-reached", title: "This node has not come that far",
      detail: "The index of ?minIndex= was not applied here within a second. Try again.")
    problem.retryAfter = 1
    return problem
  }()

  /// The key was used for another request.
  package static let keyReused = Problem(
    .unprocessableContent, "key-reused", title: "The key belongs to another request",
    detail: "This Idempotency-Key was used for a request with another address or body. "
      + "Use a new key for a new request.")

  /// Too much is going on at once.
  package static let busy: Problem = {
    var problem = Problem(
      .serviceUnavailable, "busy", title: "This node has too much to do",
      detail: "Nothing was done. Try again, or try another node.")
    problem.retryAfter = 1
    return problem
  }()

  /// A credential asked more than its quota: nothing of it was done.
  package static func overQuota(_ quota: Quota) -> Problem {
    let allowed = "\(quota.burst) at once and \(quota.perSecond) a second after that"
    var problem =
      switch quota.name {
      case .alerts:
        Problem(
          .tooManyRequests, "too-many-alerts", title: "This key posts too many notifications",
          detail:
            "Nothing of this one was taken: this node takes \(allowed) of each key. Send it again "
            + "after Retry-After; alerts that belong together fit into one notification.")
      case .person, .service:
        Problem(
          .tooManyRequests, "too-many-requests", title: "This credential asks too much",
          detail:
            "Nothing was done: this node takes \(allowed) of each. Ask again after Retry-After, "
            + "and follow GET /v1/stream rather than ask for news again and again. What a person cannot "
            + "wait with, to declare, acknowledge, take a role or resolve, is counted apart.")
      case .urgent:
        Problem(
          .tooManyRequests, "too-many-urgent", title: "This credential decides too much at once",
          detail:
            "Nothing was done: to declare, acknowledge, take a role or resolve, this node takes "
            + "\(allowed) of each. Send it again after Retry-After; what a program reports belongs to "
            + "POST /v1/alerts/alertmanager.")
      }
    problem.retryAfter = 1
    return problem
  }

  /// The node's own files failed it.
  package static let storage = Problem(
    .internalServerError, "storage", title: "This node cannot read its state",
    detail: "Nothing was done. Try another node; the log of this one says more.")

  /// A list in another order than the latest first is not possible so far.
  package static let listNotReady: Problem = {
    var problem = Problem(
      .serviceUnavailable, "list-not-ready", title: "This list is not ready yet",
      detail:
        "It begins once every node runs this version; see muster cluster status. The list without "
        + "sort works.")
    problem.retryAfter = 5
    return problem
  }()

  /// The search index cannot be used now.
  package static let searchUnavailable: Problem = {
    var problem = Problem(
      .serviceUnavailable, "search-unavailable", title: "This node cannot search now",
      detail:
        "Its search index is being made, or its disk is in trouble; its log says more. Lists and "
        + "everything else work, and another node may search.")
    problem.retryAfter = 5
    return problem
  }()

  /// A list or report that took too long.
  package static let tooSlow = Problem(
    .serviceUnavailable, "too-slow", title: "The read took too long",
    detail: "It was stopped. Ask for less, with a filter or a smaller limit.")

  /// The command is over its bound.
  package static let commandTooLarge = Problem(
    .contentTooLarge, "command-too-large", title: "This is too much for one request",
    detail: "A request may come to 256 KiB once it is understood. Split it.")

  /// The command was encoded by this binary, so only another one could misread it.
  package static let notUnderstood = Problem(
    .internalServerError, "not-understood", title: "The cluster did not understand this node",
    detail: "Nothing was done. The nodes may run different versions.")

  /// The message itself could not be read; the connection closes.
  package init(_ error: HTTPError) {
    self.init(
      error.status, "malformed-message", title: "The message could not be read",
      detail: error.description)
  }
}
