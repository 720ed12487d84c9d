package import Bytes

/// Which incidents a list shows, and in which order.
///
/// A list of values that is empty, or a condition that is `nil`, does not narrow it; of several values one
/// is enough; all conditions must hold.
package struct IncidentFilter: Hashable, Sendable {
  /// Of one of these statuses now.
  package var statuses: [Incident.Status]
  /// Whether it is over: closed, cancelled or a duplicate.
  package var isOver: Bool?
  /// Of one of these lead services.
  package var services: [ID]
  /// Owned by one of these teams now.
  package var teams: [ID]
  /// Of one of these priorities now.
  package var priorities: [Priority]
  /// With one of these flags set, and not cleared.
  package var flags: [Flag]
  /// Somebody has a role in it or was offered one. What is over has no team any more.
  package var holder: Someone?
  /// Somebody leads it, and it is not over.
  package var lead: Someone?
  /// Somebody declared it.
  package var reporter: Someone?
  /// Whether it is an exercise.
  package var isExercise: Bool?
  /// A clock of it is past its due time, and it is not over.
  package var isOverdue: Bool
  /// Declared at this time or later, in milliseconds since 1970.
  package var declaredFrom: Int64?
  /// Declared before this time.
  package var declaredUntil: Int64?
  /// With an external reference that begins so, compared byte by byte. The list is then in the order of
  /// the references.
  package var referencePrefix: String?
  /// The order.
  package var order: Order

  /// Somebody, as a filter names them.
  package enum Someone: Hashable, Sendable {
    /// Whoever asks.
    case me
    /// This person.
    case person(ID)

    /// Who it is when `asker` asks.
    package func id(asker: ID) -> ID {
      switch self {
      case .me: asker
      case .person(let id): id
      }
    }
  }

  /// An order of a list. Within the second and third the latest comes first.
  package enum Order: UInt8, CaseIterable, Sendable {
    /// The latest declared first.
    case latest = 1
    /// The most urgent first; only of what is not over.
    case priority = 2
    /// What is due next first, then what has no due time; only of what is not over.
    case due = 3
  }

  /// A filter; everything unless it says otherwise.
  package init(
    statuses: [Incident.Status] = [], isOver: Bool? = nil, services: [ID] = [], teams: [ID] = [],
    priorities: [Priority] = [], flags: [Flag] = [], isOverdue: Bool = false,
    referencePrefix: String? = nil, order: Order = .latest
  ) {
    self.statuses = statuses
    self.isOver = isOver
    self.services = services
    self.teams = teams
    self.priorities = priorities
    self.flags = flags
    self.isOverdue = isOverdue
    self.referencePrefix = referencePrefix
    self.order = order
  }

  /// Whether nothing that is over can be in the list.
  package var isOfLive: Bool {
    isOver == false || isOverdue || holder != nil || lead != nil || order != .latest
      || (!statuses.isEmpty && statuses.allSatisfy { !$0.isOver })
  }
}

extension IncidentFilter {
  /// Whether an incident is in the list of whoever asks.
  ///
  /// - Parameters:
  ///   - incident: The incident.
  ///   - asker: Who asks.
  ///   - now: When, in milliseconds since 1970.
  package func includes(_ incident: Incident, asker: ID, at now: Int64) -> Bool {
    func isAny<Value: Equatable>(_ values: [Value], _ value: Value?) -> Bool {
      values.isEmpty || (value.map { values.contains($0) } ?? false)
    }
    guard isAny(statuses, incident.status), isAny(services, incident.service),
      isAny(teams, incident.teams.owner), isAny(priorities, incident.classification.priority),
      flags.isEmpty || flags.contains(where: incident.isFlagged),
      isOver.map({ $0 == incident.status.isOver }) ?? true,
      isExercise.map({ $0 == incident.isExercise }) ?? true,
      !isOfLive || !incident.status.isOver
    else { return false }
    if isOverdue { guard let due = incident.nextClockDue, due < now else { return false } }
    return includesPeople(of: incident, asker: asker) && includesTimes(of: incident)
  }

  private func includesPeople(of incident: Incident, asker: ID) -> Bool {
    if let holder, !incident.team.contains(holder.id(asker: asker)) { return false }
    if let lead, incident.roles.lead?.person != lead.id(asker: asker) { return false }
    if let reporter, incident.reporter != reporter.id(asker: asker) { return false }
    return true
  }

  private func includesTimes(of incident: Incident) -> Bool {
    if let declaredFrom, incident.declaredAt < declaredFrom { return false }
    if let declaredUntil, incident.declaredAt >= declaredUntil { return false }
    guard let referencePrefix else { return true }
    return incident.externalReference?.utf8.starts(with: referencePrefix.utf8) ?? false
  }
}

extension Incident {
  /// Whether a flag is set, and not cleared.
  package func isFlagged(_ flag: Flag) -> Bool {
    let state = flag == .cyber ? cyber : data
    return state != nil && state?.clearedAt == nil
  }

  /// When the first of its clocks is due that still runs, if any is.
  package var nextClockDue: Int64? {
    let clocks = [clocks.response, clocks.resolution] + (clocks.update.map { [$0] } ?? [])
    return clocks.filter { $0.stoppedAt == nil }.compactMap(\.dueAt).min()
  }
}
