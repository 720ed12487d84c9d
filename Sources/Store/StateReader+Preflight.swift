internal import Bytes
package import Incidents
internal import Raft
internal import SQLite

/// The command that was done under a key.
struct RememberedOutcome {
  let request: [UInt8]
  let position: Position
  let outcome: Outcome
}

/// The buckets in which outcomes are remembered.
enum OutcomeDay {
  /// The bucket of a stamp. A key is looked for in this one and the one before: it is remembered for
  /// a day at least and for two at most.
  static func of(_ stamp: Int64) -> Int64 { stamp / Span.day }
}

extension StateReader {
  /// What is known of a command before it goes to the log; most refusals never reach it.
  ///
  /// - Parameter now: This node's clock, in milliseconds since 1970. The last stamp is taken if it is
  ///   later, as the leader does.
  package func preflight(_ command: Command, now: Int64) throws(StoreError) -> Preflight {
    // The leader gives no stamp that is before one that it gave.
    let stamp = max(now, try lastStamp())
    if let key = command.key, let person = command.actor.person,
      let remembered = try remembered(key, of: person, at: stamp)
    {
      return remembered.request == key.requestHash
        ? .remembered(remembered.outcome, remembered.position) : .keyReused
    }
    do throws(Refusal) {
      _ = try decide(command, at: stamp, facts: self)
    } catch {
      if let failure { throw failure }
      return .refused(error)
    }
    if let failure { throw failure }
    return .proceed
  }

  /// The stamp of the last event; 0 before the first.
  private func lastStamp() throws(StoreError) -> Int64 {
    try storing { () throws(SQLiteError) in
      try latestStamp.row { row throws(SQLiteError) in try row.next() as Int64 }
    } ?? 0
  }

  /// What was done under a key of this person, today or yesterday by the stamp.
  func remembered(
    _ key: IdempotencyKey, of person: ID, at stamp: Int64
  ) throws(StoreError) -> RememberedOutcome? {
    outcomeByKey.bind(OutcomeDay.of(stamp), at: 1)
    outcomeByKey.bind(person, at: 2)
    outcomeByKey.bind(key.text, at: 3)
    let found = try storing { () throws(SQLiteError) in
      try outcomeByKey.row { row throws(SQLiteError) in
        let request: [UInt8] = try row.next()
        let index = LogIndex(rawValue: try row.next())
        let term = Term(rawValue: try row.next())
        return (request, Position(term: term, index: index), try row.next() as [UInt8])
      }
    }
    guard let (request, position, bytes) = found else { return nil }
    do throws(MalformedBytes) {
      return RememberedOutcome(
        request: request, position: position, outcome: try Outcome(decoding: bytes))
    } catch {
      throw .corrupt("a remembered outcome cannot be read: \(error)")
    }
  }
}
