/// What a person should be here, as their groups and the rules say.
package struct Appointment: Hashable, Sendable {
  /// Whether they change settings, people and tokens.
  package private(set) var isAdministrator: Bool
  /// Whether they read everything and change nothing.
  package private(set) var isAuditor: Bool
  /// The teams that they are in, each once, in the order of the rules.
  package private(set) var memberships: [RoleRule.Membership]

  /// An appointment.
  package init(
    isAdministrator: Bool = false, isAuditor: Bool = false,
    memberships: [RoleRule.Membership] = []
  ) {
    self.isAdministrator = isAdministrator
    self.isAuditor = isAuditor
    self.memberships = memberships
  }

  /// What somebody in these groups should be. Groups without a rule make nothing of anybody.
  ///
  /// The rules are gone through in their order, so that the order of the groups, which providers do
  /// not keep, decides nothing. Of several rules about one team the first holds.
  package init(of groups: [String], by rules: [RoleRule]) {
    self.init()
    // By bytes, since texts that Unicode takes for equal are different groups.
    let groups = Set(groups.map { Array($0.utf8) })
    for rule in rules where groups.contains(Array(rule.group.utf8)) {
      switch rule.grant {
      case .administrator: isAdministrator = true
      case .auditor: isAuditor = true
      case .member(let membership):
        if memberships.contains(where: { $0.team.isExactly(membership.team) }) { continue }
        memberships.append(membership)
      }
    }
  }

  /// Whether no rule made anything of them.
  package var isEmpty: Bool { !isAdministrator && !isAuditor && memberships.isEmpty }
}
