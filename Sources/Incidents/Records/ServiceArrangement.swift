package import Bytes

/// How a service is run: who answers for what, whom to tell and whom to call (guidance 4, policy
/// section 3).
///
/// A service without one exists and has incidents; it is not live.
package struct ServiceArrangement: Hashable, Sendable {
  /// Of which service.
  package var service: ID
  /// One more with every change.
  package var version: UInt64
  /// What people say of it.
  package var profile: ArrangementProfile
  /// Who last confirmed that the manual has both reporting requirements, if anybody has.
  package var confirmation: ManualConfirmation?
  /// Since when it is live, while it is.
  package var liveSince: Int64?

  /// An arrangement.
  package init(
    service: ID, version: UInt64 = 0, profile: ArrangementProfile = ArrangementProfile(),
    confirmation: ManualConfirmation? = nil, liveSince: Int64? = nil
  ) {
    self.service = service
    self.version = version
    self.profile = profile
    self.confirmation = confirmation
    self.liveSince = liveSince
  }
}

/// All that people say of how a service is run.
package struct ArrangementProfile: Hashable, Sendable {
  /// The team that has its product backlog.
  package var productTeam: ID?
  /// The team that has the infrastructure under it.
  package var infrastructureTeam: ID?
  /// Who agreed that one of these two is its Service Delivery as well, if it is.
  package var smallerTeam: SmallerTeam?
  /// The supplier that works as its 3rd line, by their name among ``suppliers``, if no team does.
  package var thirdLineSupplier: String?
  /// Who does what, activity by activity in their order; each at most once.
  package var activities: [ActivityRoles]
  /// Who is told of its incidents, at most ``Bound/list``.
  package var stakeholders: [Stakeholder]
  /// Who outside is called about it, at most ``Bound/suppliers``, each name once.
  package var suppliers: [Supplier]
  /// Where its manual is: an address of the web, at most ``Bound/address`` bytes.
  package var manual: String?
  /// What we depend on it for while we answer incidents.
  package var channels: Channels

  /// A profile; as it comes, it says nothing.
  package init(
    productTeam: ID? = nil, infrastructureTeam: ID? = nil, smallerTeam: SmallerTeam? = nil,
    thirdLineSupplier: String? = nil, activities: [ActivityRoles] = [],
    stakeholders: [Stakeholder] = [], suppliers: [Supplier] = [], manual: String? = nil,
    channels: Channels = []
  ) {
    self.productTeam = productTeam
    self.infrastructureTeam = infrastructureTeam
    self.smallerTeam = smallerTeam
    self.thirdLineSupplier = thirdLineSupplier
    self.activities = activities
    self.stakeholders = stakeholders
    self.suppliers = suppliers
    self.manual = manual
    self.channels = channels
  }
}

/// That a team is Service Delivery and something else too, because there are few people.
package struct SmallerTeam: Hashable, Sendable {
  /// Who agreed to it.
  package var agreedBy: ID
  /// When somebody looks whether it has to stay so. It is an exception no longer after that.
  package var reviewAt: Int64

  /// An exception.
  package init(agreedBy: ID, reviewAt: Int64) {
    self.agreedBy = agreedBy
    self.reviewAt = reviewAt
  }
}

/// One of the nine activities of guidance 6.2.
package enum Activity: UInt8, CaseIterable, Sendable {
  /// Create incident report and ticket.
  case report = 1
  /// Prioritise the incident.
  case prioritise = 2
  /// Notify the incident lead.
  case notifyLead = 3
  /// Assemble the incident team.
  case assemble = 4
  /// Investigate the incident.
  case investigate = 5
  /// Document all actions.
  case document = 6
  /// Communicate updates.
  case communicate = 7
  /// Resolve the incident.
  case resolve = 8
  /// Close the incident, with its review.
  case close = 9

  /// As the guidance calls it.
  package var word: String {
    switch self {
    case .report: "create incident report and ticket"
    case .prioritise: "prioritise the incident"
    case .notifyLead: "notify the incident lead"
    case .assemble: "assemble the incident team"
    case .investigate: "investigate the incident"
    case .document: "document all actions"
    case .communicate: "communicate updates"
    case .resolve: "resolve the incident"
    case .close: "close the incident"
    }
  }
}

