internal import Bytes

extension Incident {
  /// An incident as it begins.
  init(
    _ declared: Declared, event: Event, at stamp: Int64, servicePolicy: UInt64, by timing: Timing
  ) {
    id = event.subject.id
    version = 1
    title = declared.title
    description = declared.description
    source = declared.source
    externalReference = declared.reference
    service = declared.service
    unknownService = declared.unknownService
    teams = declared.teams
    isExercise = event.exercise
    policyVersion = event.policyVersion
    reporter = declared.reporter
    declaredAt = stamp
    beganAt = declared.beganAt ?? stamp
    status = .open
    statusSince = stamp
    classification = declared.classification
    owesReview = false
    clocks = Clocks(
      of: declared.classification.priority, declaredAt: stamp, servicePolicy: servicePolicy,
      by: timing)
    roles = Roles()
    paged = []
    hadNobodyOnCall = false
    isTouched = declared.reporter != nil
    bounces = 0
    linesSeen = declared.teams.ownerLine.bit
    recurrenceOf = declared.recurrenceOf
    reopenings = 0
    firingGroups = []
    acknowledgers = []
  }

  /// Makes an event about this incident true.
  ///
  /// - Parameters:
  ///   - isByMachine: Whether a service did it by a key of its own: only people touch.
  ///   - timing: By what its clocks run.
  mutating func evolve(
    _ event: Event, at stamp: Int64, isByMachine: Bool = false, by timing: @autoclosure () -> Timing
  ) {
    version += 1
    if event.fact.isTouch, !isByMachine { isTouched = true }
    switch event.fact {
    case .leadNotified(let person, _): page(person)
    case .noLeadOnCall(let contact):
      hadNobodyOnCall = true
      page(contact)
    case .acknowledged(let person, let at):
      if acknowledgement == nil {
        acknowledgement = Acknowledgement(person: person, at: at)
        clocks.response.stoppedAt = at
      }
      if !acknowledgers.contains(person), acknowledgers.count < Bound.list {
        acknowledgers.append(person)
      }
    case .priorityChanged(let change): take(change, at: stamp, by: timing())
    case .ownerMoved(let move):
      teams.ownerLine = move.to
      linesSeen |= move.to.bit
      if move.isBounce { bounces += 1 }
      extras.around.take(move, at: stamp)
    case .roleOffered(let role, let person, let giver):
      roles.offers.append(.init(role: role, to: person, from: giver, at: stamp))
    case .roleDeclined(let role, let person):
      // An offer is declined before a role: one can be lead and be offered it again by a slow hand.
      if !roles.removeOffer(of: role, to: person) { roles.remove(person, from: role) }
    case .roleTaken(let taken): roles.take(taken, at: stamp)
    case .roleLeft(let role, let person): roles.remove(person, from: role)
    case .updated(let update): take(update, at: stamp, by: timing())
    case .statusMoved(let move):
      if move.to != status { become(move.to, at: stamp) }
      stand(at: move.place)
    case .restoredProposed(let person, _): restoredProposal = Mark(person: person, at: stamp)
    case .resolved(let resolved): take(resolved, at: stamp, by: timing())
    case .resolutionAgreed(let person): confirmAgreement(by: person)
    case .reviewed(_, let person, let version):
      review = ReviewMark(version: version, person: person, at: stamp, reopenings: reopenings)
    case .closed, .closedInTime: close(.closed(at: stamp), at: stamp, by: timing())
    case .closedByOverride(let reason, _):
      let timing = timing()
      close(.overridden(at: stamp, reason: reason), at: stamp, by: timing)
      if reason.isEmpty {
        let due = timing.calendar.endOfNextWorkingDay(after: stamp)
        extras.around.owe(reasonFor: .override, by: due)
      }
    case .reopened: reopen(at: stamp, by: timing())
    case .cancelled(let reason):
      end(.cancelled, .cancelled(at: stamp, reason: reason), at: stamp)
      clocks.abandon(at: stamp)
    case .duplicateSaid(let survivor, _):
      end(.duplicate, .duplicate(at: stamp, of: survivor), at: stamp)
      clocks.abandon(at: stamp)
    case .inherited(let inheritance): take(inheritance)
    case .flagSet(let raising, let person):
      let state = FlagState(
        setBy: person, setAt: stamp, awareAt: event.happenedAt ?? stamp)
      set(state, of: raising.flag)
      answer(raising.flag)
    case .flagCleared(let flag, _): change(flag) { $0.clearedAt = stamp }
    case .flagReported(let report):
      change(report.flag) {
        $0.reportedAt = report.reportedAt
        $0.reference = report.reference
      }
    case .ticketRecorded(let reference, let updatedAt):
      ticket = Ticket(reference: reference, updatedAt: updatedAt)
    case .alertReported(let report):
      if !report.firing.isEmpty { alertsClearedAt = nil }
      if report.proposesReopen { reopenProposedAt = reopenProposedAt ?? stamp }
    case .alertCleared: alertsClearedAt = stamp
    case .clearedWithoutAction(let clearedAt):
      closeCleared(since: clearedAt, at: stamp, by: timing())
    case .leaverReleased(let person, _, let told):
      roles.release(person)
      if let told { page(told) }
    case .paged(let paged):
      if paged.cause == .declared, paged.skipped.contains(.lead) { hadNobodyOnCall = true }
      for person in paged.people { page(person) }
    case .escalated(let escalation): if let contact = escalation.to { page(contact) }
    case .noted, .pageAnswered, .reminded, .assessed, .reviewArranged, .actionCompleted, .gapNoted,
      .reviewWaived:
      break
    case .holdSet(let hold): extras.hold = hold
    case .holdReleased: extras.hold = nil
    case .triaged(let triaged): take(triaged)
    case .proposed(let proposal, let person): take(proposal, by: person, at: stamp)
    case .proposalAccepted(let number, _), .proposalDeclined(let number, _, _): settle(number)
    case .flagDismissed(let flag, _): answer(flag)
    case .matrixPinned(let matrix): deliberate { $0.matrix = matrix }
    case .communicationDrafted, .stakeholderChanged, .reachStated, .delayExplained,
      .communicationMoved:
      evolveOutreach(event, at: stamp, by: timing())
    // Theirs is to know who says so: see `reachOut`.
    case .notificationDecided, .sightChanged, .faceMoved: break
    case .waitingBegan(let waiting):
      clocks.begin(waiting.wait, priority: classification.priority, by: timing())
    case .waitingEnded(let at):
      clocks.endWait(at: at, priority: classification.priority, by: timing())
    case .clocksRecounted:
      clocks.recountRunning(classification.priority, by: timing())
    case .parentSpoke(.updated(let next)):
      let update = CommunicationUpdate(audience: .stakeholders, text: "", nextUpdateAt: next)
      take(update, at: stamp, by: timing())
    case .answered, .reasonGiven, .serviceAffected, .leadServiceSet, .familyChanged, .parentSpoke,
      .umbrellaOpened, .takenUpInEmergency, .related, .engaged:
      evolveSurroundings(event, at: stamp)
    case .declared, .founded, .personAdded, .personDeactivated, .teamAdded, .memberSet,
      .serviceAdded, .credentialIssued, .credentialRevoked, .onCallAssigned, .settingsChanged,
      .strangeAlertResolved, .ingestKeyIssued, .serviceKeyIssued, .joinTokenIssued, .joinTokenUsed,
      .levelRaised,
      .signedIn, .passwordSet, .codesMade, .meansCleared, .sessionExtended, .standingGiven,
      .directoryImported, .personChanged, .teamChanged, .teamRetired, .serviceChanged,
      .serviceRetired, .headSigned, .glassBroken, .attemptDenied, .restrictedRead, .purged,
      .alertsRestated, .contactsErased, .servicePolicyChanged, .serviceArranged,
      .manualConfirmed, .serviceWentLive, .serviceWithdrawn, .templateChanged, .messagesPruned,
      .messageAcknowledged, .noticeChanged, .calendarSet, .viewSaved, .viewRemoved, .reportKept,
      .reportBytes, .webhookSet, .webhookRemoved, .deliveryAsked, .deliveriesMoved:
      preconditionFailure("Event \(event.kind) is not about an incident that is under way.")
    }
  }

