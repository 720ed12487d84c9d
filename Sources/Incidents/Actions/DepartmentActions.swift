package import Bytes

/// How a cluster begins.
package struct Founding: Hashable, Sendable {
  /// The first administrator, who is also the duty contact until settings name another.
  package var person: ID
  /// Their name, at most ``Bound/name`` bytes.
  package var name: String
  /// Their e-mail address.
  package var email: String
  /// Their first credential.
  package var credential: ID
  /// SHA-256 of its token.
  package var tokenHash: [UInt8]
  /// The default 2nd line team, to which an unknown service belongs.
  package var team: ID
  /// That team's name.
  package var teamName: String

  /// A founding.
  package init(
    person: ID, name: String, email: String, credential: ID, tokenHash: [UInt8], team: ID,
    teamName: String = "Service Delivery"
  ) {
    self.person = person
    self.name = name
    self.email = email
    self.credential = credential
    self.tokenHash = tokenHash
    self.team = team
    self.teamName = teamName
  }
}

/// A person to be added.
package struct NewPerson: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// At most ``Bound/name`` bytes.
  package var name: String
  /// At most ``Bound/email`` bytes; unique.
  package var email: String
  /// Whether they may change settings, people and tokens.
  package var isAdministrator: Bool
  /// Whether they read everything and change nothing.
  package var isAuditor: Bool
  /// What the directory says of them beside, if it was the directory that added them.
  package var details: PersonDetails?

  /// A new person.
  package init(
    id: ID, name: String, email: String, isAdministrator: Bool = false, isAuditor: Bool = false,
    details: PersonDetails? = nil
  ) {
    self.id = id
    self.name = name
    self.email = email
    self.isAdministrator = isAdministrator
    self.isAuditor = isAuditor
    self.details = details
  }
}

/// A team to be added.
package struct NewTeam: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// At most ``Bound/name`` bytes; unique.
  package var name: String
  /// The line of support that it works as. Does not change.
  package var line: Line
  /// Who is in it, at most ``Bound/list`` to begin with.
  package var members: [Team.Member]
  /// How it stands in the directory, if it was the directory that added it.
  package var listing: Listing?

  /// A new team.
  package init(
    id: ID, name: String, line: Line, members: [Team.Member] = [], listing: Listing? = nil
  ) {
    self.id = id
    self.name = name
    self.line = line
    self.members = members
    self.listing = listing
  }
}

/// Somebody joins, changes their role in, or leaves a team.
package struct MembershipChange: Hashable, Sendable {
  /// The team.
  package var team: ID
  /// The person.
  package var person: ID
  /// Their role from now on, or `nil` for none: they leave.
  package var role: MemberRole?

  /// A change.
  package init(team: ID, person: ID, role: MemberRole?) {
    self.team = team
    self.person = person
    self.role = role
  }
}

/// A service to be added.
package struct NewService: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// Lower-case letters, digits and hyphens, at most ``Bound/key`` bytes; unique.
  package var key: String
  /// At most ``Bound/name`` bytes.
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
  /// How it stands in the directory, if it was the directory that added it.
  package var listing: Listing?

  /// A new service.
  package init(
    id: ID, key: String, name: String, firstLine: ID? = nil, secondLine: ID? = nil,
    thirdLine: ID? = nil, owner: ID? = nil, defaultPriority: Priority? = nil,
    listing: Listing? = nil
  ) {
    self.id = id
    self.key = key
    self.name = name
    self.firstLine = firstLine
    self.secondLine = secondLine
    self.thirdLine = thirdLine
    self.owner = owner
    self.defaultPriority = defaultPriority
    self.listing = listing
  }
}

/// A credential to be issued.
package struct NewCredential: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// Whose it is.
  package var person: ID
  /// SHA-256 of the token.
  package var hash: [UInt8]
  /// What the person calls it, at most ``Bound/label`` bytes.
  package var label: String
  /// What it is known by and what bounds it; nothing for one of before there were such.
  package var terms: TokenTerms?

  /// A new credential.
  package init(id: ID, person: ID, hash: [UInt8], label: String, terms: TokenTerms? = nil) {
    self.id = id
    self.person = person
    self.hash = hash
    self.label = label
    self.terms = terms
  }
}

/// An ingest key to be issued.
package struct NewIngestKey: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// The one service whose alerts it may post.
  package var service: ID
  /// SHA-256 of the key.
  package var hash: [UInt8]
  /// What it is called, at most ``Bound/label`` bytes.
  package var label: String
  /// What it is known by and what bounds it; nothing for one of before there were such.
  package var terms: TokenTerms?

  /// A new key.
  package init(id: ID, service: ID, hash: [UInt8], label: String, terms: TokenTerms? = nil) {
    self.id = id
    self.service = service
    self.hash = hash
    self.label = label
    self.terms = terms
  }
}

/// A key or certificate of a service to be made known.
package struct NewServiceKey: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// The one service that it stands for.
  package var service: ID
  /// SHA-256 of the key, or of the certificate's DER form.
  package var hash: [UInt8]
  /// What it is called, at most ``Bound/label`` bytes.
  package var label: String
  /// What it is known by, and until when it works.
  package var terms: TokenTerms
  /// What it is good for.
  package var scopes: KeyScopes
  /// Whether it is a certificate.
  package var isCertificate: Bool

  /// A new key or certificate.
  package init(
    id: ID, service: ID, hash: [UInt8], label: String, terms: TokenTerms, scopes: KeyScopes,
    isCertificate: Bool = false
  ) {
    self.id = id
    self.service = service
    self.hash = hash
    self.label = label
    self.terms = terms
    self.scopes = scopes
    self.isCertificate = isCertificate
  }
}

/// A token to be issued with which one node may join the cluster.
package struct NewJoinToken: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// What its secret is known by.
  package var hash: [UInt8]
  /// Which node it is for, at most ``Bound/label`` bytes.
  package var label: String
  /// The first instant at which it works no more, in milliseconds since 1970.
  package var expiresAt: Int64

  /// A new token.
  package init(id: ID, hash: [UInt8], label: String, expiresAt: Int64) {
    self.id = id
    self.hash = hash
    self.label = label
    self.expiresAt = expiresAt
  }
}

/// Somebody is on call over a span of time.
package struct OnCallAssignment: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// For which service.
  package var service: ID
  /// Who.
  package var person: ID
  /// As what.
  package var role: OnCallRole
  /// The first instant, in milliseconds since 1970.
  package var from: Int64
  /// The first instant after it.
  package var until: Int64

  /// An assignment.
  package init(id: ID, service: ID, person: ID, role: OnCallRole, from: Int64, until: Int64) {
    self.id = id
    self.service = service
    self.person = person
    self.role = role
    self.from = from
    self.until = until
  }
}

/// Settings that shall change; `nil` leaves one as it is.
package struct SettingsChange: Hashable, Sendable {
  /// The 2nd line team of unknown services.
  package var defaultTeam: ID?
  /// Who is told when nobody is on call.
  package var dutyContact: ID?
  /// What an alert's severity label says about priority.
  package var severities: [SeverityRule]?
  /// What behaviour level 2 adds, as far as it is to be changed.
  package var extras: Settings.Extras

  /// A change.
  package init(
    defaultTeam: ID? = nil, dutyContact: ID? = nil, severities: [SeverityRule]? = nil,
    extras: Settings.Extras = Settings.Extras()
  ) {
    self.extras = extras
    self.defaultTeam = defaultTeam
    self.dutyContact = dutyContact
    self.severities = severities
  }
}