/// Who does what in one activity: RACI, as data.
package struct ActivityRoles: Hashable, Sendable {
  /// Which activity.
  package var activity: Activity
  /// The one who answers for it.
  package var accountable: Party
  /// Who does it: at least one, at most ``Bound/parties``.
  package var responsible: [Party]
  /// Who is asked, at most ``Bound/parties``.
  package var consulted: [Party]
  /// Who is told, at most ``Bound/parties``.
  package var informed: [Party]

  /// An activity's roles.
  package init(
    activity: Activity, accountable: Party, responsible: [Party], consulted: [Party] = [],
    informed: [Party] = []
  ) {
    self.activity = activity
    self.accountable = accountable
    self.responsible = responsible
    self.consulted = consulted
    self.informed = informed
  }

  /// Everybody whom it names, in the order of the word RACI.
  var parties: [Party] { [accountable] + responsible + consulted + informed }
}

/// Whom an arrangement names: whoever has a role in the incident, a team, or a person.
package enum Party: Hashable, Sendable {
  /// Whoever has this role in the incident.
  case role(Role)
  /// A team.
  case team(ID)
  /// A person.
  case person(ID)
}

/// Somebody who is told of a service's incidents.
package struct Stakeholder: Hashable, Sendable {
  /// Who.
  package var who: Who
  /// They are told of incidents of this priority and of more urgent ones.
  package var least: Priority

  /// Who can be told.
  package enum Who: Hashable, Sendable {
    /// A team, or a person.
    case party(Party)
    /// Somebody who is not in the directory: their name and e-mail address.
    case other(name: String, email: String)
  }

  /// A stakeholder.
  package init(who: Who, least: Priority) {
    self.who = who
    self.least = least
  }
}

/// Somebody outside the department who is called about a service.
package struct Supplier: Hashable, Sendable {
  /// As they are called, at most ``Bound/name`` bytes.
  package var name: String
  /// What they know us by, such as a contract; at most ``Bound/reference`` bytes.
  package var reference: String?
  /// Their telephone number out of hours, at most ``Bound/key`` bytes.
  package var outOfHours: String?

  /// A supplier.
  package init(name: String, reference: String? = nil, outOfHours: String? = nil) {
    self.name = name
    self.reference = reference
    self.outOfHours = outOfHours
  }
}

/// What we depend on a service for while we answer incidents (policy section 10).
package struct Channels: OptionSet, Hashable, Sendable {
  /// One bit for each.
  package let rawValue: UInt8

  /// The channels of these bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Signing in.
  package static let signIn = Channels(rawValue: 1 << 0)
  /// E-mail.
  package static let mail = Channels(rawValue: 1 << 1)
  /// Texts to telephones.
  package static let text = Channels(rawValue: 1 << 2)
  /// The network.
  package static let network = Channels(rawValue: 1 << 3)

  /// Each with the word for it, in the order of their bits.
  package static let named: [(channel: Channels, word: String)] = [
    (.signIn, "sign-in"), (.mail, "mail"), (.text, "text"), (.network, "network"),
  ]
  /// The words for these.
  package var words: [String] { Self.named.filter { contains($0.channel) }.map(\.word) }
  /// All that there are.
  static let all: Channels = [.signIn, .mail, .text, .network]
}

/// That a service's manual has both reporting requirements of guidance 1.
package struct ManualConfirmation: Hashable, Sendable {
  /// Who looked.
  package var by: ID
  /// When.
  package var at: Int64

  /// A confirmation.
  package init(by: ID, at: Int64) {
    self.by = by
    self.at = at
  }

  /// How long it holds: twelve months.
  package static let holds = 365 * Span.day
}
