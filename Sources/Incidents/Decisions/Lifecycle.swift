extension Incident.Status {
  /// Whether it is still to be resolved.
  package var isLive: Bool {
    switch self {
    case .open, .investigating, .mitigated, .backlog: true
    case .resolved, .inReview, .closed, .cancelled, .duplicate: false
    }
  }

  /// Whether it is over: closed, cancelled or a duplicate.
  package var isOver: Bool {
    switch self {
    case .closed, .cancelled, .duplicate: true
    case .open, .investigating, .mitigated, .backlog, .resolved, .inReview: false
    }
  }

  /// As it is said to a person.
  package var word: String {
    switch self {
    case .open: "open"
    case .investigating: "investigating"
    case .mitigated: "mitigated"
    case .backlog: "in backlog"
    case .resolved: "resolved"
    case .inReview: "in review"
    case .closed: "closed"
    case .cancelled: "cancelled"
    case .duplicate: "duplicate"
    }
  }

  /// As it follows on "it is".
  var phrase: String { self == .duplicate ? "a duplicate" : word }

  /// Whether an incident of this status takes `action`, or the rule that refuses it.
  ///
  /// The whole life of policy section 4 in one table: what is admitted, in the order of a life, then
  /// what is refused.
  package func refusal(of action: IncidentAction.Kind) -> Refusal.Rule? {
    switch (self, action) {
    // What was sent can be recorded, and reasons given, whenever somebody gets to it.
    case (_, .moveCommunication), (_, .stateReach), (_, .explainDelay),
      (_, .decideNotification), (_, .changeSight), (_, .moveFace):
      nil
    case (.closed, .draftCommunication), (.cancelled, .draftCommunication),
      (.duplicate, .draftCommunication), (.closed, .changeStakeholders),
      (.cancelled, .changeStakeholders), (.duplicate, .changeStakeholders):
      .alreadyOver
    case (_, .draftCommunication), (_, .changeStakeholders): nil
    // Live: everything but what follows the resolution.
    case (.open, .acknowledge), (.open, .setPriority), (.open, .changeRole), (.open, .note),
      (.open, .update), (.open, .move), (.open, .handOver), (.open, .proposeRestored),
      (.open, .resolve), (.open, .cancel), (.open, .duplicate), (.open, .setFlag),
      (.open, .clearFlag), (.open, .recordFlagReport), (.open, .recordTicket),
      (.open, .propose), (.open, .decideProposal), (.open, .dismissFlag),
      (.investigating, .acknowledge), (.investigating, .setPriority),
      (.investigating, .changeRole), (.investigating, .note), (.investigating, .update),
      (.investigating, .move), (.investigating, .handOver), (.investigating, .proposeRestored),
      (.investigating, .resolve), (.investigating, .cancel), (.investigating, .duplicate),
      (.investigating, .setFlag), (.investigating, .clearFlag),
      (.investigating, .recordFlagReport), (.investigating, .recordTicket),
      (.investigating, .propose), (.investigating, .decideProposal), (.investigating, .dismissFlag),
      (.mitigated, .acknowledge), (.mitigated, .setPriority), (.mitigated, .changeRole),
      (.mitigated, .note), (.mitigated, .update), (.mitigated, .move), (.mitigated, .handOver),
      (.mitigated, .proposeRestored), (.mitigated, .resolve), (.mitigated, .cancel),
      (.mitigated, .duplicate), (.mitigated, .setFlag), (.mitigated, .clearFlag),
      (.mitigated, .recordFlagReport), (.mitigated, .recordTicket),
      (.mitigated, .propose), (.mitigated, .decideProposal), (.mitigated, .dismissFlag),
      (.backlog, .acknowledge), (.backlog, .setPriority), (.backlog, .changeRole),
      (.backlog, .note), (.backlog, .update), (.backlog, .move), (.backlog, .handOver),
      (.backlog, .proposeRestored), (.backlog, .resolve), (.backlog, .cancel),
      (.backlog, .duplicate), (.backlog, .setFlag), (.backlog, .clearFlag),
      (.backlog, .recordFlagReport), (.backlog, .recordTicket),
      (.backlog, .propose), (.backlog, .decideProposal), (.backlog, .dismissFlag),
      (.open, .wait), (.open, .endWait), (.investigating, .wait), (.investigating, .endWait),
      (.mitigated, .wait), (.mitigated, .endWait), (.backlog, .wait), (.backlog, .endWait):
      nil
    // Resolved: what is still to be said, the review, the end, or back to work.
    case (.resolved, .setPriority), (.resolved, .changeRole), (.resolved, .note),
      (.resolved, .update), (.resolved, .agreeResolution), (.resolved, .review),
      (.resolved, .close), (.resolved, .reopen), (.resolved, .duplicate), (.resolved, .setFlag),
      (.resolved, .clearFlag), (.resolved, .recordFlagReport), (.resolved, .recordTicket),
      (.resolved, .propose), (.resolved, .decideProposal), (.resolved, .dismissFlag),
      (.inReview, .setPriority), (.inReview, .changeRole), (.inReview, .note),
      (.inReview, .update), (.inReview, .agreeResolution), (.inReview, .review),
      (.inReview, .close), (.inReview, .reopen), (.inReview, .duplicate), (.inReview, .setFlag),
      (.inReview, .clearFlag), (.inReview, .recordFlagReport), (.inReview, .recordTicket),
      (.inReview, .propose), (.inReview, .decideProposal), (.inReview, .dismissFlag),
      (.resolved, .waiveReview), (.inReview, .waiveReview):
      nil
    // What is known may be told to others, with something withheld, whenever that is.
    case (_, .keepRedacted): nil
    // Over: recording late is always possible.
    case (.closed, .note), (.closed, .changeRole), (.closed, .agreeResolution), (.closed, .reopen),
      (.closed, .setFlag),
      (.closed, .clearFlag), (.closed, .recordFlagReport), (.closed, .recordTicket),
      (.closed, .dismissFlag),
      (.cancelled, .note), (.cancelled, .changeRole), (.cancelled, .setFlag),
      (.cancelled, .clearFlag),
      (.cancelled, .recordFlagReport), (.cancelled, .recordTicket),
      (.cancelled, .dismissFlag),
      (.duplicate, .note), (.duplicate, .changeRole), (.duplicate, .setFlag),
      (.duplicate, .clearFlag),
      (.duplicate, .recordFlagReport), (.duplicate, .recordTicket),
      (.duplicate, .dismissFlag):
      nil

    // What the clock waits for. An action of a review is followed until it is done.
    case (.open, .assess), (.open, .answerPage), (.open, .escalate), (.open, .completeAction),
      (.investigating, .assess), (.investigating, .answerPage), (.investigating, .escalate),
      (.investigating, .completeAction), (.mitigated, .assess), (.mitigated, .answerPage),
      (.mitigated, .escalate), (.mitigated, .completeAction), (.backlog, .assess),
      (.backlog, .answerPage), (.backlog, .escalate), (.backlog, .completeAction),
      (.resolved, .arrangeReview), (.resolved, .completeAction), (.resolved, .escalate),
      (.inReview, .arrangeReview), (.inReview, .completeAction), (.inReview, .escalate),
      (.closed, .completeAction), (.cancelled, .completeAction),
      (.duplicate, .completeAction):
      nil

    case (.open, .agreeResolution), (.open, .review), (.open, .close), (.open, .reopen),
      (.investigating, .agreeResolution), (.investigating, .review), (.investigating, .close),
      (.investigating, .reopen), (.mitigated, .agreeResolution), (.mitigated, .review),
      (.mitigated, .close), (.mitigated, .reopen), (.backlog, .agreeResolution),
      (.backlog, .review), (.backlog, .close), (.backlog, .reopen), (.open, .waiveReview),
      (.investigating, .waiveReview), (.mitigated, .waiveReview), (.backlog, .waiveReview):
      .notResolved
    case (.resolved, .acknowledge), (.resolved, .move), (.resolved, .handOver),
      (.resolved, .proposeRestored), (.resolved, .resolve), (.resolved, .cancel),
      (.inReview, .acknowledge), (.inReview, .move), (.inReview, .handOver),
      (.inReview, .proposeRestored), (.inReview, .resolve), (.inReview, .cancel),
      (.resolved, .wait), (.resolved, .endWait), (.inReview, .wait), (.inReview, .endWait):
      .alreadyResolved
    case (.closed, .acknowledge), (.closed, .setPriority),
      (.closed, .update), (.closed, .move), (.closed, .handOver), (.closed, .proposeRestored),
      (.closed, .resolve), (.closed, .review), (.closed, .close), (.closed, .cancel),
      (.closed, .duplicate),
      (.cancelled, .acknowledge), (.cancelled, .setPriority),
      (.cancelled, .update), (.cancelled, .move), (.cancelled, .handOver),
      (.cancelled, .proposeRestored), (.cancelled, .resolve), (.cancelled, .agreeResolution),
      (.cancelled, .review), (.cancelled, .close), (.cancelled, .reopen), (.cancelled, .cancel),
      (.cancelled, .duplicate),
      (.duplicate, .acknowledge), (.duplicate, .setPriority),
      (.duplicate, .update), (.duplicate, .move), (.duplicate, .handOver),
      (.duplicate, .proposeRestored), (.duplicate, .resolve), (.duplicate, .agreeResolution),
      (.duplicate, .review), (.duplicate, .close), (.duplicate, .reopen), (.duplicate, .cancel),
      (.duplicate, .duplicate),
      (.closed, .propose), (.closed, .decideProposal), (.cancelled, .propose),
      (.cancelled, .decideProposal), (.duplicate, .propose), (.duplicate, .decideProposal),
      (.closed, .wait), (.closed, .endWait), (.cancelled, .wait), (.cancelled, .endWait),
      (.duplicate, .wait), (.duplicate, .endWait):
      .alreadyOver
    case (.open, .arrangeReview), (.investigating, .arrangeReview), (.mitigated, .arrangeReview),
      (.backlog, .arrangeReview):
      .notResolved
    case (.resolved, .assess), (.resolved, .answerPage), (.inReview, .assess),
      (.inReview, .answerPage):
      .alreadyResolved
    case (.closed, .assess), (.closed, .arrangeReview), (.closed, .answerPage),
      (.closed, .escalate), (.cancelled, .assess), (.cancelled, .arrangeReview),
      (.cancelled, .answerPage), (.cancelled, .escalate),
      (.duplicate, .assess), (.duplicate, .arrangeReview),
      (.duplicate, .answerPage), (.duplicate, .escalate),
      (.closed, .waiveReview), (.cancelled, .waiveReview),
      (.duplicate, .waiveReview):
      .alreadyOver
    case (_, .answer), (_, .giveReason), (_, .affect), (_, .setService), (_, .relate),
      (_, .engage):
      refusal(ofLines: action)
    }
  }
}

