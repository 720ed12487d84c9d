extension IncidentReport {
  /// The report as it fits a bound, which says what was left out.
  ///
  /// What is left out is what can be read elsewhere: first later entries of the timeline, then whatever is
  /// long.
  ///
  /// - Parameter isSmall: Whether a report, as it would be written, is small enough.
  package func fitted(where isSmall: (IncidentReport) -> Bool) -> IncidentReport {
    guard !isSmall(self) else { return self }
    var report = self
    report.banners.append(
      "This version does not hold the whole timeline: its later entries are in the ledger up to "
        + "position \(asOf.position).")
    // The most entries with which it fits, found by halving.
    var (fits, tooMany) = (0, report.entries)
    while tooMany - fits > 1 {
      let middle = fits + (tooMany - fits) / 2
      if isSmall(report.keeping(middle)) { fits = middle } else { tooMany = middle }
    }
    report = report.keeping(fits)
    var length = Bound.text / 4
    while !isSmall(report), length > 1 {
      if length == Bound.text / 4 {
        report.banners.append(
          "Long texts and lists are cut in this version; the timeline has them whole.")
      }
      report.shorten(to: length)
      report.change { text in text.count <= length ? text : text.prefix(length) + " (cut)" }
      length /= 4
    }
    return report
  }

  /// Leaves so many rows and points of each piece.
  private mutating func shorten(to most: Int) {
    for place in sections.indices {
      for part in sections[place].parts.indices {
        switch sections[place].parts[part].content {
        case .points(let points):
          sections[place].parts[part].content = .points(Array(points.prefix(most)))
        case .table(var table):
          table.rows = Array(table.rows.prefix(most))
          sections[place].parts[part].content = .table(table)
        case .particulars, .paragraphs, .timeline: break
        }
      }
    }
  }

  /// How many entries its timeline shows.
  private var entries: Int {
    sections.flatMap(\.parts).reduce(0) { count, part in
      if case .timeline(let lines) = part.content { count + lines.count } else { count }
    }
  }

  /// The report with the first entries of its timeline.
  private func keeping(_ most: Int) -> IncidentReport {
    var report = self
    for place in sections.indices {
      for part in sections[place].parts.indices {
        guard case .timeline(let lines) = sections[place].parts[part].content else { continue }
        report.sections[place].parts[part].content = .timeline(Array(lines.prefix(most)))
      }
    }
    return report
  }
}
