/// What happened, with each correction beside what it corrects.
extension ReportTeller {
  var lines: [IncidentReport.Line] {
    // Where a correction of a correction stands: beside the entry that both are about.
    var roots: [UInt64: UInt64] = [:]
    var corrections: [UInt64: [IncidentReport.Line]] = [:]
    var lines: [IncidentReport.Line] = []
    let known = Set(timeline.map(\.position))
    for entry in timeline.sorted(by: { ($0.at, $0.position) < ($1.at, $1.position) }) {
      guard let target = entry.corrects, known.contains(target), target < entry.position else {
        lines.append(line(entry))
        continue
      }
      let root = roots[target] ?? target
      roots[entry.position] = root
      corrections[root, default: []].append(line(entry))
    }
    for place in lines.indices {
      lines[place].corrections = (corrections[lines[place].position] ?? [])
        .sorted { $0.position < $1.position }
    }
    return lines
  }

  private func line(_ entry: TimelineEntry) -> IncidentReport.Line {
    IncidentReport.Line(
      at: entry.at, recordedAt: entry.stamp - entry.at >= Span.minute ? entry.stamp : nil,
      position: entry.position, type: entry.type,
      text: entry.event.sentence(by: entry.actor, names: names), corrections: [])
  }
}

extension TimelineEntry {
  /// The entry that it corrects.
  fileprivate var corrects: UInt64? {
    guard case .noted(let note) = event.fact, note.kind == .correction else { return nil }
    return note.corrects
  }

  /// What sort of entry it is, for a person.
  fileprivate var type: String {
    switch event.fact {
    case .noted(let note): note.kind.word
    case .updated: Note.Kind.communication.word
    case .alertReported, .alertCleared, .clearedWithoutAction: "alert"
    case .priorityChanged, .statusMoved, .resolved, .closedByOverride, .reviewWaived, .cancelled:
      Note.Kind.decision.word
    default: "event"
    }
  }
}

extension Note.Kind {
  /// As it is said to a person.
  package var word: String {
    switch self {
    case .action: "action"
    case .decision: "decision"
    case .discussion: "discussion"
    case .finding: "finding"
    case .communication: "communication"
    case .evidence: "evidence"
    case .correction: "correction"
    }
  }
}
