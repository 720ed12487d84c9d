/// A version of an incident's report that is kept byte for byte.
///
/// The bytes stand in the ledger, behind what is told here, and are never made anew: a newer version
/// of the software would make others.
package struct KeptReport: Hashable, Sendable {
  /// Which version it is.
  package var name: Name
  /// How it is written.
  package var format: ReportFormat
  /// The ledger position that it tells the incident as of.
  package var asOf: UInt64
  /// SHA-256 of the bytes.
  package var hash: [UInt8]
  /// How many bytes, at most ``Bound/report``.
  package var size: UInt32
  /// What is withheld, at most ``Bound/list``.
  package var redactions: [Redaction]

  /// Which version of a report.
  package enum Name: Hashable, Sendable {
    /// That of a finished review, by the review's version.
    case reviewed(UInt32)
    /// One from which something is withheld, counted by itself.
    case redacted(UInt32)
  }

  /// Something that is withheld. What it is stands nowhere; why does.
  package struct Redaction: Hashable, Sendable {
    /// How it was chosen.
    package var choice: Choice
    /// The field or the ledger position; nothing for a person or a text. At most ``Bound/key`` bytes.
    package var place: String?
    /// Why, at most ``Bound/reference`` bytes: a hundred of them fit a command beside the report.
    package var reason: String

    /// How something that is withheld is chosen.
    package enum Choice: UInt8, CaseIterable, Sendable {
      /// A section of the report, or one value of it.
      case field = 1
      /// An entry of the timeline.
      case entry = 2
      /// A person: name, address and id.
      case person = 3
      /// A text wherever it stands.
      case pattern = 4
      /// A text where it is whole words.
      case words = 5
    }

    /// A redaction.
    package init(choice: Choice, place: String?, reason: String) {
      self.choice = choice
      self.place = place
      self.reason = reason
    }
  }

  /// A version.
  package init(
    name: Name, format: ReportFormat, asOf: UInt64, hash: [UInt8], size: UInt32,
    redactions: [Redaction] = []
  ) {
    self.name = name
    self.format = format
    self.asOf = asOf
    self.hash = hash
    self.size = size
    self.redactions = redactions
  }
}

extension KeptReport.Name {
  /// "3", or "r2" for a redacted one: as it is written in an address.
  package var text: String {
    switch self {
    case .reviewed(let version): "\(version)"
    case .redacted(let number): "r\(number)"
    }
  }

  /// The version that is written so.
  package init?(_ text: String) {
    let digits = text.hasPrefix("r") ? text.dropFirst() : text[...]
    guard let number = UInt32(digits), number > 0, "\(number)" == digits else { return nil }
    self = text.hasPrefix("r") ? .redacted(number) : .reviewed(number)
  }
}

/// How a report is written.
package enum ReportFormat: UInt8, CaseIterable, Sendable {
  /// For programs.
  case json = 1
  /// A page to read and to print.
  case html = 2
  /// CommonMark.
  case markdown = 3
}

/// The bytes of a report, as a command carries them.
package struct WrittenReport: Hashable, Sendable {
  /// What it is.
  package var report: KeptReport
  /// The bytes.
  package var bytes: [UInt8]

  /// A report.
  package init(report: KeptReport, bytes: [UInt8]) {
    self.report = report
    self.bytes = bytes
  }
}

extension Fact {
  /// The kind that tells of a finished review.
  package static let reviewedKind: UInt16 = 116
  /// The kind that tells of a kept report.
  package static let reportKeptKind: UInt16 = 171
  /// The kind that holds the bytes of a kept report. They are in the record and in no timeline.
  package static let reportBytesKind: UInt16 = 172
}
