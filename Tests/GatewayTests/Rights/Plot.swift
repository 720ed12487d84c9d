import Access

/// One thing that is asked of an incident, and the row of the table that says who may.
struct Plot: Sendable, CustomStringConvertible {
  /// What is asked for, as in the table.
  let name: String
  /// The rest of the path after the incident; nothing of a body makes it a GET.
  let rest: String
  let body: String?
  let right: Right?
  /// Cells of the row that are enough for exactly this.
  var limits: [Allowance.Limit] = []
  /// Of what no row of the table speaks: who may all the same.
  var holders: [Holder] = []
  var priority = "P1"
  var begins = Beginning.underWay
  /// Where it makes sense.
  var scenes = Cast.Scene.allCases

  /// How far an incident is.
  enum Beginning: Sendable {
    case unacknowledged, underWay, proposed, resolved, resolvedByPhone, reviewed
  }

  var description: String { name }

  static let review =
    #"{"summary":"It ran out.","impact":"No payments.","cause":"Nobody renewed it.","#
    + #""noActionsBecause":"It renews itself now."}"#

  private static let calm: [Cast.Scene] = [.plain, .restricted]
  private static let take = #"{"fix":"The certificate was renewed.","takeLead":true}"#
  private static let fix = #"{"fix":"The certificate was renewed."}"#
  /// Whoever works on it. The table has no row for the steps of the work.
  private static let workers: [Holder] = [.responder, .serviceDelivery, .lead, .teamLead]

