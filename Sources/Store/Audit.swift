package import Bytes
internal import Crypto
package import Incidents
package import Raft
internal import SQLite

/// One row of the ledger as an export carries it, for somebody to prove far from the cluster.
package struct AuditRow: Hashable, Sendable {
  /// Its place in the ledger, counted from 1.
  package let position: UInt64
  /// Stands for this row and all before it (32 bytes).
  package let hash: [UInt8]
  /// What the row holds; `nil` where whoever asked may not know of it. The chain goes through it all
  /// the same.
  package let content: Content?

  /// A row.
  package init(position: UInt64, hash: [UInt8], content: Content?) {
    self.position = position
    self.hash = hash
    self.content = content
  }

  /// The same row for somebody who may not know of it.
  package var sealed: AuditRow { AuditRow(position: position, hash: hash, content: nil) }

  /// Who did what to which thing, when, by which credential, at which index.
  package struct Content: Hashable, Sendable {
    /// The entry of the log that caused it.
    package var index: LogIndex
    /// The kind of event, by number.
    package var kind: UInt16
    /// What it is about.
    package var subject: Subject
    /// Who did it, and by which credential.
    package var actor: Actor
    /// For whom they said that they did it.
    package var onBehalfOf: ID?
    /// When it was written, in milliseconds since 1970.
    package var stamp: Int64
    /// When it is said to have happened, in milliseconds since 1970.
    package var happenedAt: Int64?
    /// 1 for what is restricted.
    package var visibility: UInt8
    /// Whether it is of an exercise.
    package var exercise: Bool
    /// Which version of the department's settings was in force.
    package var policyVersion: UInt32
    /// SHA-256(salt ‖ body), 32 bytes: what the row says, without saying it.
    package var commitment: [UInt8]
    /// What it says, in binary form, and what its commitment was salted with; `nil` once purged.
    package var said: Said?

    /// A row's content.
    package init(
      index: LogIndex, kind: UInt16, subject: Subject, actor: Actor, onBehalfOf: ID?,
      stamp: Int64, happenedAt: Int64?, visibility: UInt8, exercise: Bool, policyVersion: UInt32,
      commitment: [UInt8], said: Said?
    ) {
      self.index = index
      self.kind = kind
      self.subject = subject
      self.actor = actor
      self.onBehalfOf = onBehalfOf
      self.stamp = stamp
      self.happenedAt = happenedAt
      self.visibility = visibility
      self.exercise = exercise
      self.policyVersion = policyVersion
      self.commitment = commitment
      self.said = said
    }
  }

  /// What an event says, and its salt.
  package struct Said: Hashable, Sendable {
    /// 16 bytes.
    package let salt: [UInt8]
    /// The event in binary form.
    package let body: [UInt8]

    /// What an event says.
    package init(salt: [UInt8], body: [UInt8]) {
      self.salt = salt
      self.body = body
    }
  }
}

/// Follows the chain of a ledger row by row, and stops at the first that does not belong.
package struct AuditChain: ~Copyable {
  /// The last row that holds; 0 before the first.
  package private(set) var position: UInt64 = 0
  /// The hash of that row.
  package private(set) var hash = LedgerHashes.origin
  /// How many rows were sealed, and how many had been purged.
  package private(set) var sealed = 0
  package private(set) var purged = 0
  private var hashes = LedgerHashes()

  /// A chain before its first row.
  package init() {}

  /// Takes the next row.
  ///
  /// - Throws: Why it does not follow the row before. The chain is then as it was.
  package mutating func take(_ row: AuditRow) throws(AuditFault) {
    guard row.position == position + 1 else {
      throw AuditFault(position: position + 1, reason: .missing)
    }
    if let content = row.content {
      try check(content, of: row)
      if content.said == nil { purged += 1 }
    } else {
      sealed += 1
    }
    position = row.position
    hash = row.hash
  }

  private mutating func check(
    _ content: AuditRow.Content, of row: AuditRow
  ) throws(AuditFault) {
    if let said = content.said {
      guard hashes.commitment(salt: said.salt, body: said.body) == content.commitment else {
        throw AuditFault(position: row.position, reason: .saysOtherwise)
      }
      let event: Event
      do throws(MalformedBytes) {
        event = try Event(decoding: said.body)
      } catch {
        throw AuditFault(position: row.position, reason: .unreadable)
      }
      guard content.header(at: row.position) == content.header(of: event, at: row.position) else {
        throw AuditFault(position: row.position, reason: .headerDiffers)
      }
    }
    let expected = hashes.hash(
      after: hash, header: content.header(at: row.position), commitment: content.commitment)
    guard expected == row.hash else {
      throw AuditFault(position: row.position, reason: .unchained)
    }
  }
}

