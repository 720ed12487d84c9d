internal import Bytes

/// How a priority was found and what is proposed, in words.
extension Triaged {
  func sentence(by who: String) -> String {
    let what =
      if let factors = suggestion.factors {
        "\(who) triaged it: \(factors.impact.word) impact and \(factors.urgency.word) urgency suggest "
          + "\(suggestion.priority)."
      } else {
        "\(who) triaged it as \(suggestion.priority)."
      }
    return ([what] + suggestion.reasons + definition + doubtSentences).joined(separator: " ")
  }

  /// The definition that was chosen beside the answers.
  private var definition: [String] {
    guard suggestion.factors != nil, let anchor = triage.anchor else { return [] }
    return ["Chosen: \(anchor.words)"]
  }

  /// What the report says of it: each answer, what it suggested and why, and what does not fit.
  var particulars: [IncidentReport.Particular] {
    var particulars = Triage.Factor.allCases.compactMap { factor in
      triage.answer(to: factor).map {
        IncidentReport.Particular(label: factor.question, value: $0.words)
      }
    }
    func add(_ label: String, _ values: [String], separator: String = " ") {
      guard !values.isEmpty else { return }
      particulars.append(.init(label: label, value: values.joined(separator: separator)))
    }
    add("Not answered", suggestion.unanswered.map(\.slug), separator: ", ")
    if let anchor = triage.anchor { add("Definition", ["\(anchor.priority): \(anchor.words)"]) }
    add("Suggested", ["\(suggestion.priority)"])
    add("Because", suggestion.reasons)
    add("Chosen", ["\(chosen)"])
    add("In doubt", doubtSentences)
    return particulars
  }
}

extension Incident {
  /// What triage asks and what was proposed, until somebody decides it.
  var deliberationDuties: [Duty] {
    deliberation.questions.map { flag in
      Duty(
        slug: "consider-\(flag.slug)",
        text: flag.question + " Set the flag, or say why not.")
    }
      + deliberation.proposals.map { open in
        let reason = open.proposal.reason.map { ": \($0)" } ?? "."
        return Duty(
          slug: "decide-proposal",
          text: "Decide proposal \(open.number), to \(open.proposal.matter.words)\(reason)")
      }
  }
}

extension Flag {
  /// What triage asks.
  package var question: String {
    switch self {
    case .cyber: "Is this a cyber security incident?"
    case .data: "Is this a data breach?"
    }
  }
}
