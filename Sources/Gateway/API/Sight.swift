import Bytes
import Incidents
import Store

/// What somebody may know of: the one place where incidents are looked up for an answer.
///
/// A restricted incident is absent for whoever may not see it, in every way in which one that was
/// never declared is.
struct Sight {
  /// How well this node knows the state that it looks at.
  enum Certainty: Hashable, Sendable {
    /// It has all that was acknowledged before the request.
    case confirmed
    /// It may be behind: who may see what is as old as the rest, so nothing restricted is shown but
    /// to an incident's own team.
    case stale
  }

  let reader: StateReader
  let person: Person
  let certainty: Certainty
  /// When, by this node's clock.
  let now: Int64

  /// Whether the person may know of an incident.
  func sees(_ incident: Incident) throws(StoreError) -> Bool {
    guard incident.isRestricted else { return true }
    switch certainty {
    case .confirmed: return reader.sees(person, incident, at: now)
    case .stale: return incident.team.contains(person.id)
    }
  }

  /// The incident that a path names.
  func incident(_ name: IncidentName) throws(Problem) -> Incident {
    let found = try reader.ask { reader throws(StoreError) in
      let incident: Incident? =
        switch name {
        case .id(let id): reader.incident(id)
        case .reference(let reference): try reader.incident(reference: reference)
        }
      guard let incident, try sees(incident) else { return nil as Incident? }
      return incident
    }
    guard let found else { throw .notFound("incident") }
    return found
  }

  /// Makes sure that every other incident that an action names may be known of.
  func check(_ action: Action) throws(Problem) {
    for id in action.incidentsNamed { _ = try incident(.id(id)) }
  }
}
