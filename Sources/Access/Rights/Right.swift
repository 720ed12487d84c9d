package import Incidents

/// Something that not everybody may do: a row of the table of rights, under the row's own words.
package enum Right: String, CaseIterable, Sendable {
  /// Begin an incident, or say something about one that one sees.
  case contribute = "declare; set a flag; add a note to what one sees"
  /// Say "we have it", take a role that nobody has, or pass it to another line.
  case acknowledge = "acknowledge; take an empty role; hand to another line"
  /// Say what its priority is, for good.
  case confirmPriority = "confirm priority"
  /// Make less of it.
  case lower = "lower a P1/P2; cancel; duplicate"
  /// Bring others in.
  case assign = "assign roles, engage others, escalate to senior management"
  /// Tell those who wait.
  case sendUpdates = "send updates"
  /// End a P1 or P2.
  case resolveMajor = "resolve P1/P2"
  /// End a P3 to P6.
  case resolveMinor = "resolve P3–P6"
  /// Have the last word about a P1 or P2.
  case review = "finish the review, close P1/P2"
  /// Say that it is no cyber security incident or breach, or let more people see it.
  case clearFlag = "clear a flag, widen sight"
  /// Change what a team works by.
  case arrange = "rotas, services, templates"
  /// Change what the department works by.
  case administer = "settings, people, tokens of others, cluster"
}

/// Who may have a right: a column of the table, under the column's own words.
package enum Holder: String, CaseIterable, Sendable {
  /// Anybody with an account.
  case signedIn = "any signed-in"
  /// Of the 1st line of the service.
  case firstLine = "1st line"
  /// Of its 2nd or 3rd line.
  case responder = "responder (2nd, 3rd)"
  /// Of its Service Delivery function.
  case serviceDelivery = "Service Delivery"
  /// The lead of the incident.
  case lead = "lead"
  /// The comms lead of the incident.
  case commsLead = "comms lead"
  /// Who leads one of its teams.
  case teamLead = "team lead"
  /// Who runs the department's cluster.
  case administrator = "administrator"
  /// Who reads everything and changes nothing.
  case auditor = "auditor"

  /// What such a person is to an incident, or `nil` for an auditor, who is nothing to it.
  package var standing: Standing? {
    switch self {
    case .signedIn: .signedIn
    case .firstLine: .firstLine
    case .responder: .responder
    case .serviceDelivery: .serviceDelivery
    case .lead: .lead
    case .commsLead: .commsLead
    case .teamLead: .teamLead
    case .administrator: .administrator
    case .auditor: nil
    }
  }
}

/// How far a right goes: a cell of the table.
package enum Allowance: Hashable, Sendable {
  /// Not at all.
  case denied
  /// All the way.
  case granted
  /// All the way, and for the specialist team of the flag too.
  case grantedWithSpecialists
  /// As far as these words go.
  case limited(Limit)

  /// What a right may be limited to.
  package enum Limit: String, CaseIterable, Sendable {
    /// Of all that the row names, hand to another line.
    case handOver = "hand over"
    /// Say what one thinks, for others to decide.
    case propose = "propose"
    /// For oneself.
    case onlySelf = "self"
    /// Write what others send.
    case draft = "draft"
    /// By taking the lead in the same request.
    case takingTheLead = "taking the lead"
    /// By taking the lead in the same request, which is said shorter.
    case takingIt = "taking it"
    /// What waits in the queue of one's own line.
    case ownQueue = "own queue"
    /// Swap one's own shifts.
    case ownShifts = "own shifts: swap"
    /// For one's own service.
    case ownService = "own service"
    /// For one's own team.
    case ownTeam = "own team"
    /// Look, and change nothing.
    case read = "read"
  }

  /// The words of a cell, or `nil` if they are none of ours.
  init?(_ words: some StringProtocol) {
    switch String(words) {
    case "–", "no", "": self = .denied
    case "yes": self = .granted
    case "yes (specialist team too)": self = .grantedWithSpecialists
    case let words:
      guard let limit = Limit(rawValue: words) else { return nil }
      self = .limited(limit)
    }
  }
}
