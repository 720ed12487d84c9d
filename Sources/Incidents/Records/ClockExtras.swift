internal import Bytes

extension Clocks {
  /// What behaviour level 2 adds to an incident's clocks. It is kept in the same part of the record as
  /// ``Incident/Extras``; clocks without any of it are as level 1 has them.
  package struct Extras: Hashable, Sendable {
    /// When three quarters of the response clock have run, in its own hours, while it runs.
    package internal(set) var responseSoonAt: Int64?
    /// The same of the resolution clock.
    package internal(set) var resolutionSoonAt: Int64?
    /// The same of the update clock.
    package internal(set) var updateSoonAt: Int64?
    /// When the priority is to be confirmed: half the response time.
    package internal(set) var halfResponseAt: Int64?
    /// When a P1 or P2 is to be answered as it is counted from its raise, though somebody had answered it
    /// before: its assessment and its ticket go by that.
    package internal(set) var answerBy: Int64?
    /// Whether the clocks run in working hours alone.
    package internal(set) var isInWorkingHours = false
    /// What it waited for, and when, oldest first; at most ``Bound/waits``.
    package internal(set) var waits: [Wait] = []
    /// Whether the resolution clock runs through the pauses that were taken: a P1 or P2 never pauses.
    package internal(set) var ignoresPauses = false
    /// The version of its service's policy that it runs under; 0 where there was none.
    package internal(set) var servicePolicy: UInt64 = 0
    /// ``Settings/Extras/calendarEpoch`` when its due times were counted last.
    package internal(set) var epoch: UInt32 = 0
    /// When it closes by itself, once it is resolved.
    package internal(set) var closesAt: Int64?
    /// Until when it can be reopened, once it is closed.
    package internal(set) var reopenableUntil: Int64?
    /// When date and attendees of its review are to be set.
    package internal(set) var setReviewBy: Int64?
    /// When its review is to be held.
    package internal(set) var holdReviewBy: Int64?

    /// None.
    package init() {}
  }

  /// What an incident waited for.
  package struct Wait: Hashable, Sendable {
    /// What for.
    package var cause: Cause
    /// Whether the resolution clock stands still meanwhile. If not, the time is only attributed.
    package var isPause: Bool
    /// Since when.
    package var from: Int64
    /// Until when. A pause always says: it ends by itself.
    package var until: Int64?
    /// The day with whose opening a pause ends by itself, as days since 1970; nothing once it ended
    /// otherwise.
    package var lookAgain: Int32?

    /// What it can wait for.
    package enum Cause: UInt8, CaseIterable, Sendable {
      /// A supplier.
      case supplier = 1
      /// Whoever reported it or is affected.
      case user = 2
      /// A date that was planned for the work.
      case plannedDate = 3
      /// Nothing: it was resolved, and reopened after that.
      case resolved = 4

      /// As it is said to a person.
      package var word: String {
        switch self {
        case .supplier: "supplier"
        case .user: "user"
        case .plannedDate: "planned date"
        case .resolved: "resolved meanwhile"
        }
      }
    }

    /// Whether it goes on at `now`.
    package func isOpen(at now: Int64) -> Bool {
      cause != .resolved && from <= now && (until.map { now < $0 } ?? true)
    }
  }

  /// What it waits for at `now`, if it does.
  package func wait(at now: Int64) -> Wait? { extras.waits.last { $0.isOpen(at: now) } }

  /// Whether the resolution clock stands still at `now`. One that was overdue already does not.
  package func isPaused(at now: Int64) -> Bool {
    guard resolution.stoppedAt == nil, let wait = wait(at: now), wait.isPause else { return false }
    return resolution.dueAt.map { $0 > wait.from } ?? true
  }

  /// How the clock of a kind stands at `now`; `nil` for an update that is not owed.
  package func state(of kind: Clock.Kind, at now: Int64) -> Clock.State? {
    switch kind {
    case .response: response.state(at: now, soonAt: extras.responseSoonAt)
    case .resolution:
      isPaused(at: now) ? .paused : resolution.state(at: now, soonAt: extras.resolutionSoonAt)
    case .update: update?.state(at: now, soonAt: extras.updateSoonAt)
    }
  }

  /// How long of the resolution clock's run is attributed to each cause at `now`, without what it stood
  /// still for: "supplier 2 h 10 of 3 h".
  package func attributed(at now: Int64) -> [(cause: Wait.Cause, milliseconds: Int64)] {
    let end = resolution.stoppedAt ?? now
    return Wait.Cause.allCases.compactMap { cause in
      let sum = extras.waits.filter { $0.cause == cause && !$0.isPause && cause != .resolved }
        .reduce(0 as Int64) { sum, wait in
          sum + max(0, min(wait.until ?? end, end) - max(wait.from, resolution.startedAt))
        }
      return sum > 0 ? (cause, sum) : nil
    }
  }
}

extension Clocks.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: responseSoonAt)
    bytes.put(maybe: resolutionSoonAt)
    bytes.put(maybe: updateSoonAt)
    bytes.put(maybe: halfResponseAt)
    bytes.put(maybe: answerBy)
    bytes.put(isInWorkingHours)
    bytes.put(waits)
    bytes.put(ignoresPauses)
    bytes.put(servicePolicy)
    bytes.put(epoch)
    bytes.put(maybe: closesAt)
    bytes.put(maybe: reopenableUntil)
    bytes.put(maybe: setReviewBy)
    bytes.put(maybe: holdReviewBy)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    responseSoonAt = try bytes.maybeTime()
    resolutionSoonAt = try bytes.maybeTime()
    updateSoonAt = try bytes.maybeTime()
    halfResponseAt = try bytes.maybeTime()
    answerBy = try bytes.maybeTime()
    isInWorkingHours = try bytes.bool()
    waits = try bytes.values(max: Bound.waits)
    ignoresPauses = try bytes.bool()
    servicePolicy = try bytes.u64()
    epoch = try bytes.u32()
    closesAt = try bytes.maybeTime()
    reopenableUntil = try bytes.maybeTime()
    setReviewBy = try bytes.maybeTime()
    holdReviewBy = try bytes.maybeTime()
  }
}

extension Clocks.Wait: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(cause)
    bytes.put(isPause)
    bytes.put(from)
    bytes.put(maybe: until)
    bytes.put(maybe: lookAgain.map(Int64.init))
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      cause: try bytes.value(), isPause: try bytes.bool(), from: try bytes.time(),
      until: try bytes.maybeTime(), lookAgain: try bytes.maybeDay())
  }
}

extension ByteReader {
  /// A day within ``CalendarDefinition/Holiday/days``, which may be missing.
  mutating func maybeDay() throws(MalformedBytes) -> Int32? {
    guard let number = try maybeTime() else { return nil }
    guard let day = Int32(exactly: number), CalendarDefinition.Holiday.days.contains(day) else {
      throw .unknown(what: "day", value: UInt64(number))
    }
    return day
  }
}
