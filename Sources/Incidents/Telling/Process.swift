package import Bytes

/// A step of the process that guidance asks for, as an incident has it.
package struct ProcessStep: Hashable, Sendable {
  /// Its stable name, such as `acknowledge`.
  package var slug: String
  /// By when, if there is a time.
  package var due: Int64?
  /// When it was done, if it was.
  package var done: Int64?
  /// Who did it.
  package var by: ID?
  /// Why it was not needed, if it was said to be so.
  package var waivedBecause: String?

  /// How late it was done, or is, at `now`: nothing for what was in time or has no time.
  package func late(at now: Int64) -> Int64? {
    guard let due, waivedBecause == nil else { return nil }
    let late = (done ?? now) - due
    return late > 0 ? late : nil
  }
}

extension History {
  /// The process of one incident, step by step in the order of guidance 6.2: what was due when, when it was
  /// done, and by whom. Updates are told one by one, each with when it was due as things stood then.
  ///
  /// - Returns: Nothing of one that was purged.
  package func process(of id: ID, upTo position: UInt64) -> [ProcessStep] {
    var steps = ProcessSteps()
    let incident = walk(id, upTo: position) { before, entry in steps.take(entry, before) }
    guard let incident else { return [] }
    return steps.all(of: incident)
  }
}

/// The steps of a process, as the rows of one incident tell them.
private struct ProcessSteps {
  typealias Step = ProcessStep

  private var confirmed: Step?
  private var acknowledged: Step?
  private var ticket: Step?
  private var roles: [Role: Step] = [:]
  private var updates: [Step] = []
  private var audiences: [CommunicationUpdate.Audience: Step] = [:]
  private var agreed: Step?
  private var cause: Step?
  private var review: Step?
  private var override: String?
  private var actions: [ReviewAction] = []
  private var completed: [UInt32: Int64] = [:]
  private var assessed: Step?
  private var reports: [Flag: ID?] = [:]

  mutating func take(_ entry: TimelineEntry, _ before: Incident?) {
    let who = entry.actor.person
    switch entry.event.fact {
    case .acknowledged(let person, let at):
      if acknowledged == nil {
        acknowledged = Step(
          slug: "acknowledge", due: before?.clocks.response.dueAt, done: at, by: person)
      }
    case .priorityChanged(let change) where change.after.isConfirmed && confirmed == nil:
      confirmed = Step(
        slug: "triage", due: before.flatMap(Self.confirmationDue), done: entry.at, by: who)
    case .roleTaken(let taken) where roles[taken.role] == nil:
      roles[taken.role] = Step(
        slug: taken.role.slug, due: nil, done: entry.stamp, by: taken.person)
    case .ticketRecorded where ticket == nil:
      ticket = Step(slug: "ticket", due: nil, done: entry.at, by: who)
    case .updated(let update): told(update.audience, entry, before)
    case .communicationMoved(let moved):
      if case .sent = moved.step { told(moved.audience, entry, before) }
    case .resolved(let resolved): take(resolved, entry)
    case .resolutionAgreed(let person):
      agreed = Step(slug: "lead-agreement", due: nil, done: entry.at, by: person)
    case .reviewed(let review, let person, _):
      self.review = Step(slug: "review", due: nil, done: entry.stamp, by: person)
      completed = review.completed(after: actions, completed)
      actions = review.actionList
      if case .established = review.cause, cause == nil {
        cause = Step(slug: "cause", due: nil, done: entry.stamp, by: person)
      }
    case .closed: neverSent(before)
    case .closedByOverride(let reason, _):
      neverSent(before)
      override = reason.isEmpty ? "No reason was given." : reason
    case .actionCompleted(let number, _): completed[number] = entry.at
    case .assessed(_, let person) where assessed == nil:
      assessed = Step(slug: "assessment", due: nil, done: entry.stamp, by: person)
    case .flagReported(let report): reports[report.flag] = .some(who)
    // What comes after is of another resolution.
    case .reopened:
      agreed = nil
      review = nil
      override = nil
    default: break
    }
  }

  private mutating func told(
    _ audience: CommunicationUpdate.Audience, _ entry: TimelineEntry, _ before: Incident?
  ) {
    guard audience != .team else { return }
    let clock = before?.clocks.update
    updates.append(
      Step(
        slug: updates.isEmpty ? "first-update" : "update",
        due: clock?.stoppedAt == nil ? clock?.dueAt : nil, done: entry.stamp,
        by: entry.actor.person))
    if audiences[audience] == nil {
      audiences[audience] = Step(
        slug: audience == .allStaff ? "all-staff" : "stakeholders", due: nil,
        done: entry.stamp, by: entry.actor.person)
    }
  }

