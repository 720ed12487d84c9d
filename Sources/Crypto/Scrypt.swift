internal import COpenSSL

/// Scrypt (RFC 7914): keys from passwords, by work that needs memory as well as time.
package enum Scrypt {
  /// What one derivation costs. Its names are those of RFC 7914, section 2.
  package struct Cost: Hashable, Sendable {
    /// The binary logarithm of N, the number of blocks.
    package let logN: Int
    /// r, the size of a block in units of 128 bytes.
    package let blockSize: Int
    /// p, how often all of it is done.
    package let parallelism: Int

    /// The most memory that a derivation may take: 64 MiB. Whoever could write a verifier into
    /// the state could otherwise take all there is.
    package static let memoryLimit = 64 * 1024 * 1024
    /// The most passes over that memory, so that no derivation takes longer than a few seconds.
    package static let passLimit = 16

    /// What signing in costs: 32 MiB three times, which OWASP counts equal to 128 MiB once. A
    /// quarter of a second here, and no more memory than a node has for it.
    package static let standard = Cost(known: 15, 8, 3)

    private init(known logN: Int, _ blockSize: Int, _ parallelism: Int) {
      self.logN = logN
      self.blockSize = blockSize
      self.parallelism = parallelism
    }

    /// A cost, or `nil` if RFC 7914 does not know it or it is over ``memoryLimit`` or
    /// ``passLimit``.
    package init?(logN: Int, blockSize: Int, parallelism: Int) {
      guard (1...20).contains(logN), (1...32).contains(blockSize),
        (1...Self.passLimit).contains(parallelism),
        // N < 2^(128 * r / 8), which is a bound for small blocks only.
        logN < 16 * blockSize,
        128 * blockSize * (1 << logN + parallelism) <= Self.memoryLimit
      else { return nil }
      self.logN = logN
      self.blockSize = blockSize
      self.parallelism = parallelism
    }
  }

  /// `count` bytes from `password` and `salt`. Costs 128·r·N bytes of memory while it lasts, and
  /// time enough that it belongs on a thread of its own.
  package static func key(
    of password: [UInt8], salt: [UInt8], cost: Cost, count: Int
  ) throws(CryptoError) -> [UInt8] {
    precondition((1...1024).contains(count), "A key of \(count) bytes.")
    var key = [UInt8](repeating: 0, count: count)
    // OpenSSL reads a password as characters, which are the same bytes, and counts some of its own
    // beside the blocks, so that its limit is a little above ours.
    let done = unsafe password.withUnsafeBytes { password in
      unsafe EVP_PBE_scrypt(
        password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count,
        1 << UInt64(cost.logN), UInt64(cost.blockSize), UInt64(cost.parallelism),
        UInt64(Cost.memoryLimit + 1024 * 1024), &key, count)
    }
    try require("derive a key from a password", done)
    return key
  }
}
