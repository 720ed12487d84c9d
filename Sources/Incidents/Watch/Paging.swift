package import Bytes

/// Whom an incident woke, and when it goes on to wake others (policy section 6).
package struct Paging: Hashable, Sendable {
  /// The latest, oldest first; at most ``Bound/pages``. All of them are in the ledger.
  package internal(set) var pages: [PersonalPage] = []
  /// The last step of the chain that was taken.
  package internal(set) var step = PageStep.lead
  /// When the chain goes on; nothing while it rests.
  package internal(set) var nextAt: Int64?
  /// What the chain runs for.
  package internal(set) var cause = PageCause.declared

  /// Nobody was woken.
  package init() {}
}

/// That somebody was woken for an incident.
package struct PersonalPage: Hashable, Sendable {
  /// Who.
  package var person: ID
  /// As which step of the chain.
  package var step: PageStep
  /// When, in milliseconds since 1970.
  package var at: Int64
  /// What became of it.
  package internal(set) var state: State

  /// What became of a page.
  package enum State: Hashable, Sendable {
    /// No answer yet.
    case waiting
    /// They answered.
    case answered(PageAnswer, at: Int64)
    /// Nobody waits for an answer any more.
    case superseded(at: Int64)

    /// Whether an answer is still wanted or may still change.
    package var isOpen: Bool {
      switch self {
      case .waiting, .answered: true
      case .superseded: false
      }
    }
  }
}

/// What one person answers to a page. It is theirs: the incident is not acknowledged by it.
package enum PageAnswer: Hashable, Sendable {
  /// They see to it now.
  case onIt
  /// They cannot: the next in the chain is woken at once.
  case cannotHelp
  /// They see to it in so many minutes, at most ``Bound/pageMinutes``.
  case eta(minutes: UInt32)
}

/// The steps of the chain, in their order.
package enum PageStep: UInt8, CaseIterable, Sendable {
  /// Who is on call as lead.
  case lead = 1
  /// Who is on call as second.
  case second = 2
  /// The leads of the team that owns the incident.
  case teamLeads = 3
  /// The department's duty contact.
  case dutyContact = 4
  /// Senior management.
  case seniorManagement = 5
  /// Everybody who was woken so far, once more.
  case again = 6

  /// As it is called in a sentence.
  package var word: String {
    switch self {
    case .lead: "on call as lead"
    case .second: "on call as second"
    case .teamLeads: "lead of the owning team"
    case .dutyContact: "the duty contact"
    case .seniorManagement: "senior management"
    case .again: "once more"
    }
  }

  /// The step after it; the last one comes again and again.
  var next: PageStep { PageStep(rawValue: rawValue + 1) ?? .again }
}

/// Why somebody is woken.
package enum PageCause: UInt8, CaseIterable, Sendable {
  /// It was declared, or became, a P1 or P2.
  case declared = 1
  /// Nobody before them took it.
  case unanswered = 2
  /// Everybody before them said that they cannot help.
  case cannotHelp = 3
  /// It was taken, and nothing has been heard since.
  case silence = 4
  /// It is a P3 or P4 that nobody acknowledged in half of the time for a response.
  case unacknowledged = 5
  /// Another alert joined those of an open P1 or P2, and its service asks for a page then.
  case newAlert = 6
}

extension PageCause {
  /// Why the next step is taken: what the chain runs for stays, but that it was only declared.
  func next(after cause: PageCause) -> PageCause {
    switch self {
    case .silence, .unacknowledged: self
    case .declared, .unanswered, .cannotHelp, .newAlert: cause
    }
  }
}