  /// It is over, and an update that was owed until then is sent no more.
  private mutating func neverSent(_ before: Incident?) {
    guard let clock = before?.clocks.update, clock.stoppedAt == nil else { return }
    updates.append(Step(slug: updates.isEmpty ? "first-update" : "update", due: clock.dueAt))
  }

  private mutating func take(_ resolved: Incident.Resolved, _ entry: TimelineEntry) {
    agreed =
      if case .lead = resolved.agreement {
        Step(slug: "lead-agreement", due: nil, done: resolved.at, by: resolved.person)
      } else {
        nil
      }
    if resolved.cause != nil, cause == nil {
      cause = Step(slug: "cause", due: nil, done: entry.stamp, by: resolved.person)
    }
  }

  private static func confirmationDue(_ incident: Incident) -> Int64? {
    let clock = incident.clocks.response
    return clock.dueAt.map { clock.startedAt + ($0 - clock.startedAt) / 2 }
  }

  /// All of them: what is done, and what is owed still.
  func all(of incident: Incident) -> [Step] {
    func owed(_ slug: String, due: Int64? = nil, unless why: String? = nil) -> Step {
      Step(slug: slug, due: due, waivedBecause: why)
    }
    let exercise = incident.isExercise ? "It is an exercise." : nil
    let isHigh = incident.classification.priority.isHigh || incident.owesReview
    var steps = [
      acknowledged ?? owed("acknowledge", due: incident.clocks.response.dueAt),
      confirmed ?? owed("triage", due: Self.confirmationDue(incident)),
    ]
    for role in [Role.lead, .commsLead, .documenter] {
      if let step = roles[role] {
        steps.append(step)
      } else if isHigh {
        steps.append(owed(role.slug))
      }
    }
    if let assessed {
      steps.append(assessed)
    } else if isHigh {
      steps.append(owed("assessment", due: incident.assessmentDueAt, unless: exercise))
    }
    if let ticket {
      steps.append(ticket)
    } else if isHigh {
      steps.append(owed("ticket", unless: exercise))
    }
    steps += updates
    if let clock = incident.clocks.update, clock.stoppedAt == nil {
      steps.append(owed(updates.isEmpty ? "first-update" : "update", due: clock.dueAt))
    }
    if let step = audiences[.stakeholders] {
      steps.append(step)
    } else if isHigh {
      steps.append(owed("stakeholders"))
    }
    if let step = audiences[.allStaff] {
      steps.append(step)
    } else if isHigh, incident.affectsDepartment {
      steps.append(owed("all-staff", unless: incident.outreach.allStaffNotNeeded?.text ?? exercise))
    }
    if isHigh { steps += ending(of: incident, exercise) }
    for flag in Flag.allCases {
      guard let state = incident.state(of: flag) else { continue }
      let cleared = state.clearedAt == nil ? exercise : "The flag was cleared."
      steps.append(
        Step(
          slug: "\(flag.slug)-report",
          due: flag == .data ? state.awareAt + 72 * Span.hour : state.setAt, done: state.reportedAt,
          by: reports[flag] ?? nil, waivedBecause: state.reportedAt == nil ? cleared : nil))
    }
    return steps
  }

  private func ending(of incident: Incident, _ exercise: String?) -> [Step] {
    guard incident.restoredAt != nil else { return [] }
    var steps = [
      agreed ?? Step(slug: "lead-agreement"), cause ?? Step(slug: "cause"),
    ]
    if incident.owesReview || review != nil {
      // Which incident covers it, its reader may not be allowed to see.
      let nobodys = Names(isSeen: { _ in false }, { _, _ in nil })
      let waived =
        incident.isReviewWaived ? incident.marks.waiver.map { $0.reason.words(nobodys) } : nil
      steps.append(
        review ?? Step(slug: "review", waivedBecause: waived ?? override ?? exercise))
    }
    return steps
      + actions.enumerated().map { place, action in
        Step(
          slug: "action", due: action.due, done: completed[UInt32(place + 1)], by: action.owner)
      }
  }
}

extension Review {
  /// Its actions; none where it says why there are none.
  var actionList: [ReviewAction] { if case .some(let actions) = actions { actions } else { [] } }

  /// When its actions were done by their numbers, as far as they were: what an earlier version has too and
  /// was done stays done.
  func completed(
    after earlier: [ReviewAction], _ done: [UInt32: Int64]
  ) -> [UInt32: Int64] {
    var completed: [UInt32: Int64] = [:]
    for (place, action) in actionList.enumerated() {
      guard let before = earlier.firstIndex(of: action) else { continue }
      completed[UInt32(place + 1)] = done[UInt32(before + 1)]
    }
    return completed
  }
}
