/// What being in a group of the provider makes of a person here.
package struct RoleRule: Hashable, Sendable {
  /// The group exactly as the provider spells it.
  package let group: String
  /// What it makes of somebody who is in it.
  package let grant: Grant

  /// What a person may become.
  package enum Grant: Hashable, Sendable {
    /// One who changes settings, people and tokens.
    case administrator
    /// One who reads everything and changes nothing.
    case auditor
    /// One of a team.
    case member(Membership)
  }

  /// That a person is in a team.
  package struct Membership: Hashable, Sendable {
    /// By what the department's directory knows the team.
    package let team: String
    /// What they are in it.
    package let role: TeamRole

    /// A membership.
    package init(team: String, role: TeamRole) {
      self.team = team
      self.role = role
    }
  }

  /// What somebody is in a team, as it is spelt in the interface.
  package enum TeamRole: String, CaseIterable, Hashable, Sendable {
    case member
    case teamLead = "team-lead"
    case serviceDelivery = "service-delivery"
  }

  /// A rule.
  package init(group: String, grant: Grant) {
    self.group = group
    self.grant = grant
  }
}
