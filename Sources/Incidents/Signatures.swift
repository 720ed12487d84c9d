package import Bytes

/// Something that somebody owes an incident; worked out, not stored.
package struct Duty: Hashable, Sendable {
  /// Its stable name, such as `confirm-priority`.
  package var slug: String
  /// As a person reads it.
  package var text: String
  /// By when, if there is a time.
  package var dueAt: Int64?
}

extension Incident {
  /// What is owed at `now`, most pressing first.
  package func duties(at now: Int64) -> [Duty] { [] }
}

/// Names for ids, to write sentences with.
package struct Names {
  /// The name of a person, team or service; the closure answers `nil` for an unknown one.
  package init(_ lookup: @escaping (Subject.Kind, ID) -> String?) {}
}

extension Event {
  /// What happened, in one calm sentence.
  package func sentence(by actor: Actor, names: Names) -> String { "" }
}

/// One line of an incident's timeline, as the ledger has it.
package struct TimelineEntry {
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
}

/// The report of an incident, from its record and timeline.
package struct IncidentReport {
  /// The report as it stands at `now`.
  package init(_ incident: Incident, timeline: [TimelineEntry], names: Names, at now: Int64) {}
  /// The report as Markdown.
  package var markdown: String { "" }
}
