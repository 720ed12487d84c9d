package import Bytes

/// What somebody wants done who may not decide it (policy section 9: "propose").
package struct Proposal: Hashable, Sendable {
  /// What shall be done.
  package var matter: Matter
  /// Why, at most ``Bound/reason`` bytes. To cancel takes one.
  package var reason: String?

  /// What can be proposed.
  package enum Matter: Hashable, Sendable {
    /// That its priority is this, for good, by these answers of triage.
    case priority(PriorityChoice, Triage)
    /// That it never was an incident.
    case cancel
    /// That it is the same as another.
    case duplicate(of: ID)

    /// What is asked for when it is accepted.
    var kind: IncidentAction.Kind {
      switch self {
      case .priority: .setPriority
      case .cancel: .cancel
      case .duplicate: .duplicate
      }
    }
  }

  /// A proposal.
  package init(_ matter: Matter, reason: String? = nil) {
    self.matter = matter
    self.reason = reason
  }
}

/// What becomes of a proposal.
package struct ProposalDecision: Hashable, Sendable {
  /// Which; may be left out where only one is open.
  package var number: UInt32?
  /// Whether it is done now, in the name of whoever accepts it.
  package var accepts: Bool
  /// Why, at most ``Bound/reason`` bytes. To decline takes one.
  package var reason: String?

  /// A decision.
  package init(number: UInt32? = nil, accepts: Bool, reason: String? = nil) {
    self.number = number
    self.accepts = accepts
    self.reason = reason
  }
}
