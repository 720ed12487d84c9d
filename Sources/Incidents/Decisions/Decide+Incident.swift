internal import Bytes

extension Hearing {
  /// Decides what is asked of an incident: first that it exists for the asker and is the version that
  /// was seen, then the right, then where in its life it is, and then what exactly is asked.
  func decide(_ action: IncidentAction, on id: ID) throws(Refusal) -> [Event] {
    let incident = try visible(id)
    if let keyService, incident.service != keyService.id { throw .keysOwnService(keyService) }
    for other in Action.incident(id, action).incidentsNamed where facts.incident(other) != nil {
      _ = try visible(other)
    }
    try checkVersion(version(of: incident, for: action))
    let hasGlass = facts.hasBrokenGlass(asker, before: incident, at: stamp)
    var standing = Standing(of: asker, to: incident, at: stamp, hasBrokenGlass: hasGlass)
    if settings.contacts.concern(asker, incident) { standing.insert(.specialist) }
    guard action.kind.isOpen(to: standing) || isAskedToApprove(action) else {
      throw .rightMissing(
        action.kind.words, needs: action.kind.allowed,
        proposable: facts.level >= 2 && action.kind.isProposable(by: standing))
    }
    if let rule = incident.refusal(of: action.kind) {
      throw .outOfTurn(rule, incident, action.kind)
    }
    let scene = Scene(hearing: self, incident: incident, standing: standing)
    let events = try scene.decide(action)
    guard !events.isEmpty, takesUp(incident, by: action.kind, with: standing, hasGlass) else {
      return events
    }
    return [scene.event(.takenUpInEmergency(by: asker.id))] + events
  }

  /// Whether the asker does this by the emergency right alone, for the first time on this incident
  /// (policy section 6: it is recorded, and the owners are told).
  private func takesUp(
    _ incident: Incident, by kind: IncidentAction.Kind, with standing: Standing, _ hasGlass: Bool
  ) -> Bool {
    guard facts.level >= 2, !incident.around.emergency.contains(asker.id) else { return false }
    var calm = Standing(of: asker, toCalm: incident, hasBrokenGlass: hasGlass)
    // A specialist acts by a right of their own.
    if standing.contains(.specialist) { calm.insert(.specialist) }
    guard calm != standing else { return false }
    // Whoever signs in may ask for a role, but only a responder takes one.
    let needed = kind == .changeRole ? Standing.taking : kind.allowed
    return calm.isDisjoint(with: needed) && !standing.isDisjoint(with: needed)
  }

  /// Whether it is the agreement for which the author of a draft named the asker, whoever they are to the
  /// incident.
  private func isAskedToApprove(_ action: IncidentAction) -> Bool {
    guard case .moveCommunication(let step) = action, case .approve = step.step else {
      return false
    }
    return facts.communication(step.communication)?.draft.approver == asker.id
  }
}

extension Hearing {
  /// An incident that the asker may know of (policy section 8): to anybody else it is absent.
  func visible(_ id: ID) throws(Refusal) -> Incident {
    guard let incident = facts.incident(id) else { throw .notFound("incident", id) }
    guard facts.sees(asker, incident, at: stamp) else { throw .notFound("incident", id) }
    return incident
  }
}

extension Hearing {
  /// The version that whoever asks for this has seen, if they say one: what is told has its own, so that
  /// an entry of the timeline is in nobody's way who writes a communication. A new one is at 0.
  private func version(of incident: Incident, for action: IncidentAction) -> UInt64 {
    let communication: ID
    switch action {
    case .draftCommunication(let draft): communication = draft.id
    case .moveCommunication(let step): communication = step.communication
    default: return incident.version
    }
    // That of another incident is not told of here, so it is as one that is new.
    guard let known = facts.communication(communication), known.incident == incident.id else {
      return 0
    }
    return known.version
  }
}

/// One incident before one command: what it is, and what the asker is to it.
struct Scene<Book: Facts> {
  let hearing: Hearing<Book>
  let incident: Incident
  let standing: Standing

  var stamp: Int64 { hearing.stamp }
  var facts: Book { hearing.facts }
  var asker: ID { hearing.asker.id }

