/// What an incident report is made of (guidance 6.2 step 1): which sections, in which order, under which
/// titles, and what is asked for where nothing was said yet. A setting of the department.
package struct ReportTemplate: Hashable, Sendable {
  /// The sections, each at most once.
  package var parts: [Part]

  /// A section as the department wants it.
  package struct Part: Hashable, Sendable {
    /// Which.
    package var section: ReportSection
    /// Its heading, at most ``Bound/title`` bytes; the usual one if there is none.
    package var title: String?
    /// What belongs there, told while nothing does; at most ``Bound/reason`` bytes.
    package var help: String?

    /// A section.
    package init(_ section: ReportSection, title: String? = nil, help: String? = nil) {
      self.section = section
      self.title = title
      self.help = help
    }
  }

  /// A template.
  package init(parts: [Part]) { self.parts = parts }

  /// The one that is shipped: every section, in the order in which a reader who was not there wants them.
  /// The lead's first assessment is its first line (policy section 4, step 5).
  package static let standard = ReportTemplate(parts: [
    Part(.assessment, help: "What is it, who is affected, and what is done next?"),
    Part(.glance), Part(.priority), Part(.clocks),
    Part(
      .team, help: "Who leads, who keeps stakeholders informed, and who writes everything down?"),
    Part(.reported, help: "What did whoever reported it see?"),
    Part(.fix, help: "What restored the service?"),
    Part(.cause, help: "What was the root cause, if it is known?"),
    Part(
      .review,
      help:
        "Summary, impact, times, cause, what went well and what did not, and what is done so that "
        + "it does not happen again."),
    Part(
      .communications,
      help: "What were stakeholders told, and all staff if the whole department was affected?"),
    Part(.flags), Part(.handOvers), Part(.exceptions), Part(.timeline), Part(.owed),
    Part(.versions),
  ])
}

/// A section that a report can have.
package enum ReportSection: UInt8, CaseIterable, Sendable {
  /// Particulars.
  case glance = 1
  /// Each priority that it had, with reasons.
  case priority = 2
  /// What was due, and whether it was met.
  case clocks = 3
  /// Who had which role, from when to when.
  case team = 4
  /// As it was declared.
  case reported = 5
  /// What restored the service.
  case fix = 6
  /// The root cause.
  case cause = 7
  /// The latest finished review and its actions.
  case review = 8
  /// What was sent to whom.
  case communications = 9
  /// Cyber security and data breach, and what was reported.
  case flags = 10
  /// Who owned it, and where it came back.
  case handOvers = 11
  /// Overrides and waivers.
  case exceptions = 12
  /// Everything that happened.
  case timeline = 13
  /// What is still owed.
  case owed = 14
  /// Who wrote which version of it.
  case versions = 15
  /// The lead's first assessment.
  case assessment = 16

  /// The usual heading.
  package var title: String {
    switch self {
    case .glance: "At a glance"
    case .priority: "Priority"
    case .clocks: "Clocks"
    case .team: "Incident team"
    case .reported: "What was reported"
    case .fix: "Fix"
    case .cause: "Cause"
    case .review: "Review"
    case .communications: "Communications"
    case .flags: "Cyber security and data"
    case .handOvers: "Hand-overs"
    case .exceptions: "Overrides and waivers"
    case .timeline: "Timeline"
    case .owed: "Open duties"
    case .versions: "Versions of this report"
    case .assessment: "First assessment"
    }
  }

  /// Its stable name, such as `hand-overs`.
  package var slug: String {
    switch self {
    case .glance: "glance"
    case .priority: "priority"
    case .clocks: "clocks"
    case .team: "team"
    case .reported: "reported"
    case .fix: "fix"
    case .cause: "cause"
    case .review: "review"
    case .communications: "communications"
    case .flags: "flags"
    case .handOvers: "hand-overs"
    case .exceptions: "exceptions"
    case .timeline: "timeline"
    case .owed: "owed"
    case .versions: "versions"
    case .assessment: "assessment"
    }
  }
}