  private mutating func page(_ person: ID) {
    guard !paged.contains(person), paged.count < Bound.list else { return }
    paged.append(person)
  }

  private mutating func become(_ status: Status, at stamp: Int64) {
    self.status = status
    statusSince = stamp
    settleProposals()
    if status != .backlog { stand(at: BacklogPlace()) }
  }

  private mutating func take(_ change: PriorityChanged, at stamp: Int64, by timing: Timing) {
    classification = change.after
    if change.after.isConfirmed { settleProposedPriorities() }
    if change.after.isConfirmed, change.after.priority.isHigh { owesReview = true }
    if status == .resolved {
      clocks.planClosing(priority: change.after.priority, resolvedAt: statusSince, by: timing)
    }
    switch change.move {
    case .unchanged: break
    case .stated, .lowered: recount(change, at: stamp, by: timing)
    case .raised where timing.countsFromDeclaration: recount(change, at: stamp, by: timing)
    case .raised where resolved == nil:
      // A raise that brings it to 2nd line asks that line for an answer of its own.
      // From behaviour level 2 on also a P5 or P6, which is another line's, that becomes a P3 or P4.
      let isTriaged = change.before.priority < .p5 || change.after.priority >= .p5 || timing.isFirst
      let asksAgain =
        (change.after.priority.isHigh || !isTriaged) && teams.ownerLine != .second
      if asksAgain {
        acknowledgement = nil
        acknowledgers = []
      }
      clocks.restart(
        for: change.after.priority, at: stamp, asksAgain: asksAgain, by: timing)
    case .raised: break
    }
  }

