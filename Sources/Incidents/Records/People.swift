package import Bytes

/// A line of support (guidance 4).
package enum Line: UInt8, CaseIterable, Sendable {
  /// User support: the Digital One Stop Shop.
  case first = 1
  /// Technical support: Service Delivery, Live Services.
  case second = 2
  /// Product support.
  case third = 3

  /// "1st line", "2nd line" or "3rd line".
  package var word: String {
    switch self {
    case .first: "1st line"
    case .second: "2nd line"
    case .third: "3rd line"
    }
  }
}

/// What somebody is in a team.
package enum MemberRole: UInt8, CaseIterable, Sendable {
  /// One of the team.
  case member = 1
  /// The one who leads it.
  case teamLead = 2
  /// Of its Service Delivery function.
  case serviceDelivery = 3
}

/// A person who signs in.
package struct Person: Hashable, Sendable {
  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// As they are called.
  package var name: String
  /// Where mail reaches them.
  package var email: String
  /// Whether they may sign in. Somebody who left may not.
  package var isActive: Bool
  /// Whether they may change settings, people and tokens.
  package var isAdministrator: Bool
  /// Whether they read everything and change nothing.
  package var isAuditor: Bool
  /// The teams that they are in, at most ``Bound/list``.
  package var memberships: [Membership]
  /// What the directory says of them beside; nothing for those of before there was one.
  package var details: PersonDetails?

  /// That a person is in a team.
  package struct Membership: Hashable, Sendable {
    /// The team.
    package var team: ID
    /// Its line, so that rights need no second read.
    package var line: Line
    /// What they are in it.
    package var role: MemberRole

    /// A membership.
    package init(team: ID, line: Line, role: MemberRole) {
      self.team = team
      self.line = line
      self.role = role
    }
  }

  /// A person.
  package init(
    id: ID, version: UInt64, name: String, email: String, isActive: Bool = true,
    isAdministrator: Bool = false, isAuditor: Bool = false, memberships: [Membership] = [],
    details: PersonDetails? = nil
  ) {
    self.id = id
    self.version = version
    self.name = name
    self.email = email
    self.isActive = isActive
    self.isAdministrator = isAdministrator
    self.isAuditor = isAuditor
    self.memberships = memberships
    self.details = details
  }
}

/// A team that works as one line of support.
package struct Team: Hashable, Sendable {
  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// As it is called.
  package var name: String
  /// The line that it works as.
  package var line: Line
  /// Who is in it, in the order in which they joined; at most ``Bound/members``.
  package var members: [Member]
  /// How it stands in the directory; nothing for those of before there was one.
  package var listing: Listing?

  /// Somebody in a team.
  package struct Member: Hashable, Sendable {
    /// Who.
    package var person: ID
    /// As what.
    package var role: MemberRole

    /// A member.
    package init(person: ID, role: MemberRole = .member) {
      self.person = person
      self.role = role
    }
  }

  /// A team.
  package init(
    id: ID, version: UInt64, name: String, line: Line, members: [Member] = [],
    listing: Listing? = nil
  ) {
    self.id = id
    self.version = version
    self.name = name
    self.line = line
    self.members = members
    self.listing = listing
  }
}

/// A service that incidents happen to.
package struct Service: Hashable, Sendable {
  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// As it is typed.
  package var key: String
  /// As it is called.
  package var name: String
  /// Its 1st line team.
  package var firstLine: ID?
  /// Its 2nd line team; without one the default team stands in.
  package var secondLine: ID?
  /// Its 3rd line team.
  package var thirdLine: ID?
  /// The person who answers for it.
  package var owner: ID?
  /// The priority of an incident that comes without impact and urgency.
  package var defaultPriority: Priority?
  /// How it stands in the directory; nothing for those of before there was one.
  package var listing: Listing?

  /// A service.
  package init(_ new: NewService, version: UInt64) {
    id = new.id
    self.version = version
    key = new.key
    name = new.name
    firstLine = new.firstLine
    secondLine = new.secondLine
    thirdLine = new.thirdLine
    owner = new.owner
    defaultPriority = new.defaultPriority
    listing = new.listing
  }
}

/// What a token is known by, and what bounds it.
package struct TokenTerms: Hashable, Sendable {
  /// How many characters a token is known by: enough to find it, too few to guess the rest.
  package static let shown = 8

  /// The first characters of the token, ``shown`` of them; of a certificate's SHA-256 in hexadecimal.
  package var prefix: String
  /// The first instant at which it works no more, in milliseconds since 1970; for ever without.
  package var expiresAt: Int64?
  /// Whether it reads and changes nothing.
  package var isReadOnly: Bool

  /// Terms.
  package init(prefix: String, expiresAt: Int64? = nil, isReadOnly: Bool = false) {
    self.prefix = prefix
    self.expiresAt = expiresAt
    self.isReadOnly = isReadOnly
  }
}

/// What a service key is good for: of one service, and never as a person.
package struct KeyScopes: OptionSet, Hashable, Sendable {
  /// One bit for each.
  package let rawValue: UInt8
  /// The scopes of these bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Read what anybody who signs in may read; nothing that is restricted.
  package static let read = KeyScopes(rawValue: 1 << 0)
  /// Declare incidents of its service, and add entries to them.
  package static let declare = KeyScopes(rawValue: 1 << 1)
  /// Post alerts of its service.
  package static let alerts = KeyScopes(rawValue: 1 << 2)

  /// Each with the word for it, in the order of their bits.
  package static let named: [(scope: KeyScopes, word: String)] = [
    (.read, "read"), (.declare, "declare"), (.alerts, "alerts"),
  ]
  /// The words for these.
  package var words: [String] { Self.named.filter { contains($0.scope) }.map(\.word) }
  /// All that there are.
  static let all: KeyScopes = [.read, .declare, .alerts]
}

