package import Bytes

/// Names for ids, to write sentences with.
///
/// Events hold ids only, so that a name can be corrected or erased; whoever tells them looks the
/// names up.
package struct Names {
  private let lookup: (Subject.Kind, ID) -> String?
  private let isSeen: (ID) -> Bool

  /// The name of a person, team or service; the closure answers `nil` for an unknown one.
  ///
  /// - Parameters:
  ///   - isSeen: Whether an incident may be told of. One that was purged, or that whoever reads may not
  ///     know of, is told of as "another incident".
  ///   - lookup: Answers names.
  package init(
    isSeen: @escaping (ID) -> Bool = { _ in true },
    _ lookup: @escaping (Subject.Kind, ID) -> String?
  ) {
    self.lookup = lookup
    self.isSeen = isSeen
  }

  /// Whether an incident may be told of.
  package func sees(_ id: ID) -> Bool { isSeen(id) }

  /// What people call an incident, or "another incident".
  package func incident(_ id: ID) -> String {
    isSeen(id) ? Reference(id).text : "another incident"
  }

  /// What a person is called, or "somebody".
  package func person(_ id: ID) -> String { lookup(.person, id) ?? "somebody" }

  /// What a team is called, or "an unknown team".
  package func team(_ id: ID) -> String { lookup(.team, id) ?? "an unknown team" }

  /// What a service is called, or "an unknown service".
  package func service(_ id: ID) -> String { lookup(.service, id) ?? "an unknown service" }

  /// Who caused something, as the subject of a sentence.
  package func actor(_ actor: Actor) -> String {
    switch actor {
    case .credential(_, let asker):
      lookup(.person, asker) ?? lookup(.service, asker).map { "The systems of \($0)" } ?? "Somebody"
    case .system: "Muster"
    }
  }
}

/// One line of an incident's timeline, as the ledger has it.
package struct TimelineEntry: Hashable, Sendable {
  /// The ledger position.
  package var position: UInt64
  /// When it was recorded.
  package var stamp: Int64
  /// Who did it.
  package var actor: Actor
  /// What happened.
  package var event: Event

  /// An entry.
  package init(position: UInt64, stamp: Int64, actor: Actor, event: Event) {
    self.position = position
    self.stamp = stamp
    self.actor = actor
    self.event = event
  }

  /// When it happened: the happened-at, or else when it was recorded.
  package var at: Int64 { event.happenedAt ?? stamp }
}
