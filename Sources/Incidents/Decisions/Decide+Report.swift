internal import Bytes

// What a report is made of, which versions of it are kept, and reviews that are not held.

extension Hearing {
  func check(_ template: ReportTemplate) throws(Refusal) {
    guard !template.parts.isEmpty else {
      throw .invalid("reportTemplate", "A report has at least one section.")
    }
    for (place, part) in template.parts.enumerated() {
      if template.parts[..<place].contains(where: { $0.section == part.section }) {
        throw .invalid("reportTemplate", "The section \(part.section.slug) is named twice.")
      }
      if let title = part.title { try Check.name(title, "title", max: Bound.title) }
      try Check.optional(part.help, "help", max: Bound.reason)
    }
  }
}

extension Scene {
  /// Policy section 4, row 9: for a fixed reason, and counted.
  func waiveReview(_ reason: WaiverReason) throws(Refusal) -> [Event] {
    guard incident.lacksReview else {
      throw Refusal(
        .reviewNotOwed, title: "There is no review to waive",
        detail: incident.isReviewed
          ? "The review of \(incident.reference.text) is finished."
          : "\(incident.reference.text) owes none.",
        guidance: "6.2 step 9")
    }
    switch reason {
    case .neverMajor:
      let priority = incident.classification.priority
      guard !priority.isHigh else {
        throw .invalid(
          "reason", "It is a \(priority) now. If it never was one, lower its priority first.")
      }
    case .falseAlarm: break
    case .covered(let other): try check(coveredBy: other)
    }
    return [event(.reviewWaived(reason, by: asker))]
  }

  private func check(coveredBy id: ID) throws(Refusal) {
    guard id != incident.id else {
      throw .invalid("by", "Its review is covered by that of another incident.")
    }
    guard let other = facts.incident(id) else { throw .notFound("incident", id) }
    guard other.isExercise == incident.isExercise else {
      throw .invalid("by", "An exercise and a real incident are never the same.")
    }
    guard other.review != nil || other.lacksReview else {
      throw .invalid("by", "\(other.reference.text) has no review, and owes none.")
    }
  }

  /// Keeps what a gateway made of the report, with something withheld.
  func keep(redacted written: WrittenReport) throws(Refusal) -> [Event] {
    let report = written.report
    guard report.name == .redacted(incident.marks.redacted + 1) else {
      throw .invalid("version", "Another redacted version was made meanwhile. Make it again.")
    }
    guard !report.redactions.isEmpty else {
      throw .invalid("redactions", "A redacted version withholds something.")
    }
    try Check.count(report.redactions.count, "redactions")
    for redaction in report.redactions {
      try Check.required(redaction.reason, "reason", max: Bound.reference)
      try Check.optional(redaction.place, "redactions", max: Bound.key)
    }
    try Check.size(of: written)
    return [event(.reportKept(report)), event(.reportBytes(written.bytes))]
  }
}

/// Keeps the report of a review that was finished, once.
func decideKeeping(
  _ written: WrittenReport, of id: ID, facts: some Facts
) throws(Refusal) -> [Event] {
  guard let incident = facts.incident(id), case .reviewed(let version) = written.report.name,
    version > incident.marks.kept, version <= incident.review?.version ?? 0
  else { return [] }
  try Check.size(of: written)
  return [incident.event(.reportKept(written.report)), incident.event(.reportBytes(written.bytes))]
}

extension Check {
  fileprivate static func size(of written: WrittenReport) throws(Refusal) {
    guard written.bytes.count <= Bound.report, written.bytes.count == Int(written.report.size)
    else {
      throw .tooMany("The report has \(written.bytes.count) bytes; \(Bound.report) fit.")
    }
    try hash(written.report.hash)
  }
}
