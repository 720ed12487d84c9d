internal import Bytes

/// Closes what alerts opened, cleared and nobody touched (policy section 10).
///
/// What does not fit any more is passed over: somebody touched it, its alerts fire again, or another
/// leader has had it closed. So it happens once, whoever asks and however often.
func closeCleared(
  _ cleared: [ClearedIncident], at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  try Check.count(cleared.count, "cleared", max: Bound.cleared)
  var closed: [ID] = []
  var events: [Event] = []
  for one in cleared where !closed.contains(one.incident) {
    guard let incident = facts.incident(one.incident),
      let clearedAt = incident.untouchedSince, clearedAt == one.clearedAt,
      stamp - clearedAt >= Grace.cleared
    else { continue }
    closed.append(incident.id)
    events.append(incident.event(.clearedWithoutAction(at: clearedAt)))
  }
  return events
}

extension Incident {
  /// When its alerts cleared, while they are clear and it is open and untouched: some time later it
  /// closes by itself.
  package var untouchedSince: Int64? {
    guard status == .open, !isTouched, firingGroups.isEmpty else { return nil }
    return alertsClearedAt
  }
}
