package import Incidents

/// A value that has a word in the interface: the same word in requests, answers and filters.
package protocol Spelt: CaseIterable, Sendable, Equatable {
  /// The word.
  var spelling: String { get }
}

extension Spelt {
  /// The value that `word` spells, or `nil`.
  package init?(spelling word: some StringProtocol) {
    guard let found = Self.allCases.first(where: { $0.spelling == word }) else { return nil }
    self = found
  }

  /// All words, for the sentence that refuses another.
  package static var spellings: String { allCases.map(\.spelling).joined(separator: ", ") }
}

extension Level: Spelt {
  package var spelling: String { word }
}

extension Priority: Spelt {
  /// "P1" to "P6"; the word of the guidance is only for reading.
  package var spelling: String { description }
}

extension Source.Kind: Spelt {
  package var spelling: String {
    switch self {
    case .alert: "alert"
    case .firstLine: "first-line"
    case .staff: "staff"
    case .supplier: "supplier"
    case .watching: "watching"
    }
  }
}

extension Role: Spelt {
  package var spelling: String {
    switch self {
    case .lead: "lead"
    case .commsLead: "comms-lead"
    case .documenter: "documenter"
    case .technicalSupport: "technical-support"
    }
  }
}

extension Note.Kind: Spelt {
  package var spelling: String {
    switch self {
    case .action: "action"
    case .decision: "decision"
    case .discussion: "discussion"
    case .finding: "finding"
    case .communication: "communication"
    case .evidence: "evidence"
    case .correction: "correction"
    }
  }
}

extension CommunicationUpdate.Audience: Spelt {
  package var spelling: String {
    switch self {
    case .team: "team"
    case .stakeholders: "stakeholders"
    case .allStaff: "all-staff"
    case .statusPage: "status-page"
    }
  }
}

extension StatusChange.Target: Spelt {
  package var spelling: String {
    switch self {
    case .investigating: "investigating"
    case .mitigated: "mitigated"
    case .backlog: "backlog"
    }
  }
}

extension Incident.Status: Spelt {
  package var spelling: String {
    switch self {
    case .open: "open"
    case .investigating: "investigating"
    case .mitigated: "mitigated"
    case .backlog: "backlog"
    case .resolved: "resolved"
    case .inReview: "in-review"
    case .closed: "closed"
    case .cancelled: "cancelled"
    case .duplicate: "duplicate"
    }
  }
}

extension Clocks.Wait.Cause: Spelt {
  package var spelling: String {
    switch self {
    case .supplier: "supplier"
    case .user: "user"
    case .plannedDate: "planned-date"
    case .resolved: "resolved"
    }
  }
}

extension Line: Spelt {
  package var spelling: String {
    switch self {
    case .first: "first"
    case .second: "second"
    case .third: "third"
    }
  }
}

extension MemberRole: Spelt {
  package var spelling: String {
    switch self {
    case .member: "member"
    case .teamLead: "team-lead"
    case .serviceDelivery: "service-delivery"
    }
  }
}

extension OnCallRole: Spelt {
  package var spelling: String {
    switch self {
    case .lead: "lead"
    case .second: "second"
    }
  }
}

extension Flag: Spelt {
  package var spelling: String {
    switch self {
    case .cyber: "cyber"
    case .data: "data"
    }
  }
}

extension Clock.Kind: Spelt {
  package var spelling: String {
    switch self {
    case .response: "response"
    case .resolution: "resolution"
    case .update: "update"
    }
  }
}

extension IncidentFilter.Order: Spelt {
  package var spelling: String {
    switch self {
    case .latest: "latest"
    case .priority: "priority"
    case .due: "due"
    }
  }
}

extension WaiverReason {
  /// The word for a reason why a review is not held.
  package var spelling: String {
    switch self {
    case .neverMajor: "never-major"
    case .falseAlarm: "false-alarm"
    case .covered: "covered"
    }
  }
}

extension SearchField: Spelt {
  package var spelling: String {
    switch self {
    case .title: "title"
    case .reference: "reference"
    case .description: "description"
    case .entry: "timeline"
    case .update: "update"
    case .resolution: "resolution"
    case .review: "review"
    }
  }
}

extension KeptReport.Redaction.Choice: Spelt {
  package var spelling: String {
    switch self {
    case .field: "field"
    case .entry: "entry"
    case .person: "person"
    case .pattern: "pattern"
    case .words: "words"
    }
  }
}

extension ReportSection: Spelt {
  package var spelling: String { slug }
}

extension AffectedService.State: Spelt {
  package var spelling: String { word }
}

