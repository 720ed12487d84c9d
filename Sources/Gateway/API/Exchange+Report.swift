import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Reads of incident reports: as they are, as they were, and as they are kept.
@ClientLoop extension Exchange {
  /// `GET /v1/incidents/{incident}/report`.
  func showReport(on name: IncidentName) async throws(Problem) -> Response {
    let format = try reportFormat()
    let asked = try AsOf(request.query)
    let bounds = api.reportBounds
    return try await list { desk throws(Problem) in
      let looked = try desk.look(at: name, asked)
      let (report, timeline) = try desk.report(on: looked, within: bounds)
      let version = looked.past == nil ? looked.incident.version : nil
      let restricted = desk.restricted([looked.today])
      guard format == .json else {
        return Content(
          body: report.written(as: format), type: format.type, policy: format.policy,
          version: version, restricted: restricted)
      }
      return Content.json(version: version, restricted: restricted) { json in
        json.object { json in
          json.time("at", looked.past?.at ?? desk.now)
          json.object("asOf") { json in ReportView.write(report.asOf, &json) }
          json.name("incident")
          IncidentView(names: desk.names, now: report.asOf.at).write(looked.incident, to: &json)
          json.name("report")
          ReportView.write(report, to: &json)
          json.array("timeline") { json in
            let view = TimelineView(names: desk.names)
            for entry in timeline.entries { view.write(entry, to: &json) }
          }
          json.member("laterEntries", timeline.later)
          json.member("next", timeline.next?.text)
        }
      }
    }
  }

  /// `GET /v1/incidents/{incident}/report/versions`.
  func listReports(on name: IncidentName) async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let kept = try desk.reader.ask { reader throws(StoreError) in
        try reader.keptReports(of: incident.id).map { row throws(StoreError) in
          // Whoever finished the review wrote it; whoever leads the cluster only kept it.
          (row, try reader.actor(of: row.actor == .system ? row.report.asOf : row.position))
        }
      }
      return Content.json(restricted: desk.restricted([incident])) { json in
        json.object { json in
          json.array("items") { json in
            for (row, actor) in kept { json.write(row, by: actor?.person, desk.names) }
          }
          // A review is finished and the report that it makes due is not kept yet: a second or two.
          json.member("pending", incident.awaitsReport)
        }
      }
    }
  }

  /// `GET /v1/incidents/{incident}/report/versions/{version}`: the very bytes.
  func showReport(on name: IncidentName, version: String) async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let wanted = KeptReport.Name(version)
      let found = try desk.reader.ask {
        reader throws(StoreError) -> (report: KeptReport, bytes: [UInt8])? in
        guard let wanted,
          let row = try reader.keptReports(of: incident.id).first(where: {
            $0.report.name == wanted
          })
        else { return nil }
        return (row.report, try reader.bytes(of: row))
      }
      guard let found else {
        throw incident.awaitsReport && wanted == incident.review.map { .reviewed($0.version) }
          ? .reportPending : .notFound("version of this report")
      }
      return Content(
        body: found.bytes, type: found.report.format.type, policy: found.report.format.policy,
        restricted: desk.restricted([incident]))
    }
  }

  private func reportFormat() throws(Problem) -> ReportFormat {
    guard let word = request.query["format"] else {
      let accepted = request.fields["Accept"] ?? ""
      if accepted.hasPrefix("text/markdown") { return .markdown }
      return accepted.hasPrefix("text/html") ? .html : .json
    }
    guard let format = ReportFormat(spelling: word) else {
      throw .malformed("format is one of \(ReportFormat.spellings); json is the default.")
    }
    return format
  }
}

extension Desk {
  /// The report on an incident as it is or was, and what it was made of.
  ///
  /// - Parameter reading: Whose names it tells, if not those of whoever asks.
  func report(
    on looked: LookedAt, within bounds: ReportBounds, as reading: NameBook<StateReader>? = nil
  ) throws(Problem) -> (report: IncidentReport, timeline: ReportedTimeline) {
    let (timeline, end, template) = try reader.ask { reader throws(StoreError) in
      (
        try reader.reportedTimeline(
          of: looked.incident.id, within: bounds, upTo: looked.past?.position),
        try reader.stateHead().ledgerPosition,
        reader.settings()?.reportTemplate ?? .standard
      )
    }
    let told = reading ?? names
    var report = IncidentReport(
      looked.incident, timeline: timeline.entries, names: told.names,
      at: looked.past?.at ?? now, asOf: looked.past?.position ?? end, template: template,
      contacts: told.contacts)
    if let banner = timeline.banner(of: looked.incident) { report.banners.append(banner) }
    return (report, timeline)
  }
}

extension Incident {
  /// Whether its review is finished and the report on it is not kept yet.
  fileprivate var awaitsReport: Bool { (review?.version ?? 0) > marks.kept }
}

extension Problem {
  /// It will exist, and does not yet.
  fileprivate static var reportPending: Problem {
    var problem = Problem.notFound("version of this report yet")
    problem.detail =
      "The review is finished and its report is being written: ask again in a second."
    problem.retryAfter = 1
    return problem
  }
}

extension ReportFormat {
  /// What a browser may do with a report: with a page, use its own style, and nothing else.
  var policy: String { self == .html ? Self.pagePolicy : Response.contentPolicy }

  private static let pagePolicy: String = {
    let hash = Base64.encode(SHA256.hash(Array(IncidentReport.style.utf8)))
    return "default-src 'none'; style-src 'sha256-\(hash)='; base-uri 'none'; "
      + "form-action 'none'; frame-ancestors 'none'; sandbox"
  }()
}

extension JSONWriter {
  /// Writes what is told of a kept report, as an object.
  fileprivate mutating func write(
    _ row: KeptReportRow, by person: ID?, _ names: NameBook<some Facts>
  ) {
    object { json in
      json.member("version", row.report.name.text)
      json.member("format", row.report.format.spelling)
      json.person("by", person, names)
      json.time("at", row.stamp)
      json.member("asOf", Int(clamping: row.report.asOf))
      json.member("sha256", Hex.encode(row.report.hash))
      json.member("bytes", Int(row.report.size))
      json.array("redactions") { json in
        for redaction in row.report.redactions {
          json.object { json in
            json.member("withheld", redaction.choice.spelling)
            json.member("place", redaction.place)
            json.member("reason", redaction.reason)
          }
        }
      }
    }
  }

  /// Writes the members of a template.
  mutating func write(_ template: ReportTemplate) {
    array("sections") { json in
      for part in template.parts {
        json.object { json in
          json.member("section", part.section.slug)
          json.member("title", part.title ?? part.section.title)
          json.member("help", part.help)
        }
      }
    }
  }
}