/// Which line owns an incident of a priority (policy section 3).
enum Ownership {
  /// The line of a new incident: 2nd line triages P1 to P4, P5 goes to the backlog of 3rd line and P6
  /// to the queue of 1st line, where there is such a team.
  ///
  /// - Parameter hasSupplier: Whether a supplier works as 3rd line, where no team does.
  static func line(
    for priority: Priority, in teams: Incident.Teams, hasSupplier: Bool = false
  ) -> Line {
    switch priority {
    case .p1, .p2, .p3, .p4: .second
    case .p5: teams.third == nil && !hasSupplier ? .second : .third
    case .p6: teams.first == nil ? .second : .first
    }
  }

  /// The line that owns it after a change of priority.
  static func line(
    of incident: Incident, from before: Priority, to after: Priority, hasSupplier: Bool
  ) -> Line {
    switch (before, after) {
    // Triaged already, and perhaps handed over: a change among P3 and P4 moves nothing, and a P1 or
    // P2 that turns out smaller stays with 2nd line, which triages it.
    case (.p3, .p3), (.p3, .p4), (.p4, .p3), (.p4, .p4): incident.teams.ownerLine
    case (.p5, .p5), (.p6, .p6): incident.teams.ownerLine
    default: line(for: after, in: incident.teams, hasSupplier: hasSupplier)
    }
  }
}
