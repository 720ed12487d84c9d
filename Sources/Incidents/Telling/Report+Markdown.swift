extension IncidentReport {
  /// The report as Markdown (CommonMark). What people wrote is text in it, never markup.
  package var markdown: String {
    var text = "# \(heading.asMarkdown)\n"
    for banner in banners { text += "\n**\(banner.asMarkdown)**\n" }
    for section in sections {
      text += "\n## \(section.title)\n\n"
      text += section.content.markdown
    }
    return text
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
    case .timeline(let lines): lines.map(\.markdown).joined()
    }
  }
}

extension IncidentReport.Line {
  fileprivate var markdown: String {
    let late = recordedAt.map { " (recorded \(DisplayTime.text($0)))" } ?? ""
    return "- **\(DisplayTime.text(at))**\(late) \\[\(position)\\] \(text.asMarkdown)\n"
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
