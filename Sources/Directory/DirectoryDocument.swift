package import Incidents

/// People, teams, who is in them, and services, as a department writes them down: each by the id that
/// the department has for it.
///
/// A document is in the order of its ids, whatever the order in which it was written, so that the same
/// directory is the same bytes.
package struct DirectoryDocument: Hashable, Sendable {
  /// People, by id.
  package internal(set) var people: [PersonRow]
  /// Teams, by id.
  package internal(set) var teams: [TeamRow]
  /// Who is in which team, by team and person.
  package internal(set) var memberships: [MembershipRow]
  /// Services, by id.
  package internal(set) var services: [ServiceRow]

  /// A document of these rows, in any order.
  package init(
    people: [PersonRow] = [], teams: [TeamRow] = [], memberships: [MembershipRow] = [],
    services: [ServiceRow] = []
  ) {
    self.people = people.sorted { $0.id < $1.id }
    self.teams = teams.sorted { $0.id < $1.id }
    self.memberships = memberships.sorted { ($0.team, $0.person) < ($1.team, $1.person) }
    self.services = services.sorted { $0.id < $1.id }
  }
}

/// A person in a document.
package struct PersonRow: Hashable, Sendable {
  /// The line where it stands, counted from 1; 0 if it was not read from a text.
  package var line: Int
  /// What the department calls them.
  package var id: String
  /// As they are called.
  package var name: String
  /// Where mail reaches them.
  package var email: String
  /// By which clock they live.
  package var zone: Zone?
  /// How to reach them, in order.
  package var contacts: [ContactMethod]

  /// A person.
  package init(
    line: Int = 0, id: String, name: String, email: String, zone: Zone? = nil,
    contacts: [ContactMethod] = []
  ) {
    self.line = line
    self.id = id
    self.name = name
    self.email = email
    self.zone = zone
    self.contacts = contacts
  }
}

/// A team in a document.
package struct TeamRow: Hashable, Sendable {
  /// The line where it stands, counted from 1; 0 if it was not read from a text.
  package var line: Int
  /// What the department calls it.
  package var id: String
  /// As it is called.
  package var name: String
  /// The line of support that it works as.
  package var support: Line

  /// A team.
  package init(line: Int = 0, id: String, name: String, support: Line) {
    self.line = line
    self.id = id
    self.name = name
    self.support = support
  }
}

/// That somebody is in a team, in a document.
package struct MembershipRow: Hashable, Sendable {
  /// The line where it stands, counted from 1; 0 if it was not read from a text.
  package var line: Int
  /// The team, by its id.
  package var team: String
  /// The person, by theirs.
  package var person: String
  /// As what.
  package var role: MemberRole

  /// A membership.
  package init(line: Int = 0, team: String, person: String, role: MemberRole) {
    self.line = line
    self.team = team
    self.person = person
    self.role = role
  }
}

/// A service in a document.
package struct ServiceRow: Hashable, Sendable {
  /// The line where it stands, counted from 1; 0 if it was not read from a text.
  package var line: Int
  /// What the department calls it.
  package var id: String
  /// As it is typed.
  package var key: String
  /// As it is called.
  package var name: String
  /// Its 1st line team, by its id.
  package var firstLine: String?
  /// Its 2nd line team, by its id.
  package var secondLine: String?
  /// Its 3rd line team, by its id.
  package var thirdLine: String?
  /// The person who answers for it, by theirs.
  package var owner: String?
  /// The priority of an incident that comes without impact and urgency.
  package var defaultPriority: Priority?

  /// A service.
  package init(
    line: Int = 0, id: String, key: String, name: String, firstLine: String? = nil,
    secondLine: String? = nil, thirdLine: String? = nil, owner: String? = nil,
    defaultPriority: Priority? = nil
  ) {
    self.line = line
    self.id = id
    self.key = key
    self.name = name
    self.firstLine = firstLine
    self.secondLine = secondLine
    self.thirdLine = thirdLine
    self.owner = owner
    self.defaultPriority = defaultPriority
  }
}
