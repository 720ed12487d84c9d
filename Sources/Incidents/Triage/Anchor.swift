/// A definition of guidance section 3, in its own words: choosing one is enough, and its words are the
/// reason.
package enum Anchor: UInt8, CaseIterable, Sendable {
  /// P1: a critical business service is out.
  case criticalOutage = 1
  /// P1: somebody has access who should not, right now.
  case unauthorisedAccess = 2
  /// P2: a critical service is substantially degraded.
  case criticalDegraded = 3
  /// P2: an important service is out.
  case importantOutage = 4
  /// P3: a key service is intermittent.
  case keyIntermittent = 5
  /// P3: a small group is out.
  case groupOutage = 6
  /// P3: one senior person is out.
  case seniorOutage = 7
  /// P4: a component failed without impact.
  case componentFailure = 8
  /// P4: one person has a workaround.
  case singleUser = 9
  /// P5: there is nothing to do but to watch it.
  case monitoring = 10
  /// P5: a bug of little impact.
  case cosmetic = 11
  /// P6: somebody asks for information.
  case information = 12

  /// The priority that it defines.
  package var priority: Priority {
    switch self {
    case .criticalOutage, .unauthorisedAccess: .p1
    case .criticalDegraded, .importantOutage: .p2
    case .keyIntermittent, .groupOutage, .seniorOutage: .p3
    case .componentFailure, .singleUser: .p4
    case .monitoring, .cosmetic: .p5
    case .information: .p6
    }
  }

  /// Its word in the interface.
  package var slug: String {
    switch self {
    case .criticalOutage: "critical-outage"
    case .unauthorisedAccess: "unauthorised-access"
    case .criticalDegraded: "critical-degraded"
    case .importantOutage: "important-outage"
    case .keyIntermittent: "key-intermittent"
    case .groupOutage: "group-outage"
    case .seniorOutage: "senior-outage"
    case .componentFailure: "component-failure"
    case .singleUser: "single-user"
    case .monitoring: "monitoring"
    case .cosmetic: "cosmetic"
    case .information: "information"
    }
  }

  /// What the guidance says.
  package var words: String {
    switch self {
    case .criticalOutage:
      "Critical business service outage (for example, all-staff network, email, or SSO is down)."
    case .unauthorisedAccess: "Ongoing unauthorised access (Cyber incident)."
    case .criticalDegraded:
      "Substantial degradation of a critical service (for example, email is unusable for everyone)."
    case .importantOutage: "Complete outage of a non-critical but important business service."
    case .keyIntermittent: "Intermittent issues with a key service."
    case .groupOutage: "Full outage for a small group of users."
    case .seniorOutage: "Full outage for a single senior staff member (SCS+)."
    case .componentFailure:
      "Component failure with no immediate staff impact (for example, loss of a redundant server)."
    case .singleUser: "A single user issue where a workaround exists."
    case .monitoring: "Issue requiring no further action beyond monitoring."
    case .cosmetic: "A cosmetic or low-impact bug is reported."
    case .information:
      "Request for information only (for example, “How do I connect to the printer?”)."
    }
  }
}
