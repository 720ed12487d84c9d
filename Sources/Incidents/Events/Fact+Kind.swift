extension Fact {
  /// The ``kind`` of a change of what a service does otherwise.
  package static let servicePolicyChangedKind: UInt16 = 37
  /// The ``kind`` of a change of a calendar.
  package static let calendarSetKind: UInt16 = 38
  /// The ``kind`` by which a behaviour level comes into force.
  package static let levelRaisedKind: UInt16 = 15

  /// The stable number of its kind, as it stands in the ledger. Never reused.
  package var kind: UInt16 {
    switch self {
    case .founded: 1
    case .personAdded: 2
    case .personDeactivated: 3
    case .teamAdded: 4
    case .memberSet: 5
    case .serviceAdded: 6
    case .credentialIssued: 7
    case .credentialRevoked: 8
    case .onCallAssigned: 9
    case .settingsChanged: 10
    case .strangeAlertResolved: 11
    case .ingestKeyIssued: 12
    case .joinTokenIssued: 13
    case .joinTokenUsed: 14
    case .levelRaised: Self.levelRaisedKind
    case .signedIn: 16
    case .passwordSet: 17
    case .codesMade: 18
    case .meansCleared: 19
    case .sessionExtended: 20
    case .standingGiven: 21
    case .serviceKeyIssued: 28
    case .headSigned: 29
    case .holdSet: 33
    case .holdReleased: 34
    case .purged: Self.purgedKind
    case .contactsErased: Self.contactsErasedKind
    case .alertsRestated: 36
    case .servicePolicyChanged: Self.servicePolicyChangedKind
    case .calendarSet: Self.calendarSetKind
    case .viewSaved: 59
    case .viewRemoved: 60
    case .glassBroken: 30
    case .attemptDenied: 31
    case .restrictedRead: 32
    case .directoryImported: 22
    case .personChanged: 23
    case .teamChanged: 24
    case .teamRetired: 25
    case .serviceChanged: 26
    case .serviceRetired: 27
    case .serviceArranged: 41
    case .manualConfirmed: 42
    case .serviceWentLive: 43
    case .serviceWithdrawn: 44
    case .templateChanged: 49
    case .noticeChanged: 50
    case .messagesPruned: 51
    case .messageAcknowledged: 52
    case .declared: Self.declaredKind
    case .leadNotified: 101
    case .noLeadOnCall: 102
    case .acknowledged: 103
    case .priorityChanged: 104
    case .ownerMoved: 105
    case .roleOffered: 106
    case .roleDeclined: 107
    case .roleTaken: 108
    case .roleLeft: 109
    case .noted: 110
    case .updated: 111
    case .statusMoved: 112
    case .restoredProposed: 113
    case .resolved: 114
    case .resolutionAgreed: 115
    case .reviewed: Self.reviewedKind
    case .closed: 117
    case .closedByOverride: 118
    case .reopened: 119
    case .cancelled: 120
    case .duplicateSaid: 121
    case .inherited: 122
    case .flagSet: 123
    case .flagCleared: 124
    case .flagReported: 125
    case .ticketRecorded: 126
    case .alertReported: 127
    case .alertCleared: 128
    case .clearedWithoutAction: 129
    case .leaverReleased: 130
    case .triaged: 131
    case .proposed: 132
    case .proposalAccepted: 133
    case .proposalDeclined: 134
    case .flagDismissed: 135
    case .matrixPinned: 136
    case .communicationDrafted: 151
    case .communicationMoved: 152
    case .stakeholderChanged: 153
    case .reachStated: 154
    case .delayExplained: 155
    case .notificationDecided: 156
    case .sightChanged: 157
    case .faceMoved: 158
    case .waitingBegan: 137
    case .waitingEnded: 138
    case .clocksRecounted: 139
    case .closedInTime: 140
    case .paged: 160
    case .pageAnswered: 161
    case .escalated: 162
    case .reminded: 163
    case .assessed: 164
    case .reviewArranged: 165
    case .actionCompleted: 166
    case .gapNoted: 167
    case .reviewWaived: 170
    case .reportKept: Self.reportKeptKind
    case .reportBytes: Self.reportBytesKind
    }
  }
}
