import Bytes

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

  private let epoch: UInt64
  private let seal: Seal

  /// The key of a cluster with this secret, in this epoch.
  package init(secret: [UInt8], epoch: UInt64) {
    self.epoch = epoch
    seal = Seal(secret: secret, of: "stream position")
  }

  /// The text that stands for a position.
  package func text(_ position: UInt64, at now: Int64) -> String {
    var writer = ByteWriter(reserving: 24)
    writer.put(position)
    writer.put(now)
    writer.put(epoch)
    return seal.text(of: writer.bytes)
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
    guard let bytes = seal.bytes(of: text) else { return nil }
    var reader = ByteReader(bytes)
    do throws(MalformedBytes) {
      let place = Place(
        position: try reader.u64(), at: try reader.i64(), epoch: try reader.u64())
      try reader.finish()
      return place
    } catch {
      return nil
    }
  }
}
