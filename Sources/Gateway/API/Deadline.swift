import EventLoop

/// When the answer to a request is due.
struct Deadline: Sendable {
  /// From a request to its answer: with the ways to and from the client it comes within the two
  /// seconds that are promised.
  static let answer = Duration.milliseconds(1_900)
  /// With less left than this nothing is begun any more: it would be cut off half way.
  static let least = Duration.milliseconds(20)

  private let at: Int64

  /// The deadline of a request that came just now.
  init(within limit: Duration = Deadline.answer) { at = Wall.monotonic() + limit.nanoseconds }

  /// How much time is left; never less than none.
  var left: Duration { .nanoseconds(max(0, at - Wall.monotonic())) }

  /// As much time again as an answer has: for what comes after a wait that was owed.
  var renewed: Deadline { Deadline() }

  /// Whether there is time to begin something.
  var isOpen: Bool { left >= Self.least }
}
