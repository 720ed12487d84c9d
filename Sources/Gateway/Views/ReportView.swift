import Bytes
package import Incidents
package import JSON

/// A report as the interface writes it for programs: the same sections as on its page.
package enum ReportView {
  /// Writes a report, as an object.
  ///
  /// - Parameter version: The version that it is kept as, if it is to be kept.
  package static func write(
    _ report: IncidentReport, version: KeptReport.Name? = nil, to json: inout JSONWriter
  ) {
    json.object { json in
      if let version { json.member("version", version.text) }
      json.member("incident", report.incident.description)
      json.member("heading", report.heading)
      json.object("asOf") { json in write(report.asOf, &json) }
      json.array("banners") { json in
        for banner in report.banners { json.value(banner) }
      }
      json.array("sections") { json in
        for section in report.sections { write(section, &json) }
      }
      if !report.withheld.isEmpty {
        json.array("withheld") { json in
          for reason in report.withheld { json.value(reason) }
        }
      }
    }
  }

  /// Writes the members of a point of the ledger.
  package static func write(_ moment: IncidentReport.Moment, _ json: inout JSONWriter) {
    json.member("position", Int(clamping: moment.position))
    json.time("at", moment.at)
    // What people, teams and services are called is not told as of then.
    json.member("names", "current")
  }

  private static func write(_ section: IncidentReport.Section, _ json: inout JSONWriter) {
    json.object { json in
      json.member("section", section.section.slug)
      json.member("title", section.title)
      if let help = section.help { json.member("help", help) }
      json.array("parts") { json in
        for part in section.parts {
          json.object { json in
            if let title = part.title { json.member("title", title) }
            write(part.content, &json)
          }
        }
      }
    }
  }

  private static func write(_ content: IncidentReport.Content, _ json: inout JSONWriter) {
    switch content {
    case .particulars(let particulars):
      json.array("particulars") { json in
        for particular in particulars {
          json.object { json in
            json.member("label", particular.label)
            json.member("value", particular.value)
          }
        }
      }
    case .paragraphs(let texts): json.array("paragraphs") { json in write(texts, &json) }
    case .points(let texts): json.array("points") { json in write(texts, &json) }
    case .table(let table):
      json.array("headings") { json in write(table.headings, &json) }
      json.array("rows") { json in
        for row in table.rows {
          json.beginArray()
          write(row, &json)
          json.endArray()
        }
      }
    case .timeline(let lines):
      json.array("timeline") { json in
        for line in lines { write(line, &json) }
      }
    }
  }

  private static func write(_ texts: [String], _ json: inout JSONWriter) {
    for text in texts { json.value(text) }
  }

  private static func write(_ line: IncidentReport.Line, _ json: inout JSONWriter) {
    json.object { json in
      json.member("position", Int(clamping: line.position))
      json.time("at", line.at)
      json.time("recordedAt", line.recordedAt)
      json.member("type", line.type)
      json.member("text", line.text)
      if !line.corrections.isEmpty {
        json.array("corrections") { json in
          for correction in line.corrections { write(correction, &json) }
        }
      }
    }
  }
}

extension IncidentReport {
  /// The report in one of its forms.
  package func written(as format: ReportFormat, version: KeptReport.Name? = nil) -> [UInt8] {
    switch format {
    case .html: return Array(html.utf8)
    case .markdown: return Array(markdown.utf8)
    case .json:
      var json = JSONWriter()
      ReportView.write(self, version: version, to: &json)
      return json.bytes
    }
  }
}

extension ReportFormat: Spelt {
  package var spelling: String {
    switch self {
    case .json: "json"
    case .html: "html"
    case .markdown: "markdown"
    }
  }

  /// What a report in it is served as.
  package var type: String {
    switch self {
    case .json: "application/json"
    case .html: "text/html; charset=utf-8"
    case .markdown: "text/markdown; charset=utf-8"
    }
  }
}
