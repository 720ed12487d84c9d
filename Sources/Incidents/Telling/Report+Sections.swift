internal import Bytes

/// What the record of an incident tells by itself.
extension ReportTeller {
  var glance: [Particular] {
    let classification = incident.classification
    let sure = classification.isConfirmed ? "confirmed" : "provisional"
    var particulars = [
      Particular(label: "Status", value: incident.status.word),
      Particular(
        label: "Priority",
        value: "\(classification.priority) \(classification.priority.word), \(sure)"),
    ]
    if let factors = classification.factors {
      particulars.append(
        Particular(label: "Impact and urgency", value: Self.words(factors)))
    }
    let service =
      incident.service.map(names.service)
      ?? incident.unknownService.map { "unknown: \($0)" } ?? "not known"
    particulars += [
      Particular(label: "Service", value: service),
      Particular(
        label: "Owner",
        value: "\(names.team(incident.teams.owner)), \(incident.teams.ownerLine.word)"),
      Particular(label: "Source", value: source),
      Particular(label: "Began", value: DisplayTime.text(incident.beganAt)),
      Particular(label: "Declared", value: declared),
    ]
    if let acknowledgement = incident.acknowledgement {
      particulars.append(
        Particular(
          label: "Acknowledged",
          value: "\(DisplayTime.text(acknowledgement.at)) by "
            + names.person(acknowledgement.person)))
    }
    if let mitigatedAt = incident.marks.mitigatedAt {
      particulars.append(Particular(label: "Mitigated", value: DisplayTime.text(mitigatedAt)))
    }
    return particulars + ends
  }

  private var ends: [Particular] {
    var particulars: [Particular] = []
    if let resolved = incident.resolved {
      particulars.append(
        Particular(
          label: "Resolved",
          value: "\(DisplayTime.text(resolved.at)) by \(names.person(resolved.person))"))
    }
    if case .cleared(_, let clearedAt)? = incident.ending {
      particulars.append(
        Particular(
          label: "Resolved",
          value: "\(DisplayTime.text(clearedAt)), cleared without action"))
    }
    if let ending = incident.ending {
      particulars.append(Particular(label: "Over", value: DisplayTime.text(ending.at)))
    }
    if let ticket = incident.ticket, !ticket.reference.isEmpty {
      particulars.append(Particular(label: "Ticket", value: ticket.reference))
    }
    if let other = incident.recurrenceOf, names.sees(other) {
      particulars.append(Particular(label: "Recurrence of", value: names.incident(other)))
    }
    return particulars + relations
  }

  /// What it has to do with other services and incidents, and with changes.
  private var relations: [Particular] {
    let around = incident.around
    var particulars = around.affected.map { affected in
      Particular(
        label: "Affects",
        value: "\(names.service(affected.service)), \(affected.state.word) since "
          + DisplayTime.text(affected.since))
    }
    // What is hidden is as if it were not there, and not counted.
    if let parent = around.parent, names.sees(parent) {
      particulars.append(Particular(label: "Belongs to", value: names.incident(parent)))
    }
    let seen = around.children.filter(names.sees)
    if !seen.isEmpty {
      let children = seen.map(names.incident).joined(separator: ", ")
      particulars.append(Particular(label: "Belong to it", value: children))
    }
    for change in around.changes {
      let text = change.text.map { ": \($0)" } ?? ""
      particulars.append(Particular(label: "Caused by change", value: change.reference + text))
    }
    return particulars
  }

  private var source: String {
    let reference = incident.source.reference.map { ", reference \($0)" } ?? ""
    return incident.source.kind.word + reference
  }

  private var declared: String {
    let by = incident.reporter.map { " by \(names.person($0))" } ?? ""
    return DisplayTime.text(incident.declaredAt) + by
  }

  /// How its priority was found, and whether that fits.
  var triage: [Particular] {
    let deliberation = incident.deliberation
    var particulars = deliberation.triaged?.particulars ?? []
    if deliberation.doubtedChoices > 0 {
      particulars.append(
        Particular(label: "Choices in doubt", value: "\(deliberation.doubtedChoices)"))
    }
    return particulars
  }

