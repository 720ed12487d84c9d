import Crypto
import Incidents
import Store

/// What the cluster asks of itself once its time has come.
enum DueCommand {
  /// The command that is due at `now`, in milliseconds since 1970, if any is. More than one command
  /// holds are left for the next.
  static func encoded(from reader: StateReader, at now: Int64) throws(StoreError) -> [UInt8]? {
    let cleared = try reader.read { reader throws(StoreError) in
      try reader.cleared(by: now - Grace.cleared)
    }
    guard !cleared.isEmpty else { return nil }
    return Command(
      actor: .system, receivedAt: now, salt: secureRandom(Bound.salt),
      action: .closeCleared(cleared)
    ).encoded()
  }
}
