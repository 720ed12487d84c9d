internal import Bytes

/// Storms of alerts (policy section 10): more than ten new incidents for a service within five minutes. The
/// next opens an umbrella, to which it and all later ones belong without a page of their own; the ten
/// before become its children and keep theirs. Nothing is dropped.
extension Hearing {
  /// The umbrella that gathers what alerts open for a service now, or the incident that it is the same as.
  func umbrella(of service: ID?) -> Incident? {
    guard facts.level >= 2, let known = facts.storm(of: service)?.umbrella,
      stamp - known.at < Grace.storm, let incident = survivor(of: known.incident),
      incident.status.isLive
    else { return nil }
    return incident
  }

  /// What opening one more incident for a service makes of the ten before; nothing while there is no storm.
  ///
  /// - Parameter umbrella: The incident that is being declared.
  func gathers(_ umbrella: ID, for service: ID?) -> [Event] {
    guard facts.level >= 2, let before = facts.storm(of: service)?.gathered(at: stamp) else {
      return []
    }
    let children = before.compactMap(facts.incident).filter { child in
      // Two storeys: what belongs elsewhere, or has children of its own, stays as it is.
      !child.status.isOver && child.around.parent == nil && child.around.children.isEmpty
        && !child.isExercise
    }
    let opened = Event(
      subject: Subject(kind: .incident, id: umbrella), policyVersion: settings.policyVersion,
      fact: .umbrellaOpened(children: children.map(\.id)))
    return [opened] + children.map { $0.event(.familyChanged(.gathered(by: umbrella))) }
  }
}