  /// Everything counts from declaration.
  private mutating func recount(
    _ change: PriorityChanged, at stamp: Int64, by timing: Timing
  ) {
    let isConfirmation = change.after.isConfirmed && !change.before.isConfirmed
    clocks.recount(
      for: change.after.priority, isLowered: change.move == .lowered, declaredAt: declaredAt,
      isResolved: resolved != nil, isMitigated: status == .mitigated,
      // The first update counts from the confirmation, if that is later.
      updatesFrom: isConfirmation ? stamp : declaredAt,
      // Of the same urgency, what was promised stands.
      keepsUpdate: !timing.isFirst && clocks.lastUpdateAt != nil
        && change.before.priority == change.after.priority,
      now: stamp, by: timing)
  }

  mutating func take(
    _ update: CommunicationUpdate, at stamp: Int64, by timing: Timing
  ) {
    guard update.audience != .team else { return }
    clocks.sent(
      at: stamp, promised: update.nextUpdateAt, priority: classification.priority,
      isMitigated: status == .mitigated, isResolved: resolved != nil, by: timing)
  }

  private mutating func take(_ resolved: Resolved, at stamp: Int64, by timing: Timing) {
    self.resolved = resolved
    restoredProposal = nil
    become(.resolved, at: stamp)
    clocks.resolve(
      at: resolved.at, recordedAt: stamp, priority: classification.priority, by: timing)
    clocks.planEnding(priority: classification.priority, at: stamp, by: timing)
  }

  private mutating func confirmAgreement(by person: ID) {
    guard case .phone(let name)? = resolved?.agreement else { return }
    resolved?.agreement = .phoneConfirmed(name: name, by: person)
  }

  private mutating func close(_ ending: Ending, at stamp: Int64, by timing: Timing) {
    end(.closed, ending, at: stamp)
    clocks.planReopening(at: stamp, by: timing)
  }

  private mutating func end(_ status: Status, _ ending: Ending, at stamp: Int64) {
    become(status, at: stamp)
    self.ending = ending
    restoredProposal = nil
    roles.offers = []
    clocks.endUpdates(at: stamp)
    clocks.endWait(at: stamp)
  }

  /// It was over when its alerts cleared: its clocks stop there.
  private mutating func closeCleared(
    since clearedAt: Int64, at stamp: Int64, by timing: Timing
  ) {
    let wasAnswered = clocks.response.stoppedAt != nil
    clocks.resolve(
      at: clearedAt, recordedAt: clearedAt, priority: classification.priority, by: timing)
    // Alerts never acknowledge: nobody met it, and nobody is waited for any more.
    if !wasAnswered, !timing.isFirst { clocks.abandonResponse(at: clearedAt) }
    clocks.endUpdates(at: clearedAt)
    close(.cleared(at: stamp, clearedAt: clearedAt), at: stamp, by: timing)
  }