/// That a step of the chain was taken.
package struct Paged: Hashable, Sendable {
  /// The last step that it took.
  package var step: PageStep
  /// Who was woken, each as which step; nobody where there was nobody to wake.
  package var woken: [Woken]
  /// The steps at which there was nobody to wake.
  package var skipped: [PageStep]
  /// Why.
  package var cause: PageCause
  /// When the chain goes on; nothing where it does not.
  package var nextAt: Int64?

  /// Somebody who was woken.
  package struct Woken: Hashable, Sendable {
    /// Who.
    package var person: ID
    /// As which step of the chain.
    package var step: PageStep

    /// Somebody.
    package init(_ person: ID, as step: PageStep) {
      self.person = person
      self.step = step
    }
  }

  /// Who was woken, in the order of the chain.
  package var people: [ID] { woken.map(\.person) }

  /// A step, with the people of it and of those before that it took too.
  package init(
    step: PageStep, woken: [Woken], skipped: [PageStep], cause: PageCause, nextAt: Int64?
  ) {
    self.step = step
    self.woken = woken
    self.skipped = skipped
    self.cause = cause
    self.nextAt = nextAt
  }
}

/// That somebody answered a page.
package struct PageAnswered: Hashable, Sendable {
  /// Who.
  package var person: ID
  /// What.
  package var answer: PageAnswer
  /// When the chain goes on, as it is known then.
  package var nextAt: Int64?

  /// An answer.
  package init(person: ID, answer: PageAnswer, nextAt: Int64?) {
    self.person = person
    self.answer = answer
    self.nextAt = nextAt
  }
}

/// That senior management was told.
package struct Escalation: Hashable, Sendable {
  /// Whom; nobody for an exercise, of which only what would have been done is said.
  package var to: ID?
  /// The limit that was missed, if that was why.
  package var missedLimit: Int64?
  /// Why, if somebody asked for it.
  package var reason: String?

  /// An escalation.
  package init(to contact: ID?, missedLimit: Int64?, reason: String?) {
    to = contact
    self.missedLimit = missedLimit
    self.reason = reason
  }
}

/// How long the chain waits at a step for a P1 or P2, in seconds; at most ``Bound/escalationSeconds``. For
/// a P3 or P4 it waits half of the time for a response, in working hours.
package struct EscalationWaits: Hashable, Sendable {
  /// For a P1.
  package var p1: UInt32
  /// For a P2.
  package var p2: UInt32
  /// Once everybody was woken, until they are again.
  package var again: UInt32

  /// Five minutes, fifteen, and ten.
  package static let standard = EscalationWaits(p1: 300, p2: 900, again: 600)

  /// Waits.
  package init(p1: UInt32, p2: UInt32, again: UInt32) {
    self.p1 = p1
    self.p2 = p2
    self.again = again
  }

  /// How long a step of a P1 or P2 waits, in seconds.
  func seconds(of priority: Priority) -> UInt32 { priority == .p1 ? p1 : p2 }

  /// The steps that wait before senior management is woken, whose waits fit into the time for a response
  /// (policy section 6).
  static let waitingSteps: UInt32 = 4

  /// How long a step waits for an answer, in milliseconds.
  func wait(after step: PageStep, of priority: Priority) -> Int64 {
    let seconds =
      switch (step, priority) {
      case (.seniorManagement, _), (.again, _): again
      case (_, _): self.seconds(of: priority)
      }
    return Int64(seconds) * Span.second
  }
}

extension Settings {
  /// How long the chain waits.
  package var escalationWaits: EscalationWaits { extras.escalation ?? .standard }

  /// That everybody before senior management is woken within the time for a response.
  func checkChain() throws(Refusal) {
    for priority in [Priority.p1, .p2] {
      let target = extras.terms?.targets[priority] ?? .standard(priority)
      // In working hours a wait by the clock is not to be compared.
      guard target.isAlways, case .minutes(let minutes) = target.response else { continue }
      let most = minutes * 60 / EscalationWaits.waitingSteps
      let wait = escalationWaits.seconds(of: priority)
      guard wait > most else { continue }
      throw .invalid(
        "escalation",
        "A \(priority) is answered within \(target.response.text), and \(EscalationWaits.waitingSteps) steps "
          + "of the chain wait \(wait) seconds each. Let a step wait \(most) seconds or less, or give a "
          + "longer target.")
    }
  }
}
