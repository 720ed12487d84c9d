/// How long consensus waits, in ticks of ten milliseconds.
package struct Timing: Hashable, Sendable {
  /// A leader speaks to every peer at least this often.
  package let heartbeat: Int
  /// A follower that hears no leader campaigns after this to twice this, drawn at random; a leader
  /// that hears no quorum for this long steps down.
  package let election: Int

  /// - Precondition: 0 < heartbeat, and an election timeout spans at least two heartbeats.
  package init(heartbeat: Int = 5, election: Int = 100) {
    precondition(
      heartbeat > 0 && election >= 2 * heartbeat,
      "A heartbeat of \(heartbeat) ticks does not fit an election timeout of \(election).")
    self.heartbeat = heartbeat
    self.election = election
  }
}

/// A seeded source of jitter (SplitMix64), so that a run can be repeated from its seed.
struct Jitter: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  /// A number from 0 up to but not `bound`, which is small enough that a remainder is fair.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
