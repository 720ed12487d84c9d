/// A part of what is said of an incident, by which somebody may look for it.
package enum SearchField: UInt8, CaseIterable, Sendable {
  /// The one line that it is called by.
  case title = 0
  /// What others call it: its own reference, the source's, the ticket.
  case reference = 1
  /// As it was declared.
  case description = 2
  /// Entries of its timeline, reasons, and what its alerts say.
  case entry = 3
  /// Communications that were sent.
  case update = 4
  /// The fix and the cause.
  case resolution = 5
  /// The post-incident review.
  case review = 6
}

/// Something that was said of an incident in people's words.
package struct Wording: Hashable, Sendable {
  /// What part of it.
  package var field: SearchField
  /// The words.
  package var text: String

  /// Words.
  package init(_ field: SearchField, _ text: String) {
    self.field = field
    self.text = text
  }
}

extension Fact {
  /// What it says in people's words, by which its incident is found. Nothing, where all of it is ids,
  /// times and choices.
  package var wording: [Wording] {
    pieces.compactMap { field, text in
      text.flatMap { $0.isEmpty ? nil : Wording(field, $0) }
    }
  }

  private var pieces: [(SearchField, String?)] {
    switch self {
    case .declared(let declared):
      [
        (.title, declared.title), (.reference, declared.reference),
        (.reference, declared.source.reference), (.description, declared.description),
        (.description, declared.unknownService),
      ]
    case .noted(let note): [(.entry, note.text)]
    case .updated(let update): [(.update, update.text)]
    case .priorityChanged(let change): [(.entry, change.reason)]
    case .ownerMoved(let move): [(.entry, move.reason)]
    case .statusMoved(let move): [(.entry, move.note)]
    case .restoredProposed(_, let text): [(.resolution, text)]
    case .resolved(let resolved): [(.resolution, resolved.fix), (.resolution, resolved.cause)]
    case .reviewed(let review, _, _): review.texts.map { (.review, $0) }
    case .closedByOverride(let reason, _): [(.entry, reason)]
    case .reopened(let reason): [(.entry, reason)]
    case .cancelled(let reason): [(.entry, reason)]
    case .duplicateSaid(_, let reason): [(.entry, reason)]
    case .flagSet(let raising, _): [(.entry, raising.note)]
    case .flagCleared(_, let reason): [(.entry, reason)]
    case .flagReported(let report): [(.reference, report.reference)]
    case .ticketRecorded(let reference, _): [(.reference, reference)]
    case .alertReported(let report):
      report.firing.flatMap { [(.entry, $0.name), (.entry, $0.summary)] }
    default: []
    }
  }
}

extension Review {
  /// All that it says, in the order in which it is read.
  fileprivate var texts: [String] {
    var texts = [summary, impact]
    switch cause {
    case .established(let text): texts.append(text)
    case .notEstablished(let text): texts.append(text)
    }
    texts += contributingFactors + wentWell + wentBadly
    switch actions {
    case .some(let list): texts += list.map(\.what)
    case .none(let reason): texts.append(reason)
    }
    return texts
  }
}
