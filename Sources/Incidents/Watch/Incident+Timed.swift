/// What is owed by the clock. Worked out from the incident alone, so that its due row is a fold of its
/// events.
extension Incident {
  /// When something next has to happen to it by the clock; nothing where nothing has to.
  ///
  /// It is never earlier than its last change: what then turns out to have been due is due from there.
  package var nextDueAt: Int64? {
    var next = paging?.nextAt
    func take(_ time: Int64?) {
      guard let time else { return }
      next = min(next ?? time, time)
    }
    forEachTimed { timed in take(timed.next(after: reminded(of: timed))) }
    take(escalatesAt)
    take(wakesAt)
    take(chainBeginsAt)
    return next.map { max($0, extras.watch?.changedAt ?? declaredAt) }
  }

  private var paging: Paging? { extras.watch?.paging }

  /// Up to when it was reminded of a duty.
  func reminded(of timed: Timed) -> Int64 {
    guard let marks = extras.watch?.marks else { return Int64.min }
    for mark in marks
    where mark.kind == timed.kind && mark.number == timed.number && mark.dueAt == timed.dueAt {
      return mark.through
    }
    return Int64.min
  }

  /// When senior management hears of a missed limit, if it has not.
  var escalatesAt: Int64? {
    guard status.isLive, classification.priority.isHigh, clocks.resolution.stoppedAt == nil,
      let limit = clocks.resolution.limitAt ?? clocks.resolution.dueAt,
      extras.watch?.escalatedFor != limit
    else { return nil }
    return limit + 1
  }

  /// When the chain begins for a P3 or P4 that nobody has acknowledged: once half of its time for a
  /// response has run, in its own hours.
  var chainBeginsAt: Int64? {
    guard awaitsResponse, paging?.nextAt == nil, paging?.cause != .unacknowledged else {
      return nil
    }
    return clocks.extras.halfResponseAt
  }

  /// Whether it is a P3 or P4 that nobody has said anything to.
  var awaitsResponse: Bool {
    switch classification.priority {
    case .p1, .p2, .p5, .p6: false
    case .p3, .p4: status.isLive && status != .backlog && acknowledgement == nil
    }
  }

  /// When an incident of which nothing has been heard wakes people again.
  var wakesAt: Int64? {
    guard paging?.nextAt == nil, let asked = silence else { return nil }
    let wait = classification.priority == .p1 ? Silence.answerP1 : Silence.answerP2
    return asked.dueAt + wait
  }

  /// "Still on it?", which is asked of a P1 or P2 that was taken and of which nothing was heard since.
  var silence: Timed? {
    guard status.isLive, classification.priority.isHigh, let taken = acknowledgement else {
      return nil
    }
    let last = max(extras.watch?.lastEntryAt ?? taken.at, taken.at)
    let span = classification.priority == .p1 ? Silence.p1 : Silence.p2
    return Timed(kind: .stillOnIt, from: last, dueAt: last + span)
  }

  /// Every duty that has a due time, in no order of importance.
  func forEachTimed(_ visit: (Timed) -> Void) {
    if status.isLive { forEachWorking(visit) }
    if status == .resolved || status == .inReview { forEachEnding(visit) }
    if let data, openFlags.contains(.data) {
      visit(
        Timed(kind: .reportData, from: data.setAt, dueAt: data.awareAt + 72 * Span.hour))
    }
    if asksForNotification, let data {
      visit(
        Timed(
          kind: .decideNotification, from: data.setAt, dueAt: data.awareAt + 72 * Span.hour))
    }
    for owed in around.unexplained {
      visit(Timed(kind: .giveReason, from: owed.dueAt, dueAt: owed.dueAt))
    }
    if let late = owedExplanation {
      visit(Timed(kind: .explainDelay, from: late.sentAt, dueAt: late.reasonDueAt))
    }
    if !status.isOver { forEachSupplier(visit) }
    for action in extras.watch?.actions ?? [] where action.done == nil {
      visit(
        Timed(
          kind: .completeAction, number: action.number, from: action.since,
          dueAt: action.action.due))
    }
  }

  /// What is owed by those who help from outside.
  private func forEachSupplier(_ visit: (Timed) -> Void) {
    for (place, supplier) in around.suppliers.enumerated() {
      guard let next = supplier.nextUpdateAt else { continue }
      visit(Timed(kind: .chaseSupplier, number: UInt32(place + 1), from: next, dueAt: next))
    }
  }

