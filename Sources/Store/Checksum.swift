internal import Raft

/// CRC-32C (Castagnoli), eight bytes at a step: finds every flipped bit and every burst of up to
/// 32 bits. It guards against disks, not against people; the ledger's hashes do that.
enum Checksum {
  /// Table `k` of 256 holds the remainder of a byte that is followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0) }
      tables[byte] = remainder
    }
    for place in 256..<8 * 256 {
      let before = tables[place - 256]
      tables[place] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The checksum of `bytes`, going on from that of what came before them.
  static func crc32c(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
    let span = bytes.span
    let tables = tables.span
    var state = ~previous
    var place = 0
    while place + 8 <= span.count {
      let low = state ^ word(span, place)
      let high = word(span, place + 4)
      state =
        tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
        ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
      state ^=
        tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
        ^ tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
      place += 8
    }
    while place < span.count {
      state = state >> 8 ^ tables[Int((state ^ UInt32(span[place])) & 0xFF)]
      place += 1
    }
    return ~state
  }

  private static func word(_ bytes: borrowing Span<UInt8>, _ place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      | UInt32(bytes[place + 3]) << 24
  }
}

extension Entry {
  /// The checksum of everything in the entry.
  var checksum: UInt32 {
    let head = [position.term.rawValue, position.index.rawValue, UInt64(bitPattern: stamp)]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(25)
    for word in head {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    bytes.append(kind.rawValue)
    return Checksum.crc32c(payload, after: Checksum.crc32c(bytes))
  }

  /// A value that stands for the whole log through this entry, whose checksum the caller has: equal
  /// logs have equal chains, and an entry that was lost, doubled or exchanged breaks it.
  func chain(after previous: UInt64, checksum: UInt32) -> UInt64 {
    // The finalizer of SplitMix64: each bit of the input reaches each bit of the result.
    var mixed = previous &+ (UInt64(checksum) | position.index.rawValue << 32)
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
