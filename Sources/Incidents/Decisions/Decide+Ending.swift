internal import Bytes

/// Restored, resolved, reviewed, closed; and the other ways out (policy section 4, steps 8 and 9).
extension Scene {
  private var priority: Priority { incident.classification.priority }

  func proposeRestored(_ text: String?) throws(Refusal) -> [Event] {
    try Check.optional(text, "text", max: Bound.text)
    return [event(.restoredProposed(by: asker, text: text))]
  }

  func resolve(_ resolution: Resolution) throws(Refusal) -> [Event] {
    try Check.required(resolution.fix, "fix", max: Bound.text)
    try Check.optional(resolution.cause, "cause", max: Bound.text)
    if let name = resolution.leadAgreedByPhone { try Check.name(name, "leadAgreedByPhone") }
    let happened = try hearing.past(resolution.happenedAt)
    let ticketUpdatedAt = try hearing.past(resolution.ticketUpdatedAt, "ticketUpdatedAt")
    let takesLead = resolution.takesLead && !incident.roles.has(.lead, asker)
    if takesLead, standing.isDisjoint(with: .taking) {
      throw .rightMissing("take the lead", needs: .taking)
    }
    let agreement = try agreement(to: resolution, takesLead: takesLead)

    var events: [Event] = []
    if incident.acknowledgement == nil {
      events.append(event(.acknowledged(person: asker, at: clockTime(happened))))
    }
    if takesLead { events.append(event(.roleTaken(taken(.lead, by: .resolving)))) }
    let resolved = Incident.Resolved(
      person: asker, at: clockTime(happened), fix: resolution.fix, cause: resolution.cause,
      agreement: agreement)
    events.append(event(.resolved(resolved), happenedAt: happened))
    if incident.owesReview, !incident.isExercise {
      events.append(status(.inReview, from: .resolved))
    }
    if let untold = untoldFlags() { events.append(untold) }
    if let ticketUpdatedAt {
      let reference = incident.ticket?.reference ?? ""
      events.append(event(.ticketRecorded(reference: reference, updatedAt: ticketUpdatedAt)))
    }
    if closesAtOnce { events.append(event(.closed(atOnce: true))) }
    return events + told(children: .resolved)
  }

  /// Senior management hears that it is resolved though a specialist team has not been told (policy
  /// section 5).
  private func untoldFlags() -> Event? {
    let open = incident.openFlags
    guard facts.level >= 2, !open.isEmpty else { return nil }
    let teams = open.map(\.team).joined(separator: " and the ")
    return event(
      .escalated(
        Escalation(
          to: facts.seniorContact(hearing.settings), missedLimit: nil,
          reason: "It was resolved and the \(teams) has not been told.")))
  }

  /// P5 and P6 close as they are resolved, unless something is still owed.
  private var closesAtOnce: Bool {
    switch priority {
    case .p1, .p2, .p3, .p4: false
    case .p5, .p6: !incident.owesReview && incident.openFlags.isEmpty
    }
  }

  /// How the lead agrees: by asking themselves, by the asker taking the lead, or by phone.
  private func agreement(
    to resolution: Resolution, takesLead: Bool
  ) throws(Refusal) -> Incident.Agreement {
    if takesLead || incident.roles.has(.lead, asker) { return .lead }
    // Somebody has to be there to confirm it later.
    if let name = resolution.leadAgreedByPhone, incident.roles.lead != nil {
      return .phone(name: name)
    }
    guard priority.isHigh else { return .notNeeded }
    throw Refusal(
      .leadAgrees,
      title: "A \(priority) incident is resolved when its lead agrees that service is restored",
      detail: incident.roles.lead == nil
        ? "Nobody leads it. Take the lead in the same request."
        : "Propose that it is restored, take the lead in the same request, or name the lead who "
          + "agreed by phone.",
      guidance: "6.2 step 8", missing: ["lead's agreement"])
  }

