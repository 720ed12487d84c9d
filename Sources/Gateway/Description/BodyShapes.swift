/// What each address takes, as its own reader tells: made by asking it, and held to it by a test.
package enum BodyShapes {
  /// Addresses that take a document of others, or lists of any labels, which is described elsewhere.
  package static let documents: Set<String> = [
    "POST /v1/alerts/alertmanager", "POST /v1/directory", "POST /v1/bank-holidays", "POST /a/:link",
  ]

  /// The shape of an address's body, by method and pattern.
  package static let all: [String: BodyShape] = {
    var shapes: [String: BodyShape] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      shapes["POST \(parts[0])"] = BodyShape(String(parts[1]))
    }
    return shapes
  }()

  private static let text = """
    /v1/acknowledgements {happenedAt?=time incidents!=[text(64)]}
    /v1/assignments {incidents!=[text(64)] line?=first|second|third person?=text(254) reason?=text(2048) role?=lead|comms-lead|documenter|technical-support}
    /v1/break-glass {incident=text(64) reason!=text(2048) team?=text(200)}
    /v1/calendars/:calendar {closes=text(64) holidays=[{date!=text(64) name=text(100)}] name=text(200) opens=text(64) workingDays=[text(64)] zone=text(64)}
    /v1/cluster/join-tokens {expiresAt!=time hash!=text(64) label!=text(100)}
    /v1/cluster/join-tokens/:token/use {}
    /v1/cluster/members {client=text(512) node!=whole peer=text(512) replaces?=whole}
    /v1/cluster/members/:node/removal {}
    /v1/cluster/skips {index?=whole}
    /v1/cluster/transfer {node?=whole}
    /v1/incidents {anchor?=critical-outage|unauthorised-access|critical-degraded|important-outage|key-intermittent|group-outage|senior-outage|component-failure|single-user|monitoring|cosmetic|information description?=text(16384) exercise?=flag happenedAt?=time impact?=low|medium|high priority?=P1|P2|P3|P4|P5|P6 recurrenceOf?=id reference?=text(200) service?=text(64) source?={kind!=alert|first-line|staff|supplier|watching reference?=text(200)} title!=text(200) triage?={data?=unaffected|other|sensitive deadline?=none|days|imminent function?=nothing-blocked|degraded-or-important-blocked|critical-blocked rate?=stable|slow|fast scope?=one|few|group|department seniority?=nobody|scs|ministers workaround?=easy|partial|none} urgency?=low|medium|high}
    /v1/incidents/:incident/acknowledgement {happenedAt?=time}
    /v1/incidents/:incident/affected-services {service!=text(64) state?=down|degraded|restored}
    /v1/incidents/:incident/agreement {}
    /v1/incidents/:incident/answer {logged?=flag text?=text(16384)}
    /v1/incidents/:incident/assessment {affected!=text(2048) next!=text(2048) what!=text(2048)}
    /v1/incidents/:incident/cancellation {reason!=text(2048)}
    /v1/incidents/:incident/changes {link?=text(2048) reference!=text(200) text?=text(2048)}
    /v1/incidents/:incident/closure {override?={reason?=text(2048)}}
    /v1/incidents/:incident/communications {affected?=text(2048) approver?=text(254) audience!=team|stakeholders|all-staff|status-page delayReason?=text(2048) id=id language=text(8) meanwhile?=text(2048) nextUpdateAt?=time noChange?=flag text?=text(16384) what=text(16384)}
    /v1/incidents/:incident/communications/:communication/approval {}
    /v1/incidents/:incident/communications/:communication/deliveries {at?=time detail?=text(2048) group!=text(200) outcome=queued|sent|failed|uncertain}
    /v1/incidents/:incident/communications/:communication/sending {override?={reason!=text(2048)}}
    /v1/incidents/:incident/communications/:communication/withdrawal {reason?=text(2048)}
    /v1/incidents/:incident/delay {reason!=text(2048)}
    /v1/incidents/:incident/duplication {of!=id reason?=text(2048)}
    /v1/incidents/:incident/escalation {reason!=text(2048)}
    /v1/incidents/:incident/faces {body!=text(8192) language=text(8) title!=text(200)}
    /v1/incidents/:incident/faces/:face/approval {}
    /v1/incidents/:incident/faces/:face/withdrawal {}
    /v1/incidents/:incident/flag-clearances {flag!=cyber|data reason!=text(2048)}
    /v1/incidents/:incident/flag-dismissals {flag!=cyber|data reason!=text(2048)}
    /v1/incidents/:incident/flag-reports {by!=text(200) flag!=cyber|data reference?=text(200) reportedAt?=time}
    /v1/incidents/:incident/flags {awareAt?=time flag!=cyber|data note?=text(2048)}
    /v1/incidents/:incident/hand-over {reason?=text(2048) to!=first|second|third}
    /v1/incidents/:incident/hand-over/reason {reason!=text(2048)}
    /v1/incidents/:incident/hold {reason!=text(2048) reviewAt!=time}
    /v1/incidents/:incident/hold/release {reason!=text(2048)}
    /v1/incidents/:incident/notes {corrects?=whole happenedAt?=time onBehalfOf?=text(254) text!=text(16384) type=action|decision|discussion|finding|communication|evidence|correction}
    /v1/incidents/:incident/notification {notify!=flag reason!=text(2048)}
    /v1/incidents/:incident/pages/answer {answer!=on-it|cannot-help|eta minutes?=whole}
    /v1/incidents/:incident/parent {parent!?=id}
    /v1/incidents/:incident/priority {anchor?=critical-outage|unauthorised-access|critical-degraded|important-outage|key-intermittent|group-outage|senior-outage|component-failure|single-user|monitoring|cosmetic|information confirm?=flag impact?=low|medium|high priority=P1|P2|P3|P4|P5|P6 reason?=text(2048) triage?={data?=unaffected|other|sensitive deadline?=none|days|imminent function?=nothing-blocked|degraded-or-important-blocked|critical-blocked rate?=stable|slow|fast scope?=one|few|group|department seniority?=nobody|scs|ministers workaround?=easy|partial|none} urgency?=low|medium|high}
    /v1/incidents/:incident/proposal-decisions {accept!=flag proposal?=whole reason?=text(2048)}
    /v1/incidents/:incident/proposals {action!=priority|cancel|duplicate anchor?=critical-outage|unauthorised-access|critical-degraded|important-outage|key-intermittent|group-outage|senior-outage|component-failure|single-user|monitoring|cosmetic|information impact?=low|medium|high of=id priority=P1|P2|P3|P4|P5|P6 reason?=text(2048) triage?={data?=unaffected|other|sensitive deadline?=none|days|imminent function?=nothing-blocked|degraded-or-important-blocked|critical-blocked rate?=stable|slow|fast scope?=one|few|group|department seniority?=nobody|scs|ministers workaround?=easy|partial|none} urgency?=low|medium|high}
    /v1/incidents/:incident/reach {allStaffNotNeededBecause?=text(2048) wholeDepartment?=flag}
    /v1/incidents/:incident/recurrence {of!?=id}
    /v1/incidents/:incident/reopening {reason!=text(2048)}
    /v1/incidents/:incident/report/redactions {format=json|html|markdown redactions=[{entry=whole field=text(64) pattern=text(2048) person=text(254) reason!=text(200) words=text(2048)}]}
    /v1/incidents/:incident/resolution {cause?=text(16384) fix!=text(16384) happenedAt?=time leadAgreedByPhone?=text(200) resolveChildren?=flag takeLead?=flag ticketUpdatedAt?=time}
    /v1/incidents/:incident/restoration {text?=text(16384)}
    /v1/incidents/:incident/review {actions?=[{due!=time owner!=text(254) what!=text(2048)}] attendees?=[text(254)] beganAt?=time cause?=text(16384) causeNotEstablishedBecause?=text(16384) contributingFactors?=[text(16384)] detectedAt?=time impact!=text(16384) mitigatedAt?=time noActionsBecause?=text(16384) summary!=text(16384) wentBadly?=[text(16384)] wentWell?=[text(16384)]}
    /v1/incidents/:incident/review/arrangement {at!=time attendees?=[text(254)]}
    /v1/incidents/:incident/review/completion {action!=whole}
    /v1/incidents/:incident/review/waiver {by?=id reason!=text(64)}
    /v1/incidents/:incident/roles {action!=give|accept|decline|take|leave person?=text(254) role!=lead|comms-lead|documenter|technical-support}
    /v1/incidents/:incident/service {reason?=text(2048) service!=text(64)}
    /v1/incidents/:incident/sight {action!=widen|narrow|add|remove person=text(254) reason?=text(2048)}
    /v1/incidents/:incident/specialists {person?=text(254) role=lead|comms-lead|documenter|technical-support team?=text(200)}
    /v1/incidents/:incident/stakeholders {address?=text(254) person?=text(254) remove?=flag team?=text(200)}
    /v1/incidents/:incident/status {lookAgainAt?=time note?=text(2048) rank?=whole to!=investigating|mitigated|backlog}
    /v1/incidents/:incident/suppliers {name!=text(200) nextUpdateAt?=time outOfHours?=text(64) reference?=text(200)}
    /v1/incidents/:incident/ticket {reference!=text(200) updatedAt?=time}
    /v1/incidents/:incident/updates {affected?=text(2048) audience!=team|stakeholders|all-staff|status-page delayReason?=text(2048) meanwhile?=text(2048) nextUpdateAt?=time noChange?=flag text=text(16384)}
    /v1/incidents/:incident/waiting {from?=time lookAgain?=text(64) note?=text(2048) on!=supplier|user|planned-date|resolved until?=time}
    /v1/incidents/:incident/waiting/end {happenedAt?=time}
    /v1/me/codes {}
    /v1/me/password {current?=text(1024) password=text(1025)}
    /v1/messages/:message/acknowledgement {}
    /v1/notices/:notice/withdrawal {}
    /v1/on-call {from!=time person!=text(254) role=lead|second service!=text(64) until!=time}
    /v1/people {administrator?=flag auditor?=flag email!=text(254) name!=text(200)}
    /v1/people/:person/deactivation {}
    /v1/people/:person/sign-in/removal {}
    /v1/people/:person/tokens {expiresAt?=time label?=text(100) readOnly?=flag}
    /v1/services {defaultPriority?=P1|P2|P3|P4|P5|P6 firstLine?=text(200) key!=text(64) name!=text(200) owner?=text(254) secondLine?=text(200) thirdLine?=text(200)}
    /v1/services/:service/arrangement {channels?=[sign-in|mail|text|network] infrastructureTeam?=text(200) manual?=text(2048) productTeam?=text(200) raci?=[{accountable={person=text(254) role=lead|comms-lead|documenter|technical-support team?=text(200)} activity!=whole consulted?=[{person=text(254) role=lead|comms-lead|documenter|technical-support team?=text(200)}] informed?=[{person=text(254) role=lead|comms-lead|documenter|technical-support team?=text(200)}] responsible?=[{person=text(254) role=lead|comms-lead|documenter|technical-support team?=text(200)}]}] smallerTeam?={agreedBy!=text(254) reviewAt!=time} stakeholders?=[{email=text(254) name=text(200) person?=text(254) priority=P1|P2|P3|P4|P5|P6 role=lead|comms-lead|documenter|technical-support team?=text(200)}] suppliers?=[{name!=text(200) outOfHours?=text(64) reference?=text(200)}] thirdLineSupplier?=text(200)}
    /v1/services/:service/ingest-keys {expiresAt?=time label?=text(100) readOnly?=flag}
    /v1/services/:service/keys {certificate?=text(16384) expiresAt?=time label?=text(100) scopes?=[read|declare|alerts]}
    /v1/services/:service/live {}
    /v1/services/:service/manual-confirmation {at?=time by?=text(254)}
    /v1/services/:service/policy {cadence?=[{every=text(64) never?=flag once=text(64) priority!=P1|P2|P3|P4|P5|P6}] cadencePreset?=response-column|gds-way calendar?=text(64) countsFromDeclaration?=flag matrix?=[{impact!=low|medium|high priority=P1|P2|P3|P4|P5|P6 urgency=low|medium|high}] pagesNewAlerts?=flag targets?=[{hours=always|working limit?=text(64) priority=P1|P2|P3|P4|P5|P6 resolution?=text(64) response!=text(64)}]}
    /v1/services/:service/withdrawal {reason!=text(2048)}
    /v1/settings {alertServiceLabel?=text(64) cadence?=[{every=text(64) never?=flag once=text(64) priority!=P1|P2|P3|P4|P5|P6}] cadencePreset?=response-column|gds-way calendar?=text(64) contacts?={cyber?={address?=text(254) person=text(254) procedure?=text(2048) team?=text(200)} data?={address?=text(254) person=text(254) procedure?=text(2048) team?=text(200)}} countsFromDeclaration?=flag defaultTeam?=text(200) dutyContact?=text(254) escalation?={againSeconds?=whole} pagesNewAlerts?=flag reportTemplate?={sections=[{help?=text(2048) section!=glance|priority|clocks|team|reported|fix|cause|review|communications|flags|hand-overs|exceptions|timeline|owed|versions|assessment title?=text(200)}]} retention?={ordinaryDays!=whole seriousDays!=whole} seniorManagement?=[text(254)] severities?=[{priority!=P1|P2|P3|P4|P5|P6 severity!=text(64)}] targets?=[{hours=always|working limit?=text(64) priority=P1|P2|P3|P4|P5|P6 resolution?=text(64) response!=text(64)}]}
    /v1/sign-in {account=text(254) code=text(64) password=text(1024)}
    /v1/sign-out {}
    /v1/teams {line!=first|second|third members?=[{person!=text(254) role?=member|team-lead|service-delivery}] name!=text(200)}
    /v1/teams/:team/members {person!=text(254) role?=member|team-lead|service-delivery}
    /v1/templates {audience!=team|stakeholders|all-staff|status-page body=text(16384) language=text(8) priority?=P1|P2|P3|P4|P5|P6 reset?=flag subject=text(200)}
    /v1/tokens/:token/revocation {}
    /v1/triage/suggestion {anchor?=critical-outage|unauthorised-access|critical-degraded|important-outage|key-intermittent|group-outage|senior-outage|component-failure|single-user|monitoring|cosmetic|information impact?=low|medium|high priority?=P1|P2|P3|P4|P5|P6 service?=text(64) triage?={data?=unaffected|other|sensitive deadline?=none|days|imminent function?=nothing-blocked|degraded-or-important-blocked|critical-blocked rate?=stable|slow|fast scope?=one|few|group|department seniority?=nobody|scs|ministers workaround?=easy|partial|none} urgency?=low|medium|high}
    /v1/views {filter?=any name!=text(200) shared?=flag team?=text(200)}
    /v1/views/:view/removal {}
    /v1/webhooks {address!=text(2048) enabled?=flag kinds?=[pages|messages|reminders] name!=text(200) teams?=[text(200)]}
    /v1/webhooks/:webhook {address=text(2048) enabled?=flag kinds?=[pages|messages|reminders] name=text(200) teams?=[text(200)]}
    /v1/webhooks/:webhook/deliveries/:delivery/resend {}
    /v1/webhooks/:webhook/removal {}
    /v1/webhooks/:webhook/rotation {}
    /v1/webhooks/:webhook/test {}
    """
}