  /// Everything that can be asked of an incident.
  static let all: [Plot] = [
    Plot(
      name: "add a note", rest: "/notes", body: #"{"type":"finding","text":"Seen."}"#,
      right: .contribute),
    Plot(name: "set a flag", rest: "/flags", body: #"{"flag":"cyber"}"#, right: .contribute),
    Plot(
      name: "acknowledge", rest: "/acknowledgement", body: "", right: .acknowledge,
      begins: .unacknowledged, scenes: [.plain, .emergency]),
    Plot(
      name: "take an empty role", rest: "/roles",
      body: #"{"role":"documenter","action":"take"}"#, right: .acknowledge),
    Plot(
      name: "hand to another line", rest: "/hand-over",
      body: #"{"to":"third","reason":"It needs a developer."}"#, right: .acknowledge,
      limits: [.handOver], priority: "P3", scenes: calm),
    Plot(
      name: "confirm priority", rest: "/priority", body: #"{"priority":"P1","confirm":true}"#,
      right: .confirmPriority),
    Plot(
      name: "propose a priority", rest: "/priority", body: #"{"priority":"P1"}"#,
      right: .confirmPriority, limits: [.propose]),
    Plot(
      name: "lower a P1", rest: "/priority", body: #"{"priority":"P4","confirm":true}"#,
      right: .lower),
    Plot(
      name: "cancel", rest: "/cancellation", body: #"{"reason":"Not an incident."}"#,
      right: .lower),
    Plot(
      name: "propose that a P1 is confirmed", rest: "/proposals",
      body: #"{"action":"priority","priority":"P1"}"#, right: .confirmPriority,
      limits: [.propose]),
    Plot(
      name: "propose to lower a P1", rest: "/proposals",
      body: #"{"action":"priority","priority":"P4"}"#, right: .lower, limits: [.propose]),
    Plot(
      name: "propose to cancel", rest: "/proposals",
      body: #"{"action":"cancel","reason":"Not an incident."}"#, right: .lower,
      limits: [.propose]),
    Plot(
      name: "accept what was proposed", rest: "/proposal-decisions", body: #"{"accept":true}"#,
      right: .lower, begins: .proposed, scenes: calm),
    Plot(
      name: "say that it is no data breach", rest: "/flag-dismissals",
      body: #"{"flag":"data","reason":"It is test data."}"#, right: .confirmPriority),
    Plot(
      name: "assign a role", rest: "/roles",
      body: #"{"role":"documenter","action":"give","person":"guest@example.org"}"#,
      right: .assign),
    Plot(
      name: "send an update", rest: "/updates",
      body: #"{"audience":"stakeholders","text":"We are on it."}"#, right: .sendUpdates),
    Plot(
      name: "draft an update", rest: "/updates",
      body: #"{"audience":"team","text":"We are on it."}"#, right: .sendUpdates,
      limits: [.draft]),
    Plot(
      name: "decide whether a breach is notified", rest: "/notification",
      body: #"{"notify":true,"reason":"People are at risk."}"#, right: .clearFlag,
      scenes: [.restricted]),
    Plot(
      name: "name somebody who may know", rest: "/sight",
      body: #"{"action":"add","person":"guest@example.org"}"#, right: .clearFlag,
      scenes: [.restricted]),
    Plot(
      name: "draft what staff are told in its stead", rest: "/faces",
      body: #"{"title":"Beware","body":"Delete it."}"#, right: .sendUpdates, limits: [.draft]),
    Plot(
      name: "draft what is told", rest: "/communications",
      body: #"{"audience":"stakeholders","what":"We are on it."}"#, right: .sendUpdates,
      limits: [.draft]),
    Plot(
      name: "name a stakeholder", rest: "/stakeholders",
      body: #"{"address":"press@example.org"}"#, right: .sendUpdates, limits: [.draft]),
    Plot(
      name: "say how far it reaches", rest: "/reach", body: #"{"wholeDepartment":true}"#,
      right: nil, holders: workers + [.commsLead]),
    Plot(
      name: "say why an update is late", rest: "/delay", body: #"{"reason":"Nobody was free."}"#,
      right: nil, holders: workers + [.commsLead]),
    Plot(
      name: "see what was told", rest: "/communications", body: nil, right: nil,
      holders: Holder.allCases),
    Plot(
      name: "see how it would read", rest: "/communications/preview?audience=team&what=x",
      body: nil, right: nil, holders: Holder.allCases),
    Plot(
      name: "see who was told at once", rest: "/messages", body: nil, right: nil,
      holders: Holder.allCases),
    Plot(
      name: "resolve a P1, taking the lead", rest: "/resolution", body: take,
      right: .resolveMajor, limits: [.takingIt, .takingTheLead]),
    Plot(
      name: "resolve a P3", rest: "/resolution", body: take, right: .resolveMinor,
      priority: "P3", scenes: calm),
    Plot(
      name: "resolve a P6 of one's own queue", rest: "/resolution", body: fix,
      right: .resolveMinor, limits: [.ownQueue], priority: "P6", begins: .unacknowledged,
      scenes: [.plain]),
    Plot(
      name: "finish the review", rest: "/review", body: review, right: .review,
      begins: .resolved, scenes: calm),
    Plot(
      name: "close a P1", rest: "/closure", body: "", right: .review, begins: .reviewed,
      scenes: [.plain]),
    Plot(
      name: "clear a flag", rest: "/flag-clearances",
      body: #"{"flag":"data","reason":"No data was in it."}"#, right: .clearFlag,
      scenes: [.restricted]),

    Plot(
      name: "assess it", rest: "/assessment",
      body: #"{"what":"It ran out.","affected":"All who pay.","next":"Renew it."}"#, right: nil,
      holders: workers),
    Plot(
      name: "set a date for its review", rest: "/review/arrangement",
      body: #"{"at":"2099-01-01T09:00:00Z"}"#, right: .review, begins: .resolved, scenes: calm),
    Plot(
      name: "tell senior management", rest: "/escalation", body: #"{"reason":"The press asks."}"#,
      right: .assign),
    Plot(
      name: "begin work", rest: "/status", body: #"{"to":"mitigated"}"#, right: nil,
      holders: workers),
    Plot(
      name: "say what it waits for", rest: "/waiting", body: #"{"on":"supplier"}"#, right: nil,
      holders: workers),
    Plot(
      name: "say that it waits no more", rest: "/waiting/end", body: "", right: nil,
      holders: workers),
    Plot(
      name: "propose that it is restored", rest: "/restoration", body: "", right: nil,
      holders: workers),
    Plot(
      name: "reopen", rest: "/reopening", body: #"{"reason":"It is back."}"#, right: nil,
      holders: workers, begins: .resolved, scenes: calm),
    Plot(
      name: "close a P3", rest: "/closure", body: "", right: nil, holders: workers,
      priority: "P3", begins: .resolved, scenes: calm),
    Plot(
      name: "confirm a resolution by phone", rest: "/agreement", body: "", right: nil,
      holders: [.lead], begins: .resolvedByPhone, scenes: calm),
    Plot(
      name: "record that the specialists were told", rest: "/flag-reports",
      body: #"{"flag":"data","by":"Ana"}"#, right: nil,
      holders: workers + [.firstLine, .commsLead], scenes: [.restricted]),
    Plot(
      name: "record the ticket", rest: "/ticket", body: #"{"reference":"OSS-1"}"#, right: nil,
      holders: workers + [.firstLine, .commsLead]),

    Plot(
      name: "answer a P6", rest: "/answer", body: #"{"logged":true}"#, right: .acknowledge,
      holders: [], priority: "P5", begins: .unacknowledged, scenes: [.plain]),
    Plot(
      name: "say how another service is affected", rest: "/affected-services",
      body: #"{"service":"payments","state":"down"}"#, right: nil, holders: workers),
    Plot(
      name: "set its service", rest: "/service", body: #"{"service":"payments"}"#, right: nil,
      holders: workers + [.firstLine, .commsLead], scenes: calm),
    Plot(
      name: "let it belong to none", rest: "/parent", body: #"{"parent":null}"#, right: nil,
      holders: [.serviceDelivery, .lead, .teamLead], scenes: calm),
    Plot(
      name: "let it be no recurrence", rest: "/recurrence", body: #"{"of":null}"#, right: nil,
      holders: [.serviceDelivery, .lead, .teamLead], scenes: calm),
    Plot(
      name: "say which change caused it", rest: "/changes", body: #"{"reference":"CHG-1"}"#,
      right: nil, holders: workers),
    Plot(
      name: "bring in a supplier", rest: "/suppliers", body: #"{"name":"Cards Ltd"}"#,
      right: .assign),
    Plot(
      name: "bring in a team", rest: "/specialists", body: #"{"team":"Elsewhere"}"#,
      right: .assign, scenes: calm),
    Plot(
      name: "keep it whatever its age", rest: "/hold",
      body: #"{"reason":"A court asks.","reviewAt":"2099-01-01T09:00:00Z"}"#, right: .administer),
    Plot(
      name: "keep it no longer", rest: "/hold/release", body: #"{"reason":"It is over."}"#,
      right: .administer),
    Plot(name: "see it", rest: "", body: nil, right: nil, holders: Holder.allCases),
    Plot(
      name: "see its timeline", rest: "/timeline", body: nil, right: nil,
      holders: Holder.allCases),
    Plot(
      name: "see its report", rest: "/report", body: nil, right: nil, holders: Holder.allCases),
    Plot(
      name: "see its process", rest: "/process", body: nil, right: nil, holders: Holder.allCases),
    Plot(
      name: "see the versions of its report", rest: "/report/versions", body: nil, right: nil,
      holders: Holder.allCases),
    Plot(
      name: "keep a redacted report", rest: "/report/redactions",
      body: #"{"redactions":[{"pattern":"Nobody can","reason":"Personal."}]}"#, right: .review),
    // Of the row that finishes a review, Service Delivery alone: policy section 4, row 9.
    Plot(
      name: "waive the review", rest: "/review/waiver", body: #"{"reason":"false-alarm"}"#,
      right: nil, holders: [.serviceDelivery], begins: .resolved, scenes: calm),
  ]
}
