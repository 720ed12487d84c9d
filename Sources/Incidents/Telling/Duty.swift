package import Bytes

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
  package var isRed: Bool
  /// To whom it falls.
  package var owner: Owner

  /// A duty; the lead's unless it says otherwise.
  package init(
    slug: String, text: String, dueAt: Int64? = nil, isRed: Bool = false,
    owner: Owner = .role(.lead)
  ) {
    self.slug = slug
    self.text = text
    self.dueAt = dueAt
    self.isRed = isRed
    self.owner = owner
  }

  /// To whom a duty falls.
  package enum Owner: Hashable, Sendable {
    /// Whoever has a role on the incident; where nobody has, whoever leads the team that owns it.
    case role(Role)
    /// A team.
    case team(ID)
    /// Whoever leads a team.
    case leads(of: ID)
    /// One person.
    case person(ID)
  }
}

extension Incident {
  /// What is owed at `now`, most pressing first: by due time, and then in the order of the process.
  package func duties(at now: Int64) -> [Duty] {
    var duties = flagDuties(at: now)
    if status.isLive { duties += workingDuties + waitingDuties(at: now) + silenceDuties(at: now) }
    if status == .resolved || status == .inReview { duties += endingDuties }
    duties += deliberationDuties + backlogDuties + lineDuties
    duties += outreachDuties
    if status == .closed, isReopenable(at: now) { duties += reopenDuty }
    if case .phone(let name)? = resolved?.agreement, status != .duplicate {
      duties.append(
        Duty(
          slug: "confirm-resolution",
          text: "The lead confirms the resolution to which \(name) agreed by phone."))
    }
    duties += actionDuties
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
          slug: "acknowledge",
          text: classification.priority < .p5
            ? "Say \"we have it\"." : "Answer it, or say that it is logged and nothing is done.",
          dueAt: clocks.response.dueAt, owner: .team(teams.owner)))
    }
    if !classification.isConfirmed {
      duties.append(
        Duty(
          slug: "confirm-priority",
          text: "Confirm that it is a \(classification.priority).", dueAt: confirmationDueAt,
          owner: .team(teams.second)))
    }
    if isHigh {
      duties += emptyRoles
      if let due = assessmentDueAt {
        duties.append(
          Duty(
            slug: "assess",
            text: "Make the first assessment: what it is, who is affected, what is next.",
            dueAt: due))
      }
    }
    if let update = clocks.update, update.stoppedAt == nil {
      duties.append(
        Duty(
          slug: "send-update", text: "Send the next update.", dueAt: update.dueAt,
          owner: .role(.commsLead)))
    }
    if restoredProposal != nil {
      duties.append(
        Duty(slug: "agree-restored", text: "The lead agrees that service is restored, or not."))
    }
    if alertsClearedAt != nil, isTouched {
      duties.append(Duty(slug: "alert-cleared", text: "Its alerts cleared: is it restored?"))
    }
    if let due = ticketDueAt {
      duties.append(
        Duty(slug: "record-ticket", text: "Record its OneStop Shop ticket.", dueAt: due))
    }
    return duties
  }

  /// What waits is looked at again, and runs then whether it is or not.
  private func waitingDuties(at now: Int64) -> [Duty] {
    guard let wait = clocks.wait(at: now), wait.isPause, let until = wait.until else { return [] }
    return [
      Duty(
        slug: "look-again", text: "Look again at what it waits for; its clock runs from then on.",
        dueAt: until)
    ]
  }

  /// What is asked of a P1 or P2 of which nothing is heard, from when it is asked.
  private func silenceDuties(at now: Int64) -> [Duty] {
    // Before behaviour level 2 nobody notes when it was last heard of.
    guard extras.watch != nil else { return [] }
    return [
      (silence, "Say whether you are still on it: nothing has been heard of it."),
      (unrecorded, "Say whether there is anything to record: nobody documents it."),
    ].compactMap { asked, text in
      guard let asked, asked.dueAt <= now else { return nil }
      return Duty(slug: asked.kind.slug, text: text, dueAt: asked.dueAt, isRed: true)
    }
  }

  private var emptyRoles: [Duty] {
    Role.allCases.filter { roles.holders(of: $0).isEmpty }.map { role in
      Duty(
        slug: "fill-\(role.slug)", text: "Nobody is \(role.word) yet.",
        owner: role == .lead ? .leads(of: teams.owner) : .role(.lead))
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
          dueAt: update.dueAt, owner: .role(.commsLead)))
    }
    if !classification.isConfirmed {
      duties.append(
        Duty(
          slug: "confirm-priority",
          text: "Confirm that it was a \(classification.priority).", owner: .team(teams.second)))
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
      duties += reviewDuties
    } else {
      duties.append(Duty(slug: "close", text: "Close it.", dueAt: closesByItselfAt))
    }
    return duties
  }
}

/// The review and what follows from it.
extension Incident {
  private var reviewDuties: [Duty] {
    var duties: [Duty] = []
    if watch.reviewPlan == nil, extras.watch != nil {
      duties.append(
        Duty(
          slug: "arrange-review", text: "Set a date for the review, and say who takes part.",
          dueAt: arrangementDueAt))
    }
    duties.append(
      Duty(
        slug: "finish-review", text: "Finish the post-incident review.",
        dueAt: extras.watch == nil ? nil : reviewDueAt))
    return duties
  }

  private var actionDuties: [Duty] {
    watch.actions.filter { $0.done == nil }.map { action in
      Duty(
        slug: "complete-action", text: "Action \(action.number): \(action.action.what)",
        dueAt: action.action.due, owner: .person(action.action.owner))
    }
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
