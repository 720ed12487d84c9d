internal import Bytes

/// The incident report (guidance 6.2): what is known, in sections, from the first minute on.
package struct IncidentReport: Hashable, Sendable {
  /// "INC-XXXXX-XXXXX: title", beginning with "EXERCISE" for one.
  package var heading: String
  /// What must be read before anything else.
  package var banners: [String]
  /// Its sections, in the order of the template. None is empty.
  package var sections: [Section]

  /// A part of the report.
  package struct Section: Hashable, Sendable {
    /// Its heading.
    package var title: String
    /// What it says.
    package var content: Content
  }

  /// What a section says.
  package enum Content: Hashable, Sendable {
    /// A label and a value, one a line.
    case particulars([Particular])
    /// What people wrote, one paragraph after another.
    case paragraphs([String])
    /// Points of a list.
    case points([String])
    /// Sentences with their times, oldest first.
    case timeline([Line])
  }

  /// A label and a value.
  package struct Particular: Hashable, Sendable {
    /// The label.
    package var label: String
    /// The value.
    package var value: String
  }

  /// A sentence with its time.
  package struct Line: Hashable, Sendable {
    /// When it happened.
    package var at: Int64
    /// When it was recorded, if that was a minute or more later.
    package var recordedAt: Int64?
    /// The ledger position, by which a correction points at it.
    package var position: UInt64
    /// What happened.
    package var text: String
  }

  /// The report as it stands at `now`.
  ///
  /// - Parameter contacts: Who is told of a flag, and how.
  package init(
    _ incident: Incident, timeline: [TimelineEntry], names: Names, at now: Int64,
    contacts: SpecialContacts = SpecialContacts()
  ) {
    let exercise = incident.isExercise ? "EXERCISE: " : ""
    heading = "\(exercise)\(incident.reference.text): \(incident.title)"
    banners = incident.banners(contacts)
    sections = []
    add("At a glance", .particulars(Self.glance(incident, names)))
    add("Clocks", .particulars(Self.clocks(incident, now)))
    add("Incident team", .particulars(Self.team(incident, names)))
    add("Triage", .particulars(Self.triage(incident)))
    add("What was reported", .paragraphs([incident.description].filter { !$0.isEmpty }))
    if let resolved = incident.resolved {
      add("Fix", .paragraphs([resolved.fix]))
      add("Cause", .paragraphs([resolved.cause ?? "Not known."]))
    }
    addReview(timeline, names)
    add("Timeline", .timeline(Self.lines(timeline, names)))
    add("Open duties", .points(incident.duties(at: now).map(Self.point)))
  }

  private mutating func add(_ title: String, _ content: Content) {
    let isEmpty =
      switch content {
      case .particulars(let particulars): particulars.isEmpty
      case .paragraphs(let texts), .points(let texts): texts.isEmpty
      case .timeline(let lines): lines.isEmpty
      }
    if !isEmpty { sections.append(Section(title: title, content: content)) }
  }

  private static func glance(_ incident: Incident, _ names: Names) -> [Particular] {
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
        Particular(
          label: "Impact and urgency",
          value: "\(factors.impact.word) impact, \(factors.urgency.word) urgency"))
    }
    let service =
      incident.service.map(names.service)
      ?? incident.unknownService.map { "unknown: \($0)" } ?? "not known"
    particulars += [
      Particular(label: "Service", value: service),
      Particular(
        label: "Owner",
        value: "\(names.team(incident.teams.owner)), \(incident.teams.ownerLine.word)"),
      Particular(label: "Began", value: DisplayTime.text(incident.beganAt)),
      Particular(label: "Declared", value: DisplayTime.text(incident.declaredAt)),
    ]
    if let acknowledgement = incident.acknowledgement {
      particulars.append(
        Particular(
          label: "Acknowledged",
          value: "\(DisplayTime.text(acknowledgement.at)) by "
            + names.person(acknowledgement.person)))
    }
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
    if let ticket = incident.ticket, !ticket.reference.isEmpty {
      particulars.append(Particular(label: "Ticket", value: ticket.reference))
    }
    return particulars
  }

  private static func clocks(_ incident: Incident, _ now: Int64) -> [Particular] {
    let running = [incident.clocks.response, incident.clocks.resolution]
    let update = incident.clocks.update.map { [$0] } ?? []
    return (running + update).compactMap { clock in
      incident.clocks.state(of: clock.kind, at: now).flatMap { particular(clock, state: $0, now) }
    }
      + incident.clocks.superseded.compactMap {
        particular($0, state: $0.stateOnceSuperseded, isSuperseded: true, now)
      }
  }

  private static func particular(
    _ clock: Clock, state: Clock.State, isSuperseded: Bool = false, _ now: Int64
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

  private static func triage(_ incident: Incident) -> [Particular] {
    let deliberation = incident.deliberation
    var particulars = deliberation.triaged?.particulars ?? []
    if deliberation.doubtedChoices > 0 {
      particulars.append(
        Particular(label: "Choices in doubt", value: "\(deliberation.doubtedChoices)"))
    }
    return particulars
  }

  private static func team(_ incident: Incident, _ names: Names) -> [Particular] {
    Role.allCases.compactMap { role in
      let people = incident.roles.holders(of: role).map { names.person($0.person) }
      guard !people.isEmpty else { return nil }
      return Particular(label: role.word, value: people.joined(separator: ", "))
    }
  }

  private mutating func addReview(_ timeline: [TimelineEntry], _ names: Names) {
    var latest: Review?
    for entry in timeline {
      if case .reviewed(let review, _, _) = entry.event.fact { latest = review }
    }
    guard let review = latest else { return }
    add("Review: summary", .paragraphs([review.summary]))
    add("Review: impact", .paragraphs([review.impact]))
    let times = [
      ("Began", review.beganAt), ("Detected", review.detectedAt),
      ("Mitigated", review.mitigatedAt),
    ]
    add(
      "Review: times",
      .particulars(
        times.compactMap { label, time in
          time.map { Particular(label: label, value: DisplayTime.text($0)) }
        }))
    switch review.cause {
    case .established(let cause): add("Review: cause", .paragraphs([cause]))
    case .notEstablished(let because):
      add("Review: cause", .paragraphs(["Not established, because: \(because)"]))
    }
    add("Review: contributing factors", .points(review.contributingFactors))
    add("Review: what went well", .points(review.wentWell))
    add("Review: what did not", .points(review.wentBadly))
    switch review.actions {
    case .none(let because):
      add("Review: actions", .paragraphs(["None, because: \(because)"]))
    case .some(let actions):
      add(
        "Review: actions",
        .points(
          actions.map {
            "\($0.what) (\(names.person($0.owner)), by \(DisplayTime.text($0.due)))"
          }))
    }
    add("Review: who took part", .points(review.attendees.map(names.person)))
  }

  private static func lines(_ timeline: [TimelineEntry], _ names: Names) -> [Line] {
    timeline
      .sorted { ($0.at, $0.position) < ($1.at, $1.position) }
      .map { entry in
        Line(
          at: entry.at,
          recordedAt: entry.stamp - entry.at >= Span.minute ? entry.stamp : nil,
          position: entry.position,
          text: entry.event.sentence(by: entry.actor, names: names))
      }
  }

  private static func point(_ duty: Duty) -> String {
    duty.dueAt.map { "\(duty.text) Due \(DisplayTime.text($0))." } ?? duty.text
  }
}

extension Clock.Kind {
  /// As it is called in a report.
  package var word: String {
    switch self {
    case .response: "Response"
    case .resolution: "Resolution"
    case .update: "Next update"
    }
  }
}
