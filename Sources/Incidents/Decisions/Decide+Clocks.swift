internal import Bytes

/// Waiting (policy section 2): a P3 to P6 pauses, of a P1 or P2 it is only said.
extension Scene {
  func wait(_ waiting: Waiting) throws(Refusal) -> [Event] {
    try Check.optional(waiting.note, "note", max: Bound.reason)
    guard waiting.cause != .resolved else {
      throw .invalid("on", "It waits for a supplier, for the user, or for a planned date.")
    }
    let happened = try hearing.past(waiting.happenedAt)
    let until = try hearing.past(waiting.until, "until")
    var wait = Clocks.Wait(
      cause: waiting.cause, isPause: !incident.classification.priority.isHigh,
      from: clockTime(happened), until: until, lookAgain: nil)
    if wait.isPause {
      let day = try lookAgain(waiting)
      wait.lookAgain = day
      wait.until = facts.calendar(of: incident.service).opening(from: Int64(day))
    } else {
      try checkAttribution(waiting, from: wait.from)
    }
    return [
      event(.waitingBegan(WaitingBegan(wait: wait, note: waiting.note)), happenedAt: happened)
    ]
  }

  /// The day with which a pause ends by itself.
  private func lookAgain(_ waiting: Waiting) throws(Refusal) -> Int32 {
    let priority = incident.classification.priority
    guard waiting.until == nil else {
      throw .invalid("until", "What a \(priority) waits for pauses it from now on, and not before.")
    }
    guard let day = waiting.lookAgain else {
      throw .invalid(
        "lookAgain", "A \(priority) that waits has a day on which somebody looks again: name it.")
    }
    let calendar = facts.calendar(of: incident.service)
    guard calendar.opening(from: Int64(day)) > stamp,
      Int64(day) <= calendar.localDay(of: stamp) + Bound.lookAgain
    else {
      throw .invalid(
        "lookAgain", "Somebody looks again on a day to come, within \(Bound.lookAgain) days.")
    }
    return day
  }

  private func checkAttribution(_ waiting: Waiting, from: Int64) throws(Refusal) {
    let priority = incident.classification.priority
    guard waiting.lookAgain == nil else {
      throw .invalid(
        "lookAgain",
        "A \(priority) never pauses, so no day is named: its time is attributed while it waits.")
    }
    if let until = waiting.until, until < from {
      throw .invalid("until", "It ends after it begins.")
    }
  }

  func endWait(happenedAt: Int64?) throws(Refusal) -> [Event] {
    let happened = try hearing.past(happenedAt)
    guard incident.clocks.wait(at: stamp) != nil else { return [] }
    return [event(.waitingEnded(at: clockTime(happened)), happenedAt: happened)]
  }
}

extension Hearing {
  /// Settles calendars, all of them or none.
  func set(_ changes: [CalendarChange]) throws(Refusal) -> [Event] {
    try require(.administrator, to: "settle calendars")
    try Check.count(changes.count, "calendars", max: Bound.calendars)
    var events: [Event] = []
    for (place, change) in changes.enumerated() {
      try change.calendar.check()
      guard !changes[..<place].contains(where: { $0.calendar.key == change.calendar.key }) else {
        throw .invalid("calendars", "\(change.calendar.key) is listed twice.")
      }
      let before = facts.workCalendar(change.calendar.key)
      if let seen = change.seen, seen != before?.version ?? 0 {
        throw .stale(
          "You saw version \(seen) of \(change.calendar.key); it is at version "
            + "\(before?.version ?? 0).", now: before?.version ?? 0)
      }
      // One version that was seen says nothing of several calendars.
      if changes.count == 1 { try checkVersion(before?.version ?? 0) }
      guard before?.definition != change.calendar else { continue }
      events.append(event(.settings, Settings.id, .calendarSet(change.calendar)))
    }
    return events
  }

  /// That a calendar is there to be followed.
  func checkCalendar(_ key: String) throws(Refusal) {
    guard facts.workCalendar(key) != nil else {
      throw .invalid("calendar", "There is no calendar with the key \(key).")
    }
  }
}

/// Sees to incidents whose time has come: closes them, or has their due times counted by the calendar that
/// is in force. What does not fit any more is passed over, so each is seen to once.
func keepTime(
  _ incidents: [ID], at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  try Check.count(incidents.count, "incidents", max: Bound.timed)
  var events: [Event] = []
  for (place, id) in incidents.enumerated() where !incidents[..<place].contains(id) {
    guard let incident = facts.incident(id) else { continue }
    if let closesAt = incident.closesByItselfAt, closesAt <= stamp {
      events.append(incident.event(.closedInTime))
    } else if let epoch = incident.countedEpoch, epoch < settings.extras.calendarEpoch {
      let timing = facts.timing(of: incident)
      var clocks = incident.clocks
      clocks.recountRunning(incident.classification.priority, by: timing)
      events.append(
        incident.event(
          .clocksRecounted(
            ClocksRecounted(
              calendar: timing.calendar.definition.name, dueAt: clocks.resolution.dueAt))))
    }
  }
  return events
}

/// When the cluster itself is to see to an incident.
package struct IncidentTimer: Hashable, Sendable {
  /// From then on, if there is such a time.
  package var at: Int64?
  /// Once ``Settings/Extras/calendarEpoch`` is greater than this.
  package var epoch: UInt32?
}

extension Incident {
  /// When it closes by itself, if nothing is in the way: P3 to P6 that are resolved, owe no review, and
  /// whose specialist teams have been told.
  package var closesByItselfAt: Int64? {
    guard status == .resolved, openFlags.isEmpty, !owesReview || isReviewed || isExercise else {
      return nil
    }
    return clocks.extras.closesAt
  }

  /// ``Settings/Extras/calendarEpoch`` by which its due times were counted, if the calendar matters to it:
  /// something runs in working hours, or stands still until a day of work.
  package var countedEpoch: UInt32? {
    guard status.isLive else { return nil }
    let extras = clocks.extras
    let runs = [clocks.response, clocks.resolution, clocks.update].contains { clock in
      clock.map { $0.stoppedAt == nil && $0.dueAt != nil } ?? false
    }
    let isBound = extras.isInWorkingHours && runs || extras.waits.last?.lookAgain != nil
    return isBound ? extras.epoch : nil
  }

  /// The last of its due times, if they are counted in working hours and something runs.
  package var countedUntil: Int64? {
    guard status.isLive, clocks.extras.isInWorkingHours else { return nil }
    let running = [clocks.response, clocks.resolution].filter { $0.stoppedAt == nil }
    return running.flatMap { [$0.dueAt, $0.limitAt] }.compactMap { $0 }.max()
  }

  /// When the cluster is to see to it, if it is: ``closesByItselfAt`` and ``countedEpoch``.
  package var timer: IncidentTimer? {
    let timer = IncidentTimer(at: closesByItselfAt, epoch: countedEpoch)
    return timer.at == nil && timer.epoch == nil ? nil : timer
  }

  /// Whether it can still be reopened, once it is closed.
  func isReopenable(at stamp: Int64) -> Bool {
    guard let ending else { return true }
    return clocks.extras.reopenableUntil.map { stamp <= $0 }
      ?? (stamp - ending.at <= Grace.reopenable)
  }
}
