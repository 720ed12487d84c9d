internal import Bytes

/// Has what is due happen (policy sections 4 and 6): reminders, and the chain that wakes people.
///
/// Each row names the version at which it was seen. Whatever fired since has another one and is passed
/// over, as is what is not due at `stamp`: so each thing happens once, whoever leads and however often
/// it is asked for. What came due of one incident meanwhile is one event that lists it.
func fireDues(
  _ dues: [Due], at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  try Check.count(dues.count, "dues", max: Bound.dues)
  var seen: Set<ID> = []
  var events: [Event] = []
  for due in dues where seen.insert(due.incident).inserted {
    guard let incident = facts.incident(due.incident), incident.watch.version == due.version,
      let dueAt = incident.nextDueAt, dueAt <= stamp
    else { continue }
    let firing = Firing(incident: incident, stamp: stamp, facts: facts, settings: settings)
    events += firing.happens().map { incident.event($0) }
  }
  return events
}

/// Says in open incidents that nobody could be reminded for a while.
///
/// It is said once, and not to incidents that began after it: a gap that begins before the last one was
/// noticed is the same.
func noteGap(
  _ gap: ClusterGap, in incidents: [ID], at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  try Check.count(incidents.count, "incidents", max: Bound.dues)
  guard gap.from < gap.until, gap.until <= stamp else {
    throw .invalid("gap", "A gap lies in the past and ends after it began.")
  }
  var seen: Set<ID> = []
  var events: [Event] = []
  for id in incidents where seen.insert(id).inserted {
    guard let incident = facts.incident(id), incident.misses(gap) else { continue }
    events.append(incident.event(.gapNoted(gap)))
  }
  return events
}

extension Incident {
  /// Whether it is open, was there in a gap, and does not say so yet.
  package func misses(_ gap: ClusterGap) -> Bool {
    !status.isOver && declaredAt < gap.until && gap.from > watch.gapUntil ?? Int64.min
  }
}

/// One incident whose time has come.
private struct Firing<Book: Facts> {
  let incident: Incident
  let stamp: Int64
  let facts: Book
  let settings: Settings

  /// What happens, in this order: people are reminded, a missed limit is told, others are woken.
  func happens() -> [Fact] {
    var happened: [Fact] = []
    let reminders = reminders()
    if !reminders.isEmpty { happened.append(.reminded(reminders)) }
    if let limit = incident.escalatesAt, limit <= stamp {
      happened.append(.escalated(escalation(missing: limit - 1)))
    }
    if let page = page() { happened.append(.paged(page)) }
    return happened
  }

  private func reminders() -> [Reminder] {
    var reminders: [Reminder] = []
    incident.forEachTimed { timed in
      let through = incident.reminded(of: timed)
      guard reminders.count < Bound.reminders,
        let at = timed.latest(by: stamp, after: through)
      else { return }
      reminders.append(
        Reminder(
          kind: timed.kind, number: timed.number, dueAt: timed.dueAt, at: at,
          to: incident.addressee(
            of: timed.kind, timed.number, asked: timed.askedBefore(at), facts)))
    }
    return reminders
  }

  /// An exercise says what would have been done, and wakes nobody so high.
  private func escalation(missing limit: Int64) -> Escalation {
    Escalation(
      to: incident.isExercise ? nil : facts.seniorContact(settings), missedLimit: limit,
      reason: nil)
  }

  private func page() -> Paged? {
    let paging = incident.watch.paging
    if let nextAt = paging.nextAt {
      guard nextAt <= stamp else { return nil }
      return facts.page(
        from: paging.step.next, of: PagedIncident(incident),
        cause: paging.cause.next(after: .unanswered), at: stamp, settings)
    }
    let cause: PageCause
    if let wakesAt = incident.wakesAt, wakesAt <= stamp {
      cause = .silence
    } else if let begins = incident.chainBeginsAt, begins <= stamp {
      cause = .unacknowledged
    } else {
      return nil
    }
    return facts.page(
      from: .lead, of: PagedIncident(incident), cause: cause, at: stamp, settings)
  }
}

extension Incident {
  /// To whom a duty falls: whoever has the role, or else the leads of the team that owns it.
  ///
  /// - Parameter asked: How many were asked for an overdue update before: the comms lead, then the lead,
  ///   then the leads of the team (policy section 7).
  func addressee(
    of kind: Reminder.Kind, _ number: UInt32, asked: Int64 = 0, _ facts: some Facts
  ) -> Reminder.Addressee {
    func active(_ person: ID?) -> Reminder.Addressee? {
      guard let person, facts.person(person)?.isActive == true else { return nil }
      return .person(person)
    }
    let leads = Reminder.Addressee.leads(of: teams.owner)
    switch kind {
    case .acknowledge: return .team(teams.owner)
    case .confirmPriority: return .team(teams.second)
    case .giveReason: return leads
    case .lookAtBacklog: return .team(teams.owner)
    case .sendUpdate, .sendLastUpdate:
      var chain: [Reminder.Addressee] = []
      for holder in [roles.commsLead, roles.lead] {
        if let one = active(holder?.person), !chain.contains(one) { chain.append(one) }
      }
      return asked < chain.count ? chain[Int(asked)] : leads
    case .assess, .reportData, .anythingToRecord, .arrangeReview, .finishReview, .lookAgain,
      .chaseSupplier, .explainDelay, .recordTicket, .decideNotification, .stillOnIt:
      // Whoever acknowledged a P1 or P2 leads it, unless they gave that up.
      return active(roles.lead?.person) ?? leads
    case .completeAction:
      let action = watch.actions.first { $0.number == number }
      return active(action?.action.owner) ?? leads
    }
  }
}
