extension IncidentAction.Kind {
  /// Who may do it at all: any one of these. The rows of policy section 9.
  ///
  /// Where the table says "propose", "draft" or "taking the lead", the person is admitted here and
  /// the decision looks at what exactly is asked.
  package func isOpen(to standing: Standing) -> Bool {
    !allowed.isDisjoint(with: standing)
  }

  /// Any one of these standings will do.
  package var allowed: Standing {
    switch self {
    case .note, .setFlag: .signedIn
    case .acknowledge:
      [.responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .setPriority, .propose:
      [.firstLine, .responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .changeRole: .signedIn
    case .update, .draftCommunication, .moveCommunication, .changeStakeholders:
      [.responder, .serviceDelivery, .lead, .commsLead]
    case .stateReach, .explainDelay:
      [.responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .move, .proposeRestored, .reopen:
      [.responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .handOver:
      [.firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .resolve, .close: [.responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .agreeResolution: .lead
    case .review, .cancel, .duplicate, .keepRedacted: [.serviceDelivery, .lead, .teamLead]
    case .clearFlag, .decideNotification, .changeSight: [.lead, .specialist]
    case .moveFace: [.responder, .serviceDelivery, .lead, .commsLead, .specialist]
    // Who may confirm a priority answers what its triage asks.
    case .decideProposal, .dismissFlag: [.serviceDelivery, .lead, .teamLead]
    case .recordFlagReport:
      [
        .firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning,
        .specialist,
      ]
    case .answerPage, .completeAction: .signedIn
    case .assess: [.responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .arrangeReview: .deciding
    case .escalate: .deciding
    case .waiveReview: .serviceDelivery
    case .recordTicket:
      [.firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .wait, .endWait: [.responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .answer: [.responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .giveReason, .setService:
      [.firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning]
    case .affect, .relate: [.responder, .serviceDelivery, .lead, .teamLead, .owning]
    case .engage: [.responder, .serviceDelivery, .lead, .teamLead]
    }
  }

  /// Whether somebody who may not do it may propose it: the cells of policy section 9 that say so. Where
  /// the right depends on what exactly is asked, the decision says it.
  func isProposable(by standing: Standing) -> Bool {
    switch self {
    case .cancel, .duplicate: standing.contains(.responder)
    default: false
    }
  }

  /// What it is called in "You may not …".
  var words: String {
    switch self {
    case .acknowledge: "acknowledge this incident"
    case .setPriority: "state its priority"
    case .changeRole: "change its roles"
    case .note: "add to its timeline"
    case .update: "send updates about it"
    case .move: "change its status"
    case .handOver: "hand it to another line"
    case .proposeRestored: "propose that service is restored"
    case .resolve: "resolve it"
    case .agreeResolution: "confirm its resolution"
    case .review: "finish its review"
    case .close: "close it"
    case .reopen: "reopen it"
    case .cancel: "cancel it"
    case .duplicate: "call it a duplicate"
    case .setFlag: "set a flag on it"
    case .clearFlag: "clear a flag of it"
    case .recordFlagReport: "record that its specialist team was told"
    case .recordTicket: "record its ticket"
    case .propose: "propose anything about it"
    case .decideProposal: "decide what was proposed"
    case .dismissFlag: "say that a flag does not hold"
    case .draftCommunication: "draft what is told about it"
    case .moveCommunication: "approve or send what is told about it"
    case .changeStakeholders: "say whom it concerns"
    case .stateReach: "say how far it reaches"
    case .explainDelay: "say why an update is late"
    case .decideNotification: "decide whether the breach is notified"
    case .changeSight: "say who may know of it"
    case .moveFace: "say what staff are told in its stead"
    case .wait: "say what it waits for"
    case .endWait: "say that it waits no more"
    case .assess: "assess it"
    case .arrangeReview: "set a date for its review"
    case .completeAction: "complete an action of its review"
    case .answerPage: "answer a page for it"
    case .escalate: "tell senior management of it"
    case .waiveReview: "waive its review"
    case .keepRedacted: "publish a redacted report of it"
    case .answer: "answer it"
    case .giveReason: "give a reason that is missing"
    case .affect: "say which services it affects"
    case .setService: "set its lead service"
    case .relate: "say what it has to do with others"
    case .engage: "engage others"
    }
  }
}

/// Who may state, confirm and lower a priority, assign roles and send to everybody.
extension Standing {
  /// Confirm a priority, lower a P1 or P2, assign roles to others, close a P1 or P2.
  static let deciding: Standing = [.serviceDelivery, .lead, .teamLead]
  /// Take a role.
  static let taking: Standing = [.responder, .serviceDelivery, .lead, .commsLead, .teamLead]
  /// Send an update beyond the incident team.
  static let sending: Standing = [.serviceDelivery, .lead, .commsLead]
  /// Record late what happened, so that clocks go by it: responders.
  static let recording: Standing = [
    .responder, .serviceDelivery, .lead, .commsLead, .teamLead, .owning,
  ]
}

extension Refusal {
  /// It needs what some node of the cluster does not know yet.
  static func levelUnknown(_ needed: UInt8, inForce: UInt8) -> Refusal {
    Refusal(
      .levelUnknown, title: "Not every node of the cluster knows this yet",
      detail:
        "It needs behaviour level \(needed), and \(inForce) is in force. Start every node with "
        + "the newest version: the level rises by itself then.")
  }

  /// The asker lacks a right; says which would do and who has it, and whether they may propose it.
  static func rightMissing(
    _ words: String, needs allowed: Standing, proposable: Bool = false
  ) -> Refusal {
    var slugs: [String] = []
    var names: [String] = []
    for entry in Standing.named where allowed.contains(entry.standing) {
      if !slugs.contains(entry.slug) { slugs.append(entry.slug) }
      names.append(entry.name)
    }
    let who =
      names.count > 1
      ? names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
      : names.first ?? "nobody"
    return Refusal(
      .rightMissing, title: "You do not have the right to do this",
      detail: "You may not \(words). This is for \(who)."
        + (proposable ? " You may propose it to them." : ""), missing: slugs)
  }
}
