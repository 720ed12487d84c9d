internal import Bytes

/// What those propose who may not decide it, and what becomes of that (policy section 9).
extension Scene {
  func propose(_ proposal: Proposal) throws(Refusal) -> [Event] {
    try Check.optional(proposal.reason, "reason", max: Bound.reason)
    if let rule = incident.status.refusal(of: proposal.matter.kind) {
      throw .outOfTurn(rule, incident, proposal.matter.kind)
    }
    let needed = standingToPropose(proposal.matter)
    guard !standing.isDisjoint(with: needed) else {
      throw .rightMissing("propose to \(proposal.matter.words)", needs: needed)
    }
    switch proposal.matter {
    case .priority(let choice, let triage):
      let wanted = Classification(choice, isConfirmed: true, by: incident.matrix)
      // It is so already.
      guard wanted != incident.classification || !triage.isEmpty else { return [] }
    case .cancel: try Check.required(proposal.reason ?? "", "reason", max: Bound.reason)
    case .duplicate(let id): _ = try survivor(id)
    }
    let open = incident.deliberation.proposals
    if open.contains(where: { $0.proposal.matter == proposal.matter }) { return [] }
    try Check.count(open.count + 1, "list of proposals", max: Bound.proposals)
    return [event(.proposed(proposal, by: asker))]
  }

  /// Anybody who may state a priority may propose one; to make less of an incident, responders.
  private func standingToPropose(_ matter: Proposal.Matter) -> Standing {
    if case .priority(let choice, _) = matter {
      let before = incident.classification.priority
      let isLowering = before.isHigh && choice.priority(by: incident.matrix) > before
      if !isLowering { return IncidentAction.Kind.setPriority.allowed }
    }
    return Standing.deciding.union(.responder)
  }

  func decide(_ decision: ProposalDecision) throws(Refusal) -> [Event] {
    try Check.optional(decision.reason, "reason", max: Bound.reason)
    let open = try openProposal(decision.number)
    guard decision.accepts else {
      try Check.required(decision.reason ?? "", "reason", max: Bound.reason)
      return [
        event(.proposalDeclined(open.number, by: open.person, reason: decision.reason ?? ""))
      ]
    }
    let reason = open.proposal.reason
    let then =
      switch open.proposal.matter {
      case .priority(let choice, let triage):
        try setPriority(
          PriorityChange(choice: choice, confirm: true, reason: reason, triage: triage))
      case .cancel: try cancel(reason ?? "")
      case .duplicate(let id):
        try duplicate(of: proposed(id), reason)
      }
    return [event(.proposalAccepted(open.number, by: open.person))] + then
  }

  /// The incident that it was proposed to be the same as. Whoever decides may not know of it, and is not told
  /// its id.
  private func proposed(_ id: ID) throws(Refusal) -> ID {
    if let other = facts.incident(id), facts.sees(hearing.asker, other, at: stamp) { return id }
    throw Refusal(
      .notFound, title: "There is no such incident",
      detail:
        "What it was proposed to be the same as is not there, or not for you to know of. Decline "
        + "the proposal, or have somebody decide it who can see both.")
  }

  private func openProposal(_ number: UInt32?) throws(Refusal) -> Incident.OpenProposal {
    let open = incident.deliberation.proposals
    if let number {
      if let found = open.first(where: { $0.number == number }) { return found }
    } else if open.count > 1 {
      let numbers = open.map { "\($0.number)" }.joined(separator: ", ")
      throw .invalid("proposal", "Several are open: say which of \(numbers).")
    } else if let only = open.first {
      return only
    }
    throw Refusal(
      .noSuchProposal, title: "This proposal is not open",
      detail: "\(incident.reference.text) has \(open.isEmpty ? "none" : "no such proposal") to "
        + "decide: it was decided, or never made.")
  }

  /// The question whether it carries a flag is answered: it does not.
  func dismiss(_ flag: Flag, _ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    guard incident.deliberation.questions.contains(flag) else { return [] }
    return [event(.flagDismissed(flag, reason: reason))]
  }
}

extension Proposal.Matter {
  /// As it follows on "propose to". Not of what it is a duplicate: not everybody may know of that.
  package var words: String {
    switch self {
    case .priority(.level(let priority), _): "make it a \(priority)"
    case .priority(.matrix(let impact, let urgency), _):
      "state \(impact.word) impact and \(urgency.word) urgency"
    case .cancel: "cancel it"
    case .duplicate: "call it a duplicate"
    }
  }
}
