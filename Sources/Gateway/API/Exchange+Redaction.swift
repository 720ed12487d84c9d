import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import Store

/// A version of a report from which something is withheld.
@ClientLoop extension Exchange {
  /// `POST /v1/incidents/{incident}/report/redactions`.
  ///
  /// It is made here, out of the whole report, and its bytes are looked through for everything that is
  /// withheld before they go anywhere. What is withheld is in no command and in no row of the ledger.
  func redactReport(on name: IncidentName) async throws(Problem) -> Response {
    var body = BodyReader(request.body)
    let wish = try RedactionWish(&body)
    try body.finish()
    let bounds = api.reportBounds
    let written = try await study { desk throws(Problem) in
      try desk.redact(name, wish, within: bounds)
    }
    let done = try await submit { asker, _ throws(Problem) in
      .incident(try asker.sight.incident(name).id, .keepRedacted(written))
    }
    return done.answer { json in
      // A repeat made none, and the number of the one that there is is in the list.
      json.member("redaction", done.isRepeat ? nil : written.report.name.text)
      json.member("sha256", done.isRepeat ? nil : Hex.encode(written.report.hash))
    }
  }
}

/// What somebody wants withheld, as they said it.
private struct RedactionWish: Sendable {
  var format = ReportFormat.html
  var wishes: [(what: What, reason: String)] = []

  enum What {
    case field(String)
    case entry(UInt64)
    case person(String)
    case pattern(String)
    case words(String)
  }

  init(_ body: inout BodyReader) throws(Problem) {
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "format": format = try body.word(ReportFormat.self)
      case "redactions":
        try body.beginArray()
        while try body.element(atMost: Bound.list) { wishes.append(try Self.wish(&body)) }
      default: throw body.unknownMember(member)
      }
    }
    guard !wishes.isEmpty else {
      throw .invalid("Name at least one thing that is withheld.", member: "/redactions")
    }
  }

  private static func wish(_ body: inout BodyReader) throws(Problem) -> (What, String) {
    var what: What?
    var reason: String?
    try body.beginObject()
    while let member = try body.member() {
      if member == "reason" {
        reason = try body.text(atMost: Bound.reference)
        continue
      }
      guard what == nil else {
        throw .invalid("Each redaction withholds one thing.", member: body.pointer)
      }
      switch member {
      case "field": what = .field(try body.text(atMost: Bound.key))
      case "entry":
        what = .entry(try body.require(try body.optionalPosition(), "entry"))
      case "person": what = .person(try body.text(atMost: Bound.email))
      case "pattern": what = .pattern(try body.text(atMost: Bound.reason))
      case "words": what = .words(try body.text(atMost: Bound.reason))
      default: throw body.unknownMember(member)
      }
    }
    guard let what else {
      throw .invalid(
        "Name a field, an entry, a person, a pattern or words.", member: body.pointer)
    }
    return (what, try body.require(reason, "reason"))
  }
}

extension Desk {
  /// Makes the version, and proves that nothing withheld is in it.
  fileprivate func redact(
    _ name: IncidentName, _ wish: RedactionWish, within bounds: ReportBounds
  ) throws(Problem) -> WrittenReport {
    let looked = try look(at: name, nil)
    // Whoever reads it later may not know of what its maker may.
    let (whole, timeline) = try report(
      on: looked, within: bounds, as: NameBook(reader, isSeen: { !$0.isRestricted }))
    var withholdings: [Withholding] = []
    for (what, reason) in wish.wishes {
      withholdings.append(Withholding(try resolve(what, withholdings.count), reason: reason))
    }
    let version = KeptReport.Name.redacted(looked.incident.marks.redacted + 1)
    do throws(RedactedReport.Impossible) {
      let redacted = try RedactedReport(
        whole, timeline: timeline.entries, withholding: withholdings)
      let fitted = redacted.report.fitted {
        $0.written(as: wish.format, version: version).count <= Bound.report
      }
      let bytes = fitted.written(as: wish.format, version: version)
      if let number = redacted.leak(in: bytes, written: wish.format) {
        throw RedactedReport.Impossible(
          number: number,
          detail:
            "What redaction \(number) withholds would still stand in the report: in a reason, in "
            + "a time or number, or in what every report in \(wish.format.spelling) has. Nothing was "
            + "published.")
      }
      let report = KeptReport(
        name: version, format: wish.format, asOf: whole.asOf.position, hash: SHA256.hash(bytes),
        size: UInt32(bytes.count), redactions: withholdings.map(\.told))
      return WrittenReport(report: report, bytes: bytes)
    } catch {
      throw .invalid(error.detail, member: "/redactions/\(error.number - 1)")
    }
  }

  private func resolve(
    _ what: RedactionWish.What, _ place: Int
  ) throws(Problem) -> Withholding.What {
    switch what {
    case .field(let field): return .field(field)
    case .entry(let position): return .entry(position)
    case .pattern(let text): return .pattern(text)
    case .words(let text): return .words(text)
    case .person(let text):
      let found = ID(text).map { reader.person($0) } ?? reader.person(email: text)
      guard let found else {
        throw .invalid("Nobody is \"\(text)\".", member: "/redactions/\(place)/person")
      }
      return .person(id: found.id, name: found.name, email: found.email)
    }
  }
}
