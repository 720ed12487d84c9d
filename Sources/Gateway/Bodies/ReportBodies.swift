package import Incidents

/// What is asked about reports and reviews.
extension Clerk {
  /// `POST /v1/incidents/{incident}/review/waiver`.
  package func waiver(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var reason: String?
    var by: WaiverReason?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "reason": reason = try body.text(atMost: Bound.key)
      case "by": by = try body.isNull() ? nil : .covered(by: try incident(&body))
      default: throw body.unknownMember(name)
      }
    }
    switch (try body.require(reason, "reason"), by) {
    case ("never-major", nil): return .waiveReview(.neverMajor)
    case ("false-alarm", nil): return .waiveReview(.falseAlarm)
    case ("covered", let by?): return .waiveReview(by)
    case ("covered", nil):
      throw .invalid("Name the incident whose review covers it.", member: "/by")
    case ("never-major", _), ("false-alarm", _):
      throw .invalid("Only \"covered\" names another incident.", member: "/by")
    default:
      throw .invalid("The reason is never-major, false-alarm or covered.", member: "/reason")
    }
  }

  /// What incident reports are made of.
  func reportTemplate(_ body: inout BodyReader) throws(Problem) -> ReportTemplate {
    var template = ReportTemplate(parts: [])
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "sections":
        try body.beginArray()
        while try body.element(atMost: ReportSection.allCases.count) {
          template.parts.append(try reportPart(&body))
        }
      default: throw body.unknownMember(member)
      }
    }
    return template
  }

  private func reportPart(_ body: inout BodyReader) throws(Problem) -> ReportTemplate.Part {
    var section: ReportSection?
    var (title, help): (String?, String?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "section": section = try body.word(ReportSection.self)
      case "title": title = try body.optionalText(atMost: Bound.title)
      case "help": help = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(member)
      }
    }
    return ReportTemplate.Part(
      try body.require(section, "section"), title: title, help: help)
  }
}
