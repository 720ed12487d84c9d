package import Bytes

/// How a service is to be run from now on: the whole of it.
package struct ArrangementChange: Hashable, Sendable {
  /// Which service.
  package var service: ID
  /// The version of its arrangement that this was worked out against; 0 where there was none.
  package var seen: UInt64
  /// What is to be said of it.
  package var profile: ArrangementProfile

  /// A change.
  package init(service: ID, seen: UInt64, profile: ArrangementProfile) {
    self.service = service
    self.seen = seen
    self.profile = profile
  }
}

/// Somebody has looked whether a service's manual has both reporting requirements of guidance 1, and it
/// has.
package struct ManualReading: Hashable, Sendable {
  /// Which service.
  package var service: ID
  /// Who looked, if it was not whoever says so.
  package var by: ID?
  /// When, if not now.
  package var at: Int64?

  /// A reading.
  package init(service: ID, by: ID? = nil, at: Int64? = nil) {
    self.service = service
    self.by = by
    self.at = at
  }
}

/// A service is to be live, or not any more.
package struct LiveChange: Hashable, Sendable {
  /// Which service.
  package var service: ID
  /// What it is to be.
  package var step: Step

  /// What a service can be.
  package enum Step: Hashable, Sendable {
    /// Live: people depend on it, and it lacks nothing.
    case live
    /// Not live any more, with the reason.
    case withdrawn(reason: String)
  }

  /// A change.
  package init(service: ID, step: Step) {
    self.service = service
    self.step = step
  }
}
