package import Bytes
package import Incidents

/// The names of people, teams and services, each looked up once for one answer.
package final class NameBook<Book: Facts> {
  let facts: Book
  private let isSeen: (ID) -> Bool
  private var people: [ID: String?] = [:]
  private var teams: [ID: String?] = [:]
  private var services: [ID: Service?] = [:]
  private var calendars: [ID?: WorkCalendar] = [:]

  /// Names as `facts` has them.
  ///
  /// - Parameters:
  ///   - facts: Where names are looked up.
  ///   - isSeen: Whether whoever reads may know of an incident that is there.
  package init(_ facts: Book, isSeen: @escaping (Incident) -> Bool = { _ in true }) {
    self.facts = facts
    self.isSeen = { id in facts.incident(id).map(isSeen) ?? false }
  }

  /// Whether there is an incident of this id of which whoever reads may know.
  package func sees(_ incident: ID) -> Bool { isSeen(incident) }

  /// The name of a person, if there is one of this id.
  package func person(_ id: ID) -> String? {
    if let known = people[id] { return known }
    let name = facts.person(id)?.name
    people[id] = .some(name)
    return name
  }

  /// The name of a team, if there is one of this id.
  package func team(_ id: ID) -> String? {
    if let known = teams[id] { return known }
    let name = facts.team(id)?.name
    teams[id] = .some(name)
    return name
  }

  /// The service of this id.
  package func service(_ id: ID) -> Service? {
    if let known = services[id] { return known }
    let service = facts.service(id)
    services[id] = .some(service)
    return service
  }

  /// Who is told of what the guidance wants told.
  package var contacts: SpecialContacts { facts.settings()?.contacts ?? SpecialContacts() }

  /// Whom a service names to be kept informed of incidents of a priority.
  func stakeholders(of service: ID, at priority: Priority) -> [Stakeholder] {
    (facts.arrangement(of: service)?.profile.stakeholders ?? []).filter { priority <= $0.least }
  }

  /// The calendar that a service follows, or the department.
  func calendar(of service: ID?) -> WorkCalendar {
    if let known = calendars[service] { return known }
    let calendar = facts.calendar(of: service)
    calendars[service] = calendar
    return calendar
  }

  /// The same names for the domain's sentences.
  package var names: Names {
    Names(isSeen: isSeen) { kind, id in
      switch kind {
      case .person: self.person(id)
      case .team: self.team(id)
      case .service: self.service(id)?.name
      case .settings, .credential, .shift, .incident, .alertGroup, .notice, .view, .webhook: nil
      }
    }
  }
}
