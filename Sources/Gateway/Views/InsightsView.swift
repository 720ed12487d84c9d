import Bytes
import CSV
import Incidents
import JSON

/// Counts as the interface shows them. Times are milliseconds, and each is one that occurred.
struct InsightsView<Book: Facts> {
  private let insights: Insights
  private let span: InsightSpan
  private let names: NameBook<Book>

  init(_ insights: Insights, _ span: InsightSpan, _ names: NameBook<Book>) {
    self.insights = insights
    self.span = span
    self.names = names
  }

  func write(_ json: inout JSONWriter) {
    json.object { json in
      json.time("from", span.from)
      json.time("until", span.until)
      // How a percentile is found.
      json.member("percentiles", "nearest-rank")
      json.member("exercises", insights.exercises)
      json.name("all")
      write(insights.all, &json)
      json.array("byPriority") { json in
        for (priority, line) in zip(Priority.allCases, insights.byPriority) {
          json.object { json in
            json.member("priority", priority.spelling)
            json.name("counts")
            write(line, &json)
          }
        }
      }
      json.array("byService") { json in
        for line in insights.byService {
          json.object { json in
            json.service("service", line.service, names)
            json.name("counts")
            write(line.line, &json)
          }
        }
      }
    }
  }

  private func write(_ line: Insights.Line, _ json: inout JSONWriter) {
    json.object { json in
      for (name, value) in Self.counts(line) {
        json.name(name)
        json.value(value)
      }
      for (name, times) in Self.times(line) {
        json.name(name)
        json.object { json in
          json.member("count", times.count)
          json.number("median", times.median)
          json.number("p90", times.p90)
        }
      }
    }
  }

  private static func counts(_ line: Insights.Line) -> [(String, Int)] {
    [
      ("declared", line.declared), ("open", line.open), ("dropped", line.dropped),
      ("responseMet", line.response.met), ("responseMissed", line.response.missed),
      ("resolutionMet", line.resolution.met), ("resolutionMissed", line.resolution.missed),
      ("lateUpdates", line.lateUpdates), ("doubtedChoices", line.doubtedChoices),
      ("overrides", line.overrides), ("waivers", line.waivers), ("bounces", line.bounces),
      ("reopened", line.reopened), ("actionsDue", line.actionsDue),
    ]
  }

  private static func times(_ line: Insights.Line) -> [(String, Insights.Times)] {
    [
      ("toAcknowledge", line.toAcknowledge), ("toMitigate", line.toMitigate),
      ("toResolve", line.toResolve),
    ]
  }

  /// A line for all, one for each priority and one for each service. Spreadsheets read it, so no field is
  /// a formula.
  var csv: [UInt8] {
    var csv = CSVWriter(for: .spreadsheets)
    let empty = Insights.Line()
    csv.row(
      ["group", "name"] + Self.counts(empty).map(\.0)
        + Self.times(empty).flatMap { ["\($0.0)Count", "\($0.0)MedianMs", "\($0.0)P90Ms"] })
    func add(_ group: String, _ name: String, _ line: Insights.Line) {
      csv.row(
        [group, name] + Self.counts(line).map { "\($0.1)" }
          + Self.times(line).flatMap { _, times in
            [
              "\(times.count)", times.median.map { "\($0)" } ?? "",
              times.p90.map { "\($0)" } ?? "",
            ]
          })
    }
    add("all", "", insights.all)
    for (priority, line) in zip(Priority.allCases, insights.byPriority) {
      add("priority", priority.spelling, line)
    }
    for line in insights.byService {
      add("service", line.service.flatMap { names.service($0)?.key } ?? "unknown", line.line)
    }
    return csv.bytes
  }
}

/// Processes as the interface shows them.
enum ProcessView {
  /// Incidents of one answer.
  static let most = 100

  /// An incident and its steps.
  typealias One = (incident: Incident, steps: [ProcessStep])

  /// A line for each step. Spreadsheets read it, so no field is a formula.
  static func csv(_ told: [One], at now: Int64, _ names: NameBook<some Facts>) -> [UInt8] {
    var csv = CSVWriter(for: .spreadsheets)
    csv.row([
      "reference", "declared", "priority", "service", "exercise", "step", "due", "done", "by",
      "lateByMs", "waivedBecause",
    ])
    for (incident, steps) in told {
      for step in steps {
        csv.row([
          incident.reference.text, Timestamp.format(incident.declaredAt),
          incident.classification.priority.spelling,
          incident.service.flatMap { names.service($0)?.key } ?? "",
          incident.isExercise ? "yes" : "no", step.slug, step.due.map(Timestamp.format) ?? "",
          step.done.map(Timestamp.format) ?? "", step.by.flatMap { names.person($0) } ?? "",
          step.late(at: now).map { "\($0)" } ?? "", (step.waivedBecause ?? "").withoutNUL,
        ])
      }
    }
    return csv.bytes
  }
}

extension JSONWriter {
  /// Writes an incident's process, as an object.
  mutating func process(
    _ incident: Incident, _ steps: [ProcessStep], at now: Int64, _ names: NameBook<some Facts>
  ) {
    object { json in
      json.member("incident", incident.id.description)
      json.member("reference", incident.reference.text)
      json.member("priority", incident.classification.priority.spelling)
      json.member("exercise", incident.isExercise)
      json.array("steps") { json in
        for step in steps {
          json.object { json in
            json.member("step", step.slug)
            json.time("due", step.due)
            json.time("done", step.done)
            json.person("by", step.by, names)
            json.number("lateBy", step.late(at: now))
            json.member("waivedBecause", step.waivedBecause)
          }
        }
      }
    }
  }

  /// Writes a number of milliseconds, or `null`, as the value of `member`.
  fileprivate mutating func number(_ member: StaticString, _ number: Int64?) {
    name(member)
    if let number { value(Int(number)) } else { null() }
  }
}

extension String {
  /// CSV has no place for a NUL.
  fileprivate var withoutNUL: String { replacing("\0", with: "\u{FFFD}") }
}
