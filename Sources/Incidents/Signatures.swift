package import Bytes

/// Decides what a command means: the events that it causes, or why it is refused.
///
/// Nothing is read but `facts` and nothing is changed at all, so every replica that is given the
/// same command and stamp decides alike. No events is an answer too: it was so already.
package func decide(
  _ command: Command, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  throw Refusal(.notFound, title: "", detail: "")
}

/// Makes an event true in `records`.
package func evolve(
  _ event: Event, at stamp: Int64, by actor: Actor, in records: inout some Records
) {}

/// What `command` came to, read from `facts` after its `events` were made true.
package func outcome(of command: Command, events: [Event], facts: some Facts) -> Outcome {
  Outcome(subject: Subject(kind: .settings, id: Settings.id), version: 0, status: .ok)
}

/// What people call an incident: "INC-" and ten characters of Crockford's base 32.
package struct Reference: Hashable, Sendable {
  /// The reference of an incident: fifty of its id's random bits.
  package init(_ id: ID) {}
  /// The reference that a person typed, or `nil` for what is not one.
  package init?(_ text: String) { nil }
  /// The ten characters, without "INC" and hyphens; what the store indexes.
  package var digits: String { "" }
  /// "INC-XXXXX-XXXXX".
  package var text: String { "" }
}

/// Points in time as RFC 3339 writes them.
package enum Timestamp {
  /// Milliseconds since 1970 of a point such as "2026-11-23T09:04:00.5+01:00"; `nil` for other text.
  package static func parse(_ text: String) -> Int64? { nil }
  /// "2026-11-23T09:04:00.500Z".
  package static func format(_ stamp: Int64) -> String { "" }
}

/// Points in time as people read them.
package enum DisplayTime {
  /// "23 November 2026 at 9:04am GMT".
  package static func text(_ stamp: Int64) -> String { "" }
}

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
  /// What people call it.
  package var reference: Reference { Reference(id) }
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