  func decide(_ action: IncidentAction) throws(Refusal) -> [Event] {
    switch action {
    case .acknowledge(let happenedAt): try acknowledge(happenedAt: happenedAt)
    case .setPriority(let change): try setPriority(change)
    case .changeRole(let change): try changeRole(change)
    case .note(let note): try add(note)
    case .update(let update): try send(update)
    case .move(let change): try move(change)
    case .handOver(let handOver): try hand(over: handOver)
    case .proposeRestored(let text): try proposeRestored(text)
    case .resolve(let resolution): try resolve(resolution)
    case .agreeResolution: try agreeResolution()
    case .review(let review): try finish(review)
    case .close(let reason): try close(overrideReason: reason)
    case .reopen(let reason): try reopen(reason)
    case .cancel(let reason): try cancel(reason)
    case .duplicate(let survivor, let reason): try duplicate(of: survivor, reason)
    case .setFlag(let raising): try setFlag(raising)
    case .clearFlag(let flag, let reason): try clearFlag(flag, reason)
    case .recordFlagReport(let report): try record(report)
    case .recordTicket(let reference, let updatedAt):
      try recordTicket(reference, updatedAt: updatedAt)
    case .propose(let proposal): try propose(proposal)
    case .decideProposal(let decision): try decide(decision)
    case .dismissFlag(let flag, let reason): try dismiss(flag, reason)
    case .draftCommunication(let draft): try self.draft(draft)
    case .moveCommunication(let step): try move(step)
    case .changeStakeholders(let change): try self.change(change)
    case .stateReach(let statement): try state(statement)
    case .explainDelay(let reason): try explainDelay(reason)
    case .decideNotification(let choice): try decide(choice)
    case .changeSight(let change): try self.change(change)
    case .moveFace(let step): try move(step)
    case .wait(let waiting): try wait(waiting)
    case .endWait(let happenedAt): try endWait(happenedAt: happenedAt)
    case .assess(let assessment): try assess(assessment)
    case .arrangeReview(let plan): try arrange(plan)
    case .completeAction(let number): try complete(number)
    case .answerPage(let answer): try self.answer(answer)
    case .answer(let answer): try self.answer(answer)
    case .giveReason(let reason): try giveReason(reason)
    case .affect(let change): try affect(change)
    case .setService(let change): try setService(change)
    case .relate(let relation): try relate(relation)
    case .engage(let engagement): try engage(engagement)
    case .escalate(let reason): try escalate(reason)
    case .waiveReview(let reason): try waiveReview(reason)
    case .keepRedacted(let report): try keep(redacted: report)
    }
  }

  /// An event of this incident, labelled and marked as it is.
  func event(_ fact: Fact, happenedAt: Int64? = nil, onBehalfOf: ID? = nil) -> Event {
    incident.event(fact, happenedAt: happenedAt, onBehalfOf: onBehalfOf)
  }

  /// The time that clocks go by: the happened-at if it was recorded in time, and never before the
  /// incident was declared.
  func clockTime(_ happenedAt: Int64?) -> Int64 {
    guard let happenedAt, isRecordedInTime(happenedAt) else { return stamp }
    return max(happenedAt, incident.declaredAt)
  }

  /// Whether clocks go by it: recorded by a responder within one business day (policy section 2).
  private func isRecordedInTime(_ happenedAt: Int64) -> Bool {
    guard facts.level >= 2 else { return stamp - happenedAt <= Grace.recordedLate }
    let calendar = facts.calendar(of: incident.service)
    return !standing.isDisjoint(with: .recording)
      && stamp <= calendar.adding(businessDays: Grace.recordedLateDays, to: happenedAt)
  }
}

extension Incident {
  /// Whether it takes an action where it is in its life. Who was woken to say whether it is reopened
  /// answers that though it is over.
  func refusal(of action: IncidentAction.Kind) -> Refusal.Rule? {
    action == .answerPage && asksToReopen ? nil : status.refusal(of: action)
  }

  /// An event of this incident, labelled and marked as it is.
  func event(_ fact: Fact, happenedAt: Int64? = nil, onBehalfOf: ID? = nil) -> Event {
    Event(
      subject: Subject(kind: .incident, id: id), happenedAt: happenedAt, onBehalfOf: onBehalfOf,
      visibility: isRestricted ? 1 : 0, exercise: isExercise, policyVersion: policyVersion,
      fact: fact)
  }

  /// Whether a flag restricts who may see it (policy section 8).
  package var isRestricted: Bool {
    isSet(.data) || isSet(.cyber) && sensitive.widened == nil
  }
}

extension Refusal {
  /// The incident is not where in its life that is done.
  static func outOfTurn(
    _ rule: Rule, _ incident: Incident, _ action: IncidentAction.Kind
  ) -> Refusal {
    let state = "\(incident.reference.text) is \(incident.status.word)."
    return switch rule {
    case .notResolved:
      Refusal(
        rule, title: "This incident is not resolved yet", detail: state + " Resolve it first.",
        guidance: "6.2 step 8", missing: ["resolution"])
    case .alreadyResolved:
      Refusal(
        rule, title: "This incident is resolved already",
        detail: state + " Reopen it if it is not over.")
    default:
      Refusal(
        .alreadyOver, title: "This incident is over",
        detail: state + " Notes can still be added; declare a new one if there is more to do.")
    }
  }
}

