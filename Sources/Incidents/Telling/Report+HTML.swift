extension IncidentReport {
  /// The report as one page of HTML: headings in order, tables with headers, no script, and nothing from
  /// elsewhere. It prints as it reads. What people wrote is text in it, never markup.
  package var html: String {
    var page = HTMLPage()
    page.raw("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.element("title", heading)
    page.raw("<style>\(Self.style)</style>\n</head>\n<body>\n<header>\n")
    page.element("h1", heading)
    for banner in banners { page.element("p", banner, attributes: " class=\"banner\"") }
    page.raw("</header>\n<main>\n")
    for section in sections { page.write(section) }
    if !withheld.isEmpty {
      page.raw("<section>\n")
      page.element("h2", Self.withheldTitle)
      page.write(.points(withheld), called: Self.withheldTitle)
      page.raw("</section>\n")
    }
    page.raw("</main>\n<footer>\n")
    page.element("p", closing)
    page.raw("</footer>\n</body>\n</html>\n")
    return page.text
  }

  /// How the page looks, on a screen and on paper. The same for every report, so that whoever serves it
  /// can name its hash.
  package static let style = """
    body{font:1rem/1.5 sans-serif;color:#0b0c0c;background:#fff;max-width:60rem;margin:0 auto;\
    padding:1rem}\
    h1{font-size:1.6rem}h2{font-size:1.25rem;border-bottom:1px solid #b1b4b6;margin-top:2rem}\
    h3{font-size:1.05rem}\
    .banner{border:3px solid #d4351c;padding:.75rem;font-weight:bold}\
    .help{color:#505a5f;font-style:italic}\
    blockquote{margin:0;padding-left:1rem;border-left:4px solid #b1b4b6;overflow-wrap:anywhere}\
    table{border-collapse:collapse;width:100%}\
    th,td{text-align:left;vertical-align:top;border-bottom:1px solid #b1b4b6;padding:.35rem .5rem;\
    overflow-wrap:anywhere}\
    tr.correction td{background:#f3f2f1}footer{margin-top:2rem;color:#505a5f}\
    @media print{@page{margin:18mm}body{max-width:none;padding:0;font-size:10pt}\
    h2,h3{break-after:avoid}tr,blockquote{break-inside:avoid}thead{display:table-header-group}}
    """
}

/// A page as it is written.
private struct HTMLPage {
  private(set) var text = ""

  mutating func raw(_ markup: String) { text += markup }

  mutating func element(_ name: String, _ content: String, attributes: String = "") {
    raw("<\(name)\(attributes)>\(content.asHTML)</\(name)>\n")
  }

  mutating func write(_ section: IncidentReport.Section) {
    let id = "section-\(section.section.slug)"
    raw("<section aria-labelledby=\"\(id)\">\n")
    element("h2", section.title, attributes: " id=\"\(id)\"")
    if let help = section.help {
      element("p", "Nothing yet. \(help)", attributes: " class=\"help\"")
    }
    for part in section.parts {
      if let title = part.title { element("h3", title) }
      write(part.content, called: part.title ?? section.title)
    }
    raw("</section>\n")
  }

  mutating func write(_ content: IncidentReport.Content, called title: String) {
    switch content {
    case .particulars(let particulars):
      raw("<table aria-label=\"\(title.asHTML)\">\n<tbody>\n")
      for particular in particulars {
        raw("<tr>")
        raw("<th scope=\"row\">\(particular.label.asHTML)</th>")
        raw("<td>\(particular.value.asHTML)</td></tr>\n")
      }
      raw("</tbody>\n</table>\n")
    case .paragraphs(let paragraphs):
      for paragraph in paragraphs { raw("<blockquote><p>\(paragraph.asHTML)</p></blockquote>\n") }
    case .points(let points):
      raw("<ul>\n")
      for point in points { element("li", point) }
      raw("</ul>\n")
    case .table(let table):
      head(title, table.headings)
      for row in table.rows {
        raw("<tr>" + row.map { "<td>\($0.asHTML)</td>" }.joined() + "</tr>\n")
      }
      raw("</tbody>\n</table>\n")
    case .timeline(let lines):
      head(title, ["Entry", "Happened", "Written", "Type", "What"])
      for line in lines { write(line, isCorrection: false) }
      raw("</tbody>\n</table>\n")
    }
  }

  private mutating func head(_ title: String, _ headings: [String]) {
    raw("<table aria-label=\"\(title.asHTML)\">\n")
    let cells = headings.map { "<th scope=\"col\">\($0.asHTML)</th>" }.joined()
    raw("<thead>\n<tr>\(cells)</tr>\n</thead>\n<tbody>\n")
  }

  private mutating func write(_ line: IncidentReport.Line, isCorrection: Bool) {
    raw(isCorrection ? "<tr class=\"correction\">" : "<tr>")
    raw("<td>\(line.position)</td><td>\(DisplayTime.text(line.at).asHTML)</td>")
    raw("<td>\(line.recordedAt.map { DisplayTime.text($0) }?.asHTML ?? "")</td>")
    raw("<td>\(line.type.asHTML)</td><td>\(line.text.asHTML)</td></tr>\n")
    for correction in line.corrections { write(correction, isCorrection: true) }
  }
}

extension String {
  /// This text with everything that HTML reads as markup escaped. Its lines stay lines; other control
  /// characters, which no page may have, and those that turn the direction of what follows, are shown as
  /// the mark for what cannot be shown.
  fileprivate var asHTML: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\n": text += "<br>"
      case "\t": text += " "
      case "\r": break
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        text += "\u{FFFD}"
      case _ where scalar.properties.isNoncharacterCodePoint: text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
