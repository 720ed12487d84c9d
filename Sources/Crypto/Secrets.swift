import COpenSSL

/// `count` bytes that nobody can foretell, from OpenSSL's generator.
///
/// A process without randomness must not go on making keys, so that is the end of it.
package func secureRandom(_ count: Int) -> [UInt8] {
  precondition(count >= 0, "Asked for \(count) random bytes.")
  return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    let done = unsafe RAND_bytes(buffer.baseAddress, Int32(count))
    precondition(count == 0 || done == 1, "The system has no randomness.")
    filled = count
  }
}

/// Sixteen bytes that nobody can foretell, as two numbers: what an id or a salt is made of.
package func randomUInt64Pair() -> (UInt64, UInt64) {
  var halves: (UInt64, UInt64) = (0, 0)
  // Two UInt64 side by side are sixteen bytes without padding.
  let done = unsafe withUnsafeMutableBytes(of: &halves) { unsafe RAND_bytes($0.baseAddress, 16) }
  precondition(done == 1, "The system has no randomness.")
  return halves
}

/// Whether two secrets are alike; how long it takes says nothing but whether their lengths differ.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe CRYPTO_memcmp(left, right, left.count) == 0
}
