/// How the clocks of an incident begin, change and end (policy section 2).
extension Clocks {
  /// The clocks of a new incident.
  ///
  /// - Parameter servicePolicy: The version of its service's policy that it runs under.
  init(of priority: Priority, declaredAt: Int64, servicePolicy: UInt64 = 0, by timing: Timing) {
    response = timing.response(of: priority, from: declaredAt)
    resolution = timing.resolution(of: priority, from: declaredAt)
    update = timing.update(of: priority, from: declaredAt)
    missedUpdates = 0
    notCounted = 0
    superseded = []
    extras.servicePolicy = servicePolicy
    mark(priority, by: timing)
  }

  /// Everything counts from declaration: the priority was provisional, or is lower now.
  mutating func recount(
    for priority: Priority, isLowered: Bool, declaredAt: Int64, isResolved: Bool,
    isMitigated: Bool, updatesFrom: Int64, keepsUpdate: Bool, now: Int64, by timing: Timing
  ) {
    endPauses(before: priority, at: now)
    extras.ignoresPauses = priority.isHigh && !isLowered && !timing.isFirst
    var counted = timing.response(of: priority, from: declaredAt)
    counted.stoppedAt = response.stoppedAt
    replace(\.response, with: counted, at: now)
    counted = timing.resolution(of: priority, from: declaredAt + notCounted, without: gaps)
    counted.stoppedAt = resolution.stoppedAt
    replace(\.resolution, with: counted, at: now)
    // What is owed after the resolution stays owed as it is.
    if !isResolved, !keepsUpdate {
      recountUpdate(
        for: priority, from: updatesFrom, isMitigated: isMitigated, now: now, by: timing)
    }
    mark(priority, by: timing)
  }

  /// Counts the update anew that is owed next: from the last one, or else from `start`.
  mutating func recountUpdate(
    for priority: Priority, from start: Int64, isMitigated: Bool, now: Int64, by timing: Timing
  ) {
    // Once it is mitigated twice the time is given from the next update on (policy section 7).
    let times: Int64 = isMitigated && lastUpdateAt != nil && !timing.isFirst ? 2 : 1
    var next = timing.update(of: priority, from: lastUpdateAt ?? start, times: times)
    if case .once = timing.cadence(of: priority), lastUpdateAt != nil { next = nil }
    if let update, update != next { supersede(update, at: now) }
    update = next
  }

  /// New resolution and update clocks start at a raise; a response that was met stays met, unless
  /// another line has to answer.
  mutating func restart(
    for priority: Priority, at stamp: Int64, asksAgain: Bool, by timing: Timing
  ) {
    endWait(at: stamp, onlyPause: true)
    restartResponse(priority, at: stamp, asksAgain: asksAgain, by: timing)
    supersede(resolution, at: stamp)
    resolution = timing.resolution(of: priority, from: stamp)
    // Sooner counts: a raise never gives more time for an update that is due already.
    if let next = timing.update(of: priority, from: stamp), let nextDue = next.dueAt,
      update?.dueAt.map({ $0 > nextDue }) ?? true
    {
      if let update { supersede(update, at: stamp) }
      update = next
    }
    mark(priority, by: timing)
  }

  private mutating func restartResponse(
    _ priority: Priority, at stamp: Int64, asksAgain: Bool, by timing: Timing
  ) {
    let isMet = response.stoppedAt != nil
    let next = timing.response(of: priority, from: stamp)
    guard !isMet || asksAgain, let due = next.dueAt else { return }
    // Nobody has answered yet: they have no more time than before.
    if !isMet, let old = response.dueAt, old <= due { return }
    supersede(response, at: stamp)
    response = next
  }

  /// An update went to stakeholders or wider.
  mutating func sent(
    at stamp: Int64, promised: Int64?, priority: Priority, isMitigated: Bool, isResolved: Bool,
    by timing: Timing
  ) {
    if let due = update?.dueAt, update?.stoppedAt == nil, stamp > due { missedUpdates += 1 }
    lastUpdateAt = stamp
    if isResolved {
      // The last one that is owed.
      if update?.stoppedAt == nil { update?.stoppedAt = stamp }
      return
    }
    guard case .every = timing.cadence(of: priority) else {
      update = nil
      return
    }
    update = timing.update(of: priority, from: stamp, times: isMitigated ? 2 : 1)
    if let due = update?.dueAt { update?.dueAt = min(due, promised ?? Int64.max) }
    mark(priority, by: timing)
  }

