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
    guard folded.digest == nil || folded.digest == head.digest else {
      throw .corrupt("the digest is not that of the ledger's events and their changes")
    }
    return head
  }

  /// A hash that stands for all rows of a table.
  private func rows(
    of table: StateSchema.Comparison, in database: borrowing Database
  ) throws(StoreError) -> [UInt8] {
    try storing { () throws(SQLiteError) in
      var hash = RowHash()
      let select = try database.prepare(
        "SELECT \(table.columns) FROM \(table.name) ORDER BY \(table.order)")
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
  /// Unknown after an entry that tells no longer what it changed, until the state has kept one.
  private var digest: [UInt8]? = LedgerHashes.origin
  /// The digests that the state has kept, in ascending order of their indexes.
  private var kept: [(index: LogIndex, digest: [UInt8])] = []
  /// Hashes of the events of one entry of the log, which are folded together.
  private var together: (index: LogIndex, hashes: [[UInt8]]) = (.zero, [])
  /// Whether that entry tells all that it changed.
  private var isWhole = true
  /// Where each incident was purged that the ledger says nothing of any more.
  private var purges: [ID: UInt64] = [:]
  /// What stays known of people whose contact details are erased, until the fold comes there.
  private var erasures: [ID: ErasedContacts] = [:]

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
  ) throws(StoreError) -> (ledger: LedgerHead, digest: [UInt8]?) {
    try look(at: source)
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
    catchUp(before: nil)
    return (ledger, digest)
  }

  /// Reads beforehand what a fold does not come to by itself.
  private func look(at source: borrowing Database) throws(StoreError) {
    try storing { () throws(SQLiteError) in
      let found = try source.rows(
        "SELECT subject, position FROM event WHERE kind = \(Int64(Fact.purgedKind))"
      ) { row throws(SQLiteError) in (try row.next() as ID, try row.next() as UInt64) }
      for (id, position) in found { purges[id] = position }
    }
    try lookForErasures(in: source)
    guard !purges.isEmpty || !erasures.isEmpty else { return }
    try storing { () throws(SQLiteError) in
      kept = try source.rows("SELECT idx, digest FROM digest ORDER BY idx") {
        row throws(SQLiteError) in
        (LogIndex(rawValue: try row.next()), try row.next() as [UInt8])
      }
    }
  }

  private func lookForErasures(in source: borrowing Database) throws(StoreError) {
    let bodies = try storing { () throws(SQLiteError) in
      try source.rows(
        """
        SELECT body
          FROM event
          JOIN event_body ON event_body.position = event.position
         WHERE kind = \(Int64(Fact.contactsErasedKind))
        """
      ) { row throws(SQLiteError) in try row.next() as [UInt8] }
    }
    for body in bodies {
      guard let event = try? Event(decoding: body), case .contactsErased(let erased) = event.fact
      else { continue }
      erasures[event.subject.id] = erased
    }
    tables.erased = Set(erasures.keys)
  }

  /// Takes the digest from the state where it is unknown and nothing was changed since it was kept.
  private func catchUp(before next: LogIndex?) {
    guard digest == nil else { return }
    let found = kept.first { $0.index >= together.index }
    guard let found, next.map({ found.index < $0 }) ?? true else { return }
    digest = found.digest
  }

  /// Follows a row that says nothing any more, if a purge or an erasure says why.
  private func pass(_ stored: StoredEvent, at position: UInt64) throws(StoreError) -> LedgerRow {
    guard let kind = Subject.Kind(rawValue: stored.subjectKind), isExplained(stored, kind) else {
      throw .corrupt("position \(position) of the ledger: what it says is gone")
    }
    isWhole = false
    if stored.kind == Fact.declaredKind { tables.reserve(numberOf: stored.subject) }
    return LedgerRow(
      position: position, index: stored.index, kind: stored.kind,
      subject: Subject(kind: kind, id: stored.subject), actor: stored.actor,
      onBehalfOf: stored.onBehalfOf, stamp: stored.stamp, happenedAt: stored.happenedAt,
      visibility: stored.visibility, exercise: stored.exercise,
      policyVersion: stored.policyVersion)
  }

  /// Whether a later row says why this one says nothing; of people what is known still is taken from
  /// there.
  private func isExplained(_ stored: StoredEvent, _ kind: Subject.Kind) -> Bool {
    var records = tables
    switch kind {
    case .incident: return purges[stored.subject].map { stored.position < $0 } ?? false
    case .person:
      guard let erased = erasures[stored.subject] else { return false }
      if stored.kind == Fact.personAddedKind {
        records.put(Person(stored.subject, erased, isActive: true, memberships: []))
        return true
      }
      return stored.kind == Fact.personChangedKind
    case .settings:
      guard stored.kind == Fact.foundedKind,
        let founding = erasures.values.compactMap(\.founding).first
      else { return false }
      let event = Event(
        subject: Subject(kind: .settings, id: Settings.id), fact: .founded(founding))
      evolve(event, at: stored.stamp, by: stored.actor, in: &records)
      return true
    default: return false
    }
  }

  private func add(_ stored: StoredEvent) throws(StoreError) {
    let position = ledger.position + 1
    func wrong(_ what: String) -> StoreError {
      .corrupt("position \(position) of the ledger: \(what)")
    }
    guard stored.position == position else { throw wrong("it is missing") }
    if stored.index != together.index {
      try closeEntry()
      catchUp(before: stored.index)
      tables.beginCommand()
      together.index = stored.index
    }
    guard let salt = stored.salt, let body = stored.body else {
      let row = try pass(stored, at: position)
      return try follow(row, stored)
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
    guard stored.matches(row) else { throw wrong("its header was changed") }
    try follow(row, stored)
    // What it changed beside is other records here than where the whole ledger was known.
    if stored.kind == Fact.purgedKind { isWhole = false }
    var records = tables
    evolve(event, at: stored.stamp, by: stored.actor, in: &records)
    // Of somebody whose contact details are gone, what this changed is known only from there on.
    if tables.changedErased { isWhole = false }
    if stored.kind == Fact.contactsErasedKind { tables.erased.remove(stored.subject) }
  }

  /// Follows the chain by one row.
  private func follow(_ row: LedgerRow, _ stored: StoredEvent) throws(StoreError) {
    let hash = hashes.hash(after: ledger.hash, header: row.header, commitment: stored.commitment)
    guard hash == stored.hash else {
      throw .corrupt("position \(row.position) of the ledger: its header or its hash was changed")
    }
    together.hashes.append(hash)
    ledger = LedgerHead(position: row.position, hash: hash)
  }

  /// Brings the digest to the end of an entry of the log.
  private func closeEntry() throws(StoreError) {
    guard !together.hashes.isEmpty else { return }
    try tables.endCommand()
    digest = digest.flatMap { before in
      guard isWhole else { return nil }
      return hashes.digest(
        after: before, index: together.index, events: together.hashes, changes: tables.changes)
    }
    isWhole = true
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
