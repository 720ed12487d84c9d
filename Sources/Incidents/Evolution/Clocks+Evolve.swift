/// How the clocks of an incident begin, change and end (policy section 2).
extension Clocks {
  /// The clocks of a new incident.
  init(of priority: Priority, declaredAt: Int64) {
    let target = Target.of(priority)
    response = Clock(
      kind: .response, startedAt: declaredAt, dueAt: target.map { declaredAt + $0.response })
    resolution = Clock(kind: .resolution, startedAt: declaredAt, target: target)
    update = target.map {
      Clock(kind: .update, startedAt: declaredAt, dueAt: declaredAt + $0.update)
    }
    missedUpdates = 0
    notCounted = 0
    superseded = []
  }

  /// Everything counts from declaration: the priority was provisional, or is lower now.
  mutating func recount(
    for priority: Priority, declaredAt: Int64, isResolved: Bool, updatesFrom: Int64, now: Int64
  ) {
    let target = Target.of(priority)
    replace(
      \.response,
      with: Clock(
        kind: .response, startedAt: declaredAt, dueAt: target.map { declaredAt + $0.response },
        stoppedAt: response.stoppedAt), at: now)
    var counted = Clock(kind: .resolution, startedAt: declaredAt + notCounted, target: target)
    counted.stoppedAt = resolution.stoppedAt
    replace(\.resolution, with: counted, at: now)
    // What is owed after the resolution stays owed as it is.
    guard !isResolved else { return }
    guard let target else {
      if let update { supersede(update, at: now) }
      update = nil
      return
    }
    let start = lastUpdateAt ?? updatesFrom
    let next = Clock(kind: .update, startedAt: start, dueAt: start + target.update)
    if let update, update != next { supersede(update, at: now) }
    update = next
  }

  /// New resolution and update clocks start at a raise; a response that was met stays met, unless
  /// another line has to answer.
  mutating func restart(for priority: Priority, at stamp: Int64, asksAgain: Bool) {
    let target = Target.of(priority)
    restartResponse(target, at: stamp, asksAgain: asksAgain)
    supersede(resolution, at: stamp)
    resolution = Clock(kind: .resolution, startedAt: stamp, target: target)
    guard let target else { return }
    let next = Clock(kind: .update, startedAt: stamp, dueAt: stamp + target.update)
    // Sooner counts: a raise never gives more time for an update that is due already.
    if let update, let due = update.dueAt, due <= stamp + target.update { return }
    if let update { supersede(update, at: stamp) }
    update = next
  }

  private mutating func restartResponse(_ target: Target?, at stamp: Int64, asksAgain: Bool) {
    let isMet = response.stoppedAt != nil
    guard !isMet || asksAgain, let target else { return }
    let due = stamp + target.response
    // Nobody has answered yet: they have no more time than before.
    if !isMet, let old = response.dueAt, old <= due { return }
    supersede(response, at: stamp)
    response = Clock(kind: .response, startedAt: stamp, dueAt: due)
  }

  /// An update went to stakeholders or wider.
  mutating func sent(
    at stamp: Int64, promised: Int64?, priority: Priority, isMitigated: Bool, isResolved: Bool
  ) {
    if let due = update?.dueAt, update?.stoppedAt == nil, stamp > due { missedUpdates += 1 }
    lastUpdateAt = stamp
    if isResolved {
      // The last one that is owed.
      if update?.stoppedAt == nil { update?.stoppedAt = stamp }
      return
    }
    guard let target = Target.of(priority) else {
      update = nil
      return
    }
    let interval = isMitigated ? 2 * target.update : target.update
    let due = min(stamp + interval, promised ?? Int64.max)
    update = Clock(kind: .update, startedAt: stamp, dueAt: due)
  }

  /// Service is restored; one last update is owed.
  mutating func resolve(at restoredAt: Int64, recordedAt stamp: Int64, priority: Priority) {
    if response.stoppedAt == nil { response.stoppedAt = restoredAt }
    resolution.stoppedAt = restoredAt
    guard let target = Target.of(priority) else {
      update = nil
      return
    }
    if let due = update?.dueAt, stamp > due { missedUpdates += 1 }
    update = Clock(kind: .update, startedAt: stamp, dueAt: stamp + target.update)
  }

  /// It is not over: the resolution runs on where it stopped, and the time between does not count.
  mutating func reopen(at stamp: Int64, priority: Priority) {
    endUpdates(at: stamp)
    if let stopped = resolution.stoppedAt {
      let gap = max(0, stamp - stopped)
      notCounted += gap
      resolution.startedAt += gap
      resolution.dueAt? += gap
      resolution.limitAt? += gap
      resolution.stoppedAt = nil
    }
    update = Target.of(priority).map {
      Clock(kind: .update, startedAt: stamp, dueAt: stamp + $0.update)
    }
  }

  /// It never was, or is another's: what still runs is not waited for.
  mutating func abandon(at stamp: Int64) {
    for clock in [response, resolution] where clock.stoppedAt == nil {
      supersede(clock, at: stamp)
    }
    if response.stoppedAt == nil { response.dueAt = nil }
    if resolution.stoppedAt == nil {
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

extension Clock {
  /// A resolution clock towards the target and limit of a priority.
  fileprivate init(kind: Kind, startedAt: Int64, target: Target?) {
    self.init(
      kind: kind, startedAt: startedAt, dueAt: target.map { startedAt + $0.resolution },
      limitAt: target.map { startedAt + $0.limit })
  }
}
