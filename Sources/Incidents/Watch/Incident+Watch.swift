internal import Bytes

/// How the watch over an incident follows from its events, from behaviour level 2 on.
extension Incident {
  /// Takes an event that was just made true into the watch.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - stamp: When.
  ///   - isByPerson: Whether a person caused it.
  ///   - waits: How long the chain waits, as the settings have it.
  mutating func observe(
    _ event: Event, at stamp: Int64, isByPerson: Bool, waits: EscalationWaits
  ) {
    var watch = self.watch
    if stamp > declaredAt, !event.fact.leavesDues { watch.changedAt = stamp }
    if isByPerson, event.fact.isEntry {
      watch.lastEntryAt = stamp
      if watch.paging.cause == .silence { watch.paging.rest(at: stamp) }
    }
    take(event.fact, into: &watch, at: stamp, waits)
    // Who was woken to say whether it is reopened is waited for still, and nobody else is woken.
    if asksToReopen {
      watch.paging.nextAt = nil
    } else if !isAwaited {
      watch.paging.rest(at: stamp)
    }
    extras.watch = watch
    if watch.marks.count > Bound.marks {
      let marks = currentMarks
      extras.watch?.marks = marks
    }
    if extras.watch == Watch() { extras.watch = nil }
  }

  /// Begins to watch what was open when the level came into force: what was due before is due now.
  package mutating func beginWatch(at stamp: Int64) {
    guard !status.isOver else { return }
    var watch = self.watch
    watch.changedAt = stamp
    extras.watch = watch
  }

  /// Whether somebody is still to take it or to be heard of.
  var isAwaited: Bool {
    status.isLive && classification.priority.isHigh || awaitsResponse
  }

  private func take(
    _ fact: Fact, into watch: inout Watch, at stamp: Int64, _ waits: EscalationWaits
  ) {
    let priority = classification.priority
    switch fact {
    case .leadNotified(let person, _):
      watch.paging.wake([person], at: .lead, stamp)
      watch.paging.nextAt = isTaken ? nil : stamp + waits.wait(after: .lead, of: priority)
      watch.paging.cause = .declared
    case .noLeadOnCall(let contact):
      watch.paging.wake([contact], at: .dutyContact, stamp)
      watch.paging.nextAt = isTaken ? nil : stamp + waits.wait(after: .dutyContact, of: priority)
      watch.paging.cause = .declared
    case .paged(let paged):
      watch.version += 1
      watch.paging.wake(paged.woken, through: paged.step, stamp)
      // Who has it already is told, and nobody after them.
      watch.paging.nextAt = paged.cause == .declared && isTaken ? nil : paged.nextAt
      watch.paging.cause = paged.cause
    case .pageAnswered(let answered):
      watch.paging.answer(answered, at: stamp)
    case .escalated(let escalation):
      if let limit = escalation.missedLimit {
        watch.version += 1
        watch.escalatedFor = limit
      }
      if let contact = escalation.to {
        watch.paging.add([Paged.Woken(contact, as: .seniorManagement)], stamp)
      }
    case .leaverReleased(let person, let roles, let told):
      watch.paging.supersede(at: stamp) { $0 == person }
      guard let told, roles.contains(.lead), isAwaited else { return }
      watch.paging.wake([told], at: .dutyContact, stamp)
      watch.paging.nextAt = stamp + waits.wait(after: .dutyContact, of: priority)
      watch.paging.cause = .unanswered
    case .reminded(let reminders):
      watch.version += 1
      for reminder in reminders { watch.mark(reminder) }
    case .gapNoted(let gap): watch.gapUntil = gap.until
    case .assessed(_, let person): watch.assessed = Mark(person: person, at: stamp)
    case .reviewArranged(let plan, _): watch.reviewPlan = plan
    case .reviewed(let review, _, _): watch.track(review, at: stamp)
    case .actionCompleted(let number, let person):
      guard let place = watch.actions.firstIndex(where: { $0.number == number }) else { return }
      watch.actions[place].done = Mark(person: person, at: stamp)
    case .acknowledged: watch.paging.rest(at: stamp)
    // What is less urgent now does not wake those whom a P1 wakes: its own chain begins in its own time.
    case .priorityChanged(let change)
    where !change.after.priority.isHigh && change.before.priority != change.after.priority:
      watch.paging.rest(at: stamp)
      watch.paging.cause = .declared
    // A P2 that turns out to be a P1 has a P1's chain: what waits longer goes on sooner.
    case .priorityChanged(let change) where change.after.priority < change.before.priority:
      guard let nextAt = watch.paging.nextAt, watch.paging.cause != .silence else { return }
      watch.paging.nextAt = min(
        nextAt, stamp + waits.wait(after: watch.paging.step, of: priority))
    case .roleTaken(let taken) where taken.role == .lead: watch.paging.rest(at: stamp)
    // It has the same report, and a review that was begun goes on.
    case .reopened:
      watch.paging.rest(at: stamp)
      let before = [review?.reopenings, extras.marks?.waiver?.reopenings]
      if before.contains(reopenings - 1) { watch.reviewPlan = nil }
    default: break
    }
  }