extension Fact {
  /// The kind of a timeline entry, as a program sees it.
  package var spelling: String {
    switch self {
    case .founded: "founded"
    case .personAdded: "person-added"
    case .personDeactivated: "person-deactivated"
    case .teamAdded: "team-added"
    case .memberSet: "member-set"
    case .serviceAdded: "service-added"
    case .credentialIssued: "credential-issued"
    case .credentialRevoked: "credential-revoked"
    case .onCallAssigned: "on-call-assigned"
    case .settingsChanged: "settings-changed"
    case .strangeAlertResolved: "strange-alert-resolved"
    case .ingestKeyIssued: "ingest-key-issued"
    case .serviceKeyIssued: "service-key-issued"
    case .holdSet: "hold-set"
    case .holdReleased: "hold-released"
    case .purged: "purged"
    case .contactsErased: "contacts-erased"
    case .alertsRestated: "alerts-restated"
    case .servicePolicyChanged: "service-policy-changed"
    case .calendarSet: "calendar-set"
    case .joinTokenIssued: "join-token-issued"
    case .joinTokenUsed: "join-token-used"
    case .levelRaised: "level-raised"
    case .signedIn: "signed-in"
    case .passwordSet: "password-set"
    case .codesMade: "codes-made"
    case .meansCleared: "means-cleared"
    case .sessionExtended: "session-extended"
    case .standingGiven: "standing-given"
    case .headSigned: "head-signed"
    case .glassBroken: "glass-broken"
    case .attemptDenied: "attempt-denied"
    case .restrictedRead: "restricted-read"
    case .directoryImported: "directory-imported"
    case .personChanged: "person-changed"
    case .teamChanged: "team-changed"
    case .teamRetired: "team-retired"
    case .serviceChanged: "service-changed"
    case .serviceRetired: "service-retired"
    case .serviceArranged: "service-arranged"
    case .manualConfirmed: "manual-confirmed"
    case .serviceWentLive: "service-went-live"
    case .serviceWithdrawn: "service-withdrawn"
    case .viewSaved: "view-saved"
    case .viewRemoved: "view-removed"
    case .declared: "declared"
    case .leadNotified: "lead-notified"
    case .noLeadOnCall: "no-lead-on-call"
    case .acknowledged: "acknowledged"
    case .priorityChanged: "priority-changed"
    case .ownerMoved: "owner-moved"
    case .roleOffered: "role-offered"
    case .roleDeclined: "role-declined"
    case .roleTaken: "role-taken"
    case .roleLeft: "role-left"
    case .noted(let note): note.kind.spelling
    case .updated: "update"
    case .statusMoved: "status-moved"
    case .restoredProposed: "restored-proposed"
    case .resolved: "resolved"
    case .resolutionAgreed: "resolution-agreed"
    case .reviewed: "reviewed"
    case .closed: "closed"
    case .closedByOverride: "closed-by-override"
    case .reopened: "reopened"
    case .cancelled: "cancelled"
    case .duplicateSaid: "duplicate-said"
    case .inherited: "inherited"
    case .flagSet: "flag-set"
    case .flagCleared: "flag-cleared"
    case .flagReported: "flag-reported"
    case .ticketRecorded: "ticket-recorded"
    case .alertReported: "alert-reported"
    case .alertCleared: "alert-cleared"
    case .clearedWithoutAction: "cleared-without-action"
    case .leaverReleased: "leaver-released"
    case .triaged: "triaged"
    case .proposed: "proposed"
    case .proposalAccepted: "proposal-accepted"
    case .proposalDeclined: "proposal-declined"
    case .flagDismissed: "flag-dismissed"
    case .matrixPinned: "matrix-pinned"
    case .templateChanged: "template-changed"
    case .messagesPruned: "messages-pruned"
    case .messageAcknowledged: "message-acknowledged"
    case .communicationDrafted: "communication-drafted"
    case .communicationMoved(let moved): moved.step.spelling
    case .stakeholderChanged: "stakeholder-changed"
    case .reachStated: "reach-stated"
    case .delayExplained: "delay-explained"
    case .noticeChanged: "notice-changed"
    case .notificationDecided: "notification-decided"
    case .sightChanged: "sight-changed"
    case .faceMoved: "face-moved"
    case .waitingBegan: "waiting-began"
    case .waitingEnded: "waiting-ended"
    case .clocksRecounted: "clocks-recounted"
    case .closedInTime: "closed-in-time"
    case .paged: "paged"
    case .pageAnswered: "page-answered"
    case .escalated: "escalated"
    case .reminded: "reminded"
    case .assessed: "assessed"
    case .reviewArranged: "review-arranged"
    case .actionCompleted: "action-completed"
    case .gapNoted: "gap-noted"
    case .reviewWaived: "review-waived"
    case .reportKept: "report-kept"
    case .reportBytes: "report-bytes"
    case .answered: "answered"
    case .reasonGiven: "reason-given"
    case .serviceAffected: "service-affected"
    case .leadServiceSet: "lead-service-set"
    case .familyChanged: "family-changed"
    case .parentSpoke: "parent-spoke"
    case .umbrellaOpened: "umbrella-opened"
    case .takenUpInEmergency: "taken-up-in-emergency"
    case .related: "related"
    case .engaged: "engaged"
    case .webhookSet: "webhook-set"
    case .webhookRemoved: "webhook-removed"
    case .deliveryAsked: "delivery-asked"
    case .deliveriesMoved: "deliveries-moved"
    }
  }
}
