package import Bytes
package import Incidents

/// The difference between a document and the directory: what an import would do, row by row.
///
/// A plan of a document that was imported already is empty. Nothing is removed unless it is asked for:
/// a document may be of one team only.
package struct DirectoryPlan: Hashable, Sendable {
  /// What changes, in the order in which it is done.
  package internal(set) var rows: [PlannedRow] = []
  /// The version of the directory that it was worked out against.
  package let seen: UInt64

  /// The plan as something that can be asked for.
  package var change: DirectoryChange { DirectoryChange(seen: seen, rows: rows.map(\.row)) }

  /// How many rows do this.
  package func count(_ act: PlannedRow.Act) -> Int { rows.count { $0.act == act } }

  /// Works out what `document` would change in `state`.
  ///
  /// - Parameters:
  ///   - isPruning: Whether what the document does not name is removed.
  ///   - makeID: Makes the ids of what is new.
  /// - Throws: Whatever in the document cannot be, by line.
  package init(
    _ document: DirectoryDocument, in state: DirectoryState, isPruning: Bool = false,
    makeID: () -> ID
  ) throws(DirectoryMistakes) {
    var planning = Planning(state, isPruning: isPruning)
    planning.settle(document, makeID: makeID)
    planning.plan(document)
    if isPruning { planning.prune() }
    try planning.mistakes.check()
    seen = state.settings.directory
    rows = planning.rows
  }
}

/// One row of a plan.
package struct PlannedRow: Hashable, Sendable {
  /// What it does, as it is asked for.
  package var row: DirectoryRow
  /// Whether it adds, changes or removes.
  package var act: Act
  /// What kind of thing it is about.
  package var kind: Kind
  /// What the document calls it; of a membership the team and the person, with a "/" between.
  package var id: String
  /// As it is called.
  package var name: String
  /// What of it becomes what.
  package var differences: [Difference]

  /// What a row does.
  package enum Act: String, CaseIterable, Sendable {
    case add
    case change
    case remove
  }

  /// What a row is about.
  package enum Kind: String, CaseIterable, Sendable {
    case person
    case team
    case membership
    case service
  }

  /// One thing that is said of something, before and after.
  package struct Difference: Hashable, Sendable {
    /// What the document calls it.
    package var field: String
    /// What it was; nothing if it was not said.
    package var before: String?
    /// What it becomes; nothing if it is not said any more.
    package var after: String?

    /// A difference.
    package init(_ field: String, _ before: String?, _ after: String?) {
      self.field = field
      self.before = before
      self.after = after
    }
  }
}