  func agreeResolution() throws(Refusal) -> [Event] {
    switch incident.resolved?.agreement {
    case .phone where incident.resolved?.person == asker:
      throw Refusal(
        .leadAgrees, title: "Whoever resolved it does not confirm it too",
        detail: "It is for the lead who agreed by phone, or for whoever takes the lead after them.",
        guidance: "6.2 step 8", missing: ["lead's agreement"])
    case .phone: return [event(.resolutionAgreed(by: asker))]
    case .lead, .phoneConfirmed, .notNeeded, nil:
      throw Refusal(
        .nothingToAgree, title: "There is nothing to confirm",
        detail: "\(incident.reference.text) was not resolved with an agreement by phone.")
    }
  }

  func finish(_ review: Review) throws(Refusal) -> [Event] {
    try check(review)
    let version = (incident.review?.version ?? 0) + 1
    let reviewed = event(.reviewed(review, by: asker, version: version))
    return incident.status == .resolved ? [status(.inReview), reviewed] : [reviewed]
  }

  private func check(_ review: Review) throws(Refusal) {
    try Check.required(review.summary, "summary", max: Bound.text)
    try Check.required(review.impact, "impact", max: Bound.text)
    switch review.cause {
    case .established(let text): try Check.required(text, "cause", max: Bound.text)
    case .notEstablished(let because):
      try Check.required(because, "causeNotEstablishedBecause", max: Bound.text)
    }
    var texts = review.summary.utf8.count + review.impact.utf8.count
    for (list, field) in [
      (review.contributingFactors, "contributingFactors"), (review.wentWell, "wentWell"),
      (review.wentBadly, "wentBadly"),
    ] {
      try Check.count(list.count, field)
      for text in list {
        try Check.required(text, field, max: Bound.reason)
        texts += text.utf8.count
      }
    }
    switch review.actions {
    case .none(let because): try Check.required(because, "noActionsBecause", max: Bound.text)
    case .some(let actions):
      guard !actions.isEmpty else {
        throw .invalid("actions", "Name an action, or say why there is none.")
      }
      try Check.count(actions.count, "actions")
      for action in actions {
        try Check.required(action.what, "actions", max: Bound.reason)
        try Check.time(action.due, "due")
        guard facts.person(action.owner) != nil else {
          throw .notFound("person", action.owner)
        }
        texts += action.what.utf8.count
      }
    }
    guard texts <= Bound.reviewTexts else {
      throw .tooMany("The texts of a review are \(texts) bytes; \(Bound.reviewTexts) fit.")
    }
    try Check.count(review.attendees.count, "attendees")
    for id in review.attendees where facts.person(id) == nil { throw .notFound("person", id) }
    _ = try hearing.past(review.beganAt, "beganAt")
    _ = try hearing.past(review.detectedAt, "detectedAt")
    _ = try hearing.past(review.mitigatedAt, "mitigatedAt")
  }

  func close(overrideReason: String?) throws(Refusal) -> [Event] {
    try Check.optional(overrideReason, "override.reason", max: Bound.reason)
    if priority.isHigh, standing.isDisjoint(with: .deciding) {
      throw .rightMissing("close a P1 or P2", needs: .deciding)
    }
    try checkFlags(before: "closes")
    // An exercise may close without its review.
    let isUnconfirmed =
      facts.level >= 2 && priority.isHigh && !incident.classification.isConfirmed
      && !incident.isExercise
    guard incident.lacksReview || isUnconfirmed else {
      return [event(.closed(atOnce: false))]
    }
    guard let overrideReason, standing.contains(.owningServiceDelivery) else {
      throw .reviewRequired(incident, isTried: overrideReason != nil)
    }
    let isExplained = overrideReason.utf8.contains { $0 > 0x20 }
    // Until behaviour level 2 nobody would be asked for the reason afterwards.
    guard isExplained || facts.level >= 2 else { throw .reviewRequired(incident, isTried: true) }
    return [
      event(.closedByOverride(reason: isExplained ? overrideReason : "", by: asker))
    ]
  }

