package import Bytes

/// Something that is told, or shall be: to whom, in what words, and how far it has come (guidance 6.2,
/// step 7; policy section 7).
package struct Communication: Hashable, Sendable {
  /// How long a second person is waited for before an all-staff message may go without, in
  /// milliseconds (policy section 5).
  package static let approvalWait = 5 * Span.minute

  /// For ever.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// What it is about.
  package var incident: ID
  /// To whom, and what its author said.
  package var draft: CommunicationDraft
  /// How it reads.
  package var text: CommunicationText
  /// Who wrote what it says now.
  package var author: ID
  /// When it came to read as it does.
  package var draftedAt: Int64
  /// Who agreed to that, and when.
  package var approval: Incident.Mark?
  /// How far it has come.
  package var state: State
  /// Who sent or withdrew it, and when.
  package var ending: Incident.Mark?
  /// Why it was withdrawn, or why it went without approval.
  package var reason: String?
  /// What became of it, one for each group of recipients, in the order in which they were first said;
  /// at most ``Bound/list``.
  package var deliveries: [Delivery]

  /// How far a communication has come.
  package enum State: UInt8, CaseIterable, Sendable {
    /// It is written.
    case draft = 1
    /// Somebody else agreed to it.
    case approved = 2
    /// It was sent.
    case sent = 3
    /// It shall not be sent.
    case withdrawn = 4
    /// It belongs to an exercise, whose all-staff messages and status page stay at home.
    case wouldHaveBeenSent = 5

    /// Whether it is still to be sent or withdrawn.
    package var isOpen: Bool { self == .draft || self == .approved }
  }

  /// What became of it for a group of its recipients.
  package struct Delivery: Hashable, Sendable {
    /// Which recipients, at most ``Bound/name`` bytes.
    package var group: String
    /// What became of it.
    package var outcome: Outcome
    /// When, in milliseconds since 1970.
    package var at: Int64
    /// More about it, at most ``Bound/reason`` bytes.
    package var detail: String?

    /// What becomes of what is sent.
    package enum Outcome: UInt8, CaseIterable, Sendable {
      /// It waits for its turn.
      case queued = 1
      /// It arrived, as far as anybody can say.
      case sent = 2
      /// It did not.
      case failed = 3
      /// Nobody knows.
      case uncertain = 4
    }

    /// A result.
    package init(group: String, outcome: Outcome, at: Int64, detail: String? = nil) {
      self.group = group
      self.outcome = outcome
      self.at = at
      self.detail = detail
    }
  }
}

/// How a communication reads.
package struct CommunicationText: Hashable, Sendable {
  /// One line, at most ``Bound/told`` bytes like the whole.
  package var subject: String
  /// The whole, at most ``Bound/told`` bytes.
  package var body: String

  /// What every text of an exercise begins with (policy section 10).
  package static let exercise = "EXERCISE: "

  /// A text.
  package init(subject: String, body: String) {
    self.subject = subject
    self.body = body
  }

  /// As it is said of an incident: an exercise says so first.
  package func marked(isExercise: Bool) -> CommunicationText {
    CommunicationText(
      subject: Self.marked(subject, isExercise: isExercise),
      body: Self.marked(body, isExercise: isExercise))
  }

  /// A text as it is shown to people: one of an exercise says so first, and once.
  package static func marked(_ text: String, isExercise: Bool) -> String {
    !isExercise || text.hasPrefix(exercise) ? text : exercise + text
  }
}

extension CommunicationUpdate.Audience {
  /// Whether it is more than those whom the incident concerns: a drill never reaches them.
  package var isWide: Bool {
    switch self {
    case .team, .stakeholders: false
    case .allStaff, .statusPage: true
    }
  }
}

extension ID {
  /// An id of something that follows from a known one, the same on every replica: there is no chance
  /// while events are made true.
  ///
  /// - Parameters:
  ///   - version: Of what the known id is of.
  ///   - place: To tell apart what follows from one version, less than 256.
  package init(following base: ID, version: UInt64, place: UInt64) {
    // The finaliser of SplitMix64, which gives different numbers for different ones.
    var z = version &<< 8 | place
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    self.init(high: base.high, low: base.low ^ (z ^ (z >> 31)))
  }
}
