package import Bytes

/// An administrator sees and does for an hour what only others may (policy section 9): one incident's,
/// or one team's.
package struct GlassBreak: Hashable, Sendable {
  /// So many milliseconds it is broken for: an hour.
  package static let span = 60 * Span.minute
  /// So long it is listed for everybody to see, in milliseconds: a week.
  package static let listed = 7 * Span.day

  /// Made at the gateway.
  package var id: ID
  /// Where.
  package var scope: Scope
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String

  /// What is opened.
  package enum Scope: Hashable, Sendable {
    /// One incident.
    case incident(ID)
    /// All that one team has to do with.
    case team(ID)
  }

  /// A breaking of the glass.
  package init(id: ID, scope: Scope, reason: String) {
    self.id = id
    self.scope = scope
    self.reason = reason
  }
}

/// Glass that was broken, for as long as it is and after.
package struct BrokenGlass: Hashable, Sendable {
  /// What was asked for.
  package var asked: GlassBreak
  /// The administrator who asked.
  package var person: ID
  /// Since when.
  package var begins: Int64
  /// The first instant at which it is whole again.
  package var ends: Int64

  /// Broken glass.
  package init(_ asked: GlassBreak, by person: ID, at begins: Int64, until ends: Int64) {
    self.asked = asked
    self.person = person
    self.begins = begins
    self.ends = ends
  }

  /// Whether it opens an incident, while it is broken.
  package func opens(_ incident: Incident) -> Bool {
    switch asked.scope {
    case .incident(let id): id == incident.id
    case .team(let id): incident.teams.include(id)
    }
  }

  /// Whether whatever is done to `subject` meanwhile may have been done through it.
  package func mayReach(_ subject: ID) -> Bool {
    switch asked.scope {
    case .incident(let id): id == subject
    case .team: true
    }
  }
}

extension Facts {
  /// Whether a person has broken the glass before an incident. Only an administrator can have.
  package func hasBrokenGlass(_ person: Person, before incident: Incident, at now: Int64) -> Bool {
    guard person.isAdministrator, person.isActive else { return false }
    return brokenGlass(by: person.id, at: now).contains { $0.opens(incident) }
  }
}
