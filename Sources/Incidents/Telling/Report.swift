package import Bytes

/// The incident report (guidance 6.2): what is known, in sections, from the first minute on.
///
/// One value for every form: HTML, Markdown and JSON say the same, and what is withheld from it is in
/// none of them.
package struct IncidentReport: Hashable, Sendable {
  /// The incident.
  package var incident: ID
  /// "INC-XXXXX-XXXXX: title", beginning with "EXERCISE" for one.
  package var heading: String
  /// The ledger position and the time, in milliseconds since 1970, that it tells the incident as of.
  /// What people, teams and services are called is as it is now.
  package var asOf: Moment
  /// What must be read before anything else.
  package var banners: [String]
  /// Its sections, in the order of the template. One that is empty asks for what belongs there, or is not
  /// there.
  package var sections: [Section]
  /// What is withheld from it and why, a sentence each. Only a redacted version has any.
  package var withheld: [String] = []

  /// A point of the ledger.
  package struct Moment: Hashable, Sendable {
    /// The last row that counts.
    package var position: UInt64
    /// The time at which it is told.
    package var at: Int64

    /// A point.
    package init(position: UInt64, at: Int64) {
      self.position = position
      self.at = at
    }
  }

  /// A part of the report.
  package struct Section: Hashable, Sendable {
    /// Which.
    package var section: ReportSection
    /// Its heading.
    package var title: String
    /// What belongs there, while nothing does.
    package var help: String?
    /// What it says.
    package var parts: [Part]
  }

  /// A piece of a section.
  package struct Part: Hashable, Sendable {
    /// Its heading, if it has one of its own.
    package var title: String?
    /// What it says.
    package var content: Content

    /// A piece.
    package init(_ content: Content, title: String? = nil) {
      self.title = title
      self.content = content
    }
  }

  /// What a piece says.
  package enum Content: Hashable, Sendable {
    /// A label and a value, one a line.
    case particulars([Particular])
    /// What people wrote, one paragraph after another.
    case paragraphs([String])
    /// Points of a list.
    case points([String])
    /// Rows under headings.
    case table(Table)
    /// Sentences with their times, oldest first.
    case timeline([Line])

    /// Whether it says nothing.
    package var isEmpty: Bool {
      switch self {
      case .particulars(let particulars): particulars.isEmpty
      case .paragraphs(let texts), .points(let texts): texts.isEmpty
      case .table(let table): table.rows.isEmpty
      case .timeline(let lines): lines.isEmpty
      }
    }
  }

  /// A label and a value.
  package struct Particular: Hashable, Sendable {
    /// The label.
    package var label: String
    /// The value.
    package var value: String
  }

  /// Rows under headings, each with as many cells.
  package struct Table: Hashable, Sendable {
    /// What the columns are.
    package var headings: [String]
    /// The rows.
    package var rows: [[String]]
  }

  /// A sentence with its time.
  package struct Line: Hashable, Sendable {
    /// When it happened.
    package var at: Int64
    /// When it was recorded, if that was a minute or more later.
    package var recordedAt: Int64?
    /// The ledger position, by which a correction points at it.
    package var position: UInt64
    /// What sort of entry it is, such as "decision".
    package var type: String
    /// What happened.
    package var text: String
    /// What corrects it, oldest first: beside it, and not once more in its own place.
    package var corrections: [Line]
  }

  /// The report as it stands at `now`.
  ///
  /// - Parameters:
  ///   - incident: As it is, or was.
  ///   - timeline: What happened up to then.
  ///   - names: What people, teams and services are called.
  ///   - now: In milliseconds since 1970.
  ///   - position: The last row of the ledger that counts; that of the last entry if none is given.
  ///   - template: Which sections, and in which order.
  ///   - contacts: Who is told of a flag, and how.
  package init(
    _ incident: Incident, timeline: [TimelineEntry], names: Names, at now: Int64,
    asOf position: UInt64? = nil, template: ReportTemplate = .standard,
    contacts: SpecialContacts = SpecialContacts()
  ) {
    self.incident = incident.id
    heading = CommunicationText.marked(
      "\(incident.reference.text): \(incident.title)", isExercise: incident.isExercise)
    asOf = Moment(position: position ?? timeline.last?.position ?? 0, at: now)
    banners = incident.banners(contacts)
    let teller = ReportTeller(incident: incident, timeline: timeline, names: names, now: now)
    sections = template.parts.compactMap { part in
      let told = teller.parts(of: part.section).filter { !$0.content.isEmpty }
      let help = told.isEmpty && incident.awaits(part.section) ? part.help : nil
      guard !told.isEmpty || help != nil else { return nil }
      return Section(
        section: part.section, title: part.title ?? part.section.title, help: help, parts: told)
    }
  }
}

extension Incident {
  /// Whether a section of its report that says nothing may still be written: a first assessment is asked
  /// for on a P1 or P2 alone.
  fileprivate func awaits(_ section: ReportSection) -> Bool {
    !status.isOver && (section != .assessment || classification.priority.isHigh)
  }
}

/// Tells one section after another of one incident.
struct ReportTeller {
  let incident: Incident
  let timeline: [TimelineEntry]
  let names: Names
  let now: Int64

  typealias Part = IncidentReport.Part
  typealias Particular = IncidentReport.Particular
  typealias Table = IncidentReport.Table

  func parts(of section: ReportSection) -> [Part] {
    switch section {
    case .glance: [Part(.particulars(glance))]
    case .priority: [Part(.table(priorities)), Part(.particulars(triage), title: "Triage")]
    case .clocks: [Part(.particulars(clocks)), Part(.particulars(waits), title: "Waited for")]
    case .team: [Part(.particulars(team)), Part(.table(tenures), title: "Who had which role")]
    case .reported: [Part(.paragraphs([incident.description].filter { !$0.isEmpty }))]
    case .fix: [Part(.paragraphs(incident.resolved.map { [$0.fix] } ?? []))]
    case .cause: cause
    case .review: review
    case .communications: [Part(.table(communications))]
    case .flags: [Part(.particulars(flags))]
    case .handOvers: [Part(.table(handOvers))]
    case .exceptions: [Part(.points(exceptions))]
    case .timeline: [Part(.timeline(lines))]
    case .owed: [Part(.points(incident.duties(at: now).map(point)))]
    case .versions: [Part(.table(versions))]
    case .assessment: [Part(.particulars(assessment))]
    }
  }

  private func point(_ duty: Duty) -> String {
    duty.dueAt.map { "\(duty.text) (due \(DisplayTime.text($0)))" } ?? duty.text
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
