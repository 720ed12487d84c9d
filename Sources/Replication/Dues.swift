/// When a leader looks in the state for what has come due and is nobody's request.
struct Dues: Sendable {
  /// Ticks between two looks: 1 s.
  private static let interval: UInt64 = 100
  /// Ticks after a look that failed: 10 s, so that the log is not flooded.
  private static let pause: UInt64 = 1_000

  private var isUnderWay = false
  private var notBefore: UInt64 = 0

  /// Whether to look now. A look is under way from then on, until it has ended.
  mutating func begins(at tick: UInt64) -> Bool {
    guard !isUnderWay, tick >= notBefore else { return false }
    isUnderWay = true
    notBefore = tick + Self.interval
    return true
  }

  /// The look is over: nothing was due, or what was due has had its answer.
  mutating func end() { isUnderWay = false }

  /// The look failed.
  mutating func fail(at tick: UInt64) {
    isUnderWay = false
    notBefore = tick + Self.pause
  }
}
