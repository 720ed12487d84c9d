import Bytes
import HTTP
import Incidents

/// Every address of the interface, in the order in which a person meets them.
///
/// GET answers HEAD too. A POST is a decision and takes an `Idempotency-Key`; an address that names
/// an incident takes its id or its reference.
extension API {
  /// The table. Two routes for one address stop the node as it starts, and a test before that.
  static let routes: [Route<Exchange>] =
    incidents + finding + live + communications + alerts + department + outbox + outside + signIn
    + node + description

  /// Method and pattern of every address, in the order of the table.
  package static var addresses: [String] {
    routes.map { "\($0.method.rawValue) \($0.pattern)" }
  }

  /// An incident's life.
  private static let incidents: [Route<Exchange>] = [
    // The questions by which a priority is found, their answers, and the definitions.
    .get("/v1/triage") { try await $0.showTriage() },
    // What answers suggest, and why. Changes nothing, so it takes no key.
    .post("/v1/triage/suggestion") { try await $0.suggest() },
    // Declares an incident: 201 with its id and reference.
    .post("/v1/incidents") { try await $0.declare() },
    // Incidents, latest first unless sort= says priority or due; narrowed by state, status, service, team,
    // priority, flag, holder, lead, reporter, exercise, overdue, from, until, referencePrefix or a view.
    .get("/v1/incidents") { try await $0.listIncidents() },
    // What waits in the backlog, in its order; filtered by service, team, priority.
    .get("/v1/backlog") { try await $0.listBacklog() },
    // How many are not over, by status and priority; narrowed as the list is.
    .get("/v1/incidents/counts") { try await $0.countIncidents() },
    // One incident, with clocks, roles, flags and duties.
    .get("/v1/incidents/:incident") { try await $0.showIncident($1) },
    // Everything that happened, in order.
    .get("/v1/incidents/:incident/timeline") { try await $0.showTimeline(of: $1) },
    // The incident report, as JSON or with ?format= as html or markdown; ?asOf= is a position or a time.
    .get("/v1/incidents/:incident/report") { try await $0.showReport(on: $1) },
    // The versions of it that are kept, and one of them byte for byte.
    .get("/v1/incidents/:incident/report/versions") { try await $0.listReports(on: $1) },
    .get("/v1/incidents/:incident/report/versions/:version") {
      try await $0.showReport(on: $1, version: $2)
    },
    // Keeps a version from which something is withheld.
    .post("/v1/incidents/:incident/report/redactions") { try await $0.redactReport(on: $1) },
    // What the process asked for, step by step: when it was due, when it was done, and by whom.
    .get("/v1/incidents/:incident/process") { try await $0.showProcess(of: $1) },
    // The same of each incident of a span, as JSON or ?format=csv.
    .get("/v1/process") { try await $0.listProcesses() },
    // Counts and times of the incidents of a span, as JSON or ?format=csv.
    .get("/v1/insights") { try await $0.showInsights() },
    // "We have it."
    .post("/v1/incidents/:incident/acknowledgement") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.acknowledgement(&body) }
    },
    // The same of several at once, all but a P1 or P2; and several to a person or a line. Each has its
    // own outcome in the answer.
    .post("/v1/acknowledgements") { try await $0.acknowledgeSeveral() },
    .post("/v1/assignments") { try await $0.assignSeveral() },
    // States or confirms the priority.
    .post("/v1/incidents/:incident/priority") {
      try await $0.statePriority(of: $1)
    },
    // Proposes a priority, to cancel it, or that it is a duplicate, for those who decide it.
    .post("/v1/incidents/:incident/proposals") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.proposal(&body) }
    },
    // Accepts or declines what was proposed.
    .post("/v1/incidents/:incident/proposal-decisions") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in
        try clerk.proposalDecision(&body)
      }
    },
    // Gives, accepts, declines, takes or leaves a role.
    .post("/v1/incidents/:incident/roles") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.role(&body) }
    },
    // Writes an entry into the timeline.
    .post("/v1/incidents/:incident/notes") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.note(&body) }
    },
    // Records a communication that was sent.
    .post("/v1/incidents/:incident/updates") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.update(&body) }
    },
    // Begins work, says that it is mitigated, or moves it to the backlog.
    .post("/v1/incidents/:incident/status") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.status(&body) }
    },
    // Hands it to another line of support.
    .post("/v1/incidents/:incident/hand-over") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.handOver(&body) }
    },
    // Technical support says that service is restored.
    .post("/v1/incidents/:incident/restoration") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.restoration(&body) }
    },
    // Resolves it.
    .post("/v1/incidents/:incident/resolution") {
      try await $0.resolve($1)
    },
    // The lead confirms a resolution that they had agreed to by phone.
    .post("/v1/incidents/:incident/agreement") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.agreement(&body) }
    },
    // Finishes a version of the post-incident review.
    .post("/v1/incidents/:incident/review") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.review(&body) }
    },
    // Closes it, with an override and its reason if a gate is in the way.
    .post("/v1/incidents/:incident/closure") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.closure(&body) }
    },
    // Waives its review, for one of the fixed reasons.
    .post("/v1/incidents/:incident/review/waiver") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.waiver(&body) }
    },
    // It is not over.
    .post("/v1/incidents/:incident/reopening") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.reopening(&body) }
    },
    // It never was an incident.
    .post("/v1/incidents/:incident/cancellation") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.cancellation(&body) }
    },
    // It is the same as another.
    .post("/v1/incidents/:incident/duplication") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.duplication(&body) }
    },
    // Sets the cyber or the data flag.
    .post("/v1/incidents/:incident/flags") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.flag(&body) }
    },
    // Clears a flag, with its reason.
    .post("/v1/incidents/:incident/flag-clearances") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.flagClearance(&body) }
    },
    // Says that a flag which triage asked about does not hold.
    .post("/v1/incidents/:incident/flag-dismissals") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.flagDismissal(&body) }
    },
    // Records that the specialist team was told.
    .post("/v1/incidents/:incident/flag-reports") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.flagReport(&body) }
    },
    // Keeps it whatever its age, until that is released.
    .post("/v1/incidents/:incident/hold") { try await $0.hold($1, isRelease: false) },
    .post("/v1/incidents/:incident/hold/release") { try await $0.hold($1, isRelease: true) },
    // It waits: a P3 to P6 pauses until somebody looks again, of a P1 or P2 it is only said.
    .post("/v1/incidents/:incident/waiting") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.waiting(&body) }
    },
    // It waits no more.
    .post("/v1/incidents/:incident/waiting/end") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.waitingEnd(&body) }
    },
    // Records the ticket in the department's system.
    .post("/v1/incidents/:incident/ticket") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.ticket(&body) }
    },
    // The first answer to a P5 or P6, or that it is logged and nothing is done.
    .post("/v1/incidents/:incident/answer") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.answer(&body) }
    },
    // Why it was handed over, where that was not said then.
    .post("/v1/incidents/:incident/hand-over/reason") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.handOverReason(&body) }
    },
    // How another service is affected.
    .post("/v1/incidents/:incident/affected-services") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.affectedService(&body) }
    },
    // Its lead service, whose teams then support it.
    .post("/v1/incidents/:incident/service") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.leadService(&body) }
    },
    // The major incident that it belongs to.
    .post("/v1/incidents/:incident/parent") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.parent(&body) }
    },
    // The earlier incident that it is a recurrence of.
    .post("/v1/incidents/:incident/recurrence") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.recurrence(&body) }
    },
    // A change that caused it.
    .post("/v1/incidents/:incident/changes") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.changeLink(&body) }
    },
    // A supplier who works on it, and when they promised to be heard of next.
    .post("/v1/incidents/:incident/suppliers") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.engagedSupplier(&body) }
    },
    // A person or team from outside its teams.
    .post("/v1/incidents/:incident/specialists") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.specialist(&body) }
    },
    // The lead's first assessment: the first line of the report.
    .post("/v1/incidents/:incident/assessment") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.assessment(&body) }
    },
    // Sets a date for the review, and says who takes part.
    .post("/v1/incidents/:incident/review/arrangement") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.reviewPlan(&body) }
    },
    // An action of the review is done.
    .post("/v1/incidents/:incident/review/completion") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.completion(&body) }
    },
    // Tells senior management.
    .post("/v1/incidents/:incident/escalation") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.escalation(&body) }
    },
    // Answers a page of whoever asks.
    .post("/v1/incidents/:incident/pages/answer") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.pageAnswer(&body) }
    },
    // What whoever asks and their teams owe; with ?of=mine only what falls to them by name.
    .get("/v1/me/duties") { try await $0.listMyDuties() },
    // The open pages of whoever asks.
    .get("/v1/pages") { try await $0.listPages() },
  ]

  /// Finding and keeping what was found.
  private static let finding: [Route<Exchange>] = [
    // Incidents by the words that were said of them: ?q= words, "phrases", prefix* or a reference.
    .get("/v1/search") { try await $0.search() },
    // Saved views: one's own and one's teams'.
    .get("/v1/views") { try await $0.listViews() },
    .post("/v1/views") { try await $0.saveView() },
    // One view, to whoever it belongs or, where it is shared, whoever has its link.
    .get("/v1/views/:view") { try await $0.showView($1) },
    .post("/v1/views/:view/removal") { (exchange: Exchange, view: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .removeView(view)
      }
    },
  ]

  /// What monitoring systems say.
  private static let alerts: [Route<Exchange>] = [
    // Alertmanager's webhook, version 4: 200 when a quorum has all of it, 5xx to send it again.
    .post("/v1/alerts/alertmanager") { try await $0.takeAlerts() }
  ]

  /// People, teams, services, who is on call, and what the department has settled.
  private static let department: [Route<Exchange>] = [
    // Services by key.
    .get("/v1/services") { try await $0.listServices() },
    .post("/v1/services") {
      try await $0.write { clerk, body throws(Problem) in
        .addService(try clerk.newService(&body))
      }
    },
    // One service, by its id or key.
    .get("/v1/services/:service") { try await $0.showService($1) },
    // How it is run: who does what, whom to tell and to call, what is missing.
    .get("/v1/services/:service/arrangement") { try await $0.showArrangement(of: $1) },
    .post("/v1/services/:service/arrangement") { try await $0.arrange($1) },
    // Its manual has both reporting requirements of guidance 1.
    .post("/v1/services/:service/manual-confirmation") { try await $0.confirmManual(of: $1) },
    // It goes live, if nothing is missing; or is not live any more.
    .post("/v1/services/:service/live") { try await $0.goLive($1) },
    .post("/v1/services/:service/withdrawal") { try await $0.withdraw($1) },
    // What the department owes its services.
    .get("/v1/duties") { try await $0.listDuties() },
    // Its ingest keys, without their secrets.
    .get("/v1/services/:service/ingest-keys") { try await $0.listIngestKeys(of: $1) },
    // Issues a key to post its alerts with; the answer is the only place where it is ever shown.
    .post("/v1/services/:service/ingest-keys") { try await $0.issueIngestKey(for: $1) },
    // Its keys and certificates, without secrets.
    .get("/v1/services/:service/keys") { try await $0.listServiceKeys(of: $1) },
    // Issues a key, which is shown this once, or makes a certificate known.
    .post("/v1/services/:service/keys") { try await $0.issueServiceKey(for: $1) },
    // What it does otherwise than the department, now or in an earlier ?version=.
    .get("/v1/services/:service/policy") { try await $0.showServicePolicy(of: $1) },
    // Changes that: what is left out stays, null is as the department has it, and with ?dryRun=true it only
    // says what would change.
    .post("/v1/services/:service/policy") { try await $0.changeServicePolicy(of: $1) },
    .get("/v1/teams") { try await $0.listTeams() },
    .post("/v1/teams") {
      try await $0.write { clerk, body throws(Problem) in .addTeam(try clerk.newTeam(&body)) }
    },
    // One team, by its id or name.
    .get("/v1/teams/:team") { try await $0.showTeam($1) },
    // Somebody joins, changes their role or, with a role of null, leaves.
    .post("/v1/teams/:team/members") { (exchange: Exchange, team: String) in
      try await exchange.write { clerk, body throws(Problem) in
        .setMember(try clerk.member(of: try clerk.facts.team(team).id, &body))
      }
    },
    .get("/v1/people") { try await $0.listPeople() },
    .post("/v1/people") {
      try await $0.write { clerk, body throws(Problem) in .addPerson(try clerk.newPerson(&body)) }
    },
    // One person, by their id or address; "me" is whoever asks.
    .get("/v1/people/:person") { try await $0.showPerson($1) },
    // A leaver: their tokens stop working at once.
    .post("/v1/people/:person/deactivation") { try await $0.deactivate($1) },
    // The tokens of a person, without their secrets.
    .get("/v1/people/:person/tokens") { try await $0.listTokens(of: $1) },
    // Issues a token; the answer is the only place where it is ever shown.
    .post("/v1/people/:person/tokens") { try await $0.issueToken(to: $1) },
    .post("/v1/tokens/:token/revocation") { (exchange: Exchange, token: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .revokeCredential(token)
      }
    },
    // Who is on call, now or ?at= a time, for ?service= or for all.
    .get("/v1/on-call") { try await $0.showOnCall() },
    .post("/v1/on-call") {
      try await $0.write { clerk, body throws(Problem) in .assignOnCall(try clerk.onCall(&body)) }
    },
    // People, teams, memberships and services by the department's own ids, as JSON or ?format=csv.
    .get("/v1/directory") { try await $0.exportDirectory() },
    // Takes in such a document, as a whole; with ?dryRun=true it only says what would change, and only
    // with ?prune=true does it remove what the document does not name.
    .post("/v1/directory") { try await $0.importDirectory() },
    // Calendars by which working time is counted, those that ship among them.
    .get("/v1/calendars") { try await $0.listCalendars() },
    // One, with its holidays.
    .get("/v1/calendars/:calendar") { try await $0.showCalendar($1) },
    // Changes one, or makes a new one: what is left out stays.
    .post("/v1/calendars/:calendar") { try await $0.setCalendar($1) },
    // Takes in bank holidays as GOV.UK publishes them; with ?dryRun=true it only says what would change.
    .post("/v1/bank-holidays") { try await $0.importBankHolidays() },
    .get("/v1/settings") { try await $0.showSettings() },
    // What is left out stays; with ?dryRun=true it only says what would change.
    .post("/v1/settings") { try await $0.changeSettings() },
    // Every change of them: by whom, when, from what to what.
    .get("/v1/settings/versions") { try await $0.listSettingsVersions() },
  ]

  /// Signing in with a password, a printed code or the department's identity provider.
  private static let signIn: [Route<Exchange>] = [
    // An account with its password or a printed code: sets the cookie of a session. No token.
    .post("/v1/sign-in") { try await $0.signIn() },
    // Sends the browser to the department's identity provider. No token.
    .get("/v1/sign-in/provider") { try await $0.goToProvider() },
    // The browser is back from there with a code. No token.
    .get("/v1/sign-in/provider/callback") { try await $0.returnFromProvider() },
    // Ends the session that asks.
    .post("/v1/sign-out") { try await $0.signOut() },
    // What whoever asks signs in with, and their sessions.
    .get("/v1/me/sign-in") { try await $0.showSignIn() },
    // A password, in the place of the current one.
    .post("/v1/me/password") { try await $0.setPassword() },
    // Ten printed codes; the answer is the only place where they are ever shown.
    .post("/v1/me/codes") { try await $0.makeCodes() },
    // Password, codes and sessions of somebody end: a phone was lost.
    .post("/v1/people/:person/sign-in/removal") { try await $0.clearMeans(of: $1) },
  ]

  /// The node itself, and who asks it.
  private static let node: [Route<Exchange>] = [
    // The person whose token this is.
    .get("/v1/me") { try await $0.showMe() },
    // Incidents of which the record says no more than that there were such.
    .get("/v1/purges") { try await $0.listPurges() },
    // Who broke the glass in the last seven days.
    .get("/v1/break-glass") { try await $0.listGlass() },
    // An administrator sees and does everything about one incident or team for an hour.
    .post("/v1/break-glass") { try await $0.breakGlass() },
    // The record of everything that was done, with what proves it.
    .get("/v1/audit") { try await $0.showAudit() },
    // Role, leader, term, indexes and peers of this node.
    .get("/v1/cluster") { try await $0.showCluster() },
    // A node that is to be a member.
    .post("/v1/cluster/members") { try await $0.addMember() },
    // The tokens to join with, without their secrets.
    .get("/v1/cluster/join-tokens") { try await $0.listJoinTokens() },
    // Issues a token by its hash: the secret stays with whoever made it.
    .post("/v1/cluster/join-tokens") {
      try await $0.write { clerk, body throws(Problem) in
        .issueJoinToken(try clerk.newJoinToken(&body))
      }
    },
    // A node has come with its token, which works no more.
    .post("/v1/cluster/join-tokens/:token/use") { (exchange: Exchange, token: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .useJoinToken(token)
      }
    },
    // A member leaves for good.
    .post("/v1/cluster/members/:node/removal") { try await $0.removeMember($1) },
    // An entry that no node can apply is applied as nothing.
    .post("/v1/cluster/skips") { try await $0.skipEntry() },
    // Leadership goes to another node.
    .post("/v1/cluster/transfer") { try await $0.transferLeadership() },
    // The node's numbers, for Prometheus.
    .get("/metrics") { try await $0.showMetrics() },
    // 200 while the process answers. No token.
    .get("/livez") { await $0.live() },
    // 200 while this node can take work, 503 otherwise. No token.
    .get("/readyz") { await $0.ready() },
  ]
}