/// By what a person proves who they are.
package struct Credential: Hashable, Sendable {
  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// Whose it is: a person's; a key or certificate of a service is that service's; a join token is
  /// known by who issued it.
  package var person: ID
  /// What kind of credential it is.
  package var kind: Kind
  /// SHA-256 of the secret.
  package var hash: [UInt8]
  /// What it is called.
  package var label: String
  /// When it was issued.
  package var createdAt: Int64
  /// Since when it works no more.
  package var revokedAt: Int64?
  /// The first instant at which it works no more by itself, if there is one.
  package var expiresAt: Int64?
  /// What it is known by and what bounds it; nothing for a token to join with, and for those of before
  /// there were such.
  package var terms: TokenTerms?
  /// What a service key or certificate is good for; nothing of another kind.
  package var scopes: KeyScopes = []

  /// Whether it may be used at all at a time: not once it was revoked or has run out.
  package func works(at now: Int64) -> Bool {
    revokedAt == nil && expiresAt.map { now < $0 } ?? true
  }

  /// Whether it is a key or certificate of a service, and no person's.
  package var isOfService: Bool { kind == .ingest || kind.hasScopes }

  /// Kinds of credential.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// A token that a person carries.
    case personal = 1
    /// A key with which a monitoring system posts alerts of one service, and does nothing else.
    case ingest = 2
    /// A token with which one node joins the cluster, once. It signs nobody in.
    case join = 3
    /// What a browser carries while its person is signed in: see ``SignInSession``.
    case session = 4
    /// A key with which a service's own systems do what its scopes say.
    case service = 5
    /// A certificate with which they do the same: its hash is that of its DER form, its secret is
    /// the private key that the handshake proves.
    case certificate = 6

    /// Whether it is a service's, with scopes.
    package var hasScopes: Bool { self == .service || self == .certificate }
  }

  /// A credential.
  package init(
    id: ID, version: UInt64, person: ID, kind: Kind = .personal, hash: [UInt8], label: String,
    createdAt: Int64, revokedAt: Int64? = nil, expiresAt: Int64? = nil, terms: TokenTerms? = nil
  ) {
    self.id = id
    self.version = version
    self.person = person
    self.kind = kind
    self.expiresAt = terms?.expiresAt ?? expiresAt
    self.terms = terms
    self.hash = hash
    self.label = label
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}

/// As what somebody is on call.
package enum OnCallRole: UInt8, CaseIterable, Sendable {
  /// Paged first, and at once.
  case lead = 1
  /// Paged next.
  case second = 2
}

/// A span of time over which somebody is on call for a service.
package struct OnCallShift: Hashable, Sendable {
  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// For which service.
  package var service: ID
  /// Who.
  package var person: ID
  /// As what.
  package var role: OnCallRole
  /// The first instant.
  package var from: Int64
  /// The first instant after it.
  package var until: Int64

  /// A shift.
  package init(_ assignment: OnCallAssignment, version: UInt64) {
    id = assignment.id
    self.version = version
    service = assignment.service
    person = assignment.person
    role = assignment.role
    from = assignment.from
    until = assignment.until
  }
}

/// What the whole department has settled. There is one.
package struct Settings: Hashable, Sendable {
  /// The id of the only settings there are.
  package static let id = ID(high: 0, low: 1)
  /// The id of the settings.
  package var id: ID { Self.id }
  /// One more with every change.
  package var version: UInt64
  /// The version of matrix, targets and cadence that new incidents run under.
  package var policyVersion: UInt32
  /// The 2nd line team of unknown services.
  package var defaultTeam: ID
  /// Who is told when nobody is on call.
  package var dutyContact: ID
  /// What an alert's severity label says about priority, at most ``Bound/list``.
  package var severities: [SeverityRule]
  /// The version of the directory: how many imports there were.
  package var directory: UInt64
  /// What behaviour level 2 adds.
  package var extras = Extras()

  /// Settings.
  package init(
    version: UInt64, policyVersion: UInt32 = 1, defaultTeam: ID, dutyContact: ID,
    severities: [SeverityRule] = SeverityRule.standard, directory: UInt64 = 0
  ) {
    self.version = version
    self.policyVersion = policyVersion
    self.defaultTeam = defaultTeam
    self.dutyContact = dutyContact
    self.severities = severities
    self.directory = directory
  }
}

extension Settings {
  /// The settings that a cluster begins with.
  package init(_ founding: Founding) {
    self.init(version: 1, defaultTeam: founding.team, dutyContact: founding.person)
  }
}

/// What one severity label says about priority.
package struct SeverityRule: Hashable, Sendable {
  /// The label's value, in lower case; at most ``Bound/key`` bytes.
  package var severity: String
  /// The provisional priority.
  package var priority: Priority

  /// A rule.
  package init(severity: String, priority: Priority) {
    self.severity = severity
    self.priority = priority
  }

  /// What holds until settings say otherwise. A severity without a rule is P2.
  package static let standard: [SeverityRule] = [
    SeverityRule(severity: "critical", priority: .p1),
    SeverityRule(severity: "page", priority: .p1),
    SeverityRule(severity: "warning", priority: .p3),
    SeverityRule(severity: "info", priority: .p5),
  ]
}