/// Saying "we have it", and what it is worth.
extension Scene {
  func acknowledge(happenedAt: Int64?) throws(Refusal) -> [Event] {
    let lacksLead = incident.classification.priority.isHigh && incident.roles.lead == nil
    // Said twice by the same person, it is not news, unless somebody waits to hear it.
    if incident.acknowledgers.contains(asker) {
      let isAwaited = lacksLead || incident.watch.paging.nextAt != nil
      guard facts.level >= 2, isAwaited else { return [] }
    }
    let happened = try hearing.past(happenedAt)
    let at = clockTime(happened)
    var events = [event(.acknowledged(person: asker, at: at), happenedAt: happened)]
    if lacksLead {
      let taken = RoleTaken(role: .lead, person: asker, previous: nil, manner: .acknowledging)
      events.append(event(.roleTaken(taken)))
    }
    return events
  }

  func setPriority(_ change: PriorityChange) throws(Refusal) -> [Event] {
    try Check.optional(change.reason, "reason", max: Bound.reason)
    let before = incident.classification
    // A confirmed priority stays confirmed: whoever changes it answers for it.
    let after = Classification(
      change.choice, isConfirmed: change.confirm || before.isConfirmed, by: incident.matrix)
    let triaged = triaged(change.triage, chosen: after.priority)
    guard after != before else { return triaged }
    if standing.isDisjoint(with: .deciding) {
      guard !after.isConfirmed else {
        throw .rightMissing("confirm a priority", needs: .deciding, proposable: facts.level >= 2)
      }
      guard !before.priority.isHigh || after.priority <= before.priority else {
        throw .rightMissing(
          "lower a P1 or P2", needs: .deciding,
          proposable: facts.level >= 2 && standing.contains(.responder))
      }
    }
    return triaged + reclassify(to: after, reason: change.reason, byAlert: false)
  }

  /// That it was triaged, if that is news.
  private func triaged(_ triage: Triage, chosen: Priority) -> [Event] {
    guard !triage.isEmpty else { return [] }
    let triaged = Triaged(triage, by: incident.matrix, chosen: chosen)
    return triaged == incident.deliberation.triaged ? [] : [event(.triaged(triaged))]
  }

  /// The change of priority and what follows from it: owner, status and page.
  func reclassify(to after: Classification, reason: String?, byAlert: Bool) -> [Event] {
    let before = incident.classification
    let move: PriorityChanged.Move =
      if !before.isConfirmed {
        .stated
      } else if after.priority < before.priority {
        .raised
      } else if after.priority > before.priority {
        .lowered
      } else {
        .unchanged
      }
    let change = PriorityChanged(
      before: before, after: after, move: move, reason: reason, byAlert: byAlert)
    var events = [event(.priorityChanged(change))]
    // What is resolved is not handed about or woken for.
    guard incident.status.isLive else {
      let owesReview = after.isConfirmed && after.priority.isHigh && !incident.isExercise
      if incident.status == .resolved, owesReview { events.append(status(.inReview)) }
      return events
    }
    let line = Ownership.line(
      of: incident, from: before.priority, to: after.priority,
      hasSupplier: thirdLineSupplier != nil)
    if line != incident.teams.ownerLine {
      events.append(event(.ownerMoved(ownerMove(to: line, reason: nil, followsPriority: true))))
      if line == .third { events += supplierOfThirdLine() }
    }
    if after.priority.isHigh, incident.status == .backlog {
      events.append(status(.investigating, from: .backlog))
    }
    if after.priority.isHigh, !before.priority.isHigh {
      events.append(event(hearing.wake(PagedIncident(incident, as: after.priority, owner: line))))
    }
    return events
  }

  func ownerMove(to line: Line, reason: String?, followsPriority: Bool) -> OwnerMoved {
    OwnerMoved(
      from: incident.teams.ownerLine, to: line, reason: reason,
      isBounce: incident.linesSeen & line.bit != 0, followsPriority: followsPriority,
      extras: moveExtras(
        to: line,
        needsReason: !followsPriority && !(reason?.utf8.contains { $0 > 0x20 } ?? false)))
  }

  func status(
    _ to: Incident.Status, from: Incident.Status? = nil, note: String? = nil
  ) -> Event {
    event(.statusMoved(StatusMoved(from: from ?? incident.status, to: to, note: note)))
  }
}

extension Line {
  /// Its bit in ``Incident/linesSeen``.
  var bit: UInt8 { 1 << (rawValue - 1) }
}