/// The first row of an export that is not as it was written.
package struct AuditFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with a row.
  package enum Reason: Hashable, Sendable {
    /// It is not there, or not in its place.
    case missing
    /// What it says is not what it was committed to.
    case saysOtherwise
    /// What it says is no event that this version knows.
    case unreadable
    /// Who, when or what stands beside it is not what the event itself says.
    case headerDiffers
    /// Its hash does not follow from the row before it.
    case unchained

    /// What is wrong, after "row 3".
    var words: String {
      switch self {
      case .missing: "is missing or out of its place"
      case .saysOtherwise: "does not say what it was committed to"
      case .unreadable: "cannot be read by this version"
      case .headerDiffers: "has a header that is not that of its event"
      case .unchained: "does not follow from the row before it: it or its hash was changed"
      }
    }
  }

  /// Which row.
  package let position: UInt64
  /// What is wrong with it.
  package let reason: Reason

  /// A fault.
  package init(position: UInt64, reason: Reason) {
    self.position = position
    self.reason = reason
  }

  package var description: String { "Row \(position) \(reason.words)." }
}

extension AuditRow.Content {
  fileprivate func header(at position: UInt64) -> [UInt8] {
    LedgerRow(
      position: position, index: index, kind: kind, subject: subject, actor: actor,
      onBehalfOf: onBehalfOf, stamp: stamp, happenedAt: happenedAt, visibility: visibility,
      exercise: exercise, policyVersion: policyVersion
    ).header
  }

  /// The header that an event gives by itself.
  fileprivate func header(of event: Event, at position: UInt64) -> [UInt8] {
    LedgerRow(event, position: position, index: index, stamp: stamp, actor: actor).header
  }
}

extension StateReader {
  /// Whose state this is.
  package func cluster() throws(StoreError) -> ID {
    let found = try storing { () throws(SQLiteError) in
      try database.row("SELECT cluster FROM meta WHERE id = 0") { row throws(SQLiteError) in
        try row.next() as ID
      }
    }
    guard let found else { throw .corrupt("the state file does not say whose it is") }
    return found
  }

  /// Rows of the ledger after a position, in order, with all that they hold: who asks for them seals
  /// what may not be known.
  ///
  /// - Parameters:
  ///   - position: The last row that is not wanted; 0 for none.
  ///   - limit: At most so many rows.
  package func audit(after position: UInt64, limit: Int) throws(StoreError) -> [AuditRow] {
    var query = SQL(stringLiteral: StoredEvent.select)
    query += " WHERE event.position > \(position) ORDER BY event.position LIMIT \(limit)"
    return try storing { () throws(SQLiteError) in
      try database.rows(query) { row throws(SQLiteError) in try AuditRow(try StoredEvent(&row)) }
    }
  }
}

extension AuditRow {
  fileprivate init(_ stored: StoredEvent) throws(SQLiteError) {
    guard let kind = Subject.Kind(rawValue: stored.subjectKind) else {
      throw SQLiteError(
        extendedCode: 11, message: "row \(stored.position) is about something unknown",
        during: "SELECT event")
    }
    var said: Said?
    if let salt = stored.salt, let body = stored.body { said = Said(salt: salt, body: body) }
    self.init(
      position: stored.position, hash: stored.hash,
      content: Content(
        index: stored.index, kind: stored.kind, subject: Subject(kind: kind, id: stored.subject),
        actor: stored.actor, onBehalfOf: stored.onBehalfOf, stamp: stored.stamp,
        happenedAt: stored.happenedAt, visibility: stored.visibility, exercise: stored.exercise,
        policyVersion: stored.policyVersion, commitment: stored.commitment, said: said))
  }
}

extension AuditRow.Content {
  /// The incidents that it names beside the one that it is about (``Fact/namedIncidents``).
  ///
  /// - Throws: ``StoreError/corrupt(_:)`` for a body that is no event.
  package func namedIncidents() throws(StoreError) -> [ID] {
    guard let said else { return [] }
    do throws(MalformedBytes) {
      return try Event(decoding: said.body).fact.namedIncidents
    } catch {
      throw .corrupt("a row of the ledger: \(error)")
    }
  }
}
