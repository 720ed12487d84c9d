extension Fact {
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
    case .levelRaised: 15
    case .signedIn: 16
    case .passwordSet: 17
    case .codesMade: 18
    case .meansCleared: 19
    case .sessionExtended: 20
    case .declared: 100
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
    case .reviewed: 116
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
    }
  }
}
