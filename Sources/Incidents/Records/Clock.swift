/// A span that runs towards a due time (policy section 2).
package struct Clock: Hashable, Sendable {
  /// What it measures.
  package var kind: Kind
  /// When it began, in milliseconds since 1970.
  package var startedAt: Int64
  /// The target. `nil` where there is none: what is logged in the backlog, and P3 to P6 that were declared
  /// before behaviour level 2 and kept their priority.
  package var dueAt: Int64?
  /// The limit, where it is later than the target: "4 to 8 hours".
  package var limitAt: Int64?
  /// When what it waits for happened.
  package var stoppedAt: Int64?

  /// What a clock measures.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// Declaration to acknowledgement.
    case response = 1
    /// Declaration to resolution.
    case resolution = 2
    /// One update to the next.
    case update = 3
  }

  /// A clock.
  package init(
    kind: Kind, startedAt: Int64, dueAt: Int64?, limitAt: Int64? = nil, stoppedAt: Int64? = nil
  ) {
    self.kind = kind
    self.startedAt = startedAt
    self.dueAt = dueAt
    self.limitAt = limitAt
    self.stoppedAt = stoppedAt
  }

  /// How a clock stands.
  package enum State: UInt8, CaseIterable, Sendable {
    /// There is no due time.
    case noDueTime
    /// Less than three quarters have run.
    case onTime
    /// Three quarters have run.
    case dueSoon
    /// The due time is past and it has not happened.
    case overdue
    /// It happened by the due time.
    case met
    /// It happened, but late.
    case missed
    /// Another clock took its place.
    case superseded
    /// It stands still, and runs on by itself from the day on which somebody looks again.
    case paused

    /// As it is said to a person.
    package var word: String {
      switch self {
      case .noDueTime: "no due time"
      case .onTime: "on time"
      case .dueSoon: "due soon"
      case .overdue: "overdue"
      case .met: "met"
      case .missed: "missed"
      case .superseded: "superseded"
      case .paused: "paused"
      }
    }
  }

  /// How it stands at `now`. Exactly at the due time is still met, and not yet overdue.
  ///
  /// - Parameters:
  ///   - now: In milliseconds since 1970.
  ///   - soonAt: When three quarters have run, where it does not run round the clock from its
  ///     beginning. ``Clocks/state(of:at:)`` knows.
  package func state(at now: Int64, soonAt: Int64? = nil) -> State {
    guard let dueAt else { return .noDueTime }
    if let stoppedAt { return stoppedAt <= dueAt ? .met : .missed }
    if now > dueAt { return .overdue }
    if let soonAt { return now >= soonAt ? .dueSoon : .onTime }
    // "Three quarters have run", without a fraction: 4 × run ≥ 3 × allowance.
    return 4 * (now - startedAt) >= 3 * (dueAt - startedAt) ? .dueSoon : .onTime
  }

  /// How it stands once another took its place: missed stays visible.
  package var stateOnceSuperseded: State {
    guard let dueAt, let stoppedAt, stoppedAt > dueAt else { return .superseded }
    return .missed
  }

  /// Whether the limit too is past at `now`, or was when it happened.
  package func isPastLimit(at now: Int64) -> Bool {
    guard let limit = limitAt else { return false }
    return (stoppedAt ?? now) > limit
  }
}

/// The clocks of an incident.
package struct Clocks: Hashable, Sendable {
  /// Declaration to acknowledgement.
  package internal(set) var response: Clock
  /// Declaration to resolution.
  package internal(set) var resolution: Clock
  /// To the next update, while one is owed.
  package internal(set) var update: Clock?
  /// When the last update to stakeholders or wider was sent.
  package internal(set) var lastUpdateAt: Int64?
  /// How many updates came late. Missed stays visible.
  package internal(set) var missedUpdates: UInt32
  /// How long it was resolved before it was reopened, in milliseconds: that does not count.
  package internal(set) var notCounted: Int64
  /// Clocks that others took the place of, oldest first; at most ``Bound/pastClocks``.
  package internal(set) var superseded: [Clock]
  /// What behaviour level 2 adds.
  package internal(set) var extras = Extras()
}

/// Spans of time in milliseconds.
package enum Span {
  /// One second.
  package static let second: Int64 = 1_000
  /// One minute.
  package static let minute: Int64 = 60 * second
  /// One hour.
  package static let hour: Int64 = 60 * minute
  /// Twenty-four hours.
  package static let day: Int64 = 24 * hour
}
