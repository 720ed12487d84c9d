extension IncidentReport {
  /// The report as Markdown (CommonMark, with the tables of GitHub's). What people wrote is text in it,
  /// never markup.
  package var markdown: String {
    var text = "# \(heading.asMarkdown)\n"
    for banner in banners { text += "\n**\(banner.asMarkdown)**\n" }
    for section in sections {
      text += "\n## \(section.title.asMarkdown)\n"
      if let help = section.help { text += "\n*Nothing yet. \(help.asMarkdown)*\n" }
      for part in section.parts {
        if let title = part.title { text += "\n### \(title.asMarkdown)\n" }
        text += "\n" + part.content.markdown
      }
    }
    if !withheld.isEmpty {
      text += "\n## \(Self.withheldTitle)\n\n" + IncidentReport.Content.points(withheld).markdown
    }
    return text + "\n---\n\n\(closing.asMarkdown)\n"
  }

  /// The heading of what is withheld.
  static let withheldTitle = "What is withheld, and why"

  /// As of what it is told.
  package var closing: String {
    "As of \(DisplayTime.text(asOf.at)), ledger position \(asOf.position). "
      + "People, teams and services have the names that they have now."
  }
}

extension IncidentReport.Content {
  fileprivate var markdown: String {
    switch self {
    case .particulars(let particulars):
      particulars.map { "- \($0.label.asMarkdown): \($0.value.asMarkdown)\n" }.joined()
    case .points(let points): points.map { "- \($0.asMarkdown)\n" }.joined()
    case .paragraphs(let paragraphs):
      paragraphs.map { $0.asMarkdownQuote }.joined(separator: "\n")
    case .table(let table): table.markdown
    case .timeline(let lines): lines.map { $0.markdown(indent: "") }.joined()
    }
  }
}

extension IncidentReport.Table {
  fileprivate var markdown: String {
    func row(_ cells: [String]) -> String {
      "| " + cells.map { $0.asMarkdown }.joined(separator: " | ") + " |\n"
    }
    let rule = "|" + String(repeating: " --- |", count: headings.count) + "\n"
    return row(headings) + rule + rows.map(row).joined()
  }
}

extension IncidentReport.Line {
  fileprivate func markdown(indent: String) -> String {
    let late = recordedAt.map { " (recorded \(DisplayTime.text($0)))" } ?? ""
    return "\(indent)- **\(DisplayTime.text(at))**\(late) \\[\(position)\\] \(text.asMarkdown)\n"
      + corrections.map { $0.markdown(indent: indent + "  ") }.joined()
  }
}

extension String {
  /// This text on one line, with everything that Markdown reads as markup escaped.
  fileprivate var asMarkdown: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "&", "~":
        text.unicodeScalars.append("\\")
        text.unicodeScalars.append(scalar)
      case "\n", "\r", "\t": text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// This text as a quotation that keeps its lines.
  fileprivate var asMarkdownQuote: String {
    split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { line in line.isEmpty ? ">\n" : "> \(String(line).asMarkdown)  \n" }
      .joined()
  }
}