  /// Refuses to end an incident whose specialist team was not told.
  private func checkFlags(before what: String) throws(Refusal) {
    let open = incident.openFlags
    guard !open.isEmpty else { return }
    let teams = open.map(\.team).joined(separator: " and the ")
    throw Refusal(
      .openFlagDuty,
      title: "An incident \(what) when its specialist team has been told",
      detail: "Report it to the \(teams) and record that; recording it late is always possible.",
      guidance: "1", missing: open.map { "\($0.slug)-report" })
  }

  /// Refuses to end an incident that owes a review by anything but that review, from behaviour level 2 on:
  /// it is owed whatever the incident is later (policy section 4, row 9).
  private func checkReview(_ what: String) throws(Refusal) {
    guard facts.level >= 2, incident.lacksReview else { return }
    let isResolved = incident.status == .resolved || incident.status == .inReview
    throw Refusal(
      .reviewRequired, title: "What was confirmed as a P1 or P2 \(what)",
      detail: (isResolved ? "" : "Resolve it first. ")
        + "Service Delivery of the owning team may waive the review: as of a false alarm in which no one "
        + "was affected, of what never was a P1 or P2, or as covered by another's.",
      guidance: "6.2 step 9", missing: (isResolved ? [] : ["resolution"]) + ["review-waiver"],
      override: Refusal.Override(right: "service-delivery", needs: ["reason"]))
  }

  func reopen(_ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    if incident.status == .closed, let ending = incident.ending, !incident.isReopenable(at: stamp) {
      throw Refusal(
        .reopenTooLate, title: "This incident was closed too long ago",
        detail:
          "It was closed on \(DisplayTime.text(ending.at)). Declare a new one, as a recurrence of "
          + "it.",
        missing: ["declaration"])
    }
    var events = [event(.reopened(reason: reason))]
    if priority.isHigh { events.append(event(hearing.wake(.anew(incident)))) }
    return events + told(children: .reopened)
  }

  func cancel(_ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    try checkFlags(before: "is cancelled")
    try checkReview("is resolved, and not cancelled")
    return [event(.cancelled(reason: reason))]
  }

  func duplicate(of id: ID, _ reason: String?) throws(Refusal) -> [Event] {
    try Check.optional(reason, "reason", max: Bound.reason)
    let survivor = try survivor(id)
    let hasGlass = facts.hasBrokenGlass(hearing.asker, before: survivor, at: stamp)
    let beside = Standing(
      of: hearing.asker, to: survivor, at: stamp, hasBrokenGlass: hasGlass)
    guard IncidentAction.Kind.duplicate.isOpen(to: beside) else {
      throw .rightMissing(
        "give \(survivor.reference.text) what this one owes",
        needs: IncidentAction.Kind.duplicate.allowed)
    }
    // A review that was held or waived is owed by nobody any more.
    let owesReview = facts.level >= 2 ? incident.lacksReview : incident.owesReview
    let inheritance = Inheritance(
      from: incident.id, beganAt: incident.beganAt, cyber: incident.cyber, data: incident.data,
      owesReview: owesReview, extras: legacy)
    var events = [
      event(.duplicateSaid(of: id, reason: reason)), survivor.event(.inherited(inheritance)),
    ]
    if facts.level >= 2, incident.owesAllStaff, !survivor.affectsDepartment,
      survivor.outreach.affectsAll == nil
    {
      events.append(survivor.event(.reachStated(.department(true))))
    }
    events += familyMoved(to: survivor)
    if survivor.status == .resolved, owesReview, !survivor.isExercise {
      let move = StatusMoved(from: .resolved, to: .inReview, note: nil)
      events.append(survivor.event(.statusMoved(move)))
    }
    return events
  }

  /// The incident that this one may be a duplicate of.
  func survivor(_ id: ID) throws(Refusal) -> Incident {
    guard id != incident.id else {
      throw .invalid("of", "An incident is not a duplicate of itself.")
    }
    guard let survivor = facts.incident(id) else { throw .notFound("incident", id) }
    guard survivor.status != .cancelled, survivor.status != .duplicate else {
      throw .invalid(
        "of", "\(survivor.reference.text) is over: it is \(survivor.status.phrase). Name another.")
    }
    guard survivor.isExercise == incident.isExercise else {
      throw .invalid("of", "An exercise and a real incident are never the same.")
    }
    // What is closed takes over no duty that anybody would see.
    if survivor.status == .closed, facts.level >= 2 {
      try checkFlags(before: "is a duplicate of one that is closed")
      try checkReview("is a duplicate of one that is closed once its review is waived")
    }
    return survivor
  }
}