  private mutating func reopen(at stamp: Int64, by timing: Timing) {
    become(.investigating, at: stamp)
    resolved = nil
    ending = nil
    reopenProposedAt = nil
    reopenings += 1
    // It has its review to come.
    extras.around.unexplained.removeAll { $0.what == .override }
    clocks.reopen(at: stamp, priority: classification.priority, by: timing)
  }

  /// A group of alerts fires for it, or is clear.
  mutating func hear(from group: ID, isClear: Bool) {
    if isClear {
      firingGroups.removeAll { $0 == group }
    } else if !firingGroups.contains(group) {
      if firingGroups.count < Bound.list {
        firingGroups.append(group)
      } else if around.isUmbrella {
        extras.around.firesUnlisted = true
      }
    }
  }

  private mutating func take(_ inheritance: Inheritance) {
    beganAt = min(beganAt, inheritance.beganAt)
    owesReview = owesReview || inheritance.owesReview
    inherit(inheritance.extras?.stakeholders ?? [])
    // What was decided about a flag that was cleared says nothing about the one that comes.
    // Nor does that its own may be known to everybody say so of another's.
    if let cyber = inheritance.cyber, cyber.clearedAt == nil { extras.sensitive.widened = nil }
    if !isSet(.data), inheritance.data?.clearedAt == nil { extras.sensitive.notification = nil }
    cyber = joined(cyber, inheritance.cyber)
    data = joined(data, inheritance.data)
    guard let legacy = inheritance.extras else { return }
    extras.around.take(legacy)
    extras.sensitive.take(legacy)
  }

  /// A flag of its own and a duplicate's: what is owed by it counts from when anybody became aware.
  private func joined(_ own: FlagState?, _ duplicates: FlagState?) -> FlagState? {
    guard var own, own.clearedAt == nil else { return duplicates ?? own }
    // As the first behaviour level has it, the earlier time is left aside.
    if extras.watch != nil, let duplicates, duplicates.clearedAt == nil {
      own.awareAt = min(own.awareAt, duplicates.awareAt)
    }
    return own
  }

  private mutating func set(_ state: FlagState, of flag: Flag) {
    switch flag {
    case .cyber: cyber = state
    case .data: data = state
    }
  }

  private mutating func change(_ flag: Flag, _ body: (inout FlagState) -> Void) {
    guard var state = state(of: flag) else { return }
    body(&state)
    set(state, of: flag)
  }
}

extension Fact {
  /// Whether a person did something with the incident (policy section 10: being paged, and what
  /// alerts do, is none; nor is that it is kept).
  fileprivate var isTouch: Bool {
    switch self {
    case .leadNotified, .noLeadOnCall, .alertReported, .alertCleared, .clearedWithoutAction,
      .leaverReleased, .holdSet, .holdReleased, .matrixPinned, .clocksRecounted, .closedInTime,
      .paged, .reminded, .gapNoted, .parentSpoke, .umbrellaOpened:
      false
    // A storm of alerts gathers what nobody has touched.
    case .familyChanged(.gathered): false
    case .escalated(let escalation): escalation.missedLimit == nil
    case .priorityChanged(let change): !change.byAlert
    case .ownerMoved(let move): !move.followsPriority
    default: true
    }
  }
}

extension Roles {
  /// Removes an offer, and says whether there was one.
  @discardableResult
  mutating func removeOffer(of role: Role, to person: ID) -> Bool {
    let before = offers.count
    offers.removeAll { $0.role == role && $0.to == person }
    return offers.count < before
  }

  mutating func take(_ taken: RoleTaken, at stamp: Int64) {
    removeOffer(of: taken.role, to: taken.person)
    let holder = Holder(person: taken.person, since: stamp)
    switch taken.role {
    case .lead: lead = holder
    case .commsLead: commsLead = holder
    case .documenter: documenter = holder
    case .technicalSupport:
      if !has(.technicalSupport, taken.person) { technicalSupport.append(holder) }
    }
  }

  /// Takes everything from somebody who has left.
  mutating func release(_ person: ID) {
    for role in Role.allCases { remove(person, from: role) }
    offers.removeAll { $0.to == person }
  }

  mutating func remove(_ person: ID, from role: Role) {
    guard has(role, person) else { return }
    switch role {
    case .lead: lead = nil
    case .commsLead: commsLead = nil
    case .documenter: documenter = nil
    case .technicalSupport: technicalSupport.removeAll { $0.person == person }
    }
  }
}
