import Crypto
import Gateway
import Incidents
import Store

/// What the cluster asks of itself once its time has come.
enum DueCommand {
  /// The command that is due at `now`, in milliseconds since 1970, if any is. What one command does
  /// not hold is left for the next.
  ///
  /// - Parameters:
  ///   - reader: The state.
  ///   - signer: Signs the record with this node's key.
  ///   - scan: Finds what has been kept long enough.
  static func encoded(
    from reader: StateReader, signer: HeadSigner, scan: RetentionScan, at now: Int64
  ) throws(StoreError) -> [UInt8]? {
    let due = try reader.read { reader throws(StoreError) -> Action? in
      if let action = try action(reader, now) { return action }
      if let action = try scan.next(in: reader, at: now) { return action }
      if let head = try signer.due(from: reader, at: now) { return .signHead(head) }
      return try ReportKeeping.due(from: reader)
    }
    return due.map { action in
      Command(
        actor: .system, receivedAt: now, salt: secureRandom(Bound.salt), action: action
      ).encoded()
    }
  }

  private static func action(_ reader: StateReader, _ now: Int64) throws(StoreError) -> Action? {
    if reader.level >= 2, reader.secret() == nil { return .keepSecret(secureRandom(Bound.secret)) }
    let held = try reader.heldByLeavers()
    if !held.isEmpty { return .releaseLeavers(held) }
    let cleared = try reader.cleared(by: now - Grace.cleared)
    if !cleared.isEmpty { return .closeCleared(cleared) }
    let timed = try reader.timed(
      by: now, epoch: reader.settings()?.extras.calendarEpoch ?? 0)
    if !timed.isEmpty { return .keepTime(timed) }
    if let due = try reader.due(at: now) { return due }
    let old = try reader.messages(until: now - Message.kept)
    if !old.isEmpty { return .pruneMessages(old) }
    let ended = try reader.endedDeliveries(until: now - WebhookDelivery.kept)
    return ended.isEmpty ? nil : .moveDeliveries(ended.map { .forget($0) })
  }
}