/// What an incident may be as well (policy section 8).
extension Scene {
  func setFlag(_ raising: FlagRaising) throws(Refusal) -> [Event] {
    try Check.optional(raising.note, "note", max: Bound.reason)
    let aware = try hearing.past(raising.awareAt, "awareAt")
    if let state = incident.state(of: raising.flag), state.clearedAt == nil { return [] }
    var set = event(.flagSet(raising, by: asker), happenedAt: aware)
    set.visibility = 1
    return [set]
  }

  func clearFlag(_ flag: Flag, _ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    try requireSet(flag)
    try requireLead(orSpecialistFor: flag, to: "clear this flag")
    return [event(.flagCleared(flag, reason: reason))]
  }

  func record(_ report: FlagReport) throws(Refusal) -> [Event] {
    try Check.name(report.by, "by")
    try Check.optional(report.reference, "reference", max: Bound.reference)
    var report = report
    report.reportedAt = try hearing.past(report.reportedAt, "reportedAt") ?? stamp
    try requireSet(report.flag)
    return [event(.flagReported(report), happenedAt: report.reportedAt)]
  }

  func requireSet(_ flag: Flag) throws(Refusal) {
    guard let state = incident.state(of: flag), state.clearedAt == nil else {
      throw Refusal(
        .flagNotSet, title: "This flag is not set",
        detail: "\(incident.reference.text) does not carry the \(flag.slug) flag.")
    }
  }
}

extension Incident {
  /// Whether the review of its latest resolution is finished: one from before it was reopened does
  /// not count.
  package var isReviewed: Bool { review?.reopenings == reopenings }

  /// What became of a flag, if it was ever set.
  package func state(of flag: Flag) -> FlagState? {
    switch flag {
    case .cyber: cyber
    case .data: data
    }
  }

  /// The flags whose specialist team has yet to be told.
  ///
  /// An exercise tells no specialist team, so it has none; what a duplicate had is its survivor's.
  var openFlags: [Flag] {
    isExercise
      ? [] : Flag.allCases.filter { state(of: $0)?.isOpenDuty == true && !hasPassedOn($0) }
  }

  /// Whether a flag went to the incident of which this one is a duplicate.
  func hasPassedOn(_ flag: Flag) -> Bool {
    guard case .duplicate(let at, _)? = ending, let state = state(of: flag) else { return false }
    return state.setAt <= at
  }
}

extension Flag {
  /// "cyber" or "data".
  package var slug: String {
    switch self {
    case .cyber: "cyber"
    case .data: "data"
    }
  }

  /// Whom guidance section 1 wants told, at once.
  package var team: String {
    switch self {
    case .cyber: "Cabinet Office Cyber Security Team"
    case .data: "Cabinet Office Data Privacy & Compliance Team"
    }
  }
}

extension Refusal {
  /// A confirmed P1 or P2 closes after its review.
  fileprivate static func reviewRequired(_ incident: Incident, isTried: Bool) -> Refusal {
    let priority = incident.classification.priority
    let isConfirmed = incident.classification.isConfirmed
    let subject = priority.isHigh ? "A \(priority) incident" : "A former P1 or P2 incident"
    let first =
      isConfirmed
      ? "Finish the review first."
      : "Nobody has confirmed that it was a \(priority). Confirm its priority first: if it was one, "
        + "its review comes next."
    return Refusal(
      .reviewRequired, title: "\(subject) closes after its post-incident review",
      detail: isTried
        ? "Only Service Delivery of the owning team closes it without one, with a reason."
        : "\(first) Service Delivery of the owning team may close it without one, "
          + "with a reason, which is counted.",
      guidance: "6.2 step 9", missing: isConfirmed ? ["review"] : ["confirmed-priority", "review"],
      override: Override(right: "service-delivery", needs: ["reason"]))
  }
}
