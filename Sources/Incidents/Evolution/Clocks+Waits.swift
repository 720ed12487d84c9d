/// What the clocks of behaviour level 2 know beside their due times.
extension Clocks {
  /// Times that do not count towards the resolution, in the order in which they begin.
  var gaps: [Range<Int64>] {
    extras.waits
      .filter { $0.cause == .resolved || ($0.isPause && !extras.ignoresPauses) }
      .map { $0.from..<max($0.from, $0.until ?? $0.from) }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  /// How long it was held to be over and was not, in milliseconds.
  var timeOver: Int64 {
    extras.waits.reduce(notCounted) { over, wait in
      wait.cause == .resolved ? over + max(0, (wait.until ?? wait.from) - wait.from) : over
    }
  }

  /// Begins to wait, having ended what was waited for before.
  mutating func begin(_ wait: Wait, priority: Priority, by timing: Timing) {
    endWait(at: wait.from)
    var wait = wait
    wait.from = max(wait.from, extras.waits.last?.until ?? wait.from)
    wait.until = wait.until.map { max($0, wait.from) }
    add(wait)
    settle(priority, by: timing)
    mark(priority, by: timing)
  }

  /// Waits no more.
  mutating func endWait(at time: Int64, priority: Priority, by timing: Timing) {
    endWait(at: time)
    settle(priority, by: timing)
    mark(priority, by: timing)
  }

  /// The calendar or the targets are others: what runs is counted anew, and so is the day with which a
  /// pause ends.
  mutating func recountRunning(_ priority: Priority, by timing: Timing) {
    if let last = extras.waits.indices.last, let day = extras.waits[last].lookAgain {
      let opening = timing.calendar.opening(from: Int64(day))
      extras.waits[last].until = max(extras.waits[last].from, opening)
    }
    if response.stoppedAt == nil, response.dueAt != nil {
      response = timing.response(of: priority, from: response.startedAt)
    }
    // The one that is owed once in working time; another is counted anew when it is sent.
    if let owed = update, owed.stoppedAt == nil, case .once = timing.cadence(of: priority) {
      update = timing.update(of: priority, from: owed.startedAt)
    }
    settle(priority, by: timing)
    mark(priority, by: timing)
  }

  mutating func add(_ wait: Wait) {
    extras.waits.append(wait)
    if extras.waits.count > Bound.waits { extras.waits.removeFirst() }
  }

  /// Ends what is waited for, if it is not over by then.
  mutating func endWait(at time: Int64, onlyPause: Bool = false) {
    guard let last = extras.waits.indices.last, extras.waits[last].cause != .resolved,
      extras.waits[last].until.map({ $0 > time }) ?? true,
      extras.waits[last].isPause || !onlyPause
    else { return }
    extras.waits[last].until = max(extras.waits[last].from, time)
    extras.waits[last].lookAgain = nil
  }

  /// A P1 or P2 never pauses.
  mutating func endPauses(before priority: Priority, at now: Int64) {
    if priority.isHigh { endWait(at: now, onlyPause: true) }
  }

  /// Counts the resolution anew from where it began, if it runs towards anything: an incident that was
  /// declared without a due time, before behaviour level 2, keeps none until its priority changes.
  mutating func settle(_ priority: Priority, by timing: Timing) {
    guard !timing.isFirst, resolution.stoppedAt == nil, resolution.dueAt != nil else { return }
    resolution = timing.resolution(of: priority, from: resolution.startedAt, without: gaps)
  }

  /// Notes when three quarters of what runs will have run, and by what it was counted.
  mutating func mark(_ priority: Priority, by timing: Timing) {
    guard !timing.isFirst else { return }
    func soon(
      _ clock: Clock?, of target: PriorityTarget?, without gaps: [Range<Int64>] = []
    ) -> Int64? {
      guard let clock, clock.stoppedAt == nil, let due = clock.dueAt else { return nil }
      return timing.soon(
        from: clock.startedAt, to: due, isAlways: target?.isAlways ?? true, without: gaps)
    }
    let answering = timing.strictest(of: priority, from: response.startedAt, \.response)
    let resolving = timing.strictest(of: priority, from: resolution.startedAt, \.resolution)
    extras.responseSoonAt = soon(response, of: answering)
    extras.resolutionSoonAt = soon(resolution, of: resolving, without: gaps)
    extras.updateSoonAt = soon(update, of: timing.target(of: priority))
    extras.halfResponseAt = timing.part(of: 2, ofResponseTo: priority, from: response.startedAt)
    let isRaised =
      priority.isHigh && response.stoppedAt != nil && resolution.stoppedAt == nil
      && resolution.startedAt > response.startedAt
    if isRaised {
      extras.answerBy =
        timing.response(of: priority, from: resolution.startedAt).dueAt.map {
          min($0, extras.answerBy ?? Int64.max)
        }
    } else if !priority.isHigh {
      extras.answerBy = nil
    }
    extras.isInWorkingHours = [answering, resolving].contains { $0?.isAlways == false }
    extras.epoch = timing.epoch
  }

  /// What follows a resolution by itself: the dates of a review, should one be owed, and the end.
  mutating func planEnding(priority: Priority, at stamp: Int64, by timing: Timing) {
    guard !timing.isFirst else { return }
    extras.setReviewBy = timing.calendar.adding(businessDays: Grace.settingReview, to: stamp)
    extras.holdReviewBy = timing.calendar.adding(businessDays: Grace.holdingReview, to: stamp)
    planClosing(priority: priority, resolvedAt: stamp, by: timing)
  }

  /// P3 and P4 close by themselves some days after they were resolved. P5 and P6 close at once, unless
  /// somebody has yet to be told of a flag.
  mutating func planClosing(priority: Priority, resolvedAt: Int64, by timing: Timing) {
    guard !timing.isFirst else { return }
    switch priority {
    case .p1, .p2: extras.closesAt = nil
    case .p3, .p4:
      extras.closesAt = timing.calendar.adding(businessDays: Grace.closing, to: resolvedAt)
    case .p5, .p6: extras.closesAt = resolvedAt
    }
  }

  /// Until when it can be reopened.
  mutating func planReopening(at stamp: Int64, by timing: Timing) {
    guard !timing.isFirst else { return }
    extras.reopenableUntil = timing.calendar.adding(
      businessDays: Grace.reopenableDays, to: stamp)
  }
}
