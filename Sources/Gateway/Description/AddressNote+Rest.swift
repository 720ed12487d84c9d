extension AddressNote {
  /// Everything else.
  static let ofTheRest: [String: AddressNote] = [
    "GET /v1/messages": AddressNote(
      "The messages for whoever asks, latest first; with ?unread=true those that they have not read.",
      .messages, query: ["limit", "after", "unread"]),
    "POST /v1/messages/:message/acknowledgement": AddressNote(
      "Whoever asks has read it.", .messages),
    "GET /v1/notices": AddressNote(
      "What everybody who signs in is told, latest first.", .messages, query: page),
    "POST /v1/notices/:notice/withdrawal": AddressNote(
      "Everybody is told it no more.", .messages),
    "GET /v1/templates": AddressNote(
      "The words around what is told: those that were there from the beginning and those of the department.",
      .messages),
    "GET /v1/templates/:audience": AddressNote(
      "The words for an audience, a priority and a language.", .messages,
      query: ["priority", "language"]),
    "POST /v1/templates": AddressNote(
      "The department's own words around what is told.", .messages,
      example: #"{"audience":"team","subject":"{title}","body":"{what}"}"#),
    "GET /v1/stream": AddressNote(
      "Server-sent events of incidents, narrowed by team, service, priority; Last-Event-ID goes on.",
      .stream, query: ["team", "service", "priority", "after"]),
    "GET /v1/triage": AddressNote(
      "The questions by which a priority is found, their answers, and the definitions.", .incidents,
      query: ["service"]),
    "POST /v1/triage/suggestion": AddressNote(
      "What answers suggest, and why. Changes nothing, so it takes no key.", .incidents,
      example: #"{"anchor":"cosmetic"}"#),
    "GET /v1/backlog": AddressNote(
      "What waits in the backlog, in its order; filtered by service, team, priority.", .incidents,
      query: filters),
    "GET /v1/process": AddressNote(
      "The same of each incident of a span, as JSON or ?format=csv.", .incidents,
      query: ["from", "until", "service", "team", "format", "after"]),
    "GET /v1/insights": AddressNote(
      "Counts and times of the incidents of a span, as JSON or ?format=csv.", .incidents,
      query: ["from", "until", "service", "team", "format"]),
    "GET /v1/me/duties": AddressNote(
      "What whoever asks and their teams owe; with ?of=mine only what falls to them by name.",
      .signIn, query: ["limit", "after", "of"]),
    "GET /v1/pages": AddressNote(
      "The open pages of whoever asks.", .incidents, query: page),
    "GET /v1/search": AddressNote(
      "Incidents by the words that were said of them: ?q= words, \"phrases\", prefix* or a reference.",
      .finding, query: ["q", "limit", "after"]),
    "GET /v1/views": AddressNote(
      "Saved views: one's own and one's teams'.", .finding, query: page),
    "POST /v1/views": AddressNote(
      "Saves a view, or changes one.", .finding,
      example: #"{"name":"Ours"}"#),
    "GET /v1/views/:view": AddressNote(
      "One view, to whoever it belongs or, where it is shared, whoever has its link.", .finding),
    "POST /v1/views/:view/removal": AddressNote(
      "The view goes.", .finding),
    "POST /v1/alerts/alertmanager": AddressNote(
      "Alertmanager's webhook, version 4: 200 when a quorum has all of it, 5xx to send it again.",
      .alerts),
    "GET /v1/services": AddressNote(
      "Services by key.", .department, query: page),
    "POST /v1/services": AddressNote(
      "Adds a service.", .department,
      example:
        #"{"key":"mail","name":"Mail","firstLine":"Help Desk","secondLine":"Ops","thirdLine":"Product","defaultPriority":"P3"}"#
    ),
    "GET /v1/services/:service": AddressNote(
      "One service, by its id or key.", .department),
    "GET /v1/services/:service/arrangement": AddressNote(
      "How it is run: who does what, whom to tell and to call, what is missing.", .department),
    "POST /v1/services/:service/arrangement": AddressNote(
      "Changes that: what is left out stays.", .department,
      example:
        #"{"manual":"https://manual.example","smallerTeam":{"agreedBy":"second@example.org","reviewAt":"2099-01-01T00:00:00Z"},"stakeholders":[{"name":"Press","email":"press@example.org","priority":"P1"}],"suppliers":[{"name":"Cards Ltd","reference":"C-1"}],"channels":["mail"]}"#
    ),
    "POST /v1/services/:service/manual-confirmation": AddressNote(
      "Its manual has both reporting requirements of guidance 1.", .department),
    "POST /v1/services/:service/live": AddressNote(
      "It goes live, if nothing is missing.", .department),
    "POST /v1/services/:service/withdrawal": AddressNote(
      "It is not live any more, with the reason.", .department,
      example: #"{"reason":"It moves."}"#),
    "GET /v1/duties": AddressNote(
      "What the department owes its services.", .incidents, query: page),
    "GET /v1/services/:service/ingest-keys": AddressNote(
      "Its ingest keys, without their secrets.", .department),
    "POST /v1/services/:service/ingest-keys": AddressNote(
      "Issues a key to post its alerts with; the answer is the only place where it is ever shown.",
      .department,
      example: #"{"label":"alertmanager"}"#),
    "GET /v1/services/:service/keys": AddressNote(
      "Its keys and certificates, without secrets.", .department),
    "POST /v1/services/:service/keys": AddressNote(
      "Issues a key, which is shown this once, or makes a certificate known.", .department,
      example:
        #"{"label":"importer","scopes":["read","declare"],"expiresAt":"2099-01-01T00:00:00Z"}"#),
    "GET /v1/services/:service/policy": AddressNote(
      "What it does otherwise than the department, now or in an earlier ?version=.", .department,
      query: ["version"]),
    "POST /v1/services/:service/policy": AddressNote(
      "Changes that: what is left out stays, null is as the department has it, and with ?dryRun=true it only says what would change.",
      .department, query: ["dryRun"], example: #"{"calendar":"scotland"}"#),
    "GET /v1/teams": AddressNote(
      "Teams by name.", .department, query: page),
    "POST /v1/teams": AddressNote(
      "Adds a team.", .department,
      example:
        #"{"name":"Network","line":"third","members":[{"person":"third@example.org","role":"member"}]}"#
    ),
    "GET /v1/teams/:team": AddressNote(
      "One team, by its id or name.", .department),
    "POST /v1/teams/:team/members": AddressNote(
      "Somebody joins, changes their role or, with a role of null, leaves.", .department,
      example: #"{"person":"outsider@example.org","role":"member"}"#),
    "GET /v1/people": AddressNote(
      "People by name.", .department, query: page),
    "POST /v1/people": AddressNote(
      "Adds a person.", .department,
      example: #"{"name":"Ben","email":"ben@example.org","administrator":false,"auditor":false}"#),
    "GET /v1/people/:person": AddressNote(
      "One person, by their id or address; \"me\" is whoever asks.", .department),
    "POST /v1/people/:person/deactivation": AddressNote(
      "A leaver: their tokens stop working at once.", .department),
    "GET /v1/people/:person/tokens": AddressNote(
      "The tokens of a person, without their secrets.", .department, query: page),
    "POST /v1/people/:person/tokens": AddressNote(
      "Issues a token; the answer is the only place where it is ever shown.", .department,
      example: #"{"label":"laptop","expiresAt":"2099-01-01T00:00:00Z","readOnly":true}"#),
    "POST /v1/tokens/:token/revocation": AddressNote(
      "A token works no more.", .department),
    "GET /v1/on-call": AddressNote(
      "Who is on call, now or ?at= a time, for ?service= or for all.", .department,
      query: ["limit", "after", "service", "at"]),
    "POST /v1/on-call": AddressNote(
      "Says who is on call, from when until when.", .department,
      example:
        #"{"service":"payments","person":"second@example.org","role":"second","from":"2099-01-01T09:00:00Z","until":"2099-01-02T09:00:00Z"}"#
    ),
    "GET /v1/directory": AddressNote(
      "People, teams, memberships and services by the department's own ids, as JSON or ?format=csv.",
      .department, query: ["format"]),
    "POST /v1/directory": AddressNote(
      "Takes in such a document, as a whole; with ?dryRun=true it only says what would change, and only with ?prune=true does it remove what the document does not name. A repeat says repeated, and its counts are of what would change now.",
      .department, query: ["dryRun", "prune"],
      example: #"{"people":[],"teams":[],"memberships":[],"services":[]}"#),
    "GET /v1/calendars": AddressNote(
      "Calendars by which working time is counted, those that ship among them.", .department),
    "GET /v1/calendars/:calendar": AddressNote(
      "One, with its holidays.", .department),
    "POST /v1/calendars/:calendar": AddressNote(
      "Changes one, or makes a new one: what is left out stays.", .department,
      example: #"{"name":"Alba"}"#),
    "POST /v1/bank-holidays": AddressNote(
      "Takes in bank holidays as GOV.UK publishes them; with ?dryRun=true it only says what would change. A repeat says repeated, and its differences are of what would change now.",
      .department, query: ["dryRun"],
      example: #"{"scotland":{"events":[]}}"#),
    "GET /v1/settings": AddressNote(
      "What the department has settled.", .department),
    "POST /v1/settings": AddressNote(
      "What is left out stays; with ?dryRun=true it only says what would change.", .department,
      query: ["dryRun"],
      example:
        #"{"dutyContact":"delivery@example.org","retention":{"ordinaryDays":730,"seriousDays":2555},"severities":[{"severity":"critical","priority":"P1"}]}"#
    ),
    "GET /v1/settings/versions": AddressNote(
      "Every change of them: by whom, when, from what to what.", .department, query: page),
    "POST /v1/sign-in": AddressNote(
      "An account with its password or a printed code: sets the cookie of a session. A repeat with the same key signs in once more: the key keeps pages of other sites from asking.",
      .signIn,
      isOpen: true,
      example: #"{"account":"ana@example.org","password":"correct horse battery staple"}"#),
    "GET /v1/sign-in/provider": AddressNote(
      "Sends the browser to the department's identity provider.", .signIn, query: ["to"],
      isOpen: true),
    "GET /v1/sign-in/provider/callback": AddressNote(
      "The browser is back from there with a code.", .signIn, query: ["state", "code", "error"],
      isOpen: true),
    "POST /v1/sign-out": AddressNote(
      "Ends the session that asks.", .signIn),
    "GET /v1/me/sign-in": AddressNote(
      "What whoever asks signs in with, and their sessions.", .signIn),
    "POST /v1/me/password": AddressNote(
      "A password, in the place of the current one.", .signIn,
      example: #"{"password":"correct horse battery staple"}"#),
    "POST /v1/me/codes": AddressNote(
      "Ten printed codes; the answer is the only place where they are ever shown.", .signIn),
    "POST /v1/people/:person/sign-in/removal": AddressNote(
      "Password, codes and sessions of somebody end: a phone was lost.", .department),
    "GET /v1/me": AddressNote(
      "The person whose token this is.", .signIn),
    "GET /v1/purges": AddressNote(
      "Incidents of which the record says no more than that there were such.", .record),
    "GET /v1/break-glass": AddressNote(
      "Who broke the glass in the last seven days.", .record),
    "POST /v1/break-glass": AddressNote(
      "An administrator sees and does everything about one incident or team for an hour.", .record,
      example: #"{"team":"Elsewhere","reason":"Nobody answers."}"#),
    "GET /v1/audit": AddressNote(
      "The record of everything that was done, with what proves it.", .record, query: page),
    "GET /v1/cluster": AddressNote(
      "Role, leader, term, indexes and peers of this node.", .node),
    "POST /v1/cluster/members": AddressNote(
      "A node that is to be a member.", .node),
    "GET /v1/cluster/join-tokens": AddressNote(
      "The tokens to join with, without their secrets.", .node, query: page),
    "POST /v1/cluster/join-tokens": AddressNote(
      "Issues a token by its hash: the secret stays with whoever made it.", .node,
      example:
        #"{"label":"node 4","hash":"abababababababababababababababababababababababababababababababab","expiresAt":"2099-01-01T00:00:00Z"}"#
    ),
    "POST /v1/cluster/join-tokens/:token/use": AddressNote(
      "A node has come with its token, which works no more.", .node),
    "POST /v1/cluster/members/:node/removal": AddressNote(
      "A member leaves for good.", .node),
    "POST /v1/cluster/skips": AddressNote(
      "An entry that no node can apply is applied as nothing.", .node,
      example: #"{"index":1}"#),
    "POST /v1/cluster/transfer": AddressNote(
      "Leadership goes to another node.", .node),
    "GET /metrics": AddressNote(
      "The node's numbers, for Prometheus.", .node),
    "GET /livez": AddressNote(
      "200 while the process answers.", .node, isOpen: true),
    "GET /readyz": AddressNote(
      "200 while this node can take work, 503 otherwise.", .node, isOpen: true),
    "GET /openapi.json": AddressNote(
      "This interface, as OpenAPI 3.1.", .node, isOpen: true),
    "GET /v1/problems": AddressNote(
      "Every type of problem that an answer can have, and what to do.", .node, isOpen: true),
    "GET /v1/webhooks": AddressNote(
      "The webhooks, and how each stands; their secrets are shown nowhere.", .webhooks,
      query: page),
    "POST /v1/webhooks": AddressNote(
      "A new one; the answer is the only place where its secret is ever shown.", .webhooks,
      example: #"{"name":"Chat","address":"https://chat.example/x"}"#),
    "GET /v1/webhooks/:webhook": AddressNote("One of them.", .webhooks),
    "POST /v1/webhooks/:webhook": AddressNote(
      "Changes it: what is left out stays.", .webhooks),
    "POST /v1/webhooks/:webhook/removal": AddressNote(
      "It goes, and nothing is posted to it any more.", .webhooks),
    "POST /v1/webhooks/:webhook/rotation": AddressNote(
      "Another secret, shown this once.", .webhooks),
    "POST /v1/webhooks/:webhook/test": AddressNote("Posts a test to it.", .webhooks),
    "GET /v1/webhooks/:webhook/deliveries": AddressNote(
      "What was posted to it or shall be, and what came of it.", .webhooks, query: page),
    "POST /v1/webhooks/:webhook/deliveries/:delivery/resend": AddressNote(
      "Posts it once more.", .webhooks),
    "GET /a/:link": AddressNote(
      "The link in a page: asks what to answer, and changes nothing.", .webhooks, isOpen: true),
    "POST /a/:link": AddressNote(
      "Its form: answers for whoever was paged.", .webhooks, isOpen: true),
  ]
}