  /// Whether somebody has said "we have it", or leads it.
  private var isTaken: Bool { acknowledgement != nil && roles.lead != nil }

  /// The marks of what is still owed.
  private var currentMarks: [ReminderMark] {
    let marks = watch.marks
    var kept: [ReminderMark] = []
    forEachTimed { timed in
      if let mark = marks.first(where: {
        $0.kind == timed.kind && $0.number == timed.number && $0.dueAt == timed.dueAt
      }) {
        kept.append(mark)
      }
    }
    return kept
  }
}

extension Watch {
  fileprivate mutating func mark(_ reminder: Reminder) {
    marks.removeAll {
      $0.kind == reminder.kind && $0.number == reminder.number && $0.dueAt == reminder.dueAt
    }
    marks.append(
      ReminderMark(
        kind: reminder.kind, number: reminder.number, dueAt: reminder.dueAt, through: reminder.at))
  }

  /// Follows the actions of a review. What was done of an earlier version stays done, and what was not stays
  /// owed behind the new ones, unless it is agreed anew in other terms.
  fileprivate mutating func track(_ review: Review, at stamp: Int64) {
    var agreed: [ReviewAction] = []
    if case .some(let actions) = review.actions { agreed = actions }
    let before = actions
    var tracked = agreed.map { action in
      let known = before.first { $0.action == action }
      return TrackedAction(
        number: 0, action: action, since: known?.since ?? stamp, done: known?.done)
    }
    for old in before where old.done == nil && tracked.count < Bound.list {
      if !agreed.contains(where: { $0.what == old.action.what }) { tracked.append(old) }
    }
    for place in tracked.indices { tracked[place].number = UInt32(place + 1) }
    actions = tracked
  }
}

extension Paging {
  /// Wakes people as the latest step of the chain.
  fileprivate mutating func wake(_ people: [ID], at step: PageStep, _ stamp: Int64) {
    wake(people.map { Paged.Woken($0, as: step) }, through: step, stamp)
  }

  /// Wakes people of the latest steps of the chain, of which this one is the last.
  fileprivate mutating func wake(
    _ woken: [Paged.Woken], through step: PageStep, _ stamp: Int64
  ) {
    self.step = step
    add(woken, stamp)
  }

  /// Adds pages. Who is woken again is waited for by the newer one.
  fileprivate mutating func add(_ woken: [Paged.Woken], _ stamp: Int64) {
    supersede(at: stamp) { person in woken.contains { $0.person == person } }
    for one in woken {
      pages.append(PersonalPage(person: one.person, step: one.step, at: stamp, state: .waiting))
    }
    if pages.count > Bound.pages { pages.removeFirst(pages.count - Bound.pages) }
  }

  fileprivate mutating func supersede(at stamp: Int64, where isMeant: (ID) -> Bool) {
    for place in pages.indices where pages[place].state.isOpen && isMeant(pages[place].person) {
      pages[place].state = .superseded(at: stamp)
    }
  }

  /// The chain ends: somebody has it, or it needs nobody any more.
  fileprivate mutating func rest(at stamp: Int64) {
    nextAt = nil
    for place in pages.indices where pages[place].state == .waiting {
      pages[place].state = .superseded(at: stamp)
    }
  }

  fileprivate mutating func answer(_ answered: PageAnswered, at stamp: Int64) {
    guard let place = pages.lastIndex(where: { $0.person == answered.person }) else { return }
    pages[place].state = .answered(answered.answer, at: stamp)
    nextAt = answered.nextAt
  }

  /// Who said that they cannot help, and was not asked again since.
  var unable: [ID] {
    pages.filter { if case .answered(.cannotHelp, _) = $0.state { true } else { false } }
      .map(\.person)
  }

  /// Whether anybody may still come: of the latest pages one waits, or was answered with yes.
  var hasHope: Bool {
    guard let latest = pages.last?.at else { return false }
    return pages.contains { page in
      guard page.at == latest else { return false }
      return switch page.state {
      case .waiting, .answered(.onIt, _), .answered(.eta, _): true
      case .answered(.cannotHelp, _), .superseded: false
      }
    }
  }
}

extension Fact {
  /// Whether what was due before stays due from when it was.
  fileprivate var leavesDues: Bool { if case .gapNoted = self { true } else { false } }

  /// Whether somebody who does it shows that they are at work on the incident.
  fileprivate var isEntry: Bool {
    switch self {
    case .pageAnswered(let answered): answered.answer != .cannotHelp
    case .leadNotified, .noLeadOnCall, .paged, .reminded, .holdSet, .holdReleased,
      .alertReported, .alertCleared, .parentSpoke:
      false
    case .priorityChanged(let change): !change.byAlert
    case .ownerMoved(let move): !move.followsPriority
    default: true
    }
  }
}
