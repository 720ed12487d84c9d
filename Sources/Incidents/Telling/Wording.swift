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
    case .updated(let update): [(.update, update.text), (.entry, update.extras.delayReason)]
    case .communicationDrafted(let drafted):
      [(.update, drafted.text.subject), (.update, drafted.text.body)]
    case .communicationMoved(let moved): moved.step.pieces
    case .statusMoved(let move): [(.entry, move.note)]
    case .restoredProposed(_, let text): [(.resolution, text)]
    case .resolved(let resolved): [(.resolution, resolved.fix), (.resolution, resolved.cause)]
    case .reviewed(let review, _, _): review.texts.map { (.review, $0) }
    case .flagSet(let raising, _): [(.entry, raising.note)]
    case .flagReported(let report): [(.reference, report.reference), (.entry, report.by)]
    case .ticketRecorded(let reference, _): [(.reference, reference)]
    case .alertReported(let report):
      report.firing.flatMap { [(.entry, $0.name), (.entry, $0.summary)] }
    case .assessed(let assessment, _):
      [(.entry, assessment.what), (.entry, assessment.affected), (.entry, assessment.next)]
    case .faceMoved(.draft(let notice)): [(.entry, notice.title), (.entry, notice.body)]
    case .related(.causedBy(let change)):
      [(.reference, change.reference), (.reference, change.link), (.entry, change.text)]
    case .engaged(.supplier(let supplier)):
      [(.entry, supplier.name), (.reference, supplier.reference)]
    case .answered(let answer, _): [(.entry, answer.text)]
    case .reachStated(.allStaffNotNeeded(let because)): [(.entry, because)]
    case .waitingBegan(let began): [(.entry, began.note)]
    default: [(.entry, reason)]
    }
  }

  /// The reason that somebody gave for it.
  private var reason: String? {
    switch self {
    case .closedByOverride(let reason, _), .reopened(let reason), .cancelled(let reason),
      .flagCleared(_, let reason), .flagDismissed(_, let reason), .holdReleased(let reason),
      .proposalDeclined(_, _, let reason), .delayExplained(let reason, _),
      .reasonGiven(let reason, _), .sightChanged(.widen(let reason)):
      reason
    case .priorityChanged(let change): change.reason
    case .ownerMoved(let move): move.reason
    case .leadServiceSet(let set): set.reason
    case .duplicateSaid(_, let reason): reason
    case .proposed(let proposal, _): proposal.reason
    case .notificationDecided(let choice): choice.reason
    case .escalated(let escalation): escalation.reason
    case .holdSet(let hold): hold.reason
    default: nil
    }
  }

  /// Everything that people and their systems said in it, also that by which nobody looks for an incident:
  /// what must be looked for elsewhere once the entry is withheld.
  package var texts: [String] {
    let asides: [String?] =
      switch self {
      case .communicationDrafted(let drafted):
        [drafted.draft.what, drafted.draft.affected, drafted.draft.meanwhile]
          + [drafted.draft.delayReason]
      case .communicationMoved(let moved): moved.step.outcome
      case .alertReported(let report): report.resolved.flatMap { [$0.name, $0.summary] }
      case .alertsRestated(let restated):
        restated.groups.flatMap(\.members).flatMap { [$0.name, $0.summary] }
      case .engaged(.supplier(let supplier)): [supplier.outOfHours]
      case .ownerMoved(let move): [move.extras?.supplier]
      case .stakeholderChanged(let change): [change.stakeholder.writtenAddress]
      case .inherited(let inheritance): inheritance.texts
      default: []
      }
    return wording.map(\.text) + asides.compactMap { $0 }.filter { !$0.isEmpty }
  }
}

extension CommunicationMoved.Step {
  fileprivate var pieces: [(SearchField, String?)] {
    switch self {
    case .sent(let sent):
      [(.update, sent.what), (.entry, sent.delayReason), (.entry, sent.overrideReason)]
    case .withdrawn(let reason): [(.entry, reason)]
    case .approved, .delivered: []
    }
  }

  /// What became of it for some of its recipients.
  fileprivate var outcome: [String?] {
    if case .delivered(let delivery) = self { [delivery.group, delivery.detail] } else { [] }
  }
}

extension InformedParty {
  /// The address, where it is of nobody that we know.
  fileprivate var writtenAddress: String? {
    if case .address(let address) = self { address } else { nil }
  }
}

extension Inheritance {
  fileprivate var texts: [String?] {
    let flags = [cyber, data].flatMap { [$0?.reference] }
    guard let extras else { return flags }
    return flags + extras.changes.flatMap { [$0.reference, $0.link, $0.text] }
      + extras.suppliers.flatMap { [$0.name, $0.reference, $0.outOfHours] }
      + extras.stakeholders.map(\.writtenAddress)
      + extras.faces.flatMap { [$0.text.title, $0.text.body] }
      + [extras.notification?.choice.reason]
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
