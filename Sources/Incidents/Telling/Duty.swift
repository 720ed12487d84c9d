internal import Bytes

/// Something that somebody owes an incident. Worked out from the incident, never stored, so it
/// cannot be wrong about it.
package struct Duty: Hashable, Sendable {
  /// Its stable name, such as `confirm-priority`.
  package var slug: String
  /// As a person reads it.
  package var text: String
  /// By when, if there is a time.
  package var dueAt: Int64?
  /// Whether it is past the point at which it should have been done.
  package var isRed = false
}

extension Incident {
  /// What is owed at `now`, most pressing first: by due time, and then in the order of the process.
  package func duties(at now: Int64) -> [Duty] {
    var duties = flagDuties(at: now)
    if status.isLive { duties += workingDuties }
    if status == .resolved || status == .inReview { duties += endingDuties }
    duties += deliberationDuties + backlogDuties
    if !status.isOver { duties += outreachDuties }
    if status == .closed, let ending, now - ending.at <= Grace.reopenable { duties += reopenDuty }
    if case .phone(let name)? = resolved?.agreement {
      duties.append(
        Duty(
          slug: "confirm-resolution",
          text: "The lead confirms the resolution to which \(name) agreed by phone."))
    }
    // Only those with a time are ordered by it; the rest keep the order of the process.
    let timed = duties.enumerated().filter { $0.element.dueAt != nil }
      .sorted { ($0.element.dueAt ?? 0, $0.offset) < ($1.element.dueAt ?? 0, $1.offset) }
    return timed.map(\.element) + duties.filter { $0.dueAt == nil }
  }

  private var isHigh: Bool { classification.priority.isHigh }

  private var workingDuties: [Duty] {
    var duties: [Duty] = []
    if acknowledgement == nil {
      duties.append(
        Duty(
          slug: "acknowledge", text: "Say \"we have it\".", dueAt: clocks.response.dueAt))
    }
    if !classification.isConfirmed {
      let half = Target.of(classification.priority).map { declaredAt + $0.response / 2 }
      duties.append(
        Duty(
          slug: "confirm-priority",
          text: "Confirm that it is a \(classification.priority).", dueAt: half))
    }
    if isHigh { duties += emptyRoles }
    if let update = clocks.update, update.stoppedAt == nil {
      duties.append(
        Duty(slug: "send-update", text: "Send the next update.", dueAt: update.dueAt))
    }
    if restoredProposal != nil {
      duties.append(
        Duty(slug: "agree-restored", text: "The lead agrees that service is restored, or not."))
    }
    if alertsClearedAt != nil, isTouched {
      duties.append(Duty(slug: "alert-cleared", text: "Its alerts cleared: is it restored?"))
    }
    if isHigh, ticket == nil, !isExercise {
      duties.append(Duty(slug: "record-ticket", text: "Record its OneStop Shop ticket."))
    }
    return duties
  }

  private var emptyRoles: [Duty] {
    Role.allCases.filter { roles.holders(of: $0).isEmpty }.map { role in
      Duty(slug: "fill-\(role.slug)", text: "Nobody is \(role.word) yet.")
    }
  }

  private var reopenDuty: [Duty] {
    reopenProposedAt == nil
      ? [] : [Duty(slug: "reopen", text: "Its alerts fire again: reopen it?")]
  }

  private var endingDuties: [Duty] {
    var duties = reopenDuty
    if let update = clocks.update, update.stoppedAt == nil {
      duties.append(
        Duty(
          slug: "send-last-update", text: "Tell stakeholders that it is over.",
          dueAt: update.dueAt))
    }
    if !classification.isConfirmed {
      duties.append(
        Duty(
          slug: "confirm-priority",
          text: "Confirm that it was a \(classification.priority)."))
    }
    if isHigh, !isExercise {
      if let ticket {
        if (ticket.updatedAt ?? 0) < (resolved?.at ?? 0) {
          duties.append(
            Duty(slug: "update-ticket", text: "Update its ticket with cause and fix."))
        }
      } else {
        duties.append(Duty(slug: "record-ticket", text: "Record its OneStop Shop ticket."))
      }
    }
    if lacksReview {
      duties.append(Duty(slug: "finish-review", text: "Finish the post-incident review."))
    } else {
      duties.append(Duty(slug: "close", text: "Close it."))
    }
    return duties
  }
}

extension Role {
  /// "lead", "comms-lead", "documenter" or "technical-support".
  package var slug: String {
    switch self {
    case .lead: "lead"
    case .commsLead: "comms-lead"
    case .documenter: "documenter"
    case .technicalSupport: "technical-support"
    }
  }
}
