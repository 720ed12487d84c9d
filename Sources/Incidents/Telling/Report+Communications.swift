internal import Bytes

/// What was told: to whom, by whom, with whose agreement, and what became of it (policy section 7).
extension ReportTeller {
  /// What was sent, in the order of the timeline.
  var communications: Table {
    let steps = CommunicationSteps(timeline, names)
    return Table(
      headings: [
        "When", "To", "By", "Agreed to by", "Sent by", "Why late", "What became of it", "What",
      ],
      rows: timeline.compactMap { entry in
        let who = names.actor(entry.actor)
        switch entry.event.fact {
        case .updated(let update):
          return row(
            entry, update.audience, by: who, late: update.extras.delayReason, what: update.text)
        case .communicationMoved(let moved):
          guard case .sent(let sent) = moved.step else { return nil }
          let id = moved.communication
          return row(
            entry, moved.audience, by: steps.authors[id] ?? who, agreed: steps.approvers[id],
            late: sent.delayReason, results: steps.results[id] ?? [], what: sent.what)
        case .noted(let note) where note.kind == .communication:
          return [DisplayTime.text(entry.at), "as noted", who, "", "", "", "", note.text]
        default: return nil
        }
      })
  }

  private func row(
    _ entry: TimelineEntry, _ audience: CommunicationUpdate.Audience, by author: String,
    agreed approver: String? = nil, late reason: String?, results: [String] = [], what: String
  ) -> [String] {
    let isHome = entry.event.exercise && audience.isWide
    return [
      DisplayTime.text(entry.at), audience.word, author, approver ?? "",
      names.actor(entry.actor), reason ?? "",
      isHome ? "would have been sent" : results.joined(separator: "; "), what,
    ]
  }
}

/// Who wrote what was sent, who agreed to it, and what became of it, by its id.
private struct CommunicationSteps {
  private(set) var authors: [ID: String] = [:]
  private(set) var approvers: [ID: String] = [:]
  private(set) var results: [ID: [String]] = [:]

  init(_ timeline: [TimelineEntry], _ names: Names) {
    for entry in timeline {
      let who = names.actor(entry.actor)
      switch entry.event.fact {
      case .communicationDrafted(let drafted):
        let id = drafted.draft.id
        authors[id] = authors[id] ?? who
        // What is written anew is agreed to anew.
        approvers[id] = nil
      case .communicationMoved(let moved):
        switch moved.step {
        case .approved: approvers[moved.communication] = who
        case .sent(let sent): if sent.approves { approvers[moved.communication] = who }
        case .delivered(let delivery):
          results[moved.communication, default: []].append(
            "\(delivery.outcome.phrase) \(delivery.group)")
        case .withdrawn: break
        }
      default: break
      }
    }
  }
}
