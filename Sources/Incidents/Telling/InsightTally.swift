internal import Bytes

/// Takes incidents in, one after another, and says what they come to.
///
/// Of each it keeps at most three times of four bytes: those of one service and priority lie together and
/// are sorted once. What a group of them comes to is found in all of its sorted times at once, so nothing
/// is kept twice for the group of all, of a priority and of a service.
package struct InsightTally: Sendable {
  private var exercises = 0
  private var services: [ID?] = []
  private var places: [ID?: Int] = [:]
  /// One for each priority of the first service, then of the second, and so on.
  private var cells: [Cell] = []

  /// Nothing yet.
  package init() {}

  /// Incidents of one service and priority.
  fileprivate struct Cell: Sendable {
    var line = Insights.Line()
    var toAcknowledge = OccurredTimes()
    var toMitigate = OccurredTimes()
    var toResolve = OccurredTimes()
  }

  /// Takes one incident in, as it stands at `now`.
  ///
  /// - Parameters:
  ///   - incident: The incident.
  ///   - actions: Those of its latest review that are not done, if it has one.
  ///   - now: In milliseconds since 1970.
  package mutating func take(_ incident: Incident, actions: [ReviewAction], at now: Int64) {
    guard !incident.isExercise else {
      exercises += 1
      return
    }
    let priority = Int(incident.classification.priority.rawValue) - 1
    let place = place(of: incident.service) * Priority.allCases.count + priority
    cells[place].take(incident, actions: actions, at: now)
  }

  private mutating func place(of service: ID?) -> Int {
    if let known = places[service] { return known }
    let place = services.count
    places[service] = place
    services.append(service)
    cells += [Cell](repeating: Cell(), count: Priority.allCases.count)
    return place
  }

  /// What all of them come to.
  package mutating func insights() -> Insights {
    for place in cells.indices { cells[place].sort() }
    let width = Priority.allCases.count
    var insights = Insights()
    insights.exercises = exercises
    insights.all = Self.line(of: cells[...])
    for priority in 0..<width {
      let column = stride(from: priority, to: cells.count, by: width).map { cells[$0] }
      insights.byPriority[priority] = Self.line(of: column[...])
    }
    for (place, service) in services.enumerated() {
      let row = cells[place * width..<(place + 1) * width]
      insights.byService.append(Insights.ServiceLine(service: service, line: Self.line(of: row)))
    }
    return insights
  }

  private static func line(of cells: ArraySlice<Cell>) -> Insights.Line {
    var line = Insights.Line()
    for cell in cells { line.add(cell.line) }
    line.toAcknowledge = OccurredTimes.sum(of: cells.map(\.toAcknowledge))
    line.toMitigate = OccurredTimes.sum(of: cells.map(\.toMitigate))
    line.toResolve = OccurredTimes.sum(of: cells.map(\.toResolve))
    return line
  }
}

extension InsightTally.Cell {
  fileprivate mutating func take(_ incident: Incident, actions: [ReviewAction], at now: Int64) {
    line.declared += 1
    line.doubtedChoices += Int(incident.extras.deliberation?.doubtedChoices ?? 0)
    line.overrides += Int(incident.extras.marks?.overrides ?? 0)
    line.waivers += Int(incident.extras.marks?.waivers ?? 0)
    line.bounces += Int(incident.bounces)
    line.reopened += Int(incident.reopenings)
    line.actionsDue += actions.count { $0.due < now }
    switch incident.status {
    case .cancelled, .duplicate:
      line.dropped += 1
      return
    case .open, .investigating, .mitigated, .backlog: line.open += 1
    case .resolved, .inReview, .closed: break
    }
    let start = incident.declaredAt
    if let acknowledgement = incident.acknowledgement {
      toAcknowledge.add(acknowledgement.at - start)
    }
    if let mitigatedAt = incident.extras.marks?.mitigatedAt { toMitigate.add(mitigatedAt - start) }
    if let resolvedAt = incident.restoredAt {
      toResolve.add(resolvedAt - start - incident.clocks.timeOver)
    }
    line.response.add(incident.clocks.state(of: .response, at: now))
    line.resolution.add(incident.clocks.state(of: .resolution, at: now))
    line.lateUpdates += Int(incident.clocks.missedUpdates)
  }

  fileprivate mutating func sort() {
    toAcknowledge.sort()
    toMitigate.sort()
    toResolve.sort()
  }
}
