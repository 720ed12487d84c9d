/// Every text of a report, to be changed or withheld.
extension IncidentReport {
  /// Puts another text in the place of each.
  mutating func change(_ text: (String) -> String) {
    heading = text(heading)
    banners = banners.map(text)
    withheld = withheld.map(text)
    for place in sections.indices { sections[place].change(text) }
  }

  /// Puts a mark in the place of a section's texts, or of the values of one label.
  ///
  /// - Parameter field: The section's name, or "section/label".
  /// - Returns: What people wrote there; `nil` if there is no such field.
  mutating func withhold(field: String, mark: String) -> [String]? {
    let names = field.split(separator: "/", maxSplits: 1).map(String.init)
    guard let place = sections.firstIndex(where: { $0.section.slug == names.first }) else {
      return nil
    }
    guard names.count == 2 else {
      let texts = sections[place].parts.flatMap(\.content.texts)
      sections[place].parts = [Part(.paragraphs([mark]))]
      return texts
    }
    var texts: [String] = []
    for part in sections[place].parts.indices {
      guard case .particulars(var particulars) = sections[place].parts[part].content else {
        continue
      }
      for row in particulars.indices where particulars[row].label == names[1] {
        texts.append(particulars[row].value)
        particulars[row].value = mark
      }
      sections[place].parts[part].content = .particulars(particulars)
    }
    return texts.isEmpty ? nil : texts
  }

  /// Puts a mark in the place of an entry and of what corrects it.
  ///
  /// - Returns: Whether it is there.
  mutating func withhold(entry position: UInt64, mark: String) -> Bool {
    var isThere = false
    for place in sections.indices {
      for part in sections[place].parts.indices {
        guard case .timeline(var lines) = sections[place].parts[part].content else { continue }
        for line in lines.indices where lines[line].withhold(entry: position, mark: mark) {
          isThere = true
        }
        sections[place].parts[part].content = .timeline(lines)
      }
    }
    return isThere
  }
}

extension IncidentReport.Line {
  fileprivate mutating func withhold(entry wanted: UInt64, mark: String) -> Bool {
    if position == wanted {
      text = mark
      for place in corrections.indices { corrections[place].text = mark }
      return true
    }
    var isThere = false
    for place in corrections.indices where corrections[place].position == wanted {
      corrections[place].text = mark
      isThere = true
    }
    return isThere
  }

  fileprivate mutating func change(_ change: (String) -> String) {
    text = change(text)
    for place in corrections.indices { corrections[place].change(change) }
  }
}

extension IncidentReport.Section {
  fileprivate mutating func change(_ text: (String) -> String) {
    title = text(title)
    help = help.map(text)
    for place in parts.indices {
      parts[place].title = parts[place].title.map(text)
      parts[place].content.change(text)
    }
  }
}

extension IncidentReport.Content {
  fileprivate mutating func change(_ text: (String) -> String) {
    switch self {
    case .particulars(let particulars):
      self = .particulars(
        particulars.map {
          IncidentReport.Particular(label: text($0.label), value: text($0.value))
        })
    case .paragraphs(let paragraphs): self = .paragraphs(paragraphs.map(text))
    case .points(let points): self = .points(points.map(text))
    case .table(let table):
      self = .table(
        IncidentReport.Table(
          headings: table.headings.map(text), rows: table.rows.map { $0.map(text) }))
    case .timeline(var lines):
      for place in lines.indices { lines[place].change(text) }
      self = .timeline(lines)
    }
  }

  /// What people wrote in it: no times, and no words of ours.
  fileprivate var texts: [String] {
    switch self {
    case .particulars(let particulars): particulars.map(\.value)
    case .paragraphs(let texts), .points(let texts): texts
    case .table(let table):
      table.headings.indices.filter {
        ["What", "Why", "Why late", "Who"].contains(table.headings[$0])
      }
      .flatMap { column in table.rows.map { $0[column] } }
    case .timeline(let lines): lines.flatMap { [$0.text] + $0.corrections.map(\.text) }
    }
  }
}
