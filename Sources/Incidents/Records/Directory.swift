package import Bytes

/// One way to reach a person.
package struct ContactMethod: Hashable, Sendable {
  /// By what.
  package var kind: Kind
  /// Where: an e-mail address, a telephone number with its "+", or an address of the web; at most
  /// ``Bound/email`` bytes.
  package var address: String

  /// Ways to reach somebody.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// Mail, to another address than the one that they are known by.
    case email = 1
    /// A text to a telephone.
    case sms = 2
    /// A call.
    case voice = 3
    /// A request to a program of theirs.
    case webhook = 4

    /// As it is typed.
    package var word: String {
      switch self {
      case .email: "email"
      case .sms: "sms"
      case .voice: "voice"
      case .webhook: "webhook"
      }
    }
  }

  /// A way to reach somebody.
  package init(_ kind: Kind, _ address: String) {
    self.kind = kind
    self.address = address
  }
}

/// What a directory says of a person beside their name and e-mail address.
package struct PersonDetails: Hashable, Sendable {
  /// What they are called where the department keeps its people; at most ``Bound/key`` bytes, and
  /// nobody else's. Only an import sets it.
  package var externalID: String?
  /// By which clock they live.
  package var zone: Zone?
  /// How to reach them, what is tried first in front; at most ``Bound/contacts``.
  package var contacts: [ContactMethod]

  /// Details.
  package init(externalID: String? = nil, zone: Zone? = nil, contacts: [ContactMethod] = []) {
    self.externalID = externalID
    self.zone = zone
    self.contacts = contacts
  }

  /// Whether they say nothing.
  package var isEmpty: Bool { self == PersonDetails() }
}

/// How a team or a service stands in the directory.
package struct Listing: Hashable, Sendable {
  /// What it is called where the department keeps it; at most ``Bound/key`` bytes, and no other
  /// team's or service's. Only an import sets it.
  package var externalID: String?
  /// Whether it was taken out of the directory. Incidents of before still name it.
  package var isRetired: Bool

  /// A listing.
  package init(externalID: String? = nil, isRetired: Bool = false) {
    self.externalID = externalID
    self.isRetired = isRetired
  }
}

/// All that a directory says of a person.
package struct PersonProfile: Hashable, Sendable {
  /// At most ``Bound/name`` bytes.
  package var name: String
  /// At most ``Bound/email`` bytes; unique.
  package var email: String
  /// The rest.
  package var details: PersonDetails

  /// A profile.
  package init(name: String, email: String, details: PersonDetails = PersonDetails()) {
    self.name = name
    self.email = email
    self.details = details
  }
}

/// All that a directory says of a team, but who is in it.
package struct TeamProfile: Hashable, Sendable {
  /// At most ``Bound/name`` bytes; unique.
  package var name: String
  /// The line that it works as. Does not change.
  package var line: Line
  /// What it is called where the department keeps it.
  package var externalID: String?

  /// A profile.
  package init(name: String, line: Line, externalID: String? = nil) {
    self.name = name
    self.line = line
    self.externalID = externalID
  }
}

/// All that a directory says of a service.
package struct ServiceProfile: Hashable, Sendable {
  /// As it is typed. Does not change.
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
  /// What it is called where the department keeps it.
  package var externalID: String?

  /// A profile.
  package init(
    key: String, name: String, firstLine: ID? = nil, secondLine: ID? = nil, thirdLine: ID? = nil,
    owner: ID? = nil, defaultPriority: Priority? = nil, externalID: String? = nil
  ) {
    self.key = key
    self.name = name
    self.firstLine = firstLine
    self.secondLine = secondLine
    self.thirdLine = thirdLine
    self.owner = owner
    self.defaultPriority = defaultPriority
    self.externalID = externalID
  }
}

extension Person {
  /// What a directory says of them.
  package var profile: PersonProfile {
    PersonProfile(name: name, email: email, details: details ?? PersonDetails())
  }
}

extension Team {
  /// Whether it was taken out of the directory.
  package var isRetired: Bool { listing?.isRetired ?? false }

  /// What a directory says of it.
  package var profile: TeamProfile {
    TeamProfile(name: name, line: line, externalID: listing?.externalID)
  }
}

extension Service {
  /// Whether it was taken out of the directory.
  package var isRetired: Bool { listing?.isRetired ?? false }

  /// What a directory says of it.
  package var profile: ServiceProfile {
    ServiceProfile(
      key: key, name: name, firstLine: firstLine, secondLine: secondLine, thirdLine: thirdLine,
      owner: owner, defaultPriority: defaultPriority, externalID: listing?.externalID)
  }
}

extension NewService {
  /// A new service as a directory describes it.
  package init(id: ID, _ profile: ServiceProfile) {
    self.init(
      id: id, key: profile.key, name: profile.name, firstLine: profile.firstLine,
      secondLine: profile.secondLine, thirdLine: profile.thirdLine, owner: profile.owner,
      defaultPriority: profile.defaultPriority,
      listing: profile.externalID.map { Listing(externalID: $0) })
  }
}
