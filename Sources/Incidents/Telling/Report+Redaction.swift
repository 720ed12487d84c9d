package import Bytes

/// Something that shall not be in a version of a report (``KeptReport/Redaction``, with what it is).
package struct Withholding: Hashable, Sendable {
  /// What is withheld.
  package var what: What
  /// Why, which everybody who reads the version sees.
  package var reason: String

  /// What can be withheld.
  package enum What: Hashable, Sendable {
    /// A section, or one value of it: "communications", "glance/Ticket".
    case field(String)
    /// An entry of the timeline, and what corrects it, by its ledger position.
    case entry(UInt64)
    /// A person: their name and each word of it, their address and their id.
    case person(id: ID, name: String, email: String)
    /// A text wherever it stands, in upper or lower case.
    case pattern(String)
    /// A text where it is whole words.
    case words(String)
  }

  /// Something to withhold.
  package init(_ what: What, reason: String) {
    self.what = what
    self.reason = reason
  }

  /// As it is told: without what it is.
  package var told: KeptReport.Redaction {
    switch what {
    case .field(let field):
      KeptReport.Redaction(choice: .field, place: field, reason: reason)
    case .entry(let position):
      KeptReport.Redaction(choice: .entry, place: "\(position)", reason: reason)
    case .person: KeptReport.Redaction(choice: .person, place: nil, reason: reason)
    case .pattern: KeptReport.Redaction(choice: .pattern, place: nil, reason: reason)
    case .words: KeptReport.Redaction(choice: .words, place: nil, reason: reason)
    }
  }
}

/// A report from which something is withheld, and what proves that it is in no byte of it.
package struct RedactedReport {
  /// Texts of fewer characters are withheld in their own place and are not looked for elsewhere: a "no"
  /// stands in every "now".
  private static let shortest = 4

  /// What is left.
  package private(set) var report: IncidentReport
  /// What must not be in it, by the number of the redaction, from 1.
  private var needles: [(number: Int, needle: Needle)] = []

  /// Why a redaction cannot be made.
  package struct Impossible: Error, Hashable, Sendable {
    /// Which, from 1.
    package var number: Int
    /// Why.
    package var detail: String

    /// A redaction that cannot be made.
    package init(number: Int, detail: String) {
      self.number = number
      self.detail = detail
    }
  }

  /// Withholds from a report.
  ///
  /// - Parameters:
  ///   - report: The whole report.
  ///   - timeline: The entries that it was made of.
  ///   - withheld: What, at least one.
  /// - Throws: ``Impossible`` if one of them names nothing that is there to be withheld.
  package init(
    _ report: IncidentReport, timeline: [TimelineEntry], withholding withheld: [Withholding]
  ) throws(Impossible) {
    self.report = report
    for (place, withholding) in withheld.enumerated() {
      try take(withholding.what, number: place + 1, timeline)
    }
    let needles = self.needles
    self.report.change { text in Self.cover(needles, in: text) }
    add(withheld)
  }

  private mutating func take(
    _ what: Withholding.What, number: Int, _ timeline: [TimelineEntry]
  ) throws(Impossible) {
    switch what {
    case .field(let field):
      let texts = report.withhold(field: field, mark: Self.mark(number))
      guard let texts else {
        throw Impossible(number: number, detail: "The report has no field \"\(field)\".")
      }
      look(for: texts, number)
    case .entry(let position):
      guard let entry = timeline.first(where: { $0.position == position }),
        report.withhold(entry: position, mark: Self.mark(number))
      else {
        throw Impossible(number: number, detail: "The report has no entry \(position).")
      }
      look(for: entry.event.fact.texts, number)
    case .person(let id, let name, let email):
      look(for: [name, email, id.description], number)
      for word in name.split(whereSeparator: \.isWhitespace) where word.count >= 3 {
        if let needle = Needle(String(word), isWords: true) { needles.append((number, needle)) }
      }
    case .pattern(let text), .words(let text):
      let isWords = if case .words = what { true } else { false }
      guard let needle = Needle(text, isWords: isWords) else {
        throw Impossible(number: number, detail: "Its text has nothing that could be seen.")
      }
      needles.append((number, needle))
    }
  }

  private mutating func look(for texts: [String], _ number: Int) {
    for text in texts where text.count >= Self.shortest && !text.isTimeAlone {
      if let needle = Needle(text) { needles.append((number, needle)) }
    }
  }

  /// Says at the end what is withheld and why.
  private mutating func add(_ withheld: [Withholding]) {
    let points = withheld.enumerated().map { place, withholding in
      "\(Self.mark(place + 1)) \(withholding.told.what): \(withholding.reason)"
    }
    report.banners.append("Parts of this report are withheld; the end says why.")
    report.withheld = points
  }

  private static func mark(_ number: Int) -> String { "[withheld \(number)]" }

  /// The text with a mark in the place of each needle.
  private static func cover(_ needles: [(number: Int, needle: Needle)], in text: String) -> String {
    let folded = FoldedText(text)
    var numbers = [Int?](repeating: nil, count: text.count)
    for (number, needle) in needles {
      for range in folded.places(of: needle) {
        for place in folded.sources[range.lowerBound]...folded.sources[range.upperBound - 1] {
          numbers[place] = min(number, numbers[place] ?? number)
        }
      }
    }
    guard numbers.contains(where: { $0 != nil }) else { return text }
    var covered = ""
    var last: Int?
    for (character, number) in zip(text, numbers) {
      if let number {
        if number != last { covered += mark(number) }
      } else {
        covered.append(character)
      }
      last = number
    }
    return covered
  }

  /// The redaction whose text is in what was written of the report after all, if one is: as it stands,
  /// without the escapes of its format, or across its markup.
  ///
  /// - Returns: Its number from 1; `nil` is the proof that there is none.
  package func leak(in bytes: [UInt8], written format: ReportFormat) -> Int? {
    let text = String(decoding: bytes, as: UTF8.self)
    let readings = [text] + text.readings(of: format)
    for reading in readings {
      let folded = FoldedText(reading)
      for (number, needle) in needles where !folded.places(of: needle).isEmpty { return number }
    }
    return nil
  }
}

extension KeptReport.Redaction {
  /// What is withheld, without saying it.
  package var what: String {
    switch choice {
    case .field: "the field \(place ?? "")"
    case .entry: "entry \(place ?? "")"
    case .person: "a person"
    case .pattern, .words: "a text"
    }
  }
}

extension String {
  /// Whether it is a point in time as ``DisplayTime`` tells it, which stands in every report.
  fileprivate var isTimeAlone: Bool {
    let words = split(separator: " ")
    return words.count == 6 && words[3] == "at" && (hasSuffix(" GMT") || hasSuffix(" BST"))
  }
}
