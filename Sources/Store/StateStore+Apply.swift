internal import Bytes
internal import Incidents
package import Raft
internal import SQLite

extension StateStore {
  /// Applies committed entries, which must follow ``applied`` without a gap, in one transaction.
  ///
  /// A refusal changes nothing but the applied index. An error changes nothing at all: it is never
  /// a refusal, for another replica may have had none.
  ///
  /// - Parameter skips: Indexes of those that are applied as nothing.
  /// - Returns: What became of each entry, in order.
  /// - Throws: ``StoreError/diskFull``: give the same entries again once there is room. Anything
  ///   else: the process must end.
  package mutating func apply(
    _ entries: [Entry], skipping skips: [LogIndex] = []
  ) throws(StoreError) -> [AppliedEntry] {
    guard !entries.isEmpty else { return [] }
    let before = head
    let results: [AppliedEntry]
    do throws(StoreError) {
      results = try applyInTransaction(entries, skips)
    } catch {
      head = before
      tables.forget()
      tables.level = before.configuration.configuration.level
      // The first error is the one that explains; the caller ends the process or tries again.
      try? tables.stored.database.rollBack()
      throw error
    }
    try checkpointIfLong()
    return results
  }

  private mutating func applyInTransaction(
    _ entries: [Entry], _ skips: [LogIndex]
  ) throws(StoreError) -> [AppliedEntry] {
    var results: [AppliedEntry] = []
    results.reserveCapacity(entries.count)
    try storing { () throws(SQLiteError) in try tables.stored.database.beginWriting() }
    for entry in entries {
      precondition(
        entry.position.index == head.applied.index.next,
        "\(entry.position) cannot be applied after \(head.applied).")
      let isSkipped = skips.contains(entry.position.index)
      let result = isSkipped ? CommandResult.skipped : try apply(entry)
      head.applied = entry.position
      head.stamp = entry.stamp
      try storing { () throws(SQLiteError) in try bookkeeping.keepHouse(head, at: entry.stamp) }
      if entry.position.index.rawValue % Bookkeeping.digestEvery == 0 {
        newestDigest = StateDigest(index: entry.position.index, digest: head.digest)
      }
      results.append(AppliedEntry(position: entry.position, result: result))
    }
    try storing { () throws(SQLiteError) in
      try bookkeeping.write(head)
      try tables.stored.database.commit()
    }
    return results
  }

  private mutating func apply(_ entry: Entry) throws(StoreError) -> CommandResult {
    switch entry.kind {
    case .barrier: return .none
    case .configuration: return try adopt(entry)
    case .command: break
    }
    let command: Command
    do throws(MalformedBytes) {
      command = try Command(decoding: entry.payload)
    } catch {
      return .malformed
    }
    if let key = command.key, let person = command.actor.person,
      let remembered = try tables.stored.remembered(key, of: person, at: entry.stamp)
    {
      return remembered.request == key.requestHash
        ? .applied(remembered.outcome, repeated: true) : .keyReused
    }

    tables.beginCommand()
    let events: [Event]
    do throws(Refusal) {
      events = try decide(command, at: entry.stamp, facts: tables)
    } catch {
      // A read that failed looks like a missing record: that is no reason to refuse.
      try tables.check()
      return .refused(error)
    }
    try tables.check()
    return .applied(try carryOut(events, of: command, by: entry), repeated: false)
  }

  /// Keeps the configuration beside the state, so that a copy of the file says who is a member.
  private mutating func adopt(_ entry: Entry) throws(StoreError) -> CommandResult {
    let configuration: Configuration
    do throws(MalformedBytes) {
      configuration = try Configuration(decoding: entry.payload)
    } catch {
      return .malformed
    }
    let before = head.configuration.configuration.level
    head.configuration = PlacedConfiguration(
      index: entry.position.index, configuration: configuration)
    try storing { () throws(SQLiteError) in try bookkeeping.write(head.configuration) }
    if configuration.level != before { try raise(to: configuration.level, from: before, by: entry) }
    return .none
  }

  /// Puts a behaviour level in force from the next entry on, by an event: who reads the ledger knows
  /// under what its events came about, and folding them comes to the same tables.
  private mutating func raise(
    to level: UInt8, from before: UInt8, by entry: Entry
  ) throws(StoreError) {
    guard level <= Self.newestLevel else {
      throw .newer(file: "The entry at \(entry.position.index)", format: Int(level))
    }
    precondition(level == before + 1, "Level \(level) came after level \(before).")
    let event = Event(
      subject: Subject(kind: .settings, id: Settings.id), fact: .levelRaised(to: level))
    tables.beginCommand()
    // Nothing in it is to be hidden, so its salt need not be chance.
    let salt = [UInt8](repeating: 0, count: Bound.salt)
    try make([event], by: .system, salt: salt, entry: entry)
  }

  /// Makes the events of a command true, and remembers what is answered.
  private mutating func carryOut(
    _ events: [Event], of command: Command, by entry: Entry
  ) throws(StoreError) -> Outcome {
    try make(events, by: command.actor, salt: command.salt, entry: entry)
    var records = tables
    keep(command, at: entry.stamp, in: &records)
    let outcome = outcome(of: command, events: events, facts: tables)
    try tables.check()
    try storing { () throws(SQLiteError) in
      if let key = command.key, let person = command.actor.person {
        try bookkeeping.remember(
          outcome, of: person, under: key, at: entry.stamp, position: entry.position)
      }
    }
    return outcome
  }

  /// Makes events true: records, ledger, digest.
  private mutating func make(
    _ events: [Event], by actor: Actor, salt: [UInt8], entry: Entry
  ) throws(StoreError) {
    var records = tables
    for event in events { evolve(event, at: entry.stamp, by: actor, in: &records) }
    try tables.endCommand()
    guard !events.isEmpty else { return }
    if events.contains(where: \.fact.isErasing) {
      purged = entry.position.index
      owesTruncation = true
    }
    try storing { () throws(SQLiteError) in
      let hashes = try ledger.append(
        events, by: actor, salt: salt, at: entry.stamp, index: entry.position.index,
        after: &head.ledger)
      head.digest = ledger.digest(
        after: head.digest, index: entry.position.index, events: hashes, changes: tables.changes)
    }
  }
}
