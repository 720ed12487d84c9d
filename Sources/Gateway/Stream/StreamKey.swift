import Bytes
import Crypto

/// Makes the `id:` of a stream, and reads it as `Last-Event-ID`: where in the ledger its reader is, for
/// any node to go on from, and for nobody else to see.
///
/// Encrypted and with a code under the cluster's secret, and never twice the same: neither two of them
/// nor one that is repeated tells how much a reader was not shown in between.
package struct StreamKey: Sendable {
  /// A place in the ledger, as it was given to a reader.
  struct Place: Hashable, Sendable {
    /// The last row that was looked at for them.
    var position: UInt64
    /// When it was given to them, in milliseconds since 1970.
    var at: Int64
    /// The epoch of the cluster then.
    var epoch: UInt64
  }

  /// A reader who was away for longer reads the lists anew: a week, which is shorter than anything is
  /// kept before it is purged.
  static let longestAway: Int64 = 7 * 86_400_000

  private static let nonceSize = 12
  private static let codeSize = 16
  private static let size = nonceSize + 24 + codeSize

  private let epoch: UInt64
  private let hiding: [UInt8]
  private let signing: [UInt8]

  /// The key of a cluster with this secret, in this epoch.
  package init(secret: [UInt8], epoch: UInt64) {
    self.epoch = epoch
    hiding = HMACSHA256.code(of: Array("stream position, hidden".utf8), key: secret)
    signing = HMACSHA256.code(of: Array("stream position, signed".utf8), key: secret)
  }

  /// The text that stands for a position.
  package func text(_ position: UInt64, at now: Int64) -> String {
    var writer = ByteWriter(reserving: Self.size)
    writer.put(position)
    writer.put(now)
    writer.put(epoch)
    let nonce = secureRandom(Self.nonceSize)
    let sealed = nonce + hidden(writer.bytes, nonce)
    return Base64URL.encode(sealed + code(of: sealed))
  }

  /// The position that a text stands for.
  ///
  /// - Throws: That it is none of this cluster's, or that nobody can go on from there any more.
  package func position(_ text: String, at now: Int64) throws(Problem) -> UInt64 {
    guard let place = place(text) else { throw .positionUnknown }
    guard place.epoch == epoch, now - place.at <= Self.longestAway else { throw .positionGone }
    return place.position
  }

  private func place(_ text: String) -> Place? {
    guard let bytes = Base64URL.decode(text), bytes.count == Self.size else { return nil }
    let sealed = Array(bytes.dropLast(Self.codeSize))
    guard constantTimeEqual(Array(bytes.suffix(Self.codeSize)), code(of: sealed)) else {
      return nil
    }
    let nonce = Array(sealed.prefix(Self.nonceSize))
    var reader = ByteReader(hidden(Array(sealed.dropFirst(Self.nonceSize)), nonce))
    do throws(MalformedBytes) {
      return Place(position: try reader.u64(), at: try reader.i64(), epoch: try reader.u64())
    } catch {
      return nil
    }
  }

  /// Hides bytes, or shows hidden ones.
  private func hidden(_ bytes: [UInt8], _ nonce: [UInt8]) -> [UInt8] {
    zip(bytes, HMACSHA256.code(of: nonce, key: hiding)).map { $0 ^ $1 }
  }

  private func code(of sealed: [UInt8]) -> [UInt8] {
    Array(HMACSHA256.code(of: sealed, key: signing).prefix(Self.codeSize))
  }
}
