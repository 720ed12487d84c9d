package import Bytes

extension Incident {
  /// How its priority was found, what is asked because of that, and what people propose.
  package struct Deliberation: Hashable, Sendable {
    /// The latest triage.
    package internal(set) var triaged: Triaged?
    /// How often a choice did not fit what was suggested; see ``Triaged/doubts``.
    package internal(set) var doubtedChoices: UInt32 = 0
    /// The flags that somebody should set, or say that they do not hold; in the order of flags.
    package internal(set) var questions: [Flag] = []
    /// The matrix that it runs under, if it is not that of guidance 2.3.
    package internal(set) var matrix: PriorityMatrix?
    /// What was proposed and is not decided, in that order; at most ``Bound/proposals``.
    package internal(set) var proposals: [OpenProposal] = []
    /// How much was proposed so far: the number of the last proposal.
    package internal(set) var proposed: UInt32 = 0

    /// Nothing.
    package init() {}
  }

  /// Something that was proposed and is not decided.
  package struct OpenProposal: Hashable, Sendable {
    /// Counted from 1 for each incident.
    package var number: UInt32
    /// Who proposes it.
    package var person: ID
    /// When.
    package var at: Int64
    /// What and why.
    package var proposal: Proposal
  }

  /// How its priority was found, what is asked because of that, and what people propose.
  package var deliberation: Deliberation { extras.deliberation ?? Deliberation() }

  /// The matrix that it runs under: what it was declared under (policy section 2).
  package var matrix: PriorityMatrix { extras.deliberation?.matrix ?? .standard }

  mutating func deliberate(_ body: (inout Deliberation) -> Void) {
    var changed = deliberation
    body(&changed)
    // Nothing has one form.
    extras.deliberation = changed == Deliberation() ? nil : changed
  }
}

/// How it changes.
extension Incident {
  mutating func take(_ triaged: Triaged) {
    let news = triaged.triage.questions.filter { state(of: $0) == nil }
    // What was said of its reach before is said anew.
    if triaged.triage.scope != nil { extras.outreach.affectsAll = nil }
    deliberate {
      $0.triaged = triaged
      if !triaged.doubts.isEmpty { $0.doubtedChoices += 1 }
      let asked = $0.questions
      $0.questions = Flag.allCases.filter { asked.contains($0) || news.contains($0) }
    }
  }

  /// A flag was set, or said not to hold.
  mutating func answer(_ flag: Flag) {
    deliberate { $0.questions.removeAll { $0 == flag } }
  }

  mutating func take(_ proposal: Proposal, by person: ID, at stamp: Int64) {
    deliberate {
      $0.proposed += 1
      $0.proposals.append(
        OpenProposal(number: $0.proposed, person: person, at: stamp, proposal: proposal))
    }
  }

  mutating func settle(_ number: UInt32) {
    deliberate { $0.proposals.removeAll { $0.number == number } }
  }

  /// What was decided answers what was proposed about it: a confirmed priority the proposals of one, and
  /// an end whatever could only be done before.
  mutating func settleProposals() {
    guard extras.deliberation?.proposals.isEmpty == false else { return }
    let status = status
    deliberate {
      $0.proposals.removeAll { status.refusal(of: $0.proposal.matter.kind) != nil }
    }
  }

  mutating func settleProposedPriorities() {
    deliberate { $0.proposals.removeAll { $0.proposal.matter.kind == .setPriority } }
  }
}
