/// All chance of a run, from its seed (SplitMix64).
package struct Chance: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The same seed always gives the same numbers.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return mixed(state)
  }

  /// A number from 0 up to but not `bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A number in `range`.
  mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// True `percent` times of a hundred.
  mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

  /// One of `choices`, which are not empty.
  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}

/// The finalizer of SplitMix64: every bit of the result depends on every bit of `value`.
func mixed(_ value: UInt64) -> UInt64 {
  var mixed = value
  mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
  mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
  return mixed ^ (mixed &>> 31)
}

/// A running sum of all that happened, in order. Unlike `Hasher` it is the same in every process.
struct Fingerprint {
  private(set) var value: UInt64 = 0

  mutating func add(_ number: UInt64) { value = mixed(value ^ number) &+ 1 }

  mutating func add(_ bytes: [UInt8]) {
    var word: UInt64 = UInt64(bytes.count)
    for byte in bytes { word = (word ^ UInt64(byte)) &* 0x100_0000_01B3 }
    add(word)
  }
}
