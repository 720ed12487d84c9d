internal import Bytes

// How long what is said of an incident is kept, who needs it longer, and how it is let go.

extension Hearing {
  func check(_ periods: RetentionPeriods) throws(Refusal) {
    for days in [periods.ordinary, periods.serious] {
      guard RetentionPeriods.bounds.contains(days) else {
        throw .invalid(
          "retention",
          "A period is \(RetentionPeriods.bounds.lowerBound) to "
            + "\(RetentionPeriods.bounds.upperBound) days.")
      }
    }
    guard periods.ordinary <= periods.serious else {
      throw .invalid(
        "retention", "What is serious is kept as long as what is ordinary, or longer.")
    }
  }

  /// Has an incident kept, or lets it go.
  func hold(_ change: HoldChange) throws(Refusal) -> [Event] {
    let incident = try visible(change.incident)
    try require(.administrator, to: "hold incidents")
    try checkVersion(incident.version)
    try Check.required(change.reason, "reason", max: Bound.reason)
    guard let reviewAt = change.reviewAt else {
      guard incident.hold != nil else { return [] }
      return [incident.event(.holdReleased(reason: change.reason))]
    }
    try Check.time(reviewAt, "reviewAt")
    guard reviewAt > stamp else {
      throw .invalid("reviewAt", "A hold is looked at again at a time to come.")
    }
    let hold = LegalHold(by: asker.id, at: stamp, reason: change.reason, reviewAt: reviewAt)
    return [incident.event(.holdSet(hold))]
  }
}

/// Lets go of an incident whose time is over, if it is and nobody holds it: here it is decided, whatever
/// whoever asks believed. What other incidents have by it is said anew.
func decidePurge(
  _ id: ID, at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  guard let incident = facts.incident(id),
    incident.isExpired(at: stamp, settings.retentionPeriods)
  else { return [] }
  let traces = facts.traces(of: id)
  let groups = traces.groups.compactMap { facts.alertGroup($0) }
  try Check.count(groups.count, "alerts", max: Bound.tracedGroups)
  // Whose groups may be other ones in a ledger that this incident says nothing in any more.
  var others: [ID] = []
  func add(_ other: ID) {
    if other != id, !others.contains(other), facts.incident(other) != nil { others.append(other) }
  }
  for group in groups { add(group.incident) }
  for duplicate in traces.duplicates { add(duplicate) }
  if case .duplicate(_, let survivor)? = incident.ending { add(survivor) }

  let purge = Purge(rows: traces.rows, groups: groups.map(\.id))
  var events = [incident.event(.purged(purge))]
  for other in others {
    guard let live = facts.incident(other) else { continue }
    let alerts = AlertsRestated(
      groups: groups.filter { $0.incident == other }, firing: live.firingGroups,
      clearedAt: live.alertsClearedAt)
    events.append(live.event(.alertsRestated(alerts)))
  }
  guard events.count <= Bound.events else {
    throw .tooMany("\(others.count) incidents have alerts of this one.")
  }
  return events
}
