import EventLoop

/// The node's wall clock, by a name that does not collide with the domain's clocks.
enum Wall {
  /// Now, in milliseconds since 1970.
  static func now() -> Int64 { Clock.now() }

  /// Now, in nanoseconds of a clock that only moves forward.
  static func monotonic() -> Int64 { Clock.monotonic() }
}