  /// Service is restored; one last update is owed.
  mutating func resolve(
    at restoredAt: Int64, recordedAt stamp: Int64, priority: Priority, by timing: Timing
  ) {
    endWait(at: restoredAt)
    settle(priority, by: timing)
    if response.stoppedAt == nil { response.stoppedAt = restoredAt }
    resolution.stoppedAt = restoredAt
    guard case .every = timing.cadence(of: priority) else {
      update = nil
      return
    }
    if let due = update?.dueAt, stamp > due { missedUpdates += 1 }
    update = timing.update(of: priority, from: stamp)
    mark(priority, by: timing)
  }

  /// It is not over: the resolution runs on where it stopped, and the time between does not count,
  /// unless everything counts from declaration.
  mutating func reopen(at stamp: Int64, priority: Priority, by timing: Timing) {
    endUpdates(at: stamp)
    extras.closesAt = nil
    extras.reopenableUntil = nil
    (extras.setReviewBy, extras.holdReviewBy) = (nil, nil)
    if let stopped = resolution.stoppedAt {
      resolution.stoppedAt = nil
      if timing.isFirst {
        let gap = max(0, stamp - stopped)
        notCounted += gap
        resolution.startedAt += gap
        resolution.dueAt? += gap
        resolution.limitAt? += gap
      } else if !timing.countsFromDeclaration {
        add(Wait(cause: .resolved, isPause: false, from: stopped, until: max(stopped, stamp)))
        settle(priority, by: timing)
      }
    }
    // Nobody answered before it closed by itself: now somebody has to.
    if response.stoppedAt == nil, !timing.isFirst {
      response = timing.response(of: priority, from: stamp)
    }
    update = timing.update(of: priority, from: stamp)
    mark(priority, by: timing)
  }

  /// Nobody answered, and nobody is waited for any more.
  mutating func abandonResponse(at stamp: Int64) {
    response.stoppedAt = nil
    supersede(response, at: stamp)
    response.dueAt = nil
  }

  /// It never was, or is another's: what still runs is not waited for.
  mutating func abandon(at stamp: Int64) {
    if response.stoppedAt == nil { abandonResponse(at: stamp) }
    if resolution.stoppedAt == nil {
      supersede(resolution, at: stamp)
      resolution.dueAt = nil
      resolution.limitAt = nil
    }
  }

  /// It is over: no update is waited for any more, and one that is late by then was missed.
  mutating func endUpdates(at stamp: Int64) {
    guard var last = update, last.stoppedAt == nil else { return }
    last.stoppedAt = stamp
    let wasMissed = last.state(at: stamp) == .missed
    if wasMissed { missedUpdates += 1 }
    update = wasMissed ? last : nil
  }

  private mutating func replace(
    _ path: WritableKeyPath<Clocks, Clock>, with clock: Clock, at now: Int64
  ) {
    let old = self[keyPath: path]
    guard old != clock else { return }
    supersede(old, at: now)
    self[keyPath: path] = clock
  }

  /// Keeps a clock that another takes the place of, if it measured anything. One that is overdue by
  /// then stops here: missed stays visible.
  private mutating func supersede(_ clock: Clock, at now: Int64) {
    guard let due = clock.dueAt else { return }
    var clock = clock
    if clock.stoppedAt == nil, now > due { clock.stoppedAt = now }
    superseded.append(clock)
    if superseded.count > Bound.pastClocks { superseded.removeFirst() }
  }
}

extension Timing {
  /// A response clock.
  func response(of priority: Priority, from start: Int64) -> Clock {
    Clock(
      kind: .response, startedAt: start,
      dueAt: strictest(of: priority, from: start, \.response)
        .map { end(of: $0.response, $0, from: start) })
  }

  /// A resolution clock towards the target and limit of a priority.
  func resolution(
    of priority: Priority, from start: Int64, without gaps: [Range<Int64>] = []
  ) -> Clock {
    func end(_ span: (PriorityTarget) -> Allowance?) -> Int64? {
      strictest(of: priority, from: start, span).flatMap { target in
        span(target).map { self.end(of: $0, target, from: start, without: gaps) }
      }
    }
    return Clock(
      kind: .resolution, startedAt: start, dueAt: end(\.resolution), limitAt: end(\.limit))
  }

  /// An update clock, if one is owed.
  ///
  /// - Parameter times: How many intervals it is given.
  func update(of priority: Priority, from start: Int64, times: Int64 = 1) -> Clock? {
    switch cadence(of: priority) {
    case .none: return nil
    case .every(let allowance), .once(let allowance):
      let isAlways = target(of: priority)?.isAlways ?? true
      return Clock(
        kind: .update, startedAt: start,
        dueAt: run(times * span(of: allowance), isAlways: isAlways, from: start))
    }
  }

  private func end(
    of allowance: Allowance, _ target: PriorityTarget, from start: Int64,
    without gaps: [Range<Int64>] = []
  ) -> Int64 {
    run(span(of: allowance), isAlways: target.isAlways, from: start, without: gaps)
  }
}
