package import Bytes

/// Why a review that is owed is not held (policy section 4, row 9). There are no other reasons.
package enum WaiverReason: Hashable, Sendable {
  /// It never was a P1 or P2, and is none now.
  case neverMajor
  /// A false alarm: no one was affected.
  case falseAlarm
  /// The review of another incident covers it.
  case covered(by: ID)
}

/// What became of an incident that its report and the counts tell, and that no decision before
/// behaviour level 2 knew.
package struct ReportMarks: Hashable, Sendable {
  /// When impact first stopped, as far as somebody said so.
  package internal(set) var mitigatedAt: Int64?
  /// How often it was closed without what it owed.
  package internal(set) var overrides: UInt32 = 0
  /// How often its review was waived.
  package internal(set) var waivers: UInt32 = 0
  /// The latest waiver.
  package internal(set) var waiver: ReviewWaiver?
  /// The latest version of the report that is kept byte for byte.
  package internal(set) var kept: UInt32 = 0
  /// How many redacted versions are kept.
  package internal(set) var redacted: UInt32 = 0
  /// When somebody said that it is resolved, whenever that was; until it is reopened.
  package internal(set) var resolvedSaidAt: Int64?

  /// Nothing yet.
  package init() {}
}

/// A review that is not held.
package struct ReviewWaiver: Hashable, Sendable {
  /// Why.
  package var reason: WaiverReason
  /// Who said so: somebody of Service Delivery.
  package var by: ID
  /// When.
  package var at: Int64
  /// How often the incident had been reopened by then: like a review it is of one resolution.
  package var reopenings: UInt32
}

extension Incident {
  /// What its report and the counts tell of it.
  package var marks: ReportMarks { extras.marks ?? ReportMarks() }

  /// Whether the review of its latest resolution was waived.
  package var isReviewWaived: Bool { extras.marks?.waiver?.reopenings == reopenings }

  /// Whether it may not close before its review is finished.
  package var lacksReview: Bool { owesReview && !isReviewed && !isReviewWaived && !isExercise }

  /// Marks what behaviour level 2 tells of an event.
  mutating func mark(_ event: Event, at stamp: Int64) {
    var marks = self.marks
    switch event.fact {
    case .statusMoved(let move) where move.to == .mitigated:
      marks.mitigatedAt = marks.mitigatedAt ?? event.happenedAt ?? stamp
    case .resolved: marks.resolvedSaidAt = stamp
    case .reopened: marks.resolvedSaidAt = nil
    case .closedByOverride: marks.overrides += 1
    case .communicationMoved(let moved) where moved.isOverride: marks.overrides += 1
    case .reviewWaived(let reason, let person):
      marks.waivers += 1
      marks.waiver = ReviewWaiver(
        reason: reason, by: person, at: stamp, reopenings: reopenings)
    case .reportKept(let report):
      switch report.name {
      case .reviewed(let version): marks.kept = version
      case .redacted(let number): marks.redacted = number
      }
    default: return
    }
    extras.marks = marks
  }
}
