internal import Bytes
package import Incidents

/// The directory as it is: everything that there is of it.
package struct DirectoryState: Sendable {
  /// Everybody, those who have left as well.
  package let people: [Person]
  /// Every team, the retired as well.
  package let teams: [Team]
  /// Every service, the retired as well.
  package let services: [Service]
  /// The settings, of which the version of the directory is a part.
  package let settings: Settings

  /// A state.
  package init(people: [Person], teams: [Team], services: [Service], settings: Settings) {
    self.people = people
    self.teams = teams
    self.services = services
    self.settings = settings
  }
}

/// Something that a document may name.
///
/// It is named by the id that the department has for it; what was added by hand has none, and is named
/// by its own.
protocol Listed {
  var id: ID { get }
  var version: UInt64 { get }
  var name: String { get }
  /// What the department calls it, if it was ever in an import.
  var externalID: String? { get }
  /// Whether it is in the directory now.
  var isListed: Bool { get }
  /// What else nothing else of its kind has.
  var mark: String { get }
}

extension Listed {
  /// What it is called in a document.
  var documentID: String { externalID ?? id.description }
}

extension Person: Listed {
  var externalID: String? { details?.externalID }
  var isListed: Bool { isActive }
  var mark: String { email }
}

extension Team: Listed {
  var externalID: String? { listing?.externalID }
  var isListed: Bool { !isRetired }
  var mark: String { name }
}

extension Service: Listed {
  var externalID: String? { listing?.externalID }
  var isListed: Bool { !isRetired }
  var mark: String { key }
}

extension DirectoryDocument {
  /// What the directory says now. Who is an administrator or auditor is not part of it: that is not
  /// for a spreadsheet to say.
  package init(_ state: DirectoryState) {
    let people = Dictionary(uniqueKeysWithValues: state.people.map { ($0.id, $0.documentID) })
    let teams = Dictionary(uniqueKeysWithValues: state.teams.map { ($0.id, $0.documentID) })
    self.init(
      people: state.people.filter(\.isListed).map { person in
        PersonRow(
          id: person.documentID, name: person.name, email: person.email,
          zone: person.details?.zone, contacts: person.details?.contacts ?? [])
      },
      teams: state.teams.filter(\.isListed).map { team in
        TeamRow(id: team.documentID, name: team.name, support: team.line)
      },
      memberships: state.teams.filter(\.isListed).flatMap { team in
        team.members.map { member in
          MembershipRow(
            team: team.documentID, person: people[member.person] ?? member.person.description,
            role: member.role)
        }
      },
      services: state.services.filter(\.isListed).map { service in
        ServiceRow(
          id: service.documentID, key: service.key, name: service.name,
          firstLine: service.firstLine.flatMap { teams[$0] },
          secondLine: service.secondLine.flatMap { teams[$0] },
          thirdLine: service.thirdLine.flatMap { teams[$0] },
          owner: service.owner.flatMap { people[$0] }, defaultPriority: service.defaultPriority)
      })
  }
}
