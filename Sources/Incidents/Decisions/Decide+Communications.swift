internal import Bytes

/// What is told, by whom and with whose agreement (policy sections 5 and 7).
extension Scene {
  func check(_ extras: CommunicationUpdate.Extras) throws(Refusal) {
    try Check.optional(extras.affected, "affected", max: Bound.reason)
    try Check.optional(extras.meanwhile, "meanwhile", max: Bound.reason)
    try Check.optional(extras.delayReason, "delayReason", max: Bound.reason)
  }

  /// Whether an all-staff message needs a second person: a P1 is too urgent for that.
  var needsApproval: Bool { incident.classification.priority != .p1 }

  /// What staff must be told of a restricted incident goes out as a public face, which does not name it
  /// (policy section 8).
  func checkReach(_ audience: CommunicationUpdate.Audience) throws(Refusal) {
    guard audience.isWide, incident.isRestricted, facts.level >= 2 else { return }
    throw Refusal(
      .toldByFace, title: "A restricted incident is not named to so many",
      detail: "Write a public face for it: what staff need to know, in words that do not name the "
        + "incident. Once a second person has agreed, everybody who signs in sees it.",
      guidance: "1", missing: ["public-face"])
  }

  private var maySend: Bool { !standing.isDisjoint(with: .sending) }

  func draft(_ draft: CommunicationDraft) throws(Refusal) -> [Event] {
    try Check.required(draft.what, "what", max: Bound.text)
    try Check.optional(draft.text, "text", max: Bound.text)
    try check(
      CommunicationUpdate.Extras(
        affected: draft.affected, meanwhile: draft.meanwhile, delayReason: draft.delayReason))
    try Check.language(draft.language)
    try Check.time(optional: draft.nextUpdateAt, "nextUpdateAt")
    if let next = draft.nextUpdateAt, next <= stamp {
      throw .invalid("nextUpdateAt", "\(DisplayTime.text(next)) is past already.")
    }
    if let known = facts.communication(draft.id) {
      _ = try open(known)
      guard maySend || known.author == asker else {
        throw .rightMissing("change what somebody else drafted", needs: .sending)
      }
      if known.draft == draft { return [] }
    }
    try checkReach(draft.audience)
    try check(approver: draft.approver)
    guard let text = facts.text(of: draft, on: incident) else {
      throw .invalid(
        "language",
        "There are no words for \(draft.audience.word) in the language \(draft.language). An "
          + "administrator writes a template, or give the whole text in another.")
    }
    guard text.subject.utf8.count + text.body.utf8.count <= Bound.told else {
      throw .tooMany("With its template it is longer than the \(Bound.told) bytes that fit.")
    }
    return [event(.communicationDrafted(CommunicationDrafted(draft: draft, text: text)))]
  }

  private func check(approver: ID?) throws(Refusal) {
    guard let approver else { return }
    guard approver != asker else {
      throw .invalid("approver", "It is a second person who agrees: name another.")
    }
    guard let person = facts.person(approver) else { throw .notFound("person", approver) }
    guard person.isActive, Standing(person).contains(.signedIn) else {
      throw .unavailable(person)
    }
    try Check.count(incident.outreach.approvers.count + 1, "list of approvers")
  }

  /// A communication of this incident that is not over, or what is told of one of another: nothing.
  private func open(_ communication: Communication) throws(Refusal) -> Communication {
    guard communication.incident == incident.id else {
      throw .notFound("communication", communication.id)
    }
    guard communication.state.isOpen else {
      throw Refusal(
        .communicationOver, title: "This communication is \(communication.state.word) already",
        detail: "What was told is not told otherwise afterwards. Write another.")
    }
    return communication
  }

  func move(_ step: CommunicationStep) throws(Refusal) -> [Event] {
    guard let known = facts.communication(step.communication), known.incident == incident.id else {
      throw .notFound("communication", step.communication)
    }
    return switch step.step {
    case .approve: try approve(known)
    case .send(let reason): try send(known, overrideReason: reason)
    case .withdraw(let reason): try withdraw(known, reason)
    case .record(let delivery): try record(delivery, of: known)
    }
  }

  private func moved(
    _ communication: Communication, _ step: CommunicationMoved.Step
  ) -> [Event] {
    [
      event(
        .communicationMoved(
          CommunicationMoved(
            communication: communication.id, audience: communication.draft.audience, step: step)))
    ]
  }

  private func approve(_ known: Communication) throws(Refusal) -> [Event] {
    let known = try open(known)
    guard maySend || known.draft.approver == asker else {
      throw .rightMissing("agree to what is told", needs: .sending)
    }
    if known.approval?.person == asker { return [] }
    guard known.author != asker else {
      throw Refusal(
        .approvalRequired, title: "It is a second person who agrees",
        detail: "You wrote it. Anybody who may send it, or whom you name, can agree to it.",
        guidance: "6.2 step 7", missing: ["approval"])
    }
    return moved(known, .approved)
  }

