extension AddressNote {
  /// What is asked of incidents.
  static let ofIncidents: [String: AddressNote] = [
    "GET /v1/incidents/:incident/communications": AddressNote(
      "What was told or shall be, with author, approver, times and results.", .incidents,
      query: page),
    "POST /v1/incidents/:incident/communications": AddressNote(
      "A draft, or other words for one.", .incidents,
      example: #"{"audience":"stakeholders","what":"We are on it."}"#),
    "GET /v1/incidents/:incident/communications/:communication": AddressNote(
      "One of what was told or shall be.", .incidents),
    "GET /v1/incidents/:incident/communications/preview": AddressNote(
      "How it would read, by its template.", .incidents,
      query: ["audience", "language", "what", "affected", "meanwhile", "nextUpdateAt"]),
    "POST /v1/incidents/:incident/communications/:communication/approval": AddressNote(
      "A second person agrees.", .incidents),
    "POST /v1/incidents/:incident/communications/:communication/sending": AddressNote(
      "It was sent; with an override and its reason if it goes without that.", .incidents),
    "POST /v1/incidents/:incident/communications/:communication/withdrawal": AddressNote(
      "It shall not be sent.", .incidents,
      example: #"{"reason":"It was mended."}"#),
    "POST /v1/incidents/:incident/communications/:communication/deliveries": AddressNote(
      "What became of it, for one group of its recipients.", .incidents),
    "POST /v1/incidents/:incident/stakeholders": AddressNote(
      "Names somebody to be kept informed, or takes them off.", .incidents,
      example: #"{"address":"press@example.org"}"#),
    "POST /v1/incidents/:incident/reach": AddressNote(
      "Whether it affects the whole department, or why all staff need not be told.", .incidents,
      example: #"{"wholeDepartment":true}"#),
    "POST /v1/incidents/:incident/delay": AddressNote(
      "Why an update is late.", .incidents,
      example: #"{"reason":"Nobody was free."}"#),
    "POST /v1/incidents/:incident/notification": AddressNote(
      "Whether a breach is notified.", .incidents,
      example: #"{"notify":true,"reason":"People are at risk."}"#),
    "POST /v1/incidents/:incident/sight": AddressNote(
      "Lets everybody know of what is only a matter of cyber security, names somebody, or takes them off.",
      .incidents,
      example: #"{"action":"add","person":"guest@example.org"}"#),
    "POST /v1/incidents/:incident/faces": AddressNote(
      "What staff are told in its stead: a draft, which becomes a notice once a second person agrees.",
      .incidents,
      example: #"{"title":"Beware","body":"Delete it."}"#),
    "POST /v1/incidents/:incident/faces/:face/approval": AddressNote(
      "A second person agrees: it becomes a notice.", .incidents),
    "POST /v1/incidents/:incident/faces/:face/withdrawal": AddressNote(
      "The draft is not to be told.", .incidents),
    "GET /v1/incidents/:incident/messages": AddressNote(
      "Who was told of it at once, and what became of that.", .incidents, query: page),
    "POST /v1/incidents": AddressNote(
      "Declares an incident: 201 with its id and reference.", .incidents,
      example:
        #"{"title":"Nobody can pay","description":"Since 9 every card is refused.","service":"payments","impact":"high","urgency":"high","source":{"kind":"staff","reference":"OSS-4711"},"reference":"shop-17","exercise":false}"#
    ),
    "POST /v1/acknowledgements": AddressNote(
      "Acknowledges up to 100 incidents, each with an outcome of its own; a P1 or P2 is passed over.",
      .incidents,
      example: #"{"incidents":["0199c1a2-0000-7000-8000-000000000002"]}"#),
    "POST /v1/assignments": AddressNote(
      "Offers a role on up to 100 incidents to a person, or hands them to a line, each with an outcome of its own.",
      .incidents,
      example:
        #"{"incidents":["0199c1a2-0000-7000-8000-000000000002"],"person":"second@example.org","role":"lead"}"#
    ),
    "GET /v1/incidents": AddressNote(
      "Incidents, latest first unless sort= says priority or due; narrowed by state, status, service, team, priority, flag, holder, lead, reporter, exercise, overdue, from, until, referencePrefix or a view.",
      .incidents, query: page + filters),
    "GET /v1/incidents/counts": AddressNote(
      "How many are not over, by status and priority; narrowed as the list is.", .incidents,
      query: filters),
    "GET /v1/incidents/:incident": AddressNote(
      "One incident, with clocks, roles, flags and duties.", .incidents, query: ["asOf"]),
    "GET /v1/incidents/:incident/timeline": AddressNote(
      "Everything that happened, in order.", .incidents, query: ["limit", "after", "asOf"]),
    "GET /v1/incidents/:incident/report": AddressNote(
      "The incident report, as JSON or with ?format= as html or markdown; ?asOf= is a position or a time.",
      .incidents, query: ["asOf", "format"]),
    "GET /v1/incidents/:incident/report/versions": AddressNote(
      "The versions of it that are kept, and one of them byte for byte.", .incidents),
    "GET /v1/incidents/:incident/report/versions/:version": AddressNote(
      "One kept version, byte for byte.", .incidents),
    "POST /v1/incidents/:incident/report/redactions": AddressNote(
      "Keeps a version from which something is withheld.", .incidents,
      example: #"{"redactions":[{"pattern":"Nobody can","reason":"Personal."}]}"#),
    "GET /v1/incidents/:incident/process": AddressNote(
      "What the process asked for, step by step: when it was due, when it was done, and by whom.",
      .incidents),
    "POST /v1/incidents/:incident/acknowledgement": AddressNote(
      "\"We have it.\"", .incidents),
    "POST /v1/incidents/:incident/priority": AddressNote(
      "States or confirms the priority.", .incidents,
      example: #"{"priority":"P1","reason":"Nobody can pay.","confirm":true}"#),
    "POST /v1/incidents/:incident/proposals": AddressNote(
      "Proposes a priority, to cancel it, or that it is a duplicate, for those who decide it.",
      .incidents,
      example: #"{"action":"priority","priority":"P1"}"#),
    "POST /v1/incidents/:incident/proposal-decisions": AddressNote(
      "Accepts or declines what was proposed.", .incidents,
      example: #"{"accept":true}"#),
    "POST /v1/incidents/:incident/roles": AddressNote(
      "Gives, accepts, declines, takes or leaves a role.", .incidents,
      example: #"{"role":"documenter","action":"take"}"#),
    "POST /v1/incidents/:incident/notes": AddressNote(
      "Writes an entry into the timeline.", .incidents,
      example: #"{"type":"finding","text":"Seen."}"#),
    "POST /v1/incidents/:incident/updates": AddressNote(
      "Records a communication that was sent.", .incidents,
      example: #"{"audience":"stakeholders","text":"We are on it."}"#),
    "POST /v1/incidents/:incident/status": AddressNote(
      "Begins work, says that it is mitigated, or moves it to the backlog.", .incidents,
      example: #"{"to":"mitigated"}"#),
    "POST /v1/incidents/:incident/hand-over": AddressNote(
      "Hands it to another line of support.", .incidents,
      example: #"{"to":"third","reason":"It needs a developer."}"#),
    "POST /v1/incidents/:incident/restoration": AddressNote(
      "Technical support says that service is restored.", .incidents),
    "POST /v1/incidents/:incident/resolution": AddressNote(
      "Resolves it.", .incidents,
      example: #"{"fix":"The certificate was renewed.","cause":"It ran out.","takeLead":true}"#),
    "POST /v1/incidents/:incident/agreement": AddressNote(
      "The lead confirms a resolution that they had agreed to by phone.", .incidents),
    "POST /v1/incidents/:incident/review": AddressNote(
      "Finishes a version of the post-incident review.", .incidents,
      example:
        #"{"summary":"It ran out.","impact":"No payments.","beganAt":"2026-11-26T09:00:00Z","cause":"Nobody renewed it.","contributingFactors":["Nobody was told."],"wentWell":["It was found soon."],"wentBadly":["Nobody was on call."],"actions":[{"what":"Renew it by machine.","owner":"second@example.org","due":"2099-01-01T09:00:00Z"}],"attendees":["second@example.org"]}"#
    ),
    "POST /v1/incidents/:incident/closure": AddressNote(
      "Closes it, with an override and its reason if a gate is in the way.", .incidents),
    "POST /v1/incidents/:incident/review/waiver": AddressNote(
      "Waives its review, for one of the fixed reasons.", .incidents,
      example: #"{"reason":"false-alarm"}"#),
    "POST /v1/incidents/:incident/reopening": AddressNote(
      "It is not over.", .incidents,
      example: #"{"reason":"It is back."}"#),
    "POST /v1/incidents/:incident/cancellation": AddressNote(
      "It never was an incident.", .incidents,
      example: #"{"reason":"Not an incident."}"#),
    "POST /v1/incidents/:incident/duplication": AddressNote(
      "It is the same as another.", .incidents,
      example: #"{"of":"0199c1a2-0000-7000-8000-000000000002","reason":"The same failure."}"#),
    "POST /v1/incidents/:incident/flags": AddressNote(
      "Sets the cyber or the data flag.", .incidents,
      example: #"{"flag":"cyber"}"#),
    "POST /v1/incidents/:incident/flag-clearances": AddressNote(
      "Clears a flag, with its reason.", .incidents,
      example: #"{"flag":"data","reason":"No data was in it."}"#),
    "POST /v1/incidents/:incident/flag-dismissals": AddressNote(
      "Says that a flag which triage asked about does not hold.", .incidents,
      example: #"{"flag":"data","reason":"It is test data."}"#),
    "POST /v1/incidents/:incident/flag-reports": AddressNote(
      "Records that the specialist team was told.", .incidents,
      example: #"{"flag":"data","by":"Ana"}"#),
    "POST /v1/incidents/:incident/hold": AddressNote(
      "Keeps it whatever its age, until that is released.", .incidents,
      example: #"{"reason":"A court asks.","reviewAt":"2099-01-01T09:00:00Z"}"#),
    "POST /v1/incidents/:incident/hold/release": AddressNote(
      "It is kept no longer than others.", .incidents,
      example: #"{"reason":"It is over."}"#),
    "POST /v1/incidents/:incident/waiting": AddressNote(
      "It waits: a P3 to P6 pauses until somebody looks again, of a P1 or P2 it is only said.",
      .incidents,
      example: #"{"on":"supplier"}"#),
    "POST /v1/incidents/:incident/waiting/end": AddressNote(
      "It waits no more.", .incidents),
    "POST /v1/incidents/:incident/ticket": AddressNote(
      "Records the ticket in the department's system.", .incidents,
      example: #"{"reference":"OSS-1"}"#),
    "POST /v1/incidents/:incident/answer": AddressNote(
      "The first answer to a P5 or P6, or that it is logged and nothing is done.", .incidents,
      example: #"{"logged":true}"#),
    "POST /v1/incidents/:incident/hand-over/reason": AddressNote(
      "Why it was handed over, where that was not said then.", .incidents,
      example: #"{"reason":"It needs a developer."}"#),
    "POST /v1/incidents/:incident/affected-services": AddressNote(
      "How another service is affected.", .incidents,
      example: #"{"service":"payments","state":"down"}"#),
    "POST /v1/incidents/:incident/service": AddressNote(
      "Its lead service, whose teams then support it.", .incidents,
      example: #"{"service":"payments"}"#),
    "POST /v1/incidents/:incident/parent": AddressNote(
      "The major incident that it belongs to.", .incidents,
      example: #"{"parent":null}"#),
    "POST /v1/incidents/:incident/recurrence": AddressNote(
      "The earlier incident that it is a recurrence of.", .incidents,
      example: #"{"of":null}"#),
    "POST /v1/incidents/:incident/changes": AddressNote(
      "A change that caused it.", .incidents,
      example: #"{"reference":"CHG-1"}"#),
    "POST /v1/incidents/:incident/suppliers": AddressNote(
      "A supplier who works on it, and when they promised to be heard of next.", .incidents,
      example: #"{"name":"Cards Ltd"}"#),
    "POST /v1/incidents/:incident/specialists": AddressNote(
      "A person or team from outside its teams.", .incidents,
      example: #"{"team":"Elsewhere"}"#),
    "POST /v1/incidents/:incident/assessment": AddressNote(
      "The lead's first assessment: the first line of the report.", .incidents,
      example: #"{"what":"It ran out.","affected":"All who pay.","next":"Renew it."}"#),
    "POST /v1/incidents/:incident/review/arrangement": AddressNote(
      "Sets a date for the review, and says who takes part.", .incidents,
      example: #"{"at":"2099-01-01T09:00:00Z"}"#),
    "POST /v1/incidents/:incident/review/completion": AddressNote(
      "An action of the review is done.", .incidents,
      example: #"{"action":1}"#),
    "POST /v1/incidents/:incident/escalation": AddressNote(
      "Tells senior management.", .incidents,
      example: #"{"reason":"The press asks."}"#),
    "POST /v1/incidents/:incident/pages/answer": AddressNote(
      "Answers a page of whoever asks.", .incidents,
      example: #"{"answer":"on-it"}"#),
  ]
}
