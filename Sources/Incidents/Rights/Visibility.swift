package import Bytes

/// Who may know of a restricted incident (policy section 8).
extension Incident {
  /// Whether `person` may know of it: anybody, unless it is restricted. Then those who have acted on
  /// it, were paged for it, brought in, asked to agree to what is told of it or named by its lead; less
  /// those whom the lead took off; and always those who have or were offered a role in it, and the leads and Service
  /// Delivery of the team that owns it. An administrator is not among them: that takes breaking the glass.
  ///
  /// - Parameters:
  ///   - person: Who asks.
  ///   - hasActed: Whether anything in its timeline is by them.
  package func isVisible(to person: Person, hasActed: Bool) -> Bool {
    guard isRestricted, !isNeeded(person) else { return true }
    // The lead has the last word about those who only had something to do with it.
    guard !sensitive.pruned.contains(person.id) else { return false }
    return hasActed || paged.contains(person.id) || outreach.approvers.contains(person.id)
      || sensitive.named.contains(person.id) || around.involve(person)
  }

  /// Whether `person` is there by their office: by a role in it, or by leading the team that owns it.
  func isNeeded(_ person: Person) -> Bool {
    if roles.involve(person.id) { return true }
    return person.memberships.contains { membership in
      guard membership.team == teams.owner else { return false }
      return switch membership.role {
      case .teamLead, .serviceDelivery: true
      case .member: false
      }
    }
  }
}

extension Roles {
  /// Whether `person` has any role, or was offered one.
  func involve(_ person: ID) -> Bool {
    Role.allCases.contains { has($0, person) } || offers.contains { $0.to == person }
  }
}

extension Action {
  /// The incidents that it names beside the one that it is about.
  package var incidentsNamed: [ID] {
    switch self {
    case .incident(_, .duplicate(let id, _)), .incident(_, .waiveReview(.covered(let id))): [id]
    case .incident(_, .propose(let proposal)):
      if case .duplicate(let id) = proposal.matter { [id] } else { [] }
    case .incident(_, .relate(.childOf(let id))), .incident(_, .relate(.recurrenceOf(let id))):
      id.map { [$0] } ?? []
    case .declare(let declaration): declaration.extras.recurrenceOf.map { [$0] } ?? []
    default: []
    }
  }
}
