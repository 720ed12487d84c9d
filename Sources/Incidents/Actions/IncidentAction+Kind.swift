extension IncidentAction {
  /// What sort of thing is asked for: its stable number in the log, and a row of every table.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// See ``IncidentAction/acknowledge(happenedAt:)``.
    case acknowledge = 1
    /// See ``IncidentAction/setPriority(_:)``.
    case setPriority = 2
    /// See ``IncidentAction/changeRole(_:)``.
    case changeRole = 3
    /// See ``IncidentAction/note(_:)``.
    case note = 4
    /// See ``IncidentAction/update(_:)``.
    case update = 5
    /// See ``IncidentAction/move(_:)``.
    case move = 6
    /// See ``IncidentAction/handOver(_:)``.
    case handOver = 7
    /// See ``IncidentAction/proposeRestored(text:)``.
    case proposeRestored = 8
    /// See ``IncidentAction/resolve(_:)``.
    case resolve = 9
    /// See ``IncidentAction/agreeResolution``.
    case agreeResolution = 10
    /// See ``IncidentAction/review(_:)``.
    case review = 11
    /// See ``IncidentAction/close(overrideReason:)``.
    case close = 12
    /// See ``IncidentAction/reopen(reason:)``.
    case reopen = 13
    /// See ``IncidentAction/cancel(reason:)``.
    case cancel = 14
    /// See ``IncidentAction/duplicate(of:reason:)``.
    case duplicate = 15
    /// See ``IncidentAction/setFlag(_:)``.
    case setFlag = 16
    /// See ``IncidentAction/clearFlag(_:reason:)``.
    case clearFlag = 17
    /// See ``IncidentAction/recordFlagReport(_:)``.
    case recordFlagReport = 18
    /// See ``IncidentAction/recordTicket(reference:updatedAt:)``.
    case recordTicket = 19
    /// See ``IncidentAction/propose(_:)``.
    case propose = 20
    /// See ``IncidentAction/decideProposal(_:)``.
    case decideProposal = 21
    /// See ``IncidentAction/dismissFlag(_:reason:)``.
    case dismissFlag = 22
    /// See ``IncidentAction/draftCommunication(_:)``.
    case draftCommunication = 34
    /// See ``IncidentAction/moveCommunication(_:)``.
    case moveCommunication = 35
    /// See ``IncidentAction/changeStakeholders(_:)``.
    case changeStakeholders = 36
    /// See ``IncidentAction/stateReach(_:)``.
    case stateReach = 37
    /// See ``IncidentAction/explainDelay(reason:)``.
    case explainDelay = 38
    /// See ``IncidentAction/decideNotification(_:)``.
    case decideNotification = 39
    /// See ``IncidentAction/changeSight(_:)``.
    case changeSight = 40
    /// See ``IncidentAction/moveFace(_:)``.
    case moveFace = 41
    /// See ``IncidentAction/wait(_:)``.
    case wait = 23
    /// See ``IncidentAction/endWait(happenedAt:)``.
    case endWait = 24
    /// See ``IncidentAction/assess(_:)``.
    case assess = 42
    /// See ``IncidentAction/arrangeReview(_:)``.
    case arrangeReview = 43
    /// See ``IncidentAction/completeAction(_:)``.
    case completeAction = 44
    /// See ``IncidentAction/answerPage(_:)``.
    case answerPage = 45
    /// See ``IncidentAction/escalate(reason:)``.
    case escalate = 46
    /// See ``IncidentAction/waiveReview(_:)``.
    case waiveReview = 47
    /// See ``IncidentAction/keepRedacted(_:)``.
    case keepRedacted = 48
    /// See ``IncidentAction/answer(_:)``.
    case answer = 26
    /// See ``IncidentAction/giveReason(_:)``.
    case giveReason = 27
    /// See ``IncidentAction/affect(_:)``.
    case affect = 28
    /// See ``IncidentAction/setService(_:)``.
    case setService = 29
    /// See ``IncidentAction/relate(_:)``.
    case relate = 30
    /// See ``IncidentAction/engage(_:)``.
    case engage = 31
  }

  /// What sort of thing this asks for.
  package var kind: Kind {
    switch self {
    case .acknowledge: .acknowledge
    case .setPriority: .setPriority
    case .changeRole: .changeRole
    case .note: .note
    case .update: .update
    case .move: .move
    case .handOver: .handOver
    case .proposeRestored: .proposeRestored
    case .resolve: .resolve
    case .agreeResolution: .agreeResolution
    case .review: .review
    case .close: .close
    case .reopen: .reopen
    case .cancel: .cancel
    case .duplicate: .duplicate
    case .setFlag: .setFlag
    case .clearFlag: .clearFlag
    case .recordFlagReport: .recordFlagReport
    case .recordTicket: .recordTicket
    case .propose: .propose
    case .decideProposal: .decideProposal
    case .dismissFlag: .dismissFlag
    case .draftCommunication: .draftCommunication
    case .moveCommunication: .moveCommunication
    case .changeStakeholders: .changeStakeholders
    case .stateReach: .stateReach
    case .explainDelay: .explainDelay
    case .decideNotification: .decideNotification
    case .changeSight: .changeSight
    case .moveFace: .moveFace
    case .wait: .wait
    case .endWait: .endWait
    case .assess: .assess
    case .arrangeReview: .arrangeReview
    case .completeAction: .completeAction
    case .answerPage: .answerPage
    case .answer: .answer
    case .giveReason: .giveReason
    case .affect: .affect
    case .setService: .setService
    case .relate: .relate
    case .engage: .engage
    case .escalate: .escalate
    case .waiveReview: .waiveReview
    case .keepRedacted: .keepRedacted
    }
  }
}
