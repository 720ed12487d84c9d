internal import Bytes

/// What a person is to an incident: the columns of policy section 9.
package struct Standing: OptionSet, Hashable, Sendable {
  /// One bit for each standing.
  package let rawValue: UInt16

  /// The standings of these bits.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Anybody who signs in, but one who is only an auditor.
  package static let signedIn = Standing(rawValue: 1 << 0)
  /// Of the 1st line of its service.
  package static let firstLine = Standing(rawValue: 1 << 1)
  /// Of its 2nd or 3rd line, paged for it, or acting in an emergency.
  package static let responder = Standing(rawValue: 1 << 2)
  /// Of the Service Delivery function of its 2nd line or owning team.
  package static let serviceDelivery = Standing(rawValue: 1 << 3)
  /// Its incident lead.
  package static let lead = Standing(rawValue: 1 << 4)
  /// Its comms lead.
  package static let commsLead = Standing(rawValue: 1 << 5)
  /// Leads one of its teams.
  package static let teamLead = Standing(rawValue: 1 << 6)
  /// An administrator.
  package static let administrator = Standing(rawValue: 1 << 7)
  /// Of the line that owns it now.
  package static let owning = Standing(rawValue: 1 << 8)
  /// Of the Service Delivery function of the team that owns it now.
  package static let owningServiceDelivery = Standing(rawValue: 1 << 9)

  /// Of the specialist team that a flag of it is told.
  package static let specialist = Standing(rawValue: 1 << 10)

  /// Every standing with its slug and what it is called, in the order of the table.
  static let named: [(standing: Standing, slug: String, name: String)] = [
    (.firstLine, "first-line", "1st line"),
    (.responder, "responder", "responders of its 2nd and 3rd line"),
    (.serviceDelivery, "service-delivery", "Service Delivery"),
    (.lead, "lead", "the incident lead"),
    (.commsLead, "comms-lead", "the comms lead"),
    (.teamLead, "team-lead", "the leads of its teams"),
    (.owning, "owning-line", "the line that owns it"),
    (.owningServiceDelivery, "service-delivery", "Service Delivery of the owning team"),
    (.specialist, "specialist-team", "the specialist team"),
    (.administrator, "administrator", "administrators"),
    (.signedIn, "signed-in", "anybody who signs in and is not only an auditor"),
  ]
}

extension Standing {
  /// What `person` is to the department as a whole.
  init(_ person: Person) {
    self = []
    if person.isAdministrator { insert(.administrator) }
    if !person.isAuditor || person.isAdministrator || !person.memberships.isEmpty {
      insert(.signedIn)
    }
  }

  /// All that anybody can be to an incident: what breaking the glass gives.
  static let everything: Standing = [
    .signedIn, .firstLine, .responder, .serviceDelivery, .lead, .commsLead, .teamLead,
    .administrator, .owning, .owningServiceDelivery, .specialist,
  ]

  /// What `person` is to `incident` at `stamp`.
  ///
  /// - Parameters:
  ///   - person: Who asks.
  ///   - incident: What they ask of.
  ///   - stamp: When.
  ///   - hasBrokenGlass: Whether they have broken the glass before it.
  package init(
    of person: Person, to incident: Incident, at stamp: Int64, hasBrokenGlass: Bool = false
  ) {
    self.init(of: person, toCalm: incident, hasBrokenGlass: hasBrokenGlass)
    if incident.isOpenToEveryResponder(at: stamp),
      person.memberships.contains(where: { $0.line != .first })
    {
      formUnion([.responder, .owning])
    }
  }

  /// What `person` is to `incident` without the emergency right.
  init(of person: Person, toCalm incident: Incident, hasBrokenGlass: Bool) {
    self.init(person)
    if hasBrokenGlass { formUnion(Standing.everything) }
    let teams = incident.teams
    for membership in person.memberships {
      let isOwner = membership.team == teams.owner
      let isSupport = membership.team == teams.second || membership.team == teams.third
      // A service without a 1st line team of its own is served by whoever works as 1st line.
      let isFirst =
        membership.line == .first && (teams.first == nil || membership.team == teams.first)
      if isOwner { insert(.owning) }
      if isFirst { insert(.firstLine) }
      if isSupport { insert(.responder) }
      switch membership.role {
      case .member: break
      case .teamLead where isOwner || isSupport || membership.team == teams.first:
        insert(.teamLead)
      case .serviceDelivery where isOwner || membership.team == teams.second:
        insert(.serviceDelivery)
        if isOwner { insert(.owningServiceDelivery) }
      case .teamLead, .serviceDelivery: break
      }
    }
    insertRoles(of: person.id, in: incident)
    if incident.around.involve(person) { formUnion([.responder, .signedIn]) }
  }

  private mutating func insertRoles(of person: ID, in incident: Incident) {
    let roles = incident.roles
    if roles.has(.lead, person) { formUnion([.lead, .signedIn]) }
    if roles.has(.commsLead, person) { formUnion([.commsLead, .signedIn]) }
    if roles.has(.documenter, person) { insert(.signedIn) }
    if roles.has(.technicalSupport, person) { formUnion([.responder, .signedIn]) }
    if incident.paged.contains(person) {
      formUnion([.responder, .signedIn])
      // Who is on call for a service answers for its 2nd line, whatever team they are in.
      if incident.teams.ownerLine == .second { insert(.owning) }
    }
  }
}

extension Incident {
  /// The emergency right of policy section 6: a P1 that nobody acknowledged within its response
  /// time may be taken up by any responder of any team.
  func isOpenToEveryResponder(at stamp: Int64) -> Bool {
    guard classification.priority == .p1, acknowledgement == nil, status.isLive,
      let dueAt = clocks.response.dueAt
    else { return false }
    return stamp > dueAt
  }
}
