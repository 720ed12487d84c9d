import Bytes
import CSV
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What the incidents of a span come to, and how the process went in each.
@ClientLoop extension Exchange {
  /// `GET /v1/insights?from=&until=&service=&team=&format=json|csv`, of what the asker may see.
  ///
  /// Many incidents are read in pieces, each within a read of its own, so that no reader is held long: what
  /// changes between two pieces may be counted as it was or as it is.
  func showInsights() async throws(Problem) -> Response {
    let span = try InsightSpan(request.query, now: Wall.now())
    let tally = Lock(InsightTally())
    var rows: DeclaredRows?
    repeat {
      let start = rows
      rows = try await study { desk throws(Problem) in
        try desk.count(span, start, into: tally)
      }
    } while rows != nil
    let insights = try await study { _ throws(Problem) in tally.withLock { $0.insights() } }
    return try await list { desk throws(Problem) in
      let view = InsightsView(insights, span, desk.names)
      return span.isCSV
        ? Content(body: view.csv, type: "text/csv; charset=utf-8") : .json(view.write)
    }
  }

  /// `GET /v1/incidents/{incident}/process`.
  func showProcess(of name: IncidentName) async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let steps = try desk.reader.ask { reader throws(StoreError) in
        try reader.process(of: incident.id)
      }
      return Content.json(restricted: desk.restricted([incident])) { json in
        json.process(incident, steps, at: desk.now, desk.names)
      }
    }
  }

  /// `GET /v1/process?from=&until=&service=&team=&after=&format=json|csv`: of each incident of a span,
  /// ``ProcessView/most`` at a time, however many lie between them that the asker may not know of. What
  /// comes next is named in the answer, or in `Muster-Next`.
  ///
  /// They are looked for in pieces, as insights are counted.
  func listProcesses() async throws(Problem) -> Response {
    let span = try InsightSpan(request.query, now: Wall.now())
    let after = request.query["after"]
    let page = Lock(ProcessPage())
    var rows: DeclaredRows?
    repeat {
      let start = rows
      rows = try await study { desk throws(Problem) in
        try desk.gather(span, start, after: after, into: page)
      }
    } while rows != nil
    return try await list { desk throws(Problem) in
      let (told, next) = page.withLock { ($0.told, $0.next) }
      let restricted = desk.restricted(told.map(\.incident))
      let nextText = next.map { desk.reader.text(ofRow: $0) }
      guard span.isCSV else {
        return Content.json(restricted: restricted) { json in
          json.page(told, next: nextText) { json, one in
            json.process(one.incident, one.steps, at: desk.now, desk.names)
          }
        }
      }
      var content = Content(
        body: ProcessView.csv(told, at: desk.now, desk.names), type: "text/csv; charset=utf-8",
        restricted: restricted)
      content.next = nextText
      return content
    }
  }
}

/// Which incidents are counted.
struct InsightSpan: Sendable {
  /// A quarter: what is asked about if nothing is said.
  private static let usual = 91 * Span.day

  var from: Int64
  var until: Int64
  var service: String?
  var team: String?
  var isCSV = false

  init(_ query: Query, now: Int64) throws(Problem) {
    func time(_ name: String) throws(Problem) -> Int64? {
      guard let text = query[name] else { return nil }
      guard let time = Timestamp.parse(text) else {
        throw .malformed(
          "\(name) is a time as RFC 3339 writes it, such as 2026-11-23T09:04:00Z.")
      }
      return time
    }
    // What was declared in this very moment belongs to a span that names no end.
    until = try time("until") ?? now + Span.second
    from = try time("from") ?? max(0, until - Self.usual)
    guard from < until else { throw .malformed("from is before until.") }
    service = query["service"]
    team = query["team"]
    switch query["format"] {
    case nil, "json": break
    case "csv": isCSV = true
    case .some: throw .malformed("format is json, which is the default, or csv.")
    }
  }
}

/// The processes of one answer, as they are gathered.
private struct ProcessPage: Sendable {
  /// Those that are told.
  private(set) var told: [ProcessView.One] = []
  /// The row behind which the next begin. It is known once there is another one to be told: where the page
  /// just fits, nothing comes next.
  private(set) var next: Int64?
  private var last: Int64 = 0

  /// Whether there is no room for one more that is there.
  mutating func isFull() -> Bool {
    guard told.count == ProcessView.most else { return false }
    next = last
    return true
  }

  /// Takes in the process of the incident in a row.
  mutating func take(_ one: ProcessView.One, at row: Int64) {
    told.append(one)
    last = row
  }
}

extension Desk {
  /// Incidents of one piece: some tens of milliseconds.
  private static var piece: Int { 4_000 }

  /// Takes in the next piece, from the beginning of the span if none is named, and says what is left.
  fileprivate func count(
    _ span: InsightSpan, _ rows: DeclaredRows?, into tally: Lock<InsightTally>
  ) throws(Problem) -> DeclaredRows? {
    let rows = if let rows { rows } else { try self.rows(of: span) }
    return try visit(span, rows, most: Self.piece) { _, incident throws(StoreError) in
      let actions = try reader.reviewActions(of: incident)
      tally.withLock { $0.take(incident, actions: actions, at: now) }
      return true
    }
  }

  /// Puts the next processes into the page, behind the place that `after` stands for if no rows are left of
  /// a piece before, and says what is left to look at: nothing once the page is full.
  fileprivate func gather(
    _ span: InsightSpan, _ rows: DeclaredRows?, after: String?, into page: Lock<ProcessPage>
  ) throws(Problem) -> DeclaredRows? {
    let rows = if let rows { rows } else { try first(of: span, after: after) }
    let left = try visit(span, rows, most: Self.piece) { row, incident throws(StoreError) in
      if page.withLock({ $0.isFull() }) { return false }
      let steps = try reader.process(of: incident.id)
      page.withLock { $0.take((incident, steps), at: row) }
      return true
    }
    return page.withLock { $0.next == nil } ? left : nil
  }

  private func first(of span: InsightSpan, after text: String?) throws(Problem) -> DeclaredRows {
    var rows = try self.rows(of: span)
    guard let text else { return rows }
    guard let row = reader.row(text) else {
      throw .malformed("after takes what the piece before gave as next, as it came.")
    }
    rows.after = max(row, rows.after)
    return rows
  }

  private func rows(of span: InsightSpan) throws(Problem) -> DeclaredRows {
    try reader.ask { reader throws(StoreError) in
      try reader.rows(from: span.from, until: span.until)
    }
  }

  /// Gives `take` the next incidents of a span that the asker may know of, with their rows, until it takes
  /// no more.
  private func visit(
    _ span: InsightSpan, _ rows: DeclaredRows, most: Int,
    _ take: (_ row: Int64, Incident) throws(StoreError) -> Bool
  ) throws(Problem) -> DeclaredRows? {
    let service = try span.service.map { name throws(Problem) in try reader.service(name).id }
    let team = try span.team.map { name throws(Problem) in try reader.team(name).id }
    return try reader.ask { reader throws(StoreError) in
      try reader.visit(rows, service: service, team: team, most: most) {
        row, incident throws(StoreError) in
        guard try sight.sees(incident) else { return true }
        return try take(row, incident)
      }
    }
  }
}
