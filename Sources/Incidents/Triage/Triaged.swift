/// What was triaged, what that suggested and what was chosen then: kept as it was, whatever the rules say
/// later.
package struct Triaged: Hashable, Sendable {
  /// The answers and the definition.
  package var triage: Triage
  /// What they suggested.
  package var suggestion: Suggestion
  /// What was chosen, or proposed.
  package var chosen: Priority

  /// The triage behind the choice of a priority.
  package init(_ triage: Triage, by matrix: PriorityMatrix, chosen: Priority) {
    self.init(triage: triage, suggestion: triage.suggestion(by: matrix), chosen: chosen)
  }

  init(triage: Triage, suggestion: Suggestion, chosen: Priority) {
    self.triage = triage
    self.suggestion = suggestion
    self.chosen = chosen
  }

  /// What does not fit together. Never forbidden: flagged, and counted.
  package enum Doubt: UInt8, CaseIterable, Sendable {
    /// The choice is two or more levels from what was suggested.
    case choice = 1
    /// The definition is more than one level from what the factors suggest.
    case anchor = 2
  }

  /// What does not fit together.
  package var doubts: [Doubt] {
    Doubt.allCases.filter { doubt in
      switch doubt {
      case .choice: suggestion.priority.distance(to: chosen) >= 2
      case .anchor:
        triage.anchor.map { suggestion.priority.distance(to: $0.priority) > 1 } ?? false
      }
    }
  }

  /// Each doubt as a sentence.
  package var doubtSentences: [String] {
    doubts.map { doubt in
      switch doubt {
      case .choice:
        "\(chosen) is \(suggestion.priority.distance(to: chosen)) levels from the suggested "
          + "\(suggestion.priority)."
      case .anchor:
        "The definition chosen is a \(triage.anchor?.priority ?? chosen), while the factors suggest "
          + "\(suggestion.priority)."
      }
    }
  }
}

extension Triaged.Doubt {
  /// Its word in the interface.
  package var slug: String {
    switch self {
    case .choice: "choice-far-from-suggestion"
    case .anchor: "anchor-far-from-factors"
    }
  }
}

extension Priority {
  /// How many levels lie between two.
  package func distance(to other: Priority) -> Int {
    abs(Int(rawValue) - Int(other.rawValue))
  }
}
