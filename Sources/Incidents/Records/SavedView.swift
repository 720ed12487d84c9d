package import Bytes

/// A filter that was given a name, so that the same list can be had again.
///
/// It holds no incident and gives nobody sight of one: whoever opens it is shown what they may see.
package struct SavedView: Hashable, Sendable {
  /// Views that one person, or one team, has at most.
  package static let most = 50

  /// Made at the gateway.
  package var id: ID
  /// At most ``Bound/name`` bytes.
  package var name: String
  /// Whose it is.
  package var owner: Owner
  /// Whether anybody who knows its id may open it.
  package var isShared: Bool
  /// What it lists.
  package var filter: IncidentFilter

  /// Whose a view is.
  package enum Owner: Hashable, Sendable {
    /// One person's: it goes when they leave.
    case person(ID)
    /// All of a team's: it goes with the team.
    case team(ID)

    /// The id of either.
    package var id: ID {
      switch self {
      case .person(let id), .team(let id): id
      }
    }
  }

  /// A view.
  package init(id: ID, name: String, owner: Owner, isShared: Bool, filter: IncidentFilter) {
    self.id = id
    self.name = name
    self.owner = owner
    self.isShared = isShared
    self.filter = filter
  }

  /// Whether it is one of a person's own or of a team that they are in.
  package func belongs(to person: Person) -> Bool {
    switch owner {
    case .person(let id): id == person.id
    case .team(let id): person.memberships.contains { $0.team == id }
    }
  }

  /// Whether a person may open it.
  package func isOpen(to person: Person) -> Bool { isShared || belongs(to: person) }
}
