internal import Bytes
internal import Crypto
internal import Incidents
internal import Raft
internal import SQLite

extension StateReader {
  /// Proves the ledger and the state: every event's commitment and hash, the chain through all of
  /// them, that folding the events again gives exactly the stored records, and the digest.
  ///
  /// Reads everything and folds it into a temporary file, so it takes long (about 20 µs an event)
  /// and is not bound by ``deadline``. What is applied meanwhile is not looked at.
  ///
  /// - Returns: What was proved.
  /// - Throws: ``StoreError/corrupt(_:)`` with the first position or table that is wrong.
  package func verify() throws(StoreError) -> StateHead {
    try storing { () throws(SQLiteError) in try database.beginReading() }
    // A read that cannot be ended has read all the same.
    defer { try? database.rollBack() }

    let head = try stateHead()
    let fold = try Fold()
    let folded = try fold.all(from: database)
    guard folded.ledger == LedgerHead(position: head.ledgerPosition, hash: head.ledgerHash) else {
      throw .corrupt(
        "the ledger ends at position \(folded.ledger.position), not at \(head.ledgerPosition) "
          + "with the hash that the state remembers")
    }
    for table in StateSchema.recordTables(at: level) {
      let stored = try rows(of: table, in: database)
      guard stored == (try rows(of: table, in: fold.tables.stored.database)) else {
        throw .corrupt("table \(table.name) is not what the ledger's events come to")
      }
    }
    guard folded.digest == head.digest else {
      throw .corrupt("the digest is not that of the ledger's events and their changes")
    }
    return head
  }

  /// A hash that stands for all rows of a table.
  private func rows(
    of table: (name: String, order: String), in database: borrowing Database
  ) throws(StoreError) -> [UInt8] {
    try storing { () throws(SQLiteError) in
      var hash = RowHash()
      let select = try database.prepare("SELECT * FROM \(table.name) ORDER BY \(table.order)")
      try select.visit { row throws(SQLiteError) in
        while !row.isAtEnd { hash.add(try row.next() as Value) }
        return true
      }
      return hash.finish()
    }
  }
}

/// The ledger, folded once more from its beginning.
private final class Fold {
  let tables: RecordTables
  private var hashes = LedgerHashes()
  private var ledger = LedgerHead(position: 0, hash: LedgerHashes.origin)
  private var digest = LedgerHashes.origin
  /// Hashes of the events of one entry of the log, which are folded together.
  private var together: (index: LogIndex, hashes: [[UInt8]]) = (.zero, [])

  init() throws(StoreError) {
    do throws(SQLiteError) {
      // No name: a temporary file that nobody else can open and that goes away by itself.
      let database = try Database(path: "", access: .create)
      try database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
      try database.execute(StateSchema.script)
      try database.execute("BEGIN")
      tables = try RecordTables(database: database)
    } catch {
      throw StoreError(error)
    }
  }

  /// Folds every event of `source`.
  func all(
    from source: borrowing Database
  ) throws(StoreError) -> (ledger: LedgerHead, digest: [UInt8]) {
    var failure: StoreError?
    try storing { () throws(SQLiteError) in
      let select = try source.prepare(StoredEvent.select + " ORDER BY event.position")
      try select.visit { row throws(SQLiteError) in
        let stored = try StoredEvent(&row)
        do throws(StoreError) {
          try add(stored)
          return true
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
    try closeEntry()
    return (ledger, digest)
  }

  private func add(_ stored: StoredEvent) throws(StoreError) {
    let position = ledger.position + 1
    func wrong(_ what: String) -> StoreError {
      .corrupt("position \(position) of the ledger: \(what)")
    }
    guard stored.position == position else { throw wrong("it is missing") }
    guard let salt = stored.salt, let body = stored.body else {
      throw wrong("what it says was purged, and there is no base to fold from")
    }
    guard hashes.commitment(salt: salt, body: body) == stored.commitment else {
      throw wrong("it does not say what it was committed to")
    }
    let event: Event
    do throws(MalformedBytes) {
      event = try Event(decoding: body)
    } catch {
      throw wrong("what it says cannot be read: \(error)")
    }
    let row = LedgerRow(
      event, position: position, index: stored.index, stamp: stored.stamp, actor: stored.actor)
    let hash = hashes.hash(after: ledger.hash, header: row.header, commitment: stored.commitment)
    guard hash == stored.hash, stored.matches(row) else {
      throw wrong("its header or its hash was changed")
    }
    if stored.index != together.index {
      try closeEntry()
      tables.beginCommand()
      together.index = stored.index
    }
    var records = tables
    evolve(event, at: stored.stamp, by: stored.actor, in: &records)
    together.hashes.append(hash)
    ledger = LedgerHead(position: position, hash: hash)
  }

  /// Brings the digest to the end of an entry of the log.
  private func closeEntry() throws(StoreError) {
    guard !together.hashes.isEmpty else { return }
    try tables.endCommand()
    digest = hashes.digest(
      after: digest, index: together.index, events: together.hashes, changes: tables.changes)
    together.hashes.removeAll(keepingCapacity: true)
  }
}

/// An event as its two rows have it; salt and body are gone once it was purged.
struct StoredEvent {
  let position: UInt64
  let index: LogIndex
  let kind: UInt16
  let subjectKind: UInt8
  let subject: ID
  let actor: Actor
  let onBehalfOf: ID?
  let stamp: Int64
  let happenedAt: Int64?
  let visibility: UInt8
  let exercise: Bool
  let policyVersion: UInt32
  let commitment: [UInt8]
  let hash: [UInt8]
  let salt: [UInt8]?
  let body: [UInt8]?

  /// All of them, each with its body if it has one still, in the order of ``init(_:)``.
  static let select = """
       SELECT event.position, idx, kind, subject_kind, subject, actor, credential, on_behalf_of,
              stamp, happened_at, visibility, exercise, policy_version, commitment, hash, salt,
              body
         FROM event
    LEFT JOIN event_body ON event_body.position = event.position
    """

  init(_ row: inout RowReader) throws(SQLiteError) {
    position = try row.next()
    index = LogIndex(rawValue: try row.next())
    kind = try row.next()
    subjectKind = try row.next()
    subject = try row.next()
    actor = try Actor(&row)
    onBehalfOf = try row.next()
    stamp = try row.next()
    happenedAt = try row.next()
    visibility = try row.next()
    exercise = try row.next()
    policyVersion = try row.next()
    commitment = try row.next()
    hash = try row.next()
    salt = try row.next()
    body = try row.next()
  }

  /// Whether the columns say what the event itself says.
  func matches(_ row: LedgerRow) -> Bool {
    row.kind == kind && row.subject.kind.rawValue == subjectKind && row.subject.id == subject
      && row.onBehalfOf == onBehalfOf && row.happenedAt == happenedAt
      && row.visibility == visibility && row.exercise == exercise
      && row.policyVersion == policyVersion
  }
}

/// A running hash over the values of rows.
private struct RowHash: ~Copyable {
  private var stream = SHA256Stream()

  mutating func add(_ value: Value) {
    var writer = ByteWriter(reserving: 64)
    switch value {
    case .null: writer.put(0 as UInt8)
    case .integer(let integer):
      writer.put(1 as UInt8)
      writer.put(integer)
    case .text(let text):
      writer.put(2 as UInt8)
      writer.put(text)
    case .blob(let bytes):
      writer.put(3 as UInt8)
      writer.put(bytes)
    }
    stream.update(writer.bytes)
  }

  mutating func finish() -> [UInt8] { stream.finish() }
}