  private func forEachWorking(_ visit: (Timed) -> Void) {
    let isHigh = classification.priority.isHigh
    if acknowledgement == nil, let due = clocks.response.dueAt {
      visit(
        Timed(
          kind: .acknowledge, from: clocks.response.startedAt, dueAt: due,
          soon: clocks.extras.responseSoonAt))
    }
    if !classification.isConfirmed, let due = confirmationDueAt {
      visit(Timed(kind: .confirmPriority, from: declaredAt, dueAt: due))
    }
    if isHigh, let due = assessmentDueAt {
      visit(Timed(kind: .assess, from: clocks.response.startedAt, dueAt: due))
    }
    if let due = ticketDueAt {
      visit(Timed(kind: .recordTicket, from: clocks.response.startedAt, dueAt: due))
    }
    if status == .backlog, let at = backlogPlace.lookAgainAt {
      visit(Timed(kind: .lookAtBacklog, from: statusSince, dueAt: at))
    }
    if let wait = clocks.extras.waits.last, wait.isPause, wait.lookAgain != nil,
      let until = wait.until
    {
      visit(Timed(kind: .lookAgain, from: wait.from, dueAt: until))
    }
    if let update = clocks.update, update.stoppedAt == nil, let due = update.dueAt {
      visit(
        Timed(
          kind: .sendUpdate, from: update.startedAt, dueAt: due, soon: clocks.extras.updateSoonAt))
    }
    if let unrecorded { visit(unrecorded) }
    if let silence { visit(silence) }
  }

  /// "Anything to record?", which the lead of a P1 is asked that nobody documents.
  var unrecorded: Timed? {
    guard status.isLive, classification.priority == .p1, roles.documenter == nil,
      let lead = roles.lead
    else { return nil }
    let last = max(extras.watch?.lastEntryAt ?? lead.since, lead.since)
    return Timed(kind: .anythingToRecord, from: last, dueAt: last + Silence.unrecorded)
  }

  private func forEachEnding(_ visit: (Timed) -> Void) {
    if let update = clocks.update, update.stoppedAt == nil, let due = update.dueAt {
      visit(
        Timed(
          kind: .sendLastUpdate, from: update.startedAt, dueAt: due,
          soon: clocks.extras.updateSoonAt))
    }
    guard lacksReview, let resolved else { return }
    if extras.watch?.reviewPlan == nil, let due = arrangementDueAt {
      visit(Timed(kind: .arrangeReview, from: resolved.at, dueAt: due))
    }
    if let due = reviewDueAt {
      visit(Timed(kind: .finishReview, from: resolved.at, dueAt: due))
    }
  }
}

/// When duties are due that no clock of the incident says.
extension Incident {
  /// Half of the time for a response; an incident of behaviour level 1 does not know it.
  var confirmationDueAt: Int64? {
    if let known = clocks.extras.halfResponseAt { return known }
    guard let target = Timing.first.target(of: classification.priority) else { return nil }
    return declaredAt + Timing.first.span(of: target.response) / 2
  }

  /// The lead's first assessment, until there is one.
  var assessmentDueAt: Int64? {
    guard extras.watch?.assessed == nil, let due = answerDueAt else { return nil }
    return due + Grace.assessment
  }

  /// The ticket of a P1 or P2, until there is one: it is asked for together with the assessment, so that
  /// whoever works on it is disturbed once.
  var ticketDueAt: Int64? {
    guard classification.priority.isHigh, ticket == nil, !isExercise, let due = answerDueAt else {
      return nil
    }
    return due + Grace.assessment
  }

  private var answerDueAt: Int64? { clocks.extras.answerBy ?? clocks.response.dueAt }

  /// A date for the review and who takes part, by the calendar of its service.
  var arrangementDueAt: Int64? { clocks.extras.setReviewBy }

  /// The review, by the calendar of its service.
  var reviewDueAt: Int64? { clocks.extras.holdReviewBy }
}

/// How long nothing may be heard of an incident (policy section 4).
enum Silence {
  /// Of an acknowledged P1.
  static let p1 = 20 * Span.minute
  /// Of an acknowledged P2.
  static let p2 = Span.hour
  /// How long "still on it?" waits for an answer before people are woken, on a P1.
  static let answerP1 = 5 * Span.minute
  /// And on a P2.
  static let answerP2 = 15 * Span.minute
  /// Of a P1 without a documenter, before its lead is asked whether there is anything to record.
  static let unrecorded = 15 * Span.minute
}
