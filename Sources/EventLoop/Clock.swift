import Glibc

/// The two clocks of a node.
package enum Clock {
  /// Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which people and time servers move.
  package static func now() -> Int64 {
    let time = read(CLOCK_REALTIME)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Nanoseconds since the machine started, asleep or awake: for durations and deadlines.
  package static func monotonic() -> Int64 {
    let time = read(CLOCK_BOOTTIME)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return time
  }
}

extension Duration {
  /// The duration in nanoseconds, at most about 292 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    return whole.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
  }
}
