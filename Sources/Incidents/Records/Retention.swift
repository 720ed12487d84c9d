package import Bytes

/// How long what is said of an incident is kept once it is over.
package struct RetentionPeriods: Hashable, Sendable {
  /// What a period may be, in days: a hundred years at most.
  package static let bounds: ClosedRange<UInt32> = 1...36_500
  /// Two years, and seven.
  package static let standard = RetentionPeriods(ordinary: 730, serious: 2_555)

  /// Days for P3 to P6.
  package var ordinary: UInt32
  /// Days for P1 and P2, and for whatever had a cyber or data flag.
  package var serious: UInt32

  /// Periods in days.
  package init(ordinary: UInt32, serious: UInt32) {
    self.ordinary = ordinary
    self.serious = serious
  }
}

/// Somebody needs an incident kept, however long it is over.
package struct LegalHold: Hashable, Sendable {
  /// Who said so.
  package var by: ID
  /// Since when.
  package var at: Int64
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String
  /// When somebody looks whether it is needed still. It holds on after that, until it is released.
  package var reviewAt: Int64

  /// A hold.
  package init(by: ID, at: Int64, reason: String, reviewAt: Int64) {
    self.by = by
    self.at = at
    self.reason = reason
    self.reviewAt = reviewAt
  }
}

/// A hold is wanted, or not any more.
package struct HoldChange: Hashable, Sendable {
  /// On which incident.
  package var incident: ID
  /// Why.
  package var reason: String
  /// When it is to be looked at again; nothing to release it.
  package var reviewAt: Int64?

  /// A change.
  package init(incident: ID, reason: String, reviewAt: Int64?) {
    self.incident = incident
    self.reason = reason
    self.reviewAt = reviewAt
  }
}

/// What stays of an incident that was purged, beside the ids and times in its rows of the ledger.
package struct Purge: Hashable, Sendable {
  /// How many rows of the ledger say nothing any more.
  package var rows: UInt64
  /// The groups of alerts that were ever attached to it.
  package var groups: [ID]

  /// A purge.
  package init(rows: UInt64, groups: [ID]) {
    self.rows = rows
    self.groups = groups
  }
}

/// What an incident keeps of one that was purged: its alerts, said anew.
///
/// Whoever folds the ledger has lost what the purged one said about them.
package struct AlertsRestated: Hashable, Sendable {
  /// The groups that came over to this incident.
  package var groups: [AlertGroup]
  /// All groups that fire for it, at most ``Bound/list``.
  package var firing: [ID]
  /// When its alerts cleared, if none fired since: what came over may have ended that.
  package var clearedAt: Int64?

  /// Alerts.
  package init(groups: [AlertGroup], firing: [ID], clearedAt: Int64?) {
    self.groups = groups
    self.firing = firing
    self.clearedAt = clearedAt
  }
}

/// What the ledger's rows of one incident lead to.
package struct IncidentTraces: Hashable, Sendable {
  /// How many rows say something.
  package var rows: UInt64
  /// The keys of the groups of alerts that were reported for it, each once.
  package var groups: [AlertGroupKey]
  /// The duplicates whose alerts it inherited.
  package var duplicates: [ID]

  /// Traces.
  package init(rows: UInt64 = 0, groups: [AlertGroupKey] = [], duplicates: [ID] = []) {
    self.rows = rows
    self.groups = groups
    self.duplicates = duplicates
  }

  /// Takes in one more row that says something.
  package mutating func add(_ fact: Fact) {
    rows += 1
    switch fact {
    case .alertReported(let report): add(report.key)
    case .alertsRestated(let alerts): for group in alerts.groups { add(group.key) }
    case .inherited(let inheritance): duplicates.append(inheritance.from)
    default: break
    }
  }

  private mutating func add(_ key: AlertGroupKey) {
    if !groups.contains(key) { groups.append(key) }
  }
}

extension Fact {
  /// The ``kind`` of a purge.
  package static let purgedKind: UInt16 = 35
  /// The ``kind`` of an incident's beginning.
  package static let declaredKind: UInt16 = 100
}

extension Incident {
  /// When it was over, if it is: closed, cancelled or a duplicate.
  package var overSince: Int64? {
    switch ending {
    case .closed(let at), .overridden(let at, _), .cancelled(let at, _), .duplicate(let at, _),
      .cleared(let at, _):
      at
    case nil: nil
    }
  }

  /// Whether what is said of it has been kept long enough at a time, and nobody holds it.
  package func isExpired(at now: Int64, _ periods: RetentionPeriods) -> Bool {
    guard hold == nil, let overSince else { return false }
    let isSerious = classification.priority.isHigh || cyber != nil || data != nil
    let days = isSerious ? periods.serious : periods.ordinary
    return now - overSince >= Int64(days) * Span.day
  }
}
