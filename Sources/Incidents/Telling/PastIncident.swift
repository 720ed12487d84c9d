package import Bytes

/// Where what was said of incidents is read back.
package protocol History {
  /// What is known today.
  associatedtype Today: Facts
  /// What is known today.
  var today: Today { get }
  /// Everything that the ledger says of an incident up to a position, oldest first; nothing of one that
  /// was purged.
  func entries(of incident: ID, upTo position: UInt64) -> [TimelineEntry]
  /// What the ledger says up to a position of what holds for every incident: the behaviour level, and the
  /// settings, calendars and policies by which clocks run (`Fact.kindsOfSettlement`). Oldest first.
  func settlements(upTo position: UInt64) -> [TimelineEntry]
}

extension History {
  /// An incident as it was once a position of the ledger was written: the fold of its rows up to there.
  ///
  /// Which alerts fired for it is left out (``Incident/firingGroups`` is empty): nobody is shown that, and
  /// it takes the rows of every incident that ever had one of its groups. What an alert of a duplicate
  /// that was purged since did to it is not known any more either.
  ///
  /// - Returns: `nil` if it was not declared by then, or was purged since.
  package func incident(_ id: ID, asOf position: UInt64) -> Incident? {
    var past = Past(of: id, asOf: position)
    for entry in past.rows(in: self) {
      past.take(entry, today: today)
    }
    return past.incident
  }

  /// Goes through the rows of an incident, each with the incident as it was before it.
  ///
  /// - Returns: The incident after the last; `nil` if it was not declared by then, or was purged since.
  func walk(
    _ id: ID, upTo position: UInt64, _ body: (_ before: Incident?, _ entry: TimelineEntry) -> Void
  ) -> Incident? {
    var past = Past(of: id, asOf: position)
    for entry in past.rows(in: self) {
      if entry.event.subject.id == id { body(past.incident, entry) }
      past.take(entry, today: today)
    }
    return past.incident
  }
}

/// A fold of the rows of one incident, and of those that it has alerts from.
private struct Past {
  /// How far incidents that followed each other by their alerts are looked back through.
  private static let longestChain = 64

  private let id: ID
  private let position: UInt64
  private var department = Department()

  init(of id: ID, asOf position: UInt64) {
    self.id = id
    self.position = position
  }

  var incident: Incident? {
    var incident = department.incident(id)
    incident?.forgetAlerts()
    return incident
  }

  mutating func take(_ entry: TimelineEntry, today: some Facts) {
    guard entry.event.fact.kind != Fact.purgedKind else { return }
    if department.settings() == nil, let settings = today.settings() {
      // How it was founded may be erased, and nothing here depends on it.
      department.put(
        Settings(
          version: 1, defaultTeam: settings.defaultTeam, dutyContact: settings.dutyContact))
    }
    // What a service does by a key of its own touches nothing.
    if let actor = entry.actor.person, department.service(actor) == nil,
      let service = today.service(actor)
    {
      department.put(service)
    }
    if entry.event.subject.kind != .incident {
      evolve(entry.event, at: entry.stamp, by: .system, in: &department)
      return
    }
    if case .declared = entry.event.fact {
    } else if department.incident(entry.event.subject.id) == nil {
      return
    }
    evolve(entry.event, at: entry.stamp, by: entry.actor, in: &department)
  }

  /// All rows that the fold needs, oldest first: those of duplicates too, whose alerts it inherited, and
  /// those of incidents that had taken these from the duplicates before.
  func rows(in history: some History) -> [TimelineEntry] {
    var known: [ID] = [id]
    var rows = history.entries(of: id, upTo: position)
    var next = 0
    var found = rows
    while true {
      for entry in found {
        guard case .inherited(let inheritance) = entry.event.fact else { continue }
        for other in [inheritance.from] + successors(of: inheritance.from, history)
        where !known.contains(other) {
          known.append(other)
        }
      }
      next += 1
      guard next < known.count else { break }
      found = history.entries(of: known[next], upTo: position)
      rows += found
    }
    let settled = history.settlements(upTo: position)
    return settled.isEmpty && known.count == 1
      ? rows : (rows + settled).sorted { $0.position < $1.position }
  }

  /// The incidents that groups of alerts of this one went on to, as today's records lead back to it.
  private func successors(of id: ID, _ history: some History) -> [ID] {
    var successors: [ID] = []
    for entry in history.entries(of: id, upTo: position) {
      guard case .alertReported(let report) = entry.event.fact else { continue }
      var chain: [ID] = []
      var link = history.today.alertGroup(report.key)?.incident
      while let other = link, other != id, !chain.contains(other), chain.count < Self.longestChain {
        chain.append(other)
        link = history.today.incident(other)?.recurrenceOf
      }
      for other in chain where !successors.contains(other) { successors.append(other) }
    }
    return successors
  }
}

extension Incident {
  /// Leaves out which alerts fire for it, as a fold of its own rows has to.
  package mutating func forgetAlerts() { firingGroups = [] }
}

extension Fact {
  /// The kinds by which the behaviour level rises, and the department settles by what clocks run.
  package static let kindsOfSettlement: [UInt16] = [
    levelRaisedKind, settingsChangedKind, calendarSetKind, servicePolicyChangedKind,
  ]
}
