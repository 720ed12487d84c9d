/// Impact and urgency to priority, as data: that of guidance 2.3, or a service's own.
package struct PriorityMatrix: Hashable, Sendable {
  /// Nine priorities: high impact first, and for each impact high urgency first.
  private let cells: [Priority]

  /// The matrix of guidance 2.3.
  package static let standard = PriorityMatrix(known: [.p1, .p1, .p2, .p2, .p3, .p4, .p3, .p4, .p5])

  private init(known cells: [Priority]) { self.cells = cells }

  /// A matrix of nine priorities, high impact first, and for each impact high urgency first; `nil` unless
  /// it is complete, names no P6, and never makes more impact or urgency less urgent.
  package init?(_ cells: [Priority]) {
    guard cells.count == Self.size, !cells.contains(.p6) else { return nil }
    self.cells = cells
    for impact in Level.allCases {
      for urgency in Level.allCases {
        let here = priority(impact: impact, urgency: urgency)
        if let more = impact.next, priority(impact: more, urgency: urgency) > here { return nil }
        if let more = urgency.next, priority(impact: impact, urgency: more) > here { return nil }
      }
    }
  }

  /// How many priorities one has.
  package static let size = 9

  /// The priority of an incident of this impact and urgency. P6 is never on the matrix.
  package func priority(impact: Level, urgency: Level) -> Priority {
    cells[Self.place(impact: impact, urgency: urgency)]
  }

  /// Where a priority stands among the nine.
  package static func place(impact: Level, urgency: Level) -> Int {
    3 * (2 - Int(impact.rawValue)) + 2 - Int(urgency.rawValue)
  }

  /// Its nine priorities, high impact first, and for each impact high urgency first.
  package var priorities: [Priority] { cells }
}

extension Level {
  /// The next higher, if there is one.
  fileprivate var next: Level? { Level(rawValue: rawValue + 1) }
}
