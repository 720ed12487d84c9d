internal import Bytes
internal import Crypto
internal import Incidents
internal import Raft
internal import SQLite

/// One row of the ledger: everything about an event but what it says.
///
/// It holds ids and times and no name, so it can be kept for ever. What the event says lies beside
/// it and can be purged; the commitment stays and the chain still verifies.
struct LedgerRow: Hashable {
  var position: UInt64
  var index: LogIndex
  var kind: UInt16
  var subject: Subject
  var actor: Actor
  var onBehalfOf: ID?
  var stamp: Int64
  var happenedAt: Int64?
  var visibility: UInt8
  var exercise: Bool
  var policyVersion: UInt32

  /// The header as it is hashed: version 1, then every column in order.
  var header: [UInt8] {
    var writer = ByteWriter(reserving: 128)
    writer.put(1 as UInt8)
    writer.put(position)
    writer.put(index.rawValue)
    writer.put(kind)
    writer.put(subject.kind.rawValue)
    writer.put(subject.id)
    switch actor {
    case .system: writer.put(false)
    case .credential(let credential, let person):
      writer.put(true)
      writer.put(person)
      writer.put(credential)
    }
    writer.put(optional: onBehalfOf) { $0.put($1) }
    writer.put(stamp)
    writer.put(optional: happenedAt) { $0.put($1) }
    writer.put(visibility)
    writer.put(exercise)
    writer.put(policyVersion)
    return writer.bytes
  }
}

extension LedgerRow {
  init(_ event: Event, position: UInt64, index: LogIndex, stamp: Int64, actor: Actor) {
    self.init(
      position: position, index: index, kind: event.kind, subject: event.subject, actor: actor,
      onBehalfOf: event.onBehalfOf, stamp: stamp, happenedAt: event.happenedAt,
      visibility: event.visibility, exercise: event.exercise, policyVersion: event.policyVersion)
  }
}

/// The hashes that hold the ledger and the state together.
struct LedgerHashes: ~Copyable {
  /// What comes before the first event, and before the first change.
  static let origin = [UInt8](repeating: 0, count: SHA256.size)

  private var stream = SHA256Stream()

  /// The salt of the event at `place` among those of a command: 16 bytes.
  mutating func salt(_ commandSalt: [UInt8], place: Int) -> [UInt8] {
    stream.update(commandSalt)
    stream.update([UInt8(truncatingIfNeeded: place), UInt8(truncatingIfNeeded: place >> 8)])
    return Array(stream.finish()[..<Bound.salt])
  }

  /// SHA-256(salt ‖ body): binds the header to a body without telling it.
  mutating func commitment(salt: [UInt8], body: [UInt8]) -> [UInt8] {
    stream.update(salt)
    stream.update(body)
    return stream.finish()
  }

  /// SHA-256(previous ‖ header ‖ commitment).
  mutating func hash(after previous: [UInt8], header: [UInt8], commitment: [UInt8]) -> [UInt8] {
    stream.update(previous)
    stream.update(header)
    stream.update(commitment)
    return stream.finish()
  }

  /// SHA-256(previous ‖ index ‖ hashes of the events ‖ changed records).
  mutating func digest(
    after previous: [UInt8], index: LogIndex, events: [[UInt8]], changes: [[UInt8]]
  ) -> [UInt8] {
    var writer = ByteWriter(reserving: 8)
    writer.put(index.rawValue)
    stream.update(previous)
    stream.update(writer.bytes)
    for hash in events { stream.update(hash) }
    for change in changes { stream.update(change) }
    return stream.finish()
  }
}

/// Where events are added.
final class Ledger {
  private var hashes = LedgerHashes()
  private let insertEvent: Statement
  private let insertBody: Statement

  init(of database: borrowing Database) throws(SQLiteError) {
    insertEvent = try database.prepare(
      """
      INSERT INTO event(position, idx, kind, subject_kind, subject, actor, on_behalf_of, credential,
                        stamp, happened_at, visibility, exercise, policy_version, commitment, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    insertBody = try database.prepare(
      "INSERT INTO event_body(position, salt, body) VALUES (?, ?, ?)")
  }

  /// Adds the events of one entry of the log after `head` and moves it on.
  ///
  /// - Parameter salt: Of the entry; each event gets one made of it.
  /// - Returns: Their hashes.
  func append(
    _ events: [Event], by actor: Actor, salt: [UInt8], at stamp: Int64, index: LogIndex,
    after head: inout LedgerHead
  ) throws(SQLiteError) -> [[UInt8]] {
    var added: [[UInt8]] = []
    for (place, event) in events.enumerated() {
      let row = LedgerRow(
        event, position: head.position + 1, index: index, stamp: stamp, actor: actor)
      let salt = hashes.salt(salt, place: place)
      let body = event.encoded()
      let commitment = hashes.commitment(salt: salt, body: body)
      let hash = hashes.hash(after: head.hash, header: row.header, commitment: commitment)
      try insert(row, commitment: commitment, hash: hash)
      insertBody.bind(row.position, at: 1)
      insertBody.bind(salt, at: 2)
      try insertBody.run(lending: body, at: 3)
      head = LedgerHead(position: row.position, hash: hash)
      added.append(hash)
    }
    return added
  }

  /// The digest after a command that caused these events and changes.
  func digest(
    after previous: [UInt8], index: LogIndex, events: [[UInt8]], changes: [[UInt8]]
  ) -> [UInt8] {
    hashes.digest(after: previous, index: index, events: events, changes: changes)
  }

  private func insert(
    _ row: LedgerRow, commitment: [UInt8], hash: [UInt8]
  ) throws(SQLiteError) {
    insertEvent.bind(row.position, at: 1)
    insertEvent.bind(row.index.rawValue, at: 2)
    insertEvent.bind(Int64(row.kind), at: 3)
    insertEvent.bind(Int64(row.subject.kind.rawValue), at: 4)
    insertEvent.bind(row.subject.id, at: 5)
    switch row.actor {
    case .system:
      insertEvent.bindNull(at: 6)
      insertEvent.bindNull(at: 8)
    case .credential(let credential, let person):
      insertEvent.bind(person, at: 6)
      insertEvent.bind(credential, at: 8)
    }
    insertEvent.bind(row.onBehalfOf, at: 7)
    insertEvent.bind(row.stamp, at: 9)
    insertEvent.bind(row.happenedAt, at: 10)
    insertEvent.bind(Int64(row.visibility), at: 11)
    insertEvent.bind(row.exercise ? 1 : 0 as Int64, at: 12)
    insertEvent.bind(Int64(row.policyVersion), at: 13)
    insertEvent.bind(commitment, at: 14)
    try insertEvent.run(lending: hash, at: 15)
  }
}

/// The end of the ledger.
struct LedgerHead: Hashable {
  var position: UInt64
  var hash: [UInt8]
}
