import HTTP
import Incidents

/// One sort of problem (RFC 9457) that an answer can have.
package struct ProblemKind: Hashable, Sendable {
  /// What a program compares: "/problem/…" or "/rule/…".
  package let type: String
  /// The status that it comes with; of a message that cannot be read, the most frequent one.
  package let status: Int
  /// What is the matter.
  package let title: String
  /// What to do.
  package let advice: String
  /// The section of the guidance that the rule comes from, unless a refusal names one of its own.
  package let guidance: String?

  /// All that an answer can have: of the interface, then of the domain.
  package static let all = interface + Refusal.Rule.allCases.map(ProblemKind.init)

  private init(_ status: Int, _ slug: String, _ title: String, _ advice: String) {
    type = "/problem/" + slug
    self.status = status
    self.title = title
    self.advice = advice
    guidance = nil
  }

  private init(_ rule: Refusal.Rule) {
    type = "/rule/" + rule.rawValue
    status = Problem(Refusal(rule, title: "", detail: "")).status.code
    (title, advice) = rule.explanation
    guidance = rule.guidance
  }

  /// Problems of the interface, by name. A test compares them with what the code can answer.
  private static let interface: [ProblemKind] = [
    ProblemKind(
      403, "administrators-only", "This is for administrators",
      "Ask an administrator."),
    ProblemKind(
      503, "busy", "This node has too much to do",
      "Try again, or at another node."),
    ProblemKind(
      413, "command-too-large", "This is too much for one request",
      "Split it."),
    ProblemKind(
      422, "directory-mistakes", "The directory was not imported",
      "Mend the lines that mistakes names, and send all of it again: nothing was changed."),
    ProblemKind(
      413, "directory-too-large", "The directory is too large for one piece",
      "Ask for the CSV files one by one."),
    ProblemKind(
      403, "directory-unreadable", "The directory is exported by administrators",
      "Ask an administrator or auditor."),
    ProblemKind(
      403, "directory-unwritable", "The directory is imported by administrators",
      "Ask an administrator."),
    ProblemKind(
      403, "foreign-page", "This came from another site's page",
      "A program sends a token; a page of this cluster sends its own requests."),
    ProblemKind(
      413, "import-too-large", "This is too much for one import",
      "Split the document, by teams or services."),
    ProblemKind(
      422, "invalid-value", "A value makes no sense",
      "Change the value that member names."),
    ProblemKind(
      400, "key-missing", "An Idempotency-Key is missing",
      "Send Idempotency-Key with a new UUID, and the same one when you repeat the request."),
    ProblemKind(
      422, "key-reused", "The key belongs to another request",
      "Use a new key for a new request."),
    ProblemKind(
      503, "list-not-ready", "This list is not ready yet",
      "Ask without sort until every node runs this version."),
    ProblemKind(
      400, "malformed", "The request is not what this address takes",
      "Send what /openapi.json says of the address; member names what is wrong."),
    ProblemKind(
      400, "malformed-message", "The message could not be read",
      "Mend the client: its message is not HTTP as the standard has it, or over a bound."),
    ProblemKind(
      409, "membership", "The membership was not changed",
      "Read detail: it says what stands in the way of the change."),
    ProblemKind(
      405, "method-not-allowed", "This is not done here",
      "Use a method that Allow names."),
    ProblemKind(
      404, "no-provider", "There is no sign-in provider",
      "Sign in with a password or a printed code."),
    ProblemKind(
      503, "no-state-yet", "This node has no state yet",
      "Ask another node."),
    ProblemKind(
      404, "no-such-address", "Nothing is at this address",
      "Look the address up in /openapi.json."),
    ProblemKind(
      503, "not-accepted", "Nothing was done",
      "Send it again, with the same key."),
    ProblemKind(
      404, "not-found", "It does not exist",
      "Check the id. What you may not know of is answered so too."),
    ProblemKind(
      403, "not-provided", "That did not sign you in",
      "Begin again, or sign in with a password or a printed code."),
    ProblemKind(
      504, "not-reached", "This node has not come that far",
      "Try again: the node follows."),
    ProblemKind(
      503, "not-readable", "The latest state cannot be confirmed",
      "Try again, at another node, or read with consistency=stale."),
    ProblemKind(
      500, "not-understood", "The cluster did not understand this node",
      "Tell the operator: the nodes may run different versions."),
    ProblemKind(
      403, "not-yours", "These are somebody else's",
      "Ask whoever has it, an administrator or an auditor."),
    ProblemKind(
      409, "one-by-one", "A P1 or P2 is acknowledged by itself",
      "Acknowledge it alone, at its own address."),
    ProblemKind(
      403, "only-alerts", "An ingest key only posts alerts",
      "Use a person’s token for anything but alerts."),
    ProblemKind(
      403, "only-reads", "This token only reads",
      "Use a token that was not issued to read only."),
    ProblemKind(
      504, "outcome-unknown", "It is not known whether it was done",
      "Send it again with the same Idempotency-Key: it is then done once."),
    ProblemKind(
      503, "partly-taken", "Not all of it was taken",
      "Send all of it again."),
    ProblemKind(
      410, "position-gone", "The stream cannot go on from there",
      "Follow without an id, and read the lists anew."),
    ProblemKind(
      400, "position-unknown", "This is no place in this cluster's stream",
      "Follow without an id, and read the lists anew."),
    ProblemKind(
      502, "provider-trouble", "The sign-in provider cannot be used now",
      "Sign in with a password or a printed code; tell the operator."),
    ProblemKind(
      503, "read-not-recorded", "This is restricted and cannot be shown now",
      "Try again; with a role in the incident, read with consistency=stale."),
    ProblemKind(
      503, "search-unavailable", "This node cannot search now",
      "Ask another node, or use lists."),
    ProblemKind(
      503, "sign-in-busy", "Too many are signing in",
      "Try again in a few seconds, or at another node."),
    ProblemKind(
      503, "sign-in-not-ready", "Signing in is not ready yet",
      "Use a token until every node runs this version."),
    ProblemKind(
      409, "skipped", "It was refused by the operator",
      "Do not repeat it."),
    ProblemKind(
      503, "stopping", "This node stops",
      "Go on at another node with the last id."),
    ProblemKind(
      500, "storage", "This node cannot read its state",
      "Ask another node; tell the operator."),
    ProblemKind(
      503, "stream-not-ready", "The stream is not ready yet",
      "Wait until every node runs this version."),
    ProblemKind(
      503, "streams-busy", "Too many follow this node",
      "Follow another node."),
    ProblemKind(
      429, "too-many-alerts", "This key posts too many notifications",
      "Send it again after Retry-After: nothing of it was taken."),
    ProblemKind(
      429, "too-many-requests", "This credential asks too much",
      "Ask again after Retry-After, and follow /v1/stream rather than ask for news."),
    ProblemKind(
      429, "too-many-strangers", "Too many unknown tokens",
      "Try again in a second, or at another node."),
    ProblemKind(
      429, "too-many-streams", "You follow too many streams",
      "End one, or follow at another node."),
    ProblemKind(
      429, "too-many-urgent", "This credential decides too much at once",
      "Send it again after Retry-After, with the same key: nothing was done."),
    ProblemKind(
      503, "too-slow", "The read took too long",
      "Ask for less, by a filter or a smaller limit."),
    ProblemKind(
      401, "unauthenticated", "A valid token is needed",
      "Send a token that works, as a bearer in the header Authorization."),
    ProblemKind(
      400, "unknown-field", "The answer has no such field",
      "Take one of the names that detail lists, or the schema at /openapi.json."),
    ProblemKind(
      415, "unsupported-form", "This form is not read here",
      "Send JSON, or CSV where the address takes it, and say so in Content-Type."),
    ProblemKind(
      503, "webhooks-not-ready", "Webhooks are not ready yet",
      "Wait until every node runs this version."),
  ]
}