  private func send(
    _ known: Communication, overrideReason: String?
  ) throws(Refusal) -> [Event] {
    if known.state == .sent || known.state == .wouldHaveBeenSent { return [] }
    let known = try open(known)
    try Check.optional(overrideReason, "override.reason", max: Bound.reason)
    let audience = known.draft.audience
    guard maySend || audience == .team else {
      throw .rightMissing("send updates beyond the incident team", needs: .sending)
    }
    guard !incident.status.isOver else {
      throw Refusal(
        .alreadyOver, title: "This incident is over",
        detail: "\(incident.reference.text) is \(incident.status.word). Withdraw what was not sent."
      )
    }
    try checkReach(audience)
    // Whoever sends what somebody else wrote is the second person.
    let approves = known.approval == nil && known.author != asker
    var reason: String?
    if audience == .allStaff, needsApproval, known.approval == nil, !approves {
      reason = try override(known, overrideReason)
    }
    // A draft may have waited longer than until then: that promises nothing any more.
    let next = known.draft.nextUpdateAt.flatMap { $0 > stamp ? $0 : nil }
    let events = moved(
      known,
      .sent(
        CommunicationMoved.Sent(
          what: known.draft.what, nextUpdateAt: next, delayReason: known.draft.delayReason,
          overrideReason: reason, approves: approves)))
    return audience == .team ? events : events + told(children: .updated(nextUpdateAt: next))
  }

  /// The reason with which an all-staff message goes without a second person: once that person was
  /// waited for.
  private func override(
    _ known: Communication, _ reason: String?
  ) throws(Refusal) -> String {
    let from = known.draftedAt + Communication.approvalWait
    guard stamp >= from, let reason, reason.utf8.contains(where: { $0 > 0x20 }) else {
      throw .approvalRequired(incident, from: from)
    }
    return reason
  }

  private func withdraw(_ known: Communication, _ reason: String?) throws(Refusal) -> [Event] {
    if known.state == .withdrawn { return [] }
    let known = try open(known)
    try Check.optional(reason, "reason", max: Bound.reason)
    guard maySend || known.author == asker else {
      throw .rightMissing("withdraw what somebody else drafted", needs: .sending)
    }
    return moved(known, .withdrawn(reason: reason))
  }

  private func record(
    _ delivery: Communication.Delivery, of known: Communication
  ) throws(Refusal) -> [Event] {
    guard known.state == .sent else {
      throw Refusal(
        .communicationOver, title: "This communication is \(known.state.word)",
        detail: "What became of it is recorded once it was sent.")
    }
    try Check.name(delivery.group, "group")
    try Check.optional(delivery.detail, "detail", max: Bound.reason)
    var delivery = delivery
    delivery.at = try hearing.past(delivery.at, "at") ?? stamp
    if !known.deliveries.contains(where: { $0.group == delivery.group }) {
      try Check.count(known.deliveries.count + 1, "list of recipients")
    }
    if known.deliveries.contains(delivery) { return [] }
    return moved(known, .delivered(delivery))
  }

  // MARK: Whom it concerns

  func change(_ change: StakeholderChange) throws(Refusal) -> [Event] {
    switch change.stakeholder {
    case .person(let id):
      guard facts.person(id) != nil else { throw .notFound("person", id) }
    case .team(let id): guard facts.team(id) != nil else { throw .notFound("team", id) }
    case .address(let address): try Check.email(address)
    }
    let known = incident.outreach.stakeholders
    guard known.contains(change.stakeholder) != change.isAdded else { return [] }
    if change.isAdded { try Check.count(known.count + 1, "list of stakeholders") }
    return [event(.stakeholderChanged(change))]
  }

  func state(_ statement: ReachStatement) throws(Refusal) -> [Event] {
    switch statement {
    case .department(let isAll):
      if incident.affectsDepartment == isAll { return [] }
    case .allStaffNotNeeded(let because):
      guard standing.contains(.lead) else {
        throw .rightMissing("say that all staff need not be told", needs: .lead)
      }
      try Check.required(because, "because", max: Bound.reason)
      if incident.outreach.allStaffNotNeeded?.text == because { return [] }
    }
    return [event(.reachStated(statement))]
  }

  func explainDelay(_ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    if let late = incident.outreach.unexplained {
      return [event(.delayExplained(reason: reason, dueAt: late.dueAt))]
    }
    guard let update = incident.clocks.update, update.stoppedAt == nil, let due = update.dueAt,
      incident.outreach.explainedDue != due
    else {
      throw Refusal(
        .nothingToAgree, title: "No update is late",
        detail: "A reason is given for an update that is late, or that will be.")
    }
    return [event(.delayExplained(reason: reason, dueAt: due))]
  }
}

extension Check {
  /// A language by its short name (RFC 5646), such as `en`, `cy` or `cy-GB`.
  static func language(_ text: String) throws(Refusal) {
    let isName = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard (2...Bound.language).contains(text.utf8.count), isName else {
      throw .invalid("language", "A language is named by its letters, such as en or cy.")
    }
  }
}

extension Refusal {
  /// An all-staff message on less than a P1 is agreed to by a second person (policy section 5).
  static func approvalRequired(_ incident: Incident, from time: Int64?) -> Refusal {
    let after =
      time.map { ", from \(DisplayTime.text($0)) on" } ?? " once it was unanswered for five minutes"
    return Refusal(
      .approvalRequired,
      title: "An all-staff message on a \(incident.classification.priority) is agreed to by a "
        + "second person",
      detail: "Draft it and have somebody else agree to it. Whoever may send it sends it without, "
        + "with a reason\(after); both are told.",
      guidance: "6.2 step 7", missing: ["approval"],
      override: Override(right: "send-updates", needs: ["reason"]))
  }
}

extension Communication.State {
  /// As it is said to a person.
  package var word: String {
    switch self {
    case .draft: "drafted"
    case .approved: "approved"
    case .sent: "sent"
    case .withdrawn: "withdrawn"
    case .wouldHaveBeenSent: "part of an exercise, and would have been sent"
    }
  }
}