  static func words(_ factors: Classification.Factors) -> String {
    "\(factors.impact.word) impact, \(factors.urgency.word) urgency"
  }

  var clocks: [Particular] {
    let running = [incident.clocks.response, incident.clocks.resolution]
    let update = incident.clocks.update.map { [$0] } ?? []
    let told =
      (running + update).compactMap { clock in
        incident.clocks.state(of: clock.kind, at: now).flatMap { particular(clock, state: $0) }
      }
      + incident.clocks.superseded.compactMap {
        particular($0, state: $0.stateOnceSuperseded, isSuperseded: true)
      }
    let missed = incident.clocks.missedUpdates
    guard missed > 0 else { return told }
    return told + [Particular(label: "Updates that came late", value: "\(missed)")]
  }

  /// What it waited for, and whether its resolution clock stood still meanwhile.
  var waits: [Particular] {
    incident.clocks.extras.waits.map { wait in
      let until = wait.until.map { "until \(DisplayTime.text($0))" } ?? "goes on"
      return Particular(
        label: wait.cause.word,
        value: "from \(DisplayTime.text(wait.from)), \(until)"
          + (wait.isPause ? "; its resolution clock was paused" : ""))
    }
  }

  private func particular(
    _ clock: Clock, state: Clock.State, isSuperseded: Bool = false
  ) -> Particular? {
    guard let due = clock.dueAt else { return nil }
    let past =
      switch (isSuperseded, state) {
      case (true, .missed): ", superseded"
      case (true, _): ""
      case (false, _): clock.isPastLimit(at: now) ? ", past its limit" : ""
      }
    return Particular(
      label: clock.kind.word, value: "\(state.word)\(past); due \(DisplayTime.text(due))")
  }

  var team: [Particular] {
    Role.allCases.compactMap { role in
      let people = incident.roles.holders(of: role).map { names.person($0.person) }
      guard !people.isEmpty else { return nil }
      return Particular(label: role.word, value: people.joined(separator: ", "))
    }
  }

  var flags: [Particular] {
    Flag.allCases.flatMap { flag in
      incident.state(of: flag).map { particulars(of: flag, $0) } ?? []
    } + notification
  }

  /// Whether the breach is notified, once that is decided.
  private var notification: [Particular] {
    guard let decided = incident.sensitive.notification else { return [] }
    let choice = decided.choice.isNotified ? "notified" : "not notified"
    let by = names.person(decided.mark.person)
    return [
      Particular(
        label: "Data breach or loss: notification",
        value: "\(choice), decided on \(DisplayTime.text(decided.mark.at)) by \(by), because: "
          + decided.choice.reason)
    ]
  }

  private func particulars(of flag: Flag, _ state: Incident.FlagState) -> [Particular] {
    let name = flag == .cyber ? "Cyber security" : "Data breach or loss"
    var particulars = [
      Particular(
        label: "\(name): set",
        value: "\(DisplayTime.text(state.setAt)) by \(names.person(state.setBy))"),
      Particular(label: "\(name): became aware", value: DisplayTime.text(state.awareAt)),
    ]
    let reference = state.reference.map { ", reference \($0)" } ?? ""
    particulars.append(
      Particular(
        label: "\(name): \(flag.team) told",
        value: state.reportedAt.map { DisplayTime.text($0) + reference } ?? "not yet"))
    if let clearedAt = state.clearedAt {
      particulars.append(
        Particular(label: "\(name): cleared", value: DisplayTime.text(clearedAt)))
    }
    return particulars
  }
}

extension Source.Kind {
  /// As it is said to a person.
  fileprivate var word: String {
    switch self {
    case .alert: "an alert"
    case .firstLine: "1st line"
    case .staff: "a member of staff"
    case .supplier: "a supplier"
    case .watching: "a person watching the service"
    }
  }
}
