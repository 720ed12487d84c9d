extension Action {
  /// The first behaviour level at which every node knows it.
  package var level: UInt8 {
    switch self {
    case .found, .addPerson, .deactivatePerson, .addTeam, .setMember, .addService,
      .issueCredential, .issueIngestKey, .issueJoinToken, .useJoinToken, .revokeCredential,
      .assignOnCall, .alert, .closeCleared, .releaseLeavers:
      Command.firstLevel
    case .declare(let new): new.extras == Declaration.Extras() ? Command.firstLevel : 2
    case .incident(_, let action): action.level
    case .changeSettings(let change): change.extras == Settings.Extras() ? Command.firstLevel : 2
    case .attemptSignIn, .signIn, .changeMeans, .clearMeans, .extendSession, .noteUses, .keepSecret,
      .importDirectory, .breakGlass, .signHead, .noteAttempts, .noteReads, .issueServiceKey, .hold,
      .purge, .eraseContacts, .changeServicePolicy, .arrangeService, .confirmManual, .setLive,
      .changeTemplate, .acknowledgeMessage, .pruneMessages, .withdrawNotice, .setCalendars,
      .keepTime, .fireDues, .noteGap, .saveView, .removeView, .keepReport, .changeWebhook,
      .removeWebhook, .postDelivery, .moveDeliveries, .answerByLink:
      2
    }
  }
}

extension IncidentAction {
  /// The first behaviour level at which every node knows it.
  fileprivate var level: UInt8 {
    switch self {
    case .setPriority(let change): change.triage.isEmpty ? Command.firstLevel : 2
    case .move(let change): change.place.isEmpty ? Command.firstLevel : 2
    case .update(let update):
      update.extras == CommunicationUpdate.Extras() ? Command.firstLevel : 2
    case .acknowledge, .changeRole, .note, .handOver, .proposeRestored, .resolve,
      .agreeResolution, .review, .close, .reopen, .cancel, .duplicate, .setFlag, .clearFlag,
      .recordFlagReport, .recordTicket:
      Command.firstLevel
    case .propose, .decideProposal, .dismissFlag, .draftCommunication, .moveCommunication,
      .changeStakeholders, .stateReach, .explainDelay, .decideNotification, .changeSight,
      .moveFace, .wait, .endWait, .assess, .arrangeReview, .completeAction, .answerPage,
      .escalate, .waiveReview, .keepRedacted, .answer, .giveReason, .affect, .setService,
      .relate, .engage:
      2
    }
  }
}
